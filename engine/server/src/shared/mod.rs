//! What nodes share. The bodies: in memory (the host's [`push_notify_host::MemoryCache`]) and Redis.

mod redis;

pub use redis::RedisCache;
