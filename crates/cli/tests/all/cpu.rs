//! The levels of processors: `FUZZYSVM_CPU`, and the same bytes at every level that this one has.

use fuzzysvm::core::cpu::Level;

use crate::common::{Bench, Run, results, written};

/// What holds the GNU C library back to the baseline; others do not look at it.
const C_LIBRARY: &str = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable";

/// Runs at a level, of the C library too where it is the lowest.
fn run_at(level: &str, bench: &Bench, args: &str) -> Run {
    let mut command = bench.command(args);
    if level == Level::Baseline.name() {
        command.env("GLIBC_TUNABLES", C_LIBRARY);
    }
    let output = command.env("FUZZYSVM_CPU", level).output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs at every level that this processor has, the word LEVEL being its name, and gives the names.
fn at_every_level(bench: &Bench, args: &str) -> Vec<&'static str> {
    let levels = Level::ALL.into_iter().filter(|l| *l <= Level::best());
    levels
        .map(|level| {
            let run = run_at(level.name(), bench, &args.replace("LEVEL", level.name()));
            assert_eq!(run.code, Some(0), "{level} {args}: {}", run.stderr);
            level.name()
        })
        .collect()
}

#[test]
fn the_environment_chooses_a_level_that_the_processor_has() {
    let bench = Bench::with_data();
    let train = "train train.csv --model m.json --quiet";
    for level in Level::ALL {
        let run = run_at(level.name(), &bench, &format!("{train} --force"));
        if level <= Level::best() {
            assert_eq!(run.code, Some(0), "{level}: {}", run.stderr);
            let version = run_at(level.name(), &bench, "--version").stdout;
            assert!(version.ends_with(&format!("\ncpu {level}\n")), "{version}");
        } else {
            let words = format!(
                "error: FUZZYSVM_CPU: this processor has no {level}, expected at most {}\n",
                Level::best()
            );
            assert_eq!((run.code, run.stderr), (Some(2), words));
        }
    }
    let run = run_at("sse9", &bench, train);
    let words = "error: FUZZYSVM_CPU: found \"sse9\", expected baseline, avx2 or avx512\n";
    assert_eq!((run.code, run.stderr.as_str()), (Some(2), words));
    // Help and version are there whatever it says; nothing is the best level.
    assert_eq!(run_at("sse9", &bench, "--help").code, Some(0));
    assert_eq!(
        run_at("", &bench, &format!("{train} --force")).code,
        Some(0)
    );
}

#[test]
fn models_are_the_same_bytes_at_every_level() {
    let bench = Bench::with_data();
    for options in [
        "--kernel linear",
        "--kernel polynomial --gamma 0.3",
        "--kernel sigmoid --gamma 0.01",
        "--kernel laplacian --gamma 0.3",
        "--kernel rbf --gamma 0.3 --calibrate sigmoid",
        "--method slack-factor --gamma 0.3",
        "--method intuitionistic --gamma 0.3",
        "--method w-elm",
        "--method cs-xgboost",
        "--approx nystrom --components 40 --gamma 0.3",
        "--approx rff --gamma 0.3",
    ] {
        let levels = at_every_level(
            &bench,
            &format!("train train.csv --model LEVEL.json --force --quiet {options}"),
        );
        let models = levels.iter().map(|l| bench.get(&format!("{l}.json")));
        let models: Vec<String> = models.collect();
        for (model, level) in models.iter().zip(&levels) {
            assert_eq!(*model, models[0], "{options} {level}");
        }
        at_every_level(
            &bench,
            "predict train.csv --model baseline.json --output LEVEL.csv --force --quiet",
        );
        let decisions = bench.get("baseline.csv");
        for level in &levels {
            assert_eq!(
                bench.get(&format!("{level}.csv")),
                decisions,
                "{options} {level}"
            );
        }
    }
}

#[test]
fn the_loan_experiment_is_the_same_bytes_at_every_level() {
    let bench = Bench::new();
    let levels = at_every_level(
        &bench,
        "lend --simulated-loans 3000 --trials 2 --train 200 --test 200 --c 1,4 --gamma 0.02 --k 1,3 --quiet --out LEVEL",
    );
    for level in levels {
        for file in ["results.json", "portfolio.csv", "walk-forward.csv"] {
            let of = |folder: &str| written(&bench, folder, file);
            assert_eq!(of(level), of("baseline"), "{level} {file}");
        }
    }
}

#[test]
fn results_name_the_level_and_resume_goes_on_at_another() {
    let bench = Bench::with_sets();
    for (job, one, two) in [
        (
            "lend --simulated-loans 2000 --split random --train 150 --test 150 --methods class-cost --c 1 --gamma 0.02",
            "--trials 1",
            "--trials 2",
        ),
        (
            "compare near.dat far.dat --methods svm --folds 2 --inner-folds 2 --c 4 --gamma 0.25",
            "--repeats 1",
            "--repeats 2",
        ),
    ] {
        let levels = at_every_level(&bench, &format!("{job} {two} --quiet --out LEVEL"));
        for level in &levels {
            let found = results(&bench, level);
            assert_eq!(found["provenance"]["cpu"], **level, "{job}");
            assert_eq!(
                written(&bench, level, "results.json"),
                written(&bench, "baseline", "results.json"),
                "{job} {level}"
            );
        }
        // Begun with the plainest instructions, continued with the best.
        let here = format!("{job} --quiet --out here");
        let (first, last) = (levels[0], levels[levels.len() - 1]);
        for (level, args) in [
            (first, format!("{here} {one}")),
            (last, format!("{here} {two} --resume")),
        ] {
            let run = run_at(level, &bench, &args);
            assert_eq!(run.code, Some(0), "{args}: {}", run.stderr);
            assert_eq!(results(&bench, "here")["provenance"]["cpu"], level);
        }
        assert_eq!(
            written(&bench, "here", "results.json"),
            written(&bench, "baseline", "results.json"),
            "{job}"
        );
        for folder in levels.iter().chain(&["here"]) {
            std::fs::remove_dir_all(bench.path(folder)).unwrap();
        }
    }
}
