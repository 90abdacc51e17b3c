//! Nine points on a line, every strategy worked by hand; and the hole, and its option.

use fuzzysvm_core::{ClassCounts, Label, Matrix, Samples};
use fuzzysvm_membership::{
    Angle, ClassCenter, ClassCost, Efsvm, EfsvmBinned, Iefsvm, Membership, MinorityClass, Uniform,
    neighborhood_entropy,
};
use std::f64::consts::LN_2;

const N: Label = Label::Negative;
const P: Label = Label::Positive;

/// Gaps 1.0, 1.1, …, 1.7, so that no distances tie. n₊ = 3, n₋ = 6, IR = 2.
///
/// | sample | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |
/// | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
/// | 5 nearest | 1 2 3 4 5 | 0 2 3 4 5 | 1 3 0 4 5 | 2 4 1 5 0 | | 4 6 3 7 2 | | | 7 6 5 4 3 |
/// | classes | NNNPN | NNNPN | NNNPN | NPNNN | P | PPNPN | P | P | PPNPN |
const X: [f64; 9] = [0.0, 1.0, 2.1, 3.3, 4.6, 6.0, 7.5, 9.1, 10.8];
const Y: [Label; 9] = [N, N, N, N, P, N, P, P, N];

fn of<M: Membership>(strategy: &M) -> Vec<f64> {
    let train = Samples::new(Matrix::new(&X, 1).unwrap(), &Y).unwrap();
    strategy.membership(train).unwrap()
}

#[track_caller]
fn close(found: &[f64], expected: &[f64], tol: f64) {
    assert_eq!(found.len(), expected.len());
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!(
            (f - e).abs() <= tol,
            "sample {i}: {f}, expected {e}\n{found:?}"
        );
    }
}

/// Entropy of a in k, written another way than in the library: ln k − (a ln a + b ln b)/k.
fn h(a: f64, k: f64) -> f64 {
    let b = k - a;
    k.ln() - (a * a.ln() + b * b.ln()) / k
}

#[test]
fn uniform_is_one() {
    assert_eq!(of(&Uniform {}), [1.0; 9]);
}

#[test]
fn class_cost_is_one_over_ir() {
    let s = of(&ClassCost::default());
    assert_eq!(s, [0.5, 0.5, 0.5, 0.5, 1.0, 0.5, 1.0, 1.0, 0.5]);
}

#[test]
fn class_center_measures_to_the_own_mean() {
    // Negative: mean (0 + 1 + 2.1 + 3.3 + 6 + 10.8)/6 = 23.2/6 = 3.866667, radius 10.8 − 3.866667.
    // Positive: mean (4.6 + 7.5 + 9.1)/3 = 21.2/3 = 7.066667, radius 7.066667 − 4.6.
    let (m, p) = (23.2 / 6.0, 21.2 / 3.0);
    let (rm, rp) = (10.8 - m + 1e-6, p - 4.6 + 1e-6);
    let plain = [
        1.0 - m / rm,
        1.0 - (m - 1.0) / rm,
        1.0 - (m - 2.1) / rm,
        1.0 - (m - 3.3) / rm,
        1.0 - (p - 4.6) / rp,
        1.0 - (6.0 - m) / rm,
        1.0 - (7.5 - p) / rp,
        1.0 - (9.1 - p) / rp,
        1.0 - (10.8 - m) / rm,
    ];
    close(&of(&ClassCenter::default()), &plain, 1e-13);
    assert!((plain[0] - 0.4423).abs() < 5e-5 && (plain[6] - 0.8243).abs() < 5e-5);
    // With the class ratio the negatives are halved.
    let ratio = ClassCenter {
        class_ratio: true,
        ..ClassCenter::default()
    };
    let halved: Vec<f64> = plain
        .iter()
        .zip(Y)
        .map(|(s, y)| if y == N { s / 2.0 } else { *s })
        .collect();
    close(&of(&ratio), &halved, 1e-13);
}

