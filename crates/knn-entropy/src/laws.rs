//! What every search and every entropy must satisfy, as functions to call on your own.
//!
//! Each returns `Err` with a sentence where the law does not hold.

use crate::range::Length;
use crate::{NeighborSearch, NeighborTable, class_entropy, positive_neighbors};
use fuzzysvm_core::{Label, Matrix};
use std::f64::consts::LN_2;

/// The definition of the search, in the plainest form: measure all, sort by (distance, index), leave
/// out `excluded`, take k. Distances are measured in a unit that fits, their squares returned.
pub fn definition(
    points: Matrix<'_>,
    query: &[f64],
    k: usize,
    excluded: Option<usize>,
) -> (Vec<u32>, Vec<f64>) {
    let mut all: Vec<(Length, usize)> = points
        .rows()
        .enumerate()
        .filter(|&(j, _)| Some(j) != excluded)
        .map(|(j, row)| (Length::between(query, row), j))
        .collect();
    all.sort_by(|a, b| a.0.order(&b.0).then(a.1.cmp(&b.1)));
    all.truncate(k);
    (
        all.iter().map(|&(_, j)| j as u32).collect(),
        all.iter().map(|(length, _)| length.square()).collect(),
    )
}

fn row_is(table: &NeighborTable, i: usize, expected: &(Vec<u32>, Vec<f64>)) -> Result<(), String> {
    let found = (table.neighbors(i), table.squared_distances(i));
    if found.0 == expected.0 && found.1 == expected.1 {
        Ok(())
    } else {
        Err(format!(
            "query {i}: found {found:?}, by definition {expected:?}"
        ))
    }
}

/// The search equals the [`definition`] to the last bit: neighbors, distances, ties.
///
/// # Errors
/// The first query that differs, or the search's own error.
pub fn search_is_exact<S: NeighborSearch + ?Sized>(
    search: &S,
    points: Matrix<'_>,
    k: usize,
) -> Result<(), String> {
    let table = search
        .among_themselves(points, k)
        .map_err(|e| e.to_string())?;
    if (table.k(), table.n_queries(), table.n_points()) != (k, points.n_rows(), points.n_rows()) {
        return Err("the table does not have the requested shape".into());
    }
    (0..points.n_rows())
        .try_for_each(|i| row_is(&table, i, &definition(points, points.row(i), k, Some(i))))
}

/// As [`search_is_exact`] for separate queries, of which none is left out.
///
/// # Errors
/// The first query that differs, or the search's own error.
pub fn queries_are_exact<S: NeighborSearch + ?Sized>(
    search: &S,
    points: Matrix<'_>,
    queries: Matrix<'_>,
    k: usize,
) -> Result<(), String> {
    let table = search
        .of_queries(points, queries, k)
        .map_err(|e| e.to_string())?;
    (0..queries.n_rows())
        .try_for_each(|i| row_is(&table, i, &definition(points, queries.row(i), k, None)))
}

/// No sample is its own neighbor, however many duplicates it has.
///
/// # Errors
/// The first sample that finds itself.
pub fn never_itself<S: NeighborSearch + ?Sized>(
    search: &S,
    points: Matrix<'_>,
    k: usize,
) -> Result<(), String> {
    let table = search
        .among_themselves(points, k)
        .map_err(|e| e.to_string())?;
    match (0..table.n_queries()).find(|&i| table.neighbors(i).contains(&(i as u32))) {
        Some(i) => Err(format!("sample {i} is among its own neighbors")),
        None => Ok(()),
    }
}

/// A search with a smaller k is a prefix of one with a larger k.
///
/// # Errors
/// The first sample for which it is not.
pub fn smaller_k_is_a_prefix<S: NeighborSearch + ?Sized>(
    search: &S,
    points: Matrix<'_>,
    k_small: usize,
    k_large: usize,
) -> Result<(), String> {
    let small = search
        .among_themselves(points, k_small)
        .map_err(|e| e.to_string())?;
    let large = search
        .among_themselves(points, k_large)
        .map_err(|e| e.to_string())?;
    for i in 0..points.n_rows() {
        if small.neighbors(i) != &large.neighbors(i)[..k_small] {
            return Err(format!(
                "sample {i}: k = {k_small} is no prefix of k = {k_large}"
            ));
        }
    }
    Ok(())
}

/// Every entropy lies in [0, ln 2] and is 0 exactly where the neighborhood is pure.
///
/// # Errors
/// The first entropy that breaks it.
pub fn entropy_is_zero_exactly_where_pure(
    table: &NeighborTable,
    y: &[Label],
    ks: &[usize],
) -> Result<(), String> {
    let entropy = class_entropy(table, y, ks).map_err(|e| e.to_string())?;
    let positive = positive_neighbors(table, y, ks).map_err(|e| e.to_string())?;
    for (at, (&h, &p)) in entropy.iter().zip(&positive).enumerate() {
        let k = ks[at % ks.len()];
        let pure = p == 0 || p as usize == k;
        if !(0.0..=LN_2).contains(&h) || pure != (h == 0.0) {
            let i = at / ks.len();
            return Err(format!("sample {i}, k = {k}: {p} positive, entropy {h}"));
        }
    }
    Ok(())
}

/// Swapping the two classes does not change an entropy.
///
/// # Errors
/// A sentence where it does.
pub fn entropy_does_not_name_a_class(
    table: &NeighborTable,
    y: &[Label],
    ks: &[usize],
) -> Result<(), String> {
    let swapped: Vec<Label> = y.iter().map(|l| l.flipped()).collect();
    let one = class_entropy(table, y, ks).map_err(|e| e.to_string())?;
    let other = class_entropy(table, &swapped, ks).map_err(|e| e.to_string())?;
    if one == other {
        Ok(())
    } else {
        Err("swapping the labels changes an entropy".into())
    }
}
