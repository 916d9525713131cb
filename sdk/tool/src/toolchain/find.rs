use super::linker;
use super::{Compiler, Rustc, TARGET, debian, rustup, sysroot};
use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};

/// Which way to compile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Route {
    /// The first that works.
    #[default]
    Auto,
    /// The toolchain's own library, added with rustup if need be.
    Rustup,
    /// A library built from the source beside a compiler.
    Sysroot,
}

/// Looks for compilers, and remembers what it found and tried.
#[derive(Debug, Default)]
pub struct Finder {
    route: Route,
    install: bool,
    /// By the sysroot of the compiler that is in force in a folder.
    found: Vec<(Option<PathBuf>, Compiler)>,
    rustup_tried: bool,
}

/// Why the routes that were tried did not work.
type Reasons = Vec<String>;

impl Finder {
    /// `install`: missing Debian packages may be installed.
    pub fn new(route: Route, install: bool) -> Self {
        Self {
            route,
            install,
            ..Self::default()
        }
    }

    /// How to compile what is in `dir`. Fails with what was tried and what to install.
    pub fn compiler(&mut self, dir: &Path) -> Result<Compiler> {
        let path = std::env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from);
        let current = Rustc::ask(&path, dir);
        let key = current.as_ref().ok().map(|rustc| rustc.sysroot.clone());
        if let Some((_, compiler)) = self.found.iter().find(|(of, _)| *of == key) {
            return Ok(compiler.clone());
        }
        let mut reasons = Reasons::new();
        if let Err(problem) = &current {
            reasons.push(format!("{problem:#}"));
        }
        let current = current.ok();
        let compiler = self
            .by_target(current.as_ref(), dir, &mut reasons)
            .or_else(|| self.by_sysroot(current.as_ref(), dir, &mut reasons))
            .or_else(|| self.by_packages(current.as_ref(), dir, &mut reasons))
            .ok_or_else(|| anyhow!(advice(&reasons)))?;
        self.found.push((key, compiler.clone()));
        Ok(compiler)
    }

    /// The toolchain's own library, added if need be.
    fn by_target(
        &mut self,
        current: Option<&Rustc>,
        dir: &Path,
        reasons: &mut Reasons,
    ) -> Option<Compiler> {
        if self.route == Route::Sysroot {
            return None;
        }
        let rustc = current?;
        if !rustc.has_target() {
            reasons.push(format!("{} has no library for {TARGET}", rustc.name()));
            if !self.rustup_tried {
                self.rustup_tried = true;
                if let Err(problem) = rustup::add_target(dir) {
                    reasons.push(format!("{problem:#}"));
                }
            }
        }
        if !rustc.has_target() {
            return None;
        }
        let Some(linker) = linker::find(rustc, &[], std::env::var_os("PATH")) else {
            reasons.push(no_linker(rustc));
            return None;
        };
        Some(Compiler {
            how: format!("{} and its own {TARGET}", rustc.name()),
            rustc: None,
            sysroot: None,
            linker,
        })
    }

    /// A library built from source.
    fn by_sysroot(
        &self,
        current: Option<&Rustc>,
        dir: &Path,
        reasons: &mut Reasons,
    ) -> Option<Compiler> {
        if self.route == Route::Rustup {
            return None;
        }
        let known: Vec<Rustc> = current.into_iter().cloned().collect();
        for rustc in candidates(current, dir, reasons) {
            if !rustc.has_source() {
                reasons.push(format!(
                    "{} has no source at {}",
                    rustc.name(),
                    rustc.source_lock().display()
                ));
                continue;
            }
            let Some(linker) = linker::find(&rustc, &known, std::env::var_os("PATH")) else {
                reasons.push(no_linker(&rustc));
                continue;
            };
            match sysroot::get(&rustc, &linker) {
                Ok(sysroot) => {
                    return Some(Compiler {
                        how: format!("{} and a library built from its source", rustc.name()),
                        rustc: Some(rustc.path),
                        sysroot: Some(sysroot),
                        linker,
                    });
                }
                Err(problem) => reasons.push(format!(
                    "building the library with {}: {problem:#}",
                    rustc.name()
                )),
            }
        }
        None
    }

    /// Debian's packages, then a library built from their source.
    fn by_packages(
        &self,
        current: Option<&Rustc>,
        dir: &Path,
        reasons: &mut Reasons,
    ) -> Option<Compiler> {
        if !self.install || self.route == Route::Rustup {
            return None;
        }
        let mut packages = debian::PACKAGES.to_vec();
        let linked = current
            .is_some_and(|rustc| linker::find(rustc, &[], std::env::var_os("PATH")).is_some());
        if !linked {
            packages.push(debian::LINKER_PACKAGE);
        }
        if let Err(problem) = debian::install(&packages) {
            reasons.push(format!("--install: {problem:#}"));
            return None;
        }
        self.by_sysroot(current, dir, reasons)
    }
}

/// Compilers that may have their source: the operator's choice, the current one, the system's.
fn candidates(current: Option<&Rustc>, dir: &Path, reasons: &mut Reasons) -> Vec<Rustc> {
    let mut candidates: Vec<Rustc> = Vec::new();
    let chosen = std::env::var_os("PUSH_NOTIFY_WASM_RUSTC").map(PathBuf::from);
    let mut ask = |path: &Path| match Rustc::ask(path, dir) {
        Ok(rustc) => Some(rustc),
        Err(problem) => {
            reasons.push(format!("{problem:#}"));
            None
        }
    };
    candidates.extend(chosen.as_deref().and_then(&mut ask));
    candidates.extend(current.cloned());
    candidates.extend(ask(Path::new("/usr/bin/rustc")));
    let mut seen = Vec::new();
    candidates.retain(|rustc| {
        let new = !seen.contains(&rustc.sysroot);
        seen.push(rustc.sysroot.clone());
        new
    });
    candidates
}

fn no_linker(rustc: &Rustc) -> String {
    format!(
        "nothing links WebAssembly for {}: no rust-lld, wasm-ld or wasm-ld-N",
        rustc.name()
    )
}

/// What was tried, and what to install.
pub(super) fn advice(reasons: &[String]) -> String {
    let mut text = format!("found no way to compile for {TARGET}");
    let mut said = Vec::new();
    for reason in reasons.iter().filter(|reason| !reason.is_empty()) {
        if said.contains(&reason) {
            continue;
        }
        said.push(reason);
        text.push_str("\n  - ");
        text.push_str(reason);
    }
    let packages = debian::PACKAGES.join(" ");
    let linker = debian::LINKER_PACKAGE;
    text.push_str(&format!(
        "\nInstall one of these, then run this again:\n  \
         rustup target add {TARGET}\n  \
         apt-get install {packages} {linker}     (Debian; or, as root, give this command --install)\n\
         Another rustc with its `rust-src` beside it can be named in PUSH_NOTIFY_WASM_RUSTC."
    ));
    text
}
