//! What the manifests of all providers together say of deliveries: which headers tell a host, and
//! where payloads name their repository.

use push_notify_manifest::Manifest;
use std::{collections::BTreeMap, sync::Arc};

#[derive(Debug, Default)]
pub struct Dialects {
    providers: BTreeMap<String, Arc<Manifest>>,
    /// The one to ask first is first.
    claims: Vec<Claim>,
    conflicts: Vec<Conflict>,
}

#[derive(Debug)]
struct Claim {
    header: String,
    provider: String,
}

/// Two providers for one header, which the order of their ids decides.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict {
    pub header: String,
    pub winner: String,
    pub loser: String,
}

impl Dialects {
    /// Of the providers of these manifests, each with whether it can be called. What is for one
    /// that cannot is told apart all the same: it waits for its plugin, and is no other's.
    pub fn new(manifests: impl IntoIterator<Item = (Arc<Manifest>, bool)>) -> Self {
        let mut known: BTreeMap<String, (Arc<Manifest>, bool)> = BTreeMap::new();
        for (manifest, works) in manifests {
            let kept = known.get(&manifest.id);
            if works || !kept.is_some_and(|(_, works)| *works) {
                known.insert(manifest.id.clone(), (manifest, works));
            }
        }
        let ordered = in_order(known.values().collect());
        let (mut claims, mut conflicts) = (Vec::new(), circles(&ordered));
        for (manifest, works) in &ordered {
            for header in &manifest.webhook.detect {
                let mut rivals = ordered.iter().filter(|(rival, _)| detects(rival, header));
                let first = rivals.clone().find(|(_, works)| *works).or(rivals.next());
                let winner = first.map_or(&manifest.id, |(winner, _)| &winner.id);
                if *winner == manifest.id {
                    claims.push(Claim {
                        header: header.clone(),
                        provider: winner.clone(),
                    });
                } else if *works {
                    conflicts.push(Conflict::new(header, winner, &manifest.id));
                }
            }
        }
        let providers = known.into_iter();
        Self {
            providers: providers
                .map(|(id, (manifest, _))| (id, manifest))
                .collect(),
            claims,
            conflicts,
        }
    }

    /// The provider for a delivery that carries the headers for which `carries` is true.
    pub fn provider(&self, carries: impl Fn(&str) -> bool) -> Option<&str> {
        let claim = self.claims.iter().find(|claim| carries(&claim.header))?;
        Some(&claim.provider)
    }

    /// The headers that [`Dialects::provider`] looks for, in its order.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.claims.iter().map(|claim| claim.header.as_str())
    }

    /// JSON pointers to where a payload of this provider names its repository. For a provider that
    /// there is not, all of them: what becomes of a payload does not tell which there are.
    pub fn repository_urls(&self, provider: &str) -> Vec<String> {
        let named = self.providers.get(provider);
        let all = self.providers.values().filter(|_| named.is_none());
        let asked = named.into_iter().chain(all);
        let urls = asked.flat_map(|manifest| &manifest.webhook.repository_url);
        urls.cloned().collect()
    }

    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }
}

impl Conflict {
    fn new(header: &str, winner: &str, loser: &str) -> Self {
        Self {
            header: header.to_owned(),
            winner: winner.to_owned(),
            loser: loser.to_owned(),
        }
    }
}

type Known = (Arc<Manifest>, bool);

/// Whoever sends what another detects by comes before that one, and who is copied by fewer in a
/// row before who is copied by more. What that leaves open stays in the order of the ids.
fn in_order(mut known: Vec<&Known>) -> Vec<&Known> {
    let mut depths = vec![0; known.len()];
    // In a circle they grow in every round.
    for _ in 0..known.len() {
        let before = depths.clone();
        for (copied, depth) in known.iter().zip(&mut depths) {
            let copying = known.iter().zip(&before);
            let copying = copying.filter(|(one, _)| copies(one, copied).is_some());
            *depth = copying.map(|(_, before)| before + 1).max().unwrap_or(0);
        }
    }
    let depths: BTreeMap<String, usize> = known
        .iter()
        .zip(depths)
        .map(|((manifest, _), depth)| (manifest.id.clone(), depth))
        .collect();
    known.sort_by_key(|(manifest, _)| depths.get(&manifest.id));
    known
}

/// Pairs of which each says that it sends what the other detects by.
fn circles(ordered: &[&Known]) -> Vec<Conflict> {
    let pairs = ordered.iter().enumerate().flat_map(|(index, one)| {
        let later = ordered[index + 1..].iter();
        later.map(move |other| (one, other))
    });
    pairs
        .filter_map(|(one, other)| {
            copies(other, one)?;
            let header = copies(one, other)?;
            Some(Conflict::new(header, &one.0.id, &other.0.id))
        })
        .collect()
}

/// A header that the first sends and the second detects by.
fn copies<'a>((one, _): &'a Known, (other, _): &Known) -> Option<&'a String> {
    one.webhook
        .copies
        .iter()
        .find(|header| detects(other, header))
}

fn detects(manifest: &Manifest, header: &str) -> bool {
    let mut own = manifest.webhook.detect.iter();
    own.any(|own| own.eq_ignore_ascii_case(header))
}

#[cfg(test)]
mod tests;
