//! What every shipped strategy says of itself: parameters, title, grid, needs.

use fuzzysvm_core::{Label, Matrix, Parameters as _, Samples};
use fuzzysvm_knn_entropy::{
    Auto, NeighborError, NeighborSearch, NeighborTable, Remembered, SearchKind,
};
use fuzzysvm_membership::{
    Efsvm, Iefsvm, Intuitionistic, Membership as _, MembershipKind, Strategy as _,
};
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

fn names(of: impl Fn(&MembershipKind) -> bool) -> Vec<&'static str> {
    let all = MembershipKind::all();
    all.iter()
        .filter(|k| of(k))
        .map(MembershipKind::name)
        .collect()
}

#[test]
fn every_parameter_has_words_and_reads_back() {
    for mut kind in MembershipKind::all() {
        let before = kind.clone();
        let params = kind.get_params();
        assert_eq!(params.len(), kind.param_specs().len(), "{kind}");
        for spec in kind.param_specs() {
            let words = [spec.rule, spec.help];
            assert!(words.iter().all(|w| !w.is_empty() && !w.ends_with('.')));
            let error = kind.set_param(spec.name, "\u{1f}").unwrap_err();
            assert_eq!(error.name, spec.name);
            assert_eq!(error.rule, format!("must be {}", spec.rule), "{kind}");
        }
        assert_eq!(kind, before, "a text that cannot be read changes nothing");
        assert_eq!(kind.with_params(&params).unwrap(), before);
    }
}

#[test]
fn parameters_are_those_of_the_fields() {
    let set = |name: &str, params: &[(&str, &str)]| {
        let kind: MembershipKind = name.parse().unwrap();
        kind.with_params(params).map_err(|e| e.to_string())
    };
    let expected = Iefsvm {
        ks: vec![3, 9],
        ..Iefsvm::default()
    };
    assert_eq!(set("iefsvm", &[("ks", "3,9")]), Ok(expected.into()));
    let gamma = |value| set("intuitionistic", &[("gamma", value)]);
    assert_eq!(gamma("scale"), Ok(Intuitionistic::default().into()));
    assert_eq!(gamma("0.5").unwrap().get_param("gamma").unwrap(), "0.5");
    assert_eq!(
        gamma("0").unwrap_err(),
        "parameter `gamma` is \"0\": must be scale, auto or a number above 0"
    );
    // Every setting is checked after all are set: 0.2 is out of range for ten bins, not for six.
    assert!(set("efsvm-binned", &[("beta", "0.2"), ("n_bins", "6")]).is_ok());
    assert_eq!(
        set("efsvm-binned", &[("beta", "0.2")]).unwrap_err(),
        "parameter `beta` is 0.2: must lie between 0 and 1/(n_bins - 1)"
    );
    assert_eq!(
        set("efsvm", &[("ks", "1")]).unwrap_err(),
        "parameter `ks` is unknown: must be one of n_neighbors, noise_aware, minority"
    );
    assert!(set("uniform", &[("minority", "smaller")]).is_err());
}

#[test]
fn titles_differ_and_grids_are_settings() {
    let titles: BTreeSet<_> = MembershipKind::all()
        .iter()
        .map(|k| k.info().title)
        .collect();
    assert_eq!(titles.len(), MembershipKind::NAMES.len());
    let mut points = Vec::new();
    for kind in MembershipKind::all() {
        let info = kind.info();
        assert!(
            !info.summary.is_empty() && !info.summary.ends_with('.') && !info.source.is_empty()
        );
        for (name, values) in info.grid {
            for value in *values {
                let set = kind.clone().with_params(&[(name, value)]).unwrap();
                assert_eq!(set.get_param(name).unwrap(), *value);
            }
        }
        if info.n_grid_points() > 1 {
            points.push((kind.name(), info.n_grid_points()));
        }
    }
    assert_eq!(points, [("efsvm", 8), ("fsvm-cil", 6), ("slack-factor", 3)]);
}

