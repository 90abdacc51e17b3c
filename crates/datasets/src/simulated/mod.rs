//! A simulated Lending Club loan book, written in the format of the public files.
//!
//! Lending Club gives no open licence for its rows, so the project ships none: where no file is given,
//! the lending experiment runs on this book, through the same reader. **No number in it is a borrower's.**
//! Its format is that of `LoanStats3a.csv` as of 2017: a notes line, 145 quoted columns, `" 36 months"`,
//! `"10.65%"`, `"Dec-2010"`, a section line before the loans outside the credit policy, blank lines, two
//! footers, empty cells, and here and there a `desc` of two lines.
//!
//! # Structure
//!
//! Everything known at application hangs on a latent credit quality q and a latent income z, and on
//! noise: worse quality means a higher utilisation of credit lines, more inquiries,
//! delinquencies and public records; more income means larger loans, more credit lines and more often a
//! mortgage. The platform sees quality through noise, orders the loans into 35 sub-grades with the shares
//! of the real book (36-month loans: 27 % A, 31 % B, 24 % C, 13 % D, …) and prices each sub-grade, with a
//! drift from quarter to quarter.
//!
//! A loan defaults in month t with hazard
//!
//! ```text
//! h(t) = h₀ · shape(t/term) · exp(−0.34 q + f(x)) · macro(calendar month) · vintage(issue month)
//! ```
//!
//! where f holds the purpose (a small business is risky, a wedding is not), the inquiries and the share
//! of income that the instalments take, and three effects that no linear model sees:
//!
//! * borrowers both indebted (dti) **and** near their limits (revol_util) are risky, one alone is not;
//! * very few and very many open accounts are risky, the middle is not;
//! * tenants with a long credit history and owners with a short one are risky, the other two are not.
//!
//! The recession of 2009 raises all hazards of those calendar months. Else the borrower prepays the rest
//! with a hazard that grows with the age of the loan, or pays the instalment: amounts are whole cents, so
//! `total_pymnt = total_rec_prncp + total_rec_int + total_rec_late_fee + recoveries` holds to the cent.
//! Five months after the first missed payment the loan is charged off, and most bring a small recovery,
//! from which the collector keeps a fee. What has not ended at the snapshot is current, late or in grace:
//! the censoring that a reader has to handle.
//!
//! About one loan in ten is outside the credit policy, worse in quality and in outcome.
//!
//! # Figures
//!
//! Finished loans of 36 months inside the policy, 200 000 loans of seed 1 against the real book of 2007
//! to 2010 (mean returns are `roi`, net of collection fees):
//!
//! | | simulated | real |
//! | --- | --- | --- |
//! | charged off or default | 11.4 % | 11.5 % |
//! | the same outside the policy | 24.8 % | 26.6 % |
//! | mean return | 8.6 % | 8.8 % |
//! | of those paid | 15.4 % | 15.6 % |
//! | of those not paid | −44.4 % | −44.1 % |
//! | deviation of the return | 22.0 % | 22.7 % |
//! | recovered of the lost principal | 9.4 % | 9.8 % |
//!
//! # Reproducibility
//!
//! Loan i is drawn from stream i of a ChaCha8 generator with the seed, so it is the same in every book of
//! that seed, whatever the number of loans.

mod borrower;
mod columns;
mod counts;
mod line;
mod loan;
mod outcome;
mod pricing;

pub use columns::COLUMNS;
pub use counts::BookCounts;
pub use loan::SimulatedLoan;

use std::io::{self, Write};

use fuzzysvm_core::ParamError;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::lending_club::Month;

/// The first month in which loans are issued.
pub const FIRST_ISSUE: Month = month(2007, 6);
/// The last month in which loans are issued.
pub const LAST_ISSUE: Month = month(2011, 12);
/// The month in which the file is written: outcomes after it are not known.
pub const SNAPSHOT: Month = month(2014, 9);
/// From this month on, loans of 60 months are offered.
const LONG_TERM_FROM: Month = month(2010, 5);
/// How a file of these loans begins, and is told from one of Lending Club.
pub(crate) const NOTICE: &str = "Simulated loans written by fuzzysvm";
/// From this month on, public records are reported for all borrowers.
const RECORDS_FROM: Month = month(2008, 4);
/// The trough of the recession.
const WORST_MONTH: Month = month(2009, 2);

