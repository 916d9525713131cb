use push_notify_tests::{Answer, Operation};
use serde_json::Value;

/// What is wrong with the answer to `value` in the field `name`, which breaks the schema or does
/// not.
pub fn judge(
    operation: &Operation<'_>,
    name: &str,
    value: &Value,
    broken: bool,
    answer: &Answer,
) -> Option<String> {
    let refused = (400..500).contains(&answer.status);
    let details = answer.details();
    let fine = match answer.status {
        _ if broken => refused && details.contains(name),
        400 | 422 => !details.is_empty(),
        status => status < 500,
    };
    let value: String = value.to_string().chars().take(40).collect();
    let should = if broken {
        "should be refused by name"
    } else {
        "should not fail"
    };
    (!fine).then(|| {
        format!(
            "{} {}: `{name}` = {value} {should}: {} {}",
            operation.method,
            operation.path,
            answer.status,
            short(answer)
        )
    })
}

/// Panics with all that was found.
#[track_caller]
pub fn report(problems: &[String], count: usize) {
    assert!(count > 100, "only {count} requests were made");
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

pub fn short(answer: &Answer) -> String {
    answer.text.chars().take(200).collect()
}