#[test]
fn every_strategy_says_what_it_needs() {
    assert_eq!(
        names(|k| !k.weighs_classes()),
        ["uniform", "fsvm", "lin-wang-time"]
    );
    assert_eq!(
        names(|k| !k.needs_features()),
        ["uniform", "class-cost", "lin-wang-time"]
    );
    assert_eq!(names(MembershipKind::needs_times), ["lin-wang-time"]);
    assert_eq!(
        names(MembershipKind::needs_first_model),
        ["slack-factor", "posterior"]
    );
    let cil: MembershipKind = "fsvm-cil".parse().unwrap();
    let cil = cil.with_params(&[("distance", "hyperplane")]).unwrap();
    assert!(cil.needs_first_model());
    // The two of FSVM-CIL alone play no part in some settings, one in each.
    let unmet = |kind: &MembershipKind| -> Vec<(&str, &str)> {
        let of = |name| kind.unmet_need(name).map(|need| (name, need));
        kind.param_specs()
            .iter()
            .filter_map(|p| of(p.name))
            .collect()
    };
    for kind in MembershipKind::all() {
        let expected = [("delta", "decay=linear"), ("beta", "decay=exponential")];
        for (decay, expected) in ["exponential", "linear"].iter().zip(expected) {
            match kind.clone().with_params(&[("decay", decay)]) {
                Ok(cil) => assert_eq!(unmet(&cil), [expected]),
                Err(_) => assert_eq!(unmet(&kind), [], "{kind} has no decay"),
            }
        }
    }
}

/// Counts the searches.
struct Counting(AtomicUsize);

impl NeighborSearch for &Counting {
    fn among_themselves(&self, x: Matrix<'_>, k: usize) -> Result<NeighborTable, NeighborError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Auto.among_themselves(x, k)
    }
    fn of_queries(
        &self,
        x: Matrix<'_>,
        queries: Matrix<'_>,
        k: usize,
    ) -> Result<NeighborTable, NeighborError> {
        Auto.of_queries(x, queries, k)
    }
}

#[test]
fn one_search_gives_the_memberships_of_all_strategies_of_entropies() {
    let x: Vec<f64> = (0..40).map(|i| f64::from(i * 17 % 41)).collect();
    let y: Vec<Label> = (0..40)
        .map(|i| Label::from_sign(if i % 4 == 0 { 1.0 } else { -1.0 }))
        .collect();
    let train = Samples::new(Matrix::new(&x, 2).unwrap(), &y[..20]).unwrap();
    let efsvm = |n_neighbors, noise_aware| {
        MembershipKind::from(Efsvm {
            n_neighbors,
            noise_aware,
            ..Efsvm::default()
        })
    };
    let searches = Counting(AtomicUsize::new(0));
    let search = Remembered::new(&searches, 15);
    let mut kinds = vec![efsvm(1, true), efsvm(9, false), efsvm(4, true)];
    kinds.extend(MembershipKind::all());
    let mut found = 0;
    for kind in &kinds {
        let Some(s) = kind.membership_by(&search, train) else {
            assert_eq!(kind.largest_neighborhood(), None);
            continue;
        };
        found += 1;
        assert_eq!(kind.plain().unwrap().membership(train), s, "{kind}");
    }
    assert_eq!((found, searches.0.load(Ordering::Relaxed)), (6, 1));

    for wrong in [efsvm(0, false), efsvm(20, false)] {
        let expected = wrong.plain().unwrap().membership(train).unwrap_err();
        assert_eq!(wrong.membership_by(&search, train), Some(Err(expected)));
    }
    let own = Efsvm {
        search: SearchKind::BruteForce,
        ..Efsvm::default()
    };
    assert_eq!(
        MembershipKind::from(own).membership_by(&search, train),
        None
    );
}

#[test]
fn the_book_has_every_strategy() {
    let page = include_str!("../../../../docs/src/membership.md");
    for name in MembershipKind::NAMES {
        assert!(page.contains(&format!("| `{name}`")), "{name}");
    }
}

/// `cargo fmt` does not follow the modules that a macro declares.
#[test]
fn the_files_of_the_strategies_are_formatted() {
    let root = env!("CARGO_MANIFEST_DIR");
    let files = std::fs::read_dir(format!("{root}/src/kind")).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024"]).args(files);
    match rustfmt.output() {
        Err(_) => eprintln!("skipped: there is no rustfmt"),
        Ok(output) => assert!(
            output.status.success(),
            "run `rustfmt --edition 2024 crates/membership/src/kind/*.rs`\n{}",
            String::from_utf8_lossy(&output.stdout)
        ),
    }
}
