use super::Surface;
use anyhow::{Context as _, Error, Result};
use push_notify_manifest::{
    Manifest,
    component::{self, Refusal},
};
use push_notify_template::scene;

/// Fails when the engine would not load the component with this manifest, or would leave out one of
/// its templates, by the engine's own checks. Gives what is odd but works.
pub fn check(manifest: &Manifest, surface: &Surface) -> Result<Vec<String>> {
    component::check(manifest, surface).map_err(explained)?;
    templates(manifest)?;
    let mut warnings = Vec::new();
    let functions = surface.functions();
    for (name, asked, what, example) in [
        (
            "http",
            &manifest.permissions.http,
            "send HTTP requests",
            "api.example.com",
        ),
        (
            "smtp",
            &manifest.permissions.smtp,
            "send mail",
            "smtp.example.com",
        ),
    ] {
        match (functions.contains(&name), asked.is_empty()) {
            (true, true) => warnings.push(format!(
                "it can {what}, but plugin.toml asks for no host, and the engine refuses every one. If it does so, add the hosts that it \
                 needs (a host, `*.host`, or `${{config.FIELD}}` for the one that an administrator puts in that field):\n    \
                 [permissions]\n    {name} = [\"{example}\"]"
            )),
            (false, false) => warnings.push(format!(
                "plugin.toml asks for permissions.{name}, but the plugin never uses {name}: leave the line out"
            )),
            _ => {}
        }
    }
    let others = surface.kinds().filter(|kind| *kind != manifest.kind);
    warnings.extend(others.map(|kind| {
        let wanted = manifest.kind;
        format!("it exports {kind}, too, and plugin.toml says kind = \"{wanted}\": the engine never calls that")
    }));
    if let Some(contract) = surface
        .contract()
        .filter(|contract| *contract != manifest.contract)
    {
        warnings.push(format!(
            "plugin.toml says contract = \"{}\", but the plugin is built for {contract}: leave the line out",
            manifest.contract
        ));
    }
    Ok(warnings)
}

/// The engine leaves a template out that it cannot read, and nobody who wrote it is there to see
/// that.
fn templates(manifest: &Manifest) -> Result<()> {
    for (scene, text) in &manifest.templates {
        scene::check(scene, &text.title, &text.content)
            .with_context(|| format!("templates.{scene}"))?;
    }
    Ok(())
}

/// With what its author can do about it.
pub fn explained(refusal: Refusal) -> Error {
    let cure = match &refusal {
        Refusal::Imports(_) => {
            "a dependency expects an operating system or another contract, and plugins have neither"
        }
        Refusal::Contract(_) => "leave the line `contract` in plugin.toml out",
        _ => return refusal.into(),
    };
    Error::msg(format!("{refusal}: {cure}"))
}
