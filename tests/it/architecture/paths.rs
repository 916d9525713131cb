//! Which paths a file of Rust names that begin with `crate`, `self` or `super`.

/// Such paths as absolute ones, without `crate`: those of a file whose own module is `module`.
pub fn named(code: &str, module: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("::") {
        let start = match word_before(code, at) {
            "crate" => &[],
            "self" => module,
            "super" => &module[..module.len().saturating_sub(1)],
            _ => continue,
        };
        let mut tree = Tree {
            rest: &code[at + 2..],
        };
        let mut ends = Vec::new();
        tree.read(&mut Vec::new(), &mut ends);
        found.extend(ends.into_iter().map(|path| absolute(start, path)));
    }
    found
}

/// The names that a table of contents gives to others from its modules: of `pub use a::{B, c::D}`
/// both `a::B` and `a::c::D`.
pub fn exported(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("pub") {
        let line = &code[at + 3..];
        let use_at = line.find("use ").filter(|end| is_visibility(&line[..*end]));
        let Some(use_at) = use_at else { continue };
        let mut tree = Tree {
            rest: &line[use_at + 4..],
        };
        let mut ends = Vec::new();
        tree.read(&mut Vec::new(), &mut ends);
        found.extend(ends.into_iter().map(|path| absolute(&[], path)));
    }
    found
}

/// True of what stands between `pub` and `use`: a blank, or `(super) `.
fn is_visibility(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || (text.starts_with('(') && text.ends_with(')') && !text.contains('\n'))
}

/// The word that ends at `at` and begins a path.
fn word_before(code: &str, at: usize) -> &str {
    let before = &code[..at];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word = before.trim_end_matches(is_word);
    match word.ends_with("::") {
        true => "",
        false => &before[word.len()..],
    }
}

fn absolute(start: &[&str], path: Vec<String>) -> Vec<String> {
    let mut whole: Vec<String> = start.iter().map(ToString::to_string).collect();
    for name in path {
        match name.as_str() {
            "super" => {
                whole.pop();
            }
            "self" | "crate" => {}
            _ => whole.push(name),
        }
    }
    whole
}

/// What follows `use`: a path that may end in braces with more of them.
struct Tree<'a> {
    rest: &'a str,
}

impl Tree<'_> {
    /// Puts every path that begins with `before` into `ends`.
    fn read(&mut self, before: &mut Vec<String>, ends: &mut Vec<Vec<String>>) {
        self.rest = self.rest.trim_start();
        if let Some(inside) = self.rest.strip_prefix('{') {
            self.rest = inside;
            self.branches(before, ends);
            return;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
        if end == 0 {
            // `*`, or generic arguments.
            ends.push(before.clone());
            return;
        }
        before.push(self.rest[..end].to_owned());
        self.rest = &self.rest[end..];
        match self.rest.strip_prefix("::") {
            Some(more) => {
                self.rest = more;
                self.read(before, ends);
            }
            None => ends.push(before.clone()),
        }
        before.pop();
    }

    fn branches(&mut self, before: &mut Vec<String>, ends: &mut Vec<Vec<String>>) {
        loop {
            self.rest = self
                .rest
                .trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            if let Some(after) = self.rest.strip_prefix('}') {
                self.rest = after;
                return;
            }
            self.read(before, ends);
            // What comes up to the comma: `as name`, or the `*`.
            match self.rest.find([',', '}']) {
                Some(end) => self.rest = &self.rest[end..],
                None => return,
            }
        }
    }
}

#[test]
fn paths_are_read_with_their_branches() {
    let code = "use crate::{a::{B, c::{D as E, self}}, f::*};\nlet x = super::g::<u8>();";
    let found = named(code, &["m", "n"]);
    let found: Vec<String> = found.into_iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["a::B", "a::c::D", "a::c", "f", "m::g"]);
    let found = named("super::super::h()", &["m", "n"]);
    assert_eq!(found, [["h"]]);
    let found = exported("pub use a::B;\npub(super) use self::c::{D, E};\npub fn used() {}");
    assert_eq!(found, [["a", "B"], ["c", "D"], ["c", "E"]]);
}
