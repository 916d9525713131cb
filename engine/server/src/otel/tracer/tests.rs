use super::*;

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn tracer() -> Tracer {
    let mut settings = config::load(None).unwrap().otel;
    settings.endpoint = "http://127.0.0.1:1".to_owned();
    Tracer::start(&settings, &[], 7).unwrap()
}

fn header(value: &str) -> Vec<(String, String)> {
    vec![(TRACEPARENT.to_owned(), value.to_owned())]
}

#[tokio::test]
async fn a_callers_trace_goes_on_and_is_stored_as_the_header_was() {
    let tracer = tracer();
    let span = tracer.receive(tracer.now(), &header(CALLER));
    let stored = tracer.traceparent(&span).unwrap();
    assert_eq!(stored.len(), CALLER.len());
    assert_eq!(stored[..35], CALLER[..35]);
    assert_ne!(stored[36..52], CALLER[36..52]);
    let later = tracer.resume("deliver", Some(&stored));
    assert_eq!(tracer.traceparent(&later).unwrap()[..35], CALLER[..35]);
}

#[tokio::test]
async fn a_caller_that_samples_nothing_is_followed() {
    let tracer = tracer();
    let quiet = format!("{}00", &CALLER[..53]);
    let span = tracer.receive(None, &header(&quiet));
    assert_eq!(tracer.traceparent(&span), None);
}

#[tokio::test]
async fn a_header_that_is_none_begins_a_trace_of_our_own() {
    let tracer = tracer();
    for nonsense in [
        "",
        "00-zz-zz-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    ] {
        let span = tracer.receive(None, &header(nonsense));
        assert!(tracer.traceparent(&span).is_some(), "{nonsense}");
    }
}

#[tokio::test]
async fn what_was_stored_without_a_trace_has_none() {
    let tracer = tracer();
    let span = tracer.resume("deliver", None);
    assert_eq!(tracer.traceparent(&span), None);
    span.scope(async {
        let child = tracer.child("send", SpanKind::Client);
        assert_eq!(tracer.traceparent(&child), None);
    })
    .await;
}

#[tokio::test]
async fn without_a_collector_nothing_is_made() {
    let tracer = Tracer::off();
    assert!(tracer.now().is_none() && tracer.exported().is_none());
    let span = tracer.receive(tracer.now(), &header(CALLER));
    assert_eq!(tracer.traceparent(&span), None);
}
