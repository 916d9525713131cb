use std::{sync::Mutex, time::Duration};

/// Where in a conversation something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Hello,
    Starttls,
    Login,
    Sender,
    /// For this address.
    Recipient(String),
    Data,
    /// After the final dot.
    Message,
}

/// What happens instead of the usual answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Say(String),
    /// The usual, but late.
    Late(Duration),
    HangUp,
    /// No answer, ever.
    Never,
}

impl Action {
    pub fn say(reply: &str) -> Self {
        Self::Say(reply.to_owned())
    }
}

/// What is to happen, each once.
#[derive(Default)]
pub(super) struct Script(Mutex<Vec<(Stage, Action)>>);

impl Script {
    pub(super) fn add(&self, stage: Stage, action: Action) {
        self.0
            .lock()
            .expect("no test panics with it")
            .push((stage, action));
    }

    pub(super) fn take(&self, stage: &Stage) -> Option<Action> {
        let mut script = self.0.lock().expect("no test panics with it");
        let index = script.iter().position(|(at, _)| at == stage)?;
        Some(script.remove(index).1)
    }
}
