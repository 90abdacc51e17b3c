//! Text from files in messages: quoted, on one line, and cut.

use std::fmt;

/// Most characters of a text that a message quotes.
pub const MAX_QUOTED: usize = 60;

/// The first [`MAX_QUOTED`] characters of a text, with `…` behind them where there are more.
///
/// ```
/// use fuzzysvm_core::quote::cut;
/// assert_eq!(cut("age").to_string(), "age");
/// assert_eq!(cut(&"x".repeat(100)).to_string(), format!("{}…", "x".repeat(60)));
/// ```
pub fn cut(text: &str) -> Cut<'_> {
    let (start, more) = split(text);
    Cut { start, more }
}

/// As [`cut`], in double quotes, with control characters and quotes escaped.
///
/// ```
/// use fuzzysvm_core::quote::quoted;
/// assert_eq!(quoted("a\n\"b\"\0").to_string(), r#""a\n\"b\"\0""#);
/// assert_eq!(quoted(&"é".repeat(61)).to_string(), format!("\"{}…\"", "é".repeat(60)));
/// ```
pub fn quoted(text: &str) -> Quoted<'_> {
    let (start, more) = split(text);
    Quoted { start, more }
}

/// A message about a text from a file, without its middle where it is long: a reader of JSON quotes a name or a string whole,
/// and says at the end where it stands.
///
/// ```
/// use fuzzysvm_core::quote::shortened;
/// assert_eq!(shortened("unknown field `a` at line 1"), "unknown field `a` at line 1");
/// let long = shortened(&format!("unknown field `{}` at line 1", "a".repeat(1_000_000)));
/// assert!(long.chars().count() < 400 && long.starts_with("unknown field") && long.ends_with("` at line 1"));
/// ```
pub fn shortened(message: &str) -> String {
    const START: usize = 2 * MAX_QUOTED;
    const END: usize = 180;
    let from_end = message
        .char_indices()
        .nth_back(END - 1)
        .map_or(0, |(at, _)| at);
    match message.char_indices().nth(START) {
        Some((to, _)) if to + 2 * END < from_end => format!(
            "{} … {}",
            message.get(..to).unwrap_or_default(),
            message.get(from_end..).unwrap_or_default()
        ),
        _ => message.to_owned(),
    }
}

fn split(text: &str) -> (&str, bool) {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), true),
        None => (text, false),
    }
}

/// What [`cut`] returns.
#[derive(Debug, Clone, Copy)]
pub struct Cut<'a> {
    start: &'a str,
    more: bool,
}

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Control characters would reach the terminal.
        for c in self.start.chars() {
            match c.is_control() {
                true => write!(f, "{}", c.escape_debug())?,
                false => fmt::Write::write_char(f, c)?,
            }
        }
        f.write_str(if self.more { "…" } else { "" })
    }
}

/// What [`quoted`] returns.
#[derive(Debug, Clone, Copy)]
pub struct Quoted<'a> {
    start: &'a str,
    more: bool,
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:?}", self.start);
        match (self.more, text.strip_suffix('"')) {
            (true, Some(open)) => write!(f, "{open}…\""),
            _ => f.write_str(&text),
        }
    }
}
