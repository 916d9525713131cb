use super::{Notes, form::MISSING, path::positive, unknown::unknown};
use crate::http::{
    ApiError,
    describe::{About, Input},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use push_notify_core::{clock::Micros, i18n::Text, id::RowId};
use push_notify_db::page::{LARGEST, Page, Part, USUAL};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Of any text, in characters.
const LONGEST: usize = 200;

/// The query's parameters. Each is read by its name; `finish` fails (400) with everything that was
/// wrong. One that is there but empty counts as absent. One that nothing reads is refused, and one
/// that is given twice.
pub struct Query {
    values: HashMap<String, String>,
    /// The names that were read.
    known: Vec<String>,
    /// The names that are there more than once.
    repeated: Vec<String>,
    problems: Vec<Text>,
    notes: Option<Notes>,
}

/// What a query asks for.
pub trait FromQuery: Sized {
    /// Reads each parameter, whatever the others are: this is also how the documentation learns of
    /// them.
    fn read(query: &mut Query) -> Self;
}

/// A checked query.
pub struct Asked<T>(pub T);

impl<T: FromQuery, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut query = Query::parse(parts.uri.query().unwrap_or_default());
        let asked = T::read(&mut query);
        query.finish()?;
        Ok(Self(asked))
    }
}

impl<T: FromQuery> Input for Asked<T> {
    fn describe(about: &mut About<'_>) {
        let mut recorder = Query {
            notes: Some(Notes::default()),
            ..Query::parse("")
        };
        T::read(&mut recorder);
        about.query = recorder.notes.unwrap_or_default().into_parameters();
    }
}

impl FromQuery for Part {
    fn read(query: &mut Query) -> Self {
        query.note_number();
        query.note(
            "size",
            || json!({ "type": "integer", "minimum": 1, "maximum": LARGEST }),
        );
        Self {
            number: query.number(),
            size: query.size(),
        }
    }
}

