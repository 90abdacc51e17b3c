//! Feature maps: how near their Gram matrix is to the kernel's, and what they refuse.
#![allow(clippy::unwrap_used)]

use fuzzysvm_core::{Matrix, MatrixBuf};
use fuzzysvm_kernels::{
    FeatureMap, FeatureMapError, Kernel, KernelKind, Laplacian, Linear, Nystrom, Polynomial,
    RandomFourierFeatures, Rbf, Sigmoid,
};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn points(n: usize, d: usize, seed: u64) -> MatrixBuf {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let data = (0..n * d).map(|_| rng.random_range(-2.0..2.0)).collect();
    MatrixBuf::new(data, d).unwrap()
}

fn mapped(map: &dyn FeatureMap, x: Matrix<'_>) -> Vec<f64> {
    let mut z = vec![f64::NAN; x.n_rows() * map.n_components()];
    map.transform(x, &mut z);
    z
}

/// The largest and the root mean square error of z·z against K.
fn errors(map: &dyn FeatureMap, kernel: &dyn Kernel, x: Matrix<'_>) -> (f64, f64) {
    let (z, m) = (mapped(map, x), map.n_components());
    let (mut largest, mut squares, mut count) = (0.0f64, 0.0, 0.0);
    for (i, a) in z.chunks_exact(m).enumerate() {
        for (j, b) in z.chunks_exact(m).enumerate() {
            let dot: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            let error = dot - kernel.eval(x.row(i), x.row(j));
            largest = largest.max(error.abs());
            squares += error * error;
            count += 1.0;
        }
    }
    (largest, f64::sqrt(squares / count))
}

fn kernels() -> Vec<KernelKind> {
    vec![
        Rbf { gamma: 0.3 }.into(),
        Rbf { gamma: 1e-4 }.into(),
        Laplacian { gamma: 0.2 }.into(),
        Linear.into(),
        Polynomial {
            degree: 3,
            gamma: 0.2,
            coef0: 1.0,
        }
        .into(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn with_every_point_a_landmark_the_gram_matrix_is_the_kernels(
        n in 1usize..80, d in 1usize..5, seed in 0u64..1000, kernel in 0usize..5
    ) {
        let x = points(n, d, seed);
        let kernel = &kernels()[kernel];
        let map = Nystrom::from_landmarks(kernel, x.view()).unwrap();
        prop_assert!(map.n_components() <= n);
        let scale = (0..n).map(|i| kernel.eval(x.row(i), x.row(i))).fold(0.0, f64::max);
        let (largest, _) = errors(&map, kernel, x.view());
        prop_assert!(largest <= 1e-6 * scale.max(1.0), "{largest} of {scale}");
    }

    #[test]
    fn duplicates_and_constants_among_the_landmarks_are_harmless(n in 1usize..40, seed in 0u64..100) {
        let x = points(n, 2, seed);
        let twice: Vec<usize> = (0..n).chain(0..n).collect();
        let kernel = Rbf { gamma: 0.5 };
        let once = Nystrom::from_landmarks(kernel, x.view()).unwrap();
        let map = Nystrom::from_landmarks(kernel, x.view().select_rows(&twice).view()).unwrap();
        prop_assert_eq!(map.n_components(), once.n_components());
        prop_assert_eq!(map.landmarks(), once.landmarks());
    }

    #[test]
    fn folded_weights_give_the_same_function(m in 1usize..60, seed in 0u64..1000, rff in any::<bool>()) {
        let (x, probe) = (points(m, 3, seed), points(17, 3, seed + 1));
        let map: Box<dyn FeatureMap> = if rff {
            Box::new(RandomFourierFeatures::new(0.4, 3, m, seed).unwrap())
        } else {
            Box::new(Nystrom::from_landmarks(Rbf { gamma: 0.4 }, x.view()).unwrap())
        };
        let m = map.n_components();
        let w: Vec<f64> = (0..m).map(|i| (i as f64 + 0.3).sin()).collect();
        let v = map.fold(&w);
        let z = mapped(map.as_ref(), probe.view());
        let mut basis = vec![f64::NAN; z.len()];
        map.basis(probe.view(), &mut basis);
        let mut single = vec![f32::NAN; z.len()];
        map.transform_f32(probe.view(), &mut single);
        for (i, (z, basis)) in z.chunks_exact(m).zip(basis.chunks_exact(m)).enumerate() {
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            prop_assert!((dot(&w, z) - dot(&v, basis)).abs() < 1e-7, "{} {}", dot(&w, z), dot(&v, basis));
            for (narrow, wide) in single[i * m..].iter().zip(z) {
                prop_assert_eq!(*narrow, *wide as f32);
            }
        }
    }
}

#[test]
fn more_landmarks_are_nearer_and_never_above_the_diagonal() {
    let x = points(300, 3, 1);
    let kernel = Rbf { gamma: 0.3 };
    let mut last = f64::INFINITY;
    for m in [5, 20, 80, 300] {
        let map = Nystrom::from_landmarks(kernel, x.view().slice_rows(0, m)).unwrap();
        let (_, error) = errors(&map, &kernel, x.view());
        assert!(error < 0.5 * last, "{m}: {error} after {last}");
        last = error;
        let z = mapped(&map, x.view());
        for z in z.chunks_exact(map.n_components()) {
            assert!(z.iter().map(|v| v * v).sum::<f64>() <= 1.0 + 1e-10);
        }
    }
    assert!(last < 1e-6);
}

#[test]
fn random_features_err_as_one_over_the_root_of_their_number() {
    let x = points(60, 3, 2);
    let kernel = Rbf { gamma: 0.3 };
    // Mean square error over several draws, M and 16 M: 16 times less, so 4 times less at the root.
    let error = |m: usize| -> f64 {
        let of = |seed| {
            let map = RandomFourierFeatures::new(0.3, 3, m, seed).unwrap();
            errors(&map, &kernel, x.view()).1.powi(2)
        };
        ((0..12).map(of).sum::<f64>() / 12.0).sqrt()
    };
    let (few, many) = (error(100), error(1600));
    assert!((2.8..5.7).contains(&(few / many)), "{few} {many}");
    // √((1 + K(2δ)/2 − K²)/M) at most about √(1.5/M).
    assert!(few < (1.5f64 / 100.0).sqrt() && few > 0.02, "{few}");
}

#[test]
fn the_same_seed_gives_the_same_frequencies_and_more_extend_fewer() {
    let make = |m, seed| RandomFourierFeatures::new(0.3, 3, m, seed).unwrap();
    assert_eq!(make(20, 1), make(20, 1));
    assert_ne!(make(20, 1), make(20, 2));
    let (few, many) = (make(20, 1), make(50, 1));
    assert_eq!(
        few.frequencies().view(),
        many.frequencies().view().slice_rows(0, 20)
    );
    assert_eq!(few.phases(), &many.phases()[..20]);
}

#[test]
fn maps_do_not_depend_on_the_threads_or_on_the_rows_beside() {
    let x = points(700, 4, 3);
    let maps: [Box<dyn FeatureMap>; 2] = [
        Box::new(Nystrom::from_landmarks(Rbf { gamma: 0.3 }, x.view().slice_rows(0, 333)).unwrap()),
        Box::new(RandomFourierFeatures::new(0.3, 4, 333, 1).unwrap()),
    ];
    for map in &maps {
        let with = |threads: usize| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| mapped(map.as_ref(), x.view()))
        };
        let one = with(1);
        assert_eq!(one, with(3));
        let m = map.n_components();
        let alone = mapped(map.as_ref(), x.view().slice_rows(300, 301));
        assert_eq!(alone, one[300 * m..301 * m]);
    }
}

