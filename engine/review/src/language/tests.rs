use super::*;
use std::collections::HashSet;

#[test]
fn a_path_tells_its_language() {
    for (path, expected) in [
        ("main.go", Some("go")),
        ("src/lib.rs", Some("rust")),
        ("a/b.c/tool.py", Some("python")),
        ("include/list.h", Some("c")),
        ("include/list.hpp", Some("cpp")),
        ("SRC/MAIN.CPP", Some("cpp")),
        ("web/App.tsx", Some("typescript")),
        ("web/types.d.ts", Some("typescript")),
        ("web/app.min.js", Some("javascript")),
        ("web/card.jsx", Some("javascript")),
        ("app/Models/User.php", Some("php")),
        ("Program.cs", Some("csharp")),
        ("build.gradle.kts", Some("kotlin")),
        ("db/001_init.sql", Some("sql")),
        ("deploy.sh", Some("shell")),
        (".bashrc", Some("shell")),
        ("app/Gemfile", Some("ruby")),
        ("tasks/db.rake", Some("ruby")),
        ("Jenkinsfile", Some("groovy")),
        ("文档/登录.swift", Some("swift")),
        ("Dockerfile", None),
        ("Makefile", None),
        ("go.mod", None),
        ("README.md", None),
        (".go", None),
        ("main.go/", None),
        ("main.", None),
        ("go", None),
        ("", None),
    ] {
        assert_eq!(of_path(path), expected, "{path}");
    }
}

#[test]
fn a_language_has_one_key_however_it_is_written() {
    for (name, key) in [
        ("Go", "go"),
        ("GOLANG", "go"),
        ("c++", "cpp"),
        ("CPP", "cpp"),
        ("C#", "csharp"),
        ("js", "javascript"),
        (" TypeScript ", "typescript"),
        ("bash", "shell"),
        ("COBOL", "cobol"),
    ] {
        assert_eq!(canonical(name), key, "{name}");
    }
    assert_eq!(display_name("cpp"), "C++");
    assert_eq!(display_name("go"), "Go");
    assert_eq!(display_name("cobol"), "cobol");
}

#[test]
fn no_name_stands_for_two_languages() {
    let mut names = HashSet::new();
    let mut files = HashSet::new();
    for language in LANGUAGES {
        let own: HashSet<String> = [language.key.to_owned(), language.name.to_lowercase()]
            .into_iter()
            .chain(language.aliases.iter().map(ToString::to_string))
            .collect();
        for name in own {
            assert!(names.insert(name.clone()), "{name}");
        }
        for file in language.extensions.iter().chain(language.files) {
            assert!(files.insert(*file), "{file}");
            let is_extension = language.extensions.contains(file);
            assert!(
                !is_extension || *file == file.to_ascii_lowercase(),
                "{file}"
            );
        }
    }
}
