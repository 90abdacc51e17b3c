//! Why loans were scored as they were.

use super::record;

record! {
    /// A feature that moved the score of a loan.
    pub struct LoanReason {
        /// The feature.
        pub feature: String,
        /// By how much; above 0 towards default.
        pub contribution: f64,
        /// In words.
        pub words: String,
    }

    /// The classes among the nearest training loans.
    pub struct NeighborCount {
        /// How many neighbors.
        pub k: usize,
        /// Of these, charged off.
        pub positive: usize,
    }

    /// What reasons compare with, and how faithful they are.
    pub struct Reasons {
        /// The method whose scores are explained.
        pub method: String,
        /// The trial.
        pub trial: usize,
        /// The typical paid training loan.
        pub reference: Vec<TypicalFeature>,
        /// Deletion test on the loans bought.
        pub fidelity: Option<Fidelity>,
    }

    /// A feature of the typical loan.
    pub struct TypicalFeature {
        /// The feature.
        pub feature: String,
        /// Its value in words.
        pub value: String,
    }

    /// A deletion test.
    pub struct Fidelity {
        /// Loans.
        pub n: usize,
        /// Share of the movement of the score after 1, 2, … features in the order of the reasons.
        pub by_reasons: Vec<f64>,
        /// The same in random orders.
        pub random: Vec<f64>,
        /// Difference of the areas.
        pub difference: f64,
        /// Its 95 % interval.
        pub interval: Option<[f64; 2]>,
    }
}