#[test]
fn efsvm_is_one_minus_entropy_over_ir() {
    // k = 3: samples 0, 1, 2 have NNN, 3 has NPN, 5 and 8 have PPN. H(1 of 3) = H(2 of 3) = 0.6365.
    let mixed = (1.0 - h(1.0, 3.0)) / 2.0;
    assert!((mixed - 0.1817).abs() < 5e-5);
    let k3 = [0.5, 0.5, 0.5, mixed, 1.0, mixed, 1.0, 1.0, mixed];
    let efsvm = Efsvm {
        n_neighbors: 3,
        ..Efsvm::default()
    };
    close(&of(&efsvm), &k3, 1e-15);

    // Candidates: k = 1 is pure everywhere; k = 5 has one of five (0.5004) and three of five (0.6730).
    let (one, three) = ((1.0 - h(1.0, 5.0)) / 2.0, (1.0 - h(3.0, 5.0)) / 2.0);
    let train = Samples::new(Matrix::new(&X, 1).unwrap(), &Y).unwrap();
    let candidates = Efsvm::default().candidates(train, &[1, 3, 5]).unwrap();
    close(&candidates[0], &of(&ClassCost::default()), 0.0);
    close(&candidates[1], &k3, 1e-15);
    close(
        &candidates[2],
        &[one, one, one, one, 1.0, three, 1.0, 1.0, three],
        1e-15,
    );
}

#[test]
fn noise_aware_efsvm_goes_on_falling_where_the_minority_prevails() {
    // k = 3: 5 and 8 have p = 2/3 > 1/2, so U = 2 ln 2 − 0.6365 = 0.7498 and s = 0.2502/2.
    let mixed = (1.0 - h(1.0, 3.0)) / 2.0;
    let prevailed = (1.0 - (2.0 * LN_2 - h(1.0, 3.0))) / 2.0;
    assert!((prevailed - 0.1251).abs() < 5e-5);
    let aware = Efsvm {
        n_neighbors: 3,
        noise_aware: true,
        ..Efsvm::default()
    };
    close(
        &of(&aware),
        &[0.5, 0.5, 0.5, mixed, 1.0, prevailed, 1.0, 1.0, prevailed],
        1e-15,
    );
}

#[test]
fn efsvm_binned_steps_down_from_bin_to_bin() {
    // k = 7, the classes of all other samples but the farthest:
    //   0: NNNPNPP  1: NNNPNPP  2: NNNPNPP  3: 2 4 1 5 0 6 7 = NPNNNPP, three of seven each (0.6829);
    //   5: 4 6 3 7 2 8 1 = PPNPNNN three of seven; 8: 7 6 5 4 3 2 1 = PPNPNNN three of seven.
    // All alike: the first bin.
    assert_eq!(of(&EfsvmBinned::default()), [1.0; 9]);

    // k = 3: entropies 0 and 0.6365 only: first and last bin of ten, s = 1 and 1 − 9·0.05 = 0.55.
    let k3 = EfsvmBinned {
        n_neighbors: 3,
        ..EfsvmBinned::default()
    };
    let last = 0.55;
    close(
        &of(&k3),
        &[1.0, 1.0, 1.0, last, 1.0, last, 1.0, 1.0, last],
        1e-15,
    );
    // At the limit β = 1/(m − 1) the last bin is exactly 0, whatever m.
    for n_bins in 2..40 {
        let limit = EfsvmBinned {
            n_bins,
            beta: 1.0 / (n_bins - 1) as f64,
            ..k3
        };
        let s = of(&limit);
        assert!(s[3] >= 0.0 && s[3] < 1e-15, "m = {n_bins}: {}", s[3]);
    }
}

