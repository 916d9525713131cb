//! The statements that find what is due, and keep others from claiming it.

use super::claim::Share;
use crate::push::state::pending;
use push_notify_db::Dialect;

/// Every partition by itself, so that each is a walk along the index that ends at its share.
pub(super) fn sql(dialect: Dialect, shares: &[Share]) -> String {
    const DUE: &str = concat!(
        "q.",
        pending!(),
        " AND q.carried_by IS NULL AND q.run_at <= $1"
    );
    match dialect {
        Dialect::Sqlite => {
            let partitions = shares.iter().map(
                |Share {
                     partition, most, ..
                 }| {
                    let of_lot = format!(
                        "q.target_id = {} AND q.repo_id = {}",
                        partition.target_id, partition.repo_id
                    );
                    let rest = format!("ORDER BY q.run_at LIMIT {most}");
                    format!(
                        "SELECT * FROM ({})",
                        claimable(dialect, &of_lot, DUE, &rest)
                    )
                },
            );
            partitions.collect::<Vec<_>>().join(" UNION ALL ")
        }
        Dialect::Postgres => {
            let rows = shares.iter().map(
                |Share {
                     partition, most, ..
                 }| {
                    format!("({}, {}, {most})", partition.target_id, partition.repo_id)
                },
            );
            let of_lot = "q.target_id = v.target_id AND q.repo_id = v.repo_id";
            format!(
                "SELECT d.* FROM (VALUES {}) v (target_id, repo_id, most) CROSS JOIN LATERAL ({}) d",
                rows.collect::<Vec<_>>().join(", "),
                claimable(dialect, of_lot, DUE, "ORDER BY q.run_at LIMIT v.most")
            )
        }
    }
}

/// Finds pushes `q` in the queue, and on PostgreSQL locks those that nobody else has. Whoever
/// changes a push locks it, and then a trigger locks its row in the queue; so the push is locked
/// here too. `now`, which holds at this moment and may not at the next, is asked of what is locked
/// once more; `always` is what never changes of a push.
pub(in crate::pipeline) fn claimable(
    dialect: Dialect,
    always: &str,
    now: &str,
    rest: &str,
) -> String {
    match dialect {
        Dialect::Sqlite => format!(
            "SELECT q.id, q.target_id, q.run_at, q.attempts, q.lease FROM push_queue q WHERE {always} AND {now} {rest}"
        ),
        Dialect::Postgres => format!(
            "SELECT p.id, p.target_id, p.run_at, p.attempts, p.lease FROM push_queue q JOIN pushes p ON p.id = q.id
             WHERE {always} AND {now} AND {} {rest} FOR UPDATE OF p SKIP LOCKED",
            now.replace("q.", "p.")
        ),
    }
}
