//! What the approximation costs and loses, on simulated loans, as Markdown tables.
//!
//! `approx_study loss [--n 20000] [--components 200,500,1000,2000,4000] [--c 1] [--map nystrom|rff]
//! [--landmarks uniform|stratified|balanced] [--seeds 1]`: IEFSVM weights, γ = `scale`, ranking AUC on 10,000
//! other loans, beside the exact model.
//!
//! `approx_study growth [--n 10000,100000,1000000] [--components 500] [--c 1] [--map …]`: FSVM weights with
//! class ratio (they cost n, not n²), one process a size for the peak of memory.

use std::error::Error;
use std::process::Command;
use std::time::Instant;

use fuzzysvm::core::{Classifier, Label, Learner, Matrix, Samples};
use fuzzysvm::evaluation::roc_auc_score;
use fuzzysvm::kernels::{Gamma, LandmarkDraw, Rbf};
use fuzzysvm::membership::{ClassCenter, Iefsvm, Membership};
use fuzzysvm::svm::Svc;
use fuzzysvm::svm::approx::{ApproxSvc, Approximation};
use fuzzysvm_benches::{many_simulated_loans, peak_mib};

const HELD_OUT: usize = 10_000;

struct Args(Vec<String>);

impl Args {
    fn option<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        let at = self.0.iter().position(|a| a == name);
        at.and_then(|i| self.0.get(i + 1))
            .map_or(default, String::as_str)
    }

    fn list(&self, name: &str, default: &str) -> Result<Vec<usize>, Box<dyn Error>> {
        let values = self.option(name, default).split(',');
        Ok(values.map(str::parse).collect::<Result<_, _>>()?)
    }

    fn approximation(&self) -> Result<Approximation, Box<dyn Error>> {
        let landmarks = match self.option("--landmarks", "stratified") {
            "uniform" => LandmarkDraw::Uniform,
            "stratified" => LandmarkDraw::Stratified,
            "balanced" => LandmarkDraw::Balanced,
            other => return Err(format!("no landmarks {other}").into()),
        };
        match self.option("--map", "nystrom") {
            "nystrom" => Ok(Approximation::Nystrom { landmarks }),
            "rff" => Ok(Approximation::Fourier),
            other => Err(format!("no map {other}").into()),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args(std::env::args().skip(1).collect());
    match args.0.first().map(String::as_str) {
        Some("loss") => loss(&args),
        Some("growth") => growth(&args),
        Some("one") => one(&args),
        _ => Err("usage: approx_study loss|growth [--n N,…] [--components M,…] [--c C]".into()),
    }
}

fn auc(model: &impl Classifier, x: Matrix<'_>, y: &[Label]) -> Result<(f64, f64), Box<dyn Error>> {
    let start = Instant::now();
    let scores = model.decision_function(x)?;
    let seconds = start.elapsed().as_secs_f64();
    Ok((roc_auc_score(y, &scores)?, seconds))
}

fn loss(args: &Args) -> Result<(), Box<dyn Error>> {
    let n: usize = args.option("--n", "20000").parse()?;
    let c: f64 = args.option("--c", "1").parse()?;
    let seeds: u64 = args.option("--seeds", "1").parse()?;
    let (x, y) = many_simulated_loans(n + HELD_OUT);
    let train = Samples::new(x.view().slice_rows(0, n), &y[..n])?;
    let (x_test, y_test) = (x.view().slice_rows(n, n + HELD_OUT), &y[n..]);
    let weights = Iefsvm::default().membership(train)?;
    let gamma = Gamma::Scale.resolve(train.x())?;

    println!(
        "| M | components kept | train s | Newton steps | gap | predict 10,000 s | ranking AUC | less than exact |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let start = Instant::now();
    let svc = Svc::rbf(c, gamma).fit(train, Some(&weights))?;
    let seconds = start.elapsed().as_secs_f64();
    let (exact, predict) = auc(&svc, x_test, y_test)?;
    println!(
        "| exact, {} support vectors | | {seconds:.2} | | | {predict:.2} | {exact:.4} | |",
        svc.support.len()
    );
    for m in args.list("--components", "200,500,1000,2000,4000")? {
        for seed in 1..=seeds {
            let approx = ApproxSvc {
                c,
                kernel: Rbf { gamma }.into(),
                approximation: args.approximation()?,
                components: m,
                seed,
                ..ApproxSvc::default()
            };
            let start = Instant::now();
            let model = approx.fit(train, Some(&weights))?;
            let seconds = start.elapsed().as_secs_f64();
            let (found, predict) = auc(&model, x_test, y_test)?;
            println!(
                "| {m} | {} | {seconds:.2} | {} | {:.1e} | {predict:.3} | {found:.4} | {:+.4} |",
                model.coef.len(),
                model.info.iterations,
                model.info.duality_gap,
                exact - found
            );
        }
    }
    Ok(())
}

/// One process a size: the peak of memory is that of the process.
fn growth(args: &Args) -> Result<(), Box<dyn Error>> {
    println!("| n | M | train s | Newton steps | gap | ranking AUC | peak memory, GB |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for m in args.list("--components", "500")? {
        for n in args.list("--n", "10000,100000,1000000")? {
            let status = Command::new(std::env::current_exe()?)
                .arg("one")
                .args(&args.0[1..])
                .args(["--one-n", &n.to_string(), "--one-m", &m.to_string()])
                .status()?;
            if !status.success() {
                return Err(format!("n = {n}, M = {m} failed").into());
            }
        }
    }
    Ok(())
}

fn one(args: &Args) -> Result<(), Box<dyn Error>> {
    let n: usize = args.option("--one-n", "10000").parse()?;
    let m: usize = args.option("--one-m", "500").parse()?;
    let (x, y) = many_simulated_loans(n + HELD_OUT);
    let train = Samples::new(x.view().slice_rows(0, n), &y[..n])?;
    let weights = ClassCenter {
        class_ratio: true,
        ..ClassCenter::default()
    }
    .membership(train)?;
    let approx = ApproxSvc {
        c: args.option("--c", "1").parse()?,
        kernel: Rbf {
            gamma: Gamma::Scale.resolve(train.x())?,
        }
        .into(),
        approximation: args.approximation()?,
        components: m,
        seed: 1,
        ..ApproxSvc::default()
    };
    let start = Instant::now();
    let model = approx.fit(train, Some(&weights))?;
    let seconds = start.elapsed().as_secs_f64();
    let (found, _) = auc(&model, x.view().slice_rows(n, n + HELD_OUT), &y[n..])?;
    println!(
        "| {n} | {m} | {seconds:.1} | {} | {:.1e} | {found:.4} | {} |",
        model.info.iterations,
        model.info.duality_gap,
        peak_mib().map_or("unknown".into(), |m| format!(
            "{:.2}",
            m * 1_048_576.0 / 1e9
        ))
    );
    Ok(())
}
