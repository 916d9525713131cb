//! A first start: nothing is compiled yet.

use push_notify_tests::{Backend, OFFICIAL, Site};

const BINARY: &str = env!("CARGO_BIN_EXE_push-notify-under-test");

/// All but two are off: the compiler is slow where it was not optimised itself.
fn few() -> String {
    let off = OFFICIAL
        .iter()
        .filter(|id| !["dingtalk", "email"].contains(*id));
    off.map(|id| format!("[plugins.{id}]\nenabled = false\n"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_listens_before_it_compiles_and_gives_the_compilers_memory_back() {
    let site = Site::new(Backend::Sqlite, BINARY, &few()).await;
    // What other tests have compiled is no use here.
    let cache = site.data_dir().join("plugin-cache");
    std::fs::remove_file(&cache).expect("it is a link");
    let mut first = site.start().await;
    let output = first.output();
    let listens = output.find("listening on").expect("it listens");
    let loaded = output
        .find("the plugins are loaded")
        .expect("they are loaded");
    assert!(listens < loaded, "{output}");
    let first_kib = first.resident_kib();
    first.terminate().await;

    let mut second = site.start().await;
    let usual_kib = second.resident_kib();
    assert!(
        first_kib < usual_kib + 48 * 1024,
        "{first_kib} KiB after the first start, {usual_kib} KiB usually"
    );
    second.terminate().await;
}
