//! Choosing parameters by cross-validation.

use fuzzysvm::core::Samples;
use fuzzysvm::estimator::method::{ParamPair, find};
use fuzzysvm::estimator::tuning::{Found, Search, Strategy, Tried};
use fuzzysvm::estimator::{Candidate, CandidateWeights, SearchSpace, Warning};
use fuzzysvm::evaluation::{Fold, Score, stratified_k_fold};
use numpy::{IntoPyArray as _, PyArray1, PyArrayMethods as _, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::detached::detached;
use crate::fit::SvmParams;
use crate::input::{
    Classes, Column, KernelParams, Table, estimator, labels, matrix, numbers, value_error,
};

/// Row numbers.
type Rows<'py> = PyReadonlyArray1<'py, usize>;
/// Parameters of a method, each with the values to try.
type Grid = Vec<(String, Vec<String>)>;
/// The rows of the training and of the test part of a fold.
type Parts<'py> = (Bound<'py, PyArray1<usize>>, Bound<'py, PyArray1<usize>>);

/// The training and the test rows of every fold of a stratified split, as the command line makes it.
#[pyfunction]
pub fn stratified_folds<'py>(
    py: Python<'py>,
    positive: Classes<'py>,
    n_folds: usize,
    seed: u64,
) -> PyResult<Vec<Parts<'py>>> {
    let folds = stratified_k_fold(&labels(&positive)?, n_folds, seed).map_err(value_error)?;
    let parts = |fold: Fold| (fold.train.into_pyarray(py), fold.test.into_pyarray(py));
    Ok(folds.into_iter().map(parts).collect())
}

/// What is tried.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct SearchParams {
    /// Memberships with what is given in place of their own grids.
    methods: Vec<(String, Grid)>,
    c: Option<Vec<f64>>,
    gamma: Option<Vec<f64>>,
    score: String,
    /// Whether C and γ are looked for by halving, and the seed of its draws.
    halving: Option<u64>,
}

/// Tries every membership, C and γ on every fold; the Gram matrices of a fold and the neighbors of its EFSVM settings
/// are shared. `names` are those of the features and of the negative and the positive class.
///
/// Returns a dict: `candidates`, a list of the place of a membership and its parameters; of every point in the order of
/// the search `c`, `gamma` (NaN without one), `candidate`, `score` and `fold_scores`; `best`, the place of the first of
/// the best ones; `fits`, `unconverged`, `warnings`; by halving `round`, counted from 0, and `rows` of every point.
#[pyfunction]
#[pyo3(signature = (x, positive, search, kernel, svm, folds, names, sample_weight=None))]
#[expect(clippy::too_many_arguments, reason = "one call from Python")]
pub fn tune<'py>(
    py: Python<'py>,
    x: Table<'py>,
    positive: Classes<'py>,
    search: SearchParams,
    kernel: KernelParams,
    svm: SvmParams,
    folds: Vec<(Rows<'py>, Rows<'py>)>,
    names: (Vec<String>, [String; 2]),
    sample_weight: Option<Column<'py>>,
) -> PyResult<Bound<'py, PyDict>> {
    let (features, classes) = names;
    let (x, y) = (matrix(&x)?, labels(&positive)?);
    let weights = sample_weight.as_ref().map(numbers).transpose()?;
    let rows = |rows: &Rows<'_>| rows.as_slice().map(<[usize]>::to_vec).map_err(value_error);
    let fold = |(train, test): &(Rows<'_>, Rows<'_>)| -> PyResult<Fold> {
        let (train, test) = (rows(train)?, rows(test)?);
        Ok(Fold { train, test })
    };
    let folds = folds.iter().map(fold).collect::<PyResult<Vec<_>>>()?;
    let n_train = folds.iter().map(|f| f.train.len()).min().unwrap_or(0);
    let score: Score = search.score.parse().map_err(value_error)?;

    let (mut candidates, mut of_method) = (Vec::new(), Vec::new());
    let mut left_out: Vec<Warning> = Vec::new();
    for (place, (method, given)) in search.methods.into_iter().enumerate() {
        let (points, warning) = memberships(&method, given, n_train)?;
        let params = |c: &Candidate<CandidateWeights>| (place, c.params.clone());
        of_method.extend(points.iter().map(params));
        candidates.extend(points);
        left_out.extend(warning.filter(|w| !left_out.contains(w)));
    }
    let mut settings = Search::new(SearchSpace::Memberships(candidates));
    settings.svm = svm.spec(&kernel)?;
    settings.c = search.c;
    settings.gamma = search.gamma;
    settings.score = score;
    if let Some(seed) = search.halving {
        settings.strategy = Strategy::Halving;
        settings.seed = seed;
    }
    let mut found = detached(py, || {
        let train = Samples::new(x, &y).map_err(value_error)?;
        let found = settings.run_samples(&features, &classes, train, weights, &folds);
        found.map_err(value_error)
    })?;
    found.warnings.splice(0..0, left_out);
    dict_of(py, found, of_method, folds.len())
}

