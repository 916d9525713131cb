use super::{Files, MOST_PAGES, pass};
use rusqlite::{Connection, TransactionBehavior};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Far below what a test waits for, and far above what a pass takes.
const AT_ONCE: Duration = Duration::from_secs(5);

struct World {
    folder: TempDir,
    files: Files,
    writer: Connection,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let writer = Self::connect(&folder);
        writer
            .execute_batch("CREATE TABLE filled (id INTEGER PRIMARY KEY, bytes BLOB)")
            .unwrap();
        Self {
            files: Files::open(&folder.path().join("a.db")).unwrap(),
            folder,
            writer,
        }
    }

    fn connect(folder: &TempDir) -> Connection {
        let connection = Connection::open(folder.path().join("a.db")).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0;
                 PRAGMA busy_timeout = 10000;",
            )
            .unwrap();
        connection
    }

    /// So many pages, each in a row of its own.
    fn write(&mut self, pages: i64) {
        let transaction = self.writer.transaction().unwrap();
        transaction
            .execute(
                "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
                 INSERT INTO filled (bytes) SELECT zeroblob(3500) FROM n",
                [pages],
            )
            .unwrap();
        transaction.commit().unwrap();
    }

    fn log_bytes(&self) -> u64 {
        std::fs::metadata(&self.files.log).unwrap().len()
    }
}

/// One that has begun to write keeps all others from it, and would be waited for.
#[test]
fn a_writer_is_neither_waited_for_nor_held() {
    let mut world = World::new();
    world.write(1500);
    let holds = World::connect(&world.folder);
    let begun = rusqlite::Transaction::new_unchecked(&holds, TransactionBehavior::Immediate);
    let begun = begun.unwrap();
    let started = Instant::now();
    let log = pass(&world.files).unwrap();
    assert!(started.elapsed() < AT_ONCE);
    assert!(log.pages > 1500 && log.is_moved(), "{log:?}");
    begun.commit().unwrap();
}

#[test]
fn a_log_that_was_moved_is_written_again_from_its_start() {
    let mut world = World::new();
    world.write(2000);
    let size = world.log_bytes();
    for _ in 0..5 {
        assert!(pass(&world.files).unwrap().is_moved());
        world.write(1500);
        assert_eq!(world.log_bytes(), size);
    }
}

/// Somebody always writes between the last page that is moved and the next look.
#[test]
fn under_load_the_log_does_not_grow_without_bound() {
    let mut world = World::new();
    let mut longest = 0;
    for round in 0..40 {
        // One that has begun before the pass and commits after it: the log is never moved in full
        // by a pass that waits for nobody.
        let reader = World::connect(&world.folder);
        let begun = reader.unchecked_transaction().unwrap();
        let seen: i64 = begun
            .query_one("SELECT COUNT(*) FROM filled", [], |row| row.get(0))
            .unwrap();
        world.write(1000);
        let log = pass(&world.files).unwrap();
        begun.commit().unwrap();
        assert!(seen >= round * 1000, "{seen} rows in round {round}");
        assert!(!log.is_moved() || log.pages <= MOST_PAGES, "{log:?}");
        longest = longest.max(log.pages);
        if log.pages > MOST_PAGES {
            // The reader is gone.
            let log = pass(&world.files).unwrap();
            assert!(log.is_moved(), "{log:?}");
        }
    }
    assert!(longest > MOST_PAGES, "{longest} pages");
    assert!(longest < 2 * MOST_PAGES, "{longest} pages");
}

/// Neither is a log that a reader keeps from being written anew a reason to hold writers for long,
/// nor is it given up.
#[test]
fn a_reader_that_stays_costs_writers_a_moment_only() {
    let mut world = World::new();
    world.write(100);
    let reader = World::connect(&world.folder);
    let begun = reader.unchecked_transaction().unwrap();
    let _: i64 = begun
        .query_one("SELECT COUNT(*) FROM filled", [], |row| row.get(0))
        .unwrap();
    world.write(MOST_PAGES + 100);
    let started = Instant::now();
    let log = pass(&world.files).unwrap();
    assert!(started.elapsed() < AT_ONCE);
    assert!(!log.is_moved(), "{log:?}");
    world.write(10);
    begun.commit().unwrap();
    assert!(pass(&world.files).unwrap().is_moved());
    let size = world.log_bytes();
    world.write(1000);
    assert_eq!(world.log_bytes(), size);
}

#[test]
fn what_was_moved_is_nothing_to_move() {
    let world = World::new();
    let log = pass(&world.files).unwrap();
    assert!(log.pages > 0 && log.is_moved(), "{log:?}");
    assert_eq!(pass(&world.files).unwrap(), log);
}
