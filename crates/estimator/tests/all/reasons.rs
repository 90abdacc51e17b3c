//! Reasons: contributions and deletion tests against numbers worked by hand, and laws that hold for any model.

use fuzzysvm_core::{Classifier, Label, Matrix, MatrixBuf, PredictError, Samples};
use fuzzysvm_datasets::lending_club::{LoanBook, ReadOptions, Selection};
use fuzzysvm_datasets::simulated::SimulatedBook;
use fuzzysvm_estimator::reasons::{FeatureGroups, Reasons, ReferenceRow, neighbor_counts};
use fuzzysvm_estimator::{
    Data, DataOptions, Encode, Estimator, FittedEstimator, LoanData, SvmSpec,
};
use proptest::prelude::*;

use Label::{Negative as N, Positive as P};

/// f(x) = w·x + pair · x_0 x_1
struct Known {
    w: Vec<f64>,
    pair: f64,
}

impl Classifier for Known {
    fn n_features(&self) -> usize {
        self.w.len()
    }
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let score = |row: &[f64]| {
            let linear: f64 = row.iter().zip(&self.w).map(|(x, w)| w * x).sum();
            linear + self.pair * row[0] * row[1]
        };
        Ok(x.rows().map(score).collect())
    }
}

fn numbers(n: usize) -> FeatureGroups {
    FeatureGroups::of_numbers((0..n).map(|i| format!("x{i}")))
}

/// A linear model by hand: r = (1, 0, 2, 0), w = (2, −3, 0, 0.5).
#[test]
fn contributions_of_a_linear_model_are_weights_times_differences() {
    let model = Known {
        w: vec![2.0, -3.0, 0.0, 0.5],
        pair: 0.0,
    };
    let reference = ReferenceRow::of_row(vec![1.0, 0.0, 2.0, 0.0]).unwrap();
    let groups = numbers(4);
    let reasons = Reasons::new(&model, &reference, &groups).unwrap();
    // Differences (2, 1, 5, 0): contributions (4, −3, 0, 0).
    let x = [3.0, 1.0, 7.0, 0.0, 1.0, 0.0, 2.0, 8.0];
    let x = Matrix::new(&x, 4).unwrap();
    let found = reasons.contributions(x).unwrap();
    assert_eq!(found, [[4.0, -3.0, 0.0, 0.0], [0.0, 0.0, 0.0, 4.0]]);
    let named = |row: usize| -> Vec<(usize, f64)> {
        let of_row = &reasons.of(x, 4).unwrap()[row];
        of_row.iter().map(|r| (r.feature, r.contribution)).collect()
    };
    assert_eq!(named(0), [(0, 4.0), (1, -3.0)]);
    assert_eq!(named(1), [(3, 4.0)]);
    assert_eq!(reasons.of(x, 1).unwrap()[0].len(), 1);
}

/// Contributions 6, −3, 1: in their order the movement is 6/10, 9/10, 1, and its area (0.6 + 0.9 + 1)/3. Over all orders
/// of three the mean share after s steps is s/3.
#[test]
fn the_deletion_test_of_a_linear_model_is_known() {
    let model = Known {
        w: vec![6.0, 1.0, -3.0],
        pair: 0.0,
    };
    let reference = ReferenceRow::of_row(vec![0.0; 3]).unwrap();
    let groups = numbers(3);
    let reasons = Reasons::new(&model, &reference, &groups).unwrap();
    let x: Vec<f64> = vec![1.0; 3 * 700];
    let x = Matrix::new(&x, 3).unwrap();
    let found = reasons.deletion_test(x, 1).unwrap().unwrap();
    assert_eq!((found.n, found.orders, found.unexplained), (700, 5, 0.0));
    for (share, by_hand) in found.by_reasons.iter().zip([0.6, 0.9, 1.0]) {
        assert!((share - by_hand).abs() < 1e-12);
    }
    assert!((found.area - 2.5 / 3.0).abs() < 1e-12);
    // 3,500 orders; the sd of a share is below 0.4.
    for (share, by_hand) in found.random.iter().zip([1.0 / 3.0, 2.0 / 3.0, 1.0]) {
        assert!(
            (share - by_hand).abs() < 3.0 * 0.4 / 3500f64.sqrt(),
            "{found:?}"
        );
    }
    assert!((found.difference - (found.area - found.area_random)).abs() < 1e-12);
    let [low, high] = found.interval.unwrap();
    assert!(low < found.difference && found.difference < high && low > 0.1);
}

