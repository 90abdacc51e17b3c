//! The search for a weighting of the samples that beats class costs: about sixty weightings through the nested
//! cross-validation of `compare`, as two Markdown tables, one sorted by balanced accuracy, one by ranking AUC.
//!
//! `weighting_study SEED REPEATS FILE…`: FILE is what `compare` reads, KEEL's `.dat` say; the rarer class is
//! the positive one. Every row has the mean over the data sets, the difference to class costs, and
//! wins/losses over the data sets with Wilcoxon's p against class costs, EFSVM and IEFSVM.
//!
//! Beside those a weighting is a *belief* π_i that sample i is positive, estimated without its label, and a *use* of
//! it: which class becomes fuzzy, and how much a sample keeps whatever is believed of it. Whatever the use, both
//! classes then carry the same total weight, as with class costs; without that, weightings would differ first of all in
//! the costs that they imply. κ is the total weight of the majority over that of the minority.
//!
//! The p-values are not corrected for the search: of sixty rows a few are small by chance. A weighting chosen from these
//! tables is to be judged on data sets and with a seed that had no part in the choice.

use std::cmp::Reverse;
use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use fuzzysvm::baselines::{Combine, EasyEnsemble};
use fuzzysvm::core::{Classifier, Label, Learner, MatrixBuf, Samples};
use fuzzysvm::datasets::table::{Dataset, ReadOptions, Scaler, ScalerKind, read};
use fuzzysvm::evaluation::{
    Fold, Metric, Score, repeated_stratified_k_fold, stratified_k_fold, wilcoxon_signed_rank,
};
use fuzzysvm::membership::{ClassCost, Efsvm, Iefsvm, Membership, Posterior, Pretrained, Weighted};
use fuzzysvm::qp::Smo;
use fuzzysvm::svm::Svc;
use fuzzysvm::svm::tuning::{GridSearch, TuningFold};

const FOLDS: usize = 5;
/// Threads that take outer folds, whatever the search of each takes; no number depends on them.
const WORKERS: usize = 2;
const METRICS: [(&str, Metric); 2] = [
    ("balanced accuracy", Metric::BalancedAccuracy),
    ("ranking AUC", Metric::RocAuc),
];
/// The rows that all others are tested against.
const REFERENCES: [&str; 3] = ["class costs", "EFSVM", "IEFSVM"];

/// A use of a belief: its name, and what a positive and a negative sample of belief π count before the totals of
/// the classes are made equal. A constant is a class that is not fuzzy.
type Use = (&'static str, fn(f64) -> f64, fn(f64) -> f64);
const ALL: &[Use] = &[
    ("both, floor 0.1", |pi| 0.1 + pi, |pi| 1.1 - pi),
    ("both, floor 0", |pi| pi, |pi| 1.0 - pi),
    ("both, floor 0.3", |pi| 0.3 + pi, |pi| 1.3 - pi),
    ("minority", |pi| 0.1 + pi, |_| 1.0),
    ("majority", |_| 1.0, |pi| 1.1 - pi),
    (
        "minority, and majority raised",
        |pi| 0.1 + pi,
        |pi| 1.0 + pi,
    ),
];
const BOTH: &[Use] = ALL.split_at(1).0;

/// The name of a belief, the beliefs of which it is the mean, and its uses.
type Belief<'a> = (&'static str, &'a [&'a Vec<f64>], &'static [Use]);

type Failure = Box<dyn Error + Send + Sync>;

