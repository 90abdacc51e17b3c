# Show the recipes.
[private]
default:
    @just --list --unsorted

# Run the lending experiment on a simulated loan book.
lend *FLAGS:
    cargo run --release -- lend {{ FLAGS }}

# Run all tests.
test:
    cargo test --workspace

# Format and clippy, warnings denied.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# Run the criterion benches: all of them, or those whose name contains FILTER.
bench FILTER="":
    cargo bench --package fuzzysvm-benches -- {{ FILTER }}

# Build the API documentation and open it.
doc:
    cargo doc --workspace --no-deps --all-features --open

# Build the book (needs mdbook) into docs/book and check its links.
book:
    mdbook build docs
    python3 .ci/links.py

# Build the Python package into the virtual environment that is active, and run its tests.
python:
    pip install --requirement crates/python/requirements-test.txt
    cd crates/python && maturin develop && python -m pytest

# Build the wheel of the Python package into dist: one for all Pythons from 3.11 on.
wheel:
    pip wheel --no-deps --wheel-dir dist crates/python

# Draw docs/src/crates.svg again after a change of the crates' dependencies.
picture:
    UPDATE_PICTURE=1 cargo test --package fuzzysvm --test arrows

# Draw the pictures of report.html in docs/src/gallery again (needs Chromium and Pillow).
report-pictures:
    cargo run --release -- lend --out target/report-pictures --force
    python3 .ci/pictures.py target/report-pictures/report.html

# Fuzz one target of fuzz/fuzz_targets for so many seconds, from its seeds (needs a C++ compiler).
fuzz TARGET SECONDS="60":
    fuzz/run {{ TARGET }} {{ SECONDS }}

# Everything that must pass before a change lands.
ci:
    .ci/run
