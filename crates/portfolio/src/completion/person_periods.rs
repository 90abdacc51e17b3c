//! Loans cut into the age bins that they were alive in: the rows of the hazard regressions, never stored.

use super::LoanState;

/// A bin after the end of the term takes late payers: charge-offs and last payments up to so many months later.
pub(super) const MONTHS_AFTER_TERM: u32 = 9;

/// How a loan can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Default,
    Repayment,
}

/// Bins of months since issue, (edge, next edge].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AgeBins {
    edges: Vec<u32>,
}

impl AgeBins {
    /// Bins of `bin_months` up to the end of the term (the last one shorter where they do not fit), and one of
    /// [`MONTHS_AFTER_TERM`] after it.
    pub(super) fn new(term_months: u32, bin_months: u32) -> Self {
        let mut edges: Vec<u32> = (0..term_months)
            .step_by(bin_months.max(1) as usize)
            .collect();
        edges.extend([term_months, term_months + MONTHS_AFTER_TERM]);
        Self { edges }
    }

    pub(super) fn len(&self) -> usize {
        self.edges.len() - 1
    }

    /// Months in the bins before the end of the term.
    pub(super) fn widths_in_term(&self) -> impl Iterator<Item = u32> + '_ {
        let in_term = &self.edges[..self.len()];
        in_term.windows(2).map(|edge| edge[1] - edge[0])
    }

    /// The last month that a bin covers.
    pub(super) fn last_month(&self) -> u32 {
        self.edges[self.len()]
    }
}

/// A loan while it was observed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observed {
    /// Its row of features.
    pub row: usize,
    /// Months that it was alive and observed.
    pub months: u32,
    /// How it ended then; `None` where it is open.
    pub end: Option<Cause>,
}

impl Observed {
    pub(super) fn new(row: usize, state: &LoanState) -> Self {
        let (months, end) = match *state {
            LoanState::Open { age_months } => (age_months, None),
            LoanState::Paid { after_months, .. } => (after_months, Some(Cause::Repayment)),
            LoanState::ChargedOff { after_months, .. } => (after_months, Some(Cause::Default)),
        };
        Self { row, months, end }
    }
}

/// One row of the hazard regressions: a loan in a bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Period {
    pub bin: usize,
    /// 1 where the loan ends in the bin, else the share of the bin that was observed.
    pub weight: f64,
    /// How the loan ends in this bin; `None` where it does not.
    pub end: Option<Cause>,
}

/// The person-periods of loans of one term.
#[derive(Debug, Clone)]
pub(super) struct PersonPeriods {
    pub bins: AgeBins,
    pub loans: Vec<Observed>,
}

impl PersonPeriods {
    /// The bins that a loan was alive in.
    pub(super) fn of(&self, loan: &Observed) -> impl Iterator<Item = Period> + '_ {
        let Observed { months, end, .. } = *loan;
        self.bins
            .edges
            .windows(2)
            .enumerate()
            .take_while(move |(_, edge)| months > edge[0])
            .map(move |(bin, edge)| {
                let end = end.filter(|_| months <= edge[1]);
                let observed = months.min(edge[1]) - edge[0];
                let weight = match end {
                    Some(_) => 1.0,
                    None => f64::from(observed) / f64::from(edge[1] - edge[0]),
                };
                Period { bin, weight, end }
            })
    }

    /// Loans that end by this cause in one of the bins.
    pub(super) fn count(&self, cause: Cause) -> usize {
        let last = self.bins.last_month();
        self.loans
            .iter()
            .filter(|loan| loan.end == Some(cause) && loan.months <= last)
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_reach_to_nine_months_after_the_term() {
        let edges = |term, bin| AgeBins::new(term, bin).edges;
        assert_eq!(
            edges(36, 3),
            [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 45]
        );
        let five_years = AgeBins::new(60, 3);
        assert_eq!((five_years.len(), five_years.last_month()), (21, 69));
        assert_eq!(edges(7, 3), [0, 3, 6, 7, 16]);
        assert_eq!(edges(1, 3), [0, 1, 10]);
        assert_eq!(edges(3, 120), [0, 3, 12]);
        assert!(AgeBins::new(7, 3).widths_in_term().eq([3, 3, 1]));
    }

    #[test]
    fn periods_by_hand() {
        let periods = PersonPeriods {
            bins: AgeBins::new(36, 3),
            loans: Vec::new(),
        };
        let of = |months, end| {
            let loan = Observed {
                row: 0,
                months,
                end,
            };
            periods
                .of(&loan)
                .map(|p| (p.bin, p.weight, p.end))
                .collect::<Vec<_>>()
        };
        // Open at the age of 4: a full bin and a third. Of 0: none.
        assert_eq!(of(4, None), [(0, 1.0, None), (1, 1.0 / 3.0, None)]);
        assert_eq!(of(0, None), []);
        assert_eq!(of(3, None), [(0, 1.0, None)]);
        // A default in month 4 counts fully.
        let bad = Some(Cause::Default);
        assert_eq!(of(4, bad), [(0, 1.0, None), (1, 1.0, bad)]);
        // The bin after the term takes months 37 to 45; what ends later ended in no bin.
        assert_eq!(of(38, None).last(), Some(&(12, 2.0 / 9.0, None)));
        assert_eq!(of(45, bad).last(), Some(&(12, 1.0, bad)));
        assert_eq!(of(46, bad).last(), Some(&(12, 1.0, None)));
        assert_eq!(of(u32::MAX, bad).len(), 13);
    }
}
