use crate::{ReviewSettings, Trigger};
use schemars::JsonSchema;
use serde::Serialize;

/// What a repository asks of reviews, with what it leaves open filled in.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewInForce")]
pub struct InForce {
    #[serde(flatten)]
    settings: ReviewSettings,
    /// Which events are reviewed, whether the repository says so or leaves it to its having a
    /// model.
    enabled_for: Vec<Trigger>,
}

impl ReviewSettings {
    pub fn in_force(self, names_a_model: bool) -> InForce {
        let wanted = |trigger: &Trigger| self.wants(*trigger, names_a_model);
        InForce {
            enabled_for: Trigger::ALL.into_iter().filter(wanted).collect(),
            settings: self,
        }
    }
}