/// Every weighting with its name, in the order in which ties of tuning are broken.
fn weightings(train: Samples<'_>) -> Result<Vec<(String, Vec<f64>)>, Failure> {
    let mut all = Vec::new();
    for (name, kappa) in [
        ("class costs", 1.0),
        ("class costs, κ = 0.5", 0.5),
        ("class costs, κ = 0.71", 0.5f64.sqrt()),
        ("class costs, κ = 1.41", 2f64.sqrt()),
        ("class costs, κ = 2", 2.0),
    ] {
        all.push((name.to_owned(), with_totals(train.y(), |_| 1.0, kappa)));
    }
    let ks: Vec<usize> = (1..=15).step_by(2).collect();
    for (k, weights) in ks.iter().zip(Efsvm::default().candidates(train, &ks)?) {
        all.push((format!("EFSVM, k = {k}"), weights));
    }
    all.push(("IEFSVM".to_owned(), Iefsvm::default().membership(train)?));
    let first = Svc::rbf(1.0, 1.0 / train.n_features() as f64);
    let posterior = Pretrained::new(Posterior::default(), first.clone()).membership(train)?;
    all.push(("posterior".to_owned(), posterior));

    let [share5, share9, share15, nearest, parzen1, parzen4] = &neighborhoods(train);
    // Of a held-out class-cost SVM, C = 1 and γ = 1/d.
    let svm = held_out(train, 2, &Weighted::new(ClassCost::default(), first))?;
    let svm: &Vec<f64> = &svm.iter().map(|f| 1.0 / (1.0 + (-2.0 * f).exp())).collect();
    let combine = Combine::Probabilities;
    let learner = EasyEnsemble {
        combine,
        ..EasyEnsemble::default()
    };
    let ensemble = held_out(train, 1, &learner)?;
    // Of a held-out EasyEnsemble, stretched around ½ until the surest sample is at 0 or 1.
    let most = ensemble.iter().fold(1e-9, |most: f64, f| most.max(f.abs()));
    let ensemble: &Vec<f64> = &ensemble.iter().map(|f| 0.5 + 0.5 * f / most).collect();
    let five = [nearest, parzen1, parzen4, svm, ensemble];
    let beliefs: [Belief<'_>; 13] = [
        ("share 5", &[share5], BOTH),
        ("share 9", &[share9], ALL),
        ("share 15", &[share15], BOTH),
        ("nearest", &[nearest], ALL),
        ("Parzen 1", &[parzen1], BOTH),
        ("Parzen 4", &[parzen4], ALL),
        ("SVM", &[svm], BOTH),
        ("ensemble", &[ensemble], BOTH),
        ("nearest + Parzen 4", &[nearest, parzen4], BOTH),
        // What `Posterior` is, but for the split of the cross-fitting.
        ("SVM + Parzen 4", &[svm, parzen4], ALL),
        ("nearest + SVM + ensemble", &[nearest, svm, ensemble], BOTH),
        ("four", &five[..4], ALL),
        ("four + ensemble", &five, BOTH),
    ];
    for (belief, parts, uses) in beliefs {
        let pi = |i: usize| parts.iter().map(|p| p[i]).sum::<f64>() / parts.len() as f64;
        for (name, positive, negative) in uses {
            let raw = |i: usize| match train.y()[i] {
                Label::Positive => positive(pi(i)),
                Label::Negative => negative(pi(i)),
            };
            let weights = with_totals(train.y(), raw, 1.0);
            all.push((format!("{belief}: {name}"), weights));
        }
    }
    // A quarter of the weight is a quarter of C: as if the grid began lower.
    for name in ["class costs", "four: both, floor 0.1"] {
        let whole = all.iter().find(|w| w.0 == name).ok_or(name)?;
        let quarter = whole.1.iter().map(|w| 0.25 * w).collect();
        all.push((format!("{name}, times ¼"), quarter));
    }
    Ok(all)
}

/// Weights in proportion to `raw` in each class: n₊ in all for the positive one, κ n₊ for the negative one.
fn with_totals(y: &[Label], raw: impl Fn(usize) -> f64, kappa: f64) -> Vec<f64> {
    // A class of zeros counts evenly.
    let raw = |i: usize| raw(i).max(f64::MIN_POSITIVE);
    let of = |class: Label| (0..y.len()).filter(move |&i| y[i] == class);
    let total = of(Label::Positive).count() as f64;
    let [few, many] = [Label::Positive, Label::Negative].map(|c| of(c).map(raw).sum::<f64>());
    let weight = |(i, label): (usize, &Label)| match label {
        Label::Positive => raw(i) * total / few,
        Label::Negative => raw(i) * (kappa * total) / many,
    };
    y.iter().enumerate().map(weight).collect()
}

