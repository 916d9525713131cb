//! Objects within a body that are read field by field.

use super::Form;

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
}
