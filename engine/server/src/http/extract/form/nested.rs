//! Objects within a body that are read field by field.

use super::Form;
use push_notify_core::i18n::Text;
use serde_json::{Value, json};

impl Form {
    /// Reads the object `name`. What is wrong inside is named `NAME.FIELD`.
    pub fn nested<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if let Some(notes) = &mut self.notes {
            let mut inner = Self::recorder();
            let fields = read(&mut inner);
            notes.field(name, inner.into_notes().schema());
            return Some(fields);
        }
        let mut inner = Self {
            prefix: format!("{}{name}.", self.prefix),
            ..self.object(name)?.into()
        };
        let fields = read(&mut inner);
        inner.refuse_unknown();
        self.malformed.extend(inner.malformed);
        self.broken.extend(inner.broken);
        Some(fields)
    }

    /// Reads a list of at most `most` objects. What is wrong inside is named `NAME[PLACE].FIELD`.
    pub fn each<T>(
        &mut self,
        name: &str,
        most: usize,
        mut read: impl FnMut(&mut Self) -> T,
    ) -> Option<Vec<T>> {
        if let Some(notes) = &mut self.notes {
            let mut inner = Self::recorder();
            read(&mut inner);
            let entry = inner.into_notes().schema();
            notes.field(
                name,
                json!({ "type": "array", "items": entry, "maxItems": most }),
            );
            return None;
        }
        self.note(name, || Value::Null);
        let entries = self.array(name)?;
        if entries.len() > most {
            let problem = Text::made(
                format!("最多{most}项"),
                format!("has at most {most} entries"),
            );
            self.refuse(name, &problem);
            return None;
        }
        let mut all = Vec::with_capacity(entries.len());
        for (place, entry) in entries.into_iter().enumerate() {
            let Value::Object(fields) = entry else {
                let problem = Text::new("必须是对象列表", "must be a list of objects");
                self.mistyped(name, problem);
                return None;
            };
            let mut inner = Self {
                prefix: format!("{}{name}[{place}].", self.prefix),
                ..fields.into()
            };
            all.push(read(&mut inner));
            inner.refuse_unknown();
            self.malformed.extend(inner.malformed);
            self.broken.extend(inner.broken);
        }
        Some(all)
    }
}
