use super::Surface;
use super::surface::interface;
use anyhow::{Result, bail};
use push_notify_manifest::{CONTRACT, Kind, Manifest};

/// What the contract offers to every plugin.
const OFFERED: [&str; 11] = [
    "types",
    "provider-types",
    "channel-types",
    "ai-types",
    "http",
    "smtp",
    "crypto",
    "cache",
    "clock",
    "random",
    "log",
];
const KINDS: [Kind; 3] = [Kind::Provider, Kind::Channel, Kind::Ai];

/// Whether a component and its manifest agree. Gives what is odd but works; fails with everything that is wrong.
pub fn check(manifest: &Manifest, surface: &Surface) -> Result<Vec<String>> {
    let mut problems = kind_problems(manifest, surface);
    let strangers = surface.imports.iter().filter(|import| !is_offered(import));
    problems.extend(strangers.map(|import| {
        format!(
            "it imports `{import}`, which is not in contract {CONTRACT}: the engine would refuse it"
        )
    }));

    let mut warnings = Vec::new();
    let functions = surface.functions();
    for (name, asked, what, example) in [
        (
            "http",
            &manifest.permissions.http,
            "sends HTTP requests",
            "api.example.com",
        ),
        (
            "smtp",
            &manifest.permissions.smtp,
            "sends mail",
            "smtp.example.com",
        ),
    ] {
        match (functions.contains(&name), asked.is_empty()) {
            (true, true) => problems.push(format!(
                "it {what}, but plugin.toml asks for no host. Add the hosts that it needs (a host, `*.host`, or `${{config.FIELD}}` for the \
                 one that an administrator puts in that field):\n    [permissions]\n    {name} = [\"{example}\"]"
            )),
            (false, false) => warnings.push(format!(
                "plugin.toml asks for permissions.{name}, but the plugin never uses {name}: leave the line out"
            )),
            _ => {}
        }
    }
    match problems.as_slice() {
        [] => Ok(warnings),
        [problem] => bail!("{problem}"),
        problems => bail!("\n  - {}", problems.join("\n  - ")),
    }
}

fn kind_problems(manifest: &Manifest, surface: &Surface) -> Vec<String> {
    let wanted = manifest.kind;
    let exported: Vec<(Kind, &str)> = surface
        .exports
        .iter()
        .filter_map(|export| kind(export))
        .collect();
    if exported.is_empty() {
        return vec![format!(
            "it exports nothing that the engine calls: does lib.rs have the line `push_notify_sdk::{wanted}!(YourType);`?"
        )];
    }
    let mut problems = Vec::new();
    for (kind, version) in exported {
        if kind != wanted {
            problems.push(format!(
                "plugin.toml says kind = \"{wanted}\", but the plugin exports `{kind}`: change the one or the macro line"
            ));
        }
        if version != manifest.contract {
            problems.push(format!(
                "plugin.toml says contract = \"{}\", but the plugin is built for {version}: leave the line out",
                manifest.contract
            ));
        }
        if line(version) != line(CONTRACT) {
            problems.push(format!(
                "it is built for contract {version}; this tool knows {CONTRACT}"
            ));
        }
    }
    problems
}

fn kind(export: &str) -> Option<(Kind, &str)> {
    let (name, version) = interface(export)?;
    let kind = KINDS.into_iter().find(|kind| kind.name() == name)?;
    Some((kind, version))
}

fn is_offered(import: &str) -> bool {
    interface(import)
        .is_some_and(|(name, version)| OFFERED.contains(&name) && line(version) == line(CONTRACT))
}

/// The compatible versions that a version belongs to: `0.1` of `0.1.3`.
fn line(version: &str) -> Option<&str> {
    version.rsplit_once('.').map(|(line, _)| line)
}
