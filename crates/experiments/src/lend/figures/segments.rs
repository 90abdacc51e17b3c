//! Test loans by grade, term and year of issue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::loans::Loans;
use super::results::{Segment, SegmentBy};

/// The loans of a segment in one trial, all and those bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentShape {
    pub by: SegmentBy,
    pub value: String,
    pub market: Sums,
    pub chosen: Sums,
}

/// Loans added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sums {
    pub n: usize,
    pub realised: f64,
    pub charged_off: usize,
}

impl Sums {
    fn add(&mut self, other: Sums) {
        self.n += other.n;
        self.realised += other.realised;
        self.charged_off += other.charged_off;
    }

    fn mean(self) -> Option<f64> {
        (self.n > 0).then(|| self.realised / self.n as f64)
    }

    fn rate(self) -> Option<f64> {
        (self.n > 0).then(|| self.charged_off as f64 / self.n as f64)
    }
}

/// The segments of the test loans of a trial, sorted.
pub(super) fn segments(loans: &Loans<'_>, chosen: &[usize]) -> Vec<SegmentShape> {
    let mut all: BTreeMap<(SegmentBy, String), [Sums; 2]> = BTreeMap::new();
    let mut is_chosen = vec![false; loans.len()];
    chosen.iter().for_each(|&i| is_chosen[i] = true);
    for (i, &is_chosen) in is_chosen.iter().enumerate() {
        let loan = Sums {
            n: 1,
            realised: loans.realised[i],
            charged_off: usize::from(loans.charged_off[i]),
        };
        let grade = loans.grade[i].map(|grade| (SegmentBy::Grade, grade.to_string()));
        let others = [
            (SegmentBy::Term, loans.term[i].to_string()),
            (SegmentBy::Year, loans.issued[i].year().to_string()),
        ];
        for key in grade.into_iter().chain(others) {
            let [market, chosen] = all.entry(key).or_default();
            market.add(loan);
            if is_chosen {
                chosen.add(loan);
            }
        }
    }
    let shapes = all
        .into_iter()
        .map(|((by, value), [market, chosen])| SegmentShape {
            by,
            value,
            market,
            chosen,
        });
    shapes.collect()
}

/// The segments of all trials: means of the numbers, returns and rates of all loans together.
pub(super) fn together(trials: &[&[SegmentShape]]) -> Vec<Segment> {
    let mut all: BTreeMap<(SegmentBy, &str), [Sums; 2]> = BTreeMap::new();
    for shape in trials.iter().copied().flatten() {
        let [market, chosen] = all.entry((shape.by, &shape.value)).or_default();
        market.add(shape.market);
        chosen.add(shape.chosen);
    }
    let per_trial = |sums: Sums| sums.n as f64 / trials.len() as f64;
    let segments = all
        .into_iter()
        .filter_map(|((by, value), [market, chosen])| {
            Some(Segment {
                by,
                value: value.to_owned(),
                n_market: per_trial(market),
                n_chosen: per_trial(chosen),
                return_market: market.mean()?,
                return_chosen: chosen.mean(),
                default_market: market.rate()?,
                default_chosen: chosen.rate(),
            })
        });
    segments.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loans_of_all_trials_count_alike() {
        let shape = |value: &str, n, realised, charged_off, chosen| SegmentShape {
            by: SegmentBy::Grade,
            value: value.to_owned(),
            market: Sums {
                n,
                realised,
                charged_off,
            },
            chosen,
        };
        let one = Sums {
            n: 1,
            realised: 0.3,
            charged_off: 0,
        };
        let first = [
            shape("A", 4, 0.4, 1, one),
            shape("B", 1, -0.5, 1, Sums::default()),
        ];
        let second = [shape("A", 2, 0.2, 0, Sums::default())];
        let found = together(&[&first, &second]);
        assert_eq!(
            (found[0].value.as_str(), found[1].value.as_str()),
            ("A", "B")
        );
        assert_eq!((found[0].n_market, found[0].n_chosen), (3.0, 0.5));
        assert!((found[0].return_market - 0.1).abs() < 1e-15);
        assert_eq!(found[0].return_chosen, Some(0.3));
        assert_eq!(found[0].default_market, 1.0 / 6.0);
        assert_eq!((found[1].n_market, found[1].return_chosen), (0.5, None));
    }
}
