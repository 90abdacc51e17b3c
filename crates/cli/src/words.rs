//! Libraries name settings; the command line names the flags that set them.

use std::fmt::Display;

/// Words of the library's warnings and errors, and the flags that they are about. They are replaced in this order.
const FLAGS_OF_WORDS: [(&str, &str); 35] = [
    // Tables.
    (
        "impute missing values, or drop ",
        "--missing impute, or --drop ",
    ),
    (": drop ", ": --drop "),
    ("(drop ", "(--drop "),
    ("If not, drop ", "If not, --drop "),
    ("; else drop ", "; else --drop "),
    ("missing value: na ", "missing value: --na "),
    (": header no;", ": --no-header;"),
    (": header yes)", ": --header)"),
    ("decimal . or decimal ,", "--decimal . or --decimal ,"),
    (
        "the positive one named",
        "the positive one named with --positive",
    ),
    ("among the columns to drop", "in --drop"),
    // Formats.
    ("set n_features to", "give --n-features"),
    ("found n_features ", "found --n-features "),
    ("expected n_features ", "expected --n-features "),
    ("found zero_based for", "found --zero-based for"),
    (
        "dates are not supported, drop the column",
        "dates are not supported, --drop the column",
    ),
    (
        "such columns are not supported, drop it",
        "such columns are not supported, --drop it",
    ),
    ("the format parquet", "--format parquet"),
    ("with kernel precomputed", "with --kernel precomputed"),
    ("zero_based yes", "--zero-based yes"),
    (
        "sample weights beside those of the file",
        "--weights beside those of the file",
    ),
    ("(max_memory)", "(--max-memory)"),
    // Loans.
    (
        "map columns that have other names",
        "--map OLD=NEW names columns that are called otherwise",
    ),
    (
        "unless a month as of which they are scored is given",
        "unless --as-of YYYY-MM is given",
    ),
    ("give the month of the listing", "--as-of gives another"),
    ("the snapshot auto", "--snapshot auto"),
    ("(lend compares methods", "(fuzzysvm lend compares methods"),
    // Fits.
    (
        "another positive class, or take the smaller class as the minority",
        "another with --positive, or --minority smaller",
    ),
    (
        "choose another positive class",
        "choose another with --positive",
    ),
    ("raise the limit", "raise --max-iter"),
    ("scale the data, and", "use --scale standard, and"),
    ("the tolerance asks", "--tol asks"),
    ("raise gamma", "raise --gamma"),
    ("lower gamma", "lower --gamma"),
    ("C is very small", "--c is very small"),
];

/// A warning or an error of the library that names flags in place of settings.
pub fn in_flags(message: impl Display) -> String {
    let text = message.to_string();
    FLAGS_OF_WORDS
        .iter()
        .fold(text, |text, (words, flag)| text.replace(words, flag))
}

#[cfg(test)]
mod tests {
    use fuzzysvm::estimator::Warning;

    use super::*;

    #[test]
    fn warnings_name_flags() {
        let larger = Warning::PositiveIsLarger {
            class: "no".to_owned(),
            positive: 48,
            total: 60,
        };
        for (warning, flag) in [
            (larger, "--minority smaller"),
            (Warning::MaxIterations { gap: 0.5 }, "--max-iter"),
            (Warning::Stalled { gap: 0.5 }, "--tol"),
            (Warning::ScalesApart { ratio: 1e5 }, "--scale standard"),
            (Warning::ConstantKernel, "raise --gamma"),
            (Warning::IdentityKernel, "lower --gamma"),
            (Warning::AllBounded, "--c is"),
        ] {
            let text = in_flags(warning);
            assert!(text.contains(flag), "{text}");
        }
    }
}
