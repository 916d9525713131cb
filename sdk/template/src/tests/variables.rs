use crate::{Template, sample_data};

fn variables(title: &str, content: &str) -> Vec<String> {
    Template::parse(title, content).expect("sound").variables()
}

#[test]
fn variables_are_listed_once_in_the_order_of_their_first_use() {
    let content = "{{.Author}}{{if .Branch}}{{.RepoName}}{{else}}{{.Tag}}{{end}}{{printf \"%s\" (.CommitMsg | upper)}}";
    let found = variables("{{.RepoName}}", content);
    assert_eq!(found, ["RepoName", "Author", "Branch", "Tag", "CommitMsg"]);
}

#[test]
fn only_names_of_the_data_itself_are_variables() {
    let content = "{{range $i, $c := .Commits}}{{.Id}}{{$c.Url}}{{$.Kind}}{{end}}\
        {{with .MergeRequest}}{{.Title}}{{end}}{{with $d := .}}{{.Event}}{{$d.Url}}{{end}}\
        {{index . \"Forced\"}}{{(.).Deleted}}{{$all := .}}{{with .Tag}}{{$all.Branch}}{{end}}";
    let found = variables("", content);
    let expected = [
        "Commits",
        "Kind",
        "MergeRequest",
        "Event",
        "Url",
        "Forced",
        "Deleted",
        "Tag",
        "Branch",
    ];
    assert_eq!(found, expected);
}

#[test]
fn named_templates_count_where_they_are_given_the_data() {
    let content = "{{template \"a\" .}}{{template \"b\" .MergeRequest}}{{.Author}}\
        {{define \"a\"}}{{.RepoName}}{{template \"a2\" $}}{{end}}{{define \"a2\"}}{{.Kind}}{{end}}{{define \"b\"}}{{.Title}}{{end}}";
    assert_eq!(
        variables("", content),
        ["MergeRequest", "Author", "RepoName", "Kind"]
    );
}

#[test]
fn every_variable_has_a_sample() {
    let sample = sample_data();
    for name in [
        "RepoName",
        "RepoUrl",
        "CommitId",
        "CommitMsg",
        "Author",
        "Branch",
        "ChangedFiles",
        "FileCount",
        "CodeViewResult",
        "CodeViewIssues",
        "CodeViewSummary",
        "CodeViewScore",
        "CodeViewDecision",
        "CodeViewLeftOut",
        "ReviewTime",
        "Kind",
        "Tag",
        "TotalCommits",
        "MoreCommits",
        "Commits",
        "Url",
        "Event",
        "Created",
        "Deleted",
        "Forced",
        "MergeRequest",
    ] {
        assert!(
            sample.get(name).is_some_and(|value| !value.is_null()),
            "{name}"
        );
    }
    for key in [
        "Number",
        "Title",
        "Action",
        "State",
        "SourceBranch",
        "TargetBranch",
        "Author",
        "Url",
    ] {
        assert!(sample["MergeRequest"].get(key).is_some(), "{key}");
    }
    for key in ["Id", "ShortId", "Message", "Author", "Url"] {
        assert!(sample["Commits"][0].get(key).is_some(), "{key}");
    }
}
