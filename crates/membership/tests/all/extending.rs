//! The example of the book compiles, runs and obeys the laws.

#[path = "../../examples/new_membership.rs"]
mod new_membership;

use fuzzysvm_core::{Label, Matrix, Samples};
use fuzzysvm_membership::{Membership, laws};
use new_membership::OppositeDistance;
use proptest::prelude::*;

#[test]
fn the_example_runs() {
    new_membership::main().unwrap();
}

#[test]
fn the_example_computes_what_it_says() {
    // Majority at 0, 3 and 10, minority at 4: distances 4, 1 and 6, mean 11/3.
    let x = [0.0, 3.0, 4.0, 10.0];
    let y = [
        Label::Negative,
        Label::Negative,
        Label::Positive,
        Label::Negative,
    ];
    let train = Samples::new(Matrix::new(&x, 1).unwrap(), &y).unwrap();
    let s = OppositeDistance::default().membership(train).unwrap();
    let mean = 11.0 / 3.0;
    let expected = [
        4.0 / (4.0 + mean),
        1.0 / (1.0 + mean),
        1.0,
        6.0 / (6.0 + mean),
    ];
    for (s, e) in s.iter().zip(expected) {
        assert!((s - e).abs() < 1e-15);
    }
    assert!(OppositeDistance { scale: 0.0 }.membership(train).is_err());
}

#[test]
fn the_book_includes_this_very_source() {
    let page = include_str!("../../../../docs/src/extending.md");
    assert!(page.contains("{{#include ../../crates/membership/examples/new_membership.rs}}"));
    // The part that becomes a file of the library, and where it ends.
    let source = include_str!("../../examples/new_membership.rs");
    let end = "// ---- The strategy ends here.";
    let (file, _) = source.split_once(end).unwrap();
    assert!(page.contains(end) && file.contains("impl Strategy for") && !file.contains("main"));
}

proptest! {
    #[test]
    fn the_example_obeys_the_laws(
        values in prop::collection::vec(-(1 << 20)..(1 << 20i32), 60),
        positive in prop::collection::vec(any::<bool>(), 18),
    ) {
        let x: Vec<f64> = values.iter().map(|&v| f64::from(v) / 1024.0).collect();
        let mut y = vec![Label::Negative, Label::Positive];
        y.extend(positive.iter().map(|&p| if p { Label::Positive } else { Label::Negative }));
        let train = Samples::new(Matrix::new(&x, 3).unwrap(), &y).unwrap();
        laws::check(&OppositeDistance::default(), train, 1e-9).map_err(TestCaseError::fail)?;
    }
}
