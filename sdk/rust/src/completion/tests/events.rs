use crate::{
    completion::{events, lines},
    testing::response,
};

fn read(body: &str) -> Option<Vec<String>> {
    let response = response(200, body);
    let events = events(&response)?.into_iter();
    Some(
        events
            .map(|event| String::from_utf8_lossy(&event).into_owned())
            .collect(),
    )
}

#[test]
fn a_stream_is_read_event_by_event() {
    let two = vec!["{\"a\":1}".to_owned(), "[DONE]".to_owned()];
    for body in [
        "data: {\"a\":1}\n\ndata: [DONE]\n\n",
        "data: {\"a\":1}\r\n\r\ndata: [DONE]\r\n\r\n",
        "data: {\"a\":1}\r\rdata: [DONE]\r\r",
        "data:{\"a\":1}\n\ndata:[DONE]",
        "\u{feff}data: {\"a\":1}\n\n\n\ndata: [DONE]\n\n",
        "event: x\nid: 1\nretry: 5\ndata: {\"a\":1}\n\n: keep-alive\n\nevent: y\ndata: [DONE]\n\n",
        "\n\ndata: {\"a\":1}\n: between\n\ndata: [DONE]\n",
    ] {
        assert_eq!(read(body), Some(two.clone()), "{body:?}");
    }
    assert_eq!(read("data: {\ndata: }\n\n"), Some(vec!["{\n}".to_owned()]));
}

#[test]
fn what_is_no_stream_is_none() {
    for body in ["", "{\"data\": 1}", "<html>", "data", "[DONE]"] {
        assert_eq!(read(body), None, "{body:?}");
    }
    let named = response(200, ": hello\n\ndata: 1\n\n");
    let named = named.with_header("content-type", "text/event-stream; charset=utf-8");
    assert_eq!(events(&named).map(|events| events.len()), Some(1));
    // A wrong name for one object.
    let object = response(200, "{\"choices\":[]}");
    let object = object.with_header("content-type", "text/event-stream");
    assert!(events(&object).is_none());
}

#[test]
fn a_text_of_several_lines_of_json_is_a_stream() {
    let count = |body: &str| lines(&response(200, body)).map(|lines| lines.len());
    assert_eq!(count("{\"a\":1}\n{\"a\":2}\n"), Some(2));
    assert_eq!(count("{\"a\":1}\r\n\r\n{\"a\":2}"), Some(2));
    for body in ["{\"a\":1}\n", "{\n\"a\":1}", "{\"a\":\n1\n}", "", "x\ny"] {
        assert_eq!(count(body), None, "{body:?}");
    }
}
