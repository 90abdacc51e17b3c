//! Returns of loans, and rules that choose among them.

use fuzzysvm::portfolio::{
    self, AllCandidates, Candidates, LoanCashFlow, MeanVariance, PortfolioRule, ReturnKind,
    TopFraction,
};
use numpy::{IntoPyArray as _, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::input::{Column, Table, matrix, numbers, value_error};

/// The internal rate of return of monthly cash flows, effective per year.
#[pyfunction]
pub fn irr(cash_flows: Column<'_>) -> PyResult<f64> {
    portfolio::irr_of_flows(numbers(&cash_flows)?).map_err(value_error)
}

/// The return of every loan. A row of `loans` has funded_amnt, installment, last_pymnt_amnt, total_pymnt, recoveries and
/// collection_recovery_fee; `months` are those to the last payment, below 0 where nothing was ever paid.
#[pyfunction]
pub fn loan_returns<'py>(
    py: Python<'py>,
    loans: Table<'py>,
    terms: PyReadonlyArray1<'py, u32>,
    months: PyReadonlyArray1<'py, i64>,
    kind: &str,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let kind: ReturnKind = kind.parse().map_err(value_error)?;
    let x = matrix(&loans)?;
    let (terms, months) = (
        terms.as_slice().map_err(value_error)?,
        months.as_slice().map_err(value_error)?,
    );
    let both = terms.iter().zip(months).enumerate();
    let returns = both.map(|(i, (term, months))| {
        let &[funded, installment, last, total, recoveries, fee] = x.row(i) else {
            return Err(PyValueError::new_err("a loan has six amounts"));
        };
        let loan = LoanCashFlow {
            funded_amnt: funded,
            installment,
            term_months: *term,
            months_to_last_payment: u32::try_from(*months).ok(),
            last_pymnt_amnt: last,
            total_pymnt: total,
            recoveries,
            collection_recovery_fee: fee,
        };
        let of = kind.of(&loan);
        of.map_err(|e| value_error(format_args!("loan {i}: {e}")))
    });
    let returns: Vec<f64> = returns.collect::<PyResult<_>>()?;
    Ok(returns.into_pyarray(py))
}

/// The amounts that a rule puts into loans with these forecasts.
fn allocate<'py>(
    py: Python<'py>,
    rule: &dyn PortfolioRule,
    candidates: Candidates<'_>,
    cap: Option<&Column<'_>>,
    budget: f64,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let candidates = match cap {
        None => candidates,
        Some(cap) => candidates.with_cap(numbers(cap)?).map_err(value_error)?,
    };
    let amounts = rule.allocate(candidates, budget).map_err(value_error)?;
    Ok(amounts.into_pyarray(py))
}

/// Equal amounts in the share of the loans with the highest forecasts.
#[pyfunction]
#[pyo3(signature = (forecast, budget, fraction, cap=None))]
pub fn top_fraction<'py>(
    py: Python<'py>,
    forecast: Column<'py>,
    budget: f64,
    fraction: f64,
    cap: Option<Column<'py>>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let candidates = Candidates::new(numbers(&forecast)?).map_err(value_error)?;
    let rule = TopFraction { fraction };
    allocate(py, &rule, candidates, cap.as_ref(), budget)
}

/// Equal amounts in all loans.
#[pyfunction]
#[pyo3(signature = (forecast, budget, cap=None))]
pub fn all_candidates<'py>(
    py: Python<'py>,
    forecast: Column<'py>,
    budget: f64,
    cap: Option<Column<'py>>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let candidates = Candidates::new(numbers(&forecast)?).map_err(value_error)?;
    allocate(py, &AllCandidates, candidates, cap.as_ref(), budget)
}

/// Mean–variance weights of independent loans.
#[pyfunction]
#[pyo3(signature = (forecast, variance, budget, risk_aversion, cap=None))]
pub fn mean_variance<'py>(
    py: Python<'py>,
    forecast: Column<'py>,
    variance: Column<'py>,
    budget: f64,
    risk_aversion: f64,
    cap: Option<Column<'py>>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let (forecast, variance) = (numbers(&forecast)?, numbers(&variance)?);
    let candidates = Candidates::new(forecast).and_then(|all| all.with_variance(variance));
    let candidates = candidates.map_err(value_error)?;
    let rule = MeanVariance { risk_aversion };
    allocate(py, &rule, candidates, cap.as_ref(), budget)
}
