//! Rooms that know each other in a circle can only be understood, and changed, together. The
//! circles that there are still are listed in `cycles.toml`: the list gets shorter, never longer.

use super::{
    graph::{Edge, Graph},
    tree::all,
};
use push_notify_tests::workspace;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    known: Vec<Known>,
}

/// Edges that close circles, as `from -> to`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    home: String,
    why: String,
    edges: Vec<String>,
}

const LIST: &str = "tests/it/architecture/cycles.toml";

#[test]
fn rooms_know_each_other_in_no_circle_that_is_not_listed() {
    let listed = listed();
    let homes = homes();
    let mut report = String::new();
    for home in listed.keys().filter(|home| !homes.contains(*home)) {
        writeln!(
            report,
            "{home} is no folder of rooms: take it from the list"
        )
        .expect("a text");
    }
    let none = BTreeSet::new();
    for home in &homes {
        let graph = Graph::of(home);
        let listed = listed.get(home).unwrap_or(&none);
        report += &new_circles(home, &graph, listed);
        report += &idle_edges(home, &graph, listed);
    }
    assert!(report.is_empty(), "rooms against {LIST}\n\n{report}");
}

/// What endpoints are made with knows neither the running server nor what it serves.
#[test]
fn the_http_kit_knows_no_feature() {
    let graph = Graph::of("engine/server/src");
    let known = graph.edges.keys().filter(|(from, _)| from == "http");
    let known: Vec<&str> = known.map(|(_, to)| to.as_str()).collect();
    assert_eq!(known, ["shared", "shares"]);
}

/// Every circle that the listed edges leave, with the edge to break it at: the one with the fewest
/// users.
fn new_circles(home: &str, graph: &Graph, listed: &BTreeSet<Edge>) -> String {
    let mut report = String::new();
    let mut without = listed.clone();
    while let Some(cycle) = graph.cycle(&without) {
        writeln!(report, "{home}: a new circle").expect("a text");
        for edge in &cycle {
            let users = &graph.edges[edge];
            let (from, to) = edge;
            writeln!(report, "    {from} -> {to}: {}", users.join(", ")).expect("a text");
        }
        let weakest = cycle.into_iter().min_by_key(|edge| graph.edges[edge].len());
        let weakest = weakest.expect("a circle has edges");
        let (from, to) = &weakest;
        writeln!(report, "  easiest to break at \"{from} -> {to}\"\n").expect("a text");
        without.insert(weakest);
    }
    report
}

/// Listed edges that are not there any more, or close no circle.
fn idle_edges(home: &str, graph: &Graph, listed: &BTreeSet<Edge>) -> String {
    let mut report = String::new();
    for edge @ (from, to) in listed {
        let reason = match graph.edges.contains_key(edge) {
            false => "is gone",
            true if graph.way(to, from, listed).is_none() => "closes no circle",
            true => continue,
        };
        writeln!(
            report,
            "{home}: \"{from} -> {to}\" {reason}: take it from the list"
        )
        .expect("a text");
    }
    report
}

fn listed() -> BTreeMap<String, BTreeSet<Edge>> {
    let text = fs::read_to_string(workspace().join(LIST)).expect("the list");
    let list: Listed = toml::from_str(&text).expect("the list's form");
    let mut listed: BTreeMap<String, BTreeSet<Edge>> = BTreeMap::new();
    for known in list.known {
        assert!(known.why.len() > 20, "{}: say why", known.home);
        let edges = listed.entry(known.home).or_default();
        for edge in known.edges {
            let (from, to) = edge.split_once(" -> ").expect("from -> to");
            let is_new = edges.insert((from.to_owned(), to.to_owned()));
            assert!(is_new, "{edge} is listed twice");
        }
    }
    listed
}

/// The sources of every crate, and the pipeline's folder, which is as large as a crate.
fn homes() -> BTreeSet<String> {
    let mut homes: BTreeSet<String> = all()
        .iter()
        .filter_map(|file| file.path.strip_suffix("/src/lib.rs"))
        .map(|folder| format!("{folder}/src"))
        .collect();
    assert!(homes.len() > 10, "{homes:?}");
    homes.insert("engine/server/src/pipeline".to_owned());
    homes
}
