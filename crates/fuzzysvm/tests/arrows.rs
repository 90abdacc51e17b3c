//! The arrows between the crates are few and stay the ones that the design allows; the picture of
//! them, `docs/src/crates.svg`, is drawn here from what Cargo knows.
#![allow(clippy::expect_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// A crate of the workspace: what it may depend on, and where it stands in the picture.
struct Row {
    /// The name without `fuzzysvm-`.
    name: &'static str,
    /// What it may depend on, besides `core` and whatever lies below these.
    allowed: &'static [&'static str],
    /// What the picture says of it.
    caption: &'static str,
    /// Left and right edge in the picture, in columns. The row follows from the arrows.
    columns: (f64, f64),
}

const fn row(
    name: &'static str,
    allowed: &'static [&'static str],
    caption: &'static str,
    columns: (f64, f64),
) -> Row {
    Row {
        name,
        allowed,
        caption,
        columns,
    }
}

/// The library crates. A crate may be missing in the workspace, but none may be missing here.
const CRATES: &[Row] = &[
    row(
        "core",
        &[],
        "sample views, labels, parameters, model-file envelope · Learner, Classifier",
        (0.0, 7.3),
    ),
    row("kernels", &[], "K(x, z), Gram matrix", (4.7, 5.6)),
    row("knn-entropy", &[], "neighbors, entropy", (3.7, 4.6)),
    row("qp", &[], "the dual, SMO", (5.7, 6.6)),
    row("datasets", &[], "loans, CSV, KEEL", (0.0, 0.9)),
    row("baselines", &[], "six baselines", (1.0, 1.8)),
    row("evaluation", &[], "metrics, tests", (1.9, 2.7)),
    row("calibration", &[], "probabilities", (2.8, 3.6)),
    row(
        "membership",
        &["kernels", "knn-entropy"],
        "weights of samples",
        (3.7, 5.0),
    ),
    row("svm", &["kernels", "qp"], "classifier, tuning", (5.1, 6.2)),
    row("portfolio", &["qp"], "returns, selection", (6.3, 7.3)),
    row(
        "estimator",
        &[
            "datasets",
            "membership",
            "svm",
            "baselines",
            "calibration",
            "evaluation",
        ],
        "data to decision: preprocessing, registry of methods, tuning, model file",
        (0.0, 6.2),
    ),
    row(
        "experiments",
        &["estimator", "portfolio"],
        "lend and compare: trials, claims, tables",
        (0.0, 7.3),
    ),
    row("report", &[], "results to a page", (7.4, 8.4)),
];

/// What stands on the facade and is drawn above it.
const FACADE: Row = row(
    "fuzzysvm",
    &[],
    "facade: re-exports, a feature for each part",
    (0.0, 8.4),
);
const CLI: Row = row("cli", &["fuzzysvm"], "the command fuzzysvm", (1.4, 3.4));
const PYTHON: Row = row(
    "python",
    &["fuzzysvm"],
    "the Python package fuzzysvm",
    (3.9, 5.9),
);

/// Cargo's view of the workspace.
fn metadata() -> serde_json::Value {
    let out = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).expect("JSON")
}

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Normal (not dev, not build) dependencies of every workspace crate on workspace crates, by the
/// names without `fuzzysvm-`.
fn arrows() -> Arrows {
    let short = |name: &serde_json::Value| {
        let name = name.as_str().unwrap_or_default();
        name.strip_prefix("fuzzysvm-").unwrap_or(name).to_owned()
    };
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let names: BTreeSet<String> = packages.iter().map(|p| short(&p["name"])).collect();
    packages
        .iter()
        .map(|p| {
            let dependencies = p["dependencies"].as_array().expect("dependencies");
            let ours = dependencies
                .iter()
                .filter(|d| d["kind"].is_null() && d["path"].is_string())
                .map(|d| short(&d["name"]))
                .filter(|name| names.contains(name))
                .collect();
            (short(&p["name"]), ours)
        })
        .collect()
}

/// Everything that `name` may depend on: the allowed arrows, and the crates below them.
fn below(name: &str) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::from(["core"]);
    let mut open = vec![name];
    while let Some(next) = open.pop() {
        let row = CRATES.iter().find(|row| row.name == next);
        for target in row.map_or(&[][..], |row| row.allowed) {
            if reached.insert(target) {
                open.push(target);
            }
        }
    }
    reached
}

