//! Intervals of metrics that are made of the recalls of the two classes.

use fuzzysvm_core::{Label, math};

use super::{Interval, proportion_interval};
use crate::{ConfusionMatrix, EvaluationError};

/// The interval of `metric`, a function of sensitivity and specificity that grows with both, by the method of variance
/// estimates recovery (MOVER; Zou & Donner, Statistics in Medicine 27 (2008) 1693–1702): the classes are independent samples,
/// so what the metric loses where one recall falls to the lower end of its exact interval, and what it loses where the other
/// one does, are squared, added and rooted; likewise above. The sizes of the classes are taken as given.
///
/// As the exact interval of a recall has width however few samples there are, so has this one.
pub(super) fn of_recalls(
    counts: &ConfusionMatrix,
    metric: impl Fn(f64, f64) -> f64,
    level: f64,
) -> Result<Interval, EvaluationError> {
    let (sensitivity, positive) = recall(counts, Label::Positive, level)?;
    let (specificity, negative) = recall(counts, Label::Negative, level)?;
    let value = metric(sensitivity, specificity);
    let apart = |s: f64, t: f64| {
        let (one, other) = (
            metric(s, specificity) - value,
            metric(sensitivity, t) - value,
        );
        math::hypot(one, other)
    };
    // Never beyond what the metric is with both recalls at their ends.
    let (least, most) = (
        metric(positive.lower, negative.lower),
        metric(positive.upper, negative.upper),
    );
    Ok(Interval {
        lower: (value - apart(positive.lower, negative.lower)).max(least),
        upper: (value + apart(positive.upper, negative.upper)).min(most),
        level,
        n_defined: 0,
    })
}

/// The interval of the geometric mean of the recalls: MOVER as in [`of_recalls`], for its logarithm, which is half a sum.
/// Where a recall is 0 it has no logarithm: the upper end is then that of both recalls at their upper ends.
pub(super) fn of_geometric_mean(
    counts: &ConfusionMatrix,
    level: f64,
) -> Result<Interval, EvaluationError> {
    let (sensitivity, positive) = recall(counts, Label::Positive, level)?;
    let (specificity, negative) = recall(counts, Label::Negative, level)?;
    let value = (sensitivity * specificity).sqrt();
    let factor = |s: f64, t: f64| {
        math::exp(0.5 * math::hypot(math::ln(s / sensitivity), math::ln(t / specificity)))
    };
    let most = (positive.upper * negative.upper).sqrt();
    let (lower, upper) = if value == 0.0 {
        (0.0, most)
    } else {
        (
            value / factor(positive.lower, negative.lower),
            (value * factor(positive.upper, negative.upper)).min(most),
        )
    };
    Ok(Interval {
        lower,
        upper,
        level,
        n_defined: 0,
    })
}

/// The recall of a class and its exact interval.
fn recall(
    counts: &ConfusionMatrix,
    class: Label,
    level: f64,
) -> Result<(f64, Interval), EvaluationError> {
    let ends = proportion_interval(counts.correct(class), counts.support(class), level)?;
    Ok((counts.recall(class)?, ends))
}

/// Matthews' correlation by the recalls and the share of the positive class; 0 where the prediction is constant.
pub(super) fn matthews(sensitivity: f64, specificity: f64, positive: f64) -> f64 {
    let predicted = positive * sensitivity + (1.0 - positive) * (1.0 - specificity);
    let spread = predicted * (1.0 - predicted);
    if spread <= 0.0 {
        return 0.0;
    }
    let informedness = sensitivity + specificity - 1.0;
    (informedness * (positive * (1.0 - positive) / spread).sqrt()).clamp(-1.0, 1.0)
}
