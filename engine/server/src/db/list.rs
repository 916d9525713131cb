//! The conditions of statements that list rows. Values are always bound, never text in the statement.

use sqlx::{Any, any::AnyArguments, query::Query};

/// Conditions that all hold, with their values in order.
#[derive(Debug, Default)]
pub struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Int(i64),
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl Filter {
    /// A condition without a value.
    pub fn always(mut self, condition: &'static str) -> Self {
        self.conditions.push(condition.to_owned());
        self
    }

    /// In `condition`, `?` stands for the value, as often as it comes. Nothing is added when there is no value.
    pub fn and(mut self, condition: &'static str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.values.push(value.into());
            let place = format!("${}", self.values.len());
            self.conditions.push(condition.replace('?', &place));
        }
        self
    }

    /// As [`Filter::and`]; the value is what `LIKE ? ESCAPE '\'` needs to find `text` anywhere.
    pub fn containing(self, condition: &'static str, text: Option<String>) -> Self {
        self.and(condition, text.map(|text| pattern(&text)))
    }

    /// ` WHERE ...`, or nothing.
    pub fn sql(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.conditions.join(" AND "))
        }
    }

    pub fn bind<'q>(&self, query: Query<'q, Any, AnyArguments>) -> Query<'q, Any, AnyArguments> {
        self.values.iter().fold(query, |query, value| match value {
            Value::Int(value) => query.bind(*value),
            Value::Text(value) => query.bind(value.as_str()),
        })
    }
}

/// `a_b` -> `%a\_b%`.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests;
