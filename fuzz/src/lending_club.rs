//! Any bytes: a loan book or a typed error; what is read can be selected and encoded.

use fuzzysvm::datasets::lending_club::{
    DEFAULT_FEATURES, FeatureEncoder, LoanBook, ReadOptions, Selection,
};

/// Reads the bytes.
pub fn check(bytes: &[u8]) {
    for outcome in [true, false] {
        let options = ReadOptions {
            outcome,
            id: Some("desc".to_owned()),
            as_of: "2012-01".parse().ok(),
            ..ReadOptions::default()
        };
        if let Ok(book) = LoanBook::from_reader(bytes, options) {
            let kept = Selection::default().select(&book);
            assert_eq!(kept.read, book.len());
            let rows: Vec<usize> = (0..book.len()).collect();
            if let Ok(encoder) = FeatureEncoder::fit(&book, &rows, DEFAULT_FEATURES) {
                let x = encoder
                    .transform(&book, &rows)
                    .expect("the rows it was fitted on");
                assert_eq!(x.n_rows(), book.len());
            }
        }
    }
}
