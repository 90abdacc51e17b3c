//! Derivatives as whole numbers.

use super::split::TIE;
use super::{Leaf, Penalty, Sums};
use fuzzysvm_core::{decision_or_zero, math};

/// Sums stay below 2⁶².
const BITS: i32 = 61;

/// No finer quantum than 2⁻⁴⁰⁰: products of three numbers of quanta stay finite.
const FINEST: i32 = 400;

/// How many quanta of g and of h make 1: powers of 2, so that counting in quanta rounds nothing but the derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quanta {
    g: i32,
    h: i32,
}

impl Quanta {
    /// The finest in which `n` derivatives of at most these magnitudes can be summed.
    pub fn new(n: usize, largest: [f64; 2]) -> Self {
        let exponent = |largest: f64| {
            let bound = math::log2(largest * n as f64).ceil();
            // No derivative at all: −∞ becomes the finest.
            (f64::from(BITS) - bound).min(f64::from(FINEST)) as i32
        };
        Self {
            g: exponent(largest[0]),
            h: exponent(largest[1]),
        }
    }

    /// Quanta per unit of g and of h.
    pub fn per_unit(self) -> [f64; 2] {
        [2f64.powi(self.g), 2f64.powi(self.h)]
    }

    /// A row's derivatives in quanta; h is never less than one, so that no node with rows has H = 0.
    #[inline]
    pub fn of([g, h]: [f64; 2], per_unit: [f64; 2]) -> Sums {
        [(g * per_unit[0]) as i64, ((h * per_unit[1]) as i64).max(1)]
    }

    /// λ, γ and the least H of a child, given in units of h, of g²/h and of h, in quanta. An H that is just the least but
    /// for rounding is enough.
    pub fn penalty(self, [lambda, gamma, min_child_weight]: [f64; 3]) -> Penalty {
        let h = 2f64.powi(self.h);
        Penalty {
            lambda: lambda * h,
            gamma: gamma * 2f64.powi(2 * self.g - self.h),
            min_child_weight: min_child_weight * h * (1.0 - TIE),
        }
    }

    /// −G/(H + λ) in units, λ in quanta; 0 where G is only the rounding of the g that it is the sum of.
    pub fn newton_step(self, leaf: &Leaf, penalty: &Penalty) -> f64 {
        let [g, h] = leaf.sums.map(|v| v as f64);
        let g = decision_or_zero(g, leaf.magnitude as f64, leaf.n_rows);
        if g == 0.0 {
            0.0
        } else {
            -g / (h + penalty.lambda) * 2f64.powi(self.h - self.g)
        }
    }
}
