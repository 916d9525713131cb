use super::{Runtime, pool};
use crate::config::{Ceilings, HostConfig, Quarantine};
use crate::network::NetworkPolicy;

fn runtime(dir: &std::path::Path) -> Runtime {
    let config = HostConfig {
        cache_dir: dir.to_owned(),
        network: NetworkPolicy::default(),
        ehlo_name: None,
        extra_roots_pem: vec![],
        limits: Ceilings::default(),
        quarantine: Quarantine::default(),
    };
    Runtime::new(&config).unwrap()
}

#[test]
fn component_that_needs_concurrency_gets_an_engine_that_has_it() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = runtime(dir.path());
    let plain = wat::parse_str("(component)").unwrap();
    runtime.prepare(&plain, "plain").unwrap();
    assert!(runtime.concurrent.lock().is_none());
    let concurrent = wat::parse_str("(component (core func (canon task.cancel)))").unwrap();
    for _ in 0..2 {
        runtime.prepare(&concurrent, "concurrent").unwrap();
    }
    assert!(runtime.concurrent.lock().is_some());
}

#[test]
fn component_that_fits_no_place_of_the_pool_is_instantiated_without_it() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = runtime(dir.path());
    assert!(runtime.plain.engine.pooling_allocator_metrics().is_some());
    let two_memories = "(component (core module $m (memory 1))
        (core instance (instantiate $m)) (core instance (instantiate $m)))";
    let two_memories = wat::parse_str(two_memories).unwrap();
    let prepared = runtime.prepare(&two_memories, "two").unwrap();
    assert!(prepared.engine().pooling_allocator_metrics().is_none());
}

#[test]
fn more_instances_than_there_are_addresses_for_go_without_a_pool() {
    let most = |instances| Ceilings {
        instances,
        ..Ceilings::default()
    };
    assert!(pool(&most(1000)).is_some());
    assert!(pool(&most(2000)).is_none());
    assert!(pool(&most(usize::MAX)).is_none());
}

#[test]
fn problem_of_a_broken_component_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = runtime(dir.path());
    let foreign =
        r#"(component (import "push-notify:plugin/log@0.1.0" (instance (export "erase" (func)))))"#;
    let Err(problem) = runtime.prepare(&wat::parse_str(foreign).unwrap(), "foreign") else {
        panic!("linked")
    };
    assert!(problem.to_string().contains("erase"), "{problem}");
}
