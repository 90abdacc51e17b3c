//! What is legal and hardly meant.

use std::fmt;

use fuzzysvm_core::quote::quoted;
use fuzzysvm_core::{ClassCounts, Label, Matrix, is_constant};
use fuzzysvm_datasets::lending_club::Month;
use fuzzysvm_datasets::table::TableWarning;
use fuzzysvm_kernels::{Kernel, KernelKind};
use fuzzysvm_qp::Status;

use crate::SvmModel;

/// Something that a person should know and that is no error.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// About a table.
    Table(TableWarning),
    /// Columns whose values differ by rounding alone: scaling makes them 0, as it does constant ones.
    ConstantUpToRounding {
        /// Their names.
        columns: Vec<String>,
    },
    /// Loans that stand in the files more than once.
    RepeatedLoans {
        /// Rows that were left out.
        n: usize,
    },
    /// Loans on offer without a month: another one stands in.
    AsOf {
        /// The month of the last training loan.
        month: Month,
    },
    /// Samples of a table that are copies of others.
    IdenticalRows {
        /// Samples with the features of an earlier one.
        copies: usize,
        /// Those of them whose class is not that of the first such sample.
        contradicting: usize,
        /// All samples.
        total: usize,
    },
    /// Folds of a cross-validation that train on copies of what they test on.
    CopiesAcrossFolds {
        /// Samples with a copy in another fold.
        samples: usize,
        /// All samples.
        total: usize,
    },
    /// A model is measured on the samples that it was trained on.
    TrainingSamples,
    /// The positive class is the larger one, and the method takes it for the minority.
    PositiveIsLarger {
        /// The name of the positive class.
        class: String,
        /// Its samples.
        positive: usize,
        /// All samples.
        total: usize,
    },
    /// Default neighborhood sizes were left out, as there are too few samples for them.
    NeighborhoodsLeftOut {
        /// Samples.
        samples: usize,
        /// The largest size left out.
        largest: usize,
        /// The largest size kept.
        kept: usize,
    },
    /// The solver stopped at its iteration limit.
    MaxIterations {
        /// The gap that it reached.
        gap: f64,
    },
    /// The solver ended early on columns of very different scales.
    ScalesApart {
        /// The largest standard deviation of a column by the smallest, constant columns aside.
        ratio: f64,
    },
    /// The solver could not come nearer to its tolerance.
    Stalled {
        /// The gap that it reached.
        gap: f64,
    },
    /// Kernel values of negative curvature were met.
    NotPositiveSemidefinite,
    /// The kernel is the same for all samples.
    ConstantKernel,
    /// The kernel is 0 between different samples.
    IdentityKernel,
    /// Every support vector is at its bound.
    AllBounded,
    /// The fuzzy memberships of a whole class are near 0.
    VanishingMemberships {
        /// The name of the class.
        class: String,
        /// Its samples.
        samples: usize,
        /// Their largest membership.
        largest: f64,
    },
    /// All decisions are equal but for rounding.
    EqualDecisions {
        /// One of them.
        decision: f64,
    },
    /// In every fold all decisions are equal but for rounding.
    EqualDecisionsInFolds,
    /// The solver stopped at its iteration limit in folds that probabilities are learnt from.
    FoldsAtMaxIterations {
        /// How many folds.
        folds: usize,
        /// All folds.
        of: usize,
    },
    /// Every row has the same probability.
    ConstantProbability,
    /// A model in LIBSVM's text without a checksum.
    NoChecksum,
}

