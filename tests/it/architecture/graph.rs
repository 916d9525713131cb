//! Which room of a crate knows which other, and the cycles in that.

use super::{
    paths::{exported, named},
    tree::{Source, all, is_test},
};
use std::collections::{BTreeMap, BTreeSet};

/// A room is a module right below the folder `home`, with all that is in it. The edges say in which
/// files the first names the second. Tests may know everything.
#[derive(Debug)]
pub struct Graph {
    pub edges: BTreeMap<Edge, Vec<String>>,
}

pub type Edge = (String, String);

impl Graph {
    /// `home` is the `src` of a crate, or a folder in it.
    pub fn of(home: &str) -> Self {
        let files: Vec<(&str, &Source)> = all()
            .iter()
            .filter_map(|file| Some((file.path.strip_prefix(home)?.strip_prefix('/')?, file)))
            .filter(|(inside, _)| !is_test(&format!("{home}/{inside}")))
            .filter(|(inside, _)| !inside.starts_with("bin/"))
            .collect();
        let mut rooms: BTreeSet<String> = files.iter().map(|(inside, _)| room(inside)).collect();
        for contents in ["mod", "lib", "main"] {
            rooms.remove(contents);
        }
        let (source, below) = home.split_once("/src").expect("the sources of a crate");
        let prefix: Vec<&str> = below.split('/').filter(|name| !name.is_empty()).collect();
        let homes: BTreeMap<String, String> = files
            .iter()
            .filter(|(inside, _)| ["mod.rs", "lib.rs"].contains(inside))
            .flat_map(|(_, file)| exported(&file.code))
            .filter(|path| path.len() > 1 && rooms.contains(&path[0]))
            .map(|path| (path[path.len() - 1].clone(), path[0].clone()))
            .collect();
        let mut edges: BTreeMap<Edge, Vec<String>> = BTreeMap::new();
        for (inside, file) in &files {
            let from = room(inside);
            if !rooms.contains(&from) {
                continue;
            }
            let whole = file.path.strip_prefix(source).expect("in the crate");
            for path in named(&file.code, &module(&whole["/src/".len()..])) {
                let Some(name) = below_prefix(&path, &prefix) else {
                    continue;
                };
                let to = rooms.get(name).or_else(|| homes.get(name));
                if let Some(to) = to.filter(|to| **to != from) {
                    let users = edges.entry((from.clone(), to.clone())).or_default();
                    if users.last() != Some(&file.path) {
                        users.push(file.path.clone());
                    }
                }
            }
        }
        Self { edges }
    }

    /// Rooms of which each knows the next and the last the first, without the edges in `without`.
    pub fn cycle(&self, without: &BTreeSet<Edge>) -> Option<Vec<Edge>> {
        let edges = self
            .edges
            .keys()
            .filter(|edge| !without.contains::<Edge>(edge));
        // The shortest is the easiest to understand.
        edges
            .filter_map(|(from, to)| {
                let mut cycle = vec![(from.clone(), to.clone())];
                cycle.extend(self.way(to, from, without)?);
                Some(cycle)
            })
            .min_by_key(Vec::len)
    }

    /// The edges by which `from` knows `to`, as few as there may be.
    pub fn way(&self, from: &str, to: &str, without: &BTreeSet<Edge>) -> Option<Vec<Edge>> {
        let mut reached: BTreeMap<&str, Vec<Edge>> = BTreeMap::from([(from, Vec::new())]);
        let mut newest = vec![from];
        while !newest.is_empty() && !reached.contains_key(to) {
            let mut next = Vec::new();
            for edge in self
                .edges
                .keys()
                .filter(|edge| !without.contains::<Edge>(edge))
            {
                let (here, there) = (edge.0.as_str(), edge.1.as_str());
                if newest.contains(&here) && !reached.contains_key(there) {
                    let way = [&reached[here][..], std::slice::from_ref(edge)].concat();
                    reached.insert(there, way);
                    next.push(there);
                }
            }
            newest = next;
        }
        reached.remove(to)
    }
}

fn room(inside: &str) -> String {
    let first = inside.split('/').next().unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

/// The module that a file is, by its path below `src`.
fn module(inside: &str) -> Vec<&str> {
    let mut names: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
    if ["mod", "lib", "main"].contains(&names[names.len() - 1]) {
        names.pop();
    }
    names
}

/// The first name of `path` below `prefix`.
fn below_prefix<'a>(path: &'a [String], prefix: &[&str]) -> Option<&'a str> {
    let inside = path.iter().zip(prefix).all(|(name, wanted)| name == wanted);
    if !inside {
        return None;
    }
    path.get(prefix.len()).map(String::as_str)
}
