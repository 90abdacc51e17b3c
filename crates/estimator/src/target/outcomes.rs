//! What is known or expected of loans.

use crate::EstimatorError;

/// Outcomes of loans, one entry per loan in each list. Returns are total returns over the life of the loan, as
/// fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcomes<'a> {
    p_bad: &'a [f64],
    roi_bad: &'a [f64],
    roi_paid: &'a [f64],
    grades: Option<&'a [u8]>,
    rates: Option<&'a [f64]>,
}

impl<'a> Outcomes<'a> {
    /// Probability of default (0 or 1 where the outcome is known), return if the loan defaults, and if it is repaid.
    ///
    /// # Errors
    /// Where there is no loan, the lists differ in length, a probability is outside [0, 1] or a return is not finite.
    pub fn new(
        p_bad: &'a [f64],
        roi_bad: &'a [f64],
        roi_paid: &'a [f64],
    ) -> Result<Self, EstimatorError> {
        if p_bad.is_empty() {
            return Err(EstimatorError::unexpected("no loan", "at least one"));
        }
        check(
            p_bad,
            p_bad.len(),
            "probability",
            "a number in [0, 1]",
            |p| (0.0..=1.0).contains(&p),
        )?;
        for roi in [roi_bad, roi_paid] {
            check(
                roi,
                p_bad.len(),
                "return",
                "a finite number",
                f64::is_finite,
            )?;
        }
        Ok(Self {
            p_bad,
            roi_bad,
            roi_paid,
            grades: None,
            rates: None,
        })
    }

    /// The same with a grade per loan, as a number; equal numbers are the same grade.
    ///
    /// # Errors
    /// Where the lists differ in length.
    pub fn with_grades(self, grades: &'a [u8]) -> Result<Self, EstimatorError> {
        check_length(grades.len(), self.len(), "grades")?;
        Ok(Self {
            grades: Some(grades),
            ..self
        })
    }

    /// The same with an interest rate per loan, in any unit.
    ///
    /// # Errors
    /// Where the lists differ in length, or a rate is not finite.
    pub fn with_rates(self, rates: &'a [f64]) -> Result<Self, EstimatorError> {
        check(rates, self.len(), "rate", "a finite number", f64::is_finite)?;
        Ok(Self {
            rates: Some(rates),
            ..self
        })
    }

    /// Number of loans, at least one.
    #[allow(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.p_bad.len()
    }

    /// Probability of default of each loan.
    pub fn p_bad(&self) -> &'a [f64] {
        self.p_bad
    }

    /// Return of each loan if it defaults.
    pub fn roi_bad(&self) -> &'a [f64] {
        self.roi_bad
    }

    /// Return of each loan if it is repaid.
    pub fn roi_paid(&self) -> &'a [f64] {
        self.roi_paid
    }

    /// Grade of each loan, where given.
    pub fn grades(&self) -> Option<&'a [u8]> {
        self.grades
    }

    /// Interest rate of each loan, where given.
    pub fn rates(&self) -> Option<&'a [f64]> {
        self.rates
    }

    /// p_bad · roi_bad + (1 − p_bad) · roi_paid of each loan: its return, realised or expected.
    pub fn completed_roi(&self) -> Vec<f64> {
        (0..self.len())
            .map(|i| {
                let p = self.p_bad[i];
                p * self.roi_bad[i] + (1.0 - p) * self.roi_paid[i]
            })
            .collect()
    }
}

fn check(
    values: &[f64],
    n: usize,
    what: &str,
    rule: &str,
    holds: impl Fn(f64) -> bool,
) -> Result<(), EstimatorError> {
    check_length(values.len(), n, &format!("{what} values"))?;
    match values.iter().position(|&v| !holds(v)) {
        None => Ok(()),
        Some(i) => Err(EstimatorError::unexpected(
            format!("the {what} {} of loan {i} (counted from 0)", values[i]),
            rule,
        )),
    }
}

fn check_length(found: usize, n: usize, what: &str) -> Result<(), EstimatorError> {
    if found == n {
        Ok(())
    } else {
        Err(EstimatorError::unexpected(
            format!("{found} {what}"),
            format!("one for each of the {n} loans"),
        ))
    }
}