/// The beliefs that look at the other samples alone: the share of the positive class among 5, 9 and 15 neighbors, each
/// counted by the size of its class; with the distances to the third nearest of either class, d₋²/(d₊² + d₋²);
/// Parzen's densities, κ₊/(κ₊ + κ₋), with 1/d and 4/d for γ.
fn neighborhoods(train: Samples<'_>) -> [Vec<f64>; 6] {
    let (x, y) = (train.x(), train.y());
    let belief = |of: &dyn Fn(Label) -> f64| {
        let (positive, negative) = (of(Label::Positive), of(Label::Negative));
        let sum = positive + negative;
        if sum > 0.0 { positive / sum } else { 0.5 }
    };
    let size = |class: Label| y.iter().filter(|&&label| label == class).count() as f64;
    let mut all = [const { Vec::new() }; 6];
    for (i, &own) in y.iter().enumerate() {
        // Squared distance over d, nearest first.
        let others = (0..y.len()).filter(|&j| j != i).map(|j| {
            let squares = x.row(i).iter().zip(x.row(j));
            let squares = squares.map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
            (squares / x.n_cols() as f64, y[j])
        });
        let mut others: Vec<(f64, Label)> = others.collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0));
        let of = |class: Label| others.iter().filter(move |o| o.1 == class).map(|o| o.0);
        let share = |k: usize| {
            let near = &others[..k.min(others.len())];
            belief(&|class| near.iter().filter(|o| o.1 == class).count() as f64 / size(class))
        };
        let third = |class| of(class).take(3).last().unwrap_or(0.0);
        let parzen = |times: f64| {
            belief(&|class| {
                let n = size(class) - f64::from(u8::from(class == own));
                of(class).map(|s| (-times * s).exp()).sum::<f64>() / n.max(1.0)
            })
        };
        // The nearer the class, the greater the belief in it.
        let nearest = 1.0 - belief(&third);
        let found = [5, 9, 15].map(share).into_iter().chain([nearest]);
        for (pi, found) in all.iter_mut().zip(found.chain([1.0, 4.0].map(parzen))) {
            pi.push(found);
        }
    }
    all
}

/// Decision values of the training samples by models that have not seen them: the mean of `repeats` splits.
fn held_out(
    train: Samples<'_>,
    repeats: usize,
    learner: &impl Learner,
) -> Result<Vec<f64>, Failure> {
    let counts = train.class_counts();
    let parts = FOLDS.min(counts.positive).min(counts.negative);
    let mut mean = vec![0.0; train.n_samples()];
    for fold in repeated_stratified_k_fold(train.y(), parts, repeats, 77)? {
        let y: Vec<Label> = fold.train.iter().map(|&i| train.y()[i]).collect();
        let x = train.x().select_rows(&fold.train);
        let model = learner.fit(Samples::new(x.view(), &y)?, None)?;
        let x = train.x().select_rows(&fold.test);
        for (&i, f) in fold.test.iter().zip(model.decision_function(x.view())?) {
            mean[i] += f / repeats as f64;
        }
    }
    Ok(mean)
}

/// Rows to train on and rows to score, scaled by the former.
struct Part {
    x_train: MatrixBuf,
    y_train: Vec<Label>,
    x_test: MatrixBuf,
    y_test: Vec<Label>,
}

impl Part {
    fn new(set: &Dataset, train: &[usize], test: &[usize]) -> Result<Self, Failure> {
        let labels = |rows: &[usize]| rows.iter().map(|&i| set.y[i]).collect();
        let rows = |rows: &[usize]| set.x.view().select_rows(rows);
        let scaler = Scaler::fit(ScalerKind::Standard, rows(train).view())?;
        Ok(Self {
            x_train: scaler.transform(rows(train).view())?,
            y_train: labels(train),
            x_test: scaler.transform(rows(test).view())?,
            y_test: labels(test),
        })
    }

    fn weightings(&self) -> Result<Vec<(String, Vec<f64>)>, Failure> {
        weightings(Samples::new(self.x_train.view(), &self.y_train)?)
    }
}

/// What every row of the tables reaches, in the order of [`METRICS`].
type Reached = Vec<(String, [f64; 2])>;

