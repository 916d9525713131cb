//! What an expression can ask for.

use super::scope::{Bit, Fact, Int, List, Person, Rank, Word};
use push_notify_core::i18n::Text;

/// A name, for documentation and for editors that complete it.
#[derive(Debug)]
pub struct Name {
    pub name: &'static str,
    pub kind: Kind,
    pub about: Text,
    pub(super) fact: Fact,
}

/// Of which type something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Boolean,
    /// `critical`, `high`, `medium`, `low` or `info`, in this order.
    Severity,
    /// Name, login and mail address: equal to a text that one of them is.
    Person,
    /// A list of texts.
    List,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Severity => "severity",
            Self::Person => "person",
            Self::List => "list",
        }
    }
}

const fn name(name: &'static str, fact: Fact, zh: &'static str, en: &'static str) -> Name {
    let kind = match fact {
        Fact::Word(_) => Kind::Text,
        Fact::Int(_) => Kind::Number,
        Fact::Flag(_) => Kind::Boolean,
        Fact::Rank(_) => Kind::Severity,
        Fact::Person(_) => Kind::Person,
        Fact::List(_) => Kind::List,
    };
    Name {
        name,
        kind,
        about: Text::new(zh, en),
        fact,
    }
}

pub(super) const NAMES: &[Name] = &[
    name(
        "kind",
        Fact::Word(Word::Kind),
        "事件类型",
        "The kind of event: push, pipeline, ...",
    ),
    name(
        "action",
        Fact::Word(Word::Action),
        "动作",
        "What happened: opened, failed, ...",
    ),
    name(
        "state",
        Fact::Word(Word::State),
        "对象当前的状态",
        "What its subject is now: open, failed, ...",
    ),
    name(
        "severity",
        Fact::Rank(Rank::Event),
        "严重程度",
        "How bad it is",
    ),
    name(
        "repo",
        Fact::Word(Word::Repo),
        "仓库在此处的名称",
        "The repository's name here",
    ),
    name(
        "repository",
        Fact::Word(Word::Repository),
        "仓库在源站的全名",
        "The repository's name at its host",
    ),
    name(
        "source",
        Fact::Word(Word::Source),
        "来源插件的ID",
        "The id of the provider plugin",
    ),
    name(
        "subject",
        Fact::Word(Word::Subject),
        "事件所关于的对象",
        "What it is about, the same over all its events",
    ),
    name(
        "head",
        Fact::Word(Word::Head),
        "对象所在的提交",
        "The commit that its subject is at",
    ),
    name("title", Fact::Word(Word::Title), "标题", "Its title"),
    name("text", Fact::Word(Word::Text), "正文", "Its text"),
    name(
        "branch",
        Fact::Word(Word::Branch),
        "分支；合并请求为来源分支",
        "The branch, or the one that a merge request comes from",
    ),
    name(
        "target_branch",
        Fact::Word(Word::TargetBranch),
        "合并请求的目标分支",
        "The branch that a merge request goes to",
    ),
    name("tag", Fact::Word(Word::Tag), "标签名", "The tag"),
    name(
        "number",
        Fact::Int(Int::Number),
        "合并请求或议题的编号",
        "The number of a merge request or issue",
    ),
    name(
        "author",
        Fact::Person(Person::Author),
        "作者",
        "Who wrote it",
    ),
    name("actor", Fact::Person(Person::Actor), "操作者", "Who did it"),
    name(
        "bot",
        Fact::Flag(Bit::Bot),
        "是否由程序操作",
        "Whether a program did it",
    ),
    name(
        "draft",
        Fact::Flag(Bit::Draft),
        "是否为草稿",
        "Whether it is a draft",
    ),
    name(
        "created",
        Fact::Flag(Bit::Created),
        "分支或标签是否新建",
        "Whether the branch or tag is new",
    ),
    name(
        "deleted",
        Fact::Flag(Bit::Deleted),
        "分支或标签是否被删除",
        "Whether the branch or tag was deleted",
    ),
    name(
        "forced",
        Fact::Flag(Bit::Forced),
        "是否强制推送",
        "Whether history was overwritten",
    ),
    name(
        "labels",
        Fact::List(List::Labels),
        "标签，形如name或name=value",
        "Its labels, as name or name=value",
    ),
    name(
        "paths",
        Fact::List(List::Paths),
        "改动的文件",
        "The files that its commits touch",
    ),
    name(
        "commits",
        Fact::Int(Int::Commits),
        "提交数",
        "How many commits it brings",
    ),
    name(
        "review.decision",
        Fact::Word(Word::Decision),
        "评审结论",
        "What its review decided",
    ),
    name(
        "review.score",
        Fact::Int(Int::Score),
        "评审得分",
        "The score of its review, 0 to 100",
    ),
    name(
        "review.severity",
        Fact::Rank(Rank::Review),
        "最严重问题的级别",
        "How bad the worst finding is",
    ),
    name(
        "review.issues",
        Fact::Int(Int::Issues),
        "评审发现的问题数",
        "How many findings its review has",
    ),
];
