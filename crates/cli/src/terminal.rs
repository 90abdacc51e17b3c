//! What standard output can show: how wide it is, and whether in color.

use std::io::IsTerminal;
use std::sync::OnceLock;

use clap::ValueEnum;
use console::{Style, Term};

/// Columns where there is no terminal to ask.
const USUAL_WIDTH: usize = 80;
/// Fewer columns than this hold no table.
const LEAST_WIDTH: usize = 40;

/// When to use color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb
    #[default]
    Auto,
    /// Also into files and pipes
    Always,
    /// Not at all
    Never,
}

impl ColorChoice {
    /// Whether a stream is to be colored that is a terminal or not.
    fn on(self, is_terminal: bool) -> bool {
        // https://no-color.org: set and not empty.
        let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|v| v == "dumb");
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !refused && !dumb,
        }
    }
}

/// What tables and texts are laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns.
    pub width: usize,
    /// Whether escape codes for color are understood.
    pub color: bool,
    /// The same of standard error.
    pub color_of_errors: bool,
}

static SCREEN: OnceLock<Screen> = OnceLock::new();

impl Screen {
    /// Looks at the standard streams and the environment; the first call decides.
    pub fn choose(color: ColorChoice) {
        let _ = SCREEN.set(Self {
            width: width(),
            color: color.on(std::io::stdout().is_terminal()),
            color_of_errors: color.on(std::io::stderr().is_terminal()),
        });
    }

    /// That of this process.
    pub fn current() -> Self {
        *SCREEN.get_or_init(|| Self {
            width: USUAL_WIDTH,
            color: false,
            color_of_errors: false,
        })
    }

    /// A text in a style, where there is color.
    pub fn paint(self, text: &str, style: Style) -> String {
        if self.color && !text.is_empty() {
            style.force_styling(true).apply_to(text).to_string()
        } else {
            text.to_owned()
        }
    }

    /// As [`Screen::paint`], for standard error.
    pub fn paint_error(self, text: &str, style: Style) -> String {
        Self {
            color: self.color_of_errors,
            ..self
        }
        .paint(text, style)
    }
}

/// COLUMNS, or else the width of the terminal, or else 80.
fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|v| v.parse().ok());
    let of_terminal = || {
        let size = Term::stdout().size_checked()?;
        std::io::stdout()
            .is_terminal()
            .then_some(usize::from(size.1))
    };
    let width = asked.or_else(of_terminal).unwrap_or(USUAL_WIDTH);
    width.max(LEAST_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_stands_above_the_terminal() {
        assert!(ColorChoice::Always.on(false));
        assert!(!ColorChoice::Never.on(true));
        assert!(!ColorChoice::Auto.on(false));
    }
}
