//! Small values that outlive a call, private to the plugin: 256 bytes a key, 64 KiB a value. May be
//! lost at any time.

use crate::engine;

pub fn get(key: &str) -> Option<Vec<u8>> {
    engine::cache::get(key)
}

pub fn set(key: &str, value: impl AsRef<[u8]>, ttl_seconds: u32) {
    engine::cache::set(key, value.as_ref(), ttl_seconds);
}

/// Like [`set`] when the key is absent; false, and nothing done, when it is there.
pub fn add(key: &str, value: impl AsRef<[u8]>, ttl_seconds: u32) -> bool {
    engine::cache::add(key, value.as_ref(), ttl_seconds)
}

pub fn delete(key: &str) {
    engine::cache::delete(key);
}
