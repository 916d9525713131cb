//! Reads JSON as models write it. What can be mended in one way only is mended: control characters
//! and unknown escapes in strings, commas too many, comments, quotes of another kind, words of
//! Python. Whatever else is wrong is read as well as it can be, and leaves a doubt: something may
//! be missing then, or stand in the wrong place.

use super::text::{Place, Text, is_quote};

/// Lists and objects within each other.
const DEEPEST: usize = 64;

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// The text ends within this string.
    Cut(String),
    List(Vec<Node>),
    Object(Object),
}

/// Its members, in their order, also those of the same name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object(pub Vec<(String, Node)>);

pub struct Read {
    pub object: Object,
    /// In bytes, to its closing brace or the end of the text.
    pub length: usize,
    /// No doubt is left.
    pub is_sure: bool,
}

/// The object that the text begins with. First as if all quotes in strings were escaped, which is
/// right for all that is sound.
pub fn read(text: &str) -> Read {
    let strictly = read_as(text, true);
    match strictly.is_sure {
        true => strictly,
        false => read_as(text, false),
    }
}

fn read_as(text: &str, is_strict: bool) -> Read {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        is_strict,
        is_sure: true,
    };
    reader.next();
    let object = reader.object(None);
    Read {
        object,
        length: reader.at,
        is_sure: reader.is_sure,
    }
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    /// In bytes.
    pub(super) at: usize,
    /// Lists and objects that are open.
    pub(super) depth: usize,
    /// The first closing quote ends a string, whatever follows it.
    pub(super) is_strict: bool,
    is_sure: bool,
}

