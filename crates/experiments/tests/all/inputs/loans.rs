//! The loans of a run: simulated ones, those of files, and what a run on them is known by.

use std::path::PathBuf;

use fuzzysvm_datasets::lending_club::LoanBookError;
use fuzzysvm_estimator::{Method, Preprocessing};
use fuzzysvm_experiments::lend::{
    self, LendError, LendInput, LendOptions, RunRecord, model_to_keep,
};
use fuzzysvm_experiments::on_offer::{LoanModel, OnOfferError};
use fuzzysvm_kernels::Rbf;
use fuzzysvm_qp::Smo;
use fuzzysvm_svm::Svc;
use tempfile::TempDir;

use super::sha256;
use crate::loan_file::{LoanFile, text, written};

fn options(pairs: &[(&str, &str)]) -> LendOptions {
    let mut options = LendOptions::default();
    let small = [
        ("simulated_loans", "900"),
        ("split", "random"),
        ("trials", "1"),
        ("train", "150"),
        ("test", "100"),
        ("methods", "svm,class-cost"),
        ("c", "1"),
        ("gamma", "0.02"),
        ("folds", "3"),
    ];
    for (name, text) in small.iter().chain(pairs) {
        options.set(name, text).unwrap();
    }
    options
}

fn of_files(paths: &[&PathBuf], pairs: &[(&str, &str)]) -> LendOptions {
    let mut options = options(pairs);
    options.loans = paths.iter().copied().cloned().collect();
    options
}

fn read(options: &LendOptions) -> LendInput {
    options.read(&options.settings()).unwrap()
}

fn refused(options: &LendOptions) -> LendError {
    options.read(&options.settings()).unwrap_err()
}

#[test]
fn simulated_loans_are_those_of_the_book_of_the_seed() {
    let input = read(&options(&[("seed", "5")]));
    assert_eq!(input.source, "simulated");
    assert_eq!(input.data.book().len(), 900);
    assert_eq!(input.files.len(), 1);
    assert_eq!(input.files[0].name, "simulated");
    assert_eq!(input.files[0].sha256, Some(sha256(&text(900, 5))));
    assert!(!input.snapshot_is_unknown);
    let (_folder, path) = written(&text(900, 5));
    let of_file = read(&of_files(&[&path], &[]));
    // The file says of itself what it is.
    assert_eq!(of_file.source, format!("{} (simulated)", path.display()));
    assert_eq!(of_file.files[0].sha256, input.files[0].sha256);
    assert_eq!(of_file.data.y(), input.data.y());
    let error = refused(&options(&[("simulated_loans", "1000000000000")]));
    assert!(
        matches!(&error, LendError::Param(e) if e.name.contains("loans")),
        "{error}"
    );
}

/// The term, the policy and the month of the snapshot decide what is kept.
#[test]
fn the_selection_is_that_of_the_options() {
    let file = LoanFile::simulated(900, 5);
    let (_folder, path) = file.written();
    let kept = |pairs: &[(&str, &str)]| read(&of_files(&[&path], pairs)).data.selected().kept();
    let by_hand = |term: &str, policy: bool| {
        let rows = 0..file.rows.len();
        let is_kept = |&row: &usize| {
            let status = file.cell(row, "loan_status");
            let ended = status.ends_with("Fully Paid") || status.ends_with("Charged Off");
            let inside = !status.starts_with("Does not meet");
            file.cell(row, "term").trim() == term && ended && (inside || policy)
        };
        rows.filter(is_kept).count()
    };
    assert_eq!(kept(&[]), by_hand("36 months", false));
    let off_policy = [("include_off_policy", "true")];
    assert_eq!(kept(&off_policy), by_hand("36 months", true));
    assert_eq!(kept(&[("term", "60")]), by_hand("60 months", false));
    // By the month of the file the young ones are left out; it does not reach walk-forward.
    let auto = read(&of_files(&[&path], &[("snapshot", "auto")]));
    assert!(auto.data.selected().kept() < by_hand("36 months", false));
    assert_eq!(
        auto.data.selection().seasoned_by,
        auto.data.book().snapshot()
    );
    assert_eq!(auto.of_any_age().seasoned_by, None);
    assert_eq!(auto.of_any_age().term, Some(36));
    // A file in which no payment has a month shows none.
    let (_folder, undated) = file.with("last_pymnt_d", "").written();
    let unknown = read(&of_files(&[&undated], &[("snapshot", "auto")]));
    assert!(unknown.snapshot_is_unknown);
    assert!(!read(&of_files(&[&undated], &[])).snapshot_is_unknown);
}

