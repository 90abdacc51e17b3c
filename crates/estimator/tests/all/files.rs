//! From a file to decisions and back: tables and loan books, fitted, saved, loaded, read and scored.

use std::fs;
use std::path::Path;

use crate::common::{bits, loan_file, options, overlapping, rows};
use fuzzysvm_core::{Label, MatrixBuf};
use fuzzysvm_datasets::lending_club::Selection;
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_datasets::table::{ScalerKind, TableWarning, TargetUse};
use fuzzysvm_estimator::method::of_samples;
use fuzzysvm_estimator::{
    ApproxSpec, Data, DataOptions, Encode, Estimator, FittedEstimator, KernelName, KernelSpec,
    LoanFileOptions, Method, Model, Preprocessing, SearchSpace, SvmModel, SvmSpec, Warning,
};
use fuzzysvm_kernels::Gamma;
use proptest::prelude::*;
use tempfile::TempDir;

/// 48 borrowers; `home` is text, `default` the target, and every fourth defaults.
fn borrowers() -> String {
    let mut text = "income,home,debt,default\n".to_owned();
    for i in 0..48 {
        let bad = i % 4 == 0;
        let income = 40.0 + 20.0 * (f64::from(i) * 1.3).sin() - if bad { 15.0 } else { 0.0 };
        let debt = 10.0 + 6.0 * (f64::from(i) * 2.1).sin() + if bad { 4.0 } else { 0.0 };
        let home = ["rent", "own", "mortgage"][(i % 3) as usize];
        let default = if bad { "yes" } else { "no" };
        text += &format!("{income:.3},{home},{debt:.3},{default}\n");
    }
    text
}

fn write(folder: &TempDir, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

/// The names of what lies in a folder.
fn listing(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |e: std::io::Result<fs::DirEntry>| e.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_table_is_scored_the_same_after_its_model_was_saved_and_loaded() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "train.csv", &borrowers());
    let data = Data::read(&path, &DataOptions::default()).unwrap();
    assert_eq!(data.class_names(), ["no", "yes"]);
    for name in ["iefsvm", "slack-factor", "cs-rf"] {
        let estimator = Estimator::named(name).unwrap().with_c(5.0);
        let fitted = estimator.fit(&data, None).unwrap();
        let model = folder.path().join("model.json");
        fitted.save(&model).unwrap();
        let loaded = FittedEstimator::load(&model).unwrap();
        assert_eq!(loaded.model(), fitted.model());
        assert_eq!(loaded.preprocessing(), fitted.preprocessing());
        assert_eq!(loaded.method(), Some(name));
        assert_eq!(loaded.parameters(), fitted.parameters());
        assert_eq!(loaded.class_names(), ["no", "yes"]);
        let info = fitted.info().unwrap();
        // Two numbers and three kinds of home.
        assert_eq!((info.n_samples, info.n_features), (48, 5));
        assert!(loaded.info().is_none());

        // In memory, by the fitted one and by the loaded one.
        let x = data.encode(fitted.preprocessing(), None).unwrap();
        let expected = bits(&fitted.decision_function(x.view()).unwrap());
        for estimator in [&fitted, &loaded] {
            let rows = estimator.read_labelled(&path).unwrap();
            assert_eq!(rows.x, x);
            assert_eq!(rows.y.as_deref(), Some(data.y()));
            assert_eq!(rows.numbers, (0..48).collect::<Vec<_>>());
            let found = estimator.decision_function(rows.x.view()).unwrap();
            assert_eq!(bits(&found), expected, "{name}");
        }
        let predicted = loaded.predict(x.view()).unwrap();
        let signs = expected
            .iter()
            .map(|&b| Label::from_sign(f64::from_bits(b)));
        assert!(predicted.into_iter().eq(signs));
    }
}

