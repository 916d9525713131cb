//! Keeps an event within what the engine takes back from a plugin: 4 MiB, where an entry of a list
//! costs 64 bytes besides its text. A push of 25 MiB may hold more than that.

use crate::Commit;

/// For the commits; what is left of the 4 MiB is far more than the rest of an event needs.
const COMMITS: usize = 3 << 20;
/// For one commit's message.
const MESSAGE: usize = 16 << 10;
const ENTRY: usize = 64;

/// The newest commits, which come last, as far as they fit. The event's total says how many there
/// were.
pub fn fitting(commits: impl DoubleEndedIterator<Item = Commit>) -> Vec<Commit> {
    let mut left = COMMITS;
    let mut kept = Vec::new();
    for mut commit in commits.rev() {
        cut(&mut commit.message);
        if kept.is_empty() {
            shorten_lists(&mut commit);
        }
        let Some(rest) = left.checked_sub(size(&commit)) else {
            break;
        };
        left = rest;
        kept.push(commit);
    }
    kept.reverse();
    kept
}

fn cut(message: &mut String) {
    if message.len() > MESSAGE {
        let end = message.floor_char_boundary(MESSAGE);
        let left_out = message.len() - end;
        // One that was cut before it was read was longer, and nobody knows by how much.
        let least = if message.ends_with('…') {
            "at least "
        } else {
            ""
        };
        message.truncate(end);
        message.push_str(&format!("… ({least}{left_out} bytes left out)"));
    }
}

/// So that one commit with thousands of long paths still makes an event.
fn shorten_lists(commit: &mut Commit) {
    for list in [&mut commit.added, &mut commit.modified, &mut commit.removed] {
        let mut left = COMMITS / 4;
        let mut fits = |path: &String| match left.checked_sub(ENTRY + path.len()) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        };
        let kept = list
            .iter()
            .position(|path| !fits(path))
            .unwrap_or(list.len());
        list.truncate(kept);
    }
}

fn size(commit: &Commit) -> usize {
    let list = |paths: &[String]| paths.iter().map(|path| ENTRY + path.len()).sum::<usize>();
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let author = commit.author.as_ref();
    let author = author.map_or(0, |author| {
        text(&author.name) + text(&author.email) + text(&author.login)
    });
    let own = commit.id.len() + commit.message.len() + text(&commit.url) + text(&commit.timestamp);
    ENTRY + own + author + list(&commit.added) + list(&commit.modified) + list(&commit.removed)
}
