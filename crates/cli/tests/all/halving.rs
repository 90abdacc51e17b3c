//! `tune --search halving`.

use crate::common::{Bench, keys};

/// Every combination has the round that it left in; the best is best among those of the last.
#[test]
fn tune_tries_few_combinations_on_all_rows() {
    let bench = Bench::new();
    bench.ok("simulate-loans --n 6000 --seed 3 --output loans.csv");
    let args = "tune loans.csv --method efsvm --k 3,7 --c 0.25,4,64 --gamma 0.01,0.1,1 --folds 3";
    let halving = format!("{args} --search halving");
    let summary = bench.json(&halving);
    let cells = summary["grid"].as_array().unwrap();
    let number = |cell: &serde_json::Value, key: &str| cell[key].as_u64().unwrap() as usize;
    let n_rounds = cells
        .iter()
        .map(|cell| number(cell, "round"))
        .max()
        .unwrap();
    assert!(cells.len() == 18 && n_rounds > 1, "{n_rounds} rounds");
    let (mut left, mut fits, mut before) = (cells.len(), 0, 0);
    for round in 1..=n_rounds {
        fits += 3 * left;
        let of_round: Vec<_> = cells
            .iter()
            .filter(|cell| number(cell, "round") == round)
            .collect();
        let next = left.div_ceil(3);
        assert_eq!(
            of_round.len(),
            if round == n_rounds { left } else { left - next }
        );
        left = next;
        let rows = number(of_round[0], "rows");
        assert!(of_round.iter().all(|cell| number(cell, "rows") == rows) && rows > before);
        before = rows;
    }
    assert_eq!(summary["fits"], fits);
    let of_last = cells
        .iter()
        .filter(|cell| number(cell, "round") == n_rounds);
    let scores = of_last.map(|cell| cell["score"].as_f64().unwrap());
    let best = scores.fold(0.0, f64::max);
    assert_eq!(summary["best"]["score"].as_f64().unwrap(), best);
    assert_eq!(keys(&summary["best"]), ["c", "gamma", "k", "score"]);
    // Threads change nothing, another seed draws other rows.
    let grid_of = |flags: &str| bench.json(&format!("{halving} {flags}"))["grid"].clone();
    assert_eq!(summary["grid"], grid_of("--threads 1"));
    assert_ne!(summary["grid"], grid_of("--seed 2"));

    let text = bench.ok(&format!("{halving} --model m.json")).stdout;
    let mut lines = text.lines().skip_while(|line| !line.contains("gamma"));
    let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert!(head.ends_with(&["round", "rows"]), "{text}");
    // Those of the last round stand first.
    let shown: Vec<usize> = lines
        .take(10)
        .map(|line| {
            line.split_whitespace()
                .rev()
                .nth(1)
                .unwrap()
                .parse()
                .unwrap()
        })
        .collect();
    assert_eq!(shown[0], n_rounds);
    assert!(shown.is_sorted_by(|a, b| a >= b), "{text}");
    assert!(
        bench
            .ok("predict loans.csv --model m.json")
            .stdout
            .lines()
            .count()
            > 100
    );

    // Few rows leave one round, the grid.
    let few = "tune few.csv --method efsvm --k 3,7 --c 0.25,4 --gamma 0.1,1 --folds 3";
    bench.ok("simulate-loans --n 600 --seed 3 --output few.csv");
    let mut one = bench.json(&format!("{few} --search halving"));
    let grid = bench.json(few);
    for cell in one["grid"].as_array_mut().unwrap() {
        let cell = cell.as_object_mut().unwrap();
        assert_eq!(cell.remove("round").unwrap(), 1);
        assert!(cell.remove("rows").unwrap().as_u64().unwrap() > 50);
    }
    assert_eq!((&one["grid"], &one["best"]), (&grid["grid"], &grid["best"]));
}
