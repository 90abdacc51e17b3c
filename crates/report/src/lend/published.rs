//! The figures that Cho, Chang & Song (2019, DOI 10.1109/ACCESS.2019.2896474) publish, in per cent: mean and standard
//! deviation over their trials. They stand below ours, nothing is computed from them.

/// Method, then balanced accuracy, precision, predicted negative, return of the top tenth, and its ratio.
type PublishedRow = (&'static str, [(f64, f64); 4], f64);

/// The eight published methods.
const ROWS: [PublishedRow; 8] = [
    (
        "cs-adaboost",
        [(59.23, 3.95), (91.98, 2.59), (52.04, 19.26), (10.06, 4.63)],
        2.175,
    ),
    (
        "cs-rf",
        [(52.58, 2.63), (87.63, 0.65), (7.49, 1.84), (12.26, 5.51)],
        2.226,
    ),
    (
        "easy-ensemble",
        [(55.28, 3.95), (89.20, 1.65), (45.37, 5.36), (11.91, 4.93)],
        2.417,
    ),
    (
        "rusboost",
        [(58.37, 5.07), (91.39, 2.81), (50.24, 20.12), (10.34, 4.48)],
        2.31,
    ),
    (
        "w-elm",
        [(56.52, 3.64), (89.47, 1.42), (39.45, 6.18), (11.44, 5.34)],
        2.145,
    ),
    (
        "cs-xgboost",
        [(56.62, 4.15), (89.26, 1.48), (31.73, 6.93), (11.58, 5.00)],
        2.319,
    ),
    (
        "efsvm",
        [(57.14, 3.85), (90.42, 2.13), (47.61, 13.85), (12.63, 5.59)],
        2.26,
    ),
    (
        "iefsvm",
        [(59.38, 2.85), (92.16, 1.83), (57.28, 8.85), (14.99, 2.87)],
        5.227,
    ),
];

/// The published figures of a method as texts, in the order of the columns of the table of methods; `None` where it has
/// none.
pub(super) fn texts(id: &str) -> Option<Vec<String>> {
    let (_, spreads, ratio) = ROWS.iter().find(|(name, ..)| *name == id)?;
    let spread = |(mean, std): &(f64, f64)| format!("{mean:.2} ± {std:.2}");
    let mut texts: Vec<String> = spreads.iter().map(spread).collect();
    texts.push(format!("{ratio:.3}"));
    Some(texts)
}
