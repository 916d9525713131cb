//! What a repository asks of reviews. Every field may be left out.

use push_notify_core::{
    i18n::Locale,
    id::{ModelId, PromptId},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The column `repos.review`, and the field `review` of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "ReviewSettings")]
pub struct ReviewSettings {
    /// Which events are reviewed. None said: both, if the repository names a model.
    pub on: Option<Vec<Trigger>>,
    /// Of the review and of what it says at the host.
    pub language: Language,
    pub style: Style,
    /// A prompt for this repository; without one, prompts are chosen by language and scene.
    pub prompt_id: Option<PromptId>,
    /// None said: the usual one, but any prompt of one's own goes before the built-in ones.
    pub scene: Option<String>,
    /// Models to ask, in this order, when the repository's own does not answer; the default model
    /// is always the last.
    pub fallback_model_ids: Vec<ModelId>,
    /// Globs of the files to review; none: all.
    pub file_patterns: Vec<String>,
    /// Globs of files to leave out.
    pub ignore_patterns: Vec<String>,
    /// Issues below it are dropped.
    pub severity_floor: Severity,
    /// Nothing is said at the host when there is nothing to find fault with. The notification goes
    /// out all the same.
    pub silent_when_clean: bool,
    pub skip_drafts: bool,
    /// What the host is to show.
    pub publish: Vec<Shown>,
    /// Whether a decision becomes the host's own verdict (approval, changes requested), not just a
    /// comment.
    pub verdict: bool,
    /// Tokens that one review may use, and all of this repository in a day (UTC). None: as the
    /// configuration says.
    pub max_tokens: Option<u32>,
    pub daily_tokens: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    Push,
    MergeRequest,
}

impl Trigger {
    pub const ALL: [Self; 2] = [Self::Push, Self::MergeRequest];
    pub const NAMES: [&'static str; 2] = ["push", "merge_request"];
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en-US")]
    English,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// What matters, in few words.
    Concise,
    /// With reasons and suggestions.
    #[default]
    Detailed,
    /// Also small things.
    Strict,
}

impl Style {
    pub const NAMES: [&'static str; 3] = ["concise", "detailed", "strict"];
}

/// From bad to worse.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    #[default]
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// Comments at their lines.
    Inline,
    /// One comment about the whole.
    Summary,
    /// A commit status.
    Status,
}

impl Shown {
    pub const NAMES: [&'static str; 3] = ["inline", "summary", "status"];
}

impl Default for ReviewSettings {
    fn default() -> Self {
        Self {
            on: None,
            language: Language::default(),
            style: Style::default(),
            prompt_id: None,
            scene: None,
            fallback_model_ids: Vec::new(),
            file_patterns: Vec::new(),
            ignore_patterns: Vec::new(),
            severity_floor: Severity::default(),
            silent_when_clean: false,
            skip_drafts: true,
            publish: Vec::new(),
            verdict: false,
            max_tokens: None,
            daily_tokens: None,
        }
    }
}

impl ReviewSettings {
    /// Of the column: NULL is nothing said.
    pub fn from_stored(text: Option<&str>) -> Result<Self, serde_json::Error> {
        text.map_or_else(|| Ok(Self::default()), serde_json::from_str)
    }

    /// For the column. None: nothing is said that is not the usual.
    pub fn to_stored(&self) -> Result<Option<String>, serde_json::Error> {
        match *self == Self::default() {
            true => Ok(None),
            false => serde_json::to_string(self).map(Some),
        }
    }

    pub fn wants(&self, trigger: Trigger, names_a_model: bool) -> bool {
        match &self.on {
            Some(on) => on.contains(&trigger),
            None => names_a_model,
        }
    }

    pub fn shows(&self, what: Shown) -> bool {
        self.publish.contains(&what)
    }
}

impl Language {
    pub const NAMES: [&'static str; 2] = ["zh-CN", "en-US"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en-US",
        }
    }

    pub fn locale(self) -> Locale {
        match self {
            Self::Chinese => Locale::Chinese,
            Self::English => Locale::English,
        }
    }
}

impl Severity {
    /// The worst first, as prompts list them.
    pub const NAMES: [&'static str; 4] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }

    /// In any case.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Low, Self::Medium, Self::High, Self::Critical];
        all.into_iter()
            .find(|severity| severity.name().eq_ignore_ascii_case(name.trim()))
    }
}
