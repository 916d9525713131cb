//! SQL on whose things are whose: conditions for lists, the standing of a user towards a thing, and
//! handing over.

use super::{Owner, Standing, Thing, types::Kind};
use push_notify_core::{
    clock::Micros,
    id::{RepoId, RowId, SqlId, TargetId, UserId},
};
use push_notify_db::list::among;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyRow};
use std::collections::HashMap;

/// Whether what has this alias belongs to the user `?` or to a team of theirs.
macro_rules! mine {
    ($alias:literal) => {
        concat!(
            "(",
            $alias,
            ".owner_id = ? OR ",
            $alias,
            ".team_id IN (SELECT team_id FROM team_members WHERE user_id = ?))"
        )
    };
}

/// The user's repositories, or those of their teams; also deleted ones, whose events stay.
macro_rules! my_repos {
    () => {
        concat!("(SELECT o.id FROM repos o WHERE ", mine!("o"), ")")
    };
}

macro_rules! my_targets {
    () => {
        concat!("(SELECT o.id FROM targets o WHERE ", mine!("o"), ")")
    };
}

// What a user sees who sees their own things only; `?` is the user. The aliases are those of the
// lists.

pub const REPOS: &str = mine!("r");
pub const TARGETS: &str = mine!("t");
pub const RULES: &str = mine!("u");
/// Everybody may read what everybody's messages are made with.
pub const TEMPLATES: &str = concat!("(m.is_default = 1 OR ", mine!("m"), ")");
pub const PROMPTS: &str = concat!("(p.is_system = 1 OR ", mine!("p"), ")");
pub const TEAMS: &str = "g.id IN (SELECT team_id FROM team_members WHERE user_id = ?)";
pub const EVENTS: &str = concat!("e.repo_id IN ", my_repos!());
pub const SUBJECTS: &str = concat!("s.repo_id IN ", my_repos!());
pub const REVIEWS: &str = concat!("v.repo_id IN ", my_repos!());
pub const AI_CALLS: &str = concat!("c.repo_id IN ", my_repos!());
/// For where another filter leads: a sign before a column keeps both databases from using an index
/// on it.
pub const PUSHES_AMONG_OTHERS: &str = concat!(
    "(+p.repo_id IN ",
    my_repos!(),
    " OR +p.target_id IN ",
    my_targets!(),
    ")"
);
/// Those for the user's targets that are not of their repositories.
pub const PUSHES_FROM_OTHERS: &str = concat!(
    "p.target_id IN ",
    my_targets!(),
    " AND NOT (+p.repo_id IN ",
    my_repos!(),
    ")"
);
pub const TALLIES: &str = concat!("id IN ", my_repos!());
pub const REPLAYS: &str = concat!(
    "EXISTS (SELECT 1 FROM events e WHERE e.id = v.event_id AND e.repo_id IN ",
    my_repos!(),
    ")"
);

macro_rules! manages {
    () => {
        "EXISTS (SELECT 1 FROM team_members k WHERE k.team_id = g.id AND k.user_id = ? AND k.role = 'manager')"
    };
}

/// Where a thing is, and of whom: with `$1` for the user.
struct Place {
    from: &'static str,
    key: &'static str,
    sees: &'static str,
    changes: &'static str,
}

fn place(thing: Thing) -> Place {
    let same = |from, key, mine| Place {
        from,
        key,
        sees: mine,
        changes: mine,
    };
    match thing {
        Thing::Repo => same("repos r WHERE r.deleted_at IS NULL", "r.id", REPOS),
        Thing::Target => Place {
            from: "targets t WHERE t.deleted_at IS NULL",
            key: "t.id",
            sees: TARGETS,
            changes: concat!("t.scope <> 'global' AND ", mine!("t")),
        },
        // The repository is the second id of the path.
        Thing::Link => same(
            "targets t LEFT JOIN repos r ON r.id = $2 AND r.deleted_at IS NULL WHERE t.deleted_at IS NULL",
            "t.id",
            concat!(
                "(t.scope <> 'global' AND ",
                mine!("t"),
                " OR ",
                mine!("r"),
                ")"
            ),
        ),
        Thing::Rule => same("rules u WHERE u.deleted_at IS NULL", "u.id", RULES),
        Thing::Template => Place {
            from: "templates m WHERE m.deleted_at IS NULL",
            key: "m.id",
            sees: TEMPLATES,
            changes: concat!("m.is_default = 0 AND ", mine!("m")),
        },
        Thing::Prompt => Place {
            from: "prompts p WHERE p.deleted_at IS NULL",
            key: "p.id",
            sees: PROMPTS,
            changes: concat!("p.is_system = 0 AND ", mine!("p")),
        },
        Thing::Event => same("events e WHERE 1 = 1", "e.id", EVENTS),
        Thing::Subject => same("subjects s WHERE 1 = 1", "s.id", SUBJECTS),
        Thing::Push => same("pushes p WHERE 1 = 1", "p.id", PUSHES_AMONG_OTHERS),
        Thing::Review => same("reviews v WHERE 1 = 1", "v.id", REVIEWS),
        Thing::Replay => Place {
            from: "replays v WHERE 1 = 1",
            key: "v.id",
            sees: REPLAYS,
            changes: "1 = 0",
        },
        Thing::Team => Place {
            from: "teams g WHERE g.deleted_at IS NULL",
            key: "g.id",
            sees: TEAMS,
            changes: manages!(),
        },
        // The user is the second id of the path.
        Thing::Membership => Place {
            from: "teams g LEFT JOIN team_members j ON j.team_id = g.id AND j.user_id = $2 WHERE g.deleted_at IS NULL",
            key: "g.id",
            sees: TEAMS,
            changes: concat!("(j.user_id = ? OR ", manages!(), ")"),
        },
    }
}

