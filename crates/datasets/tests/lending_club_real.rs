//! The real file: counts and the mean return that the reference gives.

use fuzzysvm_core::Label;
use fuzzysvm_datasets::lending_club::{DropReason, LoanBook, Selection};

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
