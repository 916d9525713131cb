use crate::call::Call;

/// Longest line, in bytes.
const LONGEST: usize = 4096;
/// Where a line says that it is a panic's, in bytes.
const HEAD: usize = 256;
/// Most lines of one call.
const MOST: u32 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

pub(crate) fn write(call: &mut Call, level: Level, message: String) {
    call.log_lines = call.log_lines.saturating_add(1);
    if call.log_lines > MOST + 1 && call.panic.is_some() {
        return;
    }
    let head = &message.as_bytes()[..message.len().min(HEAD)];
    let panicked = level == Level::Error && memchr::memmem::find(head, b"panicked at").is_some();
    if call.log_lines > MOST {
        if call.log_lines == MOST + 1 {
            emit(call, Level::Warn, "further lines of this call are dropped");
        }
        if panicked {
            call.panic = Some(tidy(call, message));
        }
        return;
    }
    if level == Level::Debug && !tracing::enabled!(target: "plugin", tracing::Level::DEBUG) {
        return;
    }
    let message = tidy(call, message);
    if panicked {
        call.panic = Some(message.clone());
    }
    emit(call, level, &message);
}

fn emit(call: &Call, level: Level, message: &str) {
    let (kind, id) = (call.caller.kind.name(), call.caller.id.as_str());
    match level {
        Level::Debug => {
            tracing::debug!(target: "plugin", { plugin.kind = kind, plugin.id = id }, "{message}");
        }
        Level::Info => {
            tracing::info!(target: "plugin", { plugin.kind = kind, plugin.id = id }, "{message}");
        }
        Level::Warn => {
            tracing::warn!(target: "plugin", { plugin.kind = kind, plugin.id = id }, "{message}");
        }
        Level::Error => {
            tracing::error!(target: "plugin", { plugin.kind = kind, plugin.id = id }, "{message}");
        }
    }
}

/// One line, of bounded length, without control characters (a guest must not forge lines or colour
/// a terminal) and secrets.
fn tidy(call: &Call, message: String) -> String {
    let mut message = call.secrets.hide_cut(message, LONGEST);
    if message.contains(char::is_control) {
        message = message.replace(char::is_control, " ");
    }
    message
}
