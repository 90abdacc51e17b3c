//! All units, in parallel, and what they add up to.

use std::sync::atomic::{AtomicUsize, Ordering};

use fuzzysvm_evaluation::{Fold, repeated_stratified_k_fold};
use rayon::prelude::*;

use super::results::{CompareResults, Skipped, UnitOutcome};
use super::unit::{self, Place};
use super::{CompareError, CompareSettings, DataSet, SetError, aggregate};

/// Compares the methods on the data sets.
///
/// `on_finished` is handed every unit as it ends, from any thread and in any order. Units run in
/// parallel on the current rayon pool, the largest data sets first; the result does not depend on how
/// many threads it has. A data set that cannot take part, or has the samples of an earlier one, is left out and stands in
/// [`CompareResults::skipped`].
///
/// # Errors
/// [`CompareError`]: settings, names, or no data set that can take part.
pub fn run(
    sets: &[DataSet],
    settings: &CompareSettings,
    on_finished: &(dyn Fn(&UnitOutcome) + Sync),
) -> Result<CompareResults, CompareError> {
    resume(sets, settings, Vec::new(), on_finished)
}

/// Resumes a run: as [`run`], but the units in `finished` are not repeated. The result is
/// that of an uninterrupted run, provided that they were found with the same data and settings (up to the
/// number of repetitions). Units that are not asked for are left out.
///
/// # Errors
/// As [`run`].
pub fn resume(
    sets: &[DataSet],
    settings: &CompareSettings,
    finished: Vec<UnitOutcome>,
    on_finished: &(dyn Fn(&UnitOutcome) + Sync),
) -> Result<CompareResults, CompareError> {
    settings.validate()?;
    check_names(sets)?;
    let splits: Vec<Result<Vec<Fold>, SetError>> = (0..sets.len())
        .map(|i| match same_as(sets, i) {
            Some(first) => Err(SetError::Same {
                first: first.source().to_owned(),
            }),
            None => split(&sets[i], settings),
        })
        .collect();
    let mut known = Known::new(finished, settings);
    let (mut outcomes, mut open) = (Vec::new(), Vec::new());
    for (set, folds) in splits.iter().enumerate() {
        for number in 0..folds.as_ref().map_or(0, Vec::len) {
            let place = Place {
                set,
                repeat: number / settings.folds,
                fold: number % settings.folds,
            };
            match known.take(sets[set].name(), place) {
                Some(outcome) => outcomes.push((place, Ok(outcome))),
                None => open.push(place),
            }
        }
    }
    outcomes.extend(run_units(sets, &splits, settings, open, on_finished));

    let mut of_sets: Vec<Vec<(Place, UnitOutcome)>> = vec![Vec::new(); sets.len()];
    let mut errors: Vec<Option<(usize, SetError)>> = splits
        .into_iter()
        .map(|split| split.err().map(|e| (0, e)))
        .collect();
    for (place, outcome) in outcomes {
        match outcome {
            Ok(outcome) => of_sets[place.set].push((place, outcome)),
            Err(source) => {
                // The first unit that fails, in order, is reported.
                let number = place.repeat * settings.folds + place.fold;
                let error = &mut errors[place.set];
                if error.as_ref().is_none_or(|(first, _)| number < *first) {
                    let (repeat, fold) = (place.repeat, place.fold);
                    let source = SetError::Unit {
                        repeat,
                        fold,
                        source,
                    };
                    *error = Some((number, source));
                }
            }
        }
    }
    let (mut used, mut skipped) = (Vec::new(), Vec::new());
    for ((set, mut units), error) in sets.iter().zip(of_sets).zip(errors) {
        match error {
            None => {
                units.sort_by_key(|(place, _)| (place.repeat, place.fold));
                used.push((set, units.into_iter().map(|(_, u)| u).collect()));
            }
            Some((_, reason)) => skipped.push(Skipped {
                name: set.name().to_owned(),
                source: set.source().to_owned(),
                reason: reason.to_string(),
            }),
        }
    }
    if used.is_empty() {
        return Err(CompareError::NoneLeft { skipped });
    }
    aggregate::assemble(settings, used, skipped)
}

