use std::fmt::Display;

/// Says on standard error what is being done; standard output is for results.
pub(crate) fn step(what: impl Display) {
    eprintln!("==> {what}");
}

pub(crate) fn warn(what: impl Display) {
    eprintln!("warning: {what}");
}

/// `98.3 KiB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}