#[test]
fn iefsvm_is_the_polar_form_of_mean_and_deviation() {
    // Entropies at k = 1, 3, 5:
    //   0, 1, 2: 0, 0, H(1/5);  3: 0, H(1/3), H(1/5);  5, 8: 0, H(2/3), H(3/5).
    // d² = μ² + σ² is the mean of the squares, and σ² = d² − μ².
    let a = |e: [f64; 3], angle: Angle| {
        let mean = e.iter().sum::<f64>() / 3.0;
        let d2 = e.iter().map(|v| v * v).sum::<f64>() / 3.0;
        let sd = (d2 - mean * mean).sqrt();
        d2.sqrt()
            * match angle {
                Angle::MeanOverStd => (mean / sd).atan(),
                Angle::StdOverMean => (sd / mean).atan(),
            }
    };
    let (h13, h15, h35) = (h(1.0, 3.0), h(1.0, 5.0), h(3.0, 5.0));
    let expected = |angle| {
        let low = a([0.0, 0.0, h15], angle);
        let (three, five) = (a([0.0, h13, h15], angle), a([0.0, h13, h35], angle));
        let (min, max) = (low.min(three).min(five), low.max(three).max(five));
        let s = |a: f64| (1.0 - (a - min) / (max - min)) / 2.0;
        (s(low), s(three), s(five))
    };
    for angle in [Angle::MeanOverStd, Angle::StdOverMean] {
        let iefsvm = Iefsvm {
            ks: vec![1, 3, 5],
            angle,
            ..Iefsvm::default()
        };
        let (low, three, five) = expected(angle);
        close(
            &of(&iefsvm),
            &[low, low, low, three, 1.0, five, 1.0, 1.0, five],
            1e-13,
        );
    }
    // By pocket calculator for the default angle: samples 0 to 2 μ = 0.16680, σ = 0.23589, d = 0.28891,
    // θ = 0.61548, a = 0.17782; sample 3 a = 0.46747·0.94549 = 0.44198; sample 5
    // a = 0.53482·0.95478 = 0.51064. So s = 1/2, (1 − 0.26416/0.33282)/2 = 0.1032 and 0.
    let (low, three, five) = expected(Angle::MeanOverStd);
    close(&[low, three, five], &[0.5, 0.1032, 0.0], 1e-4);
}

/// A majority sample (row 0) in the middle of five minority ones, far from its own class: IR = 7/5.
fn noise() -> ([f64; 12], [Label; 12]) {
    let x = [
        0.0, 1.0, -1.1, 1.2, -1.3, 1.4, 50.0, 51.0, 52.1, 53.3, 54.6, 56.0,
    ];
    (x, [N, P, P, P, P, P, N, N, N, N, N, N])
}

#[test]
fn the_hole_gives_noise_full_weight_and_noise_aware_closes_it() {
    let (x, y) = noise();
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    let full = 5.0 / 7.0;
    let plain = Efsvm {
        n_neighbors: 5,
        ..Efsvm::default()
    };
    let s = plain.membership(train).unwrap();
    assert_eq!(
        s[0], full,
        "all neighbors are minority, so the entropy is 0"
    );
    let aware = Efsvm {
        noise_aware: true,
        ..plain
    };
    let t = aware.membership(train).unwrap();
    assert_eq!(t[0], 0.0);
    assert_eq!(s[1..], t[1..], "no other sample is affected");

    for angle in [Angle::MeanOverStd, Angle::StdOverMean] {
        let plain = Iefsvm {
            ks: vec![1, 3, 5],
            angle,
            ..Iefsvm::default()
        };
        let s = plain.membership(train).unwrap();
        assert_eq!(s[0], full);
        let aware = Iefsvm {
            noise_aware: true,
            ..plain
        };
        let t = aware.membership(train).unwrap();
        assert_eq!(t[0], 0.0);
        assert_eq!(s[1..], t[1..]);
    }
}

#[test]
fn the_noise_aware_table_of_the_documentation() {
    // One majority sample at 0 with j minority and 7 − j majority neighbors, and pure far groups
    // that make IR = 1.
    let expected = [1.0, 0.590, 0.402, 0.317, 0.297, 0.212, 0.024, 0.0];
    for (j, expected) in expected.into_iter().enumerate() {
        let mut x = vec![0.0];
        let mut y = vec![N];
        for i in 0..7 {
            x.push(1.0 + 0.01 * i as f64);
            y.push(if i < j { P } else { N });
        }
        let (missing_p, missing_n) = (12 - j, 12 - (8 - j));
        for i in 0..missing_p + missing_n {
            x.push(1000.0 + i as f64);
            y.push(if i < missing_p { P } else { N });
        }
        let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
        let aware = Efsvm {
            noise_aware: true,
            ..Efsvm::default()
        };
        let s = aware.membership(train).unwrap()[0];
        assert!((s - expected).abs() < 5e-4, "{j} of 7: {s}");
    }
}