impl Place {
    fn select(&self, which: &str) -> String {
        let Self {
            from,
            key,
            sees,
            changes,
        } = self;
        format!(
            "SELECT {key} AS id, CAST(CASE WHEN {sees} THEN 1 ELSE 0 END AS BIGINT) AS sees,
                CAST(CASE WHEN {changes} THEN 1 ELSE 0 END AS BIGINT) AS changes
             FROM {from} AND {which}"
        )
        .replace('?', "$1")
    }
}

/// None: there is no such thing. `ids` are those of the path: one, or two, and plain numbers as
/// `thing` says of which tables.
pub(super) async fn standing(
    pool: &AnyPool,
    thing: Thing,
    ids: &[i64],
    user_id: UserId,
) -> Result<Option<Standing>, sqlx::Error> {
    let place = place(thing);
    let (which, ids) = match (thing, ids) {
        (Thing::Link | Thing::Membership, [first, second]) => {
            (format!("{} = $3", place.key), vec![*second, *first])
        }
        (_, [id, ..]) => (format!("{} = $2", place.key), vec![*id]),
        (_, []) => return Ok(None),
    };
    let sql = place.select(&which);
    let query = sqlx::query(AssertSqlSafe(sql)).bind(user_id);
    let query = ids.into_iter().fold(query, |query, id| query.bind(id));
    let row = query.fetch_optional(pool).await?;
    row.as_ref().map(read).transpose()
}

/// Of those that there are; not for what two ids stand for.
pub(super) async fn standings<I: SqlId>(
    pool: &AnyPool,
    thing: Thing,
    ids: &[I],
    user_id: UserId,
) -> Result<HashMap<I, Standing>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let place = place(thing);
    let sql = place.select(&among(place.key, ids.iter().copied()));
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(user_id)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("id")?, read(row)?)))
        .collect()
}

fn read(row: &AnyRow) -> Result<Standing, sqlx::Error> {
    Ok(Standing {
        sees: row.try_get::<i64, _>("sees")? == 1,
        changes: row.try_get::<i64, _>("changes")? == 1,
    })
}

/// The repositories and targets of a user and their teams; also deleted ones.
pub async fn own_ids(
    pool: &AnyPool,
    user_id: UserId,
) -> Result<(Vec<RepoId>, Vec<TargetId>), sqlx::Error> {
    let repos = concat!("SELECT r.id FROM repos r WHERE ", mine!("r"));
    let targets = concat!("SELECT t.id FROM targets t WHERE ", mine!("t"));
    Ok((
        ids_of(pool, repos, user_id).await?,
        ids_of(pool, targets, user_id).await?,
    ))
}

async fn ids_of<I: SqlId>(
    pool: &AnyPool,
    sql: &str,
    user_id: UserId,
) -> Result<Vec<I>, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(sql.replace('?', "$1")))
        .bind(user_id)
        .fetch_all(pool)
        .await
}

/// Of the columns `owner_id`, `owner_name`, `team_id` and `team_name`.
pub fn owner_of(row: &AnyRow) -> Result<Option<Owner>, sqlx::Error> {
    let name = |column: &str| row.try_get::<Option<String>, _>(column);
    if let Some((id, name)) = row.try_get("owner_id").map(with(name("owner_name")?))? {
        return Ok(Some(Owner::user(id, &name)));
    }
    let team = row.try_get("team_id").map(with(name("team_name")?))?;
    Ok(team.map(|(id, name)| Owner::team(id, &name)))
}

fn with<I: RowId>(name: Option<String>) -> impl FnOnce(Option<I>) -> Option<(I, String)> {
    |id| id.zip(name)
}

/// What may belong to somebody.
const TABLES: [&str; 5] = ["repos", "targets", "templates", "prompts", "rules"];

/// How many of each belong to the owner, but for deleted ones; in the order of [`TABLES`].
pub(super) async fn count(
    connection: &mut AnyConnection,
    owner: &Owner,
) -> Result<[i64; 5], sqlx::Error> {
    let mut counts = [0; 5];
    for (count, table) in counts.iter_mut().zip(TABLES) {
        let column = column(owner.kind);
        let sql =
            format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1 AND deleted_at IS NULL");
        *count = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(owner.id)
            .fetch_one(&mut *connection)
            .await?;
    }
    Ok(counts)
}

/// Gives all that belongs to `from` to somebody else, with what is left of deleted things. Whoever
/// has read one of them before cannot write it any more.
pub async fn give_all(
    connection: &mut AnyConnection,
    from: &Owner,
    to: Option<&Owner>,
    now: Micros,
) -> Result<(), sqlx::Error> {
    for table in TABLES {
        let sql = format!(
            "UPDATE {table} SET owner_id = $2, team_id = $3,
                updated_at = CASE WHEN updated_at < $4 THEN $4 ELSE updated_at + 1 END
             WHERE {} = $1",
            column(from.kind)
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(from.id)
            .bind(Owner::user_id(to))
            .bind(Owner::team_id(to))
            .bind(now)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn column(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "owner_id",
        Kind::Team => "team_id",
    }
}
