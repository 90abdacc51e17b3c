//! A membership, a kernel and a learner of one's own in `compare` and `lend`, beside a shipped method.

use std::error::Error;

use fuzzysvm_core::{Classifier, Label, Learner, Matrix, MatrixBuf};
use fuzzysvm_core::{PredictError, Samples, SamplesError};
use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_estimator::{LoanData, Method};
use fuzzysvm_experiments::compare::{self, CompareSettings, DataSet};
use fuzzysvm_experiments::lend::{self, LendSettings};
use fuzzysvm_kernels::Kernel;
use fuzzysvm_membership::{Membership, MembershipError};
use fuzzysvm_qp::Smo;
use fuzzysvm_svm::Svc;

/// A membership: the majority counts half.
struct HalfMajority;

impl Membership for HalfMajority {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        let weight = |y: &Label| if y.is_positive() { 1.0 } else { 0.5 };
        Ok(train.y().iter().map(weight).collect())
    }
}

fn squared_distance(x: &[f64], z: &[f64]) -> f64 {
    x.iter().zip(z).map(|(a, b)| (a - b).powi(2)).sum()
}

/// A kernel: 1/(1 + ‖x−z‖²).
#[derive(Clone)]
struct Cauchy;

impl Kernel for Cauchy {
    fn eval(&self, x: &[f64], z: &[f64]) -> f64 {
        1.0 / (1.0 + squared_distance(x, z))
    }
}

/// A learner: the class whose mean is nearer.
struct NearestMean;

/// The means of the negative and the positive class.
struct Means([Vec<f64>; 2]);

impl Learner for NearestMean {
    type Model = Means;
    type Error = SamplesError;

    fn fit(&self, train: Samples<'_>, _: Option<&[f64]>) -> Result<Means, SamplesError> {
        train.require_both_classes()?;
        Ok(Means([Label::Negative, Label::Positive].map(|class| {
            let of_class = || {
                train
                    .x()
                    .rows()
                    .zip(train.y())
                    .filter(|(_, y)| **y == class)
            };
            let mean = |column: usize| {
                of_class().map(|(row, _)| row[column]).sum::<f64>() / of_class().count() as f64
            };
            (0..train.x().n_cols()).map(mean).collect()
        })))
    }
}

impl Classifier for Means {
    fn n_features(&self) -> usize {
        self.0[0].len()
    }

    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let [negative, positive] = &self.0;
        let nearer = |row| squared_distance(row, negative) - squared_distance(row, positive);
        Ok(x.rows().map(nearer).collect())
    }
}

fn methods() -> Result<Vec<Method>, Box<dyn Error>> {
    let (c, kernel, solver) = (1.0, Cauchy, Smo::default());
    Ok(vec![
        Method::named("iefsvm")?,
        Method::membership("half", "half majority", HalfMajority),
        Method::learner("cauchy", "Cauchy SVM", Svc { c, kernel, solver }),
        Method::learner("means", "nearest mean", NearestMean),
    ])
}

/// Every fourth of 80 samples is positive.
fn data_set(name: &str, shift: f64) -> Result<DataSet, Box<dyn Error>> {
    let positive = |i: i32| i % 4 == 0;
    let x = (0..80).map(|i| (f64::from(i) * 1.7).sin() + if positive(i) { shift } else { 0.0 });
    let y = (0..80).map(|i| Label::from_sign(if positive(i) { 1.0 } else { -1.0 }));
    let x = MatrixBuf::new(x.collect(), 1)?;
    Ok(DataSet::new(name, name, x, y.collect())?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let sets = [data_set("near", 0.8)?, data_set("far", 1.5)?];
    let mut settings = CompareSettings::default();
    settings.methods = methods()?;
    settings.repeats = 1;
    settings.c = vec![1.0];
    settings.gamma = vec![1.0];

    for method in compare::run(&sets, &settings, &|_| {})?.methods {
        let metric = method.metrics["balanced_accuracy"];
        println!("{:13} {:.3}", method.name, metric.mean);
    }

    let (n_loans, seed) = (900, 1);
    let mut csv = Vec::new();
    SimulatedBook { n_loans, seed }.write_to(&mut csv)?;
    let book = LoanBook::from_reader(csv.as_slice(), ReadOptions::default())?;
    let loans = LoanData::new(book, &Selection::default());
    let mut settings = LendSettings::default();
    settings.trials = 1;
    settings.train = 150;
    settings.test = 150;
    settings.methods = methods()?;
    settings.tuning.c = vec![1.0];
    settings.tuning.gamma = vec![0.05];

    let run = lend::run(&loans, &settings, "simulated", &|_| {})?;
    for method in run.results.methods {
        let trial = &method.trials[0];
        println!("{:13} {:.3}", method.name, trial.balanced_accuracy);
    }
    Ok(())
}
