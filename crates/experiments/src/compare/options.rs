//! What a comparison is asked for, as a command line, a notebook and a worker of a cluster say it.

use std::path::PathBuf;

use fuzzysvm_core::ParamError;
use fuzzysvm_datasets::table::{Header, ReadOptions, ScalerKind};
use fuzzysvm_estimator::Method;

use super::CompareSettings;
use crate::Contradiction;
use crate::read_option::{count, counts, named, names, parse, read, unknown};

const NUMBERS: &str = "numbers, as in 0.25,1,4";

/// What a comparison is asked for, with the defaults of `fuzzysvm compare`.
///
/// ```no_run
/// use fuzzysvm_experiments::compare::{self, CompareOptions};
/// let mut options = CompareOptions::default();
/// options.data = vec!["yeast3.dat".into(), "glass0.dat".into()];
/// options.set("methods", "svm,iefsvm")?;
/// options.check()?;
/// let input = options.read();
/// let results = input.with_left_out(compare::run(&input.sets, &options.settings(), &|_| {})?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CompareOptions {
    /// Files of samples.
    pub data: Vec<PathBuf>,
    /// How they are read.
    pub table: ReadOptions,
    /// Scaling of the features.
    pub scale: ScalerKind,
    /// Folds of the cross-validation.
    pub folds: usize,
    /// Repetitions with other shuffles.
    pub repeats: usize,
    /// Folds of the tuning inside a training part.
    pub inner_folds: usize,
    /// The methods; empty for all.
    pub methods: Vec<Method>,
    /// The method that the others are tested against; `None` for IEFSVM, else the first.
    pub control: Option<Method>,
    /// Grid of C; empty for the default.
    pub c: Vec<f64>,
    /// Grid of γ; empty for the default.
    pub gamma: Vec<f64>,
    /// Numbers of neighbors that EFSVM tunes over; empty for the default.
    pub k: Vec<usize>,
    /// Seed of all shuffles.
    pub seed: u64,
}

impl Default for CompareOptions {
    fn default() -> Self {
        let settings = CompareSettings::default();
        Self {
            data: Vec::new(),
            table: ReadOptions::default(),
            scale: settings.scale,
            folds: settings.folds,
            repeats: settings.repeats,
            inner_folds: settings.inner_folds,
            methods: Vec::new(),
            control: None,
            c: Vec::new(),
            gamma: Vec::new(),
            k: Vec::new(),
            seed: settings.seed,
        }
    }
}

impl CompareOptions {
    /// Sets the option of this name (but [`CompareOptions::data`]) from text. Whether numbers are in range is said by the
    /// settings.
    ///
    /// # Errors
    /// No such option, or a text that cannot be read.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), ParamError> {
        match name {
            "target" => self.table.target = Some(text.to_owned()),
            "positive" => self.table.positive = Some(text.to_owned()),
            "missing" => self.table.missing = parse(name, text, "one of impute, refuse")?,
            "header" => {
                self.table.header = match read(name, text, "true or false")? {
                    true => Header::Yes,
                    false => Header::No,
                };
            }
            "sep" => self.table.separator = Some(mark(name, text, ReadOptions::separator_of)?),
            "decimal" => self.table.decimal = Some(mark(name, text, ReadOptions::decimal_of)?),
            "scale" => self.scale = parse(name, text, "one of standard, minmax, none")?,
            "folds" => self.folds = count(name, text)?,
            "repeats" => self.repeats = count(name, text)?,
            "inner_folds" => self.inner_folds = count(name, text)?,
            "methods" => self.methods = names(name, text)?,
            "control" => self.control = Some(named(name, text)?),
            "c" => self.c = read(name, text, NUMBERS)?,
            "gamma" => self.gamma = read(name, text, NUMBERS)?,
            "k" => self.k = counts(name, text)?,
            "seed" => self.seed = read(name, text, "a whole number from 0")?,
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Sets the option of this name whose value is a list of texts.
    ///
    /// # Errors
    /// No such option.
    pub fn set_list(&mut self, name: &str, texts: Vec<String>) -> Result<(), ParamError> {
        match name {
            "negative" => self.table.negative = texts,
            "na" => self.table.na = texts,
            "drop" => self.table.drop = texts,
            "features" => self.table.features = texts,
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Refuses a method that is named twice, and a control that is not among the methods.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn check(&self) -> Result<(), Contradiction> {
        Contradiction::check_named_once(&self.methods)?;
        match &self.control {
            Some(control) if !self.settings().methods.contains(control) => Err(Contradiction::new(
                format!("`control={control}` is not among `methods`"),
            )),
            _ => Ok(()),
        }
    }

    /// The settings of the comparison.
    pub fn settings(&self) -> CompareSettings {
        let mut settings = CompareSettings {
            folds: self.folds,
            repeats: self.repeats,
            inner_folds: self.inner_folds,
            scale: self.scale,
            seed: self.seed,
            ..CompareSettings::default()
        };
        if !self.methods.is_empty() {
            settings.methods.clone_from(&self.methods);
        }
        match &self.control {
            Some(control) => settings.control = control.clone(),
            None if settings.methods.contains(&settings.control) => {}
            None => settings.control = settings.methods[0].clone(),
        }
        for (given, default) in [
            (&self.c, &mut settings.c),
            (&self.gamma, &mut settings.gamma),
        ] {
            if !given.is_empty() {
                default.clone_from(given);
            }
        }
        if !self.k.is_empty() {
            settings.ks.clone_from(&self.k);
        }
        settings
    }
}

/// A mark that the reader knows.
fn mark(
    name: &str,
    text: &str,
    read: fn(&str) -> Result<char, &'static str>,
) -> Result<char, ParamError> {
    read(text).map_err(|rule| ParamError::unreadable(name.to_owned(), text, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_set_by_name_and_contradictions_are_said() {
        let mut options = CompareOptions::default();
        for (name, text) in [
            ("methods", "svm,class-cost"),
            ("header", "false"),
            ("sep", "\t"),
            ("decimal", ","),
        ] {
            options.set(name, text).unwrap();
        }
        options.set_list("na", vec!["-9".to_owned()]).unwrap();
        assert_eq!(options.settings().control.id(), "svm");
        assert_eq!(options.table.separator, Some('\t'));
        for (text, one) in [("tab", '\t'), ("\\t", '\t'), ("space", ' '), ("|", '|')] {
            options.set("sep", text).unwrap();
            assert_eq!(options.table.separator, Some(one), "{text}");
        }
        assert!(options.set("control", "svm,iefsvm").is_err());
        options.set("control", "iefsvm").unwrap();
        let words = "`control=iefsvm` is not among `methods`";
        assert_eq!(options.check().unwrap_err().to_string(), words);
        options.set("methods", "svm,svm").unwrap();
        let words = "`methods` names svm twice";
        assert_eq!(options.check().unwrap_err().to_string(), words);
        for (name, text) in [
            ("sep", "ab"),
            ("sep", "\""),
            ("sep", "\n"),
            ("decimal", "x"),
            ("x", "1"),
        ] {
            assert!(options.set(name, text).is_err(), "{name} {text}");
        }
        assert!(options.set_list("x", Vec::new()).is_err());
    }
}
