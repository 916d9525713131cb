//! One issue of a reply.

use super::{
    Finding, LONGEST_MESSAGE, LONGEST_PATH, clean,
    json::{Node, Object},
    names::{self, plain, says_nothing},
};

/// Of a category and of a severity, in characters.
const LONGEST_LABEL: usize = 32;
const OTHER: &str = "OTHER";

/// What an object in a list of issues says.
pub(super) enum Told {
    Nothing,
    /// Something, but not what is wrong.
    Unclear,
    /// And whether all of it is clear.
    Issue(Finding, bool),
}

pub(super) fn read(object: &Object) -> Told {
    let members = Members::of(object);
    let message = members.text(&names::MESSAGE, LONGEST_MESSAGE);
    let title = members.text(&names::TITLE, LONGEST_MESSAGE);
    let message = match (message, title) {
        (Some(message), Some(title)) if !message.contains(&title) => format!("{title}: {message}"),
        (Some(message), _) => message,
        (None, Some(title)) => title,
        (None, None) if members.says_nothing() => return Told::Nothing,
        (None, None) => return Told::Unclear,
    };
    let (path, line) = split(members.text(&names::PATH, LONGEST_PATH));
    let severity = members.text(&names::SEVERITY, LONGEST_LABEL);
    let category = members.text(&names::CATEGORY, LONGEST_LABEL);
    let finding = Finding {
        message,
        path,
        line: members
            .number(&names::LINE)
            .filter(|line| *line > 0)
            .or(line),
        severity: severity.as_deref().and_then(names::severity),
        category: category.map_or_else(|| OTHER.to_owned(), |name| name.to_uppercase()),
        suggestion: members.text(&names::SUGGESTION, LONGEST_MESSAGE),
    };
    Told::Issue(finding, !members.has_two_of_one_name())
}

/// The file that all issues in the object are about.
pub(super) fn path(object: &Object) -> Option<String> {
    Members::of(object).text(&names::PATH, LONGEST_PATH)
}

pub(super) fn of_text(text: &str) -> Finding {
    Finding {
        path: None,
        line: None,
        severity: None,
        category: OTHER.to_owned(),
        message: clean(text, LONGEST_MESSAGE),
        suggestion: None,
    }
}

/// A number, also as text or the first of several: `42`, `42.0`, `"42"`, `"42-45"`, `[42, 45]`.
pub(super) fn number(node: &Node) -> Option<u32> {
    match node {
        // Fractions and what is below 0 are cut.
        Node::Number(number) => Some(*number as u32),
        Node::Text(text) => leading(text.trim().trim_start_matches(['L', 'l', '#'])),
        Node::List(entries) => entries.first().and_then(number),
        Node::Object(object) => object.0.iter().find_map(|(_, node)| number(node)),
        Node::Null | Node::Bool(_) | Node::Cut(_) => None,
    }
}

fn leading(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text[..end.unwrap_or(text.len())].parse().ok()
}

/// `src/a.go:12:5` and `src/a.go#L12` are a path and a line.
fn split(path: Option<String>) -> (Option<String>, Option<u32>) {
    let Some(path) = path else {
        return (None, None);
    };
    let is_place = |part: &str| {
        let part = part.trim_start_matches(['L', 'l']);
        let is_range = |c: char| c.is_ascii_digit() || matches!(c, '-' | 'L');
        part.starts_with(|c: char| c.is_ascii_digit()) && part.chars().all(is_range)
    };
    let (mut file, mut line) = (path.as_str(), None);
    while let Some((before, place)) = file.rsplit_once([':', '#']) {
        if before.is_empty() || !is_place(place) {
            break;
        }
        line = leading(place.trim_start_matches(['L', 'l']));
        file = before;
    }
    match line {
        Some(_) => (Some(file.to_owned()), line),
        None => (Some(path), None),
    }
}

/// The members of an issue by their plain names, then those of objects in it, as of a `location`.
struct Members<'a>(Vec<(String, &'a Node, bool)>);

impl<'a> Members<'a> {
    fn of(object: &'a Object) -> Self {
        let own = object
            .0
            .iter()
            .map(|(name, node)| (plain(name), node, true));
        let nested = object.0.iter().filter_map(|(name, node)| match node {
            Node::Object(object) if names::PART.contains(&plain(name).as_str()) => Some(object),
            _ => None,
        });
        let nested = nested.flat_map(|object| &object.0);
        Self(
            own.chain(nested.map(|(name, node)| (plain(name), node, false)))
                .collect(),
        )
    }

    /// The first of these that is there.
    fn text(&self, names: &[&str], longest: usize) -> Option<String> {
        let text = |name: &&str| {
            let mut of_name = self.0.iter().filter(|(known, ..)| known == name);
            of_name.find_map(|(_, node, _)| words(node, longest))
        };
        names.iter().find_map(text)
    }

    fn number(&self, names: &[&str]) -> Option<u32> {
        let number = |name: &&str| {
            let mut of_name = self.0.iter().filter(|(known, ..)| known == name);
            of_name.find_map(|(_, node, _)| number(node))
        };
        names.iter().find_map(number)
    }

    fn says_nothing(&self) -> bool {
        self.0.iter().all(|(_, node, _)| match node {
            Node::Null => true,
            Node::Text(text) => says_nothing(text),
            Node::List(entries) => entries.is_empty(),
            _ => false,
        })
    }

    /// As where the brace between two issues is missing.
    fn has_two_of_one_name(&self) -> bool {
        let own = || self.0.iter().filter(|(.., is_own)| *is_own);
        let mut names: Vec<&str> = own().map(|(name, ..)| name.as_str()).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// A text, or a list of them. What is cut off says nothing.
fn words(node: &Node, longest: usize) -> Option<String> {
    let text = match node {
        Node::Text(text) => clean(text, longest),
        Node::List(entries) => {
            let lines = entries.iter().filter_map(|entry| words(entry, longest));
            clean(&lines.collect::<Vec<_>>().join("\n"), longest)
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}