/// For the constants above, so that a wrong one does not compile.
#[allow(clippy::panic, reason = "while compiling only")]
const fn month(year: u32, month: u32) -> Month {
    match Month::new(year, month) {
        Some(month) => month,
        None => panic!("no such month"),
    }
}

/// A book that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulateError {
    /// A parameter outside its range.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// The output failed.
    #[error("the simulated book cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// A simulated loan book. It is never held in memory: millions of loans are written as they are drawn.
///
/// ```
/// use fuzzysvm_datasets::simulated::SimulatedBook;
/// let mut file = Vec::new();
/// let counts = SimulatedBook { n_loans: 200, seed: 1 }.write_to(&mut file)?;
/// assert_eq!(counts.n_loans(), 200);
/// assert!(file.starts_with(b"Simulated loans written by fuzzysvm, not Lending Club data (seed 1)\n\"id\","));
/// # Ok::<(), fuzzysvm_datasets::simulated::SimulateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct SimulatedBook {
    /// Number of loans, 1 to 10⁹, those outside the credit policy included. Default 20 000.
    pub n_loans: u64,
    /// Seed of all draws. Default 1.
    pub seed: u64,
}

impl Default for SimulatedBook {
    fn default() -> Self {
        Self {
            n_loans: 20_000,
            seed: 1,
        }
    }
}

impl SimulatedBook {
    /// Checks the number of loans.
    ///
    /// # Errors
    /// Where it is 0 or above 10⁹.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            (1..=1_000_000_000).contains(&self.n_loans),
            "n_loans",
            self.n_loans as f64,
            "must be between 1 and 1000000000",
        )
    }

    /// Loan `number`, whether or not it is below `n_loans`: it depends on it and on the seed alone.
    pub fn loan(&self, number: u64) -> SimulatedLoan {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(number);
        SimulatedLoan::draw(number, &mut rng)
    }

    /// Writes the file and counts what it holds. Output is handed over in
    /// pieces of about 64 KiB, so `out` needs no buffer.
    ///
    /// # Errors
    /// Where the number of loans is out of range or `out` fails.
    pub fn write_to(&self, out: impl Write) -> Result<BookCounts, SimulateError> {
        self.write_with_progress(out, |_| ())
    }

    /// [`write_to`](Self::write_to), calling `progress` with the number of loans written so far, now and
    /// then and at the end.
    ///
    /// # Errors
    /// As [`write_to`](Self::write_to).
    pub fn write_with_progress(
        &self,
        mut out: impl Write,
        mut progress: impl FnMut(u64),
    ) -> Result<BookCounts, SimulateError> {
        self.validate()?;
        let mut counts = BookCounts::default();
        let mut text = String::with_capacity(80 << 10);
        text.push_str(&format!(
            "{NOTICE}, not Lending Club data (seed {})\n",
            self.seed
        ));
        line::header(&mut text);
        // Loans outside the credit policy come last. Drawing every loan twice costs less than holding them.
        for off_policy in [false, true] {
            if off_policy {
                text.push_str("\n\"Loans that do not meet the credit policy\"\n");
            }
            for number in 0..self.n_loans {
                let loan = self.loan(number);
                if loan.off_policy != off_policy {
                    continue;
                }
                line::loan(&mut text, &loan);
                counts.add(&loan);
                if text.len() >= 64 << 10 {
                    out.write_all(text.as_bytes())?;
                    text.clear();
                    progress(counts.n_loans());
                }
            }
        }
        text.push_str(&format!(
            "\n\nTotal amount funded in policy code 1: {}\nTotal amount funded in policy code 2: 0\n",
            counts.total_funded
        ));
        out.write_all(text.as_bytes())?;
        out.flush()?;
        progress(counts.n_loans());
        Ok(counts)
    }
}

#[cfg(test)]
mod tests;
