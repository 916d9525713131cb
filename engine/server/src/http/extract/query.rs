use super::path::positive;
use crate::{
    clock::Micros,
    http::{
        ApiError, Text,
        page::{LARGEST, Page},
    },
};
use axum::{extract::FromRequestParts, http::request::Parts};
use std::{collections::HashMap, convert::Infallible};

/// The query's parameters. Each is read by its name; `finish` fails (400) with everything that was wrong. One that is
/// there but empty counts as absent; unknown ones are ignored.
pub struct Query {
    values: HashMap<String, String>,
    problems: Vec<Text>,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    pub(super) fn parse(text: &str) -> Self {
        Self {
            values: url::form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
            problems: Vec::new(),
        }
    }

    /// `sortable` lists the names that `sort` takes, each with its SQL; the first is the default.
    pub fn page(&mut self, sortable: &[(&str, &'static str)]) -> Page {
        let mut page = Page::first(sortable.first().map_or("id", |(_, sql)| sql));
        if let Some(number) = self.take("page") {
            match positive(&number).and_then(|number| u32::try_from(number).ok()) {
                Some(number) => page.number = number,
                None => self.refuse(
                    "page",
                    Text::new("必须是正整数", "must be a positive whole number"),
                ),
            }
        }
        if let Some(size) = self.take("size") {
            match positive(&size).and_then(|size| u32::try_from(size).ok()) {
                Some(size) if size <= LARGEST => page.size = size,
                _ => self.refuse(
                    "size",
                    Text::new("必须在1到100之间", "must be between 1 and 100"),
                ),
            }
        }
        if let Some(sort) = self.take("sort") {
            match sortable.iter().find(|(name, _)| *name == sort) {
                Some((_, sql)) => page.sort = sql,
                None => {
                    let names: Vec<&str> = sortable.iter().map(|(name, _)| *name).collect();
                    self.refuse("sort", one_of(&names));
                }
            }
        }
        if let Some(order) = self.choice("order", &["asc", "desc"]) {
            page.descending = order == "desc";
        }
        page
    }

    pub fn id(&mut self, name: &str) -> Option<i64> {
        let value = self.take(name)?;
        let id = positive(&value);
        if id.is_none() {
            self.refuse(
                name,
                Text::new("必须是正整数", "must be a positive whole number"),
            );
        }
        id
    }

    /// At most 200 characters.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let value = self.take(name)?;
        if value.chars().count() > 200 {
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
        let value = self.take(name)?;
        let chosen = options.iter().find(|option| **option == value).copied();
        if chosen.is_none() {
            self.refuse(name, one_of(options));
        }
        chosen
    }

    /// RFC 3339.
    pub fn time(&mut self, name: &str) -> Option<Micros> {
        let value = self.take(name)?;
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

    pub fn finish(self) -> Result<(), ApiError> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(ApiError::malformed(self.problems))
        }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.values.remove(name).filter(|value| !value.is_empty())
    }

    fn refuse(&mut self, name: &str, problem: Text) {
        let detail = Text::made(
            format!("参数{name}{}", problem.as_str(crate::http::Locale::Chinese)),
            format!("{name} {}", problem.as_str(crate::http::Locale::English)),
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
