//! The texts that channel plugins bring along, and ours for all others.

use super::{Template, store};
use crate::app::App;
use push_notify_host::PluginState;
use push_notify_manifest::{Kind, Manifest, TemplateText};
use push_notify_template::{SCENES, scene};

/// For scenes of which a channel says nothing. The first line of each is the title; the body is
/// Markdown that any channel can show, without the title, the fields and the link.
const BUILT_IN: [(&str, &str); 9] = [
    ("commit_notify", include_str!("builtin/commit.md")),
    ("review_notify", include_str!("builtin/review.md")),
    ("comment_notify", include_str!("builtin/comment.md")),
    ("issue_notify", include_str!("builtin/issue.md")),
    ("release_notify", include_str!("builtin/release.md")),
    ("pipeline_notify", include_str!("builtin/pipeline.md")),
    ("alert_notify", include_str!("builtin/alert.md")),
    ("generic_notify", include_str!("builtin/generic.md")),
    ("digest", include_str!("builtin/digest.md")),
];

/// Below the text of a channel that shows neither fields nor a link by itself. A digest has none.
const BELOW: &str = r#"{{if .Fields}}

{{range .Fields}}- **{{.Name}}**: {{.Value}}
{{end}}{{end}}{{if .Url}}

[{{tr "查看详情" "View details"}}]({{.Url}})
{{end}}"#;

/// Ours for each scene, as a channel shows it.
pub fn built_in(channel: &Manifest) -> Vec<(&'static str, TemplateText)> {
    let made = BUILT_IN.map(|(scene, text)| (scene, shown(scene, text, channel)));
    made.into()
}

fn shown(scene: &str, text: &str, channel: &Manifest) -> TemplateText {
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let body = body.trim();
    let content = match (channel.card, scene) {
        (true, _) => body.to_owned(),
        (false, scene::DIGEST) => format!("## {title}\n\n{body}"),
        (false, _) => format!("## {title}\n\n{body}{BELOW}"),
    };
    TemplateText {
        title: title.to_owned(),
        content,
    }
}

/// Gives each loaded channel its built-in template, or ours, for every scene that has no
/// default. To be called when plugins were loaded; it writes nothing when none is missing.
pub async fn ensure_builtin(app: &App) -> anyhow::Result<()> {
    let mut present = store::defaults(app.db.read()).await?;
    let plugins = app.host.plugins();
    let loaded = plugins
        .iter()
        .filter(|plugin| matches!(plugin.state, PluginState::Active | PluginState::Loading))
        .filter_map(|plugin| plugin.manifest.as_deref())
        .filter(|manifest| manifest.kind == Kind::Channel);
    let mut missing = Vec::new();
    for channel in loaded {
        let own = channel.templates.clone().into_iter();
        let ours = built_in(channel).into_iter();
        for (scene, text) in own.chain(ours.map(|(scene, text)| (scene.to_owned(), text))) {
            let place = (channel.id.clone(), scene);
            if !present.contains(&place) && is_sound(&place, &text) {
                present.insert(place.clone());
                missing.push((place, text));
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let mut transaction = app.db.begin().await?;
    for ((kind, scene), text) in missing {
        let now = app.clock.now_us();
        let template = Template {
            id: app.db.next_id(&mut transaction).await?,
            name: format!("{kind} {scene}"),
            kind,
            scene,
            title: text.title,
            content: text.content,
            remark: None,
            is_default: true,
            status: "active".to_owned(),
            owner: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        // False: another node was first, or somebody has given the name to a template of their own.
        store::insert(&mut transaction, &template, "system").await?;
    }
    transaction.commit().await?;
    app.changed();
    Ok(())
}

fn is_sound((channel, scene): &(String, String), text: &TemplateText) -> bool {
    let problem = match SCENES.contains(&scene.as_str()) {
        true => scene::parse(scene, &text.title, &text.content)
            .err()
            .map(|error| error.to_string()),
        false => Some("there is no such scene".to_owned()),
    };
    if let Some(problem) = &problem {
        tracing::warn!(
            plugin.id = channel,
            scene,
            problem,
            "a built-in template is left out"
        );
    }
    problem.is_none()
}

#[cfg(test)]
mod tests;
