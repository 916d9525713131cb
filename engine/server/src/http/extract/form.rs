mod list;
mod nested;

use super::{Shown, notes::Notes, unknown::unknown};
use crate::http::{ApiError, code::ErrorCode};
use push_notify_core::{
    i18n::Text,
    id::RowId,
    secret::{self, MASK},
};
use serde_json::{Map, Value, json};

/// A JSON object. Each field is read by its name, which also checks it; `finish` fails with
/// everything that was wrong: 400 when a field has the wrong type, else 422. `null` counts as
/// absent, and so does the empty text that a front end's form sends for a choice, number, date or
/// time zone. A field that nothing reads is refused: nothing else would tell of a misspelt one.
pub struct Form {
    fields: Map<String, Value>,
    malformed: Vec<Text>,
    broken: Vec<(Option<&'static ErrorCode>, Text)>,
    notes: Option<Notes>,
    required: Vec<String>,
    /// The names that were read.
    known: Vec<String>,
    /// Names that whoever sends back what was shown sends too.
    shown: Shown,
    /// Of the names of fields, where this is an object within another.
    prefix: String,
}

pub const MISSING: Text = Text::new("不能为空", "must not be empty");

impl From<Map<String, Value>> for Form {
    fn from(fields: Map<String, Value>) -> Self {
        Self {
            fields,
            malformed: Vec::new(),
            broken: Vec::new(),
            notes: None,
            required: Vec::new(),
            known: Vec::new(),
            shown: Shown::default(),
            prefix: String::new(),
        }
    }
}

impl Form {
    /// Without fields; it writes down which ones are read.
    pub fn recorder() -> Self {
        Self {
            notes: Some(Notes::default()),
            ..Self::from(Map::new())
        }
    }

