//! Randomness, from the one place that asks for it: what a value is good for stands where it is
//! asked for, and nobody takes a generator that can be guessed.
#![expect(clippy::disallowed_methods, reason = "this is the one place")]

use rand::{
    distr::{Distribution, StandardUniform},
    rngs::ThreadRng,
};

/// Any value of the type, all equally likely; of a float, any from 0 to below 1.
pub fn any<T>() -> T
where
    StandardUniform: Distribution<T>,
{
    rand::random()
}

/// `BYTES` bytes as twice as many hexadecimal digits: a name or a token that nobody guesses.
pub fn hex<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes);
    hex::encode(bytes)
}

/// For what takes several values.
pub fn generator() -> ThreadRng {
    rand::rng()
}
