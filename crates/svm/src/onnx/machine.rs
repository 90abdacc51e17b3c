//! The decision function and the class.

use super::error::OnnxError;
use super::graph::{Features, OnnxGraph, check};
use super::proto::{self, Dim, Element};
use crate::SvcModel;
use crate::approx::{ApproxBasis, ApproxModel};
use fuzzysvm_core::{Matrix, tie_share};
use fuzzysvm_kernels::KernelKind;
use std::borrow::Cow;

/// Decision functions Σ_j coef_j φ_j(x) + intercept over the same functions φ_j.
#[derive(Debug, Clone)]
pub struct Machine<'a> {
    basis: Basis<'a>,
    sums: Vec<(Cow<'a, [f64]>, f64)>,
}

/// The functions φ_j.
#[derive(Debug, Clone)]
enum Basis<'a> {
    /// K(x, point).
    Kernel(&'a KernelKind, Matrix<'a>),
    /// √(2/M) cos(ω·x + b).
    Fourier(Matrix<'a>, &'a [f64]),
}

/// The classes, as the graph returns them; of two the negative one first.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Classes {
    /// Texts.
    Text(Vec<String>),
    /// Whole numbers.
    Whole(Vec<i64>),
    /// Numbers.
    Number(Vec<f64>),
    /// Truth values.
    Truth(Vec<bool>),
}

impl Classes {
    /// Two classes with names.
    pub fn text(negative: &str, positive: &str) -> Self {
        Classes::Text(vec![negative.to_owned(), positive.to_owned()])
    }

    fn len(&self) -> usize {
        match self {
            Classes::Text(names) => names.len(),
            Classes::Whole(values) => values.len(),
            Classes::Number(values) => values.len(),
            Classes::Truth(values) => values.len(),
        }
    }
}

/// How decision values name a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// Two classes and one decision value: the second class where it is greater than 0.
    Sign,
    /// One decision value per class, and the largest one, the first of several.
    Largest,
    /// One decision value per pair of classes, in the order 0-1, 0-2, …, 1-2, …, greater than 0 for the first of the
    /// pair: the class with most votes.
    Pairs {
        /// Among as many votes the larger sum of decision values, d / (3 (|d| + 1)) of a vote for the sum d, as in
        /// scikit-learn's `SVC(decision_function_shape="ovr")`; else the first class.
        break_ties: bool,
        /// The scores are these votes with their fractions, one per class, in place of the decision values.
        per_class: bool,
    },
}

impl Rule {
    /// How many decision values there are for so many classes; `None` where the rule is not for them.
    fn n_decisions(self, n_classes: usize) -> Option<usize> {
        match self {
            _ if n_classes < 2 => None,
            Rule::Sign => (n_classes == 2).then_some(1),
            Rule::Largest => Some(n_classes),
            Rule::Pairs { .. } => Some(n_classes * (n_classes - 1) / 2),
        }
    }
}

impl<'a> Machine<'a> {
    /// The decision function of a support vector machine.
    ///
    /// # Errors
    /// [`OnnxError::Kernel`] for a precomputed kernel.
    pub fn of_model(model: &'a SvcModel<KernelKind>) -> Result<Self, OnnxError> {
        Self::of_kernel(&model.kernel, model.support_vectors.view())?
            .with(&model.dual_coef[..], model.intercept)
    }

    /// The decision function of an approximate machine.
    ///
    /// # Errors
    /// As [`Machine::of_model`].
    pub fn of_approx(model: &'a ApproxModel) -> Result<Self, OnnxError> {
        let machine = match &model.basis {
            ApproxBasis::Nystrom { landmarks } => Self::of_kernel(&model.kernel, landmarks.view())?,
            ApproxBasis::Fourier(map) => Self {
                basis: Basis::Fourier(map.frequencies().view(), map.phases()),
                sums: Vec::new(),
            },
        };
        machine.with(&model.coef[..], model.intercept)
    }

