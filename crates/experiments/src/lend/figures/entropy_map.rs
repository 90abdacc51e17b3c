//! Where the memberships of IEFSVM come from.

use std::collections::BTreeMap;

use fuzzysvm_core::Samples;
use fuzzysvm_membership::{Iefsvm, MembershipError, neighborhood_entropy};

use super::results::EntropyMark;
use super::round::short;

/// The distinct positions (μ, σ) of training loans, with the memberships that IEFSVM gave there.
pub(super) fn entropy_map(
    train: Samples<'_>,
    memberships: &[f64],
) -> Result<Vec<EntropyMark>, MembershipError> {
    let ks = Iefsvm::default().ks;
    let entropies = neighborhood_entropy(train, &ks)?;
    let n = ks.len() as f64;
    let mut marks: BTreeMap<[u64; 2], EntropyMark> = BTreeMap::new();
    for ((entropies, label), &membership) in
        entropies.chunks(ks.len()).zip(train.y()).zip(memberships)
    {
        let mean = entropies.iter().sum::<f64>() / n;
        let variance = entropies.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / n;
        let (mu, sigma) = (short(mean), short(variance.sqrt()));
        // Numbers from 0 on order as their bits do.
        let mark = marks.entry([mu.to_bits(), sigma.to_bits()]);
        let mark = mark.or_insert(EntropyMark {
            mu,
            sigma,
            membership: None,
            paid: 0,
            charged_off: 0,
        });
        if label.is_positive() {
            mark.charged_off += 1;
        } else {
            mark.paid += 1;
            mark.membership = Some(short(membership));
        }
    }
    Ok(marks.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::{Label, Matrix};
    use fuzzysvm_membership::Membership as _;

    #[test]
    fn every_loan_has_its_mark_and_the_membership_of_its_position() {
        let x: Vec<f64> = (0..80).map(|i| (f64::from(i) * 1.7).sin()).collect();
        let y: Vec<Label> = (0..80)
            .map(|i| Label::from_sign(if i % 5 == 0 { 1.0 } else { -1.0 }))
            .collect();
        let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
        let memberships = Iefsvm::default().membership(train).unwrap();
        let marks = entropy_map(train, &memberships).unwrap();
        assert_eq!(marks.iter().map(|m| m.charged_off).sum::<usize>(), 16);
        assert_eq!(marks.iter().map(|m| m.paid).sum::<usize>(), 64);
        assert!(marks.len() > 5 && marks.len() < 80);
        assert!(
            marks
                .windows(2)
                .all(|w| (w[0].mu, w[0].sigma) < (w[1].mu, w[1].sigma))
        );
        // a = d·atan2(μ, σ), the membership falls from 1/4 to 0 along it.
        let a = |m: &EntropyMark| m.mu.hypot(m.sigma) * m.mu.atan2(m.sigma);
        let paid = || marks.iter().filter(|m| m.paid > 0);
        let (low, high) = paid().fold((f64::MAX, 0.0f64), |(l, h), m| (l.min(a(m)), h.max(a(m))));
        for mark in &marks {
            let by_hand = 0.25 * (1.0 - (a(mark) - low) / (high - low));
            match mark.membership {
                Some(found) => assert!((found - by_hand).abs() < 1e-3, "{mark:?} {by_hand}"),
                None => assert_eq!(mark.paid, 0),
            }
        }
    }
}
