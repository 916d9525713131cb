use super::{
    Exported, Span, SpanKind,
    export::{self, Exporting},
};
use anyhow::Context as _;
use opentelemetry::{
    Context, KeyValue,
    propagation::TextMapPropagator as _,
    trace::{SpanBuilder, TraceContextExt as _, Tracer as _, TracerProvider as _},
};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracer, SdkTracerProvider},
};
use push_notify_core::config;
use std::{collections::HashMap, path::PathBuf, time::SystemTime};

/// The header that names a trace and the span in it that calls:
/// <https://www.w3.org/TR/trace-context/#traceparent-header>.
const TRACEPARENT: &str = "traceparent";

/// Makes spans; none, when there is no collector.
pub struct Tracer(Option<Inner>);

struct Inner {
    tracer: SdkTracer,
    exporting: Exporting,
    _provider: SdkTracerProvider,
}

impl Tracer {
    pub fn off() -> Self {
        Self(None)
    }

    /// `node` tells this server's spans from those of the others.
    pub fn start(
        settings: &config::Otel,
        extra_roots: &[PathBuf],
        node: i64,
    ) -> anyhow::Result<Self> {
        if settings.endpoint.is_empty() {
            return Ok(Self::off());
        }
        let resource = Resource::builder_empty()
            .with_service_name(settings.service_name.clone())
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_attribute(KeyValue::new("service.instance.id", node.to_string()))
            .build();
        let (queue, exporting) = export::start(settings, extra_roots, &resource)
            .context("configuration: `otel`: traces cannot be exported")?;
        let ratio = Sampler::TraceIdRatioBased(settings.sample_ratio);
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(Sampler::ParentBased(Box::new(ratio)))
            .with_span_processor(queue)
            .build();
        Ok(Self(Some(Inner {
            tracer: provider.tracer("push-notify"),
            exporting,
            _provider: provider,
        })))
    }

    /// For a span that may be made later.
    pub fn now(&self) -> Option<SystemTime> {
        self.0.as_ref().map(|_| opentelemetry::time::now())
    }

    /// The trace of a webhook that is being received since `since`: the caller's, where it has one.
    /// Header names are lower case.
    pub fn receive(&self, since: Option<SystemTime>, headers: &[(String, String)]) -> Span {
        let caller = headers.iter().find(|(name, _)| name == TRACEPARENT);
        let parent = caller.and_then(|(_, value)| parse(value));
        self.make(
            "receive",
            SpanKind::Server,
            since,
            &parent.unwrap_or_default(),
        )
    }

    /// A part of the trace that `stored` is of. Without one there is no trace.
    pub fn resume(&self, name: &'static str, stored: Option<&str>) -> Span {
        match stored.and_then(parse) {
            Some(parent) => self.make(name, SpanKind::Consumer, None, &parent),
            None => Span::none(),
        }
    }

    /// A part of what this task is doing.
    pub fn child(&self, name: &'static str, kind: SpanKind) -> Span {
        if self.0.is_none() {
            return Span::none();
        }
        let parent = Context::current();
        match parent.span().span_context().is_sampled() {
            true => self.make(name, kind, None, &parent),
            false => Span::none(),
        }
    }

    /// What `whole` began with at `since`, and what is over now.
    pub fn part(&self, whole: &Span, name: &'static str, since: Option<SystemTime>) {
        if let Some(parent) = whole.context() {
            self.make(name, SpanKind::Internal, since, parent);
        }
    }

    /// What to store with an event, so that the trace can be gone on with.
    pub fn traceparent(&self, span: &Span) -> Option<String> {
        let span = span.context()?.span();
        let span = span.span_context();
        let (trace, id, flags) = (span.trace_id(), span.span_id(), span.trace_flags().to_u8());
        Some(format!("00-{trace}-{id}-{flags:02x}"))
    }

    pub fn exported(&self) -> Option<&Exported> {
        self.0.as_ref().map(|inner| inner.exporting.exported())
    }

    /// Sends what is left, for some seconds at most.
    pub async fn stop(&self) {
        if let Some(inner) = &self.0 {
            inner.exporting.stop().await;
        }
    }

    fn make(
        &self,
        name: &'static str,
        kind: SpanKind,
        since: Option<SystemTime>,
        parent: &Context,
    ) -> Span {
        let Some(inner) = &self.0 else {
            return Span::none();
        };
        let mut builder = SpanBuilder::from_name(name).with_kind(kind);
        if let Some(since) = since {
            builder = builder.with_start_time(since);
        }
        let span = inner.tracer.build_with_context(builder, parent);
        Span::of(Context::new().with_span(span))
    }
}

/// None: it is no such header.
fn parse(traceparent: &str) -> Option<Context> {
    let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    let is_known = context.span().span_context().is_valid();
    is_known.then_some(context)
}

#[cfg(test)]
mod tests;
