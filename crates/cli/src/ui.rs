//! What the person at the terminal sees: progress, warnings, short tables.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use console::Style;
use fuzzysvm::core::memory;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::layout::{Layout, wrap};
use crate::output::{Destination, print_line};
use crate::progress::{Progress, Shown};
use crate::terminal::{ColorChoice, Screen};

/// What was warned of in this run.
static WARNED: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn size(text: &str) -> Result<u64, String> {
    let bytes = memory::parse_size(text).filter(|bytes| *bytes >= memory::LEAST);
    bytes.ok_or_else(|| "expected 16M or more, as 512M or 4G".to_owned())
}

/// A path in JSON, which has texts alone: of a name that is none what can be read of it.
pub fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Options that every command has.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "General")]
pub struct General {
    /// One line of JSON on standard output in place of text
    #[arg(long, global = true)]
    pub json: bool,

    /// No progress, no warnings
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Threads; no result depends on them [default: all]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,

    /// Most memory for data, as 4G [default: 3/4 of all]
    #[arg(long, global = true, value_name = "SIZE", value_parser = size)]
    pub max_memory: Option<u64>,

    /// Seed of all draws
    #[arg(long, global = true, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// auto, always or never
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub color: ColorChoice,

    /// Print help
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
}

impl General {
    /// One line on standard error, unless quiet; [`General::result`] has it in any case.
    pub fn warn(&self, message: impl std::fmt::Display) {
        let mut warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
        warned.push(message.to_string());
        drop(warned);
        if !self.quiet {
            // A closed standard error is no reason to stop.
            let word = Screen::current().paint_error("warning:", Style::new().yellow().bold());
            let _ = writeln!(std::io::stderr(), "{word} {message}");
        }
    }

    /// As [`General::warn`], of what is no reason to worry.
    pub fn note(&self, message: impl std::fmt::Display) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "note: {message}");
        }
    }

    /// Progress of something whose steps are not known.
    pub fn spinner(&self, message: &str) -> Progress {
        self.progress(0, message)
    }

    /// Progress over `n` steps: a bar where standard error is a terminal, else a line now and then.
    pub fn progress(&self, n: u64, message: &str) -> Progress {
        let shown = match (self.quiet, std::io::stderr().is_terminal()) {
            (true, _) => Shown::Nowhere,
            (false, true) => Shown::Bar,
            (false, false) => Shown::Lines,
        };
        Progress::new(n, message, shown)
    }

    /// Prints text before the work begins, where text is what is printed.
    pub fn before(&self, text: impl FnOnce() -> String) -> Result<(), Failure> {
        match self.json {
            true => Ok(()),
            false => print_line(&text()),
        }
    }

    /// Where an output goes that is none of the inputs; on standard output there is no room for a line of JSON beside it.
    pub fn destination(
        &self,
        output: &Path,
        force: bool,
        inputs: &[impl AsRef<Path>],
        what: &str,
    ) -> Result<Destination, Failure> {
        let destination = Destination::prepare(output, force, inputs)?;
        if destination.is_stdout() && self.json {
            return Err(Failure::usage(format!(
                "--json needs --output FILE for the {what}"
            )));
        }
        Ok(destination)
    }

    /// Prints the result: the JSON value, with the `warnings` where there were any, or the text.
    pub fn result(&self, json: &Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.json {
            let mut json = json.clone();
            let warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
            if let (Some(object), false) = (json.as_object_mut(), warned.is_empty()) {
                object.insert("warnings".to_owned(), json!(*warned));
            }
            print_line(&json.to_string())
        } else {
            print_line(&text())
        }
    }
}

/// Lines `name  value` with the values aligned.
pub fn aligned(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let room = Screen::current().width.saturating_sub(width + 2);
    let mut lines = Vec::new();
    for (name, value) in rows {
        // Lists are broken, paths are not: they are there to be copied.
        let parts = match value.contains(", ") && *name != "written" {
            true => wrap(value, room),
            false => vec![value.clone()],
        };
        for (i, part) in parts.iter().enumerate() {
            let name = if i == 0 { name } else { "" };
            lines.push(format!("{name:width$}  {part}"));
        }
    }
    lines.join("\n")
}

/// A table below a row of heads, all columns to the left, within the width of the terminal.
pub fn plain_table(rows: &[impl AsRef<[String]>]) -> String {
    let left = Layout {
        numbers: false,
        ..Layout::NUMBERS
    };
    left.lay_out(rows, Screen::current())
}

/// Names and what they mean, the latter on several lines where they are long.
pub fn wrapped_table(rows: &[impl AsRef<[String]>]) -> String {
    Layout::TEXTS.lay_out(rows, Screen::current())
}

/// `12 345` in place of `12345`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A number with up to six significant digits.
pub fn short(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    if !(1e-4..1e7).contains(&magnitude) {
        return format!("{value:.4e}");
    }
    let decimals = 5 - (magnitude.log10().floor() as i32).min(5);
    let text = format!("{value:.*}", decimals.max(0) as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// `2^-10` for small powers of two, which grids are made of; other numbers as they are.
pub fn power(value: f64) -> String {
    let exponent = value.log2();
    if exponent.fract() == 0.0 && exponent < -2.0 {
        format!("2^{exponent}")
    } else {
        value.to_string()
    }
}

/// Seconds with a unit.
pub fn seconds(value: f64) -> String {
    match value {
        v if v < 0.001 => format!("{:.0} µs", v * 1e6),
        v if v < 1.0 => format!("{:.0} ms", v * 1e3),
        v => format!("{v:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_keep_their_size() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (0.0625, "0.0625"),
            (100.0, "100"),
            (-123.456_789, "-123.457"),
            (1_234_567.8, "1234568"),
            (0.000_123_456, "0.000123456"),
            (1.5e-9, "1.5000e-9"),
            (2.5e12, "2.5000e12"),
        ];
        for (value, expected) in cases {
            assert_eq!(short(value), expected);
        }
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(123_456), "123 456");
        assert_eq!(grouped(1_234_567), "1 234 567");
        assert_eq!(seconds(0.000_02), "20 µs");
        assert_eq!(seconds(0.25), "250 ms");
        assert_eq!(seconds(12.3456), "12.35 s");
        assert_eq!(
            aligned(&[("a", "1".into()), ("bcd", "2".into())]),
            "a    1\nbcd  2"
        );
    }
}
