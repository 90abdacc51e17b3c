//! An order of samples that does not hang on the rows they came in.

use std::cmp::Ordering;

use fuzzysvm_core::{Label, MatrixBuf, Samples, SamplesError};
use fuzzysvm_membership::MembershipError;
use fuzzysvm_svm::SvmError;

use crate::{EstimatorError, SamplesFit, SvmModel};

/// Samples in an order that hangs on what they are and not on where they stand: by their features, the first that
/// differs deciding, then by class (the negative one first), then by weight.
///
/// Among equally near neighbors the lower row wins, and a solver picks the lower row among equals. In this order both
/// are the same ones however the rows were given.
///
/// ```
/// use fuzzysvm_core::{Label, Matrix, Samples};
/// use fuzzysvm_estimator::CanonicalOrder;
///
/// let (n, p) = (Label::Negative, Label::Positive);
/// let (x, y) = ([2.0, 1.0, 1.0], [n, p, n]);
/// let ordered = CanonicalOrder::of(Samples::new(Matrix::new(&x, 1)?, &y)?, None);
/// assert_eq!(ordered.rows(), [2, 1, 0]);
/// assert_eq!(ordered.put_back(&['a', 'b', 'c'], 1), ['c', 'b', 'a']);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CanonicalOrder {
    rows: Vec<usize>,
    x: MatrixBuf,
    y: Vec<Label>,
    weights: Option<Vec<f64>>,
}

impl CanonicalOrder {
    /// Orders samples, with a weight for each where there are weights.
    pub fn of(train: Samples<'_>, weights: Option<&[f64]>) -> Self {
        let weight = |i: usize| weights.and_then(|w| w.get(i)).copied().unwrap_or(1.0);
        let mut rows: Vec<usize> = (0..train.n_samples()).collect();
        rows.sort_by(|&i, &j| {
            let features = train.x().row(i).iter().zip(train.x().row(j));
            let by_features = features
                .map(|(a, b)| a.total_cmp(b))
                .find(|o| *o != Ordering::Equal);
            by_features
                .unwrap_or(Ordering::Equal)
                .then_with(|| train.y()[i].sign().total_cmp(&train.y()[j].sign()))
                .then_with(|| weight(i).total_cmp(&weight(j)))
        });
        Self {
            x: train.x().select_rows(&rows),
            y: rows.iter().map(|&i| train.y()[i]).collect(),
            weights: weights.map(|_| rows.iter().map(|&i| weight(i)).collect()),
            rows,
        }
    }

