//! The peers that the fuzzy SVMs are compared with: what each is tuned over, and its settings in words.

use std::collections::BTreeMap;

use fuzzysvm_baselines::{
    BaselineKind, CsAdaBoost, CsRandomForest, CsXgBoost, EasyEnsemble, RusBoost, WElm,
};
use fuzzysvm_core::ParamError;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{LearnerSetting, MethodKind, WaySettings};

/// The small grid that every peer is tuned over: rounds for the boosted ones, leaf sizes for the forest,
/// units and C for w-ELM, depth for gradient boosting.
pub fn peer_grid() -> Vec<BaselineKind> {
    let rounds = [10, 50];
    let mut grid = Vec::new();
    grid.extend(rounds.map(|n_estimators| {
        BaselineKind::from(CsAdaBoost {
            n_estimators,
            ..CsAdaBoost::default()
        })
    }));
    grid.extend([1, 10, 40].map(|min_samples_leaf| {
        let mut forest = CsRandomForest::default();
        forest.tree.min_samples_leaf = min_samples_leaf;
        BaselineKind::from(forest)
    }));
    grid.extend(rounds.map(|n_estimators| {
        BaselineKind::from(EasyEnsemble {
            n_estimators,
            ..EasyEnsemble::default()
        })
    }));
    grid.extend(rounds.map(|n_estimators| {
        BaselineKind::from(RusBoost {
            n_estimators,
            ..RusBoost::default()
        })
    }));
    for n_hidden in [50, 200] {
        grid.extend([4, 8, 12].map(|exponent| {
            BaselineKind::from(WElm {
                n_hidden,
                c: 2f64.powi(exponent),
                ..WElm::default()
            })
        }));
    }
    grid.extend([1, 2, 4].map(|max_depth| {
        BaselineKind::from(CsXgBoost {
            n_estimators: 50,
            learning_rate: 0.1,
            max_depth,
            ..CsXgBoost::default()
        })
    }));
    grid
}

/// Checks the parameters of the peers, and that every peer among the methods has some.
///
/// # Errors
/// [`ParamError`] for the first rule that is broken.
pub fn check_peers(methods: &[MethodKind], peers: &[BaselineKind]) -> Result<(), ParamError> {
    for kind in peers {
        kind.validate()?;
    }
    for &method in methods.iter().filter(|m| m.is_peer()) {
        ParamError::check(
            of_method(method, peers).next().is_some(),
            "peers",
            0.0,
            "must have parameters for every peer among the methods",
        )?;
    }
    Ok(())
}

/// What a peer is tuned over, in words: the parameters in which its entries differ, then their values,
/// say `n_hidden c: 50 16, 50 256`. `None` for a method without such entries, or with a single one.
pub fn peer_grid_in_words(method: MethodKind, peers: &[BaselineKind]) -> Option<String> {
    let differences = Differences::of(of_method(method, peers));
    if differences.names.is_empty() {
        return None;
    }
    let entries: Vec<String> = differences.values.iter().map(|v| v.join(" ")).collect();
    Some(format!(
        "{}: {}",
        differences.names.join(" "),
        entries.join(", ")
    ))
}

/// The settings of a peer. Its seed comes from a random stream of its own.
pub(super) fn learners(method: MethodKind, settings: &WaySettings) -> Vec<LearnerSetting> {
    let place = BaselineKind::NAMES.iter().position(|&n| n == method.id());
    let mut stream = ChaCha8Rng::seed_from_u64(settings.seed);
    // The first one is that of the shuffles.
    stream.set_stream(1 + place.unwrap_or(0) as u64);
    let seed = stream.next_u64();
    let differences = Differences::of(of_method(method, &settings.peers));
    of_method(method, &settings.peers)
        .zip(&differences.values)
        .map(|(kind, values)| {
            let pairs = differences.names.iter().zip(values);
            let words: Vec<String> = pairs.map(|(name, v)| format!("{name}={v}")).collect();
            LearnerSetting {
                setting: words.join(", "),
                learner: Box::new(kind.clone().with_seed(seed)),
            }
        })
        .collect()
}

fn of_method(method: MethodKind, peers: &[BaselineKind]) -> impl Iterator<Item = &BaselineKind> {
    peers.iter().filter(move |kind| kind.name() == method.id())
}

/// The parameters in which entries differ, and their values, one list an entry.
struct Differences {
    names: Vec<String>,
    values: Vec<Vec<String>>,
}

impl Differences {
    fn of<'a>(entries: impl Iterator<Item = &'a BaselineKind>) -> Self {
        let entries: Vec<BTreeMap<String, String>> = entries
            .map(|kind| {
                let settings = kind.settings().into_iter();
                settings.map(|s| (s.name, s.value)).collect()
            })
            .collect();
        let mut names: Vec<String> = entries.iter().flat_map(|e| e.keys().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| {
            let first = entries.first().and_then(|e| e.get(name));
            entries.iter().any(|e| e.get(name) != first)
        });
        let value = |entry: &BTreeMap<String, String>, name: &String| {
            entry.get(name).cloned().unwrap_or_else(|| "–".to_owned())
        };
        let values = entries
            .iter()
            .map(|e| names.iter().map(|name| value(e, name)).collect())
            .collect();
        Self { names, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(method: MethodKind) -> Vec<String> {
        let settings = WaySettings {
            ks: vec![1],
            peers: peer_grid(),
            seed: 3,
        };
        learners(method, &settings)
            .into_iter()
            .map(|s| s.setting)
            .collect()
    }

    #[test]
    fn the_grid_is_told_by_what_differs_in_it() {
        assert_eq!(
            words(MethodKind::RusBoost),
            ["n_estimators=10", "n_estimators=50"]
        );
        assert_eq!(words(MethodKind::WElm)[3], "c=16, n_hidden=200");
        let told = |method| peer_grid_in_words(method, &peer_grid());
        assert_eq!(
            told(MethodKind::CsRandomForest).as_deref(),
            Some("min_samples_leaf: 1, 10, 40")
        );
        assert_eq!(told(MethodKind::Svm), None);
        let one = [BaselineKind::from(WElm::default())];
        assert_eq!(peer_grid_in_words(MethodKind::WElm, &one), None);
        for method in MethodKind::ALL {
            assert_eq!(words(method).is_empty(), !method.is_peer());
        }
    }

    #[test]
    fn every_peer_needs_parameters_within_their_range() {
        let grid = peer_grid();
        assert_eq!(check_peers(&MethodKind::ALL, &grid), Ok(()));
        assert_eq!(check_peers(&[MethodKind::Svm], &[]), Ok(()));
        let e = check_peers(&[MethodKind::WElm], &grid[..3]).unwrap_err();
        assert!(e.to_string().contains("`peers`"), "{e}");
        let bad = [BaselineKind::from(RusBoost {
            n_estimators: 0,
            ..RusBoost::default()
        })];
        assert!(check_peers(&[], &bad).is_err());
    }
}