#[test]
fn a_loaded_model_keeps_columns_scaling_and_categories() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "train.csv", &borrowers());
    let data = Data::read(&path, &DataOptions::default()).unwrap();
    let fit = |scale| {
        let estimator = Estimator::named("efsvm").unwrap().with_gamma(0.1);
        estimator.with_scale(scale).fit(&data, None).unwrap()
    };
    let reload =
        |fitted: FittedEstimator| FittedEstimator::from_text(&fitted.to_json().unwrap()).unwrap();
    let plain = reload(fit(Some(ScalerKind::None)));
    assert_eq!(
        plain.preprocessing().feature_names(),
        ["income", "home=mortgage", "home=own", "home=rent", "debt"]
    );
    // Columns in another order, one more, no target, and a home that was never seen.
    let text = "debt,note,home,income\n12.5,x,own,30\n3,y,castle,55.5\n";
    let new = write(&folder, "new.csv", text);
    let rows = plain.read(&new).unwrap();
    assert_eq!(rows.x.row(0), [30.0, 0.0, 1.0, 0.0, 12.5]);
    assert_eq!(rows.x.row(1), [55.5, 0.0, 0.0, 0.0, 3.0]);
    assert!(rows.y.is_none());
    let [Warning::Table(TableWarning::UnseenCategory { column, text, .. })] =
        rows.warnings.as_slice()
    else {
        panic!("{:?}", rows.warnings)
    };
    assert_eq!((column.as_str(), text.as_str()), ("home", "castle"));

    // The same rows on the scale of the training data.
    let fitted = fit(Some(ScalerKind::MinMax));
    let Preprocessing::Table { scaler, .. } = fitted.preprocessing().clone() else {
        panic!("a table")
    };
    let loaded = reload(fitted);
    let scaled = loaded.read(&new).unwrap();
    assert_eq!(scaled.x, scaler.transform(rows.x.view()).unwrap());
    assert!(loaded.decision_function(scaled.x.view()).is_ok());

    // What the model cannot do without, it names.
    let missing = write(&folder, "missing.csv", "income,home\n1,own\n");
    let error = loaded.read(&missing).unwrap_err().to_string();
    assert!(
        error.contains("missing.csv") && error.contains("\"debt\""),
        "{error}"
    );
    assert!(loaded.read_labelled(&new).is_err());
    let error = loaded.encode_numbers(MatrixBuf::new(vec![1.0, 2.0], 2).unwrap());
    assert!(error.is_err());
}

#[test]
fn loans_are_scored_the_same_after_their_model_was_saved_and_loaded() {
    let folder = TempDir::new().unwrap();
    let path = loan_file(folder.path());
    let options = DataOptions::default().with_selection(Selection::default());
    let data = Data::read(&path, &options).unwrap();
    let Data::Loans(loans) = &data else {
        panic!("a loan book is noticed by its columns")
    };
    assert_eq!(data.class_names(), ["Fully Paid", "Charged Off"]);
    assert!(data.y().len() > 200 && data.y().len() < 700);
    assert_eq!(data.row_numbers(), loans.book_rows(None));
    for scale in [ScalerKind::Standard, ScalerKind::MinMax] {
        let estimator = Estimator::named("iefsvm").unwrap().with_scale(Some(scale));
        let fitted = estimator.fit(&data, None).unwrap();
        let model = folder.path().join("model.json");
        fitted.save(&model).unwrap();
        let loaded = FittedEstimator::load(&model).unwrap();
        assert_eq!(loaded.preprocessing(), fitted.preprocessing());

        let x = data.encode(fitted.preprocessing(), None).unwrap();
        let finished = loaded.read_labelled(&path).unwrap();
        assert_eq!((&finished.x, finished.y.as_deref()), (&x, Some(data.y())));
        assert_eq!(finished.numbers, data.row_numbers());
        let decide =
            |e: &FittedEstimator, x: &MatrixBuf| bits(&e.decision_function(x.view()).unwrap());
        assert_eq!(decide(&loaded, &finished.x), decide(&fitted, &x));

        // Loans on offer: those of the term, whatever became of them, the finished ones among them.
        let offered = loaded.read(&path).unwrap();
        assert!(offered.y.is_none() && offered.numbers.len() >= finished.numbers.len());
        let all = decide(&loaded, &offered.x);
        let place = |row: &usize| offered.numbers.iter().position(|r| r == row).unwrap();
        let same: Vec<u64> = finished.numbers.iter().map(|r| all[place(r)]).collect();
        assert_eq!(same, decide(&fitted, &x));
    }
    // Under other names of columns, which are given, the same file.
    let Preprocessing::LendingClub(encoding) = Estimator::named("svm")
        .unwrap()
        .fit(&data, None)
        .unwrap()
        .preprocessing()
        .clone()
    else {
        panic!("a model of loans")
    };
    let text = fs::read_to_string(&path).unwrap();
    let renamed = text.replacen("loan_amnt", "amount", 1);
    let renamed = write(&folder, "renamed.csv", &renamed);
    let read = |path: &Path, options: &LoanFileOptions| {
        encoding.read_loans(path, TargetUse::Ignored, options)
    };
    let none = LoanFileOptions::default();
    let columns = [("amount".to_owned(), "loan_amnt".to_owned())];
    let named = none
        .clone()
        .with_id(Some("id".to_owned()))
        .with_columns(columns.into());
    let (same, first) = (read(&renamed, &named).unwrap(), read(&path, &none).unwrap());
    assert_eq!((same.rows.x, same.names), (first.rows.x, first.names));
    let refused = read(&renamed, &none).unwrap_err().to_string();
    assert!(refused.contains("loan_amnt"), "{refused}");
    // A model of loans reads no table, and the other way round.
    let table = write(&folder, "table.csv", &borrowers());
    let estimator = Estimator::named("svm").unwrap();
    let of_loans = estimator.fit(&data, None).unwrap();
    assert!(of_loans.read(&table).is_err());
    let data = Data::read(&table, &DataOptions::default()).unwrap();
    assert!(estimator.fit(&data, None).unwrap().read(&path).is_err());
    assert!(data.encode(of_loans.preprocessing(), None).is_err());
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let data = overlapping(24, 1);
    let fitted = Estimator::named("svm").unwrap().fit(&data, None).unwrap();
    let folder = TempDir::new().unwrap();
    let there = folder.path().join("model.json");
    fs::write(&there, "an older model").unwrap();
    fitted.save(&there).unwrap();
    let text = fs::read_to_string(&there).unwrap();
    assert_eq!(text, fitted.to_json().unwrap() + "\n");
    assert_eq!(listing(folder.path()), ["model.json"]);

    // No such folder; a file in place of the folder; a folder in place of the file.
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("kept"), "kept").unwrap();
    for path in [
        folder.path().join("no/such/model.json"),
        there.join("model.json"),
        taken.clone(),
    ] {
        let error = fitted.save(&path).unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
        assert_eq!(listing(folder.path()), ["model.json", "taken"]);
        assert_eq!(listing(&taken), ["kept"]);
        assert_eq!(fs::read_to_string(&there).unwrap(), text);
    }
}

