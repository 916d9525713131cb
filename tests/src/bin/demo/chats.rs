//! Six stand-ins for where messages go, and what their readers see.

use anyhow::Context as _;
use push_notify_tests::{
    DingTalk, Email, Receiver, Response, Robot, Security, Slack, Smtp, Telegram, TestApp,
};
use serde_json::{Value, json};

pub(crate) struct Chats {
    robot: DingTalk,
    feishu: Receiver,
    wecom: Receiver,
    slack: Slack,
    telegram: Telegram,
    mail: Smtp,
}

/// A message as a reader finds it now.
pub(crate) struct Shown {
    /// In the words of the far side: its Markdown, its tags.
    pub(crate) text: String,
    /// How often it was changed since it was sent.
    pub(crate) edits: usize,
}

impl Chats {
    /// DingTalk refuses the first message.
    pub(crate) async fn start() -> Self {
        let robot = DingTalk::start().await;
        robot.then(DingTalk::errcode(-1, "system busy"));
        let ok = |answer: Value| move |_: &_| Response::json(200, &answer);
        Self {
            robot,
            feishu: Receiver::answering(ok(json!({"code": 0, "msg": "success", "data": {}}))).await,
            wecom: Receiver::answering(ok(json!({"errcode": 0, "errmsg": "ok"}))).await,
            slack: Slack::start().await,
            telegram: Telegram::start().await,
            mail: Smtp::start(Security::Starttls).await,
        }
    }

    /// Makes a target of each, the chats of China in Chinese and the others in English. Where
    /// messages can be changed, they are.
    pub(crate) async fn targets(&self, app: &mut TestApp) -> Vec<(&'static str, i64)> {
        let feishu = json!({"token": "not-real", "api_url": self.feishu.url("")});
        let wecom = json!({"key": "not-real", "api_url": self.wecom.url("")});
        let targets = [
            (
                "DingTalk",
                "zh-CN",
                Robot::at(&self.robot).target("DingTalk"),
            ),
            (
                "Feishu",
                "zh-CN",
                json!({"name": "Feishu", "type": "feishu", "config": feishu}),
            ),
            (
                "WeCom",
                "zh-CN",
                json!({"name": "WeCom", "type": "wecom", "config": wecom}),
            ),
            ("Slack", "en-US", self.slack.target("Slack")),
            ("Telegram", "en-US", self.telegram.target("Telegram")),
            ("mail", "en-US", Email::through(&self.mail).target("mail")),
        ];
        let mut made = Vec::new();
        for (name, language, mut target) in targets {
            target["language"] = json!(language);
            target["conversation"] = json!("update");
            made.push((name, app.target(target).await));
        }
        made
    }

    /// All messages of each, the oldest first.
    pub(crate) fn seen(&self) -> anyhow::Result<Vec<(&'static str, Vec<Shown>)>> {
        let once = |text: String| Shown { text, edits: 0 };
        let feishu = self
            .feishu
            .requests()
            .into_iter()
            .map(|request| card(&request.json()));
        let wecom = self.wecom.requests().into_iter();
        let wecom = wecom.map(|request| text(&request.json(), "/markdown/content"));
        // The one that it refused is not among what readers see.
        let robot = self.robot.messages().into_iter().skip(1);
        let robot = robot.map(|message| text(&message, "/markdown/text"));
        let slack = self.slack.messages().into_iter().map(|message| Shown {
            text: blocks(&message.body),
            edits: message.edits,
        });
        let telegram = self.telegram.messages().into_iter().map(|message| Shown {
            text: message.text,
            edits: message.edits,
        });
        let mut mails = Vec::new();
        for mail in self.mail.mails() {
            let mail = mail.parse();
            let subject = mail.subject().context("a mail without a subject")?;
            let text = mail.body_text(0).context("a mail without a text part")?;
            mails.push(once(
                format!("Subject: {subject}\n\n{text}").replace("\r\n", "\n"),
            ));
        }
        Ok(vec![
            ("DingTalk", robot.map(once).collect()),
            ("Feishu", feishu.map(once).collect()),
            ("WeCom", wecom.map(once).collect()),
            ("Slack", slack.collect()),
            ("Telegram", telegram.collect()),
            ("mail", mails),
        ])
    }
}

fn text(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// Feishu's: title and tags of the header, then the elements.
fn card(body: &Value) -> String {
    let card = &body["card"];
    let header = &card["header"];
    let tags = header["text_tag_list"].as_array().into_iter().flatten();
    let tags: String = tags
        .map(|tag| format!("  [{}]", text(tag, "/text/content")))
        .collect();
    let colour = text(header, "/template");
    let mut lines = vec![format!(
        "({colour}) {}{tags}",
        text(header, "/title/content")
    )];
    for element in card["body"]["elements"].as_array().into_iter().flatten() {
        lines.push(match element["tag"].as_str() {
            Some("button") => format!(
                "[ {} ] {}",
                text(element, "/text/content"),
                text(element, "/behaviors/0/default_url"),
            ),
            _ => text(element, "/content"),
        });
    }
    lines.join("\n")
}

/// Slack's: the header, and the blocks beside the coloured bar.
fn blocks(body: &Value) -> String {
    let attachment = &body["attachments"][0];
    let mut lines = vec![format!(
        "({}) {}",
        text(attachment, "/color"),
        text(body, "/blocks/0/text/text")
    )];
    for block in attachment["blocks"].as_array().into_iter().flatten() {
        lines.push(match block["type"].as_str() {
            Some("context") => text(block, "/elements/0/text"),
            _ => text(block, "/text/text"),
        });
    }
    lines.join("\n")
}