/// One outer fold.
fn unit(set: &Dataset, fold: &Fold, seed: u64) -> Result<Reached, Failure> {
    let outer = Part::new(set, &fold.train, &fold.test)?;
    let inner = stratified_k_fold(&outer.y_train, FOLDS, seed)?;
    let inner = inner.iter().map(|inner| {
        let of = |places: &[usize]| places.iter().map(|&i| fold.train[i]).collect::<Vec<_>>();
        Part::new(set, &of(&inner.train), &of(&inner.test))
    });
    let inner = inner.collect::<Result<Vec<Part>, Failure>>()?;
    let folds = inner.iter().map(|part| {
        Ok(TuningFold {
            x_train: part.x_train.view(),
            y_train: &part.y_train,
            x_valid: part.x_test.view(),
            y_valid: &part.y_test,
            candidates: part.weightings()?.into_iter().map(|w| w.1).collect(),
        })
    });
    let folds = folds.collect::<Result<Vec<_>, Failure>>()?;
    let powers = |from: i32, to: i32| (from..=to).step_by(2).map(|e| 2f64.powi(e)).collect();
    let grid = GridSearch {
        c: powers(0, 10),
        gamma: powers(-10, 0),
        solver: Smo {
            cache_size: 256.0,
            ..Smo::default()
        },
        ..GridSearch::default()
    };
    // Every validation part holds both classes, so the score is defined.
    let score = |y: &[Label], q: &[Label]| Score::BalancedAccuracy.of(y, q).unwrap_or(f64::NAN);
    let cells = grid.run(&folds, &score)?.cells;
    let all = outer.weightings()?;

    let mut reached = Vec::new();
    let mut judge = |name: &str, member: &dyn Fn(usize) -> bool, scores: &[f64]| {
        // The first best cell: γ outermost, then C, then the weighting.
        let cells = cells
            .iter()
            .zip(scores)
            .filter(|(cell, _)| member(cell.candidate));
        let best = cells.reduce(|best, cell| if cell.1 > best.1 { cell } else { best });
        let (best, _) = best.ok_or(name)?;
        let model = Svc::rbf(best.c, best.gamma.ok_or("no γ")?).fit(
            Samples::new(outer.x_train.view(), &outer.y_train)?,
            Some(&all[best.candidate].1),
        )?;
        let decision = model.decision_function(outer.x_test.view())?;
        let [first, second] = METRICS.map(|m| m.1.compute(&outer.y_test, &decision, None));
        reached.push((name.to_owned(), [first?, second?]));
        Ok::<(), Failure>(())
    };
    let scores: Vec<f64> = cells.iter().map(|cell| cell.score).collect();
    for (k, (name, _)) in all.iter().enumerate() {
        judge(name, &|candidate| candidate == k, &scores)?;
    }
    let name = |k: usize| all[k].0.as_str();
    judge("EFSVM", &|k| name(k).starts_with("EFSVM, k"), &scores)?;
    let kappas = ["class costs", "class costs, κ = 1.41", "class costs, κ = 2"];
    let tuned = |k: usize| kappas.contains(&name(k));
    judge("class costs, κ tuned", &tuned, &scores)?;
    // Class costs again, C and γ chosen with less noise: neighboring cells count ¼; or all weightings vote.
    let (n, n_c) = (all.len(), grid.c.len());
    let smoothed = |i: usize| {
        let near = (i % n..scores.len()).step_by(n).filter(|&j| {
            (i / n / n_c).abs_diff(j / n / n_c) <= 1 && (i / n % n_c).abs_diff(j / n % n_c) <= 1
        });
        let near = near.map(|j| (if i == j { 1.0 } else { 0.25 }, scores[j]));
        let (sum, total) = near.fold((0.0, 0.0), |sum, (w, s)| (sum.0 + w * s, sum.1 + w));
        rounded(sum / total)
    };
    let smoothed: Vec<f64> = (0..scores.len()).map(smoothed).collect();
    let shared = |i: usize| rounded(scores[i - i % n..][..n].iter().sum());
    let shared: Vec<f64> = (0..scores.len()).map(shared).collect();
    let costs = |k: usize| name(k) == "class costs";
    judge("class costs, smoothed scores", &costs, &smoothed)?;
    judge("class costs, shared scores", &costs, &shared)?;
    Ok(reached)
}

