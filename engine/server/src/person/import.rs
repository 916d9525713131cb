//! People from a table, such as one that a directory of employees exports.

mod cells;

use super::{
    Identity, Kind, Notify, Person,
    api::{MOST_PEOPLE, belongs_to},
    form::{LONGEST_NAME, MOST_IDENTITIES},
    identity::clash,
};
use crate::http::{
    ApiError,
    extract::{Form, FromForm},
};
use cells::{cell, fill, head_of};
use csv::StringRecord;
use push_notify_core::{
    clock::Micros,
    i18n::{Locale, Text},
    id::PersonId,
};
use push_notify_host::Host;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

const LONGEST: usize = 1_000_000;
const MOST_LINES: usize = 2_000;
/// The columns that there are besides those of channels.
pub(super) const COLUMNS: [&str; 6] = ["name", "kind", "notify", "language", "email", "login"];

/// The body of `POST /people/import`.
pub struct Import {
    pub(super) csv: String,
    pub(super) dry_run: bool,
    pub(super) partial: bool,
}

impl FromForm for Import {
    const EXAMPLE: &'static str = r#"{
        "csv": "name,email,login\nLi Mei,mei@example.com,github.com/limei\n",
        "dry_run": true
    }"#;

    fn read(form: &mut Form) -> Self {
        form.require("csv");
        Self {
            csv: form.prose("csv", LONGEST).unwrap_or_default(),
            dry_run: form.boolean("dry_run").unwrap_or_default(),
            partial: form.boolean("partial").unwrap_or_default(),
        }
    }
}

/// What became of the lines of a table.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "PeopleImport")]
pub struct Imported {
    /// Nothing was stored: this is what would be.
    pub(super) dry_run: bool,
    made: usize,
    changed: usize,
    unchanged: usize,
    refused: usize,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PeopleImportLine")]
struct Line {
    /// From 1, which is the head.
    line: u64,
    name: String,
    /// `made`, `changed`, `unchanged` or `refused`.
    outcome: &'static str,
    /// Why it is refused.
    problem: Option<String>,
}

/// People as they are to be after an import.
pub(super) struct Plan {
    people: Vec<Person>,
    /// How many of them were there before.
    old: usize,
    changed: BTreeSet<usize>,
    by_name: HashMap<String, usize>,
    owners: HashMap<(String, String, String), usize>,
    refusals: Vec<Text>,
    pub answer: Imported,
}

/// What columns are about, by their place.
type Head = Vec<String>;

impl Plan {
    pub fn new(people: Vec<Person>) -> Self {
        let mut plan = Self {
            old: people.len(),
            people,
            changed: BTreeSet::new(),
            by_name: HashMap::new(),
            owners: HashMap::new(),
            refusals: Vec::new(),
            answer: Imported::default(),
        };
        for place in 0..plan.old {
            plan.enter(place);
        }
        plan
    }

    fn enter(&mut self, place: usize) {
        let person = &self.people[place];
        self.by_name.insert(person.name.to_lowercase(), place);
        for identity in &person.identities {
            self.owners.insert(owned(identity), place);
        }
    }

    /// Reads the table. Fails where it is none at all.
    pub fn read(
        &mut self,
        host: &Host,
        table: &str,
        locale: Locale,
        now: Micros,
    ) -> Result<(), ApiError> {
        // The reader counts a line feed behind a carriage return to the next line.
        let table = table.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(table.as_bytes());
        let mut records = reader.records();
        let unreadable = |error: csv::Error| refused(format!(": {error}"), format!(": {error}"));
        let head = records.next().transpose().map_err(unreadable)?;
        let head = head_of(host, &head.unwrap_or_default())?;
        for (count, record) in records.enumerate() {
            let record = record.map_err(unreadable)?;
            if count >= MOST_LINES {
                return Err(refused(
                    format!("最多{MOST_LINES}行"),
                    format!("has at most {MOST_LINES} lines"),
                ));
            }
            let line = record.position().map_or(0, csv::Position::line);
            let name = cell(&head, &record, "name").unwrap_or_default().to_owned();
            let (outcome, problem) = match self.take(host, &head, &record, now) {
                Ok(outcome) => (outcome, None),
                Err(problem) => {
                    let at = Text::made(
                        format!("第{line}行：{}", problem.as_str(Locale::Chinese)),
                        format!("line {line}: {}", problem.as_str(Locale::English)),
                    );
                    self.refusals.push(Text::of_field("csv", &at));
                    ("refused", Some(problem.as_str(locale).to_owned()))
                }
            };
            let tally = match outcome {
                "made" => &mut self.answer.made,
                "changed" => &mut self.answer.changed,
                "unchanged" => &mut self.answer.unchanged,
                _ => &mut self.answer.refused,
            };
            *tally += 1;
            self.answer.lines.push(Line {
                line,
                name,
                outcome,
                problem,
            });
        }
        Ok(())
    }

