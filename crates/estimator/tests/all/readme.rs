//! The program in the README is the one that is compiled.

use std::fs;
use std::path::Path;

#[test]
fn the_readme_shows_twelve_lines_of_the_example() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(readme) = fs::read_to_string(here.join("../../README.md")) else {
        eprintln!("skipped: there is no README of the workspace here");
        return;
    };
    let example = fs::read_to_string(here.join("examples/train_save_load_score.rs")).unwrap();
    let (_, rest) = readme.split_once("```rust\n").unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    let shown: Vec<&str> = block
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    assert!(shown.len() <= 12, "{} lines", shown.len());
    let lines: Vec<&str> = example
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let found = lines.windows(shown.len()).any(|part| part == shown);
    assert!(found, "the README's program is not the example's");
}