impl Query {
    pub fn parse(text: &str) -> Self {
        let mut query = Self {
            values: HashMap::new(),
            known: Vec::new(),
            repeated: Vec::new(),
            problems: Vec::new(),
            notes: None,
        };
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()).into_owned() {
            if query.values.insert(name.clone(), value).is_some() {
                query.repeated.push(name);
            }
        }
        query
    }

    pub(super) fn note(&mut self, name: &str, schema: impl FnOnce() -> Value) {
        if !self.values.is_empty() {
            self.known.push(name.to_owned());
        }
        if let Some(notes) = &mut self.notes {
            notes.field(name, schema());
        }
    }

    /// `sortable` lists the names that `sort` takes, each with its SQL; the first is the default.
    pub fn page(&mut self, sortable: &[(&str, &'static str)]) -> Page {
        self.page_of(USUAL, sortable)
    }

    /// As [`Query::page`], the least first where no order is asked for.
    pub fn page_ascending(&mut self, sortable: &[(&str, &'static str)]) -> Page {
        let mut page = self.page(sortable);
        page.descending &= self.given("order").is_some();
        page
    }

    /// As [`Query::page`], with another usual size.
    pub fn page_of(&mut self, usual: u32, sortable: &[(&str, &'static str)]) -> Page {
        self.note_number();
        self.note(
            "size",
            || json!({ "type": "integer", "minimum": 1, "maximum": LARGEST, "default": usual }),
        );
        let names: Vec<&str> = sortable.iter().map(|(name, _)| *name).collect();
        self.note(
            "sort",
            || json!({ "type": "string", "enum": names, "default": names.first() }),
        );
        let mut page = Page::first(sortable.first().map_or("id", |(_, sql)| sql));
        page.number = self.number();
        page.size = self.size().unwrap_or(usual);
        if let Some(sort) = self.given("sort") {
            match sortable.iter().find(|(name, _)| *name == sort) {
                Some((_, sql)) => page.sort = sql,
                None => self.refuse("sort", one_of(&names)),
            }
        }
        if let Some(order) = self.choice("order", &["asc", "desc"]) {
            page.descending = order == "desc";
        }
        page
    }

    fn note_number(&mut self) {
        self.note(
            "page",
            || json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX, "default": 1 }),
        );
    }

    fn number(&mut self) -> u32 {
        let Some(text) = self.given("page") else {
            return 1;
        };
        let number = positive(&text).and_then(|number| u32::try_from(number).ok());
        if number.is_none() {
            let problem = Text::new("必须是正整数", "must be a positive whole number");
            self.refuse("page", problem);
        }
        number.unwrap_or(1)
    }

    fn size(&mut self) -> Option<u32> {
        let text = self.given("size")?;
        let size = positive(&text).and_then(|size| u32::try_from(size).ok());
        let size = size.filter(|size| *size <= LARGEST);
        if size.is_none() {
            let problem = Text::new("必须在1到100之间", "must be between 1 and 100");
            self.refuse("size", problem);
        }
        size
    }

    pub fn id<I: RowId>(&mut self, name: &str) -> Option<I> {
        self.positive(name).map(I::new)
    }

    /// A whole number from 1.
    pub fn positive(&mut self, name: &str) -> Option<i64> {
        self.note(name, || json!({ "type": "integer", "minimum": 1 }));
        let value = self.given(name)?;
        let number = positive(&value);
        if number.is_none() {
            self.refuse(
                name,
                Text::new("必须是正整数", "must be a positive whole number"),
            );
        }
        number
    }

    /// At most 200 characters.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.note(name, || json!({ "type": "string", "maxLength": LONGEST }));
        let value = self.given(name)?;
        if value.chars().count() > LONGEST {
            self.refuse(
                name,
                Text::new("不能超过200个字符", "has at most 200 characters"),
            );
            return None;
        }
        if value.chars().any(char::is_control) {
            self.refuse(
                name,
                Text::new("不能包含控制字符", "must not contain control characters"),
            );
            return None;
        }
        Some(value)
    }

    pub fn choice(&mut self, name: &str, options: &[&'static str]) -> Option<&'static str> {
        self.note(name, || json!({ "type": "string", "enum": options }));
        let value = self.given(name)?;
        let chosen = options.iter().find(|option| **option == value).copied();
        if chosen.is_none() {
            self.refuse(name, one_of(options));
        }
        chosen
    }

    /// The parameter must be there.
    pub fn require(&mut self, name: &str) {
        if let Some(notes) = &mut self.notes {
            notes.require(name);
        }
        if self.values.get(name).is_none_or(String::is_empty) {
            self.refuse(name, MISSING);
        }
    }

    /// `2026-01-19`.
    pub fn date(&mut self, name: &str) -> Option<jiff::civil::Date> {
        self.note(name, || json!({ "type": "string", "format": "date" }));
        let value = self.given(name)?;
        let date = jiff::civil::Date::strptime("%Y-%m-%d", &value).ok();
        if date.is_none() {
            let problem = Text::new(
                "必须是日期，例如2026-01-19",
                "must be a date such as 2026-01-19",
            );
            self.refuse(name, problem);
        }
        date
    }

    /// RFC 3339.
    pub fn time(&mut self, name: &str) -> Option<Micros> {
        self.note(name, || json!({ "type": "string", "format": "date-time" }));
        let value = self.given(name)?;
        let time = value.parse::<jiff::Timestamp>().ok();
        if time.is_none() {
            let problem = Text::new(
                "必须是RFC3339时间，例如2026-01-19T14:30:00Z",
                "must be an RFC 3339 time such as 2026-01-19T14:30:00Z",
            );
            self.refuse(name, problem);
        }
        time.map(jiff::Timestamp::as_microsecond)
    }

    pub fn finish(mut self) -> Result<(), ApiError> {
        for name in std::mem::take(&mut self.repeated) {
            if self.known.contains(&name) {
                self.refuse(&name, Text::new("重复", "is given more than once"));
            }
        }
        for (name, problem) in unknown(&self.known, self.values.keys().map(String::as_str)) {
            self.refuse(&name, problem);
        }
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(ApiError::malformed(self.problems))
        }
    }

    pub(super) fn given(&self, name: &str) -> Option<String> {
        let value = self.values.get(name)?;
        (!value.is_empty()).then(|| value.clone())
    }

    /// What is wrong with a parameter.
    pub fn refuse(&mut self, name: &str, problem: Text) {
        let detail = Text::made(
            format!(
                "参数{name}{}",
                problem.as_str(push_notify_core::i18n::Locale::Chinese)
            ),
            format!(
                "{name} {}",
                problem.as_str(push_notify_core::i18n::Locale::English)
            ),
        );
        self.problems.push(detail);
    }
}

fn one_of(options: &[&str]) -> Text {
    let options = options.join(", ");
    Text::made(
        format!("必须是以下之一：{options}"),
        format!("must be one of: {options}"),
    )
}
