//! Which prompt a review is made with.

use crate::storage::Owner;
use push_notify_core::id::{ModelId, PromptId};
use push_notify_review::language;
use std::cmp::Reverse;

/// A prompt that can ask for a review, with what a review needs of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: PromptId,
    pub version: i64,
    pub content: String,
    pub model_id: Option<ModelId>,
    /// None: it is for any language.
    pub language: Option<String>,
    pub scene: Option<String>,
    pub locale: Option<String>,
    /// It is built in.
    pub is_system: bool,
    /// None: an administrator's, so for everybody.
    pub owner: Option<Owner>,
    pub categories: Vec<String>,
    /// The most severe first.
    pub severities: Vec<String>,
}

/// The scene of reviews for which nobody named another.
const USUAL_SCENE: &str = "code_review";

/// The prompt that fits best, of the administrators' and those of whom the repository belongs to:
/// what anybody else writes is no instruction for it. Those for another language never fit; those
/// for another scene only when no other does. What a user's own prompt leaves open fits as well as
/// what is asked for: it does not have to repeat everything to be taken instead of a built-in one.
/// Where nobody asks for a scene, so does an own prompt of any: what else would it be for? Of those
/// that fit alike the newest is taken.
pub fn choose<'a>(
    prompts: &'a [Candidate],
    of_repo: Option<Owner>,
    language: Option<&str>,
    scene: Option<&str>,
    locale: &str,
) -> Option<&'a Candidate> {
    let language = language.map(language::canonical);
    let speaks = |prompt: &&Candidate| match &prompt.language {
        Some(own) => language.as_ref() == Some(&language::canonical(own)),
        None => true,
    };
    let is_for = |prompt: &&Candidate| prompt.owner.is_none() || prompt.owner == of_repo;
    prompts
        .iter()
        .filter(is_for)
        .filter(speaks)
        .min_by_key(|prompt| Rank::of(prompt, scene, locale))
}

/// How well a prompt fits: the lower, the better. What comes first weighs more.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    is_for_another_scene: bool,
    is_for_any_language: bool,
    scene: Fit,
    locale: Fit,
    is_system: bool,
    is_for_an_unusual_scene: bool,
    leaves_scene_open: bool,
    leaves_locale_open: bool,
    age: Reverse<PromptId>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Good,
    Open,
    Other,
}

impl Rank {
    fn of(prompt: &Candidate, scene: Option<&str>, locale: &str) -> Self {
        let own_scene = prompt.scene.as_deref();
        let scene_fit = match scene {
            None if !prompt.is_system => Fit::Good,
            scene => Fit::of(prompt, own_scene, scene.unwrap_or(USUAL_SCENE)),
        };
        Self {
            is_for_another_scene: scene_fit == Fit::Other,
            is_for_any_language: prompt.language.is_none(),
            scene: scene_fit,
            locale: Fit::of(prompt, prompt.locale.as_deref(), locale),
            is_system: prompt.is_system,
            is_for_an_unusual_scene: scene.is_none()
                && own_scene.is_some_and(|own| own != USUAL_SCENE),
            leaves_scene_open: prompt.scene.is_none(),
            leaves_locale_open: prompt.locale.is_none(),
            age: Reverse(prompt.id),
        }
    }
}

impl Fit {
    fn of(prompt: &Candidate, own: Option<&str>, wanted: &str) -> Self {
        match own {
            Some(own) if own == wanted => Self::Good,
            Some(_) => Self::Other,
            None if prompt.is_system => Self::Open,
            None => Self::Good,
        }
    }
}

#[cfg(test)]
mod tests;
