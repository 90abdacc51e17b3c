//! What `results.json` holds, as far as a page shows it. Unknown fields are passed over, so that files of later schemas
//! with more in them are still read.

mod compare;
mod figures;
mod lend;
mod reasons;
mod walk_forward;

pub use compare::{
    CompareResults, CompareSettings, CompareTests, Comparison, CriticalDifference, Friedman,
    ImanDavenport, MethodOverall, Overall, SetMethod, SetResult, SetSpread, Skipped, Wilcoxon,
};
pub use figures::{
    BoughtLoan, BoughtLoans, Brier, Calibration, CalibrationBin, CalibrationGrade, DataSource,
    EntropyMark, FigureInterval, Figures, ForecastDecile, Frontier, FrontierPoint,
    FrontierPortfolio, Histogram, KSelection, Ks, MethodFigures, Portfolio, PortfolioDifference,
    Pr, Provenance, Psi, Roc, ScoreDecile, Segment, Vintage,
};
pub use lend::{
    BenchmarkResult, Claim, ClaimInterval, Difference, FeatureUse, LeftOut, LendResults,
    LendSettings, LoanCounts, MarketResult, MeanStd, MethodResult, MethodTrial, Metric,
    SplitSummary, YoungLoans,
};
pub use reasons::{Fidelity, LoanReason, NeighborCount, Reasons, TypicalFeature};
pub use walk_forward::{
    Bought, CurvePoint, GainSources, Interval, Pair, QuarterSummary, QuarterTop, ReturnDifference,
    StrategyResult, WalkForwardClaim, WalkForwardResults, WalkForwardSettings,
};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ReportError;

/// The newest schema that is known.
pub(crate) const SCHEMA: u32 = 2;

/// A struct that mirrors a part of `results.json`, and whether all its numbers are finite.
macro_rules! record {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$of_field:meta])* pub $field:ident: $kind:ty,)*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$of_field])* pub $field: $kind,)*
        }

        impl $crate::finite::Finite for $name {
            fn check(&self, at: &str) -> Result<(), $crate::ReportError> {
                $($crate::finite::Finite::check(
                    &self.$field,
                    &$crate::finite::field(at, stringify!($field)),
                )?;)*
                Ok(())
            }
        }
    )*};
}
use record;

/// Results of either experiment.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Results {
    /// Of `lend`.
    Lend(Box<LendResults>),
    /// Of `compare`.
    Compare(Box<CompareResults>),
}

impl Results {
    /// Reads the text of a `results.json`.
    ///
    /// ```
    /// use fuzzysvm_report::Results;
    ///
    /// let text = r#"{"schema": 99, "methods": [], "market": {}}"#;
    /// let newer = Results::from_json(text).unwrap_err().to_string();
    /// assert_eq!(newer, "schema 99 is newer than schema 2, the newest that this version reads");
    /// ```
    ///
    /// # Errors
    /// No JSON, JSON of something else, a later schema, and a value of another kind by its place in the file.
    pub fn from_json(text: &str) -> Result<Self, ReportError> {
        let value: Value = serde_json::from_str(text).map_err(|e| ReportError::Json {
            path: format!("line {}", e.line()),
            message: e.to_string(),
        })?;
        let found = value.get("schema").and_then(Value::as_u64);
        let found = u32::try_from(found.unwrap_or(1)).unwrap_or(u32::MAX);
        if found > SCHEMA {
            return Err(ReportError::Newer {
                found,
                known: SCHEMA,
            });
        }
        let has = |key: &str| value.get(key).is_some();
        if has("market") || has("walk_forward") {
            Ok(Results::Lend(Box::new(read(value)?)))
        } else if has("tests") && has("sets") {
            Ok(Results::Compare(Box::new(read(value)?)))
        } else {
            Err(ReportError::Unknown {
                expected: "market or walk_forward (lend), or tests and sets (compare)",
            })
        }
    }
}

/// A value as what it should be.
fn read<T: DeserializeOwned>(value: Value) -> Result<T, ReportError> {
    serde_path_to_error::deserialize(value).map_err(|e| ReportError::Json {
        path: e.path().to_string(),
        message: e.inner().to_string(),
    })
}