/// Features that act together: f = x0 x1 and r = 0, so each alone takes away all of f(1, 1) = 1, the sum of both is 2.
#[test]
fn what_does_not_add_up_is_measured() {
    let model = Known {
        w: vec![0.0; 2],
        pair: 1.0,
    };
    let reference = ReferenceRow::of_row(vec![0.0; 2]).unwrap();
    let groups = numbers(2);
    let reasons = Reasons::new(&model, &reference, &groups).unwrap();
    let found = reasons.deletion_test(Matrix::new(&[1.0, 1.0], 2).unwrap(), 1);
    let found = found.unwrap().unwrap();
    assert_eq!(found.unexplained, 0.5);
    assert_eq!(found.by_reasons, [1.0, 1.0]);
    assert_eq!((found.difference, found.interval), (0.0, None));
}

#[test]
fn rows_that_tell_nothing_are_left_out() {
    let model = Known {
        w: vec![1.0, 1.0, 0.0],
        pair: 0.0,
    };
    let reference = ReferenceRow::of_row(vec![0.0; 3]).unwrap();
    let groups = numbers(3);
    let reasons = Reasons::new(&model, &reference, &groups).unwrap();
    // The reference itself, one feature alone, and one that moves by features 0 and 1.
    let x = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 2.0, 1.0, 0.0];
    let test = |x: &[f64]| {
        reasons
            .deletion_test(Matrix::new(x, 3).unwrap(), 1)
            .unwrap()
    };
    assert_eq!(test(&x).unwrap().n, 1);
    assert!(test(&x[..6]).is_none());
    assert!(test(&[]).is_none());
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let model = Known {
        w: vec![1.0; 2],
        pair: 0.0,
    };
    let (two, three) = (numbers(2), numbers(3));
    let of = |n: usize| ReferenceRow::of_row(vec![0.0; n]).unwrap();
    assert!(Reasons::new(&model, &of(3), &two).is_err());
    assert!(Reasons::new(&model, &of(3), &three).is_err());
    let reference = of(2);
    let reasons = Reasons::new(&model, &reference, &two).unwrap();
    let x = Matrix::new(&[0.0; 3], 3).unwrap();
    assert!(reasons.of(x, 1).is_err() && reasons.deletion_test(x, 1).is_err());
}

proptest! {
    /// A row's reasons depend on that row alone, what the model does not use is no reason, and more than a block of rows
    /// is as its parts.
    #[test]
    fn rows_are_explained_one_by_one(
        w in prop::collection::vec(prop::sample::select(vec![-2.0, -0.5, 0.0, 1.0]), 5),
        cells in prop::collection::vec(-3i8..4, 5..200),
        shift in 0usize..40,
    ) {
        let unused: Vec<usize> = (2..5).filter(|&j| w[j] == 0.0).collect();
        let model = Known { w, pair: 0.25 };
        let reference = ReferenceRow::of_row(vec![1.0, 0.0, -1.0, 0.0, 2.0]).unwrap();
        let groups = numbers(5);
        let reasons = Reasons::new(&model, &reference, &groups).unwrap();
        let n = cells.len() / 5;
        let data: Vec<f64> = cells[..5 * n].iter().map(|&c| f64::from(c)).collect();
        let x = Matrix::new(&data, 5).unwrap();
        let found = reasons.of(x, 4).unwrap();
        let order: Vec<usize> = (0..n).map(|i| (i + shift) % n).collect();
        let moved = x.select_rows(&order);
        let of_moved = reasons.of(moved.view(), 4).unwrap();
        for (place, &row) in order.iter().enumerate() {
            prop_assert_eq!(&of_moved[place], &found[row]);
        }
        for reason in found.iter().flatten() {
            prop_assert!(!unused.contains(&reason.feature) && reason.contribution != 0.0);
        }
        for of_row in &found {
            prop_assert!(of_row.windows(2).all(|w| w[0].contribution.abs() >= w[1].contribution.abs()));
        }
        let times = 600 / n + 1;
        let many: Vec<f64> = data.iter().copied().cycle().take(data.len() * times).collect();
        let of_many = reasons.of(Matrix::new(&many, 5).unwrap(), 4).unwrap();
        prop_assert!(of_many.chunks(n).all(|part| part == found.as_slice()));
    }
}

