//! Missing values between a file and a decision.

use std::fs;

use fuzzysvm_datasets::table::{Missing, ReadOptions, ScalerKind};
use fuzzysvm_estimator::{
    Data, DataOptions, Encode as _, EncodedFold, Estimator, FittedEstimator, Preprocessing,
};
use fuzzysvm_evaluation::Fold;

/// Twenty rows; `a` misses rows 3 and 17, `b` misses row 18.
fn file() -> String {
    let mut text = "a,b,t,y\n".to_owned();
    for i in 0..20_u32 {
        let a = if matches!(i, 3 | 17) {
            "NA".into()
        } else {
            (i * 7 % 20).to_string()
        };
        let b = if i == 18 {
            String::new()
        } else {
            (i * i % 11).to_string()
        };
        text += &format!(
            "{a},{b},{},{}\n",
            ["u", "v", "?"][i as usize % 3],
            i % 4 / 3
        );
    }
    text
}

fn read(text: &str, options: ReadOptions) -> Data {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    fs::write(&path, text).unwrap();
    Data::read(&path, &DataOptions::default().with_table(options)).unwrap()
}

#[test]
fn a_fold_learns_medians_and_indicators_from_its_training_rows() {
    let data = read(&file(), ReadOptions::default());
    let fold = Fold {
        train: (0..16).collect(),
        test: (16..20).collect(),
    };
    let encoded = EncodedFold::new(&data, None, &fold, ScalerKind::None).unwrap();
    // Row 3 alone is missing in the training part, so `b` has no indicator.
    assert_eq!(
        encoded.preprocessing.feature_names(),
        ["a", "b", "t=u", "t=v", "a_missing"]
    );
    let mut known: Vec<f64> = (0..16_u32)
        .filter(|&i| i != 3)
        .map(|i| f64::from(i * 7 % 20))
        .collect();
    known.sort_by(f64::total_cmp);
    let a = known[7];
    let mut known: Vec<f64> = (0..16_u32).map(|i| f64::from(i * i % 11)).collect();
    known.sort_by(f64::total_cmp);
    let b = (known[7] + known[8]) / 2.0;
    assert_eq!(encoded.x_train.row(3), [a, 9.0, 1.0, 0.0, 1.0]);
    assert_eq!(
        encoded.x_valid.row(1),
        [a, f64::from(17 * 17 % 11), 0.0, 0.0, 1.0]
    );
    assert_eq!(
        encoded.x_valid.row(2),
        [f64::from(18 * 7 % 20), b, 1.0, 0.0, 0.0]
    );
    // What stands in a row that is tested does not matter.
    let text = file();
    let (others, last) = text.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(last, "13,9,v,1");
    let other = read(&format!("{others}\n-500,900,v,1\n"), ReadOptions::default());
    let twin = EncodedFold::new(&other, None, &fold, ScalerKind::None).unwrap();
    assert_eq!(twin.preprocessing, encoded.preprocessing);
}

#[test]
fn a_model_keeps_the_rule_and_files_without_it_are_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    fs::write(&path, file()).unwrap();
    let fit = |data: &Data| {
        let estimator = Estimator::named("class-cost").unwrap().with_gamma(0.2);
        let fitted = estimator.fit(data, None).unwrap();
        let text = fitted.to_json().unwrap();
        (fitted, FittedEstimator::from_text(&text).unwrap(), text)
    };
    let data = Data::read(&path, &DataOptions::default()).unwrap();
    let (fitted, loaded, text) = fit(&data);
    assert_eq!(loaded.preprocessing(), fitted.preprocessing());
    let rows = loaded.read(&path).unwrap();
    assert_eq!(rows.x, data.encode(fitted.preprocessing(), None).unwrap());
    assert!(text.contains("\"imputer\":{\"features\":[0,1]"), "{text}");
    let damaged = text.replace("\"indicators\":[0,1]", "\"indicators\":[0,7]");
    assert_ne!(damaged, text);
    assert!(FittedEstimator::from_text(&damaged).is_err());

    // Complete rows, none of which may miss a value: no trace of a rule.
    let complete = file()
        .replace("NA", "1")
        .replace(",,", ",2,")
        .replace('?', "w");
    let refuse = ReadOptions::default().with_missing(Missing::Refuse);
    let (strict, _, text) = fit(&read(&complete, refuse));
    assert!(
        !text.contains("imputer") && !text.contains("reading"),
        "{text}"
    );
    assert!(strict.read(&path).is_err());
    // The same decisions as with a rule that nothing needs.
    let (lenient, ..) = fit(&read(&complete, ReadOptions::default()));
    let Preprocessing::Table { scaler, .. } = strict.preprocessing() else {
        panic!("a table")
    };
    let Preprocessing::Table { scaler: same, .. } = lenient.preprocessing() else {
        panic!("a table")
    };
    assert_eq!(scaler, same);
    assert_eq!(strict.model(), lenient.model());
}
