//! How the comparison was made.

use maud::Markup;

use crate::number::setting;
use crate::page;
use crate::results::CompareResults;

pub(super) fn card(results: &CompareResults) -> Markup {
    let s = &results.settings;
    let list = |values: &[f64]| {
        let texts: Vec<String> = values.iter().map(|v| setting(*v)).collect();
        texts.join(", ")
    };
    let ks: Vec<String> = s.ks.iter().map(usize::to_string).collect();
    page::card(&[
        (
            "Cross-validation",
            format!(
                "{} stratified folds, {}; tuning by {} folds inside each training part on balanced accuracy",
                s.folds,
                match s.repeats {
                    1 => "once".to_owned(),
                    n => format!("{n} times"),
                },
                s.inner_folds
            ),
        ),
        (
            "Grids",
            format!(
                "C {}; γ {}; k {} (EFSVM)",
                list(&s.c),
                list(&s.gamma),
                ks.join(", ")
            ),
        ),
        (
            "Scaling",
            format!("{}, fitted on the training part", s.scale),
        ),
        ("Control", super::control(results).to_owned()),
        ("Seed", s.seed.to_string()),
        (
            "Figures left out",
            match results.sets.len() {
                0..=2 => "differences by data set and by imbalance: fewer than three data sets"
                    .to_owned(),
                _ => String::new(),
            },
        ),
    ])
}
