//! What strangers write arrives as they wrote it, and does nothing, in every channel and part.

use pulldown_cmark::{Event, Options, Parser, Tag};
use push_notify_tests::{
    Backend, Delivery, DingTalk, Email, Robot, Security, Smtp, TestApp, push_body,
};
use serde_json::json;

/// Files that the built-in templates list.
const FILES: usize = 5;
const HOST: &str = "https://github.com/company/backend-service";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_of_strangers_arrive_as_they_are_in_every_channel_and_part() {
    let strangers: Vec<String> =
        serde_json::from_str(include_str!("../../strangers.json")).expect("a list of texts");
    // These are made characters that cannot be shown, or told apart from white space.
    let told = |text: &String| !text.contains(['\u{fdd0}', '\u{feff}']);
    let strangers: Vec<String> = strangers.into_iter().filter(told).collect();
    // A name keeps no character that turns the order of others round, a message does.
    let is_line =
        |text: &&String| !text.contains(['\n', '\r', '\t', '\u{202e}']) && text.trim() == *text;
    let lines: Vec<&String> = strangers.iter().filter(is_line).collect();
    let blocks: Vec<&String> = strangers.iter().filter(|it| it.contains('\n')).collect();
    assert!(lines.len() >= 40 && blocks.len() >= 10);

    let robot = DingTalk::start().await;
    let smtp = Smtp::start(Security::Implicit).await;
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend__service_*x*").await;
    app.target(Robot::at(&robot).target("team")).await;
    app.target(Email::through(&smtp).target("list")).await;
    let chunks: Vec<&[&String]> = lines.chunks(FILES).collect();
    let rounds = chunks.len().max(blocks.len());
    for (index, message) in blocks.iter().cycle().enumerate().take(rounds) {
        let files = chunks[index % chunks.len()];
        let commit = format!("{index:040x}");
        let mut body = push_body(&commit);
        body["ref"] = json!("refs/heads/feature/__wip__<b>`x`");
        body["commits"][0]["message"] = json!(message);
        body["commits"][0]["author"]["name"] = json!("_Bot_ *x* [y](https://evil.example)");
        body["commits"][0]["author"]["username"] = json!(null);
        body["commits"][0]["added"] = json!([]);
        body["commits"][0]["modified"] = json!(files);
        let answer = app
            .deliver(&repo, Delivery::new("push", &body))
            .await
            .expect(200);
        for id in answer.data()["push_ids"].as_array().expect("ids") {
            app.push_in_state(id.as_i64().expect("an id"), "delivered")
                .await;
        }
        let mut wanted: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
        wanted.extend([
            message.trim().lines().next().expect("a line"),
            "backend__service_*x*",
            "feature/__wip__<b>`x`",
            "_Bot_ *x* [y](https://evil.example)",
        ]);

        let sent = robot.messages().pop().expect("a message");
        let chat = sent["markdown"]["text"].as_str().expect("a text");
        assert!(
            !chat.contains("![") && !chat.contains("<b>") && !chat.contains("<img"),
            "{chat}"
        );
        assert_shows("DingTalk", &shown(chat), &wanted, chat);

        let mail = smtp.mails().pop().expect("a mail");
        let mail = mail.parse();
        let text = mail.body_text(0).expect("a text").into_owned();
        assert_shows("text/plain", &text, &wanted, &text);
        let html = mail.body_html(0).expect("HTML").into_owned();
        let content = html.split("<td class=\"text\"").last();
        let content = content.expect("the frame");
        let text = content.split("<div class=\"body\">").last();
        let text = text.expect("the text");
        for tag in [
            "<em",
            "<del",
            "<pre",
            "<code",
            "<blockquote",
            "<hr",
            "<h1",
            "<img",
            "<ol",
            "<input",
        ] {
            assert!(!text.contains(tag), "{tag} in {text}");
        }
        let foreign = |link: &str| !link.starts_with(HOST);
        let mut links = content.split("<a href=\"").skip(1);
        assert!(!links.any(foreign), "{content}");
        assert_shows("text/html", &text_of(content), &wanted, content);
    }
    app.stop().await;
}

#[track_caller]
fn assert_shows(part: &str, shown: &str, wanted: &[&str], source: &str) {
    let bare = |text: &str| text.replace(|c: char| c.is_whitespace(), "");
    let shown = bare(shown);
    for text in wanted {
        assert!(
            shown.contains(&bare(text)),
            "{part} does not show {text:?} as it is: {source}"
        );
    }
}

/// What a reader of the Markdown sees. All of its links lead to the host.
fn shown(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(words) => text.push_str(&words),
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with(HOST), "{dest_url} in {markdown}");
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::List(None) | Tag::Item)
            | Event::Start(Tag::Strong)
            | Event::End(_)
            | Event::SoftBreak
            | Event::HardBreak => text.push('\n'),
            other => panic!("{other:?} in {markdown}"),
        }
    }
    text
}

/// The text between the tags.
fn text_of(html: &str) -> String {
    let parts = html.split('<').enumerate();
    let words = parts.map(|(index, part)| match (index, part.split_once('>')) {
        (0, _) => part,
        (_, Some((_, words))) => words,
        (_, None) => "",
    });
    let text: String = words.collect();
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text, |text, (entity, c)| text.replace(entity, c))
}
