//! Random edits of model files: each must be refused, or be read as exactly the model that was written.
//!
//! ```text
//! cargo run --release --manifest-path fuzz/Cargo.toml --example mutate -- 1000000
//! ```

use std::error::Error;
use std::fs;
use std::path::Path;

use fuzzysvm::baselines::BaselineModelFile;
use fuzzysvm::estimator::FittedEstimator;
use fuzzysvm::experiments::on_offer::LoanModel;
use fuzzysvm::svm::model_file::{ApproxModelFile, ModelFile, from_libsvm};
use fuzzysvm_fuzz::edit::edit;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// The model that a text is, in the words that we write, or the error.
type Read = fn(&str) -> Result<String, String>;

/// Where the line of the checksum is gone from a LIBSVM text, it is one of LIBSVM's, which has none; so the reader says.
const UNCHECKED: &str = "read, and said to be without a checksum";

fn words<E: std::fmt::Display>(e: E) -> String {
    e.to_string()
}

const FORMATS: [(&str, Read); 6] = [
    ("estimator_file", |text| {
        let fitted = FittedEstimator::from_text(text).map_err(words)?;
        fitted.to_json().map_err(words)
    }),
    ("loan_model", |text| {
        let fitted = FittedEstimator::from_text(text).map_err(words)?;
        let model = LoanModel::of_fitted(fitted).map_err(words)?;
        model.to_fitted().map_err(words)?.to_json().map_err(words)
    }),
    ("model_json", |text| {
        ModelFile::from_json(text)
            .map_err(words)?
            .to_json()
            .map_err(words)
    }),
    ("approx_model_json", |text| {
        ApproxModelFile::from_json(text)
            .map_err(words)?
            .to_json()
            .map_err(words)
    }),
    ("baseline_json", |text| {
        BaselineModelFile::from_json(text)
            .map_err(words)?
            .to_json()
            .map_err(words)
    }),
    ("libsvm_model", |text| {
        let imported = from_libsvm(text, None).map_err(words)?;
        if !imported.checked {
            return Err(UNCHECKED.to_owned());
        }
        imported.model.to_libsvm().map_err(words)
    }),
];

fn main() -> Result<(), Box<dyn Error>> {
    let asked = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "1000000".to_owned());
    let per_format = asked.parse::<usize>()?.div_ceil(FORMATS.len());
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    for (format, read) in FORMATS {
        let mut files = Vec::new();
        for entry in fs::read_dir(seeds.join(format))? {
            let text = fs::read_to_string(entry?.path())?;
            files.push((read(&text)?, text));
        }
        let (mut refused, mut unchecked, mut same, mut untouched) = (0, 0, 0, 0);
        for i in 0..per_format {
            let (model, text) = &files[i % files.len()];
            let mut bytes = text.clone().into_bytes();
            edit(&mut bytes, &mut rng);
            if bytes == text.as_bytes() {
                untouched += 1;
                continue;
            }
            match std::str::from_utf8(&bytes).map_err(words).and_then(read) {
                Err(e) if e == UNCHECKED => unchecked += 1,
                Err(_) => refused += 1,
                Ok(found) if found == *model => same += 1,
                Ok(_) => {
                    let edited = std::env::temp_dir().join("edited-model");
                    fs::write(&edited, &bytes)?;
                    return Err(format!("{format}: another model: {}", edited.display()).into());
                }
            }
        }
        print!(
            "{format}: {per_format} edits of {} files: {refused} refused",
            files.len()
        );
        if unchecked > 0 {
            print!(", {unchecked} {UNCHECKED}");
        }
        println!(", {same} the same model, {untouched} no change");
    }
    Ok(())
}
