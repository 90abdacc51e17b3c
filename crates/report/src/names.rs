//! Names of methods, rankings and metrics, which results give by their keys.

use crate::results::LendResults;

/// Rankings of walk-forward that are no methods of the trials, and methods, as tables name them.
const TITLES: [(&str, &str); 26] = [
    ("bilateral-svm", "Bilateral stake SVM"),
    ("stake-svm", "Stake SVM"),
    ("hazard-forecast", "Hazard forecast"),
    ("completed-regression", "Regression on all"),
    ("paid-regression", "Regression on repaid"),
    ("highest-rate", "Highest rate"),
    ("random", "Random"),
    ("cs-adaboost", "cs-AdaBoost"),
    ("cs-rf", "cs-RF"),
    ("easy-ensemble", "EasyEnsemble"),
    ("rusboost", "RUSBoost"),
    ("w-elm", "w-ELM"),
    ("cs-xgboost", "cs-XGBoost"),
    ("svm", "SVM"),
    ("class-cost", "class-cost SVM"),
    ("fsvm", "FSVM"),
    ("efsvm-binned", "EFSVM-binned"),
    ("efsvm", "EFSVM"),
    ("iefsvm", "IEFSVM"),
    ("iefsvm-std-over-mean", "IEFSVM (σ/μ)"),
    ("fsvm-cil", "FSVM-CIL"),
    ("slack-factor", "SFFSVM"),
    ("relative-density", "density SVM"),
    ("intuitionistic", "intuitionistic"),
    ("posterior", "posterior SVM"),
    ("lin-wang-time", "time FSVM"),
];

/// The method that the published study is about.
pub(crate) const IEFSVM: &str = "iefsvm";

/// The name of a method or ranking in tables: that of the trials where they have it, else the registry's.
pub(crate) fn title<'a>(results: &'a LendResults, id: &'a str) -> &'a str {
    let of_trials = results.methods.iter().find(|m| m.id == id);
    of_trials.map_or_else(|| registered(id), |m| &m.name)
}

/// The registry's name, or else the key itself.
fn registered(id: &str) -> &str {
    let known = TITLES.iter().find(|(name, _)| *name == id);
    known.map_or(id, |(_, title)| title)
}

/// A metric as headings name it.
pub(crate) fn metric(key: &str) -> &str {
    match key {
        "balanced_accuracy" => "Balanced accuracy",
        "precision_paid" => "Precision of paid",
        "predicted_negative_rate" => "Predicted default",
        "return_top" => "Return of the top",
        "return_over_std" => "Return / sd",
        "roc_auc" => "Ranking AUC",
        "pr_auc" | "average_precision" => "Average precision",
        "g_mean" => "G-mean",
        "ks" => "KS",
        "mcc" => "MCC",
        "f1" => "F1",
        "accuracy" => "Accuracy",
        "default_rate_top" => "Charged off",
        "return_predicted_paid" => "Return of predicted paid",
        "return_top_capital_weighted" => "Capital-weighted return",
        other => other,
    }
}

/// A forecast that was learned from repaid loans alone.
pub(crate) const IF_PAID: &str = "forecast if paid";

/// What forecasts of the trials are.
pub(crate) fn forecast(results: &LendResults) -> &str {
    let of_paid = || {
        results
            .settings
            .as_ref()
            .is_some_and(|s| s.regression == "paid")
    };
    match &results.forecast {
        Some(words) => words,
        // Files of before.
        None if of_paid() => IF_PAID,
        None => "forecast",
    }
}

/// What a return is.
pub(crate) fn measure(returns: &str) -> &'static str {
    match returns {
        "annualised" => "return per year",
        "irr" => "internal rate of return per year",
        _ => "return over the loan's life",
    }
}

/// Names in a sentence: "a", "a and b", "a, b and c".
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [before @ .., last] => {
            let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", before.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_people_do() {
        assert_eq!(listed::<&str>(&[]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
