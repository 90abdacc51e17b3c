//! Writes `fuzz/seeds` anew: small files for every target to start from. Run it where a format has changed.
//!
//! ```text
//! cargo run --manifest-path fuzz/Cargo.toml --example seeds
//! ```

use std::error::Error;
use std::fs;
use std::path::Path;

use fuzzysvm::baselines::{BaselineKind, BaselineModelFile};
use fuzzysvm::core::envelope::Description;
use fuzzysvm::core::{Label, Learner as _, MatrixBuf, Parameters as _, Samples};
use fuzzysvm::datasets::lending_club::{LoanBook, ReadOptions, Selection};
use fuzzysvm::datasets::simulated::SimulatedBook;
use fuzzysvm::estimator::method::methods;
use fuzzysvm::estimator::{CalibrationSpec, Data, DataOptions, Estimator, LoanData};
use fuzzysvm::experiments::on_offer::{LoanModel, LoanModelOptions};
use fuzzysvm::kernels::{KernelKind, LandmarkDraw, Laplacian, Linear, Polynomial, Rbf, Sigmoid};
use fuzzysvm::svm::Svc;
use fuzzysvm::svm::approx::{ApproxSvc, Approximation};
use fuzzysvm::svm::model_file::{ApproxModelFile, ModelFile};
use serde_json::Value;

type Done = Result<(), Box<dyn Error>>;

fn put(target: &str, name: &str, content: impl AsRef<[u8]>) -> Done {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), content)?)
}

fn main() -> Done {
    tables()?;
    loans()?;
    models()?;
    estimators()?;
    flags()?;
    results()?;
    problems()
}

fn tables() -> Done {
    put(
        "csv",
        "numbers.csv",
        "a,b,class\n1,2.5,x\n-3e2,.5,y\n0,1,x\n",
    )?;
    put(
        "csv",
        "words.csv",
        "\u{feff}id;Größe;seit;class\r\n1;\"1,5\";2012-01-31;ja\r\n2;\"a;\"\"b\";2013-02-01;nein\r\n3;;NA;ja\r\n",
    )?;
    put("csv", "tabs.tsv", "1\t2\t-1\n3\t4\t1\n5\t6\t1\n")?;
    put(
        "keel",
        "plain.dat",
        "@relation r\n@attribute a real [0,9]\n@attribute b {u,v}\n@attribute class {p,n}\n@inputs a,b\n@outputs class\n\
         @data\n1.5,u,p\n2,v,n\n?,u,n\n",
    )?;
    put(
        "keel",
        "sparse.arff",
        "% c\n@RELATION r\n@ATTRIBUTE a NUMERIC\n@ATTRIBUTE 'b c' INTEGER\n@ATTRIBUTE class {p,n}\n@DATA\n\
         {0 1.5,2 n},{2}\n{1 3},{0.5}\n{}\n",
    )?;
    put("libsvm", "one.libsvm", "+1 1:0.5 3:2\n-1 2:1e-3 # c\n+1\n")?;
    put("libsvm", "zero.libsvm", "2 0:1 1:2\n1 0:3 1:-4\n")?;
    put("batches", "rows.csv", "c,b,a\nu,1,2\nv,3e1,4\n,5,.5\n")?;
    put(
        "batches",
        "more.csv",
        "a,b,c,y\r\n1,2,w,p\r\n\"3\",NA,\"u\",n\r\n",
    )?;
    // What pandas and pyarrow wrote.
    let written = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/datasets/tests/parquet");
    for name in ["dates", "delta", "empty", "missing", "missing-v2", "types"] {
        let name = format!("{name}.parquet");
        put("parquet", &name, fs::read(written.join(&name))?)?;
    }
    put("weights", "ones.txt", "1\n0.5\n0\n1e-310\n\n")?;
    put(
        "weights",
        "utf-16.txt",
        [0xff, 0xfe, b'1', 0, b'\n', 0, b'2', 0],
    )
}