const TABLE: &str = "home,age,income,y\nrent,20,,1\nown,30,10,0\nrent,40,,0\nrent,50,,0\nown,60,30,0\nother,70,,0\nown,80,50,1\n";

fn table() -> Data {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, TABLE).unwrap();
    Data::read(&path, &DataOptions::default()).unwrap()
}

fn fitted(data: &Data) -> FittedEstimator {
    let estimator = Estimator::named("class-cost")
        .unwrap()
        .with_c(4.0)
        .with_gamma(0.2);
    estimator.fit(data, None).unwrap()
}

/// Of the five rows of class 0 homes are own, rent, rent, own, other; three of five miss the income; the ages are 30 to 70.
#[test]
fn the_typical_row_has_values_of_its_class() {
    let data = table();
    let model = fitted(&data);
    let groups = FeatureGroups::of(model.preprocessing());
    let names: Vec<&str> = (0..groups.len()).map(|j| groups.name(j).unwrap()).collect();
    assert_eq!(names, ["home", "age", "income"]);
    let x = data.encode(model.preprocessing(), None).unwrap();
    let reference = ReferenceRow::typical(x.view(), data.y(), N, &groups).unwrap();
    let word = |j| {
        model
            .preprocessing()
            .value_of(j, reference.row())
            .unwrap()
            .to_string()
    };
    // own and rent are equally many: own is the first column.
    assert_eq!([word(0), word(1), word(2)], ["own", "50", "missing"]);
    let reasons = Reasons::new(model.model(), &reference, &groups).unwrap();
    let first = reasons.of(x.view(), 3).unwrap();
    let words: Vec<String> = first[0]
        .iter()
        .map(|r| {
            model
                .preprocessing()
                .reason_in_words(r, x.row(0), &reference)
                .unwrap()
        })
        .collect();
    // The first row has no income either, so that is no reason.
    assert_eq!(words.len(), 2);
    assert!(
        words
            .iter()
            .any(|w| w.starts_with("age 20 (typical 50): towards ")),
        "{words:?}"
    );
    assert!(
        words
            .iter()
            .any(|w| w.starts_with("home rent (typical own): towards ")),
        "{words:?}"
    );
}

fn loans() -> LoanData {
    let mut file = Vec::new();
    let simulated = SimulatedBook {
        n_loans: 600,
        seed: 4,
    };
    simulated.write_to(&mut file).unwrap();
    let book = LoanBook::from_reader(file.as_slice(), ReadOptions::default()).unwrap();
    LoanData::new(book, &Selection::default())
}

