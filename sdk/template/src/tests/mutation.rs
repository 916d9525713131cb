//! Mutated templates: whatever is parsed or refused, nothing panics and nothing hangs.

use super::data;
use crate::Template;
use std::time::{Duration, Instant};

const SEEDS: [&str; 6] = [
    "## {{.RepoName}}\n{{if eq .Kind \"push\"}}{{range $i, $c := .Commits}}{{if lt $i 10}}- [{{$c.ShortId}}]({{$c.Url}}) {{$c.Message}}\n{{end}}{{end}}{{else}}no{{end}}",
    "{{- /* note */ -}}\n{{with .MergeRequest}}#{{.Number}} {{.Title | html}}{{else with .Tag}}{{.}}{{else}}{{$.Branch}}{{end}}",
    "{{define \"x\"}}{{.}}{{$}}{{end}}{{template \"x\" .Author}}{{block \"y\" .}}{{.Tag}}{{end}}",
    "{{$x := 1}}{{range 5}}{{$x = print $x .}}{{if gt (len $x) 3}}{{break}}{{end}}{{continue}}{{end}}{{$x}}",
    "{{printf \"%5.2f|%-8s|%[1]*d|%q\" 1.5 .Author 3 'a'}}{{slice .Author 1 3}}{{index .ChangedFiles 0}}",
    "{{.Author | upper | trunc 3 | printf \"%s%s\" (join \", \" .ChangedFiles)}}{{`raw`}}{{0x1F}}{{-3}}{{1e3}}",
];

const PIECES: [&str; 32] = [
    "{{",
    "}}",
    "{{-",
    "-}}",
    " -}}",
    "{{- ",
    "{{end}}",
    "{{else}}",
    "{{if .A}}",
    "{{range 3}}",
    "(",
    ")",
    "|",
    "\"",
    "`",
    "'",
    "\\",
    "/*",
    "*/",
    "$",
    ".",
    ":=",
    "=",
    ",",
    " ",
    "\n",
    "%",
    "9",
    "-",
    "张",
    "\u{3000}",
    "{{define \"x\"}}",
];

/// A small generator (xorshift), so that every run tests the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
}

#[test]
fn mutated_templates_neither_panic_nor_hang() {
    let mut dice = Dice(0x5eed_1234_abcd_0001);
    let data = data();
    let started = Instant::now();
    let (mut sound, mut refused) = (0, 0);
    for _ in 0..4000 {
        let mut chars = SEEDS[dice.roll(SEEDS.len())].chars().collect::<Vec<_>>();
        for _ in 0..=dice.roll(4) {
            let at = dice.roll(chars.len());
            match dice.roll(4) {
                0 => chars.truncate(at),
                1 => drop(chars.drain(at..(at + dice.roll(6)).min(chars.len()))),
                2 => drop(chars.splice(at..at, PIECES[dice.roll(PIECES.len())].chars())),
                _ => {
                    let copy = chars[at..(at + dice.roll(20)).min(chars.len())].to_vec();
                    let to = dice.roll(chars.len());
                    drop(chars.splice(to..to, copy));
                }
            }
        }
        let source = chars.into_iter().collect::<String>();
        let one = Instant::now();
        match Template::parse("", &source) {
            Ok(template) => {
                sound += 1;
                // That some of the data does not fit is no fault here.
                let _ = template.render(&data);
            }
            Err(error) => {
                refused += 1;
                assert!(
                    !error.message.contains("the template engine failed"),
                    "{source}"
                );
            }
        }
        assert!(one.elapsed() < Duration::from_secs(5), "{source}");
    }
    assert!(
        sound > 200 && refused > 200,
        "{sound} sound, {refused} refused in {:?}",
        started.elapsed()
    );
}
