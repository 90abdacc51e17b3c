//! Probabilities from scores, in a graph.

use super::graph::OnnxGraph;

/// What turns the score of a machine of two classes into a probability of the positive one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Probability {
    /// 1 / (1 + exp(−(slope · score + intercept))).
    Sigmoid {
        /// Log odds per unit of score.
        slope: f64,
        /// Log odds at score 0.
        intercept: f64,
    },
    /// Straight lines through these points, flat before the first and after the last.
    Lines {
        /// The scores of the points, ascending, at least one.
        scores: Vec<f64>,
        /// One probability per score.
        probabilities: Vec<f64>,
    },
}

impl OnnxGraph {
    /// The probabilities of scores of shape `[N]`.
    pub(super) fn probabilities(&mut self, score: &str, probability: &Probability) -> String {
        match probability {
            Probability::Sigmoid { slope, intercept } => {
                let (slope, intercept) =
                    (self.table(&[1], &[*slope]), self.table(&[1], &[*intercept]));
                let one = self.table(&[1], &[1.0]);
                let slanted = self.apply("Mul", &[score, &slope]);
                let odds = self.apply("Add", &[&slanted, &intercept]);
                let against = self.apply("Neg", &[&odds]);
                let against = self.apply("Exp", &[&against]);
                let sum = self.apply("Add", &[&one, &against]);
                self.apply("Div", &[&one, &sum])
            }
            Probability::Lines {
                scores,
                probabilities,
            } => self.lines(score, scores, probabilities),
        }
    }

    /// p₀ + Σ_j (p_{j+1} − p_j)/(x_{j+1} − x_j) · min(max(score − x_j, 0), x_{j+1} − x_j).
    fn lines(&mut self, score: &str, at: &[f64], p: &[f64]) -> String {
        let width: Vec<f64> = at.windows(2).map(|x| x[1] - x[0]).collect();
        let rises = p.windows(2).map(|p| p[1] - p[0]);
        let slope: Vec<f64> = rises
            .zip(&width)
            .map(|(rise, width)| rise / width)
            .collect();
        let first = self.table(&[1], &p[..1]);
        let zero = self.table(&[1], &[0.0]);
        // What is missing stays so.
        let nothing = self.apply("Mul", &[score, &zero]);
        let first = self.apply("Add", &[&first, &nothing]);
        let n = width.len();
        if n == 0 {
            return first;
        }
        let column = self.whole(&[2], &[-1, 1]);
        let score = self.apply("Reshape", &[score, &column]);
        let (from, width) = (self.table(&[1, n], &at[..n]), self.table(&[1, n], &width));
        let slope = self.table(&[n, 1], &slope);
        let above = self.apply("Sub", &[&score, &from]);
        let above = self.apply("Max", &[&above, &zero]);
        let within = self.apply("Min", &[&above, &width]);
        let rise = self.apply("MatMul", &[&within, &slope]);
        let flat = self.whole(&[1], &[-1]);
        let rise = self.apply("Reshape", &[&rise, &flat]);
        let risen = self.apply("Add", &[&first, &rise]);
        // Rounding must not lead beyond the last point.
        let last = self.table(&[1], &p[p.len() - 1..]);
        self.apply("Min", &[&risen, &last])
    }
}