#[test]
fn several_files_are_one_book() {
    let file = LoanFile::simulated(600, 5);
    let (mut first, mut second) = (file.clone(), file.clone());
    first.rows.truncate(250);
    second.rows.drain(..250);
    let (_a, a) = first.written();
    let (_b, b) = second.written();
    let (_c, whole) = file.written();
    let (parts, whole) = (
        read(&of_files(&[&a, &b], &[])),
        read(&of_files(&[&whole], &[])),
    );
    assert_eq!(parts.data.y(), whole.data.y());
    assert_eq!(parts.source, format!("{}, {}", a.display(), b.display()));
    let digests: Vec<_> = parts
        .files
        .iter()
        .map(|f| f.sha256.clone().unwrap())
        .collect();
    assert_eq!(digests, [&first, &second].map(|file| sha256(&file.text())));
    // A file under a name of its own for a column.
    let mut renamed = file.clone();
    let term = renamed.column("term");
    "duration".clone_into(&mut renamed.header[term]);
    let (_d, renamed) = renamed.written();
    let mut options = of_files(&[&renamed], &[]);
    assert!(options.read(&options.settings()).is_err());
    options.map.insert("duration".to_owned(), "term".to_owned());
    assert_eq!(read(&options).data.y(), whole.data.y());
}

#[test]
fn columns_that_are_asked_for_must_be_there() {
    let (_folder, path) = LoanFile::simulated(300, 5)
        .without("last_pymnt_d")
        .written();
    assert!(read(&of_files(&[&path], &[])).data.selected().kept() > 0);
    for (pair, words) in [
        (("split", "walk-forward"), "walk-forward"),
        (("snapshot", "auto"), "the snapshot auto"),
        (("split", "out-of-time"), "an out-of-time split"),
        (("returns", "irr"), "the return irr"),
    ] {
        let error = refused(&of_files(&[&path], &[pair]));
        let text = error.to_string();
        assert!(
            text.contains("last_pymnt_d") && text.contains(words),
            "{text}"
        );
        assert_eq!(error.location().unwrap().file, path.display().to_string());
    }
    let none = path.with_file_name("none.csv");
    let error = refused(&of_files(&[&none], &[]));
    assert!(
        matches!(error, LendError::Loans(LoanBookError::Io { .. })),
        "{error}"
    );
    assert_eq!(error.location().unwrap().file, none.display().to_string());
}

/// What was read of the loans that are kept and the settings, not the path or the number of trials.
#[test]
fn trials_belong_to_their_loans_and_settings() {
    let mut file = LoanFile::simulated(600, 5);
    let (_a, path) = file.written();
    let (_b, elsewhere) = file.written();
    assert_ne!(path, elsewhere);
    let identity = |path: &PathBuf, pairs: &[(&str, &str)]| {
        let options = of_files(&[path], pairs);
        read(&options).identity(&options.settings()).unwrap()
    };
    let own = identity(&path, &[]);
    assert_eq!(own, identity(&elsewhere, &[]));
    assert_eq!(own, identity(&path, &[("trials", "9")]));
    for pair in [
        ("train", "151"),
        ("methods", "svm"),
        ("seed", "2"),
        ("returns", "irr"),
        ("term", "60"),
        ("c", "2"),
    ] {
        assert_ne!(own, identity(&path, &[pair]), "{pair:?}");
    }
    // A cent of a kept loan, and of one that is not.
    let options = of_files(&[&path], &[]);
    let kept = read(&options).data.selected().rows.clone();
    let payment = file.column("total_pymnt");
    let left_out = (0..file.rows.len())
        .find(|row| !kept.contains(row))
        .unwrap();
    for (row, changes) in [(left_out, false), (kept[3], true)] {
        let cents: f64 = file.number(row, "total_pymnt") + 0.01;
        file.rows[row][payment] = format!("{cents:.2}");
        let (_c, changed) = file.written();
        assert_eq!(identity(&changed, &[]) != own, changes, "row {row}");
    }
}

