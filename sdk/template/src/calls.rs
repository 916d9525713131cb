//! Whom a message calls by name.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

/// The people whom one message can call. In its body a call is a link to `mention:` and the
/// person's place, which the channel makes a call of its own of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls {
    /// By what they go by in the data; for `mention`.
    pub known: HashMap<String, Called>,
    /// In order; for `mentions`. Those whom the body does not call by then are called below it.
    pub asked: Vec<Called>,
}

/// Somebody in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Plain text.
    pub name: String,
    /// None: only the name is shown.
    pub place: Option<usize>,
}

thread_local! {
    /// Of the rendering under way: the functions get nothing but their arguments.
    static NOW: RefCell<(Arc<Calls>, Vec<usize>)> = RefCell::default();
}

/// Runs `render` with these people to call, and says which were called.
pub(crate) fn during<T>(calls: &Arc<Calls>, render: impl FnOnce() -> T) -> (T, Vec<usize>) {
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            NOW.take();
        }
    }
    NOW.set((calls.clone(), Vec::new()));
    let reset = Reset;
    let rendered = render();
    let (_, called) = NOW.take();
    drop(reset);
    (rendered, called)
}

/// Of somebody by a name in the data.
pub(crate) fn known(name: &str) -> Option<Called> {
    NOW.with_borrow(|(calls, _)| calls.known.get(name).cloned())
}

pub(crate) fn asked() -> Vec<Called> {
    NOW.with_borrow(|(calls, _)| calls.asked.clone())
}

/// Notes that a person is called.
pub(crate) fn note(place: usize) {
    NOW.with_borrow_mut(|(_, called)| called.push(place));
}
