use std::fmt::Write as _;

/// A changed file.
#[derive(Debug, Clone)]
pub struct File {
    pub path: String,
    /// Of a renamed file.
    pub old_path: Option<String>,
    pub status: &'static str,
    /// Hunks, from the first `@@`, without a line break at the end.
    pub patch: Option<String>,
    pub binary: bool,
    /// The host keeps the patch to itself.
    pub too_large: bool,
    /// The host says that a tool wrote it, where it says so at all.
    pub generated: bool,
}

/// A line of a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub old: Option<u32>,
    pub new: Option<u32>,
    /// The line below the first `@@` is 1.
    pub position: u32,
}

impl File {
    pub const ADDED: &str = "added";
    pub const MODIFIED: &str = "modified";
    pub const REMOVED: &str = "removed";
    pub const RENAMED: &str = "renamed";

    /// `patch` begins with `@@`.
    pub fn modified(path: &str, patch: &str) -> Self {
        assert!(patch.starts_with("@@ -"), "no patch: {patch}");
        Self {
            path: path.to_owned(),
            old_path: None,
            status: Self::MODIFIED,
            patch: Some(patch.trim_end_matches('\n').to_owned()),
            binary: false,
            too_large: false,
            generated: false,
        }
    }

    /// A new file with this text.
    pub fn added(path: &str, text: &str) -> Self {
        Self {
            status: Self::ADDED,
            ..Self::modified(path, &whole('+', text))
        }
    }

    /// A file that had this text.
    pub fn removed(path: &str, text: &str) -> Self {
        Self {
            status: Self::REMOVED,
            ..Self::modified(path, &whole('-', text))
        }
    }

    /// Nothing but another name.
    pub fn renamed(old_path: &str, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            old_path: Some(old_path.to_owned()),
            status: Self::RENAMED,
            patch: None,
            binary: false,
            too_large: false,
            generated: false,
        }
    }

    pub fn binary(path: &str) -> Self {
        Self {
            old_path: None,
            status: Self::MODIFIED,
            binary: true,
            ..Self::renamed("", path)
        }
    }

    /// With a patch that the host does not show.
    pub fn too_large(path: &str) -> Self {
        Self {
            too_large: true,
            ..Self::added(path, "much\n")
        }
    }

    pub fn generated(path: &str, text: &str) -> Self {
        Self {
            generated: true,
            ..Self::added(path, text)
        }
    }

    /// As many files, each with one line changed.
    pub fn many(count: usize) -> Vec<Self> {
        let file = |number: usize| {
            let path = format!("src/part_{:03}/module_{number:05}.rs", number / 100);
            let patch = format!(
                "@@ -1,3 +1,3 @@\n fn main() {{\n-    old({number});\n+    new({number});\n }}"
            );
            Self::modified(&path, &patch)
        };
        (0..count).map(file).collect()
    }

    /// How many lines came and went.
    pub fn counts(&self) -> (usize, usize) {
        let count = |sign| {
            let lines = self.hunk_lines();
            lines.filter(|line| line.starts_with(sign)).count()
        };
        (count('+'), count('-'))
    }

    /// What the host shows of the patch.
    pub fn shown_patch(&self) -> Option<&str> {
        self.patch.as_deref().filter(|_| !self.too_large)
    }

    /// The lines that the patch shows, with their numbers.
    pub fn lines(&self) -> Vec<Line> {
        let (mut old, mut new) = (0, 0);
        let mut lines = Vec::new();
        for (position, text) in (0..).zip(self.patch.as_deref().unwrap_or_default().lines()) {
            if let Some((from, to)) = header(text) {
                (old, new) = (from, to);
                continue;
            }
            let sign = text.chars().next().unwrap_or(' ');
            if sign == '\\' {
                continue;
            }
            let line = Line {
                old: (sign != '+').then_some(old),
                new: (sign != '-').then_some(new),
                position,
            };
            old += u32::from(sign != '+');
            new += u32::from(sign != '-');
            lines.push(line);
        }
        lines
    }

    /// Whether a comment may stand at this line of the new file.
    pub fn shows(&self, line: u64) -> bool {
        let shown = |shown: Line| shown.new.map(u64::from) == Some(line);
        self.lines().into_iter().any(shown)
    }

    /// As `git diff` writes it.
    pub fn diff(&self) -> String {
        let new = quoted("b/", &self.path);
        let old_path = self.old_path.as_ref().unwrap_or(&self.path);
        let old = quoted("a/", old_path);
        let mut text = format!("diff --git {old} {new}\n");
        match self.status {
            Self::ADDED => text.push_str("new file mode 100644\n"),
            Self::REMOVED => text.push_str("deleted file mode 100644\n"),
            Self::RENAMED => {
                let similarity = if self.patch.is_some() { 90 } else { 100 };
                let (from, to) = (quoted("", old_path), quoted("", &self.path));
                let names = format!("rename from {from}\nrename to {to}\n");
                write!(text, "similarity index {similarity}%\n{names}").expect("a string grows");
            }
            _ => {}
        }
        if self.binary {
            text.push_str("index 1111111..2222222 100644\n");
            writeln!(text, "Binary files {old} and {new} differ").expect("a string grows");
        }
        if let Some(patch) = &self.patch {
            text.push_str("index 1111111..2222222 100644\n");
            let (before, after) = match self.status {
                Self::ADDED => ("/dev/null", &*new),
                Self::REMOVED => (&*old, "/dev/null"),
                _ => (&*old, &*new),
            };
            writeln!(text, "--- {before}\n+++ {after}\n{patch}").expect("a string grows");
        }
        text
    }

    fn hunk_lines(&self) -> impl Iterator<Item = &str> {
        let patch = self.patch.as_deref().unwrap_or_default();
        patch.lines().filter(|line| !line.starts_with("@@"))
    }
}

/// The hunk of a file that comes or goes as a whole.
fn whole(sign: char, text: &str) -> String {
    let count = text.lines().count();
    let mut patch = match sign {
        '+' => format!("@@ -0,0 +1,{count} @@"),
        _ => format!("@@ -1,{count} +0,0 @@"),
    };
    for line in text.lines() {
        write!(patch, "\n{sign}{line}").expect("a string grows");
    }
    patch
}

/// Where a hunk begins in both files.
fn header(line: &str) -> Option<(u32, u32)> {
    let (numbers, _) = line.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = numbers.split_once(" +")?;
    let start = |range: &str| range.split(',').next()?.parse().ok();
    Some((start(old)?, start(new)?))
}

/// As Git writes a path that is not plain: in quotes, with octal escapes.
fn quoted(prefix: &str, path: &str) -> String {
    let plain = |byte: u8| (b' '..0x7f).contains(&byte) && !matches!(byte, b'"' | b'\\');
    if path.bytes().all(plain) {
        return format!("{prefix}{path}");
    }
    let mut text = format!("\"{prefix}");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => write!(text, "\\{}", char::from(byte)),
            byte if plain(byte) => write!(text, "{}", char::from(byte)),
            byte => write!(text, "\\{byte:03o}"),
        }
        .expect("a string grows");
    }
    text + "\""
}
