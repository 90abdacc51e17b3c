//! The lending experiment from Rust: `cargo run --release --example lend -- LoanStats3a.csv [TRIALS]`.

use std::error::Error;

use fuzzysvm::datasets::lending_club::Selection;
use fuzzysvm::estimator::LoanData;
use fuzzysvm::lend::{self, LendSettings, MetricResult};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("usage: lend FILE [TRIALS]")?;
    let mut settings = LendSettings::default();
    if let Some(trials) = args.next() {
        settings.trials = trials.parse()?;
    }
    let loans = LoanData::read(path.as_ref(), &Selection::default())?;
    let run = lend::run(&loans, &settings, &path, &|_| {})?;
    let loans = &run.results.loans;
    println!(
        "{} loans read, {} kept, {} charged off",
        loans.read, loans.kept, loans.charged_off
    );
    for method in &run.results.methods {
        print!("{:14}", method.name);
        for name in [
            "balanced_accuracy",
            "precision_paid",
            "roc_auc",
            "return_top",
        ] {
            if let Some(MetricResult::Spread(s)) = method.metrics.get(name) {
                let (mean, std) = (s.mean.unwrap_or(f64::NAN), s.std.unwrap_or(f64::NAN));
                print!("  {name} {:6.2} ± {:5.2} %", 100.0 * mean, 100.0 * std);
            }
        }
        println!();
    }
    for claim in &run.results.claims {
        println!("{}", claim.sentence);
    }
    Ok(())
}
