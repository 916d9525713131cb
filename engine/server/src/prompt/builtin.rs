//! The prompts for reviews that the server brings along: for each language one in Chinese and one
//! in English, and one for all other files. Their texts are beside this file, in `builtin/`.

use super::{Kind, Prompt, name, store};
use crate::app::App;
use push_notify_review::language;
use std::collections::HashMap;

/// What they are for.
const SCENE: &str = "code_review";

/// Of all their versions.
const AUTHOR: &str = "system";

macro_rules! texts {
    ($($key:literal),* $(,)?) => {
        &[$(Text {
            key: $key,
            zh: include_str!(concat!("builtin/zh/", $key, ".md")),
            en: include_str!(concat!("builtin/en/", $key, ".md")),
        }),*]
    };
}

/// What to look for in a language.
struct Text {
    /// The language, or `general`.
    key: &'static str,
    zh: &'static str,
    en: &'static str,
}

const GENERAL: &str = "general";

const TEXTS: &[Text] = texts![
    "general",
    "go",
    "rust",
    "python",
    "java",
    "javascript",
    "typescript",
    "c",
    "cpp",
    "csharp",
    "php",
    "ruby",
    "kotlin",
    "swift",
    "sql",
    "shell",
];

/// What every prompt ends with: the change that it is about.
const CHANGE_ZH: &str = include_str!("builtin/zh/change.md");
const CHANGE_EN: &str = include_str!("builtin/en/change.md");

/// A prompt as this release has it.
struct Builtin {
    key: String,
    name: String,
    description: String,
    language: Option<&'static str>,
    locale: &'static str,
    content: String,
}

/// Brings the built-in prompts up to date: adds those that are missing, and gives those that have
/// another text the new one as a version. To be called at the start; it writes nothing when nothing
/// has changed.
pub async fn ensure_builtin(app: &App) -> anyhow::Result<()> {
    let stored = store::builtin(app.db.read()).await?.into_iter();
    let mut stored: HashMap<String, Prompt> = stored
        .filter_map(|prompt| Some((prompt.system_key.clone()?, prompt)))
        .collect();
    let (mut missing, mut outdated) = (Vec::new(), Vec::new());
    for builtin in all() {
        match stored.remove(&builtin.key) {
            None => missing.push(builtin),
            Some(prompt) if !builtin.is(&prompt) => outdated.push((prompt, builtin)),
            Some(_) => {}
        }
    }
    if !missing.is_empty() {
        add(app, missing).await?;
    }
    if !outdated.is_empty() {
        renew(app, outdated).await?;
    }
    Ok(())
}

async fn add(app: &App, missing: Vec<Builtin>) -> anyhow::Result<()> {
    let mut taken = store::names(app.db.read()).await?;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    for builtin in missing {
        let prompt = Prompt {
            id: app.db.next_id(&mut transaction).await?,
            name: name::of_builtin(&builtin.name, &taken),
            description: None,
            kind: Kind::Codeview,
            scene: None,
            language: None,
            target_type: None,
            locale: None,
            system_key: Some(builtin.key.clone()),
            content: String::new(),
            categories: None,
            severities: None,
            model_id: None,
            model_name: None,
            owner: None,
            version: 1,
            usage_count: 0,
            created_at: now,
            updated_at: now,
        };
        let prompt = builtin.onto(prompt);
        taken.insert(prompt.name.clone());
        // False: another node was first.
        store::insert(&mut transaction, &prompt, AUTHOR).await?;
    }
    transaction.commit().await?;
    app.changed();
    Ok(())
}

async fn renew(app: &App, outdated: Vec<(Prompt, Builtin)>) -> anyhow::Result<()> {
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    for (mut prompt, builtin) in outdated {
        let is_new_version = prompt.content != builtin.content;
        prompt.version += i64::from(is_new_version);
        let prompt = builtin.onto(prompt);
        // False: another node was first.
        if store::update(&mut transaction, &prompt, now).await? && is_new_version {
            store::insert_version(&mut transaction, &prompt, AUTHOR, now).await?;
        }
    }
    transaction.commit().await?;
    app.changed();
    Ok(())
}

fn all() -> impl Iterator<Item = Builtin> {
    TEXTS
        .iter()
        .flat_map(|text| [text.chinese(), text.english()])
}

impl Text {
    fn chinese(&self) -> Builtin {
        let (name, description) = match self.language() {
            Some(language) => {
                let language = language::display_name(language);
                let description = format!("内置提示词：审查{language}代码的变更");
                (format!("{language}代码审查"), description)
            }
            None => (
                "通用代码审查".to_owned(),
                "内置提示词：审查没有专用提示词的文件的变更".to_owned(),
            ),
        };
        self.builtin("zh-CN", name, description, self.zh, CHANGE_ZH)
    }

    fn english(&self) -> Builtin {
        let (name, description) = match self.language() {
            Some(language) => {
                let language = language::display_name(language);
                let description = format!("Built in: reviews changes of {language} code");
                (format!("{language} code review"), description)
            }
            None => (
                "General code review".to_owned(),
                "Built in: reviews changes of files that have no prompt of their own".to_owned(),
            ),
        };
        self.builtin("en-US", name, description, self.en, CHANGE_EN)
    }

    fn builtin(
        &self,
        locale: &'static str,
        name: String,
        description: String,
        points: &str,
        change: &str,
    ) -> Builtin {
        Builtin {
            key: format!("{SCENE}/{}/{locale}", self.key),
            name,
            description,
            language: self.language(),
            locale,
            content: format!("{}\n\n{}\n", points.trim(), change.trim()),
        }
    }

    fn language(&self) -> Option<&'static str> {
        Some(self.key).filter(|key| *key != GENERAL)
    }
}

impl Builtin {
    /// Whether `prompt` says the same already. Its name stays what it became.
    fn is(&self, prompt: &Prompt) -> bool {
        prompt.description.as_ref() == Some(&self.description)
            && prompt.scene.as_deref() == Some(SCENE)
            && prompt.language.as_deref() == self.language
            && prompt.locale.as_deref() == Some(self.locale)
            && prompt.content == self.content
    }

    /// `prompt` with what this one says.
    fn onto(self, prompt: Prompt) -> Prompt {
        Prompt {
            description: Some(self.description),
            scene: Some(SCENE.to_owned()),
            language: self.language.map(str::to_owned),
            locale: Some(self.locale.to_owned()),
            content: self.content,
            ..prompt
        }
    }
}

#[cfg(test)]
mod tests;
