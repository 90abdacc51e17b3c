//! The page that `lend` and `compare` write, and `report` draws again.

use crate::common::Bench;
use serde_json::Value;

const LEND: &str = "lend --simulated-loans 6000 --trials 3 --train 200 --test 300 --folds 2 --c 1 --gamma 0.1 --k 3 \
                    --methods svm,iefsvm --top 0.2";
const QUARTERS: &str = "lend --simulated-loans 6000 --split walk-forward --c 1 --gamma 0.1 --methods bilateral-svm,stake-svm,\
                        hazard-forecast,completed-regression,paid-regression,highest-rate,random,iefsvm";
const COMPARE: &str = "compare near.dat far.dat rare.dat --methods svm,iefsvm --folds 2 --inner-folds 2 --repeats 1 --c 4 \
                       --gamma 0.25";

fn heading(page: &str) -> &str {
    let (_, rest) = page.split_once("<h1>").unwrap();
    rest.split("</h1>").next().unwrap()
}

#[test]
fn a_run_writes_the_page_that_report_draws_again() {
    let bench = Bench::with_sets();
    for (name, args) in [
        ("lend", LEND.to_owned()),
        ("trials", format!("{LEND} --split random")),
        ("quarters", QUARTERS.to_owned()),
        ("compare", COMPARE.to_owned()),
    ] {
        let run = bench.ok(&format!("{args} --out {name}"));
        let last = run
            .stdout
            .lines()
            .rfind(|l| l.starts_with("written"))
            .unwrap();
        assert!(last.contains(&format!("{name}/report.html")), "{last}");
        let page = bench.get(&format!("{name}/report.html"));
        assert!(page.starts_with("<!DOCTYPE html>") && page.len() < 600_000);
        let again = bench.ok(&format!("report {name}/results.json --output -"));
        assert_eq!(again.stdout, page, "{name}");
    }
    // The numbers of the answer are those of the file.
    let results: Value = serde_json::from_str(&bench.get("lend/results.json")).unwrap();
    let page = bench.get("lend/report.html");
    let top = &results["walk_forward"]["strategies"][0]["top"]["mean_roi"];
    let returned = format!("{:.1}\u{202f}%", 100.0 * top.as_f64().unwrap());
    assert!(
        heading(&page).contains(&returned.replace('-', "\u{2212}")),
        "{}",
        heading(&page)
    );
    assert!(page.contains("Simulated loans: not a real loan book."));
    // Every ranking by its name, also where no method of the trials has it.
    let quarters = bench.get("quarters/report.html");
    for (id, title) in titles(&bench) {
        let is_shown = quarters.contains(&format!("<th scope=\"row\">{title}</th>"));
        let ran = bench
            .get("quarters/results.json")
            .contains(&format!("\"strategy\": \"{id}\""));
        assert_eq!(is_shown, ran, "{id}");
    }
}

/// Ids and titles of rankings and methods.
fn titles(bench: &Bench) -> Vec<(String, String)> {
    let listed = bench.json("methods");
    let entries = ["methods", "rankings"].map(|key| listed[key].as_array().unwrap().clone());
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    let names = entries
        .iter()
        .flatten()
        .map(|e| (text(e, "name"), text(e, "title")));
    names.collect()
}

#[test]
fn the_page_obeys_force_and_names_what_is_wrong() {
    let bench = Bench::with_sets();
    bench.ok(&format!("{COMPARE} --out here"));
    let page = bench.get("here/report.html");
    let again = bench.run("report here/results.json");
    assert_eq!(again.code, Some(1));
    let words = "here/report.html: found an existing file";
    assert!(again.stderr.contains(words), "{}", again.stderr);
    let line = bench.json("report here/results.json --force");
    assert_eq!(line["output"], "here/report.html");
    assert_eq!(bench.get("here/report.html"), page);
    bench.ok("report here/results.json --title Mine --output mine.html");
    assert!(bench.get("mine.html").contains("<title>Mine</title>"));

    let newer = bench
        .get("here/results.json")
        .replacen("\"schema\": 1", "\"schema\": 9", 1);
    bench.put("newer.json", &newer);
    bench.put("other.json", "{\"a\": 1}");
    bench.put("broken.json", "{");
    for (file, words) in [
        ("newer.json", "newer.json: schema 9 is newer than schema 2"),
        (
            "other.json",
            "other.json: neither results of lend nor of compare",
        ),
        ("broken.json", "broken.json: line 1"),
        ("absent.json", "absent.json: "),
    ] {
        let run = bench.run(&format!("report {file} --output no.html"));
        assert_eq!(run.code, Some(1), "{file}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
        assert!(!bench.path("no.html").exists());
    }
    // A page that stands in the way is found before the work begins.
    std::fs::remove_file(bench.path("here/results.json")).unwrap();
    let run = bench.run(&format!("{COMPARE} --out here"));
    assert!(
        run.stderr.contains("found an existing file"),
        "{}",
        run.stderr
    );
}