#[test]
fn crates_depend_on_core_and_on_what_the_design_allows() {
    for (name, targets) in arrows() {
        match name.as_str() {
            "fuzzysvm" | "benches" => {}
            "cli" | "python" => assert_eq!(
                targets,
                BTreeSet::from(["fuzzysvm".to_owned()]),
                "{name} goes through the facade"
            ),
            _ => {
                assert!(
                    CRATES.iter().any(|row| row.name == name),
                    "{name} is not in the table of this test"
                );
                let mut allowed = below(&name);
                allowed.remove(name.as_str()); // core
                for target in targets {
                    assert!(
                        allowed.contains(target.as_str()),
                        "{name} must not depend on {target}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_facade_has_every_crate() {
    let arrows = arrows();
    for row in CRATES.iter().filter(|row| arrows.contains_key(row.name)) {
        assert!(
            arrows["fuzzysvm"].contains(row.name),
            "the facade misses {}",
            row.name
        );
    }
}

#[test]
fn the_picture_is_the_one_of_these_arrows() {
    let root = metadata()["workspace_root"]
        .as_str()
        .expect("a folder")
        .to_owned();
    let path = Path::new(&root).join("docs/src/crates.svg");
    if !path.parent().is_some_and(Path::is_dir) {
        return; // a packaged crate has no book
    }
    let drawn = picture(&arrows());
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        std::fs::write(&path, drawn).expect("the picture can be written");
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == drawn,
        "docs/src/crates.svg shows other arrows: run `UPDATE_PICTURE=1 cargo test -p fuzzysvm --test arrows`"
    );
}

/// Width of a column, height of a box, height of a row with its arrows, margin, in pixels.
const COLUMN: f64 = 138.0;
const BOX: f64 = 48.0;
const ROW: f64 = 80.0;
const MARGIN: f64 = 18.0;

const STYLE: &str = "\
    .card{fill:#fff;stroke:#d0d7de}
    .box{fill:#f6f8fa;stroke:#818b98}
    .top{fill:#ddf4ff;stroke:#0969da}
    .arrow{stroke:#59636e;stroke-width:1.4;fill:none}
    .head{fill:#59636e}
    text{fill:#1f2328;text-anchor:middle;font:12px Helvetica,Arial,sans-serif}
    .name{font-size:15px;font-weight:600}
    @media (prefers-color-scheme:dark){
      .card{fill:#0d1117;stroke:#3d444d}
      .box{fill:#1c2128;stroke:#7d8590}
      .top{fill:#0c2d5e;stroke:#4493f8}
      .arrow{stroke:#9198a1}
      .head{fill:#9198a1}
      text{fill:#f0f6fc}
    }
";

/// The arrows as an SVG: users above, what they use below, arrows that follow from others left out.
fn picture(arrows: &Arrows) -> String {
    let rows: Vec<&Row> = [&CLI, &PYTHON, &FACADE]
        .into_iter()
        .chain(CRATES)
        .filter(|row| arrows.contains_key(row.name))
        .collect();
    let depth = depths(arrows);
    let lowest = rows.iter().map(|row| depth[row.name]).max().unwrap_or(0);
    // Left, right and top edge of a box.
    let place = |row: &Row| {
        let [left, right] = [row.columns.0, row.columns.1].map(|c| MARGIN + COLUMN * c);
        (left, right, MARGIN + ROW * f64::from(depth[row.name]))
    };

    let right = rows.iter().map(|row| row.columns.1).fold(0.0, f64::max);
    let width = 2.0 * MARGIN + COLUMN * right;
    let height = 2.0 * MARGIN + ROW * f64::from(lowest) + BOX;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" \
         aria-label=\"The crates of fuzzysvm; an arrow leads from a crate to one that it uses\">\n  <style>\n{STYLE}  </style>\n  \
         <defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path class=\"head\" d=\"M0 0L10 5L0 10z\"/></marker></defs>\n  \
         <rect class=\"card\" x=\"0.5\" y=\"0.5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"10\"/>\n",
        width - 1.0,
        height - 1.0
    );
    for row in &rows {
        let (left, right, top) = place(row);
        let class = if ["cli", "python", "fuzzysvm", "core"].contains(&row.name) {
            "top"
        } else {
            "box"
        };
        let middle = (left + right) / 2.0;
        writeln!(
            svg,
            "  <rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{BOX:.1}\" rx=\"8\"/>\
             <text class=\"name\" x=\"{middle:.1}\" y=\"{:.1}\">{}</text><text x=\"{middle:.1}\" y=\"{:.1}\">{}</text>",
            right - left,
            top + 20.0,
            row.name,
            top + 38.0,
            row.caption
        )
        .expect("a string can be written to");
    }
    for from in &rows {
        for to in &rows {
            if !is_direct(arrows, from.name, to.name) {
                continue;
            }
            let ((l, r, y), (ll, rr, yy)) = (place(from), place(to));
            // Straight down in the middle of what both have in common, or from middle to middle.
            let (start, end) = if r.min(rr) - l.max(ll) > 12.0 {
                let x = (r.min(rr) + l.max(ll)) / 2.0;
                (x, x)
            } else {
                ((l + r) / 2.0, (ll + rr) / 2.0)
            };
            writeln!(
                svg,
                "  <path class=\"arrow\" marker-end=\"url(#head)\" d=\"M{start:.1} {:.1}L{end:.1} {yy:.1}\"/>",
                y + BOX
            )
            .expect("a string can be written to");
        }
    }
    svg + "</svg>\n"
}

/// How many rows below the top a crate stands: one below the lowest of its users.
fn depths(arrows: &Arrows) -> BTreeMap<String, u32> {
    let mut depth: BTreeMap<String, u32> = arrows.keys().map(|name| (name.clone(), 0)).collect();
    for _ in arrows {
        for (name, targets) in arrows.iter().filter(|(name, _)| *name != "benches") {
            for target in targets {
                let least = depth[name] + 1;
                let now = depth.get_mut(target).expect("a crate of the workspace");
                *now = least.max(*now);
            }
        }
    }
    depth
}

/// Whether `from` uses `to`, and not only by way of another crate that it uses.
fn is_direct(arrows: &Arrows, from: &str, to: &str) -> bool {
    fn reaches(arrows: &Arrows, from: &str, to: &str) -> bool {
        from == to || arrows[from].iter().any(|next| reaches(arrows, next, to))
    }
    arrows[from].contains(to)
        && !arrows[from]
            .iter()
            .any(|next| next != to && reaches(arrows, next, to))
}
