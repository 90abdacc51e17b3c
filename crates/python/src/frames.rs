//! Files of samples as columns for a data frame.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fuzzysvm::datasets;
use fuzzysvm::datasets::lending_club::{Loan, LoanBook, Month, ReadOptions, Selection, Status};
use fuzzysvm::datasets::table::{self, Format, TableWarning};
use numpy::IntoPyArray as _;
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::detached::detached;
use crate::input::value_error;

/// A column of a frame.
enum Column {
    /// Numbers, NaN where one is missing.
    Numbers(Vec<f64>),
    /// The place of each row's category among the names, -1 where it is missing; whether the names are in order.
    Categories(Vec<i32>, Vec<String>, bool),
    /// Months since January 1970, `None` where one is missing.
    Months(Vec<Option<i32>>),
}

impl From<datasets::Column> for Column {
    fn from(column: datasets::Column) -> Self {
        match column {
            datasets::Column::Categories {
                places,
                names,
                is_ordered,
            } => Column::Categories(places.into_iter().map(code).collect(), names, is_ordered),
            datasets::Column::Numbers(values) => Column::Numbers(values),
        }
    }
}

/// Columns by name, in order.
type Columns = Vec<(String, Column)>;

impl Column {
    /// A tuple of the kind and its arrays, as the Python side reads it.
    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self {
            Column::Numbers(values) => ("numbers", values.into_pyarray(py)).into_bound_py_any(py),
            Column::Categories(codes, names, ordered) => {
                ("categories", codes.into_pyarray(py), names, ordered).into_bound_py_any(py)
            }
            Column::Months(months) => {
                // The least number is NumPy's mark of a missing date.
                let of = |month: Option<i32>| month.map_or(i64::MIN, i64::from);
                let months: Vec<i64> = months.into_iter().map(of).collect();
                ("months", months.into_pyarray(py)).into_bound_py_any(py)
            }
        }
    }
}

fn list_of(py: Python<'_>, columns: Columns) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::empty(py);
    for (name, column) in columns {
        list.append((name, column.into_python(py)?))?;
    }
    Ok(list)
}

/// A code of a category that may be missing.
fn code(place: Option<usize>) -> i32 {
    place
        .and_then(|place| i32::try_from(place).ok())
        .unwrap_or(-1)
}

/// Finished loans of Lending Club files: a dict of `features` and `outcomes` (columns), `read` (loans), `dropped` (loans
/// by reason) and `other_lines` (lines that are no loans, by kind).
#[pyfunction]
pub fn lending_club<'py>(
    py: Python<'py>,
    paths: Vec<PathBuf>,
    term: Option<u32>,
    include_off_policy: bool,
    map: BTreeMap<String, String>,
    features: Option<Vec<String>>,
) -> PyResult<Bound<'py, PyDict>> {
    let (book, selected, features, outcomes) = detached(py, || {
        let mut options = ReadOptions {
            columns: map,
            ..ReadOptions::default()
        };
        if let Some(features) = features {
            options.features = features;
        }
        let book = LoanBook::read_paths(&paths, &options).map_err(value_error)?;
        let selection = Selection {
            term,
            include_off_policy,
            ..Selection::default()
        };
        let selected = selection.select(&book);
        let features = features_of(&book, &selected.rows, &options.features)?;
        let outcomes = outcomes_of(&book, &selected.rows);
        Ok((book, selected, features, outcomes))
    })?;
    let dict = PyDict::new(py);
    dict.set_item("features", list_of(py, features)?)?;
    dict.set_item("outcomes", list_of(py, outcomes)?)?;
    dict.set_item("read", selected.read)?;
    let dropped = selected.dropped.iter();
    let dropped: BTreeMap<String, usize> = dropped.map(|(why, n)| (why.to_string(), *n)).collect();
    dict.set_item("dropped", dropped)?;
    let other = book.other_lines();
    let lines = PyDict::new(py);
    lines.set_item("notes", other.notes)?;
    lines.set_item("repeated_headers", other.repeated_headers)?;
    lines.set_item("sections", other.sections)?;
    lines.set_item("footers", other.footers)?;
    lines.set_item("blank", other.blank)?;
    dict.set_item("other_lines", lines)?;
    Ok(dict)
}

