//! Working sets find what pairs find, in either precision, cold or warm, on any number of threads.

use fuzzysvm_core::{Label, Learner, MatrixBuf, Samples};
use fuzzysvm_kernels::{Entries, Kernel, Laplacian, Linear, Polynomial, Rbf, Sigmoid};
use fuzzysvm_qp::{Precision, Smo, Status};
use fuzzysvm_svm::{Svc, SvcModel};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn blobs(n: usize, d: usize) -> (MatrixBuf, Vec<Label>, Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (mut x, mut y, mut w) = (vec![], vec![], vec![]);
    for i in 0..n {
        let positive = i % 5 == 0;
        for _ in 0..d {
            x.push(rng.random_range(-1.0..1.0) + if positive { 0.25 } else { 0.0 });
        }
        y.push(if positive {
            Label::Positive
        } else {
            Label::Negative
        });
        w.push(if positive {
            1.0
        } else {
            rng.random_range(0.05..0.25)
        });
    }
    (MatrixBuf::new(x, d).unwrap(), y, w)
}

fn svc(c: f64, working_set: usize, precision: Precision) -> Svc<Rbf> {
    let mut svc = Svc::rbf(c, 0.3);
    svc.solver = Smo {
        working_set: Some(working_set),
        precision,
        ..Smo::default()
    };
    svc
}

fn check_equal(a: &SvcModel<Rbf>, b: &SvcModel<Rbf>) {
    for model in [a, b] {
        assert_eq!(model.info.status, Status::Converged);
        assert!(model.info.kkt_gap <= 1.01e-3, "{}", model.info.kkt_gap);
    }
    let (x, y) = (a.info.objective, b.info.objective);
    assert!((x - y).abs() <= 1e-6 * x.abs(), "{x} against {y}");
}

#[test]
fn sets_of_any_size_find_what_pairs_find() {
    let (x, y, w) = blobs(700, 6);
    let train = Samples::new(x.view(), &y).unwrap();
    for c in [1.0, 100.0] {
        let pairs = svc(c, 2, Precision::Double).fit(train, Some(&w)).unwrap();
        for q in [4, 5, 64, 300, 700, 5_000] {
            for precision in [Precision::Single, Precision::Double] {
                let sets = svc(c, q, precision).fit(train, Some(&w)).unwrap();
                check_equal(&pairs, &sets);
            }
        }
    }
}

#[test]
fn a_warm_start_and_the_number_of_threads_do_not_show() {
    let (x, y, w) = blobs(3_200, 5);
    let train = Samples::new(x.view(), &y).unwrap();
    let automatic = Svc::rbf(10.0, 0.3);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| automatic.fit(train, Some(&w)).unwrap())
    };
    let (one, two) = (on(1), on(2));
    assert!(one.alpha() == two.alpha());
    assert!(one.intercept == two.intercept);
    check_equal(
        &one,
        &svc(10.0, 2, Precision::Auto).fit(train, Some(&w)).unwrap(),
    );
    let other = svc(3.0, 2, Precision::Auto).fit(train, Some(&w)).unwrap();
    let warm = automatic
        .fit_warm(train, Some(&w), Some(&other.alpha()))
        .unwrap();
    check_equal(&one, &warm);
    let again = automatic
        .fit_warm(train, Some(&w), Some(&one.alpha()))
        .unwrap();
    assert!(again.info.iterations <= 5, "{}", again.info.iterations);
}

#[test]
fn parts_and_products_have_the_entries_of_rows() {
    let (x, _, _) = blobs(150, 7);
    let kernels: [Box<dyn Kernel>; 5] = [
        Box::new(Linear),
        Box::new(Rbf { gamma: 0.4 }),
        Box::new(Laplacian { gamma: 0.4 }),
        Box::new(Polynomial::default()),
        Box::new(Sigmoid::default()),
    ];
    let chosen = [149u32, 3, 64, 63, 0, 20, 7];
    let coef = [0.5, -2.0, 1.25, 3.0, -0.75, 1e-3, 8.0];
    let (n, m) = (150, chosen.len());
    for kernel in kernels {
        let prepared = kernel.prepare(x.view());
        let (mut rows, mut square, mut sums) =
            (vec![0.0f32; m * n], vec![0.0f32; m * m], vec![1.0; n]);
        prepared.rows_f32(&chosen, &mut rows);
        prepared.fill(Some(&chosen), Some(&chosen), Entries::F32(&mut square));
        prepared.add_products(&chosen, &coef, true, &mut sums);
        for (i, r) in rows.chunks(n).enumerate() {
            for (j, &c) in chosen.iter().enumerate() {
                assert!(square[i * m + j] == r[c as usize]);
            }
        }
        for (p, sum) in sums.iter().enumerate() {
            let expected = (0..m).fold(1.0, |s, j| s + coef[j] * f64::from(rows[j * n + p]));
            assert!(
                (sum - expected).abs() <= 1e-13 * (1.0 + expected.abs()),
                "{sum} {expected}"
            );
        }
        let (mut rows, mut square, mut sums) = (vec![0.0; m * n], vec![0.0; m * m], vec![1.0; n]);
        prepared.rows_f64(&chosen, &mut rows);
        prepared.fill(Some(&chosen), Some(&chosen), Entries::F64(&mut square));
        prepared.add_products(&chosen, &coef, false, &mut sums);
        for (i, r) in rows.chunks(n).enumerate() {
            for (j, &c) in chosen.iter().enumerate() {
                assert!(square[i * m + j] == r[c as usize]);
            }
        }
        for (p, sum) in sums.iter().enumerate() {
            let expected = (0..m).fold(1.0, |s, j| s + coef[j] * rows[j * n + p]);
            assert!(
                (sum - expected).abs() <= 1e-13 * (1.0 + expected.abs()),
                "{sum} {expected}"
            );
        }
    }
}
