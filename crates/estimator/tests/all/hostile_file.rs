//! Model files that were changed: refused with a typed error, or a whole model that decides and is written back.

use crate::common::overlapping;
use fuzzysvm_calibration::CalibratorKind;
use fuzzysvm_core::MatrixBuf;
use fuzzysvm_core::envelope::EnvelopeError;
use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_datasets::table::{self, Format};
use fuzzysvm_estimator::{
    ApproxSpec, CalibrationSpec, Data, Estimator, EstimatorError, FittedEstimator, LoanData,
    Preprocessing,
};
use fuzzysvm_svm::model_file::ModelFileError;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Reads a text, with length and checksum set right, so that the checks behind them are reached.
fn read_resealed(text: &str) -> Result<FittedEstimator, EstimatorError> {
    let mut text = text.to_owned();
    for _ in 0..2 {
        let found = FittedEstimator::from_text(&text);
        let envelope = match &found {
            Err(
                EstimatorError::Envelope(e)
                | EstimatorError::ModelFile(ModelFileError::Envelope(e)),
            ) => e,
            _ => return found,
        };
        text = match envelope {
            EnvelopeError::Length { found, computed } => {
                let field = |n: &u64| format!("\"length\":{n}");
                text.replacen(&field(found), &field(computed), 1)
            }
            EnvelopeError::Checksum { found, computed } if !found.is_empty() => {
                text.replacen(found, computed, 1)
            }
            _ => return found,
        };
    }
    FittedEstimator::from_text(&text)
}

/// Files of every kind: SVM, approximation, baseline; numbers, a table with text columns, loans.
fn files() -> Vec<String> {
    let numbers = overlapping(24, 1);
    let mut table = "income,home,default\n".to_owned();
    for i in 0..30 {
        let home = ["rent", "own", "mortgage"][(i * 7 % 3) as usize];
        let default = if i % 5 == 0 { "yes" } else { "no" };
        table += &format!("{},{home},{default}\n", (i * 37) % 50);
    }
    let table = table::read_bytes(
        "t.csv",
        Format::Csv,
        table.as_bytes(),
        &table::ReadOptions::default(),
    );
    let table = Data::Table(Box::new(table.unwrap()));
    let mut book = Vec::new();
    let simulated = SimulatedBook {
        n_loans: 60,
        seed: 3,
    };
    simulated.write_to(&mut book).unwrap();
    let book = LoanBook::from_reader(book.as_slice(), ReadOptions::default()).unwrap();
    let loans = Data::Loans(Box::new(LoanData::new(book, &Selection::default())));
    let fit = |name: &str, data: &Data| {
        let mut estimator = Estimator::named(name).unwrap();
        if name == "fsvm" {
            let components = 6;
            estimator.svm.approx = Some(ApproxSpec {
                components,
                ..ApproxSpec::default()
            });
        }
        if name == "easy-ensemble" || name == "cs-rf" {
            let few = ("n_estimators".to_owned(), "2".to_owned());
            estimator = estimator.with_params(&[few]).unwrap();
        }
        estimator.fit(data, None).unwrap().to_json().unwrap()
    };
    let calibrated = |method: CalibratorKind| {
        let spec = CalibrationSpec::default().with_method(method);
        let estimator = Estimator::named("class-cost").unwrap();
        let fitted = estimator.with_calibration(Some(spec)).fit(&numbers, None);
        fitted.unwrap().to_json().unwrap()
    };
    vec![
        calibrated(CalibratorKind::Sigmoid),
        calibrated(CalibratorKind::Isotonic),
        fit("efsvm", &numbers),
        fit("fsvm", &numbers),
        fit("svm", &table),
        fit("cs-rf", &table),
        fit("easy-ensemble", &numbers),
        fit("class-cost", &loans),
    ]
}

/// One or two small changes: a byte, a digit, a stretch cut out or doubled, a number replaced.
fn changed(text: &str, rng: &mut ChaCha8Rng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..rng.random_range(1..3) {
        let at = rng.random_range(0..bytes.len());
        match rng.random_range(0..5) {
            0 => bytes[at] = rng.random_range(32..127),
            1 => {
                let digit = bytes[at..].iter().position(u8::is_ascii_digit);
                if let Some(ahead) = digit {
                    bytes[at + ahead] = rng.random_range(b'0'..=b'9');
                }
            }
            2 => {
                let end = (at + rng.random_range(1..20)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let end = (at + rng.random_range(1..20)).min(bytes.len());
                let stretch = bytes[at..end].to_vec();
                bytes.splice(at..at, stretch);
            }
            _ => {
                let values: [&[u8]; 6] = [b"1e308", b"-1", b"0", b"null", b"99999999999", b"\"a\""];
                let value = values[rng.random_range(0..values.len())];
                let is_number = |b: &u8| b.is_ascii_digit() || b"-.e".contains(b);
                if let Some(ahead) = bytes[at..].iter().position(u8::is_ascii_digit) {
                    let start = at + ahead;
                    let n = bytes[start..].iter().take_while(|b| is_number(b)).count();
                    bytes.splice(start..start + n, value.iter().copied());
                }
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_changed_file_is_refused_or_holds_a_whole_model() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut whole = 0;
    for text in files() {
        assert!(read_resealed(&text).is_ok());
        // Long files take longer.
        let tries = (4_000_000 / text.len()).clamp(100, 600);
        for _ in 0..tries {
            let text = changed(&text, &mut rng);
            let Ok(fitted) = read_resealed(&text) else {
                continue;
            };
            whole += 1;
            let width = fitted.preprocessing().n_features();
            let rows = MatrixBuf::new(vec![0.5; 2 * width], width).unwrap();
            if let Preprocessing::Table { .. } = fitted.preprocessing() {
                let _ = fitted.encode_numbers(rows.clone());
            }
            if let Ok(decisions) = fitted.decision_function(rows.view()) {
                assert_eq!(decisions.len(), 2);
            }
            let [negative, positive] = fitted.class_names();
            assert_ne!(negative, positive);
            let written = fitted.to_json().expect("what was read can be written");
            let again = FittedEstimator::from_text(&written).expect("and read again");
            assert_eq!(again.model(), fitted.model());
            assert_eq!(again.preprocessing(), fitted.preprocessing());
        }
    } // Both happens.
    assert!(whole > 100, "{whole}");
}
