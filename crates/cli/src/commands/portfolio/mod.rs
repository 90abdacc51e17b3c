//! `fuzzysvm portfolio`

mod files;
mod flags;
mod words;

use std::path::PathBuf;

use fuzzysvm::estimator::LoanFileOptions;
use fuzzysvm::experiments::on_offer::LoanModel;

use crate::failure::{Done, Failure};
use crate::lend_files::MODEL;
use crate::ui::General;
use crate::words::in_flags;

pub use self::flags::Portfolio;

impl Portfolio {
    pub fn run(&self, general: &General) -> Result<Done, Failure> {
        let options = self.options()?;
        let inputs = [&self.loans, &self.model_file()];
        let destination = general.destination(&self.output, self.force, &inputs, "loans to buy")?;
        let model = LoanModel::load(self.model_file())?;
        let bar = general.spinner("reading");
        let file_options = LoanFileOptions::default()
            .with_columns(self.columns.columns())
            .with_as_of(self.as_of)
            .with_id(self.id.clone());
        let offer = model.read(&self.loans, &file_options)?;
        bar.finish_and_clear();
        let file = self.loans.display();
        for warning in &offer.warnings {
            general.warn(format!("{file}: {}", in_flags(warning)));
        }
        let bar = general.progress(offer.book.len() as u64, "loans scored");
        let scored = model.score(&offer, self.refuse_unseen, &|n| bar.set_position(n as u64))?;
        bar.finish_and_clear();
        for line in words::warnings(&offer, &scored, self.refuse_unseen) {
            general.warn(format!("{file}: {line}"));
        }
        let bar = general.spinner("choosing");
        let bought = model.buy(&offer, &scored, &options)?;
        let places: Vec<usize> = bought.purchases.iter().map(|p| p.place).collect();
        let explanations = model.explain(&offer, &scored, &places)?;
        bar.finish_and_clear();
        if bought.purchases.is_empty() {
            general.warn(format!("{file}: there is nothing to buy"));
        }
        let list = files::List {
            model: &model,
            offer: &offer,
            scored: &scored,
            bought: &bought,
            explanations: &explanations,
        };
        destination.write(|out| list.write(out, self.all))?;
        if destination.is_stdout() {
            return Ok(Done::Complete);
        }
        let run = words::Run {
            model: &model,
            offer: &offer,
            scored: &scored,
            bought: &bought,
            options: &options,
            output: &self.output,
        };
        general.result(&run.json(), || run.text())?;
        Ok(Done::Complete)
    }

    /// The model file: of a folder, the one that `lend --save` wrote into it.
    fn model_file(&self) -> PathBuf {
        match self.model.is_dir() {
            true => self.model.join(MODEL),
            false => self.model.clone(),
        }
    }
}
