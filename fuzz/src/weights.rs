//! Any bytes as weights of samples: as many numbers as there are samples, or a typed error.

use fuzzysvm::datasets::table::read_weights;

/// Reads the bytes, as of as many samples as there are lines and of two.
pub fn check(bytes: &[u8]) {
    let lines = bytes.iter().filter(|b| matches!(b, b'\n' | b'\r')).count();
    for n in [lines + 1, lines, 2] {
        let Ok(weights) = read_weights("fuzz", bytes, n) else {
            continue;
        };
        assert_eq!(weights.len(), n);
        assert!(weights.iter().all(|w| w.is_finite() && *w >= 0.0));
        let text: String = weights.iter().map(|w| format!("{w}\n")).collect();
        let again = read_weights("fuzz", text.as_bytes(), n).expect("what was read, written");
        assert_eq!(again, weights);
    }
}
