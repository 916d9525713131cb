//! A mapping: which part of a request is which part of an event.

use crate::{
    body::{Data, Scene},
    expression::{Expression, Source, text},
    preset,
    problem::problem,
};
use push_notify_sdk::{MappingProblem, Misfit, delivery::excerpt};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, slice};

/// As many as the contract takes of one delivery.
pub(crate) const MOST_EVENTS: usize = 32;
/// Labels, fields and conditions of a mapping, each.
const MOST_ENTRIES: usize = 64;

/// What an event has one of.
const FIELDS: [&str; 19] = [
    "id",
    "kind",
    "action",
    "subject",
    "title",
    "text",
    "url",
    "severity",
    "state",
    "actor",
    "happened_at",
    "repository",
    "repository_url",
    "branch",
    "tag",
    "commit",
    "name",
    "environment",
    "number",
];
const OTHERS: [&str; 5] = ["preset", "each", "ignore", "labels", "fields"];

pub(crate) struct Mapping {
    each: Option<Source>,
    ignore: Vec<Condition>,
    fields: BTreeMap<String, Expression>,
    labels: Listed,
    shown: Listed,
}

/// Names with values.
enum Listed {
    /// All entries of an object.
    Whole(Source),
    Named(Vec<(String, Expression)>),
}

struct Condition {
    when: Expression,
    is: Option<Vec<String>>,
    is_not: Option<Vec<String>>,
    absent: Option<bool>,
}

impl Mapping {
    /// Fails with every problem at once.
    pub(crate) fn parse(given: &Map<String, Value>) -> Result<Self, Vec<MappingProblem>> {
        let mut problems = Vec::new();
        let base = match given.get("preset") {
            None => None,
            Some(Value::String(name)) => preset::mapping(name).or_else(|| {
                let names = preset::names().join(", ");
                problems.push(problem(
                    "preset",
                    format!("没有这个预设，可用：{names}"),
                    format!("there is no such preset; there are {names}"),
                ));
                None
            }),
            Some(_) => {
                problems.push(problem("preset", "必须是文本", "must be a text"));
                None
            }
        };
        // What is given beside a preset takes the place of what the preset has.
        let mut all = base.unwrap_or_default();
        all.extend(
            given
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        let mut mapping = Self {
            each: None,
            ignore: Vec::new(),
            fields: BTreeMap::new(),
            labels: Listed::Named(Vec::new()),
            shown: Listed::Named(Vec::new()),
        };
        for (name, value) in &all {
            if value.is_null() {
                continue;
            }
            if let Err(found) = mapping.take(name, value) {
                problems.extend(found);
            }
        }
        if !mapping.fields.contains_key("title") && problems.is_empty() {
            problems.push(problem(
                "title",
                "必填：填写title，或选择一个预设",
                "is required: give a title, or choose a preset",
            ));
        }
        match problems.is_empty() {
            true => Ok(mapping),
            false => Err(problems),
        }
    }

    fn take(&mut self, name: &str, value: &Value) -> Result<(), Vec<MappingProblem>> {
        match name {
            "preset" => {}
            "each" => self.each = Some(pointer(name, value).map_err(|it| vec![it])?),
            "ignore" => self.ignore = conditions(value)?,
            "labels" => self.labels = listed(name, value)?,
            "fields" => self.shown = listed(name, value)?,
            _ if FIELDS.contains(&name) => {
                let expression = Expression::parse(name, value).map_err(|it| vec![it])?;
                self.fields.insert(name.to_owned(), expression);
            }
            _ => {
                let known = FIELDS
                    .into_iter()
                    .chain(OTHERS)
                    .collect::<Vec<_>>()
                    .join(", ");
                return Err(vec![problem(
                    &excerpt(name),
                    format!("未知的键，可用：{known}"),
                    format!("is unknown: there are {known}"),
                )]);
            }
        }
        Ok(())
    }

    /// What an event is made of, each: the elements of the list that `each` points at, or the body.
    pub(crate) fn items<'a>(&self, data: &'a Data) -> Result<&'a [Value], Misfit> {
        let whole = slice::from_ref(&data.body);
        let Some(each) = &self.each else {
            return Ok(whole);
        };
        match each.value(&data.scene(&data.body)) {
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(fault("each", "所指的不是列表", "points at no list")),
            None => Err(fault(
                "each",
                "所指之处没有值",
                "points at nothing in this delivery",
            )),
        }
    }

    /// By which condition, if by one.
    pub(crate) fn ignores(&self, scene: &Scene<'_>) -> Result<Option<String>, Misfit> {
        for (at, condition) in self.ignore.iter().enumerate() {
            let field = format!("ignore.{at}");
            let found = condition.when.text(&field, scene);
            let found = found.map_err(|it| Misfit::Faulty(vec![it]))?;
            if condition.holds(found.as_deref()) {
                let found = found.unwrap_or_default();
                return Ok(Some(format!("mapping.{field} holds: {}", excerpt(&found))));
            }
        }
        Ok(None)
    }

    pub(crate) fn text(&self, name: &str, scene: &Scene<'_>) -> Result<Option<String>, Misfit> {
        let found = self.read(name, scene);
        found.map_err(|it| Misfit::Faulty(vec![it]))
    }

    pub(crate) fn read(
        &self,
        name: &str,
        scene: &Scene<'_>,
    ) -> Result<Option<String>, MappingProblem> {
        match self.fields.get(name) {
            Some(expression) => expression.text(name, scene),
            None => Ok(None),
        }
    }

    pub(crate) fn labels(
        &self,
        scene: &Scene<'_>,
    ) -> Result<Vec<(String, String)>, MappingProblem> {
        self.labels.read("labels", scene)
    }

    pub(crate) fn shown(&self, scene: &Scene<'_>) -> Result<Vec<(String, String)>, MappingProblem> {
        self.shown.read("fields", scene)
    }
}