    /// The samples in this order.
    ///
    /// # Errors
    /// None that the samples given did not have.
    pub fn samples(&self) -> Result<Samples<'_>, SamplesError> {
        Samples::new(self.x.view(), &self.y)
    }

    /// Their weights.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// The row that each of them had.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Values in this order, `width` for every sample, in the order of the rows that were given.
    pub fn put_back<T: Copy>(&self, values: &[T], width: usize) -> Vec<T> {
        let mut place = vec![0; self.rows.len()];
        for (k, &row) in self.rows.iter().enumerate() {
            place[row] = k;
        }
        let of = |k: usize| values.iter().skip(k * width).take(width).copied();
        place.into_iter().flat_map(of).collect()
    }

    /// A fit to the samples in this order as one to the rows that were given.
    pub(crate) fn fit_put_back(&self, mut fit: SamplesFit) -> SamplesFit {
        fit.membership = self.put_back(&fit.membership, 1);
        let n_ks = fit
            .entropy
            .as_ref()
            .map_or(0, |e| e.len() / self.rows.len());
        fit.entropy = fit.entropy.map(|entropy| self.put_back(&entropy, n_ks));
        if let SvmModel::Exact(model) = &mut fit.model {
            let mut order: Vec<usize> = (0..model.support.len()).collect();
            order.sort_by_key(|&k| self.rows[model.support[k]]);
            model.support = order.iter().map(|&k| self.rows[model.support[k]]).collect();
            model.dual_coef = order.iter().map(|&k| model.dual_coef[k]).collect();
            model.support_vectors = model.support_vectors.view().select_rows(&order);
        }
        fit
    }

    /// An error about a row in this order as one about the row that was given.
    pub fn error_put_back(&self, error: EstimatorError) -> EstimatorError {
        let given = |row: usize| self.rows.get(row).copied().unwrap_or(row);
        match error {
            EstimatorError::Svm(SvmError::KernelOverflow { row }) => {
                SvmError::KernelOverflow { row: given(row) }.into()
            }
            EstimatorError::Membership(MembershipError::KernelOverflow { row, value }) => {
                let row = given(row);
                MembershipError::KernelOverflow { row, value }.into()
            }
            EstimatorError::Membership(MembershipError::DecisionNotFinite { row, value }) => {
                let row = given(row);
                MembershipError::DecisionNotFinite { row, value }.into()
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Estimator;
    use fuzzysvm_core::Matrix;

    /// A lattice with copies of both classes at most points: every neighborhood has ties.
    fn lattice() -> (Vec<f64>, Vec<Label>) {
        let x = (0..60).flat_map(|i: usize| [(i * 7 % 5) as f64, (i * 3 % 4) as f64]);
        let y = (0..60).map(|i: usize| Label::from_sign(if i % 7 < 2 { 1.0 } else { -1.0 }));
        (x.collect(), y.collect())
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing() {
        let (x, y) = lattice();
        let turned: Vec<usize> = (0..60).map(|i| i * 17 % 60).collect();
        let (names, classes) = ([], ["no".to_owned(), "yes".to_owned()]);
        for method in ["svm", "efsvm", "iefsvm", "posterior", "relative-density"] {
            let fit = |rows: &[usize]| {
                let x = Matrix::new(&x, 2).unwrap().select_rows(rows);
                let y: Vec<Label> = rows.iter().map(|&i| y[i]).collect();
                let train = Samples::new(x.view(), &y).unwrap();
                let estimator = Estimator::named(method).unwrap();
                estimator
                    .fit_samples(&names, &classes, train, None)
                    .unwrap()
            };
            let straight: Vec<usize> = (0..60).collect();
            let (given, other) = (fit(&straight), fit(&turned));
            // Copies of one class may have changed places.
            let sorted = |values: &[f64], rows: &[usize]| {
                let sample = |(&i, &v): (&usize, &f64)| [x[2 * i], x[2 * i + 1], y[i].sign(), v];
                let mut all: Vec<[f64; 4]> = rows.iter().zip(values).map(sample).collect();
                all.sort_by(|a, b| {
                    let by_each = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
                    by_each.fold(Ordering::Equal, Ordering::then)
                });
                all
            };
            let [a, b] = [(&given, &straight), (&other, &turned)];
            let [a, b] = [a, b].map(|(fit, rows)| sorted(&fit.membership, rows));
            assert_eq!(a, b, "{method}");
            let (SvmModel::Exact(a), SvmModel::Exact(b)) = (given.model, other.model) else {
                panic!("exact machines");
            };
            let [alpha, turned_alpha] =
                [(&a, &straight), (&b, &turned)].map(|(m, rows)| sorted(&m.alpha(), rows));
            assert_eq!(alpha, turned_alpha, "{method}");
            assert_eq!(a.intercept, b.intercept, "{method}");
            assert!(a.support.is_sorted() && b.support.is_sorted());
            for (&row, vector) in b.support.iter().zip(b.support_vectors.view().rows()) {
                let row = 2 * turned[row];
                assert_eq!(vector, &x[row..row + 2], "{method}");
            }
        }
    }

    #[test]
    fn the_row_of_an_error_is_the_one_that_was_given() {
        let (x, y) = ([1e300, 0.0, 1.0, 2.0], [true, false, true, false]);
        let y = y.map(|p| Label::from_sign(if p { 1.0 } else { -1.0 }));
        let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
        let mut estimator = Estimator::named("svm").unwrap();
        estimator.svm.kernel.name = crate::KernelName::Linear;
        let classes = ["no".to_owned(), "yes".to_owned()];
        let error = estimator
            .fit_samples(&[], &classes, train, None)
            .unwrap_err();
        let EstimatorError::Svm(SvmError::KernelOverflow { row }) = error else {
            panic!("{error}");
        };
        assert_eq!(row, 0);
        // The second of the sorted samples, wherever its error comes from.
        let (row, value) = (1, f64::INFINITY);
        for error in [
            MembershipError::KernelOverflow { row, value },
            MembershipError::DecisionNotFinite { row, value },
        ] {
            let text = CanonicalOrder::of(train, None).error_put_back(error.into());
            assert!(text.to_string().contains("row 2"), "{text}");
        }
    }
}
