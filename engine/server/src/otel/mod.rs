//! Traces for OpenTelemetry: a webhook is one, from its receipt to each delivery, also when those
//! come later or from another node. Without a collector in the configuration nothing is made, kept
//! or sent.

mod export;
mod span;
mod tracer;

pub use export::Exported;
pub use span::{Span, SpanKind};
pub use tracer::Tracer;
