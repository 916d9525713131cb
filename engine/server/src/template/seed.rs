//! The texts that channel plugins bring along.

use super::{Template, store};
use crate::app::App;
use push_notify_host::PluginState;
use push_notify_manifest::{Kind, Manifest, TemplateText};
use push_notify_template::{SCENES, scene};

/// For scenes of which a channel says nothing: Markdown that any channel can show.
const PLAIN: [(&str, &str, &str); 9] = [
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
        "comment_notify",
        "{{.RepoName}}{{if .Headline}}: {{.Headline}}{{end}}",
        "## {{.RepoName}}{{if .Headline}}: {{.Headline}}{{end}}\n\n{{if .Author}}**{{.Author}}**{{end}}{{if eq .Kind \"merge_request\"}} {{.Action}}{{end}}{{with .Comment}}{{if .Path}} {{.Path}}{{if .Line}}:{{.Line}}{{end}}{{end}}\n\n{{trunc 1000 .Text}}{{end}}\n{{if .Url}}\n{{.Url}}\n{{end}}",
    ),
    (
        "issue_notify",
        "{{.RepoName}}: {{.Headline}} ({{.Action}})",
        "## {{.RepoName}}: {{.Headline}}\n\n{{if .Author}}**{{.Author}}** {{end}}{{.Action}}\n\n{{with .Issue}}{{if and .Text (eq $.Action \"opened\")}}{{trunc 1000 .Text}}\n\n{{end}}{{if .Labels}}{{join \", \" .Labels}}\n{{end}}{{end}}{{if .Url}}\n{{.Url}}\n{{end}}",
    ),
    (
        "release_notify",
        "{{.RepoName}} {{with .Release}}{{.Tag}}{{end}} ({{.Action}})",
        "## {{.RepoName}} {{.Headline}}\n\n{{with .Release}}**{{.Tag}}**{{if .Prerelease}} (pre-release){{end}}\n\n{{if .Text}}{{trunc 3000 .Text}}\n{{end}}{{end}}{{if .Url}}\n{{.Url}}\n{{end}}",
    ),
    (
        "pipeline_notify",
        "{{.RepoName}}{{if .Branch}} {{.Branch}}{{end}}: {{if .Headline}}{{.Headline}} {{end}}{{.Action}}",
        "## {{.RepoName}}{{if .Branch}} {{.Branch}}{{end}}: {{.Action}}\n\n{{if .Headline}}**{{.Headline}}**{{end}}{{with .Pipeline}}{{if .Seconds}} ({{.Seconds}} s){{end}}\n\n{{range .FailedJobs}}- {{.}}\n{{end}}{{end}}{{if .CommitId}}\n{{short .CommitId}}{{if .Author}} {{.Author}}{{end}}\n{{end}}{{if .Url}}\n{{.Url}}\n{{end}}",
    ),
    (
        "alert_notify",
        "{{.RepoName}}: {{.Headline}} {{.Action}}{{with .Alerts}}{{if gt .Total 1}} ({{.Total}}){{end}}{{end}}",
        "## {{.Headline}}: {{.Action}}{{if .Severity}} ({{.Severity}}){{end}}\n\n{{with .Alerts}}{{range .List}}- {{if .Firing}}**{{.Name}}**{{else}}{{.Name}}{{end}}{{if .Summary}}: {{.Summary}}{{end}}{{if .StartsAt}} {{.StartsAt}}{{end}}{{if and .EndsAt (not .Firing)}} - {{.EndsAt}}{{end}}\n{{end}}{{if .More}}- + {{.More}}\n{{end}}{{end}}{{if .Text}}\n{{trunc 1000 .Text}}\n{{end}}{{if .Url}}\n{{.Url}}\n{{end}}",
    ),
    (
        "generic_notify",
        "{{.RepoName}}{{if .Headline}}: {{.Headline}}{{end}}{{if .State}} ({{.State}}){{end}}",
        "## {{if .Headline}}{{.Headline}}{{else}}{{.RepoName}}{{end}}\n\n{{if .Severity}}**{{.Severity}}** {{end}}{{if .Author}}{{.Author}}{{end}}\n\n{{if .Text}}{{trunc 3000 .Text}}\n\n{{end}}{{range .Fields}}- **{{.Name}}**: {{.Value}}\n{{end}}{{if .Url}}\n{{.Url}}\n{{end}}",
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
