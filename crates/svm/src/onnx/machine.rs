//! The decision function and the class.

use super::error::OnnxError;
use super::graph::{Features, OnnxGraph, check};
use super::proto::{self, Dim, Element};
use crate::SvcModel;
use crate::approx::{ApproxBasis, ApproxModel};
use fuzzysvm_core::{Matrix, tie_share};
use fuzzysvm_kernels::KernelKind;

/// A decision function: Σ_j coef_j φ_j(x) + intercept.
#[derive(Debug, Clone)]
pub struct Machine<'a> {
    basis: Basis<'a>,
    coef: &'a [f64],
    intercept: f64,
}

/// The functions φ_j.
#[derive(Debug, Clone)]
enum Basis<'a> {
    /// K(x, point).
    Kernel(&'a KernelKind, Matrix<'a>),
    /// √(2/M) cos(ω·x + b).
    Fourier(Matrix<'a>, &'a [f64]),
}

/// The two classes, the negative one first, as the graph returns them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Classes {
    /// Texts.
    Text([String; 2]),
    /// Whole numbers.
    Whole([i64; 2]),
    /// Numbers.
    Number([f64; 2]),
    /// Truth values.
    Truth([bool; 2]),
}

impl Classes {
    /// Classes with names.
    pub fn text(negative: &str, positive: &str) -> Self {
        Classes::Text([negative.to_owned(), positive.to_owned()])
    }
}

impl<'a> Machine<'a> {
    /// The decision function of a support vector machine.
    ///
    /// # Errors
    /// [`OnnxError::Kernel`] for a precomputed kernel.
    pub fn of_model(model: &'a SvcModel<KernelKind>) -> Result<Self, OnnxError> {
        Self::of_kernel(
            &model.kernel,
            model.support_vectors.view(),
            &model.dual_coef,
            model.intercept,
        )
    }

    /// The decision function of an approximate machine.
    ///
    /// # Errors
    /// As [`Machine::of_model`].
    pub fn of_approx(model: &'a ApproxModel) -> Result<Self, OnnxError> {
        let (coef, intercept) = (&model.coef, model.intercept);
        match &model.basis {
            ApproxBasis::Nystrom { landmarks } => {
                Self::of_kernel(&model.kernel, landmarks.view(), coef, intercept)
            }
            ApproxBasis::Fourier(map) => Ok(Self {
                basis: Basis::Fourier(map.frequencies().view(), map.phases()),
                coef,
                intercept,
            }),
        }
    }

    fn of_kernel(
        kernel: &'a KernelKind,
        points: Matrix<'a>,
        coef: &'a [f64],
        intercept: f64,
    ) -> Result<Self, OnnxError> {
        if let KernelKind::Precomputed(_) = kernel {
            return Err(OnnxError::Kernel {
                kernel: kernel.name(),
            });
        }
        Ok(Self {
            basis: Basis::Kernel(kernel, points),
            coef,
            intercept,
        })
    }

    fn n_features(&self) -> usize {
        match self.basis {
            Basis::Kernel(_, points) | Basis::Fourier(points, _) => points.n_cols(),
        }
    }
}

impl OnnxGraph {
    /// Ends the graph with the class and the decision value of the machine for these features: outputs `label` and
    /// `score` of shape [N], the first of the type of the classes, the second of doubles. **A score greater than 0
    /// means the positive class**; one that is smaller than its rounding is 0
    /// ([`decision_or_zero`](fuzzysvm_core::decision_or_zero)). Where an input has one of these names, `_` follows that
    /// of the output.
    ///
    /// Returns the bytes of the file. A row with a number that is missing has the score NaN and the negative class.
    ///
    /// # Errors
    /// [`OnnxError::Width`] for other features than the machine has.
    pub fn classify(
        mut self,
        x: &Features,
        machine: &Machine<'_>,
        classes: &Classes,
    ) -> Result<Vec<u8>, OnnxError> {
        check(machine.n_features(), "a machine", x)?;
        let score = self.decision(x.name(), machine);
        let zero = self.table(&[1], &[0.0]);
        let is_positive = self.apply("Greater", &[&score, &zero]);
        let to = [proto::int("to", Element::Int64 as i64)];
        let class = self.apply_with("Cast", &[&is_positive], &to);
        let (classes, element) = match classes {
            Classes::Text(names) => (self.texts(names), Element::String),
            Classes::Whole(values) => (self.whole(&[2], values), Element::Int64),
            Classes::Number(values) => (self.table(&[2], values), Element::Double),
            Classes::Truth(values) => {
                let raw = values.map(u8::from);
                (self.constant(&[2], Element::Bool, &raw), Element::Bool)
            }
        };
        let label = self.apply("Gather", &[&classes, &class]);
        Ok(self.finish(&label, element, &score))
    }