    /// No decision function yet, over the kernel values with these points.
    ///
    /// # Errors
    /// As [`Machine::of_model`].
    pub fn of_kernel(kernel: &'a KernelKind, points: Matrix<'a>) -> Result<Self, OnnxError> {
        match kernel {
            KernelKind::Linear(_)
            | KernelKind::Polynomial(_)
            | KernelKind::Rbf(_)
            | KernelKind::Sigmoid(_)
            | KernelKind::Laplacian(_) => Ok(Self {
                basis: Basis::Kernel(kernel, points),
                sums: Vec::new(),
            }),
            other => Err(OnnxError::Kernel {
                kernel: other.name(),
            }),
        }
    }

    /// The same with another decision function: one coefficient per point, 0 where the point has no part in it.
    ///
    /// # Errors
    /// [`OnnxError::Width`] for another number of coefficients.
    pub fn with(
        mut self,
        coef: impl Into<Cow<'a, [f64]>>,
        intercept: f64,
    ) -> Result<Self, OnnxError> {
        let coef = coef.into();
        let (Basis::Kernel(_, points) | Basis::Fourier(points, _)) = self.basis;
        let (found, expected) = (coef.len(), points.n_rows());
        if found != expected {
            let what = "coefficients";
            return Err(OnnxError::Width {
                what,
                found,
                expected,
            });
        }
        self.sums.push((coef, intercept));
        Ok(self)
    }

    fn n_features(&self) -> usize {
        let (Basis::Kernel(_, points) | Basis::Fourier(points, _)) = self.basis;
        points.n_cols()
    }

    fn n_points(&self) -> usize {
        let (Basis::Kernel(_, points) | Basis::Fourier(points, _)) = self.basis;
        points.n_rows()
    }
}

impl OnnxGraph {
    /// Ends the graph with the class and the decision value of the machine for these features: outputs `label` and
    /// `score`, the first of shape `[N]` and of the type of the classes, the second of doubles, of shape `[N]` with
    /// [`Rule::Sign`] and else with a column for every score. **With [`Rule::Sign`] a score greater than 0 means the
    /// positive class**; a decision value that is smaller than its rounding is 0
    /// ([`decision_or_zero`](fuzzysvm_core::decision_or_zero)). Where an input has one of these names, `_` follows that
    /// of the output.
    ///
    /// Returns the bytes of the file. A row with a number that is missing has the score NaN, and its class says nothing.
    ///
    /// # Errors
    /// [`OnnxError::Width`] for other features than the machine has, or as many classes or decision functions as the
    /// rule is not for.
    pub fn classify(
        mut self,
        x: &Features,
        machine: &Machine<'_>,
        classes: &Classes,
        rule: Rule,
    ) -> Result<Vec<u8>, OnnxError> {
        check(machine.n_features(), "a machine", x)?;
        let (k, found) = (classes.len(), machine.sums.len());
        if rule.n_decisions(k) != Some(found) {
            return Err(OnnxError::Classes {
                n_classes: k,
                n_decisions: found,
            });
        }
        let decisions = self.decisions(x.name(), machine);
        let (class, score, columns) = match rule {
            Rule::Sign => {
                let flat = self.whole(&[1], &[-1]);
                let score = self.apply("Reshape", &[&decisions, &flat]);
                let zero = self.table(&[1], &[0.0]);
                let is_positive = self.apply("Greater", &[&score, &zero]);
                let to = [proto::int("to", Element::Int64 as i64)];
                let class = self.apply_with("Cast", &[&is_positive], &to);
                (class, score, None)
            }
            Rule::Largest => (self.largest(&decisions), decisions, Some(k)),
            Rule::Pairs {
                break_ties,
                per_class,
            } => {
                let pairs = Pairs::of(k);
                let confidences = self.confidences(&decisions, &pairs);
                let class = if break_ties {
                    self.largest(&confidences)
                } else {
                    let votes = self.votes(&decisions, "Greater", &pairs);
                    self.largest(&votes)
                };
                if per_class {
                    (class, confidences, Some(k))
                } else {
                    (class, decisions, Some(found))
                }
            }
        };
        let (classes, element) = match classes {
            Classes::Text(names) => (self.texts(names), Element::String),
            Classes::Whole(values) => (self.whole(&[k], values), Element::Int64),
            Classes::Number(values) => (self.table(&[k], values), Element::Double),
            Classes::Truth(values) => {
                let raw: Vec<u8> = values.iter().copied().map(u8::from).collect();
                (self.constant(&[k], Element::Bool, &raw), Element::Bool)
            }
        };
        let label = self.apply("Gather", &[&classes, &class]);
        let dims: Vec<Dim> = [Dim::Rows]
            .into_iter()
            .chain(columns.map(Dim::Of))
            .collect();
        let probability = match (rule, self.probability.take()) {
            (Rule::Sign, Some(probability)) => Some(self.probabilities(&score, &probability)),
            _ => None,
        };
        Ok(self.finish((&label, element), (&score, &dims), probability.as_deref()))
    }

