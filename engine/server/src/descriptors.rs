//! How many files this process may have open. A connection is one.

use push_notify_core::config::Config;
use std::io;

/// For the database, plugins' caches, logs and what else a server opens.
const OWN: u64 = 256;
/// As many connections as a send or a review may hold, and its database.
const PER_WORK: u64 = 2;

/// Raises the limit as far as the system lets it, and returns how many connections of others there
/// can be: `connections.most`, or fewer, of which the log is told.
pub fn connections(config: &Config) -> usize {
    let work = config.delivery.concurrency + config.review.concurrency;
    let own = OWN + PER_WORK * work as u64 + 2 * u64::from(config.database.connections);
    let most = config.connections.most as u64;
    let open = match raise(most.saturating_add(own)) {
        Ok(open) => open,
        Err(error) => {
            tracing::warn!(%error, "cannot find out how many files may be open");
            return config.connections.most;
        }
    };
    let (left, is_enough) = share(open, own, most);
    if !is_enough {
        tracing::warn!(
            "the system lets this server open {open} files, so that it takes {left} connections at a time instead of {most} \
             (`connections.most`): raise the limit to {} (`ulimit -n`, LimitNOFILE= of systemd, --ulimit nofile= of docker)",
            most.saturating_add(own)
        );
    }
    usize::try_from(left).unwrap_or(usize::MAX)
}

/// How many of `open` files connections may have, and whether those are all that are wanted.
fn share(open: u64, own: u64, most: u64) -> (u64, bool) {
    // A quarter at least: a server that nobody can reach is of no use.
    let left = open.saturating_sub(own).max(open / 4).max(1);
    (left.min(most), left >= most)
}

/// To `wanted` at least, where the hard limit allows it. Returns what there is.
fn raise(wanted: u64) -> io::Result<u64> {
    let (soft, hard) = rlimit::Resource::NOFILE.get()?;
    if soft >= wanted {
        return Ok(soft);
    }
    let raised = wanted.min(hard);
    // The kernel has a bound of its own where the hard limit is none.
    let set = rlimit::Resource::NOFILE.set(raised, hard);
    Ok(if set.is_ok() { raised } else { soft })
}

#[cfg(test)]
mod tests;