/// Runs one unit alone, for instance on another machine: what it finds goes into [`resume`] there or here. `set` is the
/// place of the data set among `sets`, `unit` counts the folds of its repetitions: repetition · folds + fold.
///
/// # Errors
/// Why the set cannot take part, which [`resume`] says in the results; or there is no such set or unit.
pub fn run_unit(
    sets: &[DataSet],
    settings: &CompareSettings,
    set: usize,
    unit: usize,
) -> Result<UnitOutcome, SetError> {
    let none = || SetError::NoUnit { set, unit };
    let data = sets.get(set).ok_or_else(none)?;
    // Refused unless there are two folds or more.
    let splits = split(data, settings)?;
    let split = splits.get(unit).ok_or_else(none)?;
    let place = Place {
        set,
        repeat: unit / settings.folds,
        fold: unit % settings.folds,
    };
    let outcome = unit::run(data, split, place, settings);
    outcome.map_err(|source| SetError::Unit {
        repeat: place.repeat,
        fold: place.fold,
        source,
    })
}

fn check_names(sets: &[DataSet]) -> Result<(), CompareError> {
    if sets.is_empty() {
        return Err(CompareError::NoSets);
    }
    for (i, set) in sets.iter().enumerate() {
        if sets[..i].iter().any(|s| s.name() == set.name()) {
            return Err(CompareError::SameName {
                name: set.name().to_owned(),
            });
        }
    }
    Ok(())
}

/// An earlier set with the same samples in the same order.
pub(super) fn same_as(sets: &[DataSet], i: usize) -> Option<&DataSet> {
    let same = |other: &&DataSet| other.x() == sets[i].x() && other.y() == sets[i].y();
    sets[..i].iter().find(same)
}

fn split(set: &DataSet, settings: &CompareSettings) -> Result<Vec<Fold>, SetError> {
    let (folds, repeats) = (settings.folds, settings.repeats);
    repeated_stratified_k_fold(set.y(), folds, repeats, settings.seed)
        .map_err(|source| SetError::Split { folds, source })
}

/// Finished units of an earlier run.
struct Known {
    units: Vec<UnitOutcome>,
    n_methods: usize,
}

impl Known {
    fn new(units: Vec<UnitOutcome>, settings: &CompareSettings) -> Self {
        Self {
            units,
            n_methods: settings.methods.len(),
        }
    }

    fn take(&mut self, set: &str, place: Place) -> Option<UnitOutcome> {
        let at = self.units.iter().position(|u| {
            (u.set.as_str(), u.repeat, u.fold) == (set, place.repeat, place.fold)
                && u.methods.len() == self.n_methods
        })?;
        Some(self.units.swap_remove(at))
    }
}

type Outcome = (Place, Result<UnitOutcome, super::UnitError>);

/// Runs the units, those of the largest data sets first, so that no thread is left alone with one of
/// them at the end.
fn run_units(
    sets: &[DataSet],
    splits: &[Result<Vec<Fold>, SetError>],
    settings: &CompareSettings,
    mut open: Vec<Place>,
    on_finished: &(dyn Fn(&UnitOutcome) + Sync),
) -> Vec<Outcome> {
    // Stable: the units of a set stay in their order.
    open.sort_by_key(|place| (std::cmp::Reverse(sets[place.set].cost()), place.set));
    // The first failed unit of every set: those after it need not be run, those before it must, so
    // that the reason reported does not depend on which thread was faster.
    let failed: Vec<AtomicUsize> = sets.iter().map(|_| AtomicUsize::new(usize::MAX)).collect();
    // Rayon would deal the list out in halves; this takes it from the front.
    let next = AtomicUsize::new(0);
    (0..open.len())
        .into_par_iter()
        .with_max_len(1)
        .filter_map(|_| {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let place = *open.get(at)?;
            let failed = &failed[place.set];
            let number = place.repeat * settings.folds + place.fold;
            if failed.load(Ordering::Relaxed) < number {
                return None;
            }
            let fold = splits[place.set].as_ref().ok()?.get(number)?;
            let outcome = unit::run(&sets[place.set], fold, place, settings);
            match &outcome {
                Ok(outcome) => on_finished(outcome),
                Err(_) => {
                    failed.fetch_min(number, Ordering::Relaxed);
                }
            }
            Some((place, outcome))
        })
        .collect()
}
