//! What tokens cost.

/// Of a million tokens, in millionths of whatever currency the administrator has in mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price(i64);

/// Millionths of one, and tokens that a price is for.
const MILLION: i64 = 1_000_000;

impl Price {
    /// The highest that is taken.
    pub const HIGHEST: f64 = 1_000_000.0;

    /// Rounded to six decimals.
    pub fn of(amount: f64) -> Self {
        // A cast from a float saturates.
        Self((amount * MILLION as f64).round() as i64)
    }

    pub fn amount(self) -> f64 {
        self.0 as f64 / MILLION as f64
    }

    pub fn from_stored(millionths: i64) -> Self {
        Self(millionths)
    }

    pub fn stored(self) -> i64 {
        self.0
    }
}

/// What so many tokens cost, rounded to six decimals; `None` unless both prices are known, because
/// half of it would look like all.
pub fn cost(
    input: Option<Price>,
    output: Option<Price>,
    input_tokens: i64,
    output_tokens: i64,
) -> Option<f64> {
    let of = |price: Price, tokens: i64| i128::from(price.0) * i128::from(tokens);
    let trillionths = of(input?, input_tokens) + of(output?, output_tokens);
    let millionths = (trillionths + i128::from(MILLION / 2)) / i128::from(MILLION);
    Some(millionths as f64 / MILLION as f64)
}

#[cfg(test)]
mod tests;
