//! All tests that drive the whole server, in one binary.

fn main() {}