impl Listed {
    /// Those that have a value.
    fn read(
        &self,
        field: &str,
        scene: &Scene<'_>,
    ) -> Result<Vec<(String, String)>, MappingProblem> {
        match self {
            Self::Whole(source) => match source.value(scene) {
                None | Some(Value::Null) => Ok(Vec::new()),
                Some(Value::Object(entries)) => {
                    let entries = entries.iter();
                    let pair =
                        |(name, value): (&String, &Value)| Some((name.clone(), text(value)?));
                    Ok(entries.filter_map(pair).collect())
                }
                Some(_) => Err(problem(field, "所指的不是对象", "points at no object")),
            },
            Self::Named(entries) => {
                let mut found = Vec::with_capacity(entries.len());
                for (name, expression) in entries {
                    let value = expression.text(&format!("{field}.{name}"), scene)?;
                    found.extend(value.map(|value| (name.clone(), value)));
                }
                Ok(found)
            }
        }
    }
}

impl Condition {
    fn parse(field: &str, value: &Value) -> Result<Self, MappingProblem> {
        let Value::Object(parts) = value else {
            return Err(problem(field, "必须是对象", "must be an object"));
        };
        let of = |name: &str| format!("{field}.{name}");
        let known = ["when", "is", "is_not", "absent"];
        if let Some(name) = parts.keys().find(|name| !known.contains(&name.as_str())) {
            let (zh, en) = (
                "未知的键",
                "is unknown: there are when, is, is_not and absent",
            );
            return Err(problem(&of(&excerpt(name)), zh, en));
        }
        let when = parts.get("when").unwrap_or(&Value::Null);
        let texts = |name: &str| match parts.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(vec![text.clone()])),
            Some(Value::Array(list)) if list.iter().all(Value::is_string) => {
                Ok(Some(list.iter().filter_map(text).collect()))
            }
            Some(_) => {
                let (zh, en) = ("必须是文本或文本列表", "must be a text or a list of texts");
                Err(problem(&of(name), zh, en))
            }
        };
        let condition = Self {
            when: Expression::parse(&of("when"), when)?,
            is: texts("is")?,
            is_not: texts("is_not")?,
            absent: match parts.get("absent") {
                None => None,
                Some(Value::Bool(absent)) => Some(*absent),
                Some(_) => {
                    let (zh, en) = ("必须是true或false", "must be true or false");
                    return Err(problem(&of("absent"), zh, en));
                }
            },
        };
        if condition.is.is_none() && condition.is_not.is_none() && condition.absent.is_none() {
            let (zh, en) = ("须含is、is_not或absent", "must say is, is_not or absent");
            return Err(problem(field, zh, en));
        }
        Ok(condition)
    }

    /// All that it says must be so.
    fn holds(&self, found: Option<&str>) -> bool {
        let among =
            |texts: &Vec<String>| found.is_some_and(|it| texts.iter().any(|text| text == it));
        self.is.as_ref().is_none_or(among)
            && !self.is_not.as_ref().is_some_and(among)
            && self.absent.is_none_or(|absent| absent == found.is_none())
    }
}

fn conditions(value: &Value) -> Result<Vec<Condition>, Vec<MappingProblem>> {
    let Some(list) = value.as_array().filter(|list| list.len() <= MOST_ENTRIES) else {
        let (zh, en) = (
            "必须是最多64个条件的列表",
            "must be a list of at most 64 conditions",
        );
        return Err(vec![problem("ignore", zh, en)]);
    };
    let parsed = list.iter().enumerate();
    let parsed = parsed.map(|(at, value)| Condition::parse(&format!("ignore.{at}"), value));
    parted(parsed)
}

/// A pointer to an object, or an object of expressions.
fn listed(name: &str, value: &Value) -> Result<Listed, Vec<MappingProblem>> {
    match value {
        Value::Object(entries) if entries.len() <= MOST_ENTRIES => {
            let parsed = entries.iter().map(|(key, value)| {
                let expression = Expression::parse(&format!("{name}.{key}"), value)?;
                Ok((key.clone(), expression))
            });
            parted(parsed).map(Listed::Named)
        }
        Value::Object(_) => {
            let (zh, en) = ("最多64项", "has more than 64 entries");
            Err(vec![problem(name, zh, en)])
        }
        _ => match pointer(name, value) {
            Ok(source) => Ok(Listed::Whole(source)),
            Err(fault) => Err(vec![fault]),
        },
    }
}

fn pointer(name: &str, value: &Value) -> Result<Source, MappingProblem> {
    let source = value
        .as_str()
        .map(|text| Source::parse(name, text))
        .transpose()?;
    source
        .filter(|source| matches!(source, Source::Pointer { .. }))
        .ok_or_else(|| {
            let (zh, en) = (
                "必须是JSON指针，例如/alerts",
                "must be a JSON pointer such as /alerts",
            );
            problem(name, zh, en)
        })
}

/// All of them, or all of the problems.
fn parted<T>(
    results: impl Iterator<Item = Result<T, MappingProblem>>,
) -> Result<Vec<T>, Vec<MappingProblem>> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(one) => found.push(one),
            Err(problem) => problems.push(problem),
        }
    }
    match problems.is_empty() {
        true => Ok(found),
        false => Err(problems),
    }
}

fn fault(field: &str, zh: &str, en: &str) -> Misfit {
    Misfit::Faulty(vec![problem(field, zh, en)])
}
