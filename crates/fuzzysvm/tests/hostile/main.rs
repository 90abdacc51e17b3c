//! Inputs on which other support vector machines hang, crash or answer wrongly without a word, through
//! the library alone. Each ends soon, without a panic, in a typed error that says where, or in a model
//! that says how it was reached.
//!
//! The numbers count 36 kinds of input, from NaN among the features (1) to bad flags and unwritable
//! outputs (36). Four do not apply in full: a label (5) has two values and cannot be NaN, so of that
//! kind only cells of files are here, as of the three hundred classes (33); there are no class weights
//! (34); and flags and outputs (36) are the command line's, in its own tests.

mod files;
mod samples;
mod settings;
mod solver;

use fuzzysvm::core::{
    Classifier, Label, Label::Negative as N, Label::Positive as P, Learner, Matrix, MatrixBuf,
    Samples, check_weights, envelope::EnvelopeError,
};
use fuzzysvm::datasets::table::{
    Format, Missing, ReadOptions, Scaler, ScalerKind, TargetUse, read, read_bytes,
};
use fuzzysvm::estimator::{CrossValidation, Data, EncodedFold};
use fuzzysvm::evaluation::{
    Fold, balanced_accuracy_score, roc_auc_score, stratified_draw, stratified_k_fold,
};
use fuzzysvm::kernels::{
    Gamma, KernelKind, Laplacian, Linear, Polynomial, Precomputed, Rbf, Sigmoid,
};
use fuzzysvm::membership::{
    Efsvm, Iefsvm, Membership, MembershipKind, Pretrained, SlackFactor, Strategy, Weighted,
};
use fuzzysvm::qp::Smo;
use fuzzysvm::svm::model_file::{ModelFile, ModelFileError, from_libsvm};
use fuzzysvm::svm::tuning::{GridSearch, TuningFold};
use fuzzysvm::svm::{Svc, SvcModel};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::time::Duration;

/// Far more than any case takes, and far less than for ever.
const LIMIT: Duration = Duration::from_secs(20);

/// What came out, in words, or the error.
type Seen = Result<String, Box<dyn std::error::Error + Send + Sync>>;

/// Words that must stand in what came out.
enum Expected {
    Error(&'static [&'static str]),
    Answer(&'static [&'static str]),
}
use Expected::{Answer, Error};

struct Case {
    number: u32,
    name: String,
    expected: Expected,
    run: Box<dyn FnOnce() -> Seen + Send>,
}

impl Case {
    /// What is wrong, if anything.
    fn check(self) -> Option<String> {
        let (sender, receiver) = channel();
        let run = self.run;
        // A case that hangs must not hang the others: its thread is left behind.
        std::thread::spawn(move || sender.send(catch_unwind(AssertUnwindSafe(run))));
        let complaint = match (receiver.recv_timeout(LIMIT), self.expected) {
            (Err(_), _) => format!("still runs after {LIMIT:?}"),
            (Ok(Err(_)), _) => "panics".to_owned(),
            (Ok(Ok(Err(found))), Error(words)) => missing(words, &found.to_string())?,
            (Ok(Ok(Ok(found))), Answer(words)) => missing(words, &found)?,
            (Ok(Ok(found)), _) => format!("{found:?}"),
        };
        Some(format!("{} {}: {complaint}", self.number, self.name))
    }
}

fn missing(words: &[&str], found: &str) -> Option<String> {
    let word = words.iter().find(|w| !found.contains(**w))?;
    Some(format!("expected {word:?} in: {found}"))
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(
        &mut self,
        number: u32,
        name: impl Into<String>,
        expected: Expected,
        run: impl FnOnce() -> Seen + Send + 'static,
    ) {
        self.0.push(Case {
            number,
            name: name.into(),
            expected,
            run: Box::new(run),
        });
    }
}

const Y4: [Label; 4] = [N, N, P, P];
const X4: [f64; 8] = [0.0, 0.0, 0.0, 1.0, 3.0, 3.0, 3.0, 4.0];

fn svc(c: f64, kernel: impl Into<KernelKind>) -> Svc {
    Svc {
        c,
        kernel: kernel.into(),
        ..Svc::default()
    }
}

fn rbf(c: f64, gamma: f64) -> Svc {
    svc(c, Rbf { gamma })
}

fn square(gamma: f64) -> Polynomial {
    Polynomial {
        degree: 2,
        gamma,
        coef0: 0.0,
    }
}

fn signs(labels: &[Label]) -> String {
    let sign = |l: &Label| if l.is_positive() { '+' } else { '-' };
    labels.iter().map(sign).collect()
}

fn describe(model: &SvcModel, x: Matrix<'_>) -> Seen {
    Ok(format!(
        "{}, {} support vectors, predicts {}, gap {:e}, iterations {}",
        model.info.status,
        model.support.len(),
        signs(&model.predict(x)?),
        model.info.kkt_gap,
        model.info.iterations,
    ))
}

fn fit(svc: &Svc, x: &[f64], n_cols: usize, y: &[Label], weight: Option<&[f64]>) -> Seen {
    let x = Matrix::new(x, n_cols)?;
    describe(&svc.fit(Samples::new(x, y)?, weight)?, x)
}

fn membership(kind: &dyn Membership, x: &[f64], n_cols: usize, y: &[Label]) -> Seen {
    let weights = kind.membership(Samples::new(Matrix::new(x, n_cols)?, y)?)?;
    check_weights(&weights, y)?;
    Ok(format!("{weights:?}"))
}

fn table(file: &str, bytes: &[u8]) -> Seen {
    table_as(file, bytes, &ReadOptions::default())
}

/// A table in which no value may be missing.
fn complete_table(file: &str, bytes: &[u8]) -> Seen {
    let options = ReadOptions::default().with_missing(Missing::Refuse);
    table_as(file, bytes, &options)
}

fn table_as(file: &str, bytes: &[u8], options: &ReadOptions) -> Seen {
    let format = Format::of_path(file.as_ref())?;
    let data = read_bytes(file, format, bytes, options)?;
    Ok(format!("{:?} {:?}", data.x, data.class_names))
}

fn model() -> Result<SvcModel, Box<dyn std::error::Error + Send + Sync>> {
    Ok(rbf(1.0, 0.5).fit(Samples::new(Matrix::new(&X4, 2)?, &Y4)?, None)?)
}

#[test]
fn hostile_inputs_end_soon_without_a_panic_and_say_what_is_wrong() {
    let mut cases = Cases::default();
    samples::samples_and_features(&mut cases);
    settings::weights(&mut cases);
    settings::parameters(&mut cases);
    solver::long_runs(&mut cases);
    solver::gram_matrices(&mut cases);
    files::data_files(&mut cases);
    files::model_files(&mut cases);
    settings::splits(&mut cases);
    let numbers: std::collections::BTreeSet<u32> = cases.0.iter().map(|c| c.number).collect();
    let all = (1..=36).filter(|n| *n != 34).collect();
    assert_eq!(
        numbers, all,
        "every kind of input but class weights is tried"
    );
    let complaints: Vec<String> = cases.0.into_iter().filter_map(Case::check).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
