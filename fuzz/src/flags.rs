//! Any text as the value of each flag, and as parameters of a method: a value that its own words name, or a typed error.

use std::fmt::Display;
use std::str::FromStr;

use fuzzysvm::baselines::BaselineKind;
use fuzzysvm::calibration::CalibratorKind;
use fuzzysvm::core::{Parameters as _, memory};
use fuzzysvm::datasets::lending_club::{Month, Quarter, Snapshot};
use fuzzysvm::datasets::table::{Format, Missing, ScalerKind, ZeroBased};
use fuzzysvm::estimator::{Method, method};
use fuzzysvm::evaluation::{Metric, Score};
use fuzzysvm::experiments::walk_forward::Strategy;
use fuzzysvm::kernels::Gamma;
use fuzzysvm::lend::Buy;
use fuzzysvm::membership::MembershipKind;
use fuzzysvm::portfolio::ReturnKind;

use super::text;

#[path = "../../crates/cli/src/flags/parse.rs"]
mod parse;

/// What is read is read again from its own words.
fn there_and_back<T: FromStr + Display>(text: &str)
where
    T::Err: Display,
{
    match text.parse::<T>() {
        Ok(value) => {
            let words = value.to_string();
            let again = words.parse::<T>().ok().expect("its own words").to_string();
            assert_eq!(again, words);
        }
        Err(e) => assert!(!e.to_string().is_empty()),
    }
}

/// Reads the text as every kind of value, and as `METHOD` with a `NAME=VALUE` on every further line.
pub fn check(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(value) = parse::positive(text) {
        assert!(value.is_finite() && value > 0.0);
        assert_eq!(parse::positive(&value.to_string()), Ok(value));
        assert_eq!(parse::finite(text), Ok(value));
    }
    if let Ok(value) = parse::finite(text) {
        assert_eq!(parse::finite(&value.to_string()), Ok(value));
    }
    if let Ok(value) = parse::count(text) {
        assert_eq!(parse::count(&value.to_string()), Ok(value));
    }
    if let Ok(gamma) = parse::gamma(text) {
        assert_eq!(parse::gamma(&gamma.to_string()), Ok(gamma));
    }
    let _ = (parse::month(text), parse::rule(text));
    if let Some(bytes) = memory::parse_size(text) {
        assert_eq!(memory::parse_size(&bytes.to_string()), Some(bytes));
    }
    there_and_back::<Buy>(text);
    there_and_back::<BaselineKind>(text);
    there_and_back::<CalibratorKind>(text);
    there_and_back::<Format>(text);
    there_and_back::<Gamma>(text);
    there_and_back::<MembershipKind>(text);
    there_and_back::<Method>(text);
    there_and_back::<Metric>(text);
    there_and_back::<Missing>(text);
    there_and_back::<Month>(text);
    there_and_back::<Quarter>(text);
    there_and_back::<ReturnKind>(text);
    there_and_back::<ScalerKind>(text);
    there_and_back::<Score>(text);
    there_and_back::<Snapshot>(text);
    there_and_back::<Strategy>(text);
    there_and_back::<ZeroBased>(text);
    parameters(text);
}

fn parameters(text: &str) {
    let mut lines = text.lines();
    let Ok(method) = method::find(lines.next().unwrap_or_default()) else {
        return;
    };
    let mut settings = method.settings();
    for line in lines {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        if settings.set_param(name, value).is_err() {
            continue;
        }
        let words = settings.get_param(name).expect("a parameter that was set");
        let before = settings.clone();
        settings.set_param(name, &words).expect("its own words");
        assert_eq!(settings.get_params(), before.get_params());
    }
    let _ = settings.validate();
}
