//! What a message says in the language of those who read it: `tr` and `word`.

use super::{Refusal, as_text};
use crate::{markdown::mark::original_text, meter};
use gotmpl::Value;
use std::sync::Arc;

/// The words of the contract, in Chinese, and in English where the word itself is not enough.
#[rustfmt::skip] // A line each.
const WORDS: [(&str, &str, &str); 38] = [
    ("opened", "已创建", "opened"),
    ("updated", "已更新", "updated"),
    ("edited", "已编辑", "edited"),
    ("labeled", "标签已变更", "labeled"),
    ("assigned", "已指派", "assigned"),
    ("review_requested", "请求审查", "review requested"),
    ("approved", "已批准", "approved"),
    ("changes_requested", "要求修改", "changes requested"),
    ("reviewed", "已评审", "reviewed"),
    ("merged", "已合并", "merged"),
    ("closed", "已关闭", "closed"),
    ("reopened", "已重新打开", "reopened"),
    ("open", "进行中", "open"),
    ("draft", "草稿", "draft"),
    ("created", "新增", "created"),
    ("deleted", "已删除", "deleted"),
    ("published", "已发布", "published"),
    ("started", "已开始", "started"),
    ("pending", "等待中", "pending"),
    ("running", "运行中", "running"),
    ("succeeded", "成功", "succeeded"),
    ("failed", "失败", "failed"),
    ("fixed", "已恢复正常", "fixed"),
    ("canceled", "已取消", "canceled"),
    ("skipped", "已跳过", "skipped"),
    ("blocked", "等待处理", "waiting for somebody"),
    ("firing", "告警", "firing"),
    ("resolved", "已恢复", "resolved"),
    ("critical", "紧急", "critical"),
    ("high", "高", "high"),
    ("medium", "中", "medium"),
    ("low", "低", "low"),
    ("info", "提示", "info"),
    ("merge_request", "合并请求", "merge request"),
    ("issue", "工单", "issue"),
    ("release", "版本", "release"),
    ("pipeline", "流水线", "pipeline"),
    ("deployment", "部署", "deployment"),
];

/// `tr "失败" "failed"`: the first to readers of Chinese, the second to readers of English.
pub(super) fn tr(args: &[Value]) -> Result<Value, Refusal> {
    Ok(args[usize::from(meter::is_english())].clone())
}

/// `word .Action`. A word that is not in the contract stays as it is.
pub(super) fn word(args: &[Value]) -> Result<Value, Refusal> {
    let text = as_text(&args[0]);
    let original = original_text(&text);
    let known = WORDS.iter().find(|(word, ..)| *word == original);
    Ok(Value::String(match known {
        Some((_, _, en)) if meter::is_english() => Arc::from(*en),
        Some((_, zh, _)) => Arc::from(*zh),
        None => text,
    }))
}
