//! Trains on a CSV, saves the model, loads it and scores other rows.

use std::error::Error;

use fuzzysvm_estimator::{Data, DataOptions, Estimator, FittedEstimator};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let [train, new, model] = ["train.csv", "new.csv", "model.json"].map(|f| folder.path().join(f));
    let mut text = "income,home,default\n".to_owned();
    for (i, income) in (0..60).map(|i| (i, 20 + i * 37 % 60)) {
        let default = if income < 35 { "yes" } else { "no" };
        text += &format!("{income},{},{default}\n", ["rent", "own"][i % 2]);
    }
    std::fs::write(&train, text)?;
    std::fs::write(&new, "home,income\nown,71\nrent,22\n")?;

    // Text columns become categories; the last column is the target, its rarer value the positive class.
    let data = Data::read(&train, &DataOptions::default())?;
    let estimator = Estimator::named("iefsvm")?.with_c(10.0);
    estimator.fit(&data, None)?.save(&model)?;

    let loaded = FittedEstimator::load(&model)?;
    let rows = loaded.read(&new)?;
    let scores = loaded.decision_function(rows.x.view())?;
    for (row, score) in rows.numbers.iter().zip(scores) {
        let class = &loaded.class_names()[usize::from(score > 0.0)];
        println!("row {row}: {score:+.3}, default: {class}");
    }
    Ok(())
}