#[cfg(unix)]
#[test]
fn a_folder_without_write_permission_is_named_and_left_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let data = overlapping(24, 1);
    let fitted = Estimator::named("svm").unwrap().fit(&data, None).unwrap();
    let folder = TempDir::new().unwrap();
    let mode = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode));
    mode(0o500).unwrap();
    let path = folder.path().join("model.json");
    let saved = fitted.save(&path);
    mode(0o700).unwrap();
    if saved.is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    let error = saved.unwrap_err().to_string();
    assert!(error.starts_with(&path.display().to_string()), "{error}");
    assert!(listing(folder.path()).is_empty());
}

#[test]
fn what_is_no_model_is_refused_with_file_and_place() {
    let folder = TempDir::new().unwrap();
    let data = overlapping(24, 1);
    let fitted = Estimator::named("efsvm").unwrap().fit(&data, None).unwrap();
    let text = fitted.to_json().unwrap();
    for (name, content, words) in [
        ("empty.json", String::new(), ":1:0: found no whole model"),
        ("cut.json", text[..text.len() / 2].to_owned(), ":1:"),
        ("other.json", "{\"a\":1}".to_owned(), ":1:7:"),
        (
            "edited.json",
            text.replace("\"efsvm\"", "\"iefsvm\""),
            ": the length is",
        ),
        (
            "libsvm.txt",
            "svm_type c_svc\nkernel_type rbf\n".to_owned(),
            ":3: the file ends before the line `SV`",
        ),
    ] {
        let path = write(&folder, name, &content);
        let error = FittedEstimator::load(&path).unwrap_err().to_string();
        let path = path.display().to_string();
        assert!(
            error.starts_with(&path) && error[path.len()..].contains(words),
            "{error}"
        );
    }
    let error = FittedEstimator::load(folder.path().join("none.json")).unwrap_err();
    assert!(error.to_string().contains("none.json"));
    let path = folder.path().join("latin.json");
    fs::write(&path, b"\xe9t\xe9").unwrap();
    let error = FittedEstimator::load(&path).unwrap_err().to_string();
    assert!(error.contains("latin.json"), "{error}");
}