    /// The column with the largest number, the first of several.
    fn largest(&mut self, scores: &str) -> String {
        let attributes = [proto::int("axis", 1), proto::int("keepdims", 0)];
        self.apply_with("ArgMax", &[scores], &attributes)
    }

    /// Wins of every class among the pairs; the operator compares a decision value with 0 for the first of its pair.
    fn votes(&mut self, decisions: &str, operator: &str, pairs: &Pairs) -> String {
        let zero = self.table(&[1], &[0.0]);
        let wins = self.apply(operator, &[decisions, &zero]);
        let to = [proto::int("to", Element::Double as i64)];
        let wins = self.apply_with("Cast", &[&wins], &to);
        // Where the first one does not win, the second one does.
        let signs = self.signs(pairs);
        let changed = self.apply("MatMul", &[&wins, &signs]);
        let as_second = self.table(&[1, pairs.as_second.len()], &pairs.as_second);
        self.apply("Add", &[&changed, &as_second])
    }

    fn signs(&mut self, pairs: &Pairs) -> String {
        let n_classes = pairs.as_second.len();
        let n_pairs = pairs.signs.len() / n_classes;
        self.table(&[n_pairs, n_classes], &pairs.signs)
    }

    /// Votes plus d / (3 (|d| + 1)) for the sum d of the decision values of a class.
    fn confidences(&mut self, decisions: &str, pairs: &Pairs) -> String {
        let votes = self.votes(decisions, "GreaterOrEqual", pairs);
        let signs = self.signs(pairs);
        let sums = self.apply("MatMul", &[decisions, &signs]);
        let sizes = self.apply("Abs", &[&sums]);
        let (one, three) = (self.table(&[1], &[1.0]), self.table(&[1], &[3.0]));
        let more = self.apply("Add", &[&sizes, &one]);
        let divisor = self.apply("Mul", &[&more, &three]);
        let fractions = self.apply("Div", &[&sums, &divisor]);
        self.apply("Add", &[&votes, &fractions])
    }

