//! Lists.

use super::{Form, MISSING};
use push_notify_core::{i18n::Text, id::RowId};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Of any list.
const MOST_ENTRIES: usize = 500;

impl Form {
    /// Ids, each once, ascending. At most 500.
    pub fn ids<I: RowId>(&mut self, name: &str) -> Option<Vec<I>> {
        let id = || json!({ "type": "integer", "minimum": 1 });
        self.note(
            name,
            || json!({ "type": "array", "items": id(), "maxItems": MOST_ENTRIES }),
        );
        let entries = self.array(name)?;
        let numbers: Option<Vec<i64>> = entries.iter().map(Value::as_i64).collect();
        let Some(mut numbers) = numbers else {
            self.mistyped(
                name,
                Text::new("必须是整数列表", "must be a list of whole numbers"),
            );
            return None;
        };
        if numbers.iter().any(|number| *number <= 0) {
            let problem = Text::new("只能包含正整数", "must hold positive numbers only");
            self.refuse(name, &problem);
            return None;
        }
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers.into_iter().map(I::new).collect())
    }

    /// As [`Form::ids`], neither absent nor empty.
    pub fn required_ids<I: RowId>(&mut self, name: &str) -> Vec<I> {
        self.require(name);
        let ids = self.ids(name);
        if ids.as_ref().is_some_and(Vec::is_empty) {
            self.refuse(name, &MISSING);
        }
        ids.unwrap_or_default()
    }

    /// Ids in the order of their rank, none of them twice. At most `most`.
    pub fn ranked_ids<I: RowId>(&mut self, name: &str, most: usize) -> Option<Vec<I>> {
        self.note(name, || {
            let id = json!({ "type": "integer", "minimum": 1 });
            json!({ "type": "array", "items": id, "maxItems": most, "uniqueItems": true })
        });
        let entries = self.array(name)?;
        let numbers: Option<Vec<i64>> = entries.iter().map(Value::as_i64).collect();
        let Some(numbers) = numbers else {
            let problem = Text::new("必须是整数列表", "must be a list of whole numbers");
            self.mistyped(name, problem);
            return None;
        };
        let different: HashSet<&i64> = numbers.iter().collect();
        let is_sound = numbers.len() <= most && different.len() == numbers.len();
        if !is_sound || numbers.iter().any(|number| *number <= 0) {
            let problem = Text::made(
                format!("最多包含{most}个互不相同的正整数"),
                format!("must hold at most {most} positive numbers, none of them twice"),
            );
            self.refuse(name, &problem);
            return None;
        }
        Some(numbers.into_iter().map(I::new).collect())
    }

    /// Strings from `options`, each once, in the order of `options`; not empty where it is given.
    pub fn choices(&mut self, name: &str, options: &[&'static str]) -> Option<Vec<&'static str>> {
        let option = || json!({ "type": "string", "enum": options });
        self.note(
            name,
            || json!({ "type": "array", "items": option(), "minItems": 1 }),
        );
        let chosen = self.subset(name, options)?;
        if chosen.is_empty() {
            let listed = options.join(", ");
            let problem = Text::made(
                format!("不能为空，可选项：{listed}"),
                format!("must hold one or more of: {listed}"),
            );
            self.refuse(name, &problem);
            return None;
        }
        Some(chosen)
    }

    /// As [`Form::choices`]; it may be empty.
    pub fn any_choices(
        &mut self,
        name: &str,
        options: &[&'static str],
    ) -> Option<Vec<&'static str>> {
        let option = || json!({ "type": "string", "enum": options });
        self.note(name, || json!({ "type": "array", "items": option() }));
        self.subset(name, options)
    }

    fn subset(&mut self, name: &str, options: &[&'static str]) -> Option<Vec<&'static str>> {
        let entries = self.array(name)?;
        let texts: Option<Vec<&str>> = entries.iter().map(Value::as_str).collect();
        let Some(texts) = texts else {
            self.mistyped(
                name,
                Text::new("必须是字符串列表", "must be a list of strings"),
            );
            return None;
        };
        if texts.iter().any(|text| !options.contains(text)) {
            let listed = options.join(", ");
            let problem = Text::made(
                format!("只能从以下选项中选取：{listed}"),
                format!("must hold nothing but: {listed}"),
            );
            self.refuse(name, &problem);
            return None;
        }
        Some(
            options
                .iter()
                .filter(|option| texts.contains(option))
                .copied()
                .collect(),
        )
    }

    /// Strings, each once.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.note(
            name,
            || json!({ "type": "array", "items": { "type": "string" }, "maxItems": MOST_ENTRIES }),
        );
        self.strings(name)
    }

    /// Lines of text without surrounding spaces, each once; at most `most` of up to `longest`
    /// characters.
    pub fn lines(&mut self, name: &str, most: usize, longest: usize) -> Option<Vec<String>> {
        self.note(name, || {
            let line = json!({ "type": "string", "minLength": 1, "maxLength": longest });
            json!({ "type": "array", "items": line, "maxItems": most })
        });
        let texts = self.strings(name)?;
        let is_sound = |text: &String| {
            let is_line = !text.trim().is_empty() && !text.chars().any(char::is_control);
            is_line && text.chars().count() <= longest
        };
        if texts.len() > most || !texts.iter().all(is_sound) {
            let problem = Text::made(
                format!("最多{most}项，每项为1到{longest}个字符的单行文本"),
                format!("must hold at most {most} lines of 1 to {longest} characters"),
            );
            self.refuse(name, &problem);
            return None;
        }
        let lines = texts.iter().map(|text| text.trim().to_owned());
        Some(lines.collect())
    }

    /// Names such as `DATA_LOSS`, each once: from 1 to `most` of them, each of up to `longest`
    /// capitals, digits and `_`.
    pub fn capitals(&mut self, name: &str, most: usize, longest: usize) -> Option<Vec<String>> {
        self.note(name, || {
            let pattern = format!("^[A-Z0-9_]{{1,{longest}}}$");
            let names = json!({ "type": "string", "pattern": pattern });
            json!({ "type": "array", "items": names, "minItems": 1, "maxItems": most })
        });
        let names = self.strings(name)?;
        let is_sound = |name: &String| {
            let fits = (1..=longest).contains(&name.len());
            let known =
                |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            fits && name.bytes().all(known)
        };
        if !(1..=most).contains(&names.len()) || !names.iter().all(is_sound) {
            let problem = Text::made(
                format!("必须有1到{most}项，每项为1到{longest}个大写字母、数字或下划线"),
                format!(
                    "must hold 1 to {most} names of 1 to {longest} capital letters, digits or underscores"
                ),
            );
            self.refuse(name, &problem);
            return None;
        }
        Some(names)
    }

    /// As [`Form::texts`], without a note.
    fn strings(&mut self, name: &str) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for entry in self.array(name)? {
            let Value::String(text) = entry else {
                let problem = Text::new("必须是字符串列表", "must be a list of strings");
                self.mistyped(name, problem);
                return None;
            };
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        Some(texts)
    }

    pub(super) fn array(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.present(name)? {
            Value::Array(entries) if entries.len() <= MOST_ENTRIES => Some(entries),
            Value::Array(_) => {
                let problem = Text::new("不能超过500项", "has at most 500 entries");
                self.refuse(name, &problem);
                None
            }
            _ => {
                self.mistyped(name, Text::new("必须是列表", "must be a list"));
                None
            }
        }
    }
}