    /// One decision value per row.
    fn decision(&mut self, x: &str, machine: &Machine<'_>) -> String {
        let coef = machine.coef;
        let (phi, m) = if coef.is_empty() {
            // A matrix of no columns is not for every program; this is one, whose coefficient is 0.
            let origin = vec![0.0; machine.n_features()];
            let origin = self.table(&[origin.len(), 1], &origin);
            (self.apply("MatMul", &[x, &origin]), 1)
        } else {
            let phi = match &machine.basis {
                Basis::Kernel(kernel, points) => self.kernel(x, kernel, *points),
                Basis::Fourier(frequencies, phases) => self.fourier(x, *frequencies, phases),
            };
            (phi, coef.len())
        };
        let of_terms = |of: fn(f64) -> f64| -> Vec<f64> {
            (0..m)
                .map(|j| coef.get(j).map_or(0.0, |c| of(*c)))
                .collect()
        };
        let sum = self.sum(&phi, &of_terms(|c| c), machine.intercept);
        let sizes = self.apply("Abs", &[&phi]);
        let magnitude = self.sum(&sizes, &of_terms(f64::abs), machine.intercept.abs());
        let share = self.table(&[1], &[tie_share(coef.len() + 1)]);
        let rounding = self.apply("Mul", &[&magnitude, &share]);
        let size = self.apply("Abs", &[&sum]);
        let is_tie = self.apply("LessOrEqual", &[&size, &rounding]);
        let zero = self.table(&[1], &[0.0]);
        self.apply("Where", &[&is_tie, &zero, &sum])
    }

    /// Σ_j coef_j φ_j + intercept, one number per row.
    fn sum(&mut self, phi: &str, coef: &[f64], intercept: f64) -> String {
        let coef = self.table(&[coef.len(), 1], coef);
        let sum = self.apply("MatMul", &[phi, &coef]);
        let intercept = self.table(&[1], &[intercept]);
        let sum = self.apply("Add", &[&sum, &intercept]);
        let flat = self.whole(&[1], &[-1]);
        self.apply("Reshape", &[&sum, &flat])
    }

    /// K(x, point), one column per point.
    fn kernel(&mut self, x: &str, kernel: &KernelKind, points: Matrix<'_>) -> String {
        match kernel {
            KernelKind::Rbf(k) => {
                let squared = self.squared_distances(x, points);
                self.exp_of_minus(&squared, k.gamma)
            }
            KernelKind::Laplacian(k) => {
                let distances = self.absolute_distances(x, points);
                self.exp_of_minus(&distances, k.gamma)
            }
            KernelKind::Polynomial(k) => {
                let base = self.affine_products(x, points, k.gamma, k.coef0);
                let degree = self.table(&[1], &[f64::from(k.degree)]);
                self.apply("Pow", &[&base, &degree])
            }
            KernelKind::Sigmoid(k) => {
                let inner = self.affine_products(x, points, k.gamma, k.coef0);
                self.apply("Tanh", &[&inner])
            }
            // The precomputed one is no machine.
            _ => self.products(x, points),
        }
    }

    /// x · point.
    fn products(&mut self, x: &str, points: Matrix<'_>) -> String {
        let columns = self.table(&[points.n_cols(), points.n_rows()], &transposed(points));
        self.apply("MatMul", &[x, &columns])
    }

    /// γ x · point + coef0.
    fn affine_products(&mut self, x: &str, points: Matrix<'_>, gamma: f64, coef0: f64) -> String {
        let products = self.products(x, points);
        let gamma = self.table(&[1], &[gamma]);
        let coef0 = self.table(&[1], &[coef0]);
        let scaled = self.apply("Mul", &[&products, &gamma]);
        self.apply("Add", &[&scaled, &coef0])
    }

