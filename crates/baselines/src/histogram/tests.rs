//! Trees against a search of all splits, sums against sums in any order.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use super::codes::Codes;
use super::split::TIE;
use super::{Boosting, Sums, fill, subtract};
use crate::prepare::Prepared;
use crate::tree::Tree;
use fuzzysvm_core::{Label, MatrixBuf, Samples};
use proptest::prelude::*;

/// A node of the reference: its rows, how deep it is, its place in the tree that is compared.
struct Place {
    rows: Vec<usize>,
    depth: usize,
    node: usize,
}

struct Reference<'a> {
    x: &'a [Vec<f64>],
    derivatives: &'a [[f64; 2]],
    max_depth: usize,
    /// λ, γ, least H.
    penalty: [f64; 3],
    rate: f64,
}

impl Reference<'_> {
    fn sums(&self, rows: &[usize]) -> [f64; 3] {
        rows.iter().fold([0.0; 3], |s, &i| {
            let [g, h] = self.derivatives[i];
            [s[0] + g, s[1] + h, s[2] + g.abs()]
        })
    }

    /// The best split by trying x < v for every value v of every feature.
    fn best(&self, rows: &[usize]) -> Option<(usize, f64)> {
        let [lambda, gamma, least] = self.penalty;
        let least = least * (1.0 - TIE);
        let score = |[g, h, _]: [f64; 3]| g * g / (h + lambda);
        let total = self.sums(rows);
        let tie = TIE * total[2] * total[2] / (total[1] + lambda);
        let mut bar = score(total) + gamma.max(tie);
        let mut best = None;
        for feature in 0..self.x[0].len() {
            let mut values: Vec<f64> = rows.iter().map(|&i| self.x[i][feature]).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            for &v in &values[1..] {
                let (left, right): (Vec<usize>, Vec<usize>) =
                    rows.iter().partition(|&&i| self.x[i][feature] < v);
                let (left, right) = (self.sums(&left), self.sums(&right));
                if left[1] >= least && right[1] >= least && score(left) + score(right) > bar {
                    bar = score(left) + score(right) + tie;
                    best = Some((feature, v));
                }
            }
        }
        best
    }

    /// Whether a tree is the one that the search gives.
    fn check(&self, tree: &Tree) -> Result<(), TestCaseError> {
        let mut places = vec![Place {
            rows: (0..self.x.len()).collect(),
            depth: 0,
            node: 0,
        }];
        let mut n_nodes = 0;
        while let Some(Place { rows, depth, node }) = places.pop() {
            n_nodes += 1;
            let found = tree.nodes[node];
            let best = (depth < self.max_depth).then(|| self.best(&rows)).flatten();
            let Some((feature, v)) = best else {
                let [g, h, _] = self.sums(&rows);
                let value = -self.rate * g / (h + self.penalty[0]);
                prop_assert_eq!(found.left, 0);
                prop_assert!((found.number - value).abs() <= 1e-11 * (1.0 + value.abs()));
                continue;
            };
            prop_assert!(
                found.left > 0,
                "a leaf where {feature} < {v} splits {rows:?}"
            );
            prop_assert_eq!(found.feature as usize, feature);
            // Between the same neighbours in the node; at a value, and the next lower one is not in the left child.
            prop_assert_eq!(threshold(self.x, &rows, feature, found.number), v);
            let (left, right): (Vec<usize>, Vec<usize>) = rows
                .iter()
                .partition(|&&i| self.x[i][feature] <= found.number);
            for (rows, node) in [
                (left, found.left as usize),
                (right, found.left as usize + 1),
            ] {
                places.push(Place {
                    rows,
                    depth: depth + 1,
                    node,
                });
            }
        }
        prop_assert_eq!(n_nodes, tree.nodes.len());
        Ok(())
    }
}

/// The lowest value of the node above a threshold.
fn threshold(x: &[Vec<f64>], rows: &[usize], feature: usize, t: f64) -> f64 {
    let above = rows.iter().map(|&i| x[i][feature]).filter(|v| *v > t);
    above.fold(f64::INFINITY, f64::min)
}

/// Rows of values, class and weight.
type Row = (Vec<f64>, bool, f64);

/// Values of few levels in some columns, of two or of one in others, of many in the rest.
fn rows(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Row>> {
    let two = any::<bool>().prop_map(|b| f64::from(u8::from(b)));
    let few = (-3i8..4).prop_map(|v| f64::from(v) / 2.0);
    let many = (-999i16..1000).prop_map(f64::from);
    let x = (two.clone(), few.clone(), two, Just(1.5), many, few)
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f]);
    let w = (1u8..9).prop_map(|w| f64::from(w) / 3.0);
    prop::collection::vec((x, any::<bool>(), w), n)
}

struct Given {
    x: Vec<Vec<f64>>,
    flat: MatrixBuf,
    y: Vec<Label>,
    w: Vec<f64>,
}

