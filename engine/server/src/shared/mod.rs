//! What the nodes of an installation share: a cache, marks, rates, and news. One port with two bodies: Redis when there is one, else the
//! memory of this process, which also stands in while Redis is away.

mod bucket;
mod news;
mod port;
mod redis;
mod window;

pub use bucket::{Buckets, Key};
pub use news::{Word, run};
pub use port::Shared;
