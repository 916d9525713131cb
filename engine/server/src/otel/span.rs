use opentelemetry::{
    Context, KeyValue, Value,
    trace::{FutureExt as _, Status, TraceContextExt as _},
};

pub use opentelemetry::trace::SpanKind;

/// Something that takes time, as a part of a trace. Ends when it is dropped. Nothing, when nothing
/// is traced.
pub struct Span(Option<Context>);

impl Span {
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// Nothing, where it is not to be exported.
    pub(super) fn of(context: Context) -> Self {
        let is_sampled = context.span().span_context().is_sampled();
        Self(is_sampled.then_some(context))
    }

    /// Does `work`; spans that are made meanwhile are inside of this one.
    pub async fn scope<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            None => work.await,
            // On the heap, so that the future of whoever traces nothing is no larger.
            Some(context) => Box::pin(work.with_context(context.clone())).await,
        }
    }

    /// Whether anything that is said of it goes anywhere.
    pub fn is_recorded(&self) -> bool {
        self.0.is_some()
    }

    /// Never a secret, an address or what somebody wrote: whoever runs the collector reads it.
    pub fn set(&self, key: &'static str, value: impl Into<Value>) {
        if let Some(context) = &self.0 {
            context.span().set_attribute(KeyValue::new(key, value));
        }
    }

    /// It came to nothing good.
    pub fn fail(&self, why: &'static str) {
        if let Some(context) = &self.0 {
            context.span().set_status(Status::error(why));
        }
    }

    pub(super) fn context(&self) -> Option<&Context> {
        self.0.as_ref()
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(context) = &self.0 {
            context.span().end();
        }
    }
}
