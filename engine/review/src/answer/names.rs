//! What models call things that were asked for by another name.

use crate::{Decision, Severity};

/// What a member of the answer, or of an issue, is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Id,
    Score,
    Decision,
    Summary,
    /// Holds issues, whatever its form.
    Issues,
    /// Issues of one severity.
    OfSeverity(Severity),
    /// Says what is good.
    Praise,
    /// A list of something else than faults, unless they are in it.
    Aside,
    Other,
}

/// In whatever style a name is written: `reviewComments`, `review_comments`, `Review Comments`.
pub(super) fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).take(80).collect()
}

const SUMMARY: [&str; 8] = [
    "summary",
    "overview",
    "overall",
    "overallcomment",
    "overallassessment",
    "assessment",
    "总结",
    "摘要",
];
const DECISION: [&str; 5] = ["decision", "verdict", "conclusion", "结论", "决定"];
const PRAISE: [&str; 10] = [
    "strengths",
    "positives",
    "positive",
    "praise",
    "praises",
    "highlights",
    "pros",
    "goodpoints",
    "goodpractices",
    "优点",
];
const ASIDE: [&str; 8] = [
    "files",
    "filesreviewed",
    "reviewedfiles",
    "tags",
    "labels",
    "categories",
    "references",
    "metadata",
];
/// A name with one of these in it is that of issues.
const ISSUES: [&str; 24] = [
    "issue",
    "comment",
    "finding",
    "problem",
    "bug",
    "defect",
    "error",
    "warning",
    "vulnerabilit",
    "concern",
    "violation",
    "annotation",
    "remark",
    "feedback",
    "suggestion",
    "recommendation",
    "improvement",
    "weakness",
    "risk",
    "blocker",
    "问题",
    "缺陷",
    "建议",
    "意见",
];

impl Member {
    pub(super) fn of(name: &str) -> Self {
        let name = plain(name);
        let name = name.as_str();
        if name == "id" {
            return Self::Id;
        }
        if matches!(name, "score" | "overallscore" | "评分" | "分数") {
            return Self::Score;
        }
        if DECISION.contains(&name) {
            return Self::Decision;
        }
        if SUMMARY.contains(&name) {
            return Self::Summary;
        }
        if PRAISE.contains(&name) {
            return Self::Praise;
        }
        if ASIDE.contains(&name) {
            return Self::Aside;
        }
        match ISSUES.iter().any(|part| name.contains(part)) {
            true => Self::Issues,
            false => severity(name).map_or(Self::Other, Self::OfSeverity),
        }
    }
}

pub(super) const MESSAGE: [&str; 17] = [
    "message",
    "body",
    "description",
    "text",
    "comment",
    "content",
    "details",
    "detail",
    "explanation",
    "problem",
    "issue",
    "finding",
    "note",
    "reason",
    "msg",
    "问题",
    "描述",
];
pub(super) const TITLE: [&str; 4] = ["title", "summary", "headline", "标题"];
pub(super) const PATH: [&str; 7] = [
    "path", "file", "filename", "filepath", "location", "文件", "路径",
];
pub(super) const LINE: [&str; 9] = [
    "line",
    "linenumber",
    "lineno",
    "startline",
    "linestart",
    "lines",
    "linerange",
    "start",
    "行号",
];
/// Objects within an issue that say something of it. Others may be issues themselves.
pub(super) const PART: [&str; 10] = [
    "location", "position", "place", "range", "span", "issue", "finding", "problem", "comment",
    "details",
];
pub(super) const SEVERITY: [&str; 5] = ["severity", "level", "priority", "严重程度", "级别"];
pub(super) const CATEGORY: [&str; 4] = ["category", "type", "kind", "类别"];
pub(super) const SUGGESTION: [&str; 7] = [
    "suggestion",
    "fix",
    "suggestedfix",
    "recommendation",
    "solution",
    "replacement",
    "建议",
];

pub(super) fn severity(name: &str) -> Option<Severity> {
    let name = plain(name);
    Some(match name.as_str() {
        "critical" | "blocker" | "blocking" | "fatal" | "severe" | "p0" | "严重" | "致命"
        | "阻断" => Severity::Critical,
        "high" | "major" | "important" | "error" | "p1" | "高" | "重要" => Severity::High,
        "medium" | "moderate" | "normal" | "warning" | "warn" | "p2" | "中" | "中等" | "一般" => {
            Severity::Medium
        }
        "low" | "minor" | "trivial" | "info" | "informational" | "nit" | "nitpick" | "cosmetic"
        | "style" | "hint" | "p3" | "p4" | "低" | "轻微" | "提示" => Severity::Low,
        _ => return None,
    })
}

pub(super) fn decision(name: &str) -> Option<Decision> {
    match plain(name).as_str() {
        "approve" | "approved" | "lgtm" => Some(Decision::Approved),
        "requestchanges" | "requestchange" | "requestedchanges" | "changesrequested"
        | "changesrequired" | "needschanges" | "needswork" | "reject" | "rejected"
        | "notapproved" => Some(Decision::RequestChanges),
        "comment" | "commented" => Some(Decision::Comment),
        _ => None,
    }
}

/// Words for a list without entries.
pub(super) fn says_nothing(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', '。', '!', '！']);
    let text = text.to_lowercase();
    matches!(
        text.as_str(),
        "" | "none"
            | "n/a"
            | "na"
            | "null"
            | "nil"
            | "nothing"
            | "no issues"
            | "no issue"
            | "no issues found"
            | "no problems"
            | "no problems found"
            | "-"
            | "…"
            | "[]"
            | "{}"
            | "无"
            | "没有"
            | "暂无"
            | "无问题"
            | "没有问题"
            | "未发现问题"
    )
}
