//! The comparison of methods over many data sets: stratified k-fold cross-validation, repeated, with
//! everything tuned and fitted inside the training part, and the tests of significance that belong to it
//! (Demšar, JMLR 7 (2006) 1–30; García & Herrera, JMLR 9 (2008) 2677–2694).
//!
//! [`DataSet`]s go in, [`CompareResults`] come out; [`CompareOptions`] reads the sets from files, and nothing is written to
//! disk here. The unit of work is one fold of one repetition on one data set ([`UnitOutcome`]): units depend on
//! neither each other nor the other data sets, so a run may be resumed from those that are
//! finished, and may be spread over any number of threads.
//!
//! | inside a unit | what |
//! | --- | --- |
//! | 1 | the scaling is learnt from the training part |
//! | 2 | the training part is split into inner folds; in each, scaling, neighbors and memberships are learnt from its own training part |
//! | 3 | every method chooses its settings by mean balanced accuracy over the inner folds |
//! | 4 | with them it is fitted on the whole training part and scored on the test part |
//!
//! ```
//! use fuzzysvm_core::{Label, MatrixBuf};
//! use fuzzysvm_estimator::Method;
//! use fuzzysvm_experiments::compare::{self, CompareSettings, DataSet};
//!
//! let set = |name: &str, shift: f64| -> Result<DataSet, Box<dyn std::error::Error>> {
//!     let minority = |i: i32| i % 4 == 0;
//!     let y = (0..60).map(|i| if minority(i) { Label::Positive } else { Label::Negative });
//!     let x = (0..60).map(|i| (f64::from(i) * 1.7).sin() + if minority(i) { shift } else { 0.0 });
//!     Ok(DataSet::new(name, name, MatrixBuf::new(x.collect(), 1)?, y.collect())?)
//! };
//! let sets = [set("near", 0.8)?, set("far", 1.5)?];
//! let mut settings = CompareSettings::default();
//! settings.methods = vec![Method::named("svm")?, Method::named("iefsvm")?];
//! settings.repeats = 1;
//! settings.c = vec![1.0, 16.0];
//! settings.gamma = vec![0.25];
//! let results = compare::run(&sets, &settings, &|_| {})?;
//! assert_eq!(results.sets.len(), 2);
//! let iefsvm = &results.methods[1];
//! assert!(iefsvm.metrics["balanced_accuracy"].mean > 0.5);
//! let tests = results.tests["balanced_accuracy"].as_ref();
//! assert_eq!(tests.map(|t| t.comparisons.len()), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aggregate;
mod error;
mod families;
mod input;
mod options;
mod results;
mod run;
mod set;
mod set_names;
mod settings;
mod significance;
pub mod tables;
mod unit;

pub use error::{CompareError, SetError, UnitError};
pub use input::{CompareInput, ReadError, Unreadable};
pub use options::CompareOptions;
pub use results::{
    CompareProvenance, CompareResults, FoldResult, MethodOutcome, MethodSummary, Overall,
    SetMethod, SetResult, Skipped, Spread, UnitOutcome,
};
pub use run::{resume, run, run_unit};
pub use set::DataSet;
pub use settings::{CompareSettings, METRICS};
pub use significance::{
    Comparison, CriticalDifference, FriedmanResult, ImanDavenportResult, Significance,
};
