use super::{checked, clean, json, json::Part, only_thought};
use crate::{Completion, Failure, StopReason, Usage, http::Response};
use std::borrow::Cow;

/// How an API writes down what a model answers: in one piece, or in many where a gateway streams
/// although nobody asked for it.
pub trait Format {
    /// The member of an answer that holds what the model says, as reasons name it.
    const PART: &'static str;

    /// Adds what a whole answer says.
    fn add(said: &mut Said, answer: Part<'_>) -> Result<(), IsError>;

    /// Adds what an event of a stream says.
    fn add_piece(said: &mut Said, event: Part<'_>) -> Result<(), IsError>;

    /// Whether an event that is no JSON marks the end of a stream.
    fn is_end(_event: &[u8]) -> bool {
        false
    }

    /// Why the model stopped, by the server's word for it; fails where it gave up.
    fn stop(end: Option<&str>) -> Result<StopReason, Failure>;

    /// What an error under a status of success means.
    fn failure(response: &Response) -> Failure;

    /// What an answer without [`Format::PART`] means.
    fn absent(response: &Response) -> Failure {
        super::without(response, Self::PART)
    }
}

/// What was to be an answer is an error, as of a server that failed after it had begun to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsError;

/// What an answer comes to so far.
#[derive(Debug, Default)]
pub struct Said {
    pub text: String,
    /// What the model says in place of an answer.
    pub refusal: String,
    /// It thought about something.
    pub has_thought: bool,
    /// There is something that a model said.
    pub has_begun: bool,
    /// Of a stream: that was all.
    pub has_ended: bool,
    /// Why the model stopped, in the server's word.
    pub end: Option<String>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
}

/// An answer that may be empty.
#[derive(Debug)]
pub struct Answer {
    pub completion: Completion,
    pub has_thought: bool,
}

/// Reads what a server answered; `json` says that one object is wanted.
pub fn read<F: Format>(response: &Response, json: bool) -> Result<Answer, Failure> {
    let said = match super::events(response) {
        Some(events) => in_pieces::<F>(response, &events)?,
        None => in_one::<F>(response)?,
    };
    let stop = match said.refusal.is_empty() {
        true => F::stop(said.end.as_deref())?,
        false => StopReason::Refused,
    };
    Ok(said.stopped(stop, json))
}

fn in_one<F: Format>(response: &Response) -> Result<Said, Failure> {
    let Some(document) = json::document(&response.body) else {
        return Err(super::unreadable(response));
    };
    let mut said = Said::default();
    F::add(&mut said, Some(document)).map_err(|IsError| F::failure(response))?;
    match said.has_begun {
        true => Ok(said),
        false => Err(F::absent(response)),
    }
}

fn in_pieces<F: Format>(response: &Response, events: &[Cow<'_, [u8]>]) -> Result<Said, Failure> {
    let mut said = Said::default();
    for event in events {
        match json::document(event) {
            Some(document) => F::add_piece(&mut said, Some(document))
                .map_err(|IsError| F::failure(&alone(response, event)))?,
            // The last one was cut off, or it is none of a model.
            None => said.has_ended |= F::is_end(event),
        }
    }
    match (said.has_begun, said.has_ended || said.end.is_some()) {
        (false, _) => Err(super::without(response, F::PART)),
        (true, false) => Err(Failure::retry("the answer is cut off")),
        (true, true) => Ok(said),
    }
}

/// The response as if a part of its body were all of it.
pub fn alone(response: &Response, body: &[u8]) -> Response {
    Response {
        status: response.status,
        headers: response.headers.clone(),
        body: body.to_vec(),
    }
}

impl Said {
    pub fn stopped(self, stop: StopReason, json: bool) -> Answer {
        let text = match self.refusal.is_empty() {
            true => clean(&self.text, json),
            false => self.refusal,
        };
        Answer {
            completion: Completion {
                text,
                model: self.model,
                usage: self.usage,
                stop,
            },
            has_thought: self.has_thought,
        }
    }
}

impl Answer {
    /// The completion, unless there is none in it, or more than any model says.
    pub fn completion(self) -> Result<Completion, Failure> {
        let completion = self.completion;
        let has_ended = matches!(completion.stop, StopReason::Complete | StopReason::Other);
        if completion.text.is_empty() && self.has_thought && has_ended {
            return Err(only_thought());
        }
        checked(completion)
    }
}

/// What a server counted, in tokens; `cached` is a part of `input`. None where it says nothing.
pub fn usage(input: Option<u64>, cached: Option<u64>, output: Option<u64>) -> Option<Usage> {
    (input.is_some() || output.is_some()).then(|| Usage {
        input_tokens: input.unwrap_or(0),
        output_tokens: output.unwrap_or(0),
        cached_tokens: cached,
    })
}