/// A class whose largest membership is below this part of 1, or of the ratio of class sizes that gives both classes the
/// same weight, hardly counts. Memberships that vary have their largest near 1 or that ratio.
const VANISHING: f64 = 1e-3;

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Table(warning) => warning.fmt(f),
            Warning::ConstantUpToRounding { columns } => {
                let names: Vec<String> = columns.iter().take(5).map(|c| quoted(c).to_string()).collect();
                let more = match columns.len() - names.len() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                write!(
                    f,
                    "constant up to rounding, so taken for constant and left without effect: {}{more}",
                    names.join(", ")
                )
            }
            Warning::RepeatedLoans { n } => write!(
                f,
                "{n} rows are loans that another row holds already: each loan counts once"
            ),
            Warning::AsOf { month } => write!(
                f,
                "neither issue_d nor list_d: credit histories are counted to {month}, the month of the model's last \
                 training loan; give the month of the listing"
            ),
            Warning::IdenticalRows {
                copies,
                contradicting,
                total,
            } => {
                match copies {
                    1 => write!(f, "1 of {total} rows is a copy of an earlier row")?,
                    n => write!(f, "{n} of {total} rows are copies of an earlier row")?,
                }
                match (copies, contradicting) {
                    (_, 0) => Ok(()),
                    (1, _) => f.write_str(", with another class"),
                    (_, n) => write!(f, ", {n} of them with another class"),
                }
            }
            Warning::CopiesAcrossFolds { samples, total } => write!(
                f,
                "{samples} of {total} rows have a copy in another fold, so models are tested on rows that they \
                 have trained on and figures come out too good: take the copies out of the file, unless \
                 such rows will come again"
            ),
            Warning::TrainingSamples => f.write_str(
                "these are the samples that the model was trained on: the figures show how well it remembers \
                 them, not how it does on new ones",
            ),
            Warning::PositiveIsLarger {
                class,
                positive,
                total,
            } => write!(
                f,
                "the positive class {} is the larger one ({positive} of {total} samples): choose another \
                 positive class, or take the smaller class as the minority",
                quoted(class)
            ),
            Warning::NeighborhoodsLeftOut {
                samples,
                largest,
                kept,
            } => write!(
                f,
                "{samples} samples are too few for neighborhoods of {largest}: the default sizes end with {kept}"
            ),
            Warning::MaxIterations { gap } => write!(
                f,
                "the solver stopped at its iteration limit with gap {gap:.1e}: raise the limit, or scale the data"
            ),
            Warning::Stalled { gap } => write!(
                f,
                "the solver stalled at gap {gap:.1e}: the tolerance asks for more than the arithmetic gives"
            ),
            Warning::ScalesApart { ratio } => write!(
                f,
                "the standard deviations of the columns differ {ratio:.0e} times: scale the data, and the solver keeps its digits"
            ),
            Warning::NotPositiveSemidefinite => f.write_str(
                "the kernel is not positive semidefinite here: the optimum may be a local one",
            ),
            Warning::ConstantKernel => f.write_str(
                "the kernel is the same for all samples: the model cannot tell them apart (scale the data, or \
                 raise gamma)",
            ),
            Warning::IdentityKernel => f.write_str(
                "the kernel is 0 between different samples: the model learns them by heart (lower gamma)",
            ),
            Warning::AllBounded => f.write_str(
                "every support vector is at its bound: C is very small for this data, or samples contradict each \
                 other",
            ),
            Warning::VanishingMemberships {
                class,
                samples,
                largest,
            } => write!(
                f,
                "the memberships of class {} vanish (the largest of {samples} is {largest:.1e}), so that it \
                 hardly counts: choose another method",
                quoted(class)
            ),
            Warning::EqualDecisions { decision } => write!(
                f,
                "all decisions are {decision:.4} but for rounding: the model tells no sample from another"
            ),
            Warning::EqualDecisionsInFolds => f.write_str(
                "all decisions of a fold are equal but for rounding, in every fold: the models tell no sample from \
                 another",
            ),
            Warning::FoldsAtMaxIterations { folds, of } => write!(
                f,
                "the solver stopped at its iteration limit in {folds} of the {of} folds that probabilities are \
                 learnt from: raise the limit, or scale the data"
            ),
            Warning::ConstantProbability => f.write_str(
                "every row has the same probability: decisions on rows that the models have not seen do not rank \
                 the classes",
            ),
            Warning::NoChecksum => f.write_str(
                "LIBSVM's text without a checksum: a number that was changed in it is not seen; convert it to json, which \
                 has one, while you trust it",
            ),
        }
    }
}

impl Warning {
    /// The warning about a positive class that is the larger one, where it is.
    pub(crate) fn of_counts(counts: ClassCounts, class_names: &[String; 2]) -> Option<Self> {
        (counts.positive > counts.negative).then(|| Warning::PositiveIsLarger {
            class: class_names[1].clone(),
            positive: counts.positive,
            total: counts.positive + counts.negative,
        })
    }