#[test]
fn what_cannot_be_mapped_is_refused() {
    let x = points(20, 2, 4);
    let sigmoid = Sigmoid {
        gamma: 3.0,
        coef0: -2.0,
    };
    assert!(matches!(
        Nystrom::from_landmarks(sigmoid, x.view()),
        Err(FeatureMapError::NotPositiveSemidefinite { pivot }) if pivot < 0.0
    ));
    assert!(matches!(
        Nystrom::from_landmarks(Rbf { gamma: -1.0 }, x.view()),
        Err(FeatureMapError::Param(_))
    ));
    let none = Matrix::new(&[], 2).unwrap();
    assert!(matches!(
        Nystrom::from_landmarks(Linear, none),
        Err(FeatureMapError::Param(_))
    ));
    let zeros = Matrix::new(&[0.0; 6], 2).unwrap();
    assert!(matches!(
        Nystrom::from_landmarks(Linear, zeros),
        Err(FeatureMapError::RankZero)
    ));
    let large = Matrix::new(&[1.0, 1e200], 1).unwrap();
    assert!(matches!(
        Nystrom::from_landmarks(Linear, large),
        Err(FeatureMapError::NotFinite { landmark: 1 })
    ));
    for (gamma, d, m) in [(0.0, 2, 5), (f64::NAN, 2, 5), (1.0, 0, 5), (1.0, 2, 0)] {
        assert!(RandomFourierFeatures::new(gamma, d, m, 1).is_err());
    }
    let frequencies = MatrixBuf::new(vec![1.0, 2.0], 1).unwrap();
    assert_eq!(
        RandomFourierFeatures::from_parts(frequencies.clone(), vec![0.0]),
        Err(FeatureMapError::PhaseCount {
            expected: 2,
            found: 1
        })
    );
    assert!(RandomFourierFeatures::from_parts(frequencies, vec![0.0, f64::NAN]).is_err());
}