    /// One decision value per row and decision function.
    fn decisions(&mut self, x: &str, machine: &Machine<'_>) -> String {
        let (phi, m) = match (&machine.basis, machine.n_points()) {
            (_, 0) => {
                // A matrix of no columns is not for every program; this is one, whose coefficients are 0.
                let origin = vec![0.0; machine.n_features()];
                let origin = self.table(&[origin.len(), 1], &origin);
                (self.apply("MatMul", &[x, &origin]), 1)
            }
            (Basis::Kernel(kernel, points), m) => (self.kernel(x, kernel, *points), m),
            (Basis::Fourier(frequencies, phases), m) => (self.fourier(x, *frequencies, phases), m),
        };
        let sums = &machine.sums;
        let coefs = (0..m).flat_map(|j| {
            sums.iter()
                .map(move |(c, _)| c.get(j).copied().unwrap_or(0.0))
        });
        let coefs: Vec<f64> = coefs.collect();
        let intercepts: Vec<f64> = sums.iter().map(|(_, intercept)| *intercept).collect();
        let shares = sums.iter().map(|(coef, _)| {
            let n_terms = coef.iter().filter(|c| **c != 0.0).count();
            tie_share(n_terms + 1)
        });
        let shares: Vec<f64> = shares.collect();
        let sizes_of = |values: &[f64]| -> Vec<f64> { values.iter().map(|v| v.abs()).collect() };

        let sum = self.sums(&phi, &coefs, &intercepts);
        let sizes = self.apply("Abs", &[&phi]);
        let magnitude = self.sums(&sizes, &sizes_of(&coefs), &sizes_of(&intercepts));
        let shares = self.table(&[1, shares.len()], &shares);
        let rounding = self.apply("Mul", &[&magnitude, &shares]);
        let size = self.apply("Abs", &[&sum]);
        let is_rounding = self.apply("LessOrEqual", &[&size, &rounding]);
        // Above the largest number nothing is told by it: the sum stays what it is.
        let largest = self.table(&[1], &[f64::MAX]);
        let is_finite = self.apply("LessOrEqual", &[&size, &largest]);
        let is_tie = self.apply("And", &[&is_rounding, &is_finite]);
        let zero = self.table(&[1], &[0.0]);
        self.apply("Where", &[&is_tie, &zero, &sum])
    }

    /// Σ_j coef_j φ_j + intercept; `coefs` has a row for every φ_j and a column for every intercept.
    fn sums(&mut self, phi: &str, coefs: &[f64], intercepts: &[f64]) -> String {
        let n = intercepts.len();
        let coefs = self.table(&[coefs.len() / n, n], coefs);
        let sum = self.apply("MatMul", &[phi, &coefs]);
        let intercepts = self.table(&[1, n], intercepts);
        self.apply("Add", &[&sum, &intercepts])
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
            // Linear: `Machine::of_kernel` takes no others.
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
        let squared = self.apply("Add", &[&sum, &own]);
        // Rounding may leave a little less than 0, which a large γ makes much of.
        let zero = self.table(&[1], &[0.0]);
        self.apply("Max", &[&squared, &zero])
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
        // Names of the inner graph are those of the outer one too, whose inputs are called as the columns are.
        let [
            axis,
            sum,
            of_rows,
            of_points,
            column,
            difference,
            distance,
            next,
        ] = std::array::from_fn(|_| self.fresh());
        let body = proto::graph(
            "feature",
            &[
                proto::node("", "Unsqueeze", &[&of_rows, &axis], &[&column], &[]),
                proto::node("", "Sub", &[&column, &of_points], &[&difference], &[]),
                proto::node("", "Abs", &[&difference], &[&distance], &[]),
                proto::node("", "Add", &[&sum, &distance], &[&next], &[]),
            ],
            &[proto::tensor(
                &axis,
                &[1],
                Element::Int64,
                &1_i64.to_le_bytes(),
            )],
            &[
                proto::value_info(&sum, Element::Double, &matrix),
                proto::value_info(&of_rows, Element::Double, &[Dim::Rows]),
                proto::value_info(&of_points, Element::Double, &[Dim::Of(m)]),
            ],
            &[proto::value_info(&next, Element::Double, &matrix)],
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

/// The pairs of classes as matrices.
struct Pairs {
    /// One row per pair: 1 for its first class, −1 for its second one.
    signs: Vec<f64>,
    /// For every class how often it is the second one of a pair.
    as_second: Vec<f64>,
}

impl Pairs {
    fn of(n_classes: usize) -> Self {
        let mut signs = Vec::new();
        for first in 0..n_classes {
            for second in first + 1..n_classes {
                let sign = |class| {
                    f64::from(u8::from(class == first)) - f64::from(u8::from(class == second))
                };
                signs.extend((0..n_classes).map(sign));
            }
        }
        // It comes behind each of those before it.
        let as_second = (0..n_classes).map(|class| class as f64).collect();
        Self { signs, as_second }
    }
}

/// One row per column.
fn transposed(points: Matrix<'_>) -> Vec<f64> {
    let column = |j| points.rows().map(move |row| row[j]);
    (0..points.n_cols()).flat_map(column).collect()
}