/// The columns that are read, of a file of Lending Club's.
const SHORT: &str = "\
Notes offered by Prospectus (https://www.lendingclub.com/info/prospectus.action)
loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee,desc,purpose,dti,application_type,\
earliest_cr_line
Fully Paid, 36 months,10.65%,Dec-2011,5000,5863.15,0,\"debts,
\"\"all\"\"\",car,12.5,INDIVIDUAL,Jan-99
Charged Off, 36 months,15.27%,Dec-2011,2500,1014.53,1.11,,other,1,INDIVIDUAL,Apr-99
Does not meet the credit policy. Status:Fully Paid, 60 months,\" 7.9%\",Nov-2011,1000,1100,0,,\"house\",,JOINT,Nov-01

Total amount funded in policy code 1: 8500,,,,,,,,,,,
";

fn loans() -> Done {
    put("lending_club", "short.csv", SHORT)?;
    let mut whole = Vec::new();
    let book = SimulatedBook {
        n_loans: 2,
        seed: 1,
    };
    book.write_to(&mut whole)?;
    put("lending_club", "whole.csv", whole)
}

/// Twelve points in two overlapping clouds.
fn samples() -> Result<(MatrixBuf, Vec<Label>), Box<dyn Error>> {
    let point = |i: usize| {
        let (a, b) = ((i * 7 % 11) as f64, (i * 5 % 13) as f64);
        [a / 4.0 + if i % 3 == 0 { 1.5 } else { 0.0 }, b / 8.0]
    };
    let label = |i: usize| match i % 3 {
        0 => Label::Positive,
        _ => Label::Negative,
    };
    let x: Vec<f64> = (0..12).flat_map(point).collect();
    Ok((MatrixBuf::new(x, 2)?, (0..12).map(label).collect()))
}

fn description() -> Description {
    Description {
        method: Some("efsvm".into()),
        parameters: serde_json::json!({"k": "7"}),
        class_names: Some(["paid".into(), "charged off".into()]),
        feature_names: Some(vec!["amount".into(), "dti".into()]),
        preprocessing: Value::Null,
        metadata: serde_json::json!({"n": 12}),
    }
}

fn models() -> Done {
    let (x, y) = samples()?;
    let train = Samples::new(x.view(), &y)?;
    let polynomial = Polynomial {
        degree: 2,
        gamma: 0.5,
        coef0: 1.0,
    };
    let sigmoid = Sigmoid {
        gamma: 0.1,
        coef0: -0.5,
    };
    let kernels: [KernelKind; 5] = [
        Linear.into(),
        Rbf { gamma: 0.7 }.into(),
        Laplacian { gamma: 0.2 }.into(),
        polynomial.into(),
        sigmoid.into(),
    ];
    for kernel in kernels {
        let name = kernel.name();
        let svc = Svc {
            c: 3.0,
            kernel,
            ..Svc::default()
        };
        let model = svc.fit(train, None)?;
        if name != "laplacian" {
            put("libsvm_model", &format!("{name}.txt"), model.to_libsvm()?)?;
        }
        let description = description();
        put(
            "model_json",
            &format!("{name}.json"),
            ModelFile { model, description }.to_json()?,
        )?;
    }
    let nystrom = Approximation::Nystrom {
        landmarks: LandmarkDraw::default(),
    };
    for (name, map) in [("nystrom", nystrom), ("rff", Approximation::Fourier)] {
        let svc = ApproxSvc {
            kernel: Rbf { gamma: 0.7 }.into(),
            approximation: map,
            components: 4,
            ..ApproxSvc::default()
        };
        let model = svc.fit(train, None)?;
        let description = description();
        put(
            "approx_model_json",
            &format!("{name}.json"),
            ApproxModelFile { model, description }.to_json()?,
        )?;
    }
    for mut baseline in BaselineKind::all() {
        for (name, value) in FEW {
            let _ = baseline.set_param(name, value);
        }
        let name = format!("{}.json", baseline.name());
        let model = baseline.fit(train, None)?;
        let description = description();
        let file = BaselineModelFile { model, description };
        put("baseline_json", &name, file.to_json()?)?;
    }
    Ok(())
}

/// What makes a model small.
const FEW: [(&str, &str); 3] = [("n_estimators", "2"), ("n_hidden", "3"), ("max_depth", "2")];