impl Given {
    fn new(rows: &[Row]) -> Self {
        let x: Vec<Vec<f64>> = rows.iter().map(|r| r.0.clone()).collect();
        let y = rows
            .iter()
            .map(|r| Label::from_sign(f64::from(u8::from(r.1)) - 0.5));
        Self {
            flat: MatrixBuf::new(x.concat(), x[0].len()).unwrap(),
            y: y.collect(),
            w: rows.iter().map(|r| r.2).collect(),
            x,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// With as many bins as values every tree of a run is that of the exact search on the derivatives where the trees
    /// before it stand.
    #[test]
    fn trees_are_those_of_an_exact_search(
        rows in rows(4..90),
        lambda in prop::sample::select(vec![0.25, 1.0, 3.0]),
        gamma in prop::sample::select(vec![0.0, 0.3]),
        least in prop::sample::select(vec![0.0, 0.5, 1.0]),
        max_depth in 1usize..6,
        n_bins in prop::sample::select(vec![128, 2000]),
    ) {
        prop_assume!(rows.iter().any(|r| r.1) && rows.iter().any(|r| !r.1));
        let given = Given::new(&rows);
        let samples = Samples::new(given.flat.view(), &given.y).unwrap();
        let data = Prepared::new(samples, None).unwrap();
        let (n_trees, learning_rate, penalty) = (4, 0.3, [lambda, gamma, least]);
        let boosting = Boosting {
            data: &data, weight: &given.w, n_trees, learning_rate, max_depth, penalty, subsample: 1.0, n_bins, seed: 0,
        };
        let trees = boosting.run().unwrap();
        let mut f = vec![0.0; given.x.len()];
        for tree in &trees {
            let derivatives: Vec<[f64; 2]> = f.iter().enumerate().map(|(i, f): (usize, &f64)| {
                let p = 1.0 / (1.0 + (-f).exp());
                let t = f64::from(u8::from(given.y[i].is_positive()));
                [given.w[i] * (p - t), given.w[i] * p * (1.0 - p)]
            }).collect();
            let reference = Reference {
                x: &given.x, derivatives: &derivatives, max_depth, penalty, rate: learning_rate,
            };
            reference.check(tree)?;
            for (f, x) in f.iter_mut().zip(&given.x) {
                *f += tree.value(x);
            }
        }
    }

    /// Sums are those of one row after the other, whatever a feature's lane, and what is left of a parent is the
    /// other child.
    #[test]
    fn sums_are_exact(
        rows in rows(2..60), n_bins in prop::sample::select(vec![2, 5, 4096]), part in any::<u64>(), many in 1usize..30,
    ) {
        // As many columns as fill several lanes, the same over again; over 256 rows of different values for two bytes.
        let repeats = if n_bins == 4096 { 8 } else { 1 };
        let wide: Vec<Vec<f64>> = (0..repeats).flat_map(|k| {
            rows.iter().enumerate().map(move |(i, r)| {
                let mut row = r.0.repeat(many);
                row.push((i * repeats + k) as f64);
                row
            })
        }).collect();
        let d = wide[0].len();
        let x = MatrixBuf::new(wide.concat(), d).unwrap();
        let n = wide.len();
        let codes = Codes::new(x.view(), &vec![1.0; n], n_bins);
        let terms: Vec<Sums> = (0..n as i64).map(|i| [(i * 77 - 1000) * (1 << 40), 3 * i + 1]).collect();
        let [all, one, other] = [0, 1, 2].map(|child| {
            let here: Vec<u32> = (0..n as u32)
                .filter(|&i| child == 0 || (part.rotate_left(i) & 1) + 1 == child)
                .collect();
            let of_rows: Vec<Sums> = here.iter().map(|&i| terms[i as usize]).collect();
            let mut histogram = vec![[9; 2]; codes.n_sums()];
            fill(&codes, &mut histogram, &here, &of_rows);
            (here, histogram)
        });
        for (here, histogram) in [&all, &one] {
            for feature in &codes.features {
                let bin = |i: u32| {
                    let v = wide[i as usize][feature.column];
                    feature.cuts.iter().filter(|cut| **cut <= v).count()
                };
                let sum = |wanted: usize| here.iter().filter(|i| bin(**i) == wanted).fold([0; 2], |s: Sums, &i| {
                    let term = terms[i as usize];
                    [s[0] + term[0], s[1] + term[1]]
                });
                let expected: Vec<Sums> = match feature.bit {
                    Some(_) => vec![sum(1)],
                    None => (0..=feature.cuts.len()).map(sum).collect(),
                };
                prop_assert_eq!(feature.of(histogram), expected);
            }
        }
        let (mut left, child) = (all.1, one.1);
        subtract(&codes, &mut left, &child);
        for feature in &codes.features {
            prop_assert_eq!(feature.of(&left), feature.of(&other.1));
        }
    }

    /// Bins begin where a quantile falls into the rows of a value, laid one beside the other, as wide as they weigh.
    #[test]
    fn bins_begin_at_quantiles(
        rows in prop::collection::vec((0u8..40, 1usize..5), 1..200), b in 2usize..20,
    ) {
        let x: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
        let w: Vec<f64> = rows.iter().map(|r| r.1 as f64 / 4.0).collect();
        let codes = Codes::new(MatrixBuf::new(x, 1).unwrap().view(), &w, b);
        let mut values: Vec<u8> = rows.iter().map(|r| r.0).collect();
        values.sort_unstable();
        values.dedup();
        let weight = |v: u8| rows.iter().filter(|r| r.0 == v).map(|r| r.1).sum::<usize>();
        // One entry per unit of weight.
        let laid: Vec<u8> = values.iter().flat_map(|&v| vec![v; weight(v)]).collect();
        let (first, last) = (weight(values[0]), weight(values[values.len() - 1]));
        let mut begins = values.clone();
        if values.len() == b + 1 {
            begins.truncate(b);
        } else if values.len() > b {
            begins = vec![values[0]];
            begins.extend((1..b).map(|k| laid[(first * b + (laid.len() - first - last) * k) / b]));
            begins.push(values[values.len() - 1]);
            begins.dedup();
            begins.truncate(b);
        }
        let expected: Vec<f64> = begins[1..].iter().map(|v| f64::from(*v)).collect();
        let found = codes.features.first().map_or(Vec::new(), |f| f.cuts.clone());
        prop_assert_eq!(found, expected);
    }
}
