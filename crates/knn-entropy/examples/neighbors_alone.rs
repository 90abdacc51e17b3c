//! Neighbors and entropies without a classifier: which samples lie where the classes mix?

use fuzzysvm_core::{Label, Matrix};
use fuzzysvm_knn_entropy::{Auto, NeighborSearch, class_entropy};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let x = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0, 1.1, 1.2, 1.3, 1.4];
    let x = Matrix::new(&x, 1)?;
    let (n, p) = (Label::Negative, Label::Positive);
    let y = [n, n, n, n, n, n, p, n, p, p, p];

    // One search at the largest k serves every smaller one.
    let ks = [1, 3, 5];
    let table = Auto.among_themselves(x, 5)?;
    let entropy = class_entropy(&table, &y, &ks)?;

    println!("   x  label     H(1)   H(3)   H(5)");
    for (i, h) in entropy.chunks(ks.len()).enumerate() {
        println!(
            "{:4.1}  {:8?}  {:.3}  {:.3}  {:.3}",
            x.row(i)[0],
            y[i],
            h[0],
            h[1],
            h[2]
        );
    }
    let mixed = |i: usize| entropy[i * ks.len() + 2];
    assert_eq!(mixed(0), 0.0); // far from the other class
    assert!(mixed(6) > 0.6); // where they mix
    Ok(())
}
