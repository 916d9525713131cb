//! `/console`: the pages for people, whether or not they were built.

use push_notify_tests::{Api, Backend, TestApp};
use reqwest::Method;

fn header<'a>(answer: &'a push_notify_tests::Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

async fn asking_for(api: &Api, path: &str, accept: &str) -> push_notify_tests::Answer {
    let request = api.bare(Method::GET, path).header("accept", accept);
    api.send(request).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browsers_come_to_the_console_and_programs_are_told_that_nothing_is_there() {
    let app = TestApp::start(Backend::Sqlite).await;
    let api = app.anonymous().unrecorded();
    let page = asking_for(&api, "/", "text/html,application/xhtml+xml;q=0.9").await;
    assert!(page.expect(200).text.contains("<title>Push Notify</title>"));
    for accept in ["application/json", "*/*", "text/html;q=0"] {
        asking_for(&api, "/", accept).await.expect_code(404, 404);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_has_a_policy_and_a_nonce_of_its_own() {
    let app = TestApp::start(Backend::Sqlite).await;
    let api = app.anonymous().unrecorded();
    let mut nonces = Vec::new();
    for path in [
        "/console",
        "/console/",
        "/console/targets/7?page=2",
        "/console/%00",
    ] {
        let page = api.get(path).await.expect(200);
        let policy = header(&page, "content-security-policy");
        assert!(policy.contains("script-src 'self';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header(&page, "cache-control"), "no-store");
        let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
        let (nonce, _) = rest.split_once('\'').expect("its end");
        assert!(page.text.contains(&format!("nonce=\"{nonce}\"")), "{path}");
        nonces.push(nonce.to_owned());
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 4);
    let post = api.bare(Method::POST, "/console");
    api.send(post).await.expect_code(405, 405);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_page_loads_is_there_packed_as_the_browser_takes_it() {
    let app = TestApp::start(Backend::Sqlite).await;
    let api = app.anonymous().unrecorded();
    for path in ["none.js", "index.html", "..%2findex.html"] {
        let path = format!("/console/assets/{path}");
        api.get(&path).await.expect_code(404, 404);
    }
    let page = api.get("/console").await.expect(200);
    // None, where the console was not built.
    for (start, _) in page.text.match_indices("/console/assets/") {
        let path = page.text[start..].split('"').next().expect("an end");
        for coding in ["br", "gzip", "identity"] {
            let request = api
                .bare(Method::GET, path)
                .header("accept-encoding", coding);
            let answer = api.send(request).await.expect(200);
            let packed = header(&answer, "content-encoding");
            assert_eq!(packed, if coding == "identity" { "" } else { coding });
            assert!(header(&answer, "cache-control").contains("immutable"));
            assert_eq!(header(&answer, "vary"), "accept-encoding");
        }
    }
    app.stop().await;
}
