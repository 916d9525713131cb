//! Both databases have the same schema, as far as they can: statements have one text for both.

use super::database::Fresh;
use push_notify_tests::Backend;
use std::collections::BTreeSet;

/// What only one of the databases has, or has otherwise: a table, a column or an index, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("nodes", "SQLite has one server"),
    (
        "deleted_events",
        "a sequence remembers the highest id by itself",
    ),
    (
        "deleted_pushes",
        "a sequence remembers the highest id by itself",
    ),
    (
        "push_queue",
        "it is a view on SQLite, where `pushes` has its indexes",
    ),
    ("push_queue_carried", "pushes_carried_due on SQLite"),
    ("push_queue_created", "pushes_waiting on SQLite"),
    ("push_queue_due", "pushes_due on SQLite"),
    ("push_queue_mergeable", "pushes_mergeable on SQLite"),
    ("push_queue_parked", "pushes_parked on SQLite"),
    ("push_queue_replay", "pushes_replay on SQLite"),
    ("pushes_carried_due", "push_queue_carried on PostgreSQL"),
    (
        "pushes_delivered",
        "on PostgreSQL no index of `pushes` names `state`",
    ),
    ("pushes_due", "push_queue_due on PostgreSQL"),
    ("pushes_mergeable", "push_queue_mergeable on PostgreSQL"),
    ("pushes_parked", "push_queue_parked on PostgreSQL"),
    (
        "pushes_replay",
        "on PostgreSQL no index of `pushes` names `state`",
    ),
    ("pushes_waiting", "push_queue_created on PostgreSQL"),
];

/// Kinds of values, by the words that the databases have for them.
const KINDS: &[(&str, &str)] = &[
    ("bigint", "whole number"),
    ("integer", "whole number"),
    ("text", "text"),
    ("blob", "bytes"),
    ("bytea", "bytes"),
];

/// Each answers `TABLE.COLUMN: TYPE`, with ` not null` and ` default VALUE` behind it.
const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name || ': ' || LOWER(c.type)
        || CASE WHEN c.\"notnull\" = 1 OR c.pk = 1 AND c.type = 'INTEGER' THEN ' not null' ELSE '' END
        || COALESCE(' default ' || c.dflt_value, '')
    FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'";
const POSTGRES_COLUMNS: &str = "
    SELECT CONCAT(table_name, '.', column_name, ': ', data_type,
        CASE is_nullable WHEN 'NO' THEN ' not null' END,
        CASE WHEN column_default NOT LIKE 'nextval(%'
            THEN ' default ' || REPLACE(column_default, '::text', '') END)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";

/// Each answers `TABLE: KEY` and `INDEX: DEFINITION`, as SQL.
const SQLITE_KEYS: &str = "
    SELECT t.name || ': primary key (' || GROUP_CONCAT(c.name, ', ' ORDER BY c.pk) || ')'
    FROM sqlite_master t JOIN pragma_table_info(t.name) c ON c.pk > 0
    WHERE t.type = 'table' AND t.name <> '_sqlx_migrations' GROUP BY t.name
    UNION ALL
    SELECT t.name || ': foreign key (' || f.\"from\" || ') references ' || f.\"table\" || '(' || f.\"to\" || ')'
    FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
    UNION ALL
    SELECT name || ': ' || sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
const POSTGRES_KEYS: &str = "
    SELECT CONCAT(conrelid::REGCLASS, ': ', pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::REGNAMESPACE AND contype IN ('p', 'u', 'f')
        AND conrelid <> '_sqlx_migrations'::REGCLASS
    UNION ALL
    SELECT CONCAT(indexrelid::REGCLASS, ': ', pg_get_indexdef(indexrelid)) FROM pg_index i
    WHERE (SELECT relnamespace FROM pg_class WHERE oid = indexrelid) = 'public'::REGNAMESPACE
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_have_the_same_tables_columns_and_keys() {
    let sqlite = facts(Backend::Sqlite, SQLITE_COLUMNS, SQLITE_KEYS).await;
    let postgres = facts(Backend::Postgres, POSTGRES_COLUMNS, POSTGRES_KEYS).await;
    let differing: BTreeSet<&String> = sqlite.symmetric_difference(&postgres).collect();
    let unknown: Vec<_> = differing
        .iter()
        .filter(|fact| !DIFFERENCES.iter().any(|(name, _)| is_about(fact, name)))
        .map(|fact| match sqlite.contains(*fact) {
            true => format!("only SQLite has {fact}"),
            false => format!("only PostgreSQL has {fact}"),
        })
        .collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
    for (name, reason) in DIFFERENCES {
        let differs = differing.iter().any(|fact| is_about(fact, name));
        assert!(differs, "{name} is the same in both, not so: {reason}");
    }
}

async fn facts(on: Backend, columns: &'static str, keys: &'static str) -> BTreeSet<String> {
    let fresh = Fresh::create(on).await;
    let columns = fresh.texts(columns).await;
    let keys = fresh.texts(keys).await;
    assert!(
        columns.len() > 200 && keys.len() > 80,
        "{columns:?} {keys:?}"
    );
    let columns = columns.iter().map(|fact| with_kind(fact));
    columns.chain(keys.iter().map(|fact| plain(fact))).collect()
}

/// `TABLE.COLUMN: KIND`, with what is behind it.
fn with_kind(fact: &str) -> String {
    let (column, rest) = fact.split_once(": ").expect("a type");
    let (declared, more) = rest.split_once(' ').unwrap_or((rest, ""));
    let (_, kind) = KINDS
        .iter()
        .find(|(word, _)| *word == declared)
        .unwrap_or_else(|| panic!("{column} is {declared}: say in KINDS what kind that is"));
    format!("{column}: {kind} {more}").trim_end().to_owned()
}

/// SQL without what one database writes and the other does not.
fn plain(fact: &str) -> String {
    let mut text = fact.to_lowercase();
    for noise in ["public.", "using btree", "::text"] {
        text = text.replace(noise, "");
    }
    let text = text.replace(['(', ')', ','], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_about(fact: &str, name: &str) -> bool {
    let rest = fact.strip_prefix(name);
    rest.is_some_and(|rest| rest.starts_with([':', '.']))
}
