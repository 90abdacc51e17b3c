//! Draws a `results.json`: `cargo run -p fuzzysvm-report --example draw results.json report.html`.

use std::error::Error;

use fuzzysvm_report::{Options, draw};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(results), Some(page)) = (args.next(), args.next()) else {
        return Err("expected results.json and the page to write".into());
    };
    let text = std::fs::read_to_string(&results)?;
    std::fs::write(&page, draw(&text, &Options::default())?)?;
    println!("{page}");
    Ok(())
}
