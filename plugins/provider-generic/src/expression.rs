//! One value of a mapping: where it comes from, what it is otherwise, and what it is called here.

use crate::{body::Scene, problem::problem};
use push_notify_sdk::MappingProblem;
use push_notify_template::Template;
use serde_json::{Map, Value};

/// The parts of a request that a pointer may begin with. Without one it is the body.
const PARTS: [&str; 4] = ["body", "item", "header", "query"];
/// In `map`, what every other value becomes.
const OTHERS: &str = "*";
/// What Go's templates write where there is nothing: here it is nothing.
const ABSENT: &str = "<no value>";

pub(crate) struct Expression {
    source: Source,
    default: Option<String>,
    map: Option<Map<String, Value>>,
}

pub(crate) enum Source {
    Pointer { part: String, pointer: String },
    Template(Box<Template>),
    Constant(String),
}

impl Expression {
    /// A text, or `{"from": text, "default": text, "map": {value: text}}`.
    pub(crate) fn parse(field: &str, value: &Value) -> Result<Self, MappingProblem> {
        match value {
            Value::String(text) => Ok(Self {
                source: Source::parse(field, text)?,
                default: None,
                map: None,
            }),
            Value::Object(parts) => Self::of_parts(field, parts),
            _ => Err(problem(
                field,
                "必须是文本，或含from、default、map的对象",
                "must be a text, or an object of from, default and map",
            )),
        }
    }

    fn of_parts(field: &str, parts: &Map<String, Value>) -> Result<Self, MappingProblem> {
        let of = |name: &str| format!("{field}.{name}");
        if let Some(name) = parts
            .keys()
            .find(|name| !["from", "default", "map"].contains(&name.as_str()))
        {
            return Err(problem(
                &of(name),
                "未知的键，可用from、default、map",
                "is unknown: there are from, default and map",
            ));
        }
        let text = |name: &str| match parts.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(problem(&of(name), "必须是文本", "must be a text")),
        };
        let from = text("from")?;
        let from = from.ok_or_else(|| problem(&of("from"), "必填", "is required"))?;
        let map = match parts.get("map") {
            None => None,
            Some(Value::Object(map)) if map.values().all(Value::is_string) => Some(map.clone()),
            Some(_) => {
                let (zh, en) = ("必须是值为文本的对象", "must be an object of texts");
                return Err(problem(&of("map"), zh, en));
            }
        };
        Ok(Self {
            source: Source::parse(&of("from"), &from)?,
            default: text("default")?,
            map,
        })
    }

    /// None: there is nothing, and no default.
    pub(crate) fn text(
        &self,
        field: &str,
        scene: &Scene<'_>,
    ) -> Result<Option<String>, MappingProblem> {
        let found = self.source.text(field, scene)?;
        let found = match (&self.map, found) {
            (Some(map), Some(found)) => {
                let other = || map.get(OTHERS).and_then(Value::as_str);
                let known = map.get(found.trim()).and_then(Value::as_str).or_else(other);
                Some(known.map_or(found, str::to_owned))
            }
            (_, found) => found,
        };
        let found = found.filter(|text| !text.trim().is_empty());
        Ok(found.or_else(|| self.default.clone()))
    }
}

impl Source {
    /// `/a/0/b` points into the body, `item:/a` into the list's element, `header:/x-name` and
    /// `query:/name` beside it; what has `{{` in it is a template; anything else stands for itself.
    pub(crate) fn parse(field: &str, text: &str) -> Result<Self, MappingProblem> {
        if text.contains("{{") {
            let template = Template::parse_untried("", text, &Value::Null);
            return template
                .map(|it| Self::Template(Box::new(it)))
                .map_err(|error| {
                    let line = error
                        .line
                        .map_or_else(String::new, |line| format!("line {line}: "));
                    let why = format!("{line}{}", error.message);
                    problem(
                        field,
                        format!("模板有误：{why}"),
                        format!("is no template: {why}"),
                    )
                });
        }
        let (part, pointer) = match text.split_once(':') {
            Some((part, pointer))
                if PARTS.contains(&part) && (pointer.is_empty() || pointer.starts_with('/')) =>
            {
                (part, pointer)
            }
            _ if text.starts_with('/') => ("body", text),
            _ => return Ok(Self::Constant(text.to_owned())),
        };
        let escapes = pointer.split('~').skip(1);
        if escapes.clone().any(|rest| !rest.starts_with(['0', '1'])) {
            return Err(problem(
                field,
                "不是JSON指针：~之后须为0或1",
                "is no JSON pointer: after ~ comes 0 or 1",
            ));
        }
        Ok(Self::Pointer {
            part: part.to_owned(),
            pointer: pointer.to_owned(),
        })
    }

    pub(crate) fn value<'a>(&self, scene: &Scene<'a>) -> Option<&'a Value> {
        match self {
            Self::Pointer { part, pointer } => scene.find(part, pointer),
            _ => None,
        }
    }

    fn text(&self, field: &str, scene: &Scene<'_>) -> Result<Option<String>, MappingProblem> {
        match self {
            Self::Constant(text) => Ok(Some(text.clone())),
            Self::Pointer { .. } => Ok(self.value(scene).and_then(text)),
            Self::Template(template) => {
                // The words of strangers make no markup of their own.
                let data = scene.value();
                let rendered = match field {
                    "text" | "text.from" => template.render_message(&data),
                    _ => template.render(&data),
                };
                let rendered = rendered.map_err(|error| {
                    let why = error.message;
                    problem(
                        field,
                        format!("无法渲染：{why}"),
                        format!("cannot be rendered: {why}"),
                    )
                })?;
                let text = rendered.body.replace(ABSENT, "");
                Ok(Some(text.trim().to_owned()))
            }
        }
    }
}

/// Lists and objects as JSON.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
