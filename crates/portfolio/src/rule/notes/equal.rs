//! Whole notes in equal numbers.

use super::NotesAllocation;
use super::rounding::Room;
use crate::rule::check_budget;
use crate::{Candidates, PortfolioError};

impl NotesAllocation {
    /// Whole notes of the `chosen` candidates, best first, as equal as the caps let: in every round each of them gets one
    /// more, the first ones first (in the first round as many as the minimum is), until the budget is spent or nothing has
    /// room. Forecasts and risk play no part, so `risk_aversion` and `cash` do not either.
    ///
    /// ```
    /// use fuzzysvm_portfolio::{Candidates, NotesAllocation};
    /// let candidates = Candidates::new(&[0.05, 0.09, 0.07])?;
    /// let amounts = NotesAllocation::default().equal(candidates, &[1, 2], 80.0)?;
    /// assert_eq!(amounts, [0.0, 50.0, 25.0]);
    /// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
    /// ```
    ///
    /// # Errors
    /// Parameters or a budget out of range, more caps than lists of groups, and a chosen candidate that is none.
    pub fn equal(
        &self,
        candidates: Candidates<'_>,
        chosen: &[usize],
        budget: f64,
    ) -> Result<Vec<f64>, PortfolioError> {
        self.validate()?;
        check_budget(budget)?;
        let n = candidates.n_candidates();
        if let Some(index) = chosen.iter().position(|&loan| loan >= n) {
            return Err(PortfolioError::InvalidValue {
                what: "chosen loan",
                index,
                value: chosen[index] as f64,
                rule: "must be the number of a candidate",
            });
        }
        let market = self.market(candidates, budget)?;
        let mut room = Room::of(&market, candidates.groups());
        let mut notes = vec![0_u64; n];
        let mut open = chosen.to_vec();
        let mut of_round = market.least;
        while !open.is_empty() && room.total > 0 {
            // What has no room in a round has none in a later one: room only shrinks.
            open.retain(|&loan| {
                let fits =
                    notes[loan] + of_round <= market.most[loan] && room.admits(loan, of_round);
                if fits {
                    room.take(loan, of_round);
                    notes[loan] += of_round;
                }
                fits
            });
            of_round = 1;
        }
        Ok(notes.iter().map(|&k| k as f64 * self.note).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::GroupCap;
    use super::*;

    fn candidates(n: usize) -> Vec<f64> {
        vec![0.1; n]
    }

    #[test]
    fn rounds_by_hand() {
        let forecast = candidates(4);
        let of = Candidates::new(&forecast).unwrap();
        let rule = |minimum: f64, maximum: f64| NotesAllocation {
            minimum,
            maximum: Some(maximum),
            ..NotesAllocation::default()
        };
        for (rule, chosen, budget, expected) in [
            // Seven notes over three loans: 3, 2, 2.
            (
                rule(0.0, 1e9),
                &[2, 0, 3][..],
                175.0,
                [50.0, 0.0, 75.0, 50.0],
            ),
            // Fewer notes than loans: the best ones.
            (rule(0.0, 1e9), &[3, 1, 0], 60.0, [0.0, 25.0, 0.0, 25.0]),
            // At most 50 in each; the rest stays unspent.
            (rule(0.0, 60.0), &[0, 1], 1000.0, [50.0, 50.0, 0.0, 0.0]),
            // At least 75 in each: the second has no room for it.
            (rule(75.0, 1e9), &[0, 1], 125.0, [125.0, 0.0, 0.0, 0.0]),
            (rule(0.0, 1e9), &[], 125.0, [0.0; 4]),
        ] {
            assert_eq!(rule.equal(of, chosen, budget).unwrap(), expected);
        }
        let grade = [0, 0, 1, 1];
        let groups = [&grade[..]];
        let capped = NotesAllocation {
            group_caps: vec![GroupCap::Each(0.5)],
            ..NotesAllocation::default()
        };
        let found = capped.equal(of.with_groups(&groups).unwrap(), &[0, 1, 2], 200.0);
        assert_eq!(found.unwrap(), [50.0, 50.0, 100.0, 0.0]);
        assert!(capped.equal(of, &[0], 200.0).is_err());
        assert!(rule(0.0, 1e9).equal(of, &[4], 200.0).is_err());
        assert!(rule(0.0, 1e9).equal(of, &[0], f64::NAN).is_err());
    }

    proptest! {
        /// Without caps all is spent but for less than a note, and no two loans differ by more than one.
        #[test]
        fn equal_means_equal(n in 1usize..30, budget in 25.0f64..20_000.0) {
            let forecast = candidates(n);
            let chosen: Vec<usize> = (0..n).collect();
            let rule = NotesAllocation::default();
            let amounts = rule.equal(Candidates::new(&forecast).unwrap(), &chosen, budget).unwrap();
            let spent: f64 = amounts.iter().sum();
            prop_assert!(spent <= budget && budget - spent < rule.note, "{spent} of {budget}");
            let largest = amounts.iter().copied().fold(0.0, f64::max);
            let least = amounts.iter().copied().fold(f64::INFINITY, f64::min);
            prop_assert!(largest - least <= rule.note);
            prop_assert!(amounts.windows(2).all(|pair| pair[0] >= pair[1]));
        }
    }
}