    /// Fails with all that is wrong, where a line is refused.
    pub fn whole(&mut self) -> Result<(), ApiError> {
        match self.refusals.is_empty() {
            true => Ok(()),
            false => Err(ApiError::invalid(std::mem::take(&mut self.refusals))),
        }
    }

    /// Those who are to be made, and those who are to be changed.
    pub fn parts(&self) -> (&[Person], impl Iterator<Item = &Person>) {
        let changed = self.changed.range(..self.old);
        (
            &self.people[self.old..],
            changed.map(|place| &self.people[*place]),
        )
    }

    fn take(
        &mut self,
        host: &Host,
        head: &Head,
        record: &StringRecord,
        now: Micros,
    ) -> Result<&'static str, Text> {
        if record.len() != head.len() {
            let (cells, columns) = (record.len(), head.len());
            return Err(Text::made(
                format!("有{cells}个单元格，而表头有{columns}列"),
                format!("has {cells} cells, and the head has {columns}"),
            ));
        }
        let name = cell(head, record, "name").unwrap_or_default();
        let is_line = name.chars().count() <= LONGEST_NAME && !name.contains(char::is_control);
        if name.is_empty() || !is_line {
            return Err(Text::made(
                format!("name必须为1到{LONGEST_NAME}个字符的单行文本"),
                format!("name must be one line of 1 to {LONGEST_NAME} characters"),
            ));
        }
        let known = self.by_name.get(&name.to_lowercase()).copied();
        let before = match known {
            Some(place) => self.people[place].clone(),
            None => Person::new(name, now),
        };
        if known.is_none() && self.people.len() >= MOST_PEOPLE as usize {
            return Err(Text::made(
                format!("最多{MOST_PEOPLE}人"),
                format!("there can be at most {MOST_PEOPLE} people"),
            ));
        }
        let mut person = before.clone();
        for (column, text) in head.iter().zip(record) {
            fill(&mut person, column, text)?;
        }
        if person.identities.len() > MOST_IDENTITIES {
            return Err(Text::made(
                format!("最多{MOST_IDENTITIES}个身份"),
                format!("has at most {MOST_IDENTITIES} identities"),
            ));
        }
        for identity in &person.identities {
            let (kind, value) = (&identity.kind, &identity.value);
            let is_old = before.identities.contains(identity);
            let problem = identity.problem(host, is_old).map(|(_, problem)| problem);
            let owner = self.owners.get(&owned(identity)).copied();
            let other = owner.filter(|owner| Some(*owner) != known);
            let other = other.map(|owner| {
                let other = &self.people[owner];
                belongs_to(other.id, &other.name)
            });
            if let Some(problem) = problem.or(other) {
                return Err(Text::made(
                    format!("{kind} {value}{}", problem.as_str(Locale::Chinese)),
                    format!("{kind} {value} {}", problem.as_str(Locale::English)),
                ));
            }
        }
        if let Some((place, problem)) = clash(&person.identities) {
            let kind = &person.identities[place].kind;
            return Err(Text::of_field(kind, &problem));
        }
        let Some(place) = known else {
            self.people.push(person);
            self.enter(self.people.len() - 1);
            return Ok("made");
        };
        if person == before {
            return Ok("unchanged");
        }
        for identity in &before.identities {
            self.owners.remove(&owned(identity));
        }
        self.people[place] = person;
        self.changed.insert(place);
        self.enter(place);
        Ok("changed")
    }
}

fn refused(zh: String, en: String) -> ApiError {
    ApiError::invalid_field("csv", &Text::made(zh, en))
}

/// By which an identity is one person's.
fn owned(identity: &Identity) -> (String, String, String) {
    let (kind, host, folded) = identity.key();
    (kind.to_owned(), host.to_owned(), folded)
}

impl Person {
    pub(super) fn new(name: &str, now: Micros) -> Self {
        Self {
            id: PersonId::default(),
            name: name.to_owned(),
            kind: Kind::Person,
            notify: Notify::Mention,
            quiet_hours: None,
            language: None,
            user_id: None,
            identities: vec![],
            created_at: now,
            updated_at: now,
        }
    }
}
