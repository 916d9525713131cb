//! The input is a template: its first line the title, the rest the content.
#![no_main]

use libfuzzer_sys::fuzz_target;
use push_notify_template::{Template, sample_data};
use serde_json::Value;
use std::{cell::RefCell, panic};

thread_local! {
    static DATA: RefCell<Value> = RefCell::new(sample_data());
}

const MAX_TITLE_CHARS: usize = 500;
const MAX_BODY_BYTES: usize = 256 * 1024;

fuzz_target!(
    init: {
        // A rendering catches the panics of the engine below it: only those that leave it count.
        let _ = panic::take_hook();
    },
    |source: &str| {
        let (title, content) = source.split_once('\n').unwrap_or(("", source));
        let Ok(template) = Template::parse(title, content) else {
            return;
        };
        DATA.with_borrow(|data| {
            if let Ok(message) = template.render_message(data) {
                assert!(message.title.chars().count() <= MAX_TITLE_CHARS);
                assert!(message.body.len() <= MAX_BODY_BYTES);
                assert!(!message.title.contains('\n'));
            }
        });
    }
);
