//! `results.json` of `compare`.

use std::collections::BTreeMap;

use super::record;

record! {
    /// `results.json` of `compare`.
    pub struct CompareResults {
        /// Schema version.
        pub schema: u32,
        /// All settings of the run.
        pub settings: CompareSettings,
        /// The metric that was asked about; absent where it is the first one.
        pub metric: Option<String>,
        /// One entry per method, in the order of the tables.
        pub methods: Vec<MethodOverall>,
        /// The tests of significance by metric; absent where fewer than two data sets or methods were compared.
        pub tests: BTreeMap<String, Option<CompareTests>>,
        /// One entry per data set.
        pub sets: Vec<SetResult>,
        /// Names of data sets that are not independent of one another, one list per family.
        #[serde(default)]
        pub families: Vec<Vec<String>>,
        /// Data sets that could not take part.
        #[serde(default)]
        pub skipped: Vec<Skipped>,
    }

    /// Settings.
    pub struct CompareSettings {
        /// The method that the others are compared with.
        pub control: String,
        /// Folds.
        pub folds: usize,
        /// Repetitions.
        pub repeats: usize,
        /// Folds of the tuning.
        pub inner_folds: usize,
        /// How features are scaled.
        pub scale: String,
        /// Grid of C.
        pub c: Vec<f64>,
        /// Grid of γ.
        pub gamma: Vec<f64>,
        /// Neighbors that EFSVM tunes over.
        pub ks: Vec<usize>,
        /// Seed of all draws.
        pub seed: u64,
    }

    /// One method over all data sets.
    pub struct MethodOverall {
        /// The name in `--methods`.
        pub id: String,
        /// The name in tables.
        pub name: String,
        /// Metric by name.
        pub metrics: BTreeMap<String, Overall>,
    }

    /// A metric over all data sets.
    pub struct Overall {
        /// Mean of the means over the folds.
        pub mean: f64,
        /// Mean rank; 1 is best.
        pub average_rank: f64,
    }

    /// The tests of one metric.
    pub struct CompareTests {
        /// Data sets compared on.
        pub n_sets: usize,
        /// Friedman's test.
        pub friedman: Friedman,
        /// Iman and Davenport's form of it.
        pub iman_davenport: ImanDavenport,
        /// The p-value that says whether the methods differ.
        pub p_value: f64,
        /// Nemenyi's critical differences.
        pub nemenyi: Vec<CriticalDifference>,
        /// The method that the others are compared with.
        pub control: String,
        /// Every other method against it.
        pub comparisons: Vec<Comparison>,
    }

    /// Friedman's χ²_F.
    pub struct Friedman {
        /// The statistic.
        pub chi_squared: f64,
        /// Its degrees of freedom.
        pub degrees_of_freedom: usize,
        /// Its p-value.
        pub p_value: f64,
    }

    /// Iman and Davenport's F_F.
    pub struct ImanDavenport {
        /// The statistic; absent where it is infinite.
        pub f: Option<f64>,
        /// Its degrees of freedom.
        pub degrees_of_freedom: [usize; 2],
        /// Its p-value.
        pub p_value: f64,
    }

    /// How far mean ranks must lie apart.
    pub struct CriticalDifference {
        /// The level.
        pub alpha: f64,
        /// The difference.
        pub critical_difference: f64,
    }

    /// One method against the control.
    pub struct Comparison {
        /// The method.
        pub method: String,
        /// Data sets on which the control is better.
        pub wins: usize,
        /// Data sets on which both are equal.
        pub ties: usize,
        /// Data sets on which the control is worse.
        pub losses: usize,
        /// Wilcoxon's signed-rank test.
        pub wilcoxon: Wilcoxon,
        /// Its p-value after Holm's correction.
        pub wilcoxon_p_holm: f64,
    }

    /// Wilcoxon's signed-rank test.
    pub struct Wilcoxon {
        /// Its p-value.
        pub p_value: f64,
    }

    /// One data set.
    pub struct SetResult {
        /// The name in tables.
        pub name: String,
        /// Number of samples.
        pub n_samples: usize,
        /// Number of features.
        pub n_features: usize,
        /// Samples of the positive class.
        pub n_positive: usize,
        /// Larger class over smaller.
        pub imbalance_ratio: f64,
        /// One entry per method.
        pub methods: Vec<SetMethod>,
    }

    /// One method on one data set.
    pub struct SetMethod {
        /// The name in `--methods`.
        pub id: String,
        /// Metric by name, over all folds.
        pub metrics: BTreeMap<String, SetSpread>,
    }

    /// Mean and standard deviation over folds.
    pub struct SetSpread {
        /// Mean.
        pub mean: f64,
        /// Sample standard deviation.
        pub std: f64,
    }

    /// A data set that could not take part.
    pub struct Skipped {
        /// Its name.
        pub name: String,
        /// Why.
        pub reason: String,
    }
}
