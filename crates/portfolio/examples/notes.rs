//! A budget in notes of 25 under caps per grade and state, what whole notes cost, and the efficient frontier.
//!
//! `cargo run -p fuzzysvm-portfolio --example notes`

use fuzzysvm_portfolio::{
    Candidates, GroupCap, NotesAllocation, efficient_frontier, expected_return,
};

fn main() -> Result<(), fuzzysvm_portfolio::PortfolioError> {
    // Probability of repayment, return if paid and if charged off; variance of a bet between the two.
    let p_paid = [0.95, 0.93, 0.90, 0.88, 0.85, 0.80];
    let if_paid = [0.08, 0.10, 0.13, 0.16, 0.19, 0.26];
    let if_charged_off = [-0.45; 6];
    let forecast = expected_return(&p_paid, &if_paid, &if_charged_off)?;
    let variance: Vec<f64> = (0..6)
        .map(|i| p_paid[i] * (1.0 - p_paid[i]) * (if_paid[i] - if_charged_off[i]).powi(2))
        .collect();
    let (grade, state) = ([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 0]);
    let groups = [&grade[..], &state[..]];
    let candidates = Candidates::new(&forecast)?
        .with_variance(&variance)?
        .with_groups(&groups)?;
    let rule = NotesAllocation {
        minimum: 50.0,
        maximum: Some(500.0),
        risk_aversion: 2.0,
        group_caps: vec![GroupCap::Each(0.5), GroupCap::Each(0.6)],
        ..NotesAllocation::default()
    };
    let portfolio = rule.solve(candidates, 1000.0)?;
    println!("loan  expected  amount  relaxed");
    for (loan, forecast) in forecast.iter().enumerate() {
        println!(
            "{loan:>4} {:>7.2} % {:>7.0} {:>8.2}",
            100.0 * forecast,
            portfolio.amounts[loan],
            portfolio.relaxed_amounts[loan]
        );
    }
    println!("whole notes cost at most {:.1e}", portfolio.gap);
    println!("\naversion  expected  std. dev.  spent");
    let aversions = [0.5, 1.0, 2.0, 5.0, 10.0];
    for point in efficient_frontier(&rule, candidates, 1000.0, &aversions)? {
        println!(
            "{:>8} {:>7.2} % {:>8.2} % {:>4.0} %",
            point.risk_aversion,
            100.0 * point.forecast,
            100.0 * point.std,
            100.0 * point.spent
        );
    }
    Ok(())
}
