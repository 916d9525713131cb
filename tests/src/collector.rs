use crate::{Receiver, Response, until};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value::Value},
    resource::v1::Resource,
    trace::v1::{Span, status::StatusCode},
};
use prost::Message as _;
use std::{collections::BTreeMap, ops::Deref};

/// A collector of OpenTelemetry that is spoken to by OTLP over HTTP.
pub struct Collector(Receiver);

/// A span as it was exported. Ids are in hex.
#[derive(Debug, Clone)]
pub struct SeenSpan {
    pub name: String,
    pub trace: String,
    pub id: String,
    /// Empty: the trace begins here.
    pub parent: String,
    pub failed: bool,
    pub attributes: BTreeMap<String, String>,
    /// Of whoever made it.
    pub resource: BTreeMap<String, String>,
}

impl Collector {
    pub async fn start() -> Self {
        // An empty message is the answer to what was taken whole.
        let taken = || Response::new(200, "").header("content-type", "application/x-protobuf");
        Self(Receiver::answering(move |_| taken()).await)
    }

    /// For `otel.endpoint`.
    pub fn endpoint(&self) -> String {
        self.url("")
    }

    /// All that came so far.
    pub fn spans(&self) -> Vec<SeenSpan> {
        let mut spans = Vec::new();
        for request in self.requests() {
            assert_eq!(request.uri.path(), "/v1/traces");
            let batch = ExportTraceServiceRequest::decode(request.body).expect("OTLP");
            for part in batch.resource_spans {
                let resource = part
                    .resource
                    .map(|Resource { attributes, .. }| plain(attributes));
                let resource = resource.unwrap_or_default();
                let of_scopes = part.scope_spans.into_iter().flat_map(|scope| scope.spans);
                spans.extend(of_scopes.map(|span| SeenSpan::of(span, resource.clone())));
            }
        }
        spans
    }

    /// All spans, when there are `count` with this name.
    pub async fn with(&self, name: &str, count: usize) -> Vec<SeenSpan> {
        until(&format!("{count} spans `{name}`"), async || {
            let spans = self.spans();
            let there = spans.iter().filter(|span| span.name == name).count();
            (there >= count).then_some(spans)
        })
        .await
    }
}

impl SeenSpan {
    fn of(span: Span, resource: BTreeMap<String, String>) -> Self {
        let status = span.status.map(|status| status.code());
        Self {
            name: span.name,
            trace: hex::encode(span.trace_id),
            id: hex::encode(span.span_id),
            parent: hex::encode(span.parent_span_id),
            failed: status == Some(StatusCode::Error),
            attributes: plain(span.attributes),
            resource,
        }
    }
}

impl Deref for Collector {
    type Target = Receiver;

    fn deref(&self) -> &Receiver {
        &self.0
    }
}

fn plain(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: Option<AnyValue>| match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    let pairs = attributes.into_iter();
    pairs.map(|pair| (pair.key, text(pair.value))).collect()
}
