//! What a template costs: to read, when it is saved or first used, and to render, for each push.

use divan::{Bencher, black_box};
use push_notify_template::{Template, sample_data};

const TITLE: &str = "{{.RepoName}}{{if .Branch}} - {{.Branch | upper}}{{end}}";
const CONTENT: &str = "\
## {{.RepoName}}
{{range $i, $c := .Commits}}{{if gt $i 0}}
{{end}}- [{{$c.ShortId}}]({{$c.Url}}) {{$c.Message}} ({{$c.Author}}){{end}}
{{range .ChangedFiles}}- {{.}}
{{end}}{{with .MergeRequest}}!{{.Number}} {{.Title | trunc 60}}{{end}}
{{default \"none\" .Tag}}, {{join \", \" .ChangedFiles}}";

fn main() {
    divan::main();
}

#[divan::bench]
fn parse() -> Template {
    Template::parse(black_box(TITLE), black_box(CONTENT)).expect("a template")
}

/// As for a message, in which what strangers wrote is made harmless.
#[divan::bench]
fn render(bencher: Bencher<'_, '_>) {
    let template = Template::parse(TITLE, CONTENT).expect("a template");
    let data = sample_data();
    bencher.bench_local(|| {
        template
            .render_message(black_box(&data))
            .expect("a message")
    });
}
