//! What the files of `migrations/` make, for review: `sqlite.txt` and `postgres.txt`, sorted,
//! whatever the order and the lay-out of the files. `UPDATE_SCHEMA=1` writes them anew:
//!
//! ```sh
//! UPDATE_SCHEMA=1 tests/services.sh run cargo test -p push-notify-tests --test it operate::schema
//! ```

use super::{database::Fresh, tidy::tidied};
use push_notify_tests::{Backend, both, workspace};
use std::{collections::BTreeSet, env, fs};

both!(the_schema_is_that_of_the_snapshot);

/// The statements that made the schema, which SQLite keeps: each table with what belongs to it.
const SQLITE: &str = "
    SELECT sql FROM sqlite_master
    WHERE sql IS NOT NULL AND name <> '_sqlx_migrations' AND name NOT LIKE 'sqlite%'
    ORDER BY tbl_name, type = 'table' DESC, sql";

/// Statements that would make the schema.
const POSTGRES: &str = "
    SELECT sql FROM (
        SELECT c.relname AS owner, 1 AS place, CONCAT('CREATE TABLE ', c.relname, '(', (
            SELECT STRING_AGG(line, ', ') FROM (
                SELECT CONCAT_WS(' ', a.attname, FORMAT_TYPE(a.atttypid, a.atttypmod),
                    CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                    CASE WHEN a.attgenerated = '' THEN 'DEFAULT ' ELSE 'GENERATED ALWAYS AS ' END
                        || pg_get_expr(d.adbin, d.adrelid),
                    CASE a.attgenerated WHEN 's' THEN 'STORED' END,
                    CASE a.attstorage WHEN 'e' THEN 'STORAGE EXTERNAL' END) AS line
                FROM pg_attribute a
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL
                SELECT pg_get_constraintdef(oid) FROM pg_constraint
                WHERE conrelid = c.oid AND contype IN ('p', 'u', 'f', 'c')
            ) lines
        ), ') ', ARRAY_TO_STRING(c.reloptions, ', ')) AS sql
        FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::REGNAMESPACE
            AND c.relname <> '_sqlx_migrations'
        UNION ALL
        SELECT c.relname, 2, pg_get_indexdef(i.indexrelid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        WHERE c.relnamespace = 'public'::REGNAMESPACE
            AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
        UNION ALL
        SELECT c.relname, 3, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
        UNION ALL
        SELECT proname, 4, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::REGNAMESPACE
        UNION ALL
        SELECT sequencename, 5,
            CONCAT('CREATE SEQUENCE ', sequencename, ' AS ', data_type, ' INCREMENT BY ', increment_by)
        FROM pg_sequences WHERE schemaname = 'public'
    ) statements ORDER BY owner, place, sql COLLATE \"C\"";

async fn the_schema_is_that_of_the_snapshot(on: Backend) {
    let (name, sql) = match on {
        Backend::Sqlite => ("sqlite.txt", SQLITE),
        Backend::Postgres => ("postgres.txt", POSTGRES),
    };
    let statements = Fresh::create(on).await.texts(sql).await;
    let found: String = statements.iter().map(|sql| tidied(sql)).collect();
    let found = found.trim_start();
    let file = workspace().join("tests/it/operate/schema").join(name);
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, found).expect("it can be written");
    }
    let expected = fs::read_to_string(&file).expect("the snapshot");
    let gone = lines_of_one(&expected, found).map(|line| format!("- {line}"));
    let new = lines_of_one(found, &expected).map(|line| format!("+ {line}"));
    let differences: Vec<_> = gone.chain(new).collect();
    assert!(
        found == expected,
        "the schema is not that of {name}:\n{}\nIf it is meant to be so, run this test with UPDATE_SCHEMA=1",
        differences.join("\n")
    );
}

fn lines_of_one<'a>(one: &'a str, other: &'a str) -> impl Iterator<Item = &'a str> {
    let known: BTreeSet<_> = other.lines().collect();
    one.lines().filter(move |line| !known.contains(line))
}