    pub fn into_notes(self) -> Notes {
        self.notes.unwrap_or_default()
    }

    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        match serde_json::from_slice(without_bom(body)) {
            Ok(Value::Object(fields)) => Ok(fields.into()),
            Ok(_) => Err(ApiError::malformed(vec![Text::new(
                "请求体必须是JSON对象",
                "the body must be a JSON object",
            )])),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                Err(ApiError::malformed(vec![Text::made(
                    format!("请求体不是有效的JSON（第{line}行第{column}列）"),
                    format!("the body is not valid JSON (line {line}, column {column})"),
                )]))
            }
        }
    }

    pub fn note(&mut self, name: &str, schema: impl FnOnce() -> Value) {
        if !self.fields.is_empty() && !self.known.iter().any(|known| known == name) {
            self.known.push(name.to_owned());
        }
        if let Some(notes) = &mut self.notes {
            notes.field(name, schema());
        }
    }

    /// Whether the field is there, `null` or not.
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Whether the field is there and not `null`.
    pub fn is_given(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|value| !value.is_null())
    }

    /// Whether the field is there, neither `null` nor the empty text.
    pub fn is_filled(&self, name: &str) -> bool {
        self.is_given(name) && self.fields.get(name).is_some_and(|value| value != "")
    }

    /// Whether the field is the mask that stands for a stored secret.
    pub fn is_mask(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|value| value == MASK)
    }

    /// One line of text without surrounding spaces, neither absent nor empty.
    pub fn required_line(&mut self, name: &str, longest: usize) -> String {
        self.require(name);
        self.line(name, longest).unwrap_or_default()
    }

    /// One line of text without surrounding spaces; not empty where it is given.
    pub fn line(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.text(name, longest, false)?;
        let text = text.trim();
        if text.is_empty() {
            self.refuse(name, &MISSING);
            return None;
        }
        Some(text.to_owned())
    }

    /// As [`Form::line`]; an empty one counts as absent.
    pub fn optional_line(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.text(name, longest, false)?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A secret that is pasted: a token or a key. One with blanks around it is refused.
    pub fn pasted(&mut self, name: &str, longest: usize) -> Option<String> {
        let given = self.fields.get(name).and_then(Value::as_str);
        let is_refused = given.is_some_and(secret::has_blanks_around);
        if is_refused {
            self.refuse(name, &secret::BLANKS_AROUND);
        }
        // Also where it is refused: the field is known.
        self.secret(name, longest).filter(|_| !is_refused)
    }

    /// One line of text as it stands: a password.
    pub fn secret(&mut self, name: &str, longest: usize) -> Option<String> {
        self.text(name, longest, false)
    }

    /// Text that may have lines.
    pub fn prose(&mut self, name: &str, longest: usize) -> Option<String> {
        self.text(name, longest, true)
    }

    fn text(&mut self, name: &str, longest: usize, lines: bool) -> Option<String> {
        self.note(name, || json!({ "type": "string", "maxLength": longest }));
        let Value::String(text) = self.present(name)? else {
            self.mistyped(name, Text::new("必须是字符串", "must be a string"));
            return None;
        };
        if text.chars().count() > longest {
            let problem = Text::made(
                format!("不能超过{longest}个字符"),
                format!("has at most {longest} characters"),
            );
            self.refuse(name, &problem);
            return None;
        }
        let allowed = |c: char| lines && matches!(c, '\n' | '\r' | '\t');
        if text.chars().any(|c| c.is_control() && !allowed(c)) {
            let problem = Text::new("不能包含控制字符", "must not contain control characters");
            self.refuse(name, &problem);
            return None;
        }
        Some(text)
    }

    pub fn choice(&mut self, name: &str, options: &[&'static str]) -> Option<&'static str> {
        self.note(name, || json!({ "type": "string", "enum": options }));
        let Value::String(text) = self.filled(name)? else {
            self.mistyped(name, Text::new("必须是字符串", "must be a string"));
            return None;
        };
        let chosen = options.iter().find(|option| **option == text).copied();
        if chosen.is_none() {
            let options = options.join(", ");
            let problem = Text::made(
                format!("必须是以下之一：{options}"),
                format!("must be one of: {options}"),
            );
            self.refuse(name, &problem);
        }
        chosen
    }

    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        self.note(name, || json!({ "type": "boolean" }));
        match self.present(name)? {
            Value::Bool(value) => Some(value),
            _ => {
                self.mistyped(
                    name,
                    Text::new("必须是true或false", "must be true or false"),
                );
                None
            }
        }
    }

    pub fn id<I: RowId>(&mut self, name: &str) -> Option<I> {
        self.whole(name, 1, i64::MAX).map(I::new)
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        self.note(
            name,
            || json!({ "type": "integer", "minimum": least, "maximum": most }),
        );
        let value = self.filled(name)?;
        match value.as_i64() {
            Some(number) if (least..=most).contains(&number) => Some(number),
            Some(_) => {
                let problem = match most {
                    i64::MAX => Text::new("必须是正整数", "must be a positive whole number"),
                    _ => Text::made(
                        format!("必须在{least}到{most}之间"),
                        format!("must be between {least} and {most}"),
                    ),
                };
                self.refuse(name, &problem);
                None
            }
            None => {
                self.mistyped(name, Text::new("必须是整数", "must be a whole number"));
                None
            }
        }
    }

    /// A number from 0 to `most`, whole or not.
    pub fn decimal(&mut self, name: &str, most: f64) -> Option<f64> {
        self.note(
            name,
            || json!({ "type": "number", "minimum": 0, "maximum": most }),
        );
        let Some(number) = self.filled(name)?.as_f64() else {
            self.mistyped(name, Text::new("必须是数字", "must be a number"));
            return None;
        };
        if (0.0..=most).contains(&number) {
            return Some(number);
        }
        let problem = Text::made(
            format!("必须在0到{most}之间"),
            format!("must be between 0 and {most}"),
        );
        self.refuse(name, &problem);
        None
    }

    pub fn required_id<I: RowId>(&mut self, name: &str) -> I {
        I::new(self.required_positive(name))
    }

    /// A whole number from 1.
    pub fn required_positive(&mut self, name: &str) -> i64 {
        self.require(name);
        self.whole(name, 1, i64::MAX).unwrap_or_default()
    }

    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        self.note(name, || json!({ "type": "object" }));
        match self.present(name)? {
            Value::Object(object) => Some(object),
            _ => {
                self.mistyped(name, Text::new("必须是对象", "must be an object"));
                None
            }
        }
    }

    /// The field must be there, which the caller checks.
    pub fn note_required(&mut self, name: &str) {
        self.required.push(name.to_owned());
        if let Some(notes) = &mut self.notes {
            notes.require(name);
        }
    }

    /// The field must be there.
    pub fn require(&mut self, name: &str) {
        self.note_required(name);
        if !self.is_given(name) {
            self.refuse(name, &MISSING);
        }
    }

    /// A rule that the field breaks.
    pub fn refuse(&mut self, name: &str, problem: &Text) {
        let problem = self.about(name, problem);
        self.broken.push((None, problem));
    }

    /// A rule with a business code of its own, which the answer has when nothing else is wrong.
    pub fn refuse_as(&mut self, known: &'static ErrorCode, name: &str, problem: &Text) {
        let problem = self.about(name, problem);
        self.broken.push((Some(known), problem));
    }

    /// What `read` refuses has this business code.
    pub fn under<T>(&mut self, known: &'static ErrorCode, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.broken.len();
        let value = read(self);
        for (code, _) in self.broken.iter_mut().skip(before) {
            code.get_or_insert(known);
        }
        value
    }

    pub fn finish(mut self) -> Result<(), ApiError> {
        self.refuse_unknown();
        if !self.malformed.is_empty() {
            return Err(ApiError::malformed(self.malformed));
        }
        let Some((first, _)) = self.broken.first() else {
            return Ok(());
        };
        let known =
            first.filter(|first| self.broken.iter().all(|(known, _)| *known == Some(first)));
        let details = self.broken.into_iter().map(|(_, text)| text).collect();
        Err(match known {
            Some(known) => ApiError::from(known).with(details),
            None => ApiError::invalid(details),
        })
    }

    /// For a change: what is shown of the thing and cannot be changed is left alone where it is
    /// sent back.
    pub fn leave(&mut self, shown: Shown) {
        self.shown = shown;
    }

    fn refuse_unknown(&mut self) {
        let given = self.fields.keys().map(String::as_str);
        let given = given.filter(|name| !self.shown.has(name));
        for (name, problem) in unknown(&self.known, given) {
            self.refuse(&name, &problem);
        }
    }

    pub fn present(&mut self, name: &str) -> Option<Value> {
        self.fields
            .get(name)
            .filter(|value| !value.is_null())
            .cloned()
    }

    /// As `present`; the empty text counts as absent.
    pub fn filled(&mut self, name: &str) -> Option<Value> {
        if let Some(notes) = &mut self.notes {
            notes.may_be_empty(name);
        }
        let value = self.present(name)?;
        if value != "" {
            return Some(value);
        }
        if self.required.iter().any(|required| required == name) {
            self.refuse(name, &MISSING);
        }
        None
    }

    pub fn mistyped(&mut self, name: &str, problem: Text) {
        let problem = self.about(name, &problem);
        self.malformed.push(problem);
    }

    fn about(&self, name: &str, problem: &Text) -> Text {
        Text::of_field(&format!("{}{name}", self.prefix), problem)
    }
}

/// `body` without the byte order mark that programs of Windows put before it.
pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
