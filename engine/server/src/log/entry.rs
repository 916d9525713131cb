use super::Kind;
use push_notify_core::i18n::Locale;
use serde::{Serialize, Serializer, ser::Error as _};
use sqlx::any::AnyRow;
use std::{borrow::Cow, fmt::Display};

/// A row of one of the logs, as lists and exports show it.
pub trait Entry: Serialize + Sized + Send {
    const KIND: Kind;
    /// What is selected for [`Entry::read`].
    const SELECTED: &'static str;
    /// The head of an exported table.
    const HEAD: &'static [&'static str];

    fn read(row: &AnyRow) -> Result<Self, sqlx::Error>;

    /// Puts into words what depends on the reader's language.
    fn speak(&mut self, _: Locale) {}

    /// Its line of an exported table, under [`Entry::HEAD`].
    fn cells(&self) -> Vec<Cow<'_, str>>;
}

/// What is kept as JSON is shown as JSON.
pub(super) fn json_text<S: Serializer>(
    text: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let value: Option<serde_json::Value> = text
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(S::Error::custom)?;
    value.serialize(serializer)
}

/// The cell of what may be missing.
pub(super) fn optional(text: &Option<String>) -> Cow<'_, str> {
    text.as_deref().unwrap_or_default().into()
}

/// The cell of a number.
pub(super) fn number<'a>(value: impl Display) -> Cow<'a, str> {
    value.to_string().into()
}

/// The cell of a number that may be missing.
pub(super) fn optional_number<'a>(value: Option<impl Display>) -> Cow<'a, str> {
    value.map(number).unwrap_or_default()
}
