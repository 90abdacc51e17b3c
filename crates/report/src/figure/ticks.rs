//! Round numbers for axes.

/// An axis that ends at ticks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ticks {
    /// The first.
    pub low: f64,
    /// The last.
    pub high: f64,
    /// The distance of two.
    pub step: f64,
}

impl Ticks {
    /// At most `intervals` of round length that cover these values; of none, 0 to 1.
    pub(crate) fn over(values: impl IntoIterator<Item = f64>, intervals: usize) -> Self {
        let (low, high) = values
            .into_iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                (low.min(v), high.max(v))
            });
        let (low, high) = match (low <= high, low < high) {
            (false, _) => (0.0, 1.0),
            (true, true) => (low, high),
            (true, false) => (low.min(0.0), if low == 0.0 { 1.0 } else { low.max(0.0) }),
        };
        let intervals = intervals.max(1) as f64;
        // A little beyond a tick is not worth another interval.
        let slack = 1e-6 * (high - low);
        let mut power = 10f64.powf(((high - low) / intervals).log10().floor());
        loop {
            for factor in [1.0, 2.0, 2.5, 5.0] {
                let step = factor * power;
                let first = ((low + slack) / step).floor();
                let last = ((high - slack) / step).ceil();
                if last - first <= intervals {
                    return Self {
                        low: first * step,
                        high: last * step,
                        step,
                    };
                }
            }
            power *= 10.0;
        }
    }

    /// The ticks.
    pub(crate) fn values(self) -> impl Iterator<Item = f64> {
        let n = ((self.high - self.low) / self.step).round() as usize;
        (0..=n).map(move |i| {
            let value = self.low + i as f64 * self.step;
            // Sums of steps miss 0 by a rounding error.
            if value.abs() < 1e-9 * self.step {
                0.0
            } else {
                value
            }
        })
    }

    /// Decimals that tell two ticks apart, of values times `factor`.
    pub(crate) fn decimals(self, factor: f64) -> usize {
        let step = self.step * factor;
        let is_whole = |decimals: usize| {
            let scaled = step * 10f64.powi(decimals as i32);
            (scaled - scaled.round()).abs() < 1e-6 * scaled
        };
        (0..6).find(|&d| is_whole(d)).unwrap_or(6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(values: &[f64], intervals: usize) -> (f64, f64, f64) {
        let ticks = Ticks::over(values.iter().copied(), intervals);
        (ticks.low, ticks.high, ticks.step)
    }

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        assert_eq!(ends(&[0.0, 1.0], 5), (0.0, 1.0, 0.2));
        assert_eq!(ends(&[1.0, 9.5], 5), (0.0, 10.0, 2.0));
        assert_eq!(ends(&[-3.0, 4.0], 6), (-4.0, 4.0, 2.0));
        assert_eq!(ends(&[0.0, 42.0], 5), (0.0, 50.0, 10.0));
        for (low, high) in [(0.0313, 0.0972), (-17.0, 3.0), (5.0, 5.001), (1e-9, 2e-9)] {
            let ticks = Ticks::over([low, high], 5);
            let n = ticks.values().count();
            assert!((2..=6).contains(&n), "{low} to {high}: {ticks:?}");
            assert!(ticks.low <= low + 1e-6 * (high - low), "{ticks:?}");
            assert!(ticks.high >= high - 1e-6 * (high - low), "{ticks:?}");
        }
    }

    #[test]
    fn one_value_or_none_still_has_an_axis() {
        assert_eq!(ends(&[], 5), (0.0, 1.0, 0.2));
        assert_eq!(ends(&[0.0, 0.0], 5), (0.0, 1.0, 0.2));
        assert_eq!(ends(&[4.0], 4), (0.0, 4.0, 1.0));
        assert_eq!(ends(&[-4.0], 4), (-4.0, 0.0, 1.0));
    }

    #[test]
    fn labels_have_the_decimals_that_the_step_needs() {
        let decimals = |step: f64, factor: f64| {
            Ticks {
                low: 0.0,
                high: 1.0,
                step,
            }
            .decimals(factor)
        };
        // 2.5 % apart is not 2 %, 5 %, 8 %.
        assert_eq!(decimals(0.025, 100.0), 1);
        assert_eq!(decimals(0.05, 100.0), 0);
        assert_eq!((decimals(0.5, 1.0), decimals(20.0, 1.0)), (1, 0));
        assert_eq!(decimals(0.0025, 1.0), 4);
    }
}