    fn exp_of_minus(&mut self, distances: &str, gamma: f64) -> String {
        let minus = self.table(&[1], &[-gamma]);
        let exponent = self.apply("Mul", &[distances, &minus]);
        self.apply("Exp", &[&exponent])
    }

    /// ‖x − z‖² = ‖x‖² + ‖z‖² − 2 x·z, with the mean of the points taken off both, so that little cancels where the
    /// features are far from 0.
    fn squared_distances(&mut self, x: &str, points: Matrix<'_>) -> String {
        let (m, d) = (points.n_rows(), points.n_cols());
        let mean = (0..d).map(|j| points.rows().map(|row| row[j] / m as f64).sum());
        let mean: Vec<f64> = mean.collect();
        let centered = points
            .rows()
            .flat_map(|row| row.iter().zip(&mean).map(|(v, mean)| v - mean));
        let centered: Vec<f64> = centered.collect();
        let norms = centered
            .chunks_exact(d)
            .map(|row| row.iter().map(|v| v * v).sum());
        let norms: Vec<f64> = norms.collect();
        let doubled = (0..d).flat_map(|j| centered.iter().skip(j).step_by(d).map(|v| -2.0 * v));
        let doubled: Vec<f64> = doubled.collect();

        let mean = self.table(&[1, d], &mean);
        let x = self.apply("Sub", &[x, &mean]);
        let squares = self.apply("Mul", &[&x, &x]);
        let axis = self.whole(&[1], &[1]);
        let own = self.apply("ReduceSum", &[&squares, &axis]);
        let norms = self.table(&[1, m], &norms);
        let doubled = self.table(&[d, m], &doubled);
        let mixed = self.apply("MatMul", &[&x, &doubled]);
        let sum = self.apply("Add", &[&mixed, &norms]);
        self.apply("Add", &[&sum, &own])
    }

    /// ‖x − z‖₁, one feature after the other: all differences at once would take one matrix per feature.
    fn absolute_distances(&mut self, x: &str, points: Matrix<'_>) -> String {
        let (m, d) = (points.n_rows(), points.n_cols());
        let columns = self.table(&[d, m], &transposed(points));
        let rows = self.apply("Transpose", &[x]);
        let first = self.gather(x, &[0]);
        let zeros = self.table(&[1, m], &vec![0.0; m]);
        let start = self.apply("Mul", &[&first, &zeros]);
        let matrix = [Dim::Rows, Dim::Of(m)];
        let axis = proto::tensor("axis", &[1], Element::Int64, &1_i64.to_le_bytes());
        let body = proto::graph(
            "feature",
            &[
                proto::node("", "Unsqueeze", &["of_rows", "axis"], &["column"], &[]),
                proto::node("", "Sub", &["column", "of_points"], &["difference"], &[]),
                proto::node("", "Abs", &["difference"], &["distance"], &[]),
                proto::node("", "Add", &["sum", "distance"], &["next_sum"], &[]),
            ],
            &[axis],
            &[
                proto::value_info("sum", Element::Double, &matrix),
                proto::value_info("of_rows", Element::Double, &[Dim::Rows]),
                proto::value_info("of_points", Element::Double, &[Dim::Of(m)]),
            ],
            &[proto::value_info("next_sum", Element::Double, &matrix)],
        );
        let attributes = [
            proto::graph_attribute("body", &body),
            proto::int("num_scan_inputs", 2),
        ];
        self.apply_with("Scan", &[&start, &rows, &columns], &attributes)
    }

    /// √(2/M) cos(ω·x + b).
    fn fourier(&mut self, x: &str, frequencies: Matrix<'_>, phases: &[f64]) -> String {
        let m = phases.len();
        let products = self.products(x, frequencies);
        let phases = self.table(&[1, m], phases);
        let angles = self.apply("Add", &[&products, &phases]);
        let waves = self.apply("Cos", &[&angles]);
        let scale = self.table(&[1], &[(2.0 / m as f64).sqrt()]);
        self.apply("Mul", &[&waves, &scale])
    }
}

/// One row per column.
fn transposed(points: Matrix<'_>) -> Vec<f64> {
    let column = |j| points.rows().map(move |row| row[j]);
    (0..points.n_cols()).flat_map(column).collect()
}
