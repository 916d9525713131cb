//! A changed file. Pull requests have it with counts as text and the diff in an object, comparisons
//! and commits with numbers and the diff itself; either is read in any place.

use push_notify_sdk::{
    ChangeStatus, FileChange, Omission,
    delivery::present,
    forge::{counted, hunks, is_binary},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::fmt;

#[derive(Deserialize)]
pub(crate) struct File {
    filename: Option<String>,
    status: Option<String>,
    additions: Option<Count>,
    deletions: Option<Count>,
    patch: Option<Patch>,
}

struct Count(Option<u32>);

#[derive(Default)]
struct Patch(Told);

#[derive(Default, Deserialize)]
struct Told {
    diff: Option<String>,
    old_path: Option<String>,
    new_path: Option<String>,
    a_mode: Option<String>,
    b_mode: Option<String>,
    new_file: Option<bool>,
    renamed_file: Option<bool>,
    deleted_file: Option<bool>,
    too_large: Option<bool>,
}

impl File {
    /// None when it names no file.
    pub(crate) fn normalised(self) -> Option<FileChange> {
        let Patch(told) = self.patch.unwrap_or_default();
        let status = status(self.status.as_deref().unwrap_or_default(), &told);
        let diff = told.diff.as_deref().unwrap_or_default();
        let patch = hunks(diff).map(str::to_owned);
        let counts = patch.as_deref().map(counted).unzip();
        let additions = self.additions.and_then(|count| count.0).or(counts.0);
        let deletions = self.deletions.and_then(|count| count.0).or(counts.1);
        // Without a diff there are lines, or no new mode that would be all of it.
        let must_differ = additions.max(deletions) > Some(0)
            || status == ChangeStatus::Modified && told.a_mode == told.b_mode;
        let omitted = match &patch {
            Some(_) => None,
            None if is_binary(diff) => Some(Omission::Binary),
            None if told.too_large == Some(true) || must_differ => Some(Omission::TooLarge),
            None => None,
        };
        let path = present(self.filename).or_else(|| present(told.new_path))?;
        Some(FileChange {
            old_path: present(told.old_path).filter(|old| *old != path),
            path,
            status,
            additions,
            deletions,
            patch,
            omitted,
        })
    }
}

/// The word differs from list to list, so the flags go first.
fn status(word: &str, told: &Told) -> ChangeStatus {
    match (told.new_file, told.deleted_file, told.renamed_file) {
        (Some(true), ..) => return ChangeStatus::Added,
        (_, Some(true), _) => return ChangeStatus::Removed,
        (.., Some(true)) => return ChangeStatus::Renamed,
        _ => {}
    }
    match word {
        "added" => ChangeStatus::Added,
        "removed" | "deleted" => ChangeStatus::Removed,
        "renamed" => ChangeStatus::Renamed,
        _ => ChangeStatus::Modified,
    }
}

// Read as they come: what serde makes of an untagged enum takes many times the text's memory.
impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count")
            }

            fn visit_u64<E: Error>(self, count: u64) -> Result<Count, E> {
                Ok(Count(count.try_into().ok()))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Count, E> {
                Ok(Count(text.trim().parse().ok()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for Patch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Patch;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a diff")
            }

            fn visit_str<E: Error>(self, diff: &str) -> Result<Patch, E> {
                self.visit_string(diff.to_owned())
            }

            fn visit_string<E: Error>(self, diff: String) -> Result<Patch, E> {
                let diff = Some(diff);
                Ok(Patch(Told {
                    diff,
                    ..Told::default()
                }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Patch, A::Error> {
                Told::deserialize(MapAccessDeserializer::new(map)).map(Patch)
            }
        }
        deserializer.deserialize_any(Either)
    }
}