#[test]
fn where_the_figures_come_from_is_said_by_input_and_counts() {
    let options = options(&[]);
    let settings = options.settings();
    let input = read(&options);
    let (counts, features) = lend::describe(&input.data, &settings).unwrap();
    let selected = input.data.selected();
    assert_eq!((counts.read, counts.kept), (900, selected.kept()));
    assert_eq!(counts.charged_off, selected.class_counts().positive);
    assert_eq!(counts.kept + counts.dropped.values().sum::<usize>(), 900);
    assert!(
        features
            .not_known_at_listing
            .contains(&"total_pymnt".to_owned())
    );
    assert!(
        features
            .used
            .iter()
            .all(|f| !features.not_known_at_listing.contains(f))
    );
    let record = RunRecord::new("lend".to_owned(), "2026-01-02T03:04:05Z".to_owned(), 2.0);
    let origin = input.provenance(&counts, &features, 3, Some(record.clone()));
    assert_eq!((origin.seed, origin.run.as_ref()), (3, Some(&record)));
    assert_eq!(origin.features, features.used);
    let data = &origin.data;
    assert_eq!((data.rows, data.kept), (counts.read, counts.kept));
    assert_eq!(data.rows, data.kept + data.dropped);
    assert_eq!(data.sha256, input.files[0].sha256);
    assert_eq!(data.snapshot.as_deref(), Some("2014-09"));
    // Of several files none is the digest.
    let file = LoanFile::simulated(300, 5);
    let (_a, a) = file.written();
    let (_b, b) = file.with("id", "").written();
    let input = read(&of_files(&[&a, &b], &[]));
    let of_two = input.provenance(&counts, &features, 3, None).data;
    assert_eq!((of_two.sha256, of_two.files.len()), (None, 2));
}

/// A fee out of nothing that was recovered.
#[test]
fn a_loan_whose_return_is_not_defined_is_located() {
    let mut file = LoanFile::simulated(300, 5);
    let (_folder, path) = file.written();
    let kept = read(&of_files(&[&path], &[])).data.selected().rows.clone();
    let fee = file.column("collection_recovery_fee");
    let row = *kept
        .iter()
        .find(|&&row| file.number(row, "recoveries") == 0.0)
        .unwrap();
    "5".clone_into(&mut file.rows[row][fee]);
    let (_folder, path) = file.written();
    let options = of_files(&[&path], &[]);
    let input = read(&options);
    let error = lend::describe(&input.data, &options.settings()).unwrap_err();
    let place = error.location().unwrap();
    assert_eq!(place.file, path.display().to_string());
    // Below the header, counted from 1.
    assert_eq!(place.line, row as u64 + 2);
    assert!(
        error.to_string().contains("must not exceed the recoveries"),
        "{error}"
    );
    let run = lend::run(&input.data, &options.settings(), "x", &|_| {}).unwrap_err();
    assert_eq!(run.location(), Some(place));
}