#[test]
fn reasons_of_loans_speak_of_their_features_in_units_of_the_file() {
    let loans = loans();
    let data = Data::Loans(Box::new(loans.clone()));
    let estimator = Estimator::named("iefsvm")
        .unwrap()
        .with_c(1.0)
        .with_gamma(0.02);
    let model = estimator.fit(&data, None).unwrap();
    let groups = FeatureGroups::of(model.preprocessing());
    let x = loans.encode(model.preprocessing(), None).unwrap();
    let reference = ReferenceRow::typical(x.view(), loans.y(), N, &groups).unwrap();
    let reasons = Reasons::new(model.model(), &reference, &groups).unwrap();
    let block = x.view().slice_rows(0, 30);
    let found = reasons.of(block, 4).unwrap();
    for (row, of_row) in block.rows().zip(&found) {
        assert_eq!(of_row.len(), 4);
        for reason in of_row {
            let words = model
                .preprocessing()
                .reason_in_words(reason, row, &reference)
                .unwrap();
            let end = if reason.contribution > 0.0 {
                "default"
            } else {
                "paid"
            };
            assert!(words.ends_with(&format!("): towards {end}")), "{words}");
        }
    }
    // Interest rates are in per cent, and the median of the paid loans is that of their book.
    let place = (0..groups.len())
        .find(|&j| groups.name(j) == Some("int_rate"))
        .unwrap();
    let word = model
        .preprocessing()
        .value_of(place, reference.row())
        .unwrap()
        .to_string();
    let paid = |i: &usize| loans.y()[*i] == N;
    let rows = loans.book_rows(Some(&(0..loans.y().len()).filter(paid).collect::<Vec<_>>()));
    let mut rates: Vec<f64> = rows
        .iter()
        .map(|&row| loans.book().loan(row).int_rate())
        .collect();
    rates.sort_by(f64::total_cmp);
    let median = 100.0 * rates[(rates.len() - 1) / 2];
    assert_eq!(word, format!("{} %", (100.0 * median).round() / 100.0));
    // Every loan is its own nearest training loan.
    let train = Samples::new(x.view(), loans.y()).unwrap();
    let counts = neighbor_counts(train, block, &[1, 3, 15]).unwrap();
    for (of_row, label) in counts.iter().zip(loans.y()) {
        assert_eq!(of_row[0].positive, usize::from(*label == P));
        assert!(of_row.iter().all(|c| c.negative + c.positive == c.k));
    }
    assert!(neighbor_counts(train, block, &[]).is_err());
    assert!(neighbor_counts(train, block, &[3, 1]).is_err());
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let (x, y) = crate::common::rows(300, 2);
    let data =
        Data::from_matrix(MatrixBuf::new(x.view().as_slice().to_vec(), 2).unwrap(), y).unwrap();
    let model = fitted(&data);
    let groups = FeatureGroups::of(model.preprocessing());
    let x = data.encode(model.preprocessing(), None).unwrap();
    let reference = ReferenceRow::typical(x.view(), data.y(), N, &groups).unwrap();
    let reasons = Reasons::new(model.model(), &reference, &groups).unwrap();
    let test = || {
        (
            reasons.of(x.view(), 2).unwrap(),
            reasons.deletion_test(x.view(), 7).unwrap(),
        )
    };
    assert_eq!(
        crate::common::on_threads(1, test),
        crate::common::on_threads(4, test)
    );
}

/// Contributions of scikit-learn's SVC on the same rows, by `golden/reasons.py`.
#[test]
fn contributions_of_an_svm_are_those_of_scikit_learn() {
    #[derive(serde::Deserialize)]
    struct Golden {
        x: Vec<f64>,
        y: Vec<u8>,
        reference: Vec<f64>,
        contributions: Vec<f64>,
    }
    let golden: Golden = serde_json::from_str(include_str!("../golden/reasons.json")).unwrap();
    let y: Vec<Label> = golden
        .y
        .iter()
        .map(|&y| Label::from_sign(f64::from(y) - 0.5))
        .collect();
    let train = Samples::new(Matrix::new(&golden.x, 4).unwrap(), &y).unwrap();
    let mut svm = SvmSpec::default();
    svm.solver.tol = 1e-10;
    let names = ["a", "b", "c", "d"].map(str::to_owned);
    let classes = ["0", "1"].map(str::to_owned);
    let estimator = Estimator::named("svm")
        .unwrap()
        .with_svm(svm)
        .with_c(2.0)
        .with_gamma(0.4);
    let fit = estimator
        .fit_samples(&names, &classes, train, None)
        .unwrap();
    let groups = FeatureGroups::of_numbers(names);
    let reference = ReferenceRow::typical(train.x(), &y, N, &groups).unwrap();
    assert_eq!(reference.row(), golden.reference);
    let reasons = Reasons::new(&fit.model, &reference, &groups).unwrap();
    let found = reasons.contributions(train.x()).unwrap().concat();
    for (found, golden) in found.iter().zip(&golden.contributions) {
        assert!((found - golden).abs() < 1e-6, "{found} {golden}");
    }
}
