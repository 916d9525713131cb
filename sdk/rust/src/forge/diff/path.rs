/// Of a name as git writes it: in quotes with escapes when it is not plain.
pub(super) fn plain(name: &str) -> Option<String> {
    match name.strip_prefix('"') {
        Some(quoted) => Some(unquoted(quoted)?.0),
        None => Some(name.to_owned()),
    }
}

/// Of a name on a line with `---` or `+++`. None is `/dev/null`: the file is not there.
pub(super) fn below(name: &str, prefix: &str) -> Option<String> {
    // After a name with spaces git writes a tab.
    let name = plain(name.strip_suffix('\t').unwrap_or(name))?;
    match name.strip_prefix(prefix) {
        Some(path) => Some(path.to_owned()),
        None => (name != "/dev/null").then_some(name),
    }
}

/// Of a line that names the file twice: `a/src/x.rs b/src/x.rs`. None when the names differ, in
/// which case other lines have them.
pub(super) fn of_both(names: &str) -> Option<String> {
    if let Some(quoted) = names.strip_prefix('"') {
        let (old, rest) = unquoted(quoted)?;
        let new = plain(rest.strip_prefix(' ')?)?;
        let path = old.strip_prefix("a/")?;
        return (new.strip_prefix("b/") == Some(path)).then(|| path.to_owned());
    }
    // Both may have spaces, but they are of one length.
    let half = names.len().checked_sub(1)? / 2;
    let (old, new) = (names.get(..half)?, names.get(half + 1..)?);
    let path = old.strip_prefix("a/")?;
    (new.strip_prefix("b/") == Some(path)).then(|| path.to_owned())
}

/// What stands before the closing quote, and what follows it. The escapes are those of C, bytes by
/// three octal digits.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let bytes = text.as_bytes();
    let mut name = Vec::new();
    let mut at = 0;
    loop {
        match *bytes.get(at)? {
            b'"' => break,
            b'\\' => {
                at += 1;
                let escaped = *bytes.get(at)?;
                name.push(match escaped {
                    b'0'..=b'3' => {
                        let digits = text.get(at..at + 3)?;
                        at += 2;
                        u8::from_str_radix(digits, 8).ok()?
                    }
                    b'a' => 7,
                    b'b' => 8,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'v' => 11,
                    b'f' => 12,
                    b'r' => b'\r',
                    other => other,
                });
            }
            byte => name.push(byte),
        }
        at += 1;
    }
    let name = String::from_utf8_lossy(&name).into_owned();
    Some((name, text.get(at + 1..)?))
}
