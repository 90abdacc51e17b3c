//! `membership` through the binary.

use crate::common::{Bench, keys};

#[test]
fn memberships_are_written_with_their_entropies() {
    let bench = Bench::with_data();
    bench.ok("membership train.csv --method efsvm --k 5 --details --output s.csv");
    let table = bench.get("s.csv");
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("row,label,membership,entropy_5"));
    for (i, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let (s, h): (f64, f64) = (cells[2].parse().unwrap(), cells[3].parse().unwrap());
        assert_eq!(cells[1], if i % 5 == 0 { "yes" } else { "no" });
        // the minority 1, the majority (1 - H)/IR with IR = 4
        let expected = if i % 5 == 0 { 1.0 } else { (1.0 - h) / 4.0 };
        assert!((s - expected).abs() < 1e-12, "{line}");
        assert!((0.0..=std::f64::consts::LN_2 + 1e-12).contains(&h));
    }
    let header = |args: &str| {
        let text = bench.ok(&format!("membership train.csv {args}")).stdout;
        text.lines().next().unwrap().to_owned()
    };
    assert_eq!(header("--method fsvm"), "row,label,membership");
    assert_eq!(
        header("--method iefsvm --param ks=[1,3] --details"),
        "row,label,membership,entropy_1,entropy_3"
    );
    let summary = bench.json("membership train.csv --output t.csv");
    assert_eq!(
        keys(&summary),
        [
            "mean",
            "n_negative",
            "n_positive",
            "n_samples",
            "n_zero",
            "output"
        ]
    );
}

#[test]
fn memberships_of_a_first_model_and_of_times() {
    let bench = Bench::with_data();
    let column = |args: &str| -> Vec<f64> {
        let text = bench.ok(&format!("membership train.csv {args}")).stdout;
        let cells = text.lines().skip(1).map(|l| l.split(',').nth(2).unwrap());
        cells.map(|c| c.parse().unwrap()).collect()
    };
    // One in five is positive: 1/IR = 1/4. A majority sample has 1/4 or less, and the first model says who.
    let weak = column("--method slack-factor --param preliminary_c=0.01");
    let strong = column("--method slack-factor --param preliminary_c=100");
    assert_ne!(weak, strong);
    for (i, s) in weak.iter().chain(&strong).enumerate() {
        let most = if i % weak.len() % 5 == 0 { 1.0 } else { 0.25 };
        assert!((0.0..=most).contains(s), "{i}: {s}");
    }
    let linear = "--method fsvm-cil --param distance=hyperplane --kernel linear";
    let rbf = "--method fsvm-cil --param distance=hyperplane";
    assert_ne!(column(linear), column(rbf));
    // By column the rows' order does not count, and the scaling cancels.
    let time = "--method lin-wang-time --param time=a --param sigma=0.5";
    let (scaled, raw) = (column(time), column(&format!("{time} --scale none")));
    assert!(scaled.iter().zip(&raw).all(|(s, r)| (s - r).abs() < 1e-12));
    assert_eq!(raw.iter().copied().fold(1.0, f64::min), 0.5);
    assert_eq!(column("--method lin-wang-time")[0], 0.1);
    // Folds are encoded one by one.
    for method in [
        "slack-factor",
        "lin-wang-time --param time=a",
        "intuitionistic",
    ] {
        bench.ok(&format!(
            "evaluate train.csv --method {method} --folds 2 --resamples 20"
        ));
        bench.ok(&format!(
            "tune train.csv --method {method} --c 1 --gamma 0.5 --folds 2"
        ));
    }
    let tuned =
        bench.json("tune train.csv --method relative-density --k 1,3 --c 1 --gamma 1 --folds 2");
    assert_eq!(tuned["grid"].as_array().unwrap().len(), 2);
}
