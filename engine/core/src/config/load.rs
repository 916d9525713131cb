use super::{
    Config, Role, environment,
    problem::Problem,
    rules::contradictions,
    source::{self, Setting},
    warnings::warnings,
};
use anyhow::Context as _;
use figment::{
    Figment,
    error::Kind,
    providers::{Format as _, Toml},
};
use std::{env, path::Path};

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// What a configuration comes to.
pub struct Report {
    /// None: there are problems.
    pub config: Option<Config>,
    /// All of them.
    pub problems: Vec<Problem>,
    /// What works, and hardly anybody wants.
    pub warnings: Vec<Problem>,
    settings: Vec<Setting>,
}

/// The built-in defaults, then `file`, then `PUSH_NOTIFY_<SECTION>__<KEY>`. Fails with every key
/// that is wrong, and what is wrong with it.
pub fn load(file: Option<&Path>) -> anyhow::Result<Config> {
    load_as(file, &[])
}

/// As [`load`]; `roles`, if there are any, come before `server.roles`.
pub fn load_as(file: Option<&Path>, roles: &[Role]) -> anyhow::Result<Config> {
    check_as(file, roles)?.sound()
}

impl Report {
    /// What `text` says of a key, with the place where the key was set.
    pub fn problem(&self, key: &str, text: String) -> Problem {
        Problem::at(&self.settings, key, text)
    }

    /// The configuration, or all problems in one error.
    pub fn sound(self) -> anyhow::Result<Config> {
        self.config.with_context(|| {
            let problems: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
            format!("configuration: {}", problems.join("\n  "))
        })
    }
}

/// As [`load`], and tells all that it finds. Fails when the file cannot be read, or is not TOML.
pub fn check(file: Option<&Path>) -> anyhow::Result<Report> {
    check_as(file, &[])
}

/// As [`check`], with the roles of [`load_as`].
pub fn check_as(file: Option<&Path>, roles: &[Role]) -> anyhow::Result<Report> {
    let defaults = Figment::from(Toml::string(DEFAULTS));
    let mut settings = match file {
        Some(file) => read(file)?,
        None => Vec::new(),
    };
    let table = toml::from_str(DEFAULTS).context("the defaults")?;
    let environment = environment::read(env::vars_os(), &table);
    settings.extend(environment.settings);
    let known = source::known(&table);
    let mut problems: Vec<Problem> = environment
        .unreadable
        .iter()
        .map(|name| Problem::unreadable(name))
        .collect();
    let mut figment = defaults.clone();
    for setting in &settings {
        match fault(&defaults, &known, setting) {
            Some(text) => problems.push(Problem::of(setting, text)),
            None => figment = figment.merge((setting.key.as_str(), &setting.value)),
        }
    }
    let mut config: Config = figment
        .extract()
        .map_err(|error| anyhow::anyhow!("configuration: {}", describe(error)))?;
    config.file = file.map(Path::to_owned);
    if !roles.is_empty() {
        config.server.roles = roles.to_vec();
    }
    let placed = |(key, text): (&'static str, String)| Problem::at(&settings, key, text);
    problems.extend(contradictions(&config).into_iter().map(placed));
    let mut found: Vec<Problem> = warnings(&config).into_iter().map(placed).collect();
    let strays = environment.strays.iter();
    found.extend(strays.map(|name| Problem::stray(name, &known)));
    Ok(Report {
        config: problems.is_empty().then_some(config),
        problems,
        warnings: found,
        settings,
    })
}

fn read(file: &Path) -> anyhow::Result<Vec<Setting>> {
    let shown = file.display();
    // Read here: figment takes a missing file for an empty one.
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the configuration file {shown}"))?;
    // The parser's own message quotes the line, and the line may hold a password.
    source::file(&shown.to_string(), &text)
        .map_err(|(line, message)| anyhow::anyhow!("{shown} is not TOML: line {line}: {message}"))
}

/// What is wrong with one setting, whatever the others are.
fn fault(defaults: &Figment, known: &[String], setting: &Setting) -> Option<String> {
    if !source::is_known(known, &setting.key) {
        return Some(source::unknown(known, &setting.key));
    }
    let alone = defaults
        .clone()
        .merge((setting.key.as_str(), &setting.value));
    let error = alone.extract::<Config>().err()?;
    Some(describe(error))
}

/// Without the value: it may be a secret.
fn describe(error: figment::Error) -> String {
    let problems = error.into_iter().map(|error| match error.kind {
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
            match expected.to_string().as_str() {
                "u8" | "u16" | "u32" | "u64" | "usize" => {
                    "must be a whole number, not below 0".to_owned()
                }
                "a sequence" => {
                    "must be a list, such as [\"a\", \"b\"]; in the environment, also a,b"
                        .to_owned()
                }
                "a string" => "must be a text: put it between quotes".to_owned(),
                expected => format!("must be {expected}"),
            }
        }
        kind => match kind.to_string().as_str() {
            "invalid socket address syntax" => {
                "must be an address and a port, such as 127.0.0.1:8080".to_owned()
            }
            problem => problem.to_owned(),
        },
    });
    problems.collect::<Vec<_>>().join("; ")
}