/// Sums of the same numbers in another order must tie.
fn rounded(mean: f64) -> f64 {
    (mean * 1e12).round() / 1e12
}

/// One table: of every row the mean of every data set, in the order of the rows.
fn print_table(title: &str, rows: &[&str], means: &[Vec<f64>]) -> Result<(), Failure> {
    let references = REFERENCES.map(|name| rows.iter().position(|&row| row == name));
    let overall = |r: usize| 100.0 * means[r].iter().sum::<f64>() / means[r].len() as f64;
    let costs = references[0].map_or(f64::NAN, overall);
    let names = REFERENCES.join(" | ");
    println!("\n| {title} | mean % | − class costs | {names} |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| overall(b).total_cmp(&overall(a)));
    for r in order {
        let (name, mean) = (rows[r], overall(r));
        print!("| {name} | {mean:.2} | {:+.2} |", mean - costs);
        for reference in references.into_iter().flatten() {
            if r == reference {
                print!(" |");
                continue;
            }
            let (ours, theirs) = (&means[r], &means[reference]);
            let wins = ours.iter().zip(theirs).filter(|(a, b)| a > b).count();
            let losses = ours.iter().zip(theirs).filter(|(a, b)| a < b).count();
            let p = wilcoxon_signed_rank(ours, theirs)?.p_value;
            print!(" {wins}/{losses} {p:.4} |");
        }
        println!();
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [seed, repeats, files @ ..] = args.as_slice() else {
        return Err("usage: weighting_study SEED REPEATS FILE…".into());
    };
    let (seed, repeats): (u64, usize) = (seed.parse()?, repeats.parse()?);
    let mut sets = Vec::new();
    for file in files {
        sets.push((file, read(Path::new(file), &ReadOptions::default())?));
    }
    // The longest units first, so that no thread is left with one at the end.
    sets.sort_by_key(|set| Reverse(set.1.y.len()));
    let mut units = Vec::new();
    for (s, (file, set)) in sets.iter().enumerate() {
        let folds = repeated_stratified_k_fold(&set.y, FOLDS, repeats, seed)
            .map_err(|e| format!("{file}: {e}"))?;
        units.extend(folds.into_iter().enumerate().map(|(i, fold)| (s, i, fold)));
    }
    // Every unit has a seed of its own and its place in the results: who computes it changes nothing.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((s, i, fold)) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (file, set) = &sets[*s];
            let seed = seed.wrapping_mul(1_000_003).wrapping_add(*i as u64);
            // After a failure nobody begins another one.
            let reached = unit(set, fold, seed)
                .inspect_err(|_| next.store(units.len(), Ordering::Relaxed))
                .map_err(|e| format!("{file}, fold {i}: {e}"))?;
            done.push(((*s, *i), reached));
        }
        Ok::<_, Failure>(done)
    };
    let mut done = Vec::new();
    std::thread::scope(|scope| {
        for worker in [(); WORKERS].map(|()| scope.spawn(work)) {
            done.extend(worker.join().map_err(|_| "a worker panicked")??);
        }
        Ok::<(), Failure>(())
    })?;
    done.sort_by_key(|unit| unit.0);

    let (_, first) = done.first().ok_or("no data sets")?;
    let rows: Vec<&str> = first.iter().map(|row| row.0.as_str()).collect();
    println!("Data sets {}, repeats {repeats}, seed {seed}", sets.len());
    for (m, (title, _)) in METRICS.iter().enumerate() {
        let mean = |r: usize, units: &[(_, Reached)]| {
            rounded(units.iter().map(|u| u.1[r].1[m]).sum::<f64>() / units.len() as f64)
        };
        let sets = || done.chunks(FOLDS * repeats);
        let means = |r: usize| sets().map(|units| mean(r, units)).collect();
        let means: Vec<Vec<f64>> = (0..rows.len()).map(means).collect();
        print_table(title, &rows, &means)?;
    }
    Ok(())
}
