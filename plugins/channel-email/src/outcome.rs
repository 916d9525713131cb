//! What the server's answers, one for each recipient, mean for the message.

use push_notify_sdk::{Failure, Partial, RecipientProblem, smtp::Outcome};

/// Longest text of a server in a reason, in characters.
const EXCERPT: usize = 200;

/// Fails unless all have it. 4yz may work later, 5yz never will (RFC 5321 section 4.2.1).
pub(crate) fn verdict(recipients: &[String], outcomes: &[Outcome]) -> Result<(), Failure> {
    let mut partial = Partial::default();
    for recipient in recipients {
        let problem = |reason: String| RecipientProblem {
            recipient: recipient.clone(),
            reason,
        };
        match outcomes
            .iter()
            .find(|outcome| outcome.recipient == *recipient)
            .map(|outcome| &outcome.reply)
        {
            Some(reply) if (200..300).contains(&reply.code) => {
                partial.delivered.push(recipient.clone())
            }
            Some(reply) => {
                let text: String = reply.text.chars().take(EXCERPT).collect();
                let problem = problem(format!("{} {text}", reply.code).trim_end().to_owned());
                if (500..600).contains(&reply.code) {
                    partial.rejected.push(problem);
                } else {
                    partial.retry.push(problem);
                }
            }
            None => partial.retry.push(problem(
                "the server said nothing about this recipient".to_owned(),
            )),
        }
    }
    match (
        partial.delivered.is_empty(),
        partial.retry.is_empty(),
        partial.rejected.is_empty(),
    ) {
        (_, true, true) => Ok(()),
        (true, false, true) => Err(Failure::retry(told(&partial.retry))),
        (true, true, false) => Err(Failure::rejected(told(&partial.rejected))),
        _ => Err(Failure::Partial(partial)),
    }
}

/// One line for all, the same answer once.
fn told(problems: &[RecipientProblem]) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut reasons: Vec<&str> = Vec::new();
    for problem in problems {
        if !reasons.contains(&problem.reason.as_str()) {
            reasons.push(&problem.reason);
            lines.push(format!("{}: {}", problem.recipient, problem.reason));
        }
    }
    let others = problems.len() - lines.len();
    if others > 0 {
        lines.push(format!("and {others} more with the same answer"));
    }
    lines.join("; ")
}