impl Reader<'_> {
    pub(super) fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn doubt(&mut self) {
        self.is_sure = false;
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The members after an opening brace, or after the name of the first one.
    fn object(&mut self, mut name: Option<String>) -> Object {
        self.depth += 1;
        let mut members = Vec::new();
        loop {
            if let Some(name) = name.take() {
                let value = self.value(Place::Member);
                let is_text = matches!(value, Node::Text(_));
                members.push((name, value));
                self.blanks();
                let is_apart = self.peek().is_none_or(|c| matches!(c, ',' | '}'));
                if is_text && !is_apart {
                    // A comma is missing, or a quote stands in the text.
                    self.doubt();
                }
                continue;
            }
            self.blanks();
            match self.peek() {
                None => {
                    self.doubt();
                    break;
                }
                Some('}') => {
                    self.next();
                    break;
                }
                Some(',') => {
                    self.next();
                }
                // The list around it ends before it does.
                Some(']') if self.depth > 1 => {
                    self.doubt();
                    break;
                }
                Some(c) => name = self.name(c),
            }
        }
        self.depth -= 1;
        Object(members)
    }

    /// The name that begins with `c`, and the colon after it.
    fn name(&mut self, c: char) -> Option<String> {
        let is_bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
        let name = if is_quote(c) {
            let Text { text, is_closed } = self.string(Place::Name);
            if !is_closed {
                return None;
            }
            text
        } else if is_bare(c) {
            let rest = self.rest();
            let end = rest.find(|c| !is_bare(c)).unwrap_or(rest.len());
            let name = rest[..end].to_owned();
            self.at += end;
            name
        } else {
            self.doubt();
            self.next();
            return None;
        };
        self.blanks();
        if self.peek() == Some(':') {
            self.next();
            return Some(name);
        }
        self.doubt();
        if self.rest().starts_with("=>") {
            self.at += 2;
            return Some(name);
        }
        // A name without a value.
        None
    }

    fn value(&mut self, place: Place) -> Node {
        self.blanks();
        match self.peek() {
            None => {
                self.doubt();
                Node::Null
            }
            Some('{' | '[') if self.depth >= DEEPEST => {
                self.doubt();
                self.at = self.text.len();
                Node::Null
            }
            Some('{') => {
                self.next();
                Node::Object(self.object(None))
            }
            Some('[') => {
                self.next();
                Node::List(self.list())
            }
            Some(c) if is_quote(c) => self.text(place),
            Some(_) => self.word(),
        }
    }

    /// The entries after an opening bracket.
    fn list(&mut self) -> Vec<Node> {
        self.depth += 1;
        let mut entries = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None => {
                    self.doubt();
                    break;
                }
                Some(']') => {
                    self.next();
                    break;
                }
                Some(',') => {
                    self.next();
                }
                // The object around it ends before it does.
                Some('}') => {
                    self.doubt();
                    break;
                }
                // Of an entry whose opening brace is missing.
                Some(':') => {
                    self.doubt();
                    self.next();
                    if let Some(Node::Text(name)) =
                        entries.pop_if(|entry| matches!(entry, Node::Text(_)))
                    {
                        entries.push(Node::Object(self.object(Some(name))));
                    }
                }
                Some(_) => {
                    let entry = self.value(Place::Entry);
                    self.blanks();
                    let is_apart = self.peek().is_none_or(|c| matches!(c, ',' | ']'));
                    if !is_apart && !matches!(entry, Node::Object(_)) {
                        self.doubt();
                    }
                    entries.push(entry);
                }
            }
        }
        self.depth -= 1;
        entries
    }

    /// A string, or several with a plus between them.
    fn text(&mut self, place: Place) -> Node {
        let Text {
            mut text,
            mut is_closed,
        } = self.string(place);
        while is_closed {
            self.blanks();
            if self.peek() != Some('+') {
                return Node::Text(text);
            }
            self.next();
            self.blanks();
            if !self.peek().is_some_and(is_quote) {
                self.doubt();
                return Node::Text(text);
            }
            let more = self.string(place);
            text.push_str(&more.text);
            is_closed = more.is_closed;
        }
        Node::Cut(text)
    }

    /// A number, or a word without quotes.
    fn word(&mut self) -> Node {
        let rest = self.rest();
        let ends = |c: char| matches!(c, ',' | ':' | '{' | '}' | '[' | ']' | '\n' | '\r' | '"');
        let end = rest.find(ends).unwrap_or(rest.len());
        let comments = ["//", "/*", "#"];
        let comment = comments
            .iter()
            .filter_map(|mark| rest[..end].find(mark))
            .min();
        let end = comment.unwrap_or(end);
        let word = rest[..end].trim_end();
        if word.is_empty() {
            self.doubt();
            // The name of a member has no value; its object or list goes on or ends here.
            if !matches!(self.peek(), Some(',' | '}' | ']')) {
                self.next();
            }
            return Node::Null;
        }
        let is_last = end == rest.len();
        let node = known(word);
        let word = word.to_owned();
        self.at += end;
        if is_last {
            // There might have been more of it.
            self.doubt();
            return Node::Null;
        }
        node.unwrap_or_else(|| {
            self.doubt();
            Node::Text(word)
        })
    }

    /// Blanks, marks of no width, and comments.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = trimmed(rest);
            let blanks = rest.len() - trimmed.len();
            let comment = if trimmed.starts_with("//") || trimmed.starts_with('#') {
                trimmed.find('\n').or(Some(trimmed.len()))
            } else if trimmed.starts_with("/*") {
                let end = trimmed.find("*/").map(|at| at + 2);
                end.or(Some(trimmed.len()))
            } else {
                None
            };
            self.at += blanks + comment.unwrap_or_default();
            if comment.is_none() {
                return;
            }
        }
    }
}

/// Without the blanks at its beginning, and without marks of no width.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// What a word without quotes means, in JSON, JavaScript or Python.
fn known(word: &str) -> Option<Node> {
    let plain = word.to_ascii_lowercase();
    let plain = plain.trim_start_matches(['+', '-']);
    match plain {
        "null" | "none" | "nil" | "undefined" | "nan" | "infinity" | "inf" | "n/a" => {
            return Some(Node::Null);
        }
        "true" => return Some(Node::Bool(true)),
        "false" => return Some(Node::Bool(false)),
        _ => {}
    }
    if !word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    let digits = word.replace('_', "");
    let number = match plain.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok().map(f64::from),
        None => digits.parse::<f64>().ok(),
    };
    number.filter(|number| number.is_finite()).map(Node::Number)
}
