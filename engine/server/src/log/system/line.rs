use super::Level;
use push_notify_core::clock::Micros;
use serde_json::{Map, Value};
use std::fmt;
use tracing::field::{Field, Visit};

/// A row to be written. All texts are of bounded length, and without what PostgreSQL does not take.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub level: Level,
    pub module: String,
    pub message: String,
    /// JSON.
    pub detail: Option<String>,
    pub request_id: Option<String>,
    pub client_ip: Option<String>,
    pub created_at: Micros,
}

const MESSAGE: usize = 4000;
const VALUE: usize = 2000;
/// Of an id, an address, a module.
const NAME: usize = 200;
const FIELDS: usize = 32;

impl Line {
    /// About how much memory it takes, in bytes.
    pub(super) fn size(&self) -> usize {
        let texts = [&self.detail, &self.request_id, &self.client_ip];
        let texts = texts.into_iter().flatten().map(String::len);
        size_of::<Self>() + self.module.len() + self.message.len() + texts.sum::<usize>()
    }
}

/// Whose request it is about; a line has this from its own fields or from the span around it.
#[derive(Debug, Default, Clone)]
pub(super) struct Origin {
    pub request_id: Option<String>,
    pub client_ip: Option<String>,
}

/// The fields of an event or a span.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub message: String,
    pub plugin: Option<String>,
    pub origin: Origin,
    pub rest: Map<String, Value>,
}

impl Fields {
    pub(super) fn detail(self) -> Option<String> {
        (!self.rest.is_empty()).then(|| Value::Object(self.rest).to_string())
    }

    fn text(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.message = bounded(value, MESSAGE),
            "request.id" => self.origin.request_id = Some(bounded(value, NAME)),
            "client.ip" => self.origin.client_ip = Some(bounded(value, NAME)),
            name => {
                if name == "plugin.id" {
                    self.plugin = Some(bounded(value, NAME));
                }
                self.keep(field, bounded(value, VALUE));
            }
        }
    }

    fn keep(&mut self, field: &Field, value: impl Into<Value>) {
        if self.rest.len() < FIELDS {
            self.rest.insert(field.name().to_owned(), value.into());
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, value);
    }
}

/// `push_notify::pipeline::send` -> `pipeline`, `push_notify_host::wasm` -> `host`; a plugin's own
/// lines are `plugin:ID`.
pub(super) fn module(target: &str, plugin: Option<&str>) -> String {
    if target == "plugin" {
        return plugin.map_or_else(|| target.to_owned(), |id| format!("plugin:{id}"));
    }
    let mut parts = target.split("::");
    let module = match (parts.next(), parts.next()) {
        (Some("push_notify_host"), _) => "host",
        (Some("push_notify"), Some(module)) => module,
        (Some("push_notify"), None) => "server",
        (library, _) => library.unwrap_or_default(),
    };
    bounded(module, NAME)
}

fn bounded(text: &str, most: usize) -> String {
    let end = text.floor_char_boundary(most);
    text[..end].replace('\0', "\u{fffd}")
}
