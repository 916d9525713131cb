//! Names that nothing reads: what was meant is said, where it can be guessed.

use push_notify_core::i18n::Text;

/// As many as are named at once, and of each so many characters.
const MOST: usize = 20;
const LONGEST: usize = 100;
/// When nothing is like it, all that there is; but not more than these.
const LISTED: usize = 30;
/// Names that have less in common are not the same one misspelt.
const ALIKE: f64 = 0.6;

/// What other APIs call things, and what they are called here.
const ELSEWHERE: [(&str, &str); 26] = [
    ("pagesize", "size"),
    ("perpage", "size"),
    ("limit", "size"),
    ("count", "size"),
    ("pageno", "page"),
    ("pagenum", "page"),
    ("pagenumber", "page"),
    ("offset", "page"),
    ("q", "keyword"),
    ("query", "keyword"),
    ("search", "keyword"),
    ("filter", "keyword"),
    ("sortby", "sort"),
    ("orderby", "sort"),
    ("sortorder", "order"),
    ("direction", "order"),
    ("from", "start_time"),
    ("since", "start_time"),
    ("after", "start_time"),
    ("to", "end_time"),
    ("until", "end_time"),
    ("before", "end_time"),
    ("from", "start_date"),
    ("since", "start_date"),
    ("to", "end_date"),
    ("until", "end_date"),
];

/// Those of `given` that are not `known`, each with what is wrong with it: to be said of a field or
/// parameter of that name.
pub(super) fn unknown<'a>(
    known: &[impl AsRef<str>],
    given: impl Iterator<Item = &'a str>,
) -> Vec<(String, Text)> {
    let is_known = |name: &str| known.iter().any(|known| known.as_ref() == name);
    let mut strange: Vec<&str> = given.filter(|name| !is_known(name)).collect();
    strange.sort_unstable();
    strange
        .into_iter()
        .take(MOST)
        .map(|name| (shown(name), problem(known, name)))
        .collect()
}

/// Whoever sent it reads it back, so it must not be able to be longer than what can be read, or to
/// break the line.
fn shown(name: &str) -> String {
    let name = name.chars().filter(|c| !c.is_control());
    name.take(LONGEST).collect()
}

fn problem(known: &[impl AsRef<str>], name: &str) -> Text {
    if let Some(meant) = nearest(known, name) {
        return Text::made(
            format!("不存在，是否应为{meant}？"),
            format!("is not known here; did you mean {meant}?"),
        );
    }
    if known.is_empty() {
        return Text::new(
            "不存在：此接口不接受任何此类参数",
            "is not known here: nothing is taken",
        );
    }
    let names: Vec<&str> = known.iter().map(AsRef::as_ref).take(LISTED).collect();
    let names = names.join(", ");
    Text::made(
        format!("不存在，可用的有：{names}"),
        format!("is not known here; what is: {names}"),
    )
}

/// The known name that `name` probably means.
fn nearest<'a>(known: &'a [impl AsRef<str>], name: &str) -> Option<&'a str> {
    let name = plain(&name.chars().take(LONGEST).collect::<String>());
    let known = || known.iter().map(AsRef::as_ref);
    let same = known().find(|known| plain(known) == name);
    let elsewhere = || {
        let mut called = ELSEWHERE.iter().filter(|(theirs, _)| *theirs == name);
        called.find_map(|(_, ours)| known().find(|known| known == ours))
    };
    same.or_else(elsewhere).or_else(|| {
        known()
            .map(|known| (likeness(&plain(known), &name), known))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|(one, _), (other, _)| one.total_cmp(other))
            .map(|(_, known)| known)
    })
}

/// `pageSize`, `page-size` and `page_size` are one name.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | '.' | '[' | ']'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// From 0 to 1.
fn likeness(known: &str, name: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(known, name)
}

#[cfg(test)]
mod tests;