    /// The warnings about classes whose largest fuzzy membership is near 0: below a thousandth of 1 or, for the larger
    /// class, of the ratio of class sizes, which gives both classes the same weight. One membership per label.
    pub fn of_memberships(
        memberships: &[f64],
        y: &[Label],
        class_names: &[String; 2],
    ) -> Vec<Self> {
        let counts = ClassCounts::of(y);
        let of_class = |class: Label| {
            let (own, other) = match class {
                Label::Positive => (counts.positive, counts.negative),
                Label::Negative => (counts.negative, counts.positive),
            };
            let of_class = memberships.iter().zip(y).filter(|(_, y)| **y == class);
            let largest = of_class.map(|(s, _)| *s).fold(0.0, f64::max);
            let usual = (other as f64 / own.max(1) as f64).min(1.0);
            (own > 0 && largest < VANISHING * usual).then(|| Warning::VanishingMemberships {
                class: class_names[usize::from(class.is_positive())].clone(),
                samples: own,
                largest,
            })
        };
        let classes = [Label::Negative, Label::Positive];
        classes.into_iter().filter_map(of_class).collect()
    }

    /// The warnings about vanishing memberships among those of several fits, each class once, with its smallest.
    pub(crate) fn vanishing_once(warnings: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut once: Vec<Self> = Vec::new();
        for warning in warnings {
            let Warning::VanishingMemberships { class, largest, .. } = &warning else {
                continue;
            };
            let known = once.iter_mut().find_map(|w| match w {
                Warning::VanishingMemberships {
                    class: c,
                    largest: l,
                    ..
                } if c == class => Some((*largest < *l, w)),
                _ => None,
            });
            match known {
                None => once.push(warning),
                Some((true, place)) => *place = warning,
                Some((false, _)) => {}
            }
        }
        once
    }

    /// The warning about decisions that are all equal but for rounding, where they are.
    pub fn of_decisions(decisions: &[f64]) -> Option<Self> {
        let decision = *decisions.first()?;
        let equal = decisions.len() > 1 && is_constant(decisions.iter().copied());
        equal.then_some(Warning::EqualDecisions { decision })
    }

    /// What a fitted machine and its training features give cause for. `bounds` holds C·s_i for every training row.
    pub(crate) fn of_fit(
        model: &SvmModel,
        x: Matrix<'_>,
        bounds: impl Fn(usize) -> f64,
    ) -> Vec<Self> {
        let mut warnings = Vec::new();
        let gap = model.gap();
        match model.status() {
            Status::MaxIterations => warnings.push(Warning::MaxIterations { gap }),
            Status::Stalled => warnings.push(Warning::Stalled { gap }),
            _ => {}
        }
        let ratio = if warnings.is_empty() {
            1.0
        } else {
            scale_ratio(x)
        };
        if ratio >= SCALES_APART {
            warnings.push(Warning::ScalesApart { ratio });
        }
        let mut all_bounded = false;
        if let SvmModel::Exact(model) = model {
            if model.info.negative_curvature > 0 {
                warnings.push(Warning::NotPositiveSemidefinite);
            }
            let mut support = model.support.iter().zip(&model.dual_coef);
            all_bounded = support.all(|(&row, coef)| coef.abs() >= bounds(row));
        }
        match Spread::of(model.kernel(), x) {
            Spread::Constant => warnings.push(Warning::ConstantKernel),
            Spread::Identity => warnings.push(Warning::IdentityKernel),
            Spread::Usual if all_bounded => warnings.push(Warning::AllBounded),
            Spread::Usual => {}
        }
        warnings
    }
}

/// From which ratio of scales on a solver that ended early is told about it.
const SCALES_APART: f64 = 1e3;

/// The largest standard deviation of a column by the smallest above 0; 1 where there is none.
fn scale_ratio(x: Matrix<'_>) -> f64 {
    let n = x.n_rows() as f64;
    let (mut mean, mut square) = (vec![0.0; x.n_cols()], vec![0.0; x.n_cols()]);
    for row in x.rows() {
        mean.iter_mut().zip(row).for_each(|(m, v)| *m += v / n);
    }
    for row in x.rows() {
        let distances = row.iter().zip(&mean).map(|(v, m)| v - m);
        square
            .iter_mut()
            .zip(distances)
            .for_each(|(s, d)| *s += d * d);
    }
    // More than rounding does to a constant.
    let varies = |(s, m): &(&f64, &f64)| **s > n * (1e-12 * **m).powi(2);
    let varying = square.iter().zip(&mean).filter(varies).map(|(s, _)| s);
    let (low, high) = varying.fold((f64::INFINITY, 0.0_f64), |(low, high), s| {
        (low.min(*s), high.max(*s))
    });
    if high > 0.0 { (high / low).sqrt() } else { 1.0 }
}

