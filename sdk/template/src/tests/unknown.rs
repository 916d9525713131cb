use crate::scene;

/// What is said of a content that somebody writes for the scene.
fn told(scene: &str, content: &str) -> Option<String> {
    scene::check(scene, "t", content)
        .err()
        .map(|error| error.message)
}

#[test]
fn a_variable_that_there_is_not_is_refused_with_the_nearest() {
    for (content, message) in [
        (
            "{{.Urll}}",
            "there is no variable .Urll; did you mean .Url?",
        ),
        (
            "{{.reponame}}",
            "there is no variable .reponame; did you mean .RepoName?",
        ),
        ("{{.Foo.Bar}}", "there is no variable .Foo"),
        ("{{if .Foo}}x{{end}}", "there is no variable .Foo"),
        (
            "{{$.Brnch}}",
            "there is no variable .Brnch; did you mean .Branch?",
        ),
        (
            "{{(.).Brnch}}",
            "there is no variable .Brnch; did you mean .Branch?",
        ),
        (
            "{{printf \"%s\" (.Authr | upper)}}",
            "there is no variable .Authr; did you mean .Author?",
        ),
        (
            "{{.MergeRequest.Titel}}",
            "there is no variable .MergeRequest.Titel; did you mean .MergeRequest.Title?",
        ),
        (
            "{{with .MergeRequest}}{{.Branch}}{{end}}",
            "did you mean .TargetBranch?",
        ),
        (
            "{{range .Commits}}{{.CommitId}}{{end}}",
            "there is no variable .CommitId",
        ),
        (
            "{{range $i, $c := .Commits}}{{$c.Sha}}{{end}}",
            "there is no variable .Sha",
        ),
        (
            "{{range $c := .Commits}}{{$c.Urls}}{{end}}",
            "did you mean .Url?",
        ),
        (
            "{{with $x := .MergeRequest}}{{$x.Nummer}}{{end}}",
            "did you mean .Number?",
        ),
        (
            "{{template \"a\" .MergeRequest}}{{define \"a\"}}{{.Nope}}{{end}}",
            "there is no variable .Nope",
        ),
        (
            "{{.RepoName}}\n\n{{.Notifications}}",
            "there is no variable .Notifications",
        ),
    ] {
        let told = told("commit_notify", content).unwrap_or_default();
        assert!(told.contains(message), "{content}: {told}");
    }
    let error = scene::check("commit_notify", "{{.Nope}}", "x")
        .err()
        .unwrap();
    assert_eq!(error.part.to_string(), "title");
    let error = scene::check("commit_notify", "t", "a\nb {{.Nope}}")
        .err()
        .unwrap();
    assert_eq!(error.line, Some(2));
}

#[test]
fn what_cannot_be_told_before_is_taken() {
    for content in [
        "{{index . \"Foo\"}}",
        "{{range .ChangedFiles}}{{.}}{{end}}",
        "{{range $i, $f := .ChangedFiles}}{{$i}}{{$f}}{{end}}",
        "{{$x := .MergeRequest}}{{if .Tag}}{{$x = .Branch}}{{end}}{{$x}}",
        "{{range .Commits}}{{$.RepoName}} {{.Id}}{{end}}",
        "{{with .MergeRequest}}{{.Title}}{{else}}{{.Branch}}{{end}}",
        "{{define \"unused\"}}{{.Anything}}{{end}}x",
        "{{(index .Commits 0).Id}}",
    ] {
        assert_eq!(told("commit_notify", content), None, "{content}");
    }
    let digest =
        "{{.Count}}{{range .Notifications}}{{.RepoName}}{{.MergeRequest.Title}}{{end}}{{.More}}";
    assert_eq!(told("digest", digest), None);
    assert!(told("digest", "{{range .Notifications}}{{.Nope}}{{end}}").is_some());
    // What is stored is rendered whatever it names.
    assert!(scene::parse("commit_notify", "t", "{{.Nope}}").is_ok());
}
