//! Objects within a body that are read field by field.

use super::Form;
use crate::http::Text;

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
        self.malformed.extend(inner.malformed);
        self.broken.extend(inner.broken);
        Some(fields)
    }

    /// No field may be there but these.
    pub fn only(&mut self, known: &[&str]) {
        if let Some(notes) = &mut self.notes {
            notes.close();
        }
        let others = self
            .fields
            .keys()
            .filter(|name| !known.contains(&name.as_str()));
        for name in others.take(20).cloned().collect::<Vec<_>>() {
            let shown: String = name.chars().take(100).collect();
            self.refuse(&shown, &Text::new("不是已知字段", "is not a known field"));
        }
    }
}
