pub(super) struct Language {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    /// What else it is called, in lower case.
    pub(super) aliases: &'static [&'static str],
    /// Of files, in lower case.
    pub(super) extensions: &'static [&'static str],
    /// Files that are known by their whole name.
    pub(super) files: &'static [&'static str],
}

const fn language(
    key: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    extensions: &'static [&'static str],
    files: &'static [&'static str],
) -> Language {
    Language {
        key,
        name,
        aliases,
        extensions,
        files,
    }
}

/// First those that have a built-in prompt.
#[rustfmt::skip] // One row for each language.
pub(super) static LANGUAGES: &[Language] = &[
    language("go", "Go", &["golang"], &["go"], &[]),
    language("rust", "Rust", &["rs"], &["rs"], &[]),
    language("python", "Python", &["py", "python3"], &["py", "pyi", "pyw", "pyx"], &["SConstruct", "SConscript", "wscript"]),
    language("java", "Java", &[], &["java"], &[]),
    language("javascript", "JavaScript", &["js", "node", "nodejs", "ecmascript"], &["js", "jsx", "mjs", "cjs"], &[]),
    language("typescript", "TypeScript", &["ts"], &["ts", "tsx", "mts", "cts"], &[]),
    language("c", "C", &[], &["c", "h"], &[]),
    language("cpp", "C++", &["cxx"], &["cpp", "cc", "cxx", "c++", "hpp", "hh", "hxx", "h++", "ipp", "tpp", "inl"], &[]),
    language("csharp", "C#", &["cs", "c-sharp"], &["cs", "csx"], &[]),
    language("php", "PHP", &[], &["php", "phtml", "php5", "php7"], &[]),
    language("ruby", "Ruby", &["rb"], &["rb", "rake", "gemspec", "ru"], &["Gemfile", "Rakefile", "Podfile", "Vagrantfile", "Fastfile", "Brewfile"]),
    language("kotlin", "Kotlin", &["kt"], &["kt", "kts"], &[]),
    language("swift", "Swift", &[], &["swift"], &[]),
    language("sql", "SQL", &["mysql", "postgresql", "plsql", "tsql"], &["sql", "psql", "pgsql", "plsql", "pls", "pks", "pkb", "ddl", "dml"], &[]),
    language("shell", "Shell", &["sh", "bash", "zsh"], &["sh", "bash", "zsh", "ksh"], &[".bashrc", ".bash_profile", ".profile", ".zshrc", ".zprofile", "APKBUILD", "PKGBUILD", "gradlew"]),

    language("scala", "Scala", &[], &["scala", "sc", "sbt"], &[]),
    language("groovy", "Groovy", &[], &["groovy", "gradle"], &["Jenkinsfile"]),
    language("clojure", "Clojure", &["clj"], &["clj", "cljs", "cljc"], &[]),
    language("dart", "Dart", &[], &["dart"], &[]),
    language("objectivec", "Objective-C", &["objc"], &["m", "mm"], &[]),
    language("vue", "Vue", &[], &["vue"], &[]),
    language("svelte", "Svelte", &[], &["svelte"], &[]),
    language("html", "HTML", &[], &["html", "htm"], &[]),
    language("css", "CSS", &[], &["css", "scss", "sass", "less"], &[]),
    language("lua", "Lua", &[], &["lua"], &[]),
    language("perl", "Perl", &[], &["pl", "pm"], &[]),
    language("r", "R", &[], &["r"], &[".Rprofile"]),
    language("julia", "Julia", &[], &["jl"], &[]),
    language("elixir", "Elixir", &[], &["ex", "exs"], &[]),
    language("erlang", "Erlang", &[], &["erl", "hrl"], &[]),
    language("haskell", "Haskell", &[], &["hs"], &[]),
    language("ocaml", "OCaml", &[], &["ml", "mli"], &[]),
    language("fsharp", "F#", &["f-sharp"], &["fs", "fsx", "fsi"], &[]),
    language("vb", "Visual Basic", &["vbnet"], &["vb"], &[]),
    language("zig", "Zig", &[], &["zig"], &[]),
    language("solidity", "Solidity", &[], &["sol"], &[]),
    language("powershell", "PowerShell", &["pwsh"], &["ps1", "psm1"], &[]),
    language("proto", "Protocol Buffers", &["protobuf"], &["proto"], &[]),
    language("terraform", "Terraform", &["hcl"], &["tf", "tfvars", "hcl"], &[]),
];
