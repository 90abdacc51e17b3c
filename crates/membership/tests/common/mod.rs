//! Learners to stand in for a first model.
#![allow(dead_code, reason = "not every test uses all")]

use fuzzysvm_core::{Classifier, Learner, Matrix, PredictError, Samples, SamplesError};

/// f(x) = 2(x − m)·(c₊ − c₋)/‖c₊ − c₋‖² with the weighted class means c and m half way between them: −1 and +1 at
/// the means. Neither a shift nor the unit of x matters.
pub struct Means;

/// Decision value 0 everywhere.
pub struct Zero;

/// A plane.
pub struct Plane {
    normal: Vec<f64>,
    offset: f64,
}

impl Classifier for Plane {
    fn n_features(&self) -> usize {
        self.normal.len()
    }
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        let dot = |r: &[f64]| r.iter().zip(&self.normal).map(|(a, b)| a * b).sum::<f64>();
        Ok(x.rows()
            .map(|r| {
                if self.normal.iter().all(|&w| w == 0.0) {
                    self.offset
                } else {
                    dot(r) + self.offset
                }
            })
            .collect())
    }
}

impl Learner for Zero {
    type Model = Plane;
    type Error = SamplesError;
    fn fit(&self, train: Samples<'_>, _: Option<&[f64]>) -> Result<Plane, SamplesError> {
        Ok(Plane {
            normal: vec![0.0; train.n_features()],
            offset: 0.0,
        })
    }
}

impl Learner for Means {
    type Model = Plane;
    type Error = SamplesError;
    fn fit(&self, train: Samples<'_>, weight: Option<&[f64]>) -> Result<Plane, SamplesError> {
        train.require_both_classes()?;
        let mut sums = [vec![0.0; train.n_features()], vec![0.0; train.n_features()]];
        let mut totals = [0.0; 2];
        for (i, (row, y)) in train.x().rows().zip(train.y()).enumerate() {
            let w = weight.map_or(1.0, |w| w[i]);
            let class = usize::from(y.is_positive());
            totals[class] += w;
            for (s, v) in sums[class].iter_mut().zip(row) {
                *s += w * v;
            }
        }
        for (sum, total) in sums.iter_mut().zip(totals) {
            sum.iter_mut().for_each(|v| *v /= total);
        }
        let apart: Vec<f64> = sums[1].iter().zip(&sums[0]).map(|(p, n)| p - n).collect();
        let squared: f64 = apart.iter().map(|v| v * v).sum();
        let normal: Vec<f64> = apart.iter().map(|v| 2.0 * v / squared).collect();
        let offset = -normal
            .iter()
            .zip(&sums[0])
            .zip(&sums[1])
            .map(|((w, n), p)| w * (n + p) / 2.0)
            .sum::<f64>();
        Ok(Plane { normal, offset })
    }
}