#[test]
fn entropies_come_out_for_reports() {
    let train = Samples::new(Matrix::new(&X, 1).unwrap(), &Y).unwrap();
    let table = neighborhood_entropy(train, &[1, 3, 5]).unwrap();
    assert_eq!(table.len(), 27);
    close(&table[9..12], &[0.0, h(1.0, 3.0), h(1.0, 5.0)], 1e-15);
    // Those that the memberships come from are the same.
    let by_k = |k: usize| neighborhood_entropy(train, &[k]).unwrap();
    let efsvm = Efsvm {
        n_neighbors: 3,
        ..Efsvm::default()
    };
    let binned = EfsvmBinned {
        n_neighbors: 5,
        ..EfsvmBinned::default()
    };
    let iefsvm = Iefsvm {
        ks: vec![1, 3, 5],
        ..Iefsvm::default()
    };
    let strategies: [(&dyn Membership, Vec<f64>); 3] =
        [(&efsvm, by_k(3)), (&binned, by_k(5)), (&iefsvm, table)];
    for (strategy, entropy) in strategies {
        let found = strategy.with_entropy(train).unwrap();
        assert_eq!(found, (of(&strategy), Some(entropy)));
    }
    let found = Uniform::default().with_entropy(train).unwrap();
    assert_eq!(found, (vec![1.0; 9], None));
}

#[test]
fn the_positive_class_is_the_minority_where_both_have_the_same_number() {
    let count =
        |positive, negative| MinorityClass::Smaller.label(ClassCounts { positive, negative });
    assert_eq!([count(3, 4), count(4, 4), count(5, 4)], [P, P, N]);
}

#[test]
fn where_the_positive_class_is_larger_factors_stop_at_one_unless_the_smaller_is_asked_for() {
    let y = Y.map(|label| label.flipped());
    let train = Samples::new(Matrix::new(&X, 1).unwrap(), &y).unwrap();
    assert!(
        MinorityClass::Positive
            .warning(train.class_counts())
            .is_some_and(|w| w.to_string().contains("6 of 9"))
    );
    assert_eq!(MinorityClass::Smaller.warning(train.class_counts()), None);
    assert_eq!(
        ClassCost::default().membership(train).unwrap(),
        [1.0; 9],
        "1/IR = 2 is cut to 1"
    );
    // Asking for the smaller class gives the memberships of the flipped problem.
    let minority = MinorityClass::Smaller;
    assert_eq!(
        ClassCost { minority }.membership(train).unwrap(),
        of(&ClassCost::default())
    );
    for noise_aware in [false, true] {
        let efsvm = Efsvm {
            n_neighbors: 3,
            noise_aware,
            ..Efsvm::default()
        };
        let turned = Efsvm { minority, ..efsvm };
        assert_eq!(turned.membership(train).unwrap(), of(&efsvm));
        let iefsvm = Iefsvm {
            ks: vec![1, 3, 5],
            noise_aware,
            ..Iefsvm::default()
        };
        let turned = Iefsvm {
            minority,
            ..iefsvm.clone()
        };
        assert_eq!(turned.membership(train).unwrap(), of(&iefsvm));
    }
    let binned = EfsvmBinned {
        n_neighbors: 3,
        ..EfsvmBinned::default()
    };
    let turned = EfsvmBinned { minority, ..binned };
    assert_eq!(turned.membership(train).unwrap(), of(&binned));
    let center = ClassCenter {
        class_ratio: true,
        ..ClassCenter::default()
    };
    let turned = ClassCenter { minority, ..center };
    assert_eq!(turned.membership(train).unwrap(), of(&center));
}
