//! Distance to the nearest sample of the other class.

use fuzzysvm_membership::{Membership, MembershipError, Plan, Strategy};

use fuzzysvm_core::{Label, MethodInfo, ParamError, Samples, parameters};
use fuzzysvm_knn_entropy::{Auto, NeighborSearch};

/// s = d/(d + scale · d̄) for the majority, 1 for the minority: d is the distance to the nearest
/// minority sample and d̄ the mean of these distances over the majority. The nearer to the other
/// class, the less a sample counts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct OppositeDistance {
    /// How fast the weight falls near the other class, in mean distances; > 0. Default 1.
    pub scale: f64,
}

impl Default for OppositeDistance {
    fn default() -> Self {
        Self { scale: 1.0 }
    }
}

impl Membership for OppositeDistance {
    fn membership(&self, train: Samples<'_>) -> Result<Vec<f64>, MembershipError> {
        self.validate()?;
        train.require_both_classes()?;
        let rows_of = |class: Label| -> Vec<usize> {
            (0..train.n_samples())
                .filter(|&i| train.y()[i] == class)
                .collect()
        };
        let majority = rows_of(Label::Negative);
        let minority = train.x().select_rows(&rows_of(Label::Positive));
        let queries = train.x().select_rows(&majority);
        let nearest = Auto.of_queries(minority.view(), queries.view(), 1)?;
        let distances: Vec<f64> = (0..majority.len())
            .map(|i| nearest.squared_distances(i)[0].sqrt())
            .collect();
        let mean = distances.iter().sum::<f64>() / distances.len() as f64;

        let mut membership = vec![1.0; train.n_samples()];
        for (&i, distance) in majority.iter().zip(distances) {
            // On top of a minority sample 0, also where all distances are 0; infinitely far away
            // (the square overflowed) 1.
            membership[i] = if distance == 0.0 {
                0.0
            } else if distance.is_infinite() {
                1.0
            } else {
                distance / (distance + self.scale * mean)
            };
        }
        Ok(membership)
    }

    fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.scale.is_finite() && self.scale > 0.0,
            "scale",
            self.scale,
            "must be finite and > 0",
        )
    }
}

// What is set by name: type, allowed values, help.
parameters! {
    OppositeDistance {
        scale: f64, "a number above 0", "How fast the weight falls near the other class";
    }
}

// Title in tables, summary in help texts, source.
const INFO: MethodInfo = MethodInfo::new(
    "distance SVM",
    "Distance to the nearest minority sample",
    "an example of the book",
);

impl Strategy for OppositeDistance {
    fn info(&self) -> &'static MethodInfo {
        &INFO
    }

    fn plan(&self) -> Plan<'_> {
        Plan::plain(self)
    }
}

// ---- The strategy ends here. What follows tries it out. ----

use fuzzysvm_core::Matrix;
use fuzzysvm_membership::laws;

/// Checks the laws on nine points of a line, and prints their memberships:
/// `cargo run -p fuzzysvm-membership --example new_membership --features laws`.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let x = [0.0, 1.0, 2.25, 3.5, 5.0, 6.75, 8.5, 10.5, 12.75];
    let (n, p) = (Label::Negative, Label::Positive);
    let y = [n, n, n, n, p, n, p, p, n];
    let train = Samples::new(Matrix::new(&x, 1)?, &y)?;

    let strategy = OppositeDistance::default();
    laws::check(&strategy, train, 1e-12)?;
    for ((x, y), s) in x.iter().zip(&y).zip(strategy.membership(train)?) {
        println!("{x:5.2} {y:8} {s:.3}");
    }
    Ok(())
}
