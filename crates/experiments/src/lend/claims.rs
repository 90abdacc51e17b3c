//! Do the claims of Cho, Chang & Song (2019) hold here? A figure, an interval and a sentence for each, whatever the answer.
//!
//! The paper puts IEFSVM first of its eight methods in every column, above EFSVM in every column, and its
//! return over standard deviation at more than double any other's.

use fuzzysvm_evaluation::corrected_resampled_jackknife;

use super::aggregate::{ratio, spread};
use super::published::{self, PublishedRow};
use super::results::{
    Claim, ClaimInterval, ClaimKind, MethodResult, MethodTrial, MetricResult, SplitSummary,
};

/// A column of the published table.
struct Column {
    /// Its name in `metrics`.
    name: &'static str,
    title: &'static str,
    /// What a trial gives to it.
    of_trial: fn(&MethodTrial) -> Option<f64>,
    /// What the trials add up to.
    of_trials: Summary,
    /// The published figure.
    of_published: fn(&PublishedRow) -> f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Summary {
    Mean,
    MeanOverStd,
}

const COLUMNS: [Column; 5] = [
    Column {
        name: "balanced_accuracy",
        title: "AUC (balanced accuracy)",
        of_trial: |t| Some(t.balanced_accuracy),
        of_trials: Summary::Mean,
        of_published: |r| r.balanced_accuracy.mean,
    },
    Column {
        name: "precision_paid",
        title: "Precision",
        of_trial: |t| t.precision_paid,
        of_trials: Summary::Mean,
        of_published: |r| r.precision.mean,
    },
    Column {
        name: "predicted_negative_rate",
        title: "Predicted negative condition rate",
        of_trial: |t| Some(t.predicted_negative_rate),
        of_trials: Summary::Mean,
        of_published: |r| r.predicted_negative_rate.mean,
    },
    Column {
        name: "return_top",
        title: "Return with top 10 %",
        of_trial: |t| t.return_top,
        of_trials: Summary::Mean,
        of_published: |r| r.return_top.mean,
    },
    Column {
        name: RATIO,
        title: "Return / standard deviation",
        of_trial: |t| t.return_top,
        of_trials: Summary::MeanOverStd,
        of_published: |r| r.return_over_std,
    },
];

const RATIO: &str = "return_over_std";

/// Evaluates every claim: first of the published methods and better than EFSVM in each column, and more than
/// double the others in return over standard deviation.
pub(super) fn evaluate(methods: &[MethodResult], split: &SplitSummary) -> Vec<Claim> {
    let Some(published_row) = published::row_of("iefsvm") else {
        return Vec::new();
    };
    let figures = Figures {
        ours: methods.iter().find(|m| m.id == "iefsvm"),
        others: methods
            .iter()
            .filter(|m| m.id != "iefsvm" && published::row_of(&m.id).is_some())
            .collect(),
        split,
        published_row,
    };
    let first = COLUMNS.iter().map(|c| figures.best(c));
    let above = COLUMNS.iter().map(|c| figures.better_than_efsvm(c));
    let double = COLUMNS.iter().filter(|c| c.name == RATIO);
    first
        .chain(above)
        .chain(double.map(|c| figures.more_than_double(c)))
        .collect()
}

/// What the claims are evaluated on.
struct Figures<'a> {
    /// IEFSVM, where it ran.
    ours: Option<&'a MethodResult>,
    /// The other published methods that ran.
    others: Vec<&'a MethodResult>,
    split: &'a SplitSummary,
    published_row: &'a PublishedRow,
}

