use super::{Built, Source, cargo, finish};
use crate::cli::BuildOptions;
use crate::progress;
use crate::toolchain::Finder;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

/// Builds the plugins in `dirs` one after the other, and prints a line for each. Ends at the first
/// that fails.
pub fn run(dirs: &[PathBuf], options: &BuildOptions) -> Result<Vec<Built>> {
    let sources = dirs
        .iter()
        .map(|dir| Source::all(dir))
        .collect::<Result<Vec<_>>>()?;
    let sources: Vec<Source> = sources.into_iter().flatten().collect();
    refuse_twins(&sources)?;
    let Some(first) = sources.first() else {
        bail!("no folder to build");
    };
    let target_dir = match &options.target_dir {
        Some(dir) => std::path::absolute(dir)?,
        None => first.target_dir.clone(),
    };
    let out = options
        .out
        .clone()
        .unwrap_or_else(|| target_dir.join("plugins"));
    let mut finder = Finder::new(options.route, options.install);
    let mut said = String::new();
    let mut all = Vec::new();
    for source in &sources {
        let started = Instant::now();
        let compiler = finder.compiler(&source.dir)?;
        if compiler.how != said {
            progress::step(format_args!("compiling with {}", compiler.how));
            said.clone_from(&compiler.how);
        }
        let built = cargo::compile(source, &compiler, &target_dir, options)
            .and_then(|module| finish(&module, source.manifest.clone(), &out))
            .with_context(|| format!("{} ({})", source.manifest.id, source.dir.display()))?;
        for warning in source.warnings.iter().chain(&built.warnings) {
            progress::warn(format_args!("{}: {warning}", source.manifest.id));
        }
        println!("{built}  {:.1} s", started.elapsed().as_secs_f64());
        all.push(built);
    }
    Ok(all)
}

/// Two plugins with one id would write one file.
pub(super) fn refuse_twins(sources: &[Source]) -> Result<()> {
    let mut dirs: BTreeMap<&str, &Source> = BTreeMap::new();
    for source in sources {
        if let Some(other) = dirs.insert(&source.manifest.id, source) {
            let (one, two) = (other.dir.display(), source.dir.display());
            bail!("{one} and {two} have the same id `{}`", source.manifest.id);
        }
    }
    Ok(())
}