#[test]
fn a_model_of_given_kernel_values_keeps_its_samples() {
    let (x, y) = rows(24, 1);
    let gram = (0..24).flat_map(|i| {
        let x = &x;
        (0..24).map(move |j| {
            let (a, b) = (x.row(i), x.row(j));
            (-0.1 * ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2))).exp()
        })
    });
    let gram = MatrixBuf::new(gram.collect(), 24).unwrap();
    let data = Data::from_matrix(gram.clone(), y.clone()).unwrap();
    let mut svm = SvmSpec::default();
    svm.solver.tol = 1e-9;
    svm.kernel.gamma = Gamma::Value(0.1);
    let of_rows = Estimator::named("svm").unwrap().with_svm(svm.clone());
    svm.kernel.name = KernelName::Precomputed;
    let of_gram = Estimator::named("svm").unwrap().with_svm(svm);
    let fitted = of_gram.fit(&data, None).unwrap();
    let loaded = FittedEstimator::from_text(&fitted.to_json().unwrap()).unwrap();
    let found = loaded.decision_function(gram.view()).unwrap();
    assert_eq!(
        bits(&found),
        bits(&fitted.decision_function(gram.view()).unwrap())
    );
    // And it is the model of these features, up to the tolerance of the solver.
    let of_rows = of_rows.with_scale(Some(ScalerKind::None));
    let data = Data::from_matrix(x.clone(), y).unwrap();
    let of_rows = of_rows.fit(&data, None).unwrap();
    for (a, b) in of_rows
        .decision_function(x.view())
        .unwrap()
        .iter()
        .zip(found)
    {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
    let narrow = MatrixBuf::new(vec![1.0; 3], 3).unwrap();
    assert!(loaded.decision_function(narrow.view()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6) })]

    /// Every method: fitted, written, read, and the same decisions to the last bit.
    #[test]
    fn every_method_decides_alike_after_its_file_was_read(seed in 0u32..1000, n in 40u32..70) {
        let data = overlapping(n, seed);
        let (new, _) = rows(15, seed + 1);
        for method in of_samples() {
            let fitted = Estimator::new(method.settings()).with_seed(u64::from(seed)).fit(&data, None).unwrap();
            let loaded = FittedEstimator::from_text(&fitted.to_json().unwrap()).unwrap();
            let decide = |e: &FittedEstimator| {
                let x = e.encode_numbers(new.clone()).unwrap();
                bits(&e.decision_function(x.view()).unwrap())
            };
            prop_assert_eq!(decide(&loaded), decide(&fitted), "{}", method.name);
            prop_assert_eq!(loaded.to_json().unwrap(), fitted.to_json().unwrap());
            // The file names the strategy, with the parameters in which variants differ.
            let base = Method::named(loaded.method().unwrap()).unwrap();
            prop_assert_eq!(base.entry().unwrap().kind, method.kind);
        }
    }

    /// The same with every candidate of a method's grid, kernels and approximations.
    #[test]
    fn every_kernel_and_approximation_decides_alike_after_its_file_was_read(seed in 0u32..1000) {
        use KernelName::{Laplacian, Linear, Polynomial, Rbf, Sigmoid};
        let data = overlapping(40, seed);
        let (new, _) = rows(15, seed + 1);
        for name in [Linear, Polynomial, Rbf, Sigmoid, Laplacian] {
            for approx in [None, Some(ApproxSpec { components: 20, ..ApproxSpec::default() })] {
                if name == Sigmoid && approx.is_some() {
                    // Not positive semidefinite here, so that there is no Nyström map.
                    continue;
                }
                let kernel = KernelSpec { name, ..KernelSpec::default() };
                let svm = SvmSpec { kernel, approx, ..SvmSpec::default() };
                let fitted = Estimator::named("iefsvm").unwrap().with_svm(svm).fit(&data, None).unwrap();
                let loaded = FittedEstimator::from_text(&fitted.to_json().unwrap()).unwrap();
                let x = loaded.encode_numbers(new.clone()).unwrap();
                prop_assert_eq!(
                    bits(&loaded.decision_function(x.view()).unwrap()),
                    bits(&fitted.decision_function(x.view()).unwrap())
                );
                // LIBSVM's text goes out and in for the kernels that it has.
                if approx.is_none() && name != Laplacian {
                    let imported = FittedEstimator::from_text(&fitted.to_libsvm().unwrap()).unwrap();
                    let again = imported.decision_function(x.view()).unwrap();
                    for (a, b) in again.iter().zip(fitted.decision_function(x.view()).unwrap()) {
                        prop_assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{} {}", a, b);
                    }
                } else {
                    prop_assert!(fitted.to_libsvm().is_err());
                }
            }
        }
    }
}

