//! What a template can name, in words: the functions, and the variables of each scene.

use crate::{digest_data, sample_data, scene};
use serde_json::{Map, Value};

/// A function of the language.
pub struct Function {
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    pub en: &'static str,
    pub zh: &'static str,
}

/// What a message of a scene tells.
pub struct Variable {
    /// `MergeRequest.Title`; of the elements of a list, `Commits[].Id`.
    pub path: String,
    pub en: &'static str,
    pub zh: &'static str,
    /// As in previews.
    pub sample: Value,
}

const fn function(
    name: &'static str,
    usage: &'static str,
    en: &'static str,
    zh: &'static str,
) -> Function {
    Function {
        name,
        usage,
        en,
        zh,
    }
}

#[rustfmt::skip] // A line each.
pub const FUNCTIONS: [Function; 30] = [
    function("join", r#"{{join ", " .ChangedFiles}}"#, "The elements of a list with a text between them", "用指定文本连接列表元素"),
    function("upper", "{{upper .Tag}}", "In capital letters", "转为大写"),
    function("lower", "{{lower .Branch}}", "In small letters", "转为小写"),
    function("trunc", "{{trunc 60 .CommitMsg}}", "The first characters of a text", "取文本的前若干个字符"),
    function("default", r#"{{default "none" .Tag}}"#, "The first where the second is empty", "第二个值为空时使用第一个值"),
    function("firstLine", "{{firstLine .CommitMsg}}", "The first line that is not blank", "第一个非空行"),
    function("short", "{{short .CommitId}}", "The first 8 characters", "前8个字符"),
    function("tr", r#"{{tr "失败" "failed"}}"#, "The first to readers of Chinese, the second to readers of English", "按消息语言选择：中文取第一个，英文取第二个"),
    function("mention", "{{mention .Author}}", "Calls a person, or each of a list, by name where the channel can; else the name", "在支持的渠道中@该人（或列表中的每个人），否则显示姓名"),
    function("mentions", "{{mentions}}", "Calls those whom the rules that send the message name", "@触发此消息的规则所指定的人"),
    function("word", "{{word .Action}}", "An action, state or severity in the reader's language", "以消息语言显示操作、状态或严重程度"),
    function("eq", r#"{{if eq .Kind "push" "tag_push"}}...{{end}}"#, "Whether the first is equal to one of the others", "第一个值是否等于其余任意一个"),
    function("ne", "{{if ne .MergeRequest nil}}...{{end}}", "Whether two values differ", "两个值是否不同"),
    function("lt", "{{if lt .FileCount 10}}...{{end}}", "Less than", "小于"),
    function("le", "{{if le .FileCount 10}}...{{end}}", "Less than or equal", "小于或等于"),
    function("gt", "{{if gt .TotalCommits 1}}...{{end}}", "Greater than", "大于"),
    function("ge", "{{if ge .CodeViewScore 80}}...{{end}}", "Greater than or equal", "大于或等于"),
    function("and", "{{if and .Url .Branch}}...{{end}}", "The first empty value, or the last", "第一个空值，否则最后一个值"),
    function("or", "{{or .Tag .Branch}}", "The first value that is not empty, or the last", "第一个非空值，否则最后一个值"),
    function("not", "{{if not .Deleted}}...{{end}}", "Whether a value is empty", "值是否为空"),
    function("len", "{{len .ChangedFiles}}", "How many elements a list has, or bytes a text", "列表的元素个数或文本的字节数"),
    function("index", "{{index .ChangedFiles 0}}", "An element of a list by its position, from 0, or of an object by its name", "按位置（从0开始）取列表元素，或按名称取对象成员"),
    function("slice", "{{slice .CommitId 0 12}}", "A part of a text or list, from one position up to another", "文本或列表中的一段"),
    function("call", "{{call .Function}}", "Calls a value that is a function; no message has one", "调用函数值；消息数据中没有函数值"),
    function("print", "{{print .Author .Branch}}", "All values, with blanks between those that are no text", "输出所有值"),
    function("println", "{{println .Author .Branch}}", "All values with blanks between them, and an end of line", "输出所有值并换行"),
    function("printf", r#"{{printf "%s: %d" .Author .FileCount}}"#, "Values by a format", "按格式输出"),
    function("html", "{{html .CommitMsg}}", "With the characters escaped that mean something in HTML", "HTML转义"),
    function("js", "{{js .CommitMsg}}", "As part of a text in JavaScript", "JavaScript转义"),
    function("urlquery", "{{urlquery .Branch}}", "As part of a URL's query", "URL查询转义"),
];

#[rustfmt::skip] // A line each.
const OF_A_MESSAGE: [(&str, &str, &str); 95] = [
    ("RepoName", "The repository's name", "仓库名称"),
    ("RepoUrl", "The repository's address", "仓库地址"),
    ("CommitId", "The newest commit; of a merge request, its head", "最新提交的ID；合并请求则为其最新提交"),
    ("CommitMsg", "The newest commit's message; a merge request's title", "最新提交的信息；合并请求则为其标题"),
    ("Author", "Who did it", "操作者"),
    ("Branch", "The branch; of a merge request, the one that it comes from", "分支；合并请求则为源分支"),
    ("ChangedFiles", "Paths, at most 300", "变更的文件，最多300个"),
    ("FileCount", "How many files were changed", "变更的文件数"),
    ("CodeViewResult", "What the review came to; empty without one", "代码审查结论；没有审查时为空"),
    ("CodeViewIssues", "The issues that the review found, a line each", "代码审查发现的问题，每个一行"),
    ("CodeViewSummary", "The review's summary", "代码审查摘要"),
    ("CodeViewScore", "The review's score, from 0 to 100; null without one", "代码审查评分（0至100）；没有时为null"),
    ("CodeViewDecision", "APPROVED, REQUEST_CHANGES, COMMENT or empty", "APPROVED、REQUEST_CHANGES、COMMENT 或空"),
    ("CodeViewLeftOut", "What was not reviewed and why, a line each", "未审查的内容及原因，每个一行"),
    ("ReviewTime", "When the review ended, by the target's clock", "审查完成时间，按目标的时区"),
    ("Language", "zh-CN or en-US: the language of those who read it", "zh-CN 或 en-US，即消息语言"),
    ("Kind", "push, tag_push, merge_request, comment, issue, release, pipeline, deployment, alert or custom", "push、tag_push、merge_request、comment、issue、release、pipeline、deployment、alert 或 custom"),
    ("Event", "The same as Kind", "与Kind相同"),
    ("Tag", "The tag's name; null without one", "标签名称；没有时为null"),
    ("TotalCommits", "How many commits there are, also beyond those listed", "提交总数，包括未列出的"),
    ("MoreCommits", "How many commits there are beside the ten newest", "除最新十个以外的提交数"),
    ("Commits", "Commits, the newest first, at most 100", "提交，最新的在前，最多100个"),
    ("Commits[].Id", "The commit's id", "提交ID"),
    ("Commits[].ShortId", "The first 8 characters of the id", "提交ID的前8个字符"),
    ("Commits[].Message", "The first line of the message", "提交信息的第一行"),
    ("Commits[].Author", "The author's name", "提交者姓名"),
    ("Commits[].Url", "Where the commit is shown", "提交页面地址"),
    ("Url", "Where to see more", "查看详情的地址"),
    ("Created", "Whether the branch or tag is new", "分支或标签是否为新建"),
    ("Deleted", "Whether the branch or tag was deleted", "分支或标签是否被删除"),
    ("Forced", "Whether the history was rewritten", "是否为强制推送"),
    ("MergeRequest", "The merge request; null for pushes", "合并请求；推送时为null"),
    ("MergeRequest.Number", "Its number", "编号"),
    ("MergeRequest.Title", "Its title", "标题"),
    ("MergeRequest.Action", "What happened to it, such as opened, updated, merged or approved", "发生的操作，如 opened、updated、merged、approved"),
    ("MergeRequest.State", "Its state, in the host's word", "状态"),
    ("MergeRequest.SourceBranch", "The branch that it comes from", "源分支"),
    ("MergeRequest.TargetBranch", "The branch that it goes to", "目标分支"),
    ("MergeRequest.Author", "Who opened it", "创建者"),
    ("MergeRequest.Url", "Where it is shown", "页面地址"),
    ("Action", "What happened, such as opened, failed or firing; null for pushes", "发生的操作，如 opened、failed、firing；推送时为null"),
    ("Headline", "What it is about, in one line; null for pushes", "一行摘要；推送时为null"),
    ("Text", "The source's own text", "来源提供的正文"),
    ("State", "What it is about is now so, such as open or failed", "当前状态，如 open、failed"),
    ("Severity", "critical, high, medium, low or info; null where the source does not say", "critical、high、medium、low 或 info；来源未提供时为null"),
    ("Labels", "Names and values that the source gives", "来源提供的标签"),
    ("Labels[].Name", "The label's name", "标签名称"),
    ("Labels[].Value", "The label's value", "标签值"),
    ("Fields", "What the source shows beside its text", "来源提供的附加字段"),
    ("Fields[].Name", "The field's name", "字段名称"),
    ("Fields[].Value", "The field's value", "字段值"),
    ("Comment", "What somebody said; null where nobody did", "评论；没有时为null"),
    ("Comment.Text", "Its text", "内容"),
    ("Comment.Path", "The file that it is about; null for none", "所评论的文件；没有时为null"),
    ("Comment.Line", "The line in that file", "文件中的行号"),
    ("Comment.Url", "Where it is shown", "页面地址"),
    ("Issue", "The issue; null without one", "工单；没有时为null"),
    ("Issue.Number", "Its number", "编号"),
    ("Issue.Title", "Its title", "标题"),
    ("Issue.Text", "Its text", "内容"),
    ("Issue.State", "open or closed", "open 或 closed"),
    ("Issue.Author", "Who opened it", "创建者"),
    ("Issue.Labels", "Its labels", "标签"),
    ("Issue.Url", "Where it is shown", "页面地址"),
    ("Release", "The release; null without one", "发布；没有时为null"),
    ("Release.Tag", "Its tag", "标签"),
    ("Release.Name", "Its name; null without one", "名称；没有时为null"),
    ("Release.Text", "What is new in it", "更新内容"),
    ("Release.Prerelease", "Whether it is not final", "是否为预发布"),
    ("Release.Url", "Where it is shown", "页面地址"),
    ("Pipeline", "A run of a pipeline; null without one", "流水线运行；没有时为null"),
    ("Pipeline.Name", "Its name", "名称"),
    ("Pipeline.State", "pending, running, succeeded, failed, canceled, skipped or blocked", "pending、running、succeeded、failed、canceled、skipped 或 blocked"),
    ("Pipeline.Attempt", "Which attempt it is, from 1", "第几次尝试"),
    ("Pipeline.Seconds", "How long it took", "耗时（秒）"),
    ("Pipeline.JobCount", "How many jobs it has", "任务数"),
    ("Pipeline.FailedJobs", "Names of the jobs that failed", "失败的任务名称"),
    ("Pipeline.Url", "Where it is shown", "页面地址"),
    ("Deployment", "A deployment; null without one", "部署；没有时为null"),
    ("Deployment.Environment", "Where to", "环境"),
    ("Deployment.State", "As of a pipeline", "同流水线状态"),
    ("Deployment.Url", "Where it is shown", "页面地址"),
    ("Alerts", "Alerts that came together; null without any", "一组告警；没有时为null"),
    ("Alerts.Total", "How many there are", "告警总数"),
    ("Alerts.Firing", "How many of those listed are not over", "未恢复的告警数"),
    ("Alerts.List", "The first 20", "前20个告警"),
    ("Alerts.More", "How many are not listed", "未列出的告警数"),
    ("Alerts.List[].Name", "The alert's name", "告警名称"),
    ("Alerts.List[].Firing", "Whether it is not over", "是否未恢复"),
    ("Alerts.List[].Severity", "As of the event", "严重程度"),
    ("Alerts.List[].Summary", "What is wrong", "摘要"),
    ("Alerts.List[].StartsAt", "Since when", "开始时间"),
    ("Alerts.List[].EndsAt", "Until when; null while it goes on", "结束时间；未恢复时为null"),
    ("Alerts.List[].Url", "Where it is shown", "页面地址"),
    // Of a digest's elements only.
    ("Title", "The title that the message would have by itself", "该消息单独发送时的标题"),
];

#[rustfmt::skip] // A line each.
const OF_A_DIGEST: [(&str, &str, &str); 5] = [
    ("Count", "How many messages are merged", "合并的消息数"),
    ("RepoCount", "How many repositories they are about", "涉及的仓库数"),
    ("Repos", "The names of the repositories", "仓库名称列表"),
    ("Notifications", "The messages, as many as there is room for", "各条消息，以可容纳的数量为限"),
    ("More", "How many messages are not listed", "未列出的消息数"),
];

/// The variables of a scene's messages, in the order of their sample.
pub fn variables(scene: &str) -> Vec<Variable> {
    let sample = match scene {
        scene::DIGEST => digest_data(Map::new()),
        _ => sample_data(),
    };
    let mut variables = Vec::new();
    collect("", &sample, &mut variables);
    variables
}

fn collect(above: &str, value: &Value, variables: &mut Vec<Variable>) {
    let Value::Object(members) = value else {
        return;
    };
    for (name, sample) in members {
        let path = format!("{above}{name}");
        if let Some((_, en, zh)) = described(&path) {
            variables.push(Variable {
                path: path.clone(),
                en,
                zh,
                sample: sample.clone(),
            });
        }
        collect(&format!("{path}."), sample, variables);
        if let Some(first) = sample.as_array().and_then(|list| list.first()) {
            collect(&format!("{path}[]."), first, variables);
        }
    }
}

fn described(path: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let path = path.strip_prefix("Notifications[].").unwrap_or(path);
    let all = OF_A_DIGEST.iter().chain(&OF_A_MESSAGE);
    all.copied().find(|(known, ..)| *known == path)
}
