//! The real file: counts and the mean return that the reference gives.

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{
    DEFAULT_FEATURES, DropReason, FeatureEncoder, LoanBook, Selection,
};

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/lending-club/LoanStats_2007_2010.csv.gz"
);

fn book() -> Option<LoanBook> {
    if !std::path::Path::new(FILE).exists() {
        eprintln!("skipped: ../shared is absent");
        return None;
    }
    Some(LoanBook::read_path(FILE).unwrap())
}

#[test]
fn the_real_file_gives_the_reference_counts() {
    let Some(book) = book() else { return };
    assert_eq!(book.len(), 20_814);
    let lines = book.other_lines();
    assert_eq!(
        (
            lines.notes,
            lines.sections,
            lines.footers,
            lines.repeated_headers
        ),
        (1, 1, 2, 0)
    );

    let kept = Selection::default().select(&book);
    assert_eq!((kept.read, kept.kept()), (20_814, 14_995));
    assert_eq!(kept.class_counts().positive, 1_728);
    assert_eq!(
        kept.dropped.clone().into_iter().collect::<Vec<_>>(),
        [
            (DropReason::OffPolicy, 2_749),
            (DropReason::OtherTerm, 3_070)
        ]
    );

    let sixty = Selection {
        term: Some(60),
        ..Selection::default()
    }
    .select(&book);
    assert_eq!((sixty.kept(), sixty.class_counts().positive), (3_070, 645));

    let off_policy = Selection {
        include_off_policy: true,
        ..Selection::default()
    }
    .select(&book);
    assert_eq!(off_policy.kept(), 17_433);

    let all = Selection {
        term: None,
        include_off_policy: true,
        ..Selection::default()
    }
    .select(&book);
    assert_eq!((all.kept(), all.dropped.len()), (20_814, 0));
}

#[test]
fn the_real_file_gives_the_reference_returns() {
    let Some(book) = book() else { return };
    let kept = Selection::default().select(&book);
    let mean = |class: Option<Label>| {
        let roi: Vec<f64> = kept
            .rows
            .iter()
            .zip(&kept.labels)
            .filter(|(_, label)| class.is_none_or(|c| c == **label))
            .map(|(row, _)| {
                let p = book.loan(*row).payments();
                (p.total_pymnt - p.collection_recovery_fee - p.funded_amnt) / p.funded_amnt
            })
            .collect();
        roi.iter().sum::<f64>() / roi.len() as f64
    };
    assert!((mean(None) - 0.0875).abs() < 1e-4, "{}", mean(None));
    assert!((mean(Some(Label::Negative)) - 0.1563).abs() < 1e-4);
    assert!((mean(Some(Label::Positive)) + 0.4408).abs() < 1e-4);
}

/// Of every loan, to the cent that the file rounds to.
#[test]
fn payments_are_the_sum_of_their_parts() {
    let Some(book) = book() else { return };
    for loan in book.loans() {
        let p = loan.payments();
        let parts = [
            p.total_rec_prncp,
            p.total_rec_int,
            p.total_rec_late_fee,
            p.recoveries,
        ];
        let sum: f64 = parts.iter().map(|part| part.unwrap()).sum();
        assert!(
            (p.total_pymnt - sum).abs() < 0.01,
            "{:?}: {p:?}",
            loan.source()
        );
        assert!(p.collection_recovery_fee <= p.recoveries.unwrap());
    }
    assert_eq!(book.loans().count(), 20_814);
}

#[test]
fn the_default_features_of_the_real_file() {
    let Some(book) = book() else { return };
    let kept = Selection::default().select(&book);
    let encoder = FeatureEncoder::fit(&book, &kept.rows, DEFAULT_FEATURES).unwrap();
    let names = encoder.feature_names();
    eprintln!("{} {names:?} {:?}", names.len(), encoder.unused());
    assert!((35..=45).contains(&names.len()), "{names:?}");
    let x = encoder.transform(&book, &kept.rows).unwrap();
    assert_eq!((x.n_rows(), x.n_cols()), (14_995, names.len()));
    let n = x.n_rows() as f64;
    for (col, name) in names.iter().enumerate() {
        let column = || x.view().rows().map(move |r| r[col]);
        let mean = column().sum::<f64>() / n;
        let variance = column().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        assert!(mean.abs() < 1e-9 && (variance - 1.0).abs() < 1e-9, "{name}");
    }
}
