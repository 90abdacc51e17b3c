//! The files of `fuzz/seeds`, and edits of them, through what the fuzz targets do with them, without libFuzzer.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

fn files(target: &str) -> Vec<PathBuf> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let Ok(entries) = fs::read_dir(seeds.join(target)) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_seed_ends_in_an_answer_or_a_typed_error() {
    for (target, check) in targets::TARGETS {
        let files = files(target);
        assert!(!files.is_empty(), "{target} has no seeds");
        for file in files {
            // Shown where one panics.
            println!("{target}: {}", file.display());
            check(&fs::read(file).unwrap());
        }
    }
}

/// Fifty edits for each target, or as many as fit in the seconds that `FUZZ_SECONDS` gives each.
#[test]
fn every_edit_of_a_seed_ends_in_an_answer_or_a_typed_error() {
    let seconds = std::env::var("FUZZ_SECONDS").ok();
    let seconds = seconds.map(|s| Duration::from_secs(s.parse().unwrap()));
    for (target, check) in targets::TARGETS {
        let seeds: Vec<Vec<u8>> = files(target).iter().map(|f| fs::read(f).unwrap()).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let start = Instant::now();
        let goes_on = |n: usize| match seconds {
            Some(seconds) => start.elapsed() < seconds,
            None => n < 50,
        };
        let mut n = 0;
        while goes_on(n) {
            let mut bytes = seeds[n % seeds.len()].clone();
            targets::edit::edit(&mut bytes, &mut rng);
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(&bytes))) {
                let file = std::env::temp_dir().join(format!("fuzz-{target}"));
                fs::write(&file, &bytes).unwrap();
                println!("{target}: edit {n} is in {}", file.display());
                resume_unwind(panic);
            }
            n += 1;
        }
        println!("{target}: {n} edits");
    }
}

#[test]
fn seeds_of_models_are_models() {
    use fuzzysvm::baselines::BaselineModelFile;
    use fuzzysvm::estimator::FittedEstimator;
    use fuzzysvm::svm::model_file::{ApproxModelFile, ModelFile, from_libsvm};

    for (target, reads) in [
        (
            "approx_model_json",
            (|t| ApproxModelFile::from_json(t).is_ok()) as fn(&str) -> bool,
        ),
        ("baseline_json", |t| BaselineModelFile::from_json(t).is_ok()),
        ("estimator_file", |t| FittedEstimator::from_text(t).is_ok()),
        ("libsvm_model", |t| from_libsvm(t, None).is_ok()),
        ("loan_model", |t| FittedEstimator::from_text(t).is_ok()),
        ("model_json", |t| ModelFile::from_json(t).is_ok()),
    ] {
        for file in files(target) {
            // A changed format asks for new seeds: see `fuzz/examples/seeds.rs`.
            assert!(
                reads(&fs::read_to_string(&file).unwrap()),
                "{}",
                file.display()
            );
        }
    }
}
