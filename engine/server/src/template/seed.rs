//! The texts that channel plugins bring along.

use super::{Template, store};
use crate::app::App;
use push_notify_host::PluginState;
use push_notify_manifest::{Kind, Manifest, TemplateText};
use push_notify_template::{SCENES, scene};

/// For scenes of which a channel says nothing: Markdown that any channel can show.
const PLAIN: [(&str, &str, &str); 3] = [
    (
        "commit_notify",
        "{{.RepoName}}{{if .Branch}} - {{.Branch}}{{end}}",
        "## {{.RepoName}}\n\n{{if .Author}}{{.Author}}: {{end}}{{.CommitMsg}}\n{{if .Url}}\n{{.Url}}\n{{end}}",
    ),
    (
        "review_notify",
        "{{.RepoName}}{{if .CodeViewResult}}: {{.CodeViewResult}}{{end}}",
        "## {{.RepoName}}\n\n{{.CodeViewResult}}\n\n{{.CodeViewSummary}}\n\n{{range .CodeViewIssues}}- {{.}}\n{{end}}\n{{range .CodeViewLeftOut}}> {{.}}\n{{end}}{{if .Url}}\n{{.Url}}\n{{end}}",
    ),
    (
        "digest",
        "[{{.Count}}] {{join \", \" .Repos}}",
        "{{range .Notifications}}- **{{.RepoName}}**{{if .Branch}} {{.Branch}}{{else if .Tag}} {{.Tag}}{{end}}{{if .Author}} {{.Author}}{{end}}: {{.Title}}{{if and .CommitMsg (ne .CommitMsg .Title)}} - {{.CommitMsg}}{{end}}{{if .CodeViewResult}} ({{.CodeViewResult}}){{end}}{{if .Url}} {{.Url}}{{end}}\n{{end}}{{if .More}}\n+ {{.More}}\n{{end}}",
    ),
];

/// Gives each loaded channel its built-in template, or a plain one, for every scene that has no
/// default. To be called when plugins were loaded.
pub async fn ensure_builtin(app: &App) -> anyhow::Result<()> {
    let plugins = app.host.plugins();
    let loaded = plugins
        .iter()
        .filter(|plugin| matches!(plugin.state, PluginState::Active | PluginState::Loading))
        .filter_map(|plugin| plugin.manifest.as_deref())
        .filter(|manifest| manifest.kind == Kind::Channel);
    for manifest in loaded {
        for (scene, text) in &manifest.templates {
            ensure(app, manifest, scene, text).await?;
        }
        for (scene, title, content) in PLAIN {
            let text = TemplateText {
                title: title.to_owned(),
                content: content.to_owned(),
            };
            ensure(app, manifest, scene, &text).await?;
        }
    }
    Ok(())
}

async fn ensure(
    app: &App,
    channel: &Manifest,
    scene: &str,
    text: &TemplateText,
) -> anyhow::Result<()> {
    let problem = if SCENES.contains(&scene) {
        scene::parse(scene, &text.title, &text.content)
            .err()
            .map(|error| error.to_string())
    } else {
        Some("there is no such scene".to_owned())
    };
    if let Some(problem) = problem {
        tracing::warn!(
            plugin.id = channel.id,
            scene,
            problem,
            "a built-in template is left out"
        );
        return Ok(());
    }
    let mut transaction = app.db.begin().await?;
    if store::has_default(&mut transaction, &channel.id, scene).await? {
        return Ok(());
    }
    let now = app.clock.now_us();
    let template = Template {
        id: app.db.next_id(&mut transaction).await?,
        name: format!("{} {scene}", channel.id),
        kind: channel.id.clone(),
        scene: scene.to_owned(),
        title: text.title.clone(),
        content: text.content.clone(),
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
    transaction.commit().await?;
    app.changed();
    Ok(())
}