fn estimators() -> Done {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("train.csv");
    let mut table = "amount,purpose,class\n".to_owned();
    for i in 0..24 {
        let (purpose, class) = (
            ["car", "house", "other"][i % 3],
            ["no", "yes"][usize::from(i % 4 == 0)],
        );
        table += &format!("{},{purpose},{class}\n", i * 7 % 24);
    }
    fs::write(&path, table)?;
    let data = Data::read(&path, &DataOptions::default())?;
    let calibrated = Estimator::named("class-cost")?
        .with_calibration(Some(CalibrationSpec::default().with_folds(2)));
    put(
        "estimator_file",
        "calibrated.json",
        calibrated.fit(&data, None)?.to_json()?,
    )?;
    let forest = Estimator::named("cs-rf")?.with_params(&[("n_estimators".into(), "2".into())])?;
    put(
        "estimator_file",
        "forest.json",
        forest.fit(&data, None)?.to_json()?,
    )?;
    let plain = Estimator::named("svm")?.fit(&data, None)?;
    put("estimator_file", "svm.json", plain.to_json()?)?;

    let mut csv = Vec::new();
    let book = SimulatedBook {
        n_loans: 120,
        seed: 1,
    };
    book.write_to(&mut csv)?;
    let options = ReadOptions {
        features: ["annual_inc", "dti", "purpose"].map(str::to_owned).to_vec(),
        ..ReadOptions::default()
    };
    let book = LoanBook::from_reader(csv.as_slice(), options)?;
    let loans = LoanData::new(book, &Selection::default());
    let boosting = Estimator::named("cs-adaboost")?
        .with_params(&[("n_estimators".into(), "2".into())])?
        .with_calibration(Some(CalibrationSpec::default().with_folds(2)));
    let data = Data::Loans(Box::new(loans));
    let fitted = boosting.fit(&data, None)?;
    let Data::Loans(loans) = &data else {
        unreachable!("they are loans");
    };
    let model = LoanModel::fit(fitted, loans, &LoanModelOptions::default())?;
    put("loan_model", "boosting.json", model.to_fitted()?.to_json()?)
}

fn flags() -> Done {
    for (name, text) in [
        ("power", "2^-8"),
        ("size", "512M"),
        ("month", "2012-03"),
        ("quarter", "2009Q3"),
        ("rule", "mean-variance=2.5"),
        ("gamma", "scale"),
    ] {
        put("flags", name, text)?;
    }
    for method in methods() {
        let lines = method.settings().get_params().into_iter();
        let lines = lines.map(|(name, value)| format!("\n{name}={value}"));
        put(
            "flags",
            method.name,
            method.name.to_owned() + &lines.collect::<String>(),
        )?;
    }
    Ok(())
}

/// The same with the first two entries of every list.
fn cut(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.truncate(2);
            list.iter_mut().for_each(cut);
        }
        Value::Object(fields) => fields.values_mut().for_each(cut),
        _ => {}
    }
}

fn results() -> Done {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/report/tests/data");
    for name in ["compare.json", "lend.json", "walk-forward.json"] {
        let mut results: Value = serde_json::from_str(&fs::read_to_string(data.join(name))?)?;
        cut(&mut results);
        put("results_json", name, results.to_string())?;
    }
    Ok(())
}

/// A byte is a choice: see `fuzz/src/supply.rs`.
fn problems() -> Done {
    for i in 0..6_u8 {
        let choices =
            (0..60_u8).map(|j| j.wrapping_mul(37).wrapping_add(i.wrapping_mul(101)) ^ (j >> 2));
        put("fit", &format!("{i}"), choices.collect::<Vec<u8>>())?;
    }
    for i in 0..24_u8 {
        let choices = (0..50_u8).map(|j| match j {
            0 => i,
            _ => j.wrapping_mul(59).wrapping_add(i.wrapping_mul(83)) ^ (j >> 1),
        });
        put(
            "fit_method",
            &format!("{i:02}"),
            choices.collect::<Vec<u8>>(),
        )?;
    }
    Ok(())
}
