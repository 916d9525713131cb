use super::REFUSED;

#[test]
fn what_the_refused_read_is_sound() {
    let text = str::from_utf8(REFUSED).expect("it is text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.contains(&format!("content-length: {}\r\n", body.len())));
    let body: serde_json::Value = serde_json::from_str(body).expect("it is JSON");
    assert_eq!(body["code"], 503);
}