/// How kernel values among the training samples differ.
#[derive(Debug, PartialEq)]
enum Spread {
    Usual,
    Constant,
    Identity,
}

impl Spread {
    /// Looks at the kernel among up to 64 samples spread over the rows.
    fn of(kernel: &KernelKind, x: Matrix<'_>) -> Self {
        let step = x.n_rows().div_ceil(64).max(1);
        let rows: Vec<usize> = (0..x.n_rows()).step_by(step).collect();
        let points = x.select_rows(&rows);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut largest_apart, mut pairs) = (0.0_f64, 0);
        for i in 0..points.n_rows() {
            for j in 0..=i {
                let value = kernel.eval(points.row(i), points.row(j));
                (low, high) = (low.min(value), high.max(value));
                if points.row(i) != points.row(j) {
                    largest_apart = largest_apart.max(value.abs());
                    pairs += 1;
                }
            }
        }
        if high - low <= 1e-12 * high.abs().max(low.abs()) {
            Spread::Constant
        } else if pairs > 0 && largest_apart <= 1e-12 * high {
            Spread::Identity
        } else {
            Spread::Usual
        }
    }
}

#[cfg(test)]
mod tests {
    use fuzzysvm_kernels::Rbf;

    use super::*;

    fn names() -> [String; 2] {
        ["n".to_owned(), "p".to_owned()]
    }

    #[test]
    fn a_class_whose_memberships_vanish_is_named() {
        let y: Vec<Label> = (0..12)
            .map(|i| Label::from_sign(if i < 2 { 1.0 } else { -1.0 }))
            .collect();
        let of = |positive: f64, negative: f64| {
            let s: Vec<f64> = y
                .iter()
                .map(|l| if l.is_positive() { positive } else { negative })
                .collect();
            let warnings = Warning::of_memberships(&s, &y, &names());
            warnings
                .into_iter()
                .map(|w| match w {
                    Warning::VanishingMemberships {
                        class,
                        samples,
                        largest,
                    } => (class, samples, largest),
                    other => panic!("{other}"),
                })
                .collect::<Vec<_>>()
        };
        // 1/IR is what class costs give, and not little.
        for (positive, negative) in [(1.0, 1.0), (1.0, 0.2), (0.5, 1e-3), (1e-3, 2e-4)] {
            assert_eq!(of(positive, negative), [], "{positive} {negative}");
        }
        assert_eq!(of(8.5e-7, 1.0), [("p".to_owned(), 2, 8.5e-7)]);
        assert_eq!(of(1.0, 1e-4), [("n".to_owned(), 10, 1e-4)]);
        assert_eq!(of(0.0, 0.0).len(), 2);
        let text = Warning::of_memberships(&[8.5e-7, 1.0], &[y[0], y[2]], &names())[0].to_string();
        assert!(text.contains("\"p\"") && text.contains("8.5e-7"), "{text}");
    }

    #[test]
    fn of_many_fits_each_class_is_named_once() {
        let of = |class: &str, largest: f64| Warning::VanishingMemberships {
            class: class.to_owned(),
            samples: 3,
            largest,
        };
        let all = [
            of("p", 2e-6),
            Warning::AllBounded,
            of("n", 1e-5),
            of("p", 1e-6),
        ];
        assert_eq!(Warning::vanishing_once(all), [of("p", 1e-6), of("n", 1e-5)]);
    }

    #[test]
    fn decisions_that_rounding_alone_tells_apart_are_equal() {
        let equal = |decisions: &[f64]| Warning::of_decisions(decisions).is_some();
        for decisions in [&[0.0; 5][..], &[-1.0, -1.0 - 4e-16, -1.0], &[0.5; 2]] {
            assert!(equal(decisions), "{decisions:?}");
        }
        for decisions in [&[][..], &[1.0], &[0.0, 1e-16], &[-1.0, -1.0 + 1e-12]] {
            assert!(!equal(decisions), "{decisions:?}");
        }
    }

    #[test]
    fn kernels_that_tell_nothing_apart_are_noticed() {
        let x: Vec<f64> = (0..200).map(f64::from).collect();
        let x = Matrix::new(&x, 2).unwrap();
        let of = |gamma| Spread::of(&Rbf { gamma }.into(), x);
        assert_eq!(of(1e-20), Spread::Constant);
        assert_eq!(of(1e3), Spread::Identity);
        assert_eq!(of(1e-3), Spread::Usual);
    }
}