#[test]
fn training_loans_that_ended_early_are_said_to_differ() {
    let options = options(&[
        ("simulated_loans", "3000"),
        ("split", "out-of-time"),
        ("test_from", "2010-07"),
    ]);
    let input = read(&options);
    let plan = lend::plan(&input.data, &options.settings()).unwrap();
    let words = plan.split.known_only_in_words().unwrap();
    let known = plan.split.known_only.unwrap();
    let begins = format!(
        "the training loans ended early: of the {} loans issued before 2010-07, {} had ended by then; {:.1} % of",
        known.n_issued,
        known.n_known,
        100.0 * known.default_rate_known
    );
    assert!(words.starts_with(&begins), "{words}");
    let ends = format!(
        "returned {:.2} %, all {:.2} %",
        100.0 * known.return_known,
        100.0 * known.return_issued
    );
    assert!(words.ends_with(&ends), "{words}");
    assert!(known.n_known < known.n_issued);
    assert_eq!(known.n_known, plan.split.train_pool);
    let random = lend::plan(&input.data, &options_random(&options)).unwrap();
    assert_eq!(random.split.known_only_in_words(), None);
}

fn options_random(options: &LendOptions) -> lend::LendSettings {
    let mut settings = options.settings();
    settings.split = lend::Split::Random;
    settings
}

/// Of the training loans of the first trial, by the method whose purchases the report shows.
#[test]
fn the_model_to_keep_is_that_of_the_first_trial() {
    let options = options(&[
        ("methods", "svm,class-cost,iefsvm"),
        ("returns", "annualised"),
        ("trials", "2"),
        ("gamma", "0.01,0.1"),
        ("rank", "forecast"),
    ]);
    let settings = options.settings();
    let input = read(&options);
    let model = model_to_keep(&input.data, &settings, &input.source).unwrap();
    assert_eq!(model.fitted().method(), Some("iefsvm"));
    let trained = model.trained_on();
    assert_eq!((trained.source.as_str(), trained.loans), ("simulated", 150));
    assert_eq!(model.returns(), settings.returns);
    // Stratified: the share of all loans.
    let y = input.data.y();
    let share = y.iter().filter(|y| y.is_positive()).count() as f64 / y.len() as f64;
    assert!((trained.charged_off as f64 - 150.0 * share).abs() <= 1.0);
    // What the trial bought has the decision values of the model, as far as the solver goes; of the next one it has not.
    let Preprocessing::LendingClub(encoding) = model.fitted().preprocessing() else {
        panic!("a model of a table")
    };
    let book = input.data.book();
    let run = lend::run(&input.data, &settings, &input.source, &|_| {}).unwrap();
    let mut same = [Vec::new(), Vec::new()];
    for purchase in run.purchases.iter().filter(|p| p.method == "iefsvm") {
        let id: u64 = purchase.loan.parse().unwrap();
        let row = book.loans().position(|loan| loan.id() == Some(id));
        let x = encoding.encode_rows(book, &[row.unwrap()]).unwrap();
        let decision = model.fitted().decision_function(x.view()).unwrap()[0];
        let apart = (decision - purchase.score.unwrap()).abs();
        same[purchase.trial].push(apart < settings.tuning.tol);
    }
    assert!(same.iter().all(|of_trial| of_trial.len() == 10));
    assert!(same[0].iter().all(|same| *same) && same[1].iter().all(|same| !same));
    // It is read as it was written.
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("model.json");
    model.to_fitted().unwrap().save(&path).unwrap();
    let again = LoanModel::load(&path).unwrap();
    assert_eq!(again.trained_on(), trained);
    let mut broken = settings.clone();
    broken.train = 5;
    let error = model_to_keep(&input.data, &broken, "x").unwrap_err();
    assert!(
        matches!(&error, OnOfferError::Param(e) if e.name == "train"),
        "{error}"
    );
}

/// A method of the caller's own has no name by which a file could be read.
#[test]
fn a_method_of_ones_own_cannot_be_kept() {
    let options = options(&[]);
    let mut settings = options.settings();
    let (c, kernel, solver) = (1.0, Rbf { gamma: 0.02 }, Smo::default());
    let own = Svc { c, kernel, solver };
    settings.methods = vec![Method::learner("own", "my SVM", own)];
    let input = read(&options);
    let error = model_to_keep(&input.data, &settings, "x").unwrap_err();
    let words = "a method of the caller's own, which no file holds";
    assert!(
        matches!(error, OnOfferError::NoForecast { found } if found == words),
        "{error}"
    );
}
