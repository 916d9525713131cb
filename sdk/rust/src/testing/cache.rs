use std::cell::RefCell;
use std::collections::HashMap;

/// Values with the Unix time in ms at which they are gone.
#[derive(Default)]
pub(super) struct Cache(RefCell<HashMap<String, (Vec<u8>, u64)>>);

impl Cache {
    pub(super) fn get(&self, key: &str, now_ms: u64) -> Option<Vec<u8>> {
        let entries = self.0.borrow();
        let (value, gone) = entries.get(key)?;
        (*gone > now_ms).then(|| value.clone())
    }

    pub(super) fn set(&self, key: &str, value: &[u8], ttl_seconds: u32, now_ms: u64) {
        assert!(key.len() <= 256, "a key of the cache has at most 256 bytes");
        assert!(
            value.len() <= 64 * 1024,
            "a value of the cache has at most 64 KiB"
        );
        let gone = now_ms.saturating_add(u64::from(ttl_seconds) * 1000);
        self.0
            .borrow_mut()
            .insert(key.to_owned(), (value.to_owned(), gone));
    }

    pub(super) fn delete(&self, key: &str) {
        self.0.borrow_mut().remove(key);
    }
}