/// The features that the files have.
fn features_of(book: &LoanBook, rows: &[usize], wanted: &[String]) -> PyResult<Columns> {
    let mut columns = Columns::new();
    for name in wanted {
        if let Some((name, column)) = book.feature(name, rows).map_err(value_error)? {
            columns.push((name.to_owned(), column.into()));
        }
    }
    Ok(columns)
}

/// What is known only after the loan was listed.
fn outcomes_of(book: &LoanBook, rows: &[usize]) -> Columns {
    let loans = || rows.iter().map(|&row| book.loan(row));
    let statuses = [Status::FullyPaid, Status::ChargedOff, Status::Default];
    let place = |loan: Loan<'_>| statuses.iter().position(|status| *status == loan.status());
    let codes = loans().map(|loan| code(place(loan))).collect();
    let names = statuses.iter().map(ToString::to_string).collect();
    let months = |of: &dyn Fn(&Loan<'_>) -> Option<Month>| {
        let since_1970 = |month: Month| month.index() as i32 - 1970 * 12;
        Column::Months(loans().map(|loan| of(&loan).map(since_1970)).collect())
    };
    let is_bad = loans().map(|loan| match loan.label() {
        Some(label) => f64::from(u8::from(label.is_positive())),
        None => f64::NAN,
    });
    let mut columns = vec![
        (
            "loan_status".to_owned(),
            Column::Categories(codes, names, false),
        ),
        ("default".to_owned(), Column::Numbers(is_bad.collect())),
        (
            "issue_d".to_owned(),
            months(&|loan| Some(loan.issue_month())),
        ),
        (
            "last_pymnt_d".to_owned(),
            months(&|loan| loan.last_pymnt_month()),
        ),
    ];
    for name in [
        "id",
        "funded_amnt",
        "total_pymnt",
        "total_rec_prncp",
        "total_rec_int",
        "total_rec_late_fee",
        "recoveries",
        "collection_recovery_fee",
        "last_pymnt_amnt",
    ] {
        if let Some(values) = book.numbers(name, rows) {
            columns.push((name.to_owned(), Column::Numbers(values)));
        }
    }
    columns
}

/// A file of KEEL or ARFF: a dict of `features` (columns), `target` (its name and column), `classes` (negative, positive),
/// `weights` and `warnings`.
#[pyfunction]
pub fn keel<'py>(
    py: Python<'py>,
    path: PathBuf,
    target: Option<String>,
    positive: Option<String>,
) -> PyResult<Bound<'py, PyDict>> {
    let data = detached(py, || {
        let mut options = table::ReadOptions::default().with_format(Format::Keel);
        options.target = target;
        options.positive = positive;
        table::read(&path, &options).map_err(value_error)
    })?;
    let classes = data.class_names.to_vec();
    let codes = data.y.iter().map(|label| i32::from(label.is_positive()));
    let labels = Column::Categories(codes.collect(), classes.clone(), false);
    let columns = data.columns().into_iter();
    let columns = columns.map(|(name, column)| (name.to_owned(), column.into()));
    let columns = columns.collect();
    let dict = PyDict::new(py);
    dict.set_item("features", list_of(py, columns)?)?;
    dict.set_item("target", (data.target.as_str(), labels.into_python(py)?))?;
    dict.set_item("classes", classes)?;
    dict.set_item("weights", data.weights.clone())?;
    // Cells without a value are missing in the frame, not filled.
    let is_filled = |warning: &&TableWarning| matches!(warning, TableWarning::Imputed { .. });
    let warnings = data.warnings.iter().filter(|w| !is_filled(w));
    let warnings = warnings.map(ToString::to_string);
    dict.set_item("warnings", warnings.collect::<Vec<_>>())?;
    Ok(dict)
}