/// The settings of a membership that are tried. Default neighborhood sizes that the smallest training part does not
/// allow are left out with a warning; sizes that are given stay, and are an error later.
fn memberships(
    method: &str,
    given: Grid,
    n_train: usize,
) -> PyResult<(Vec<Candidate<CandidateWeights>>, Option<Warning>)> {
    let (base, warning) = estimator(method, &[], n_train)?;
    let warning = warning.filter(|_| given.iter().all(|(name, _)| name != "ks"));
    let grid = find(method).map_err(value_error)?.grid_with(given);
    match SearchSpace::of_grid(&base.method, &grid).map_err(value_error)? {
        SearchSpace::Memberships(points) => Ok((points, warning)),
        _ => Err(value_error(format_args!("{method} is not a membership"))),
    }
}

fn dict_of<'py>(
    py: Python<'py>,
    found: Found,
    candidates: Vec<(usize, Vec<ParamPair>)>,
    n_folds: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let tried = &found.tried;
    let column = |of: fn(&Tried) -> f64| -> Vec<f64> { tried.iter().map(of).collect() };
    let of_folds: Vec<f64> = tried
        .iter()
        .flat_map(|point| point.fold_scores.iter().flatten().copied())
        .collect();
    let whole =
        |of: fn(&Tried) -> Option<usize>| -> Option<Vec<usize>> { tried.iter().map(of).collect() };
    let of_candidates: Vec<usize> = tried.iter().map(|point| point.candidate).collect();
    let warnings: Vec<String> = found.warnings.iter().map(ToString::to_string).collect();
    let dict = PyDict::new(py);
    dict.set_item("candidates", candidates)?;
    dict.set_item("c", column(|t| t.c.unwrap_or(f64::NAN)).into_pyarray(py))?;
    dict.set_item(
        "gamma",
        column(|t| t.gamma.unwrap_or(f64::NAN)).into_pyarray(py),
    )?;
    dict.set_item("score", column(|t| t.score).into_pyarray(py))?;
    let shape = [tried.len(), n_folds];
    dict.set_item("fold_scores", of_folds.into_pyarray(py).reshape(shape)?)?;
    dict.set_item("candidate", of_candidates.into_pyarray(py))?;
    if let Some(rounds) = whole(|t| t.round.map(|round| round - 1)) {
        dict.set_item("round", rounds.into_pyarray(py))?;
    }
    if let Some(rows) = whole(|t| t.rows) {
        dict.set_item("rows", rows.into_pyarray(py))?;
    }
    dict.set_item("best", found.best)?;
    dict.set_item("fits", found.fits)?;
    dict.set_item("unconverged", found.unconverged)?;
    dict.set_item("warnings", warnings)?;
    Ok(dict)
}