impl Figures<'_> {
    fn best(&self, column: &Column) -> Claim {
        let published = (column.of_published)(self.published_row);
        let here = self.ours.and_then(|m| column.figure(m));
        let better = |&&(_, v): &&(&MethodResult, f64)| here.is_some_and(|ours| v > ours);
        let others = self.ranked(column);
        let rank = 1 + others.iter().filter(better).count();
        let top = others.first();
        let interval = top.and_then(|&(m, _)| self.interval(column, m, Compare::Difference));
        let words = format!(
            "{}: IEFSVM is first of the eight published methods there ({})",
            column.title,
            column.show(published)
        );
        let sentence = match (here, top) {
            (None, _) => format!("{words}; here it has no figure."),
            (_, None) => format!("{words}; here none of the others is compared with it."),
            (Some(value), Some(&(other, theirs))) => format!(
                "{words} and {} of {} here ({}; to {} {}{}).",
                place(rank),
                others.len() + 1,
                column.show(value),
                other.name,
                column.show_difference(value - theirs),
                column.in_words(interval.as_ref())
            ),
        };
        Claim {
            column: column.name.to_owned(),
            claim: ClaimKind::Best,
            published,
            here,
            holds: here.and(holds(interval.as_ref(), Compare::Difference)),
            interval,
            sentence,
        }
    }

    fn better_than_efsvm(&self, column: &Column) -> Claim {
        let theirs = published::row_of("efsvm").map_or(f64::NAN, column.of_published);
        let published = (column.of_published)(self.published_row) - theirs;
        let efsvm = self.others.iter().copied().find(|m| m.id == "efsvm");
        let figures = self
            .ours
            .and_then(|m| column.figure(m))
            .zip(efsvm.and_then(|m| column.figure(m)));
        let here = figures.map(|(ours, theirs)| ours - theirs);
        let interval = efsvm.and_then(|m| self.interval(column, m, Compare::Difference));
        let words = format!(
            "{}: IEFSVM is above EFSVM as published by {}",
            column.title,
            column.show_difference(published)
        );
        let sentence = match here {
            None => format!("{words}; here one of them has no figure."),
            Some(d) => format!(
                "{words}, here {} {}{}.",
                if d > 0.0 { "by" } else { "it is not:" },
                column.show_difference(d),
                column.in_words(interval.as_ref())
            ),
        };
        Claim {
            column: column.name.to_owned(),
            claim: ClaimKind::BetterThanEfsvm,
            published,
            here,
            holds: here.and(holds(interval.as_ref(), Compare::Difference)),
            interval,
            sentence,
        }
    }

    fn more_than_double(&self, column: &Column) -> Claim {
        let of_others = published::ROWS.iter().filter(|r| r.id != "iefsvm");
        let greatest = of_others.map(column.of_published).fold(f64::NAN, f64::max);
        let published = (column.of_published)(self.published_row) / greatest;
        let others = self.ranked(column);
        let top = others.first();
        // A quotient by something that is not above 0 says nothing.
        let here = self
            .ours
            .and_then(|m| column.figure(m))
            .zip(top.filter(|&&(_, v)| v > 0.0))
            .map(|(ours, &(_, theirs))| ours / theirs);
        let interval =
            here.and_then(|_| self.interval(column, top.map(|t| t.0)?, Compare::Quotient));
        let words = format!(
            "{}: IEFSVM has {published:.2} times the greatest other as published",
            column.title
        );
        let sentence = match (here, top) {
            (Some(q), Some((other, _))) => format!(
                "{words}, here {q:.2} times {}{}.",
                other.name,
                column.in_words(interval.as_ref())
            ),
            _ => format!("{words}; here there is nothing to divide by."),
        };
        Claim {
            column: column.name.to_owned(),
            claim: ClaimKind::MoreThanDouble,
            published,
            here,
            holds: here.and(holds(interval.as_ref(), Compare::Quotient)),
            interval,
            sentence,
        }
    }

    /// The other methods with a figure, the greatest first.
    fn ranked(&self, column: &Column) -> Vec<(&MethodResult, f64)> {
        let mut ranked: Vec<_> = self
            .others
            .iter()
            .filter_map(|m| Some((*m, column.figure(m)?)))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }

    /// The interval of IEFSVM against another method, over the trials that define both.
    fn interval(
        &self,
        column: &Column,
        other: &MethodResult,
        compare: Compare,
    ) -> Option<ClaimInterval> {
        let values = |m: &MethodResult| m.trials.iter().map(column.of_trial).collect::<Vec<_>>();
        let (ours, theirs): (Vec<f64>, Vec<f64>) = values(self.ours?)
            .into_iter()
            .zip(values(other))
            .filter_map(|(a, b)| a.zip(b))
            .unzip();
        let summary = |values: &[f64], of: &[usize]| {
            let chosen: Vec<f64> = of.iter().map(|&i| values[i]).collect();
            column.of_trials.of(&chosen).unwrap_or(f64::NAN)
        };
        let statistic = |of: &[usize]| {
            let (a, b) = (summary(&ours, of), summary(&theirs, of));
            match compare {
                Compare::Difference => a - b,
                Compare::Quotient => a / b,
            }
        };
        let (n_train, n_test) = (self.split.train, self.split.test);
        let found = corrected_resampled_jackknife(ours.len(), statistic, n_train, n_test).ok()?;
        let claimed = compare.claimed();
        Some(ClaimInterval {
            against: other.id.clone(),
            value: found.value,
            low: found.lower,
            high: found.upper,
            decided: found.lower > claimed || found.upper < claimed,
        })
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Compare {
    Difference,
    Quotient,
}

impl Compare {
    /// What the difference or the quotient is claimed to exceed.
    fn claimed(self) -> f64 {
        match self {
            Compare::Difference => 0.0,
            Compare::Quotient => 2.0,
        }
    }
}

/// Whether a claim holds, by its interval; `None` where that leaves it open or is not there.
fn holds(interval: Option<&ClaimInterval>, compare: Compare) -> Option<bool> {
    let interval = interval.filter(|i| i.decided)?;
    Some(interval.low > compare.claimed())
}

impl Summary {
    fn of(self, values: &[f64]) -> Option<f64> {
        let (s, _) = spread(values.iter().copied().map(Some));
        match self {
            Summary::Mean => s.mean,
            Summary::MeanOverStd => ratio(s),
        }
    }
}

impl Column {
    /// The figure as it stands in the method's metrics.
    fn figure(&self, method: &MethodResult) -> Option<f64> {
        match method.metrics.get(self.name)? {
            MetricResult::Spread(s) => s.mean,
            MetricResult::Value(v) => v.value,
        }
    }

    fn show(&self, v: f64) -> String {
        match self.of_trials {
            Summary::Mean => format!("{:.2} %", 100.0 * v),
            Summary::MeanOverStd => format!("{v:.3}"),
        }
    }

    fn show_difference(&self, v: f64) -> String {
        match self.of_trials {
            Summary::Mean => format!("{:+.2} points", 100.0 * v),
            Summary::MeanOverStd => format!("{v:+.3}"),
        }
    }

    /// `, 95 % interval -0.50 to 0.70: open`.
    fn in_words(&self, interval: Option<&ClaimInterval>) -> String {
        let Some(i) = interval else {
            return ", open: without an interval".to_owned();
        };
        let scale = match self.of_trials {
            Summary::Mean => 100.0,
            Summary::MeanOverStd => 1.0,
        };
        format!(
            ", 95 % interval {:.2} to {:.2}: {}",
            scale * i.low,
            scale * i.high,
            if i.decided { "decided" } else { "open" }
        )
    }
}

fn place(rank: usize) -> String {
    match rank {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        n => format!("{n}th"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::results::{SpreadRank, ValueRank};
    use super::*;
    use fuzzysvm_estimator::tuning::Chosen;

    fn trial(number: usize, value: f64) -> MethodTrial {
        MethodTrial {
            trial: number,
            balanced_accuracy: value,
            precision_paid: Some(value),
            predicted_negative_rate: value,
            accuracy: value,
            g_mean: value,
            roc_auc: value,
            pr_auc: value,
            ks: value,
            mcc: value,
            return_top: Some(value),
            return_top_capital_weighted: None,
            default_rate_top: None,
            return_predicted_paid: None,
            n_predicted_paid: 1,
            n_bought: 1,
            n_support: None,
            converged: true,
            chosen: Chosen::default(),
        }
    }

    /// A method whose every column has these values.
    fn method(id: &str, values: &[f64]) -> MethodResult {
        let (s, trials) = spread(values.iter().map(|&v| Some(v)));
        let mut metrics: BTreeMap<_, _> = COLUMNS
            .iter()
            .map(|c| {
                let spread = SpreadRank {
                    mean: s.mean,
                    std: s.std,
                    rank: None,
                    trials,
                };
                (c.name.to_owned(), MetricResult::Spread(spread))
            })
            .collect();
        let value = ratio(s);
        let ratio = MetricResult::Value(ValueRank { value, rank: None });
        metrics.insert(RATIO.to_owned(), ratio);
        MethodResult {
            name: id.to_uppercase(),
            id: id.to_owned(),
            metrics,
            versus_iefsvm: BTreeMap::new(),
            trials: (0..).zip(values).map(|(i, &v)| trial(i, v)).collect(),
        }
    }

    fn claims(methods: &[MethodResult]) -> Vec<Claim> {
        let split = SplitSummary {
            kind: "random".to_owned(),
            test_from: None,
            train_pool: 900,
            test_pool: 900,
            train: 300,
            test: 100,
            known_only: None,
        };
        evaluate(methods, &split)
    }

    fn of(claims: &[Claim], column: &str, claim: ClaimKind) -> Claim {
        let mut found = claims
            .iter()
            .filter(|c| c.column == column && c.claim == claim);
        found.next().unwrap().clone()
    }

    #[test]
    fn a_lost_claim_says_so_and_names_the_winner() {
        let all = claims(&[
            method("efsvm", &[0.61, 0.63, 0.62]),
            method("class-cost", &[0.9, 0.9, 0.9]),
            method("iefsvm", &[0.601, 0.62, 0.609]),
        ]);
        assert_eq!(all.len(), 11);
        let best = of(&all, "balanced_accuracy", ClaimKind::Best);
        assert_eq!(best.holds, Some(false));
        // The class-cost SVM is not one of the eight published methods.
        assert_eq!(
            best.sentence,
            "AUC (balanced accuracy): IEFSVM is first of the eight published methods there (59.38 %) and second of 2 \
             here (61.00 %; to EFSVM -1.00 points, 95 % interval -1.35 to -0.65: decided)."
        );
        let above = of(&all, "balanced_accuracy", ClaimKind::BetterThanEfsvm);
        assert!(above.holds == Some(false) && (above.published - 0.0224).abs() < 1e-12);
        assert!((above.here.unwrap() + 0.01).abs() < 1e-12);
        assert!(above.sentence.contains("here it is not: -1.00 points"));
    }

    #[test]
    fn the_interval_of_a_mean_is_that_of_the_t_test() {
        let (a, b) = ([0.60, 0.66, 0.61, 0.64], [0.62, 0.61, 0.60, 0.63]);
        let all = claims(&[method("iefsvm", &a), method("efsvm", &b)]);
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        let test = fuzzysvm_evaluation::corrected_resampled_t_test(&differences, 300, 100).unwrap();
        let found = of(&all, "precision_paid", ClaimKind::BetterThanEfsvm);
        let interval = found.interval.unwrap();
        assert!((interval.low - test.lower).abs() < 1e-12);
        assert!((interval.high - test.upper).abs() < 1e-12);
        // Above, but by no more than trials differ anyway.
        assert!(found.here > Some(0.0) && !interval.decided);
        assert_eq!(found.holds, None);
    }

    #[test]
    fn more_than_double_asks_for_twice_the_greatest_other() {
        let wild = [0.05, 0.20, 0.10, 0.15];
        let calm = [0.11, 0.12, 0.13, 0.12];
        let all = claims(&[method("iefsvm", &calm), method("cs-rf", &wild)]);
        let double = of(&all, RATIO, ClaimKind::MoreThanDouble);
        assert!((double.published - 5.227 / 2.417).abs() < 1e-12);
        let quotient = 0.12 / (0.0002f64 / 3.0).sqrt() / (0.125 / (0.0125f64 / 3.0).sqrt());
        assert!((double.here.unwrap() - quotient).abs() < 1e-9);
        let all = claims(&[method("iefsvm", &wild), method("cs-rf", &calm)]);
        assert!(of(&all, RATIO, ClaimKind::MoreThanDouble).here < Some(2.0));
    }

    #[test]
    fn a_claim_holds_only_in_company() {
        let alone = claims(&[method("iefsvm", &[0.6, 0.7, 0.8])]);
        assert!(
            alone
                .iter()
                .all(|c| c.holds.is_none() && c.interval.is_none())
        );
        let without = claims(&[method("efsvm", &[0.6, 0.7, 0.8])]);
        assert!(
            without
                .iter()
                .all(|c| c.holds.is_none() && c.here.is_none())
        );
        // A tie is not a first place.
        let tie = claims(&[method("iefsvm", &[0.6; 3]), method("efsvm", &[0.6; 3])]);
        assert!(tie.iter().all(|c| c.holds != Some(true)));
        // Two trials have figures and no interval.
        let two = claims(&[method("iefsvm", &[0.6, 0.7]), method("efsvm", &[0.5, 0.6])]);
        let best = of(&two, "precision_paid", ClaimKind::Best);
        assert!(best.here.is_some() && best.interval.is_none());
        assert_eq!(best.holds, None);
    }
}
