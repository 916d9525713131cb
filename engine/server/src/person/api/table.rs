//! People from and to tables, and who is missing among them.

use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        AcceptLanguage, Answer, ApiError, Reply, code,
        download::Stream,
        error::or_taken,
        extract::{Asked, Body, FromQuery, Query},
    },
    log::{export::neutral, operation::AuditEntry},
    person::{
        Book, Person,
        identity::{EMAIL, LOGIN},
        import::{COLUMNS, Import, Imported, Plan},
        store,
        unknown::{self, Unknown},
    },
};
use axum::extract::State;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use push_notify_core::{
    i18n::{Locale, Text},
    id::PersonId,
};
use std::collections::BTreeSet;

const DAY_US: i64 = 24 * 3_600 * 1_000_000;
const USUAL_DAYS: i64 = 30;
const MOST_DAYS: i64 = 90;

/// The query of `GET /people/unknown`.
pub struct Days(i64);

impl FromQuery for Days {
    fn read(query: &mut Query) -> Self {
        let days = query.positive("days").unwrap_or(USUAL_DAYS);
        if days > MOST_DAYS {
            let problem = Text::made(
                format!("不能超过{MOST_DAYS}"),
                format!("must be at most {MOST_DAYS}"),
            );
            query.refuse("days", problem);
        }
        Self(days)
    }
}

/// `GET /people/unknown`
pub async fn unknown(State(app): State<App>, Asked(Days(days)): Asked<Days>) -> Answer<Unknown> {
    let book = Book::read(app.db.read()).await?;
    let since = app.clock.now_us() - days * DAY_US;
    let found = unknown::since(app.db.read(), &book, since).await;
    Reply::data(found.map_err(ApiError::internal)?)
}

/// `POST /people/import`. A person is who has the name; empty cells say nothing. All lines are
/// taken or none, unless it is to be partial.
pub async fn import(
    State(app): State<App>,
    user: CurrentUser,
    AcceptLanguage(locale): AcceptLanguage,
    body: Body<Import>,
) -> Answer<Imported> {
    let asked = body.checked()?;
    let now = app.clock.now_us();
    let mut plan = Plan::new(store::all(app.db.read()).await?);
    plan.read(&app.host, &asked.csv, locale, now)?;
    if asked.dry_run {
        plan.answer.dry_run = true;
        return Reply::data(plan.answer);
    }
    if !asked.partial {
        plan.whole()?;
    }
    let (made, changed) = plan.parts();
    let changed: Vec<&Person> = changed.collect();
    let mut transaction = app.db.begin().await?;
    // A handle may go from one to another.
    for person in &changed {
        store::forget(&mut transaction, person.id).await?;
    }
    for person in &changed {
        let updated = store::update(&mut transaction, person, now).await;
        if !updated.map_err(or_taken(&code::PERSON_TAKEN))? {
            return Err(ApiError::changed_meanwhile());
        }
    }
    for person in made {
        let person = Person {
            id: app.db.next_id(&mut transaction).await?,
            ..person.clone()
        };
        let inserted = store::insert(&mut transaction, &person).await;
        inserted.map_err(or_taken(&code::PERSON_TAKEN))?;
    }
    let detail = format!("{} made, {} changed", made.len(), changed.len());
    let audit = AuditEntry {
        object_id: None,
        ..AuditEntry::new("person.import", PersonId::default(), "").with(&detail)
    };
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::data(plan.answer)
}

/// `GET /people/export`: a table that `POST /people/import` reads.
pub async fn export(State(app): State<App>) -> Result<Stream, ApiError> {
    let people = store::all(app.db.read()).await?;
    let table = write(&people).map_err(ApiError::internal)?;
    Ok(Stream {
        file_name: "people.csv".to_owned(),
        media_type: "text/csv; charset=utf-8",
        content: stream::once(async { Ok(Bytes::from(table)) }).boxed(),
    })
}

fn write(people: &[Person]) -> Result<Vec<u8>, csv::Error> {
    let identities = people.iter().flat_map(|person| &person.identities);
    let of_channel = identities.filter(|identity| !COLUMNS.contains(&identity.kind.as_str()));
    let channels: BTreeSet<&str> = of_channel.map(|identity| &*identity.kind).collect();
    // With a byte order mark, for spreadsheets.
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(COLUMNS.iter().chain(&channels))?;
    for person in people {
        let of = |kind: &str| {
            let identities = person.identities.iter();
            let values = identities.filter(|identity| identity.kind == kind);
            let values = values.map(|identity| match &identity.host {
                Some(host) => format!("{host}/{}", identity.value),
                None => identity.value.clone(),
            });
            values.collect::<Vec<_>>().join(" ")
        };
        let mut cells = vec![
            person.name.clone(),
            person.kind.name().to_owned(),
            person.notify.name().to_owned(),
            person.language.map_or("", Locale::tag).to_owned(),
            of(EMAIL),
            of(LOGIN),
        ];
        cells.extend(channels.iter().map(|channel| of(channel)));
        writer.write_record(
            cells
                .iter()
                .map(|cell| neutral(cell.as_str().into()).into_owned()),
        )?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}
