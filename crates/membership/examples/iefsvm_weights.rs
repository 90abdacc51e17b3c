//! IEFSVM's memberships of a small data set: `cargo run -p fuzzysvm-membership --example iefsvm_weights`.

use fuzzysvm_core::{Label, Matrix, Samples};
use fuzzysvm_membership::{Iefsvm, Membership};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let x = [0.0, 1.0, 2.1, 3.3, 4.6, 6.0, 7.5, 9.1, 10.8];
    let y = [-1.0, -1.0, -1.0, -1.0, 1.0, -1.0, 1.0, 1.0, -1.0].map(Label::from_sign);
    let train = Samples::new(Matrix::new(&x, 1)?, &y)?;

    let iefsvm = Iefsvm {
        ks: vec![1, 3, 5],
        ..Iefsvm::default()
    };
    for (i, s) in iefsvm.membership(train)?.iter().enumerate() {
        println!("{:5.1} {:8} {s:.4}", x[i], y[i]);
    }
    Ok(())
}
