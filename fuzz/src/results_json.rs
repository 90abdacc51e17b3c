//! Any text as `results.json`: a page, the same each time and without a number that is none, or a typed error.

use fuzzysvm::report::{Options, draw};

use super::text;

/// Draws the text.
pub fn check(bytes: &[u8]) {
    let json = text(bytes);
    let Ok(page) = draw(json, &Options::default()) else {
        return;
    };
    assert!(page.starts_with("<!DOCTYPE html>"));
    if !["NaN", "inf"].iter().any(|word| json.contains(word)) {
        // The page's own script asks isNaN.
        assert!(!page.replace("isNaN", "").contains("NaN"));
    }
    assert_eq!(draw(json, &Options::default()).expect("drawn before"), page);
}
