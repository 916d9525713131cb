//! What the nodes of an installation share: a cache, marks, rates, and signals. One port with two
//! bodies: Redis when there is one, else the memory of this process, which also stands in while
//! Redis is away.

mod broadcast;
mod bucket;
mod port;
mod redis;
mod window;

pub use broadcast::{Signal, run};
pub use bucket::{Buckets, Key};
pub use port::Shared;