#[test]
fn every_setting_of_a_grid_is_told_by_its_parameters_in_the_file() {
    let data = overlapping(48, 1);
    for method in of_samples() {
        let Ok(SearchSpace::Memberships(candidates)) =
            Method::from(method).search_space(&options(&[1, 3]))
        else {
            continue;
        };
        for candidate in candidates {
            let estimator = Estimator::new(method.settings());
            let fitted = estimator
                .with_params(&candidate.params)
                .unwrap()
                .fit(&data, None)
                .unwrap();
            for (name, value) in &candidate.params {
                let kept = &fitted.parameters()["membership"][name];
                let kept = kept.as_str().map_or(kept.to_string(), str::to_owned);
                assert_eq!(&kept, value, "{}", method.name);
            }
        }
    }
}

#[test]
fn rows_are_read_with_the_target_where_it_is_asked_for() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "train.csv", &borrowers());
    let options = DataOptions::default().with_target(Some("home".to_owned()));
    // Three homes are no two classes, unless one of them stands against the others.
    assert!(Data::read(&path, &options).is_err());
    let options = options.with_positive(Some("own".to_owned()));
    let data = Data::read(&path, &options).unwrap();
    assert_eq!(data.class_names(), ["not own", "own"]);
    let options = DataOptions::default().with_positive(Some("no".to_owned()));
    let data = Data::read(&path, &options).unwrap();
    assert_eq!(data.class_names(), ["yes", "no"]);
    assert_eq!(data.counts().positive, 36);
    let fitted = Estimator::named("svm").unwrap().fit(&data, None).unwrap();
    let read = |target| fitted.preprocessing().read(&path, target).unwrap();
    assert_eq!(read(TargetUse::Required).y.as_deref(), Some(data.y()));
    assert_eq!(read(TargetUse::Ignored).y, None);
    let error = Data::read(folder.path().join("none.csv"), &options).unwrap_err();
    assert!(error.to_string().contains("none.csv"));
}

/// That the graph decides alike is shown in Python with onnxruntime; here that it is there, and what has none.
#[test]
fn a_graph_holds_names_and_numbers_of_its_model_and_other_models_say_why_they_have_none() {
    let folder = TempDir::new().unwrap();
    let table = write(&folder, "table.csv", &borrowers());
    let data = Data::read(&table, &DataOptions::default()).unwrap();
    let named = |name: &str| Estimator::named(name).unwrap();
    let fitted = named("efsvm").fit(&data, None).unwrap();
    let graph = fitted.to_onnx().unwrap();
    let holds = |bytes: &[u8]| graph.windows(bytes.len()).any(|part| part == bytes);
    for name in [
        "income", "home", "debt", "mortgage", "yes", "no", "label", "score",
    ] {
        assert!(holds(name.as_bytes()), "{name}");
    }
    let Model::Svm(SvmModel::Exact(model)) = fitted.model() else {
        panic!("an exact fit")
    };
    for coef in &model.dual_coef {
        assert!(holds(&coef.to_le_bytes()), "{coef}");
    }
    let forest = named("cs-rf").fit(&data, None).unwrap();
    assert_eq!(
        forest.to_onnx().unwrap_err().to_string(),
        "found a model of cs-rf, expected an SVM: no other model is written as an ONNX graph"
    );
    let mut book = Vec::new();
    let simulated = SimulatedBook {
        n_loans: 400,
        seed: 3,
    };
    simulated.write_to(&mut book).unwrap();
    let book = write(&folder, "loans.csv", &String::from_utf8(book).unwrap());
    let data = Data::read(&book, &DataOptions::default()).unwrap();
    let of_loans = named("svm").fit(&data, None).unwrap();
    assert_eq!(
        of_loans.to_onnx().unwrap_err().to_string(),
        "found a model of loans, expected one of a table: an ONNX graph cannot read Lending Club's columns"
    );
}
