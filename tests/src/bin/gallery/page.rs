//! The pages.

use crate::{
    LANGUAGES,
    look::{Look, escaped},
    scenes::Scene,
};
use push_notify_manifest::Manifest;
use std::fmt::Write as _;

const STYLE: &str = "\
body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;margin:24px;background:#eef0f3;color:#1f2328}\
h1{font-size:22px}h2{font-size:16px;margin:28px 0 8px}\
.row{display:grid;grid-template-columns:1fr 1fr;gap:16px;align-items:start}\
.message{background:#fff;border:1px solid #d8dee4;border-radius:8px;padding:12px 16px;overflow-wrap:anywhere}\
.bar{border-left:5px solid}\
.message h3{margin:0 0 6px;font-size:15px}\
.message .text :is(h1,h2,h3,h4){font-size:16px;margin:4px 0}\
.message p,.message ul{margin:4px 0}\
.message ul{padding-left:22px}\
.message blockquote{margin:4px 0;padding-left:10px;border-left:3px solid #d0d7de;color:#57606a}\
.lines{white-space:pre-wrap}\
pre{white-space:pre-wrap;font:13px/1.5 ui-monospace,monospace;margin:4px 0}\
font[color=info]{color:#1a7f37}font[color=warning]{color:#bf8700}font[color=comment]{color:#6e7781}\
.button{display:inline-block;margin:8px 8px 0 0;padding:3px 12px;border-radius:6px;background:#0969da;color:#fff;text-decoration:none}\
table.facts{margin:6px 0;font-size:13px}table.facts td{padding:0 12px 0 0;vertical-align:top}\
table.facts td:first-child{color:#57606a}\
iframe{width:100%;height:420px;border:1px solid #d8dee4;border-radius:8px;background:#fff}\
details{font-size:12px;color:#57606a;margin-top:8px}";

pub(crate) fn index(channels: &[(&str, String)], scenes: &[Scene]) -> String {
    let mut table = String::new();
    for (id, description) in channels {
        let _ = write!(
            table,
            "<h2><a href=\"{id}.html\">{id}</a></h2><p>{}</p><p>",
            escaped(description)
        );
        for (place, scene) in scenes.iter().enumerate() {
            let _ = write!(table, "<a href=\"{id}.html#{place}\">{}</a> · ", scene.name);
        }
        table += "</p>";
    }
    document("Messages of every scene, by channel", &table)
}

pub(crate) fn channel(manifest: &Manifest, rows: &[(&str, Vec<Look>)]) -> String {
    let mut body = "<p><a href=\"index.html\">all channels</a></p>".to_owned();
    for (place, (name, looks)) in rows.iter().enumerate() {
        let _ = write!(body, "<h2 id=\"{place}\">{name}</h2><div class=\"row\">");
        for (look, language) in looks.iter().zip(LANGUAGES) {
            let _ = write!(body, "<div lang=\"{language}\">{}</div>", message(look));
        }
        body += "</div>";
    }
    document(&manifest.description, &body)
}

fn message(look: &Look) -> String {
    let mut out = String::new();
    if let Some(document) = &look.document {
        // Sandboxed: it shows what a client shows that runs nothing.
        let _ = write!(
            out,
            "<iframe sandbox srcdoc=\"{}\"></iframe>",
            escaped(document)
        );
    }
    match &look.colour {
        None => out += "<div class=\"message\">",
        Some(colour) => {
            let _ = write!(
                out,
                "<div class=\"message bar\" style=\"border-left-color:{}\">",
                escaped(colour)
            );
        }
    }
    if !look.title.is_empty() {
        let _ = write!(out, "<h3>{}</h3>", escaped(&look.title));
    }
    let _ = write!(out, "<div class=\"text\">{}</div>", look.text);
    if !look.facts.is_empty() {
        out += "<table class=\"facts\">";
        for (name, value) in &look.facts {
            let _ = write!(
                out,
                "<tr><td>{}</td><td>{}</td></tr>",
                escaped(name),
                escaped(value)
            );
        }
        out += "</table>";
    }
    for (label, url) in &look.buttons {
        let _ = write!(
            out,
            "<a class=\"button\" href=\"{}\">{}</a>",
            escaped(url),
            escaped(label)
        );
    }
    if !look.raw.is_empty() {
        let _ = write!(
            out,
            "<details><summary>sent</summary><pre>{}</pre></details>",
            escaped(&look.raw)
        );
    }
    out + "</div>"
}

fn document(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head>\n\
         <body><h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )
}
