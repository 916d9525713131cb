//! What a review came to, in people's words: for messages, comments at the Git host and the API.

use crate::{Coverage, Decision, Issue, Language, Reason};

/// Files of each reason that are named.
const NAMED: usize = 3;

/// What a review came to, as its row has it.
#[derive(Debug, Clone, Copy)]
pub struct Came<'a> {
    pub state: &'a str,
    pub decision: Option<Decision>,
    /// How many there are.
    pub issues: usize,
    pub reason: Option<&'a str>,
    /// Not all that a model said was read.
    pub is_cut: bool,
}

/// In a few words: `通过`, `Changes requested`, `Review failed: no model answered`.
pub fn result(came: Came<'_>, language: Language) -> String {
    let Came {
        state,
        decision,
        issues,
        reason,
        is_cut,
    } = came;
    let because = |zh: &str, en: &str| match (language, reason) {
        (Language::Chinese, Some(reason)) => format!("{zh}：{reason}"),
        (Language::English, Some(reason)) => format!("{en}: {reason}"),
        (_, None) => either(language, zh, en).to_owned(),
    };
    match state {
        "completed" => match (shown(decision, issues), is_cut) {
            (decision, false) => decision_name(decision, language).to_owned(),
            // There is no suggestion.
            (Decision::Comment | Decision::Approved, true) if issues == 0 => {
                either(language, "审查不完整", "Review incomplete").to_owned()
            }
            (decision, true) => {
                let name = decision_name(decision, language);
                format!(
                    "{name}{}",
                    either(language, "（审查不完整）", " (review incomplete)")
                )
            }
        },
        "skipped" => because("未审查", "Not reviewed"),
        "failed" => because("审查失败", "Review failed"),
        _ => either(language, "审查未完成", "Review not finished").to_owned(),
    }
}

/// What it says when it is approved with issues is a suggestion; so is what has no decision.
fn shown(decision: Option<Decision>, issues: usize) -> Decision {
    match decision {
        Some(Decision::Approved) if issues == 0 => Decision::Approved,
        Some(Decision::RequestChanges) => Decision::RequestChanges,
        _ => Decision::Comment,
    }
}

pub fn decision_name(decision: Decision, language: Language) -> &'static str {
    match decision {
        Decision::Approved => either(language, "通过", "Approved"),
        Decision::RequestChanges => either(language, "需要修改", "Changes requested"),
        Decision::Comment => either(language, "有建议", "Suggestions"),
    }
}

/// `src/a.go:12 [HIGH/BUG] The file is never closed.`, on one line whatever the model wrote.
pub fn issue_line(issue: &Issue, language: Language) -> String {
    let place = match (&issue.path, issue.line) {
        (Some(path), Some(line)) => format!("{path}:{line}"),
        (Some(path), None) => path.clone(),
        (None, _) => either(language, "整体", "Overall").to_owned(),
    };
    let (severity, category) = (issue.severity.name(), &issue.category);
    let words: Vec<&str> = issue.message.split_whitespace().collect();
    format!("{place} [{severity}/{category}] {}", words.join(" "))
}

/// A sentence for each reason why something was not reviewed; first what somebody might have
/// expected to be.
pub fn left_out(coverage: &Coverage, language: Language) -> Vec<String> {
    let (missing, expected): (Vec<_>, Vec<_>) = coverage
        .left_out
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(reason, count)| (*reason, *count))
        .partition(|(reason, _)| reason.is_a_gap());
    let of_files =
        |(reason, count): (Reason, u32)| sentence(coverage, reason, count as usize, language);
    let mut sentences: Vec<String> = missing.into_iter().map(of_files).collect();
    if coverage.truncated {
        let (zh, en) = (
            "代码平台未返回全部文件，其余文件未审查",
            "The Git host did not list all files: the others are not reviewed",
        );
        sentences.push(either(language, zh, en).to_owned());
    }
    if coverage.cut {
        let (zh, en) = (
            "模型的回答不完整或无法全部读取，可能还有问题未列出",
            "The model's answer was cut off or could not be read in full: there may be more issues",
        );
        sentences.push(either(language, zh, en).to_owned());
    }
    if coverage.newest_commit_only {
        let (zh, en) = match coverage.is_new {
            true => (
                "新分支没有可供比较的提交，仅审查了最新提交",
                "There is nothing to compare the new branch with: only the newest commit is reviewed",
            ),
            false => (
                "此前的提交已不存在，仅审查了最新提交",
                "The commit before is gone: only the newest commit is reviewed",
            ),
        };
        sentences.push(either(language, zh, en).to_owned());
    }
    sentences.extend(expected.into_iter().map(of_files));
    sentences
}

/// `3 个文件超出 Token 预算，未审查：a.go, b.go, c.go`
fn sentence(coverage: &Coverage, reason: Reason, count: usize, language: Language) -> String {
    let of_reason = coverage.files.iter().filter(|file| file.reason == reason);
    let names: Vec<&str> = of_reason
        .take(NAMED)
        .map(|file| file.path.as_str())
        .collect();
    let more = count.saturating_sub(names.len());
    let listed = names.join(", ");
    match language {
        Language::Chinese => {
            let what = format!("{count} 个文件{}，未审查", why(reason, language));
            match more {
                _ if names.is_empty() => what,
                0 => format!("{what}：{listed}"),
                _ => format!("{what}：{listed} 等"),
            }
        }
        Language::English => {
            let files = if count == 1 { "file" } else { "files" };
            let what = format!("{count} {files} not reviewed ({})", why(reason, language));
            match more {
                _ if names.is_empty() => what,
                0 => format!("{what}: {listed}"),
                _ => format!("{what}: {listed} and {more} more"),
            }
        }
    }
}

fn why(reason: Reason, language: Language) -> &'static str {
    let (zh, en) = match reason {
        Reason::Pattern => ("不在审查范围内", "left out by the repository's patterns"),
        Reason::LockFile => ("是依赖锁定文件", "lock file"),
        Reason::Vendored => ("是第三方代码", "third-party code"),
        Reason::Generated => ("是自动生成的", "generated"),
        Reason::Binary => ("是二进制文件", "binary"),
        Reason::TooLarge => (
            "差异过大或平台未提供",
            "diff too large or not shown by the host",
        ),
        Reason::Budget => ("超出 Token 预算", "over the token budget"),
        Reason::NothingToRead => ("被删除或仅改名", "deleted, or only renamed"),
    };
    either(language, zh, en)
}

fn either<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

#[cfg(test)]
mod tests;
