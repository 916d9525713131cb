use crate::target::Conversation;
use push_notify_core::id::{RuleId, TemplateId};
use push_notify_rules::Who;
use serde::{Deserialize, Serialize};

/// What rules say of a push that they sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// In their order.
    pub rules: Vec<RuleId>,
    /// In place of the channel's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<TemplateId>,
    /// In place of the target's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Conversation>,
    /// It does not wait for the end of quiet hours.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Whom it calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// It is sent only if a rule still wants it when the review is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub awaits_review: bool,
}

/// Whom a rule has its messages call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub who: Who,
    /// But not who did what the message tells of.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub except_actor: bool,
}

impl Choice {
    /// Of the column `choice`. What cannot be read says nothing.
    pub fn from_stored(text: Option<&str>) -> Option<Self> {
        text.and_then(|text| serde_json::from_str(text).ok())
    }

    pub fn to_stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
