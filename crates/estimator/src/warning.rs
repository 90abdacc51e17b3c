//! What is legal and hardly meant.

use std::fmt;

use fuzzysvm_core::{ClassCounts, Matrix};
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
    /// The decision values of all samples are equal, but for rounding.
    EqualDecisions,
    /// The positive class is the larger one, and the method takes it for the minority.
    PositiveIsLarger {
        /// The name of the positive class.
        class: String,
        /// Its samples.
        positive: usize,
        /// All samples.
        total: usize,
    },
    /// The solver stopped at its iteration limit.
    MaxIterations {
        /// The gap that it reached.
        gap: f64,
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
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Table(warning) => warning.fmt(f),
            Warning::ConstantUpToRounding { columns } => {
                let names: Vec<String> = columns.iter().take(5).map(|c| format!("{c:?}")).collect();
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
            Warning::EqualDecisions => f.write_str(
                "all decision values are equal but for rounding: the model does not tell these samples apart",
            ),
            Warning::PositiveIsLarger {
                class,
                positive,
                total,
            } => write!(
                f,
                "the positive class {class:?} is the larger one ({positive} of {total} samples): choose another \
                 positive class, or take the smaller class as the minority"
            ),
            Warning::MaxIterations { gap } => write!(
                f,
                "the solver stopped at its iteration limit with gap {gap:.1e}: raise the limit, or scale the data"
            ),
            Warning::Stalled { gap } => write!(
                f,
                "the solver stalled at gap {gap:.1e}: the tolerance asks for more than the arithmetic gives"
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
