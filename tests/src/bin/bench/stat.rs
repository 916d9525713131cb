/// What several rounds gave.
#[derive(Debug, Clone)]
pub(crate) struct Rounds(Vec<f64>);

impl Rounds {
    /// Sorts them. There must be one at least.
    pub(crate) fn new(rounds: impl IntoIterator<Item = f64>) -> Self {
        let mut rounds: Vec<f64> = rounds.into_iter().collect();
        rounds.sort_by(f64::total_cmp);
        Self(rounds)
    }

    /// Round by round, so that noise that hits both sides of a round cancels out.
    pub(crate) fn ratio(ours: &[f64], theirs: &[f64]) -> Self {
        Self::new(ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs))
    }

    pub(crate) fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// 0 is the lowest, 1 the highest.
    pub(crate) fn at(&self, quantile: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let index = (last as f64 * quantile).round() as usize;
        self.0.get(index).copied().unwrap_or(f64::NAN)
    }

    /// How far the rounds are apart, as a part of the median.
    pub(crate) fn spread(&self) -> f64 {
        (self.at(1.0) - self.at(0.0)) / self.median()
    }
}
