//! The page around sections: head, answer, links, footer.

mod policy;
mod table;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{Options, ReportError};

#[cfg(test)]
pub(crate) use self::table::STEPS;
pub(crate) use self::table::{Cell, Row, RowKind, Table, step_of};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("report.js");

/// What the page says first.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Answer {
    /// In one line.
    pub heading: String,
    /// The sentences below it.
    pub sentences: Vec<String>,
    /// What readers must know before they believe it.
    pub cautions: Vec<String>,
}

/// A number in large type.
pub(crate) struct Tile {
    pub what: String,
    pub value: String,
    pub more: String,
}

impl Tile {
    pub(crate) fn new(
        what: impl Into<String>,
        value: impl Into<String>,
        more: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            value: value.into(),
            more: more.into(),
        }
    }
}

/// A part of the page with a heading.
pub(crate) struct Section {
    pub id: &'static str,
    /// In the list of links.
    pub short: &'static str,
    pub heading: String,
    pub body: Markup,
}

impl Section {
    pub(crate) fn new(
        id: &'static str,
        short: &'static str,
        heading: impl Into<String>,
        body: Markup,
    ) -> Self {
        Self {
            id,
            short,
            heading: heading.into(),
            body,
        }
    }
}

/// All of a page.
pub(crate) struct Page {
    /// What it is about, above the answer.
    pub kind: String,
    pub answer: Answer,
    pub tiles: Vec<Tile>,
    pub sections: Vec<Section>,
    /// At its end.
    pub footer: String,
}

impl Page {
    /// As HTML.
    pub(crate) fn render(&self, options: &Options) -> Result<String, ReportError> {
        let title = options.title.as_ref().unwrap_or(&self.answer.heading);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content=(policy::policy(SCRIPT));
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content=(concat!("fuzzysvm ", env!("CARGO_PKG_VERSION")));
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        div.top {
                            p { (self.kind) }
                            label hidden {
                                "Theme "
                                select id="theme" {
                                    @for theme in ["system", "light", "dark"] {
                                        option { (theme) }
                                    }
                                }
                            }
                        }
                        h1 { (self.answer.heading) }
                        @for sentence in &self.answer.sentences { p.lead { (sentence) } }
                        @if !self.answer.cautions.is_empty() {
                            div.note role="note" {
                                @for caution in &self.answer.cautions { p { (caution) } }
                            }
                        }
                        @if !self.tiles.is_empty() {
                            dl.tiles {
                                @for tile in &self.tiles {
                                    div {
                                        dt { (tile.what) }
                                        dd { (tile.value) }
                                        @if !tile.more.is_empty() { dd { (tile.more) } }
                                    }
                                }
                            }
                        }
                        nav aria-label="Sections" {
                            ul {
                                @for section in &self.sections {
                                    li { a href=(format!("#{}", section.id)) { (section.short) } }
                                }
                            }
                        }
                    }
                    main {
                        @for section in &self.sections {
                            section id=(section.id) aria-labelledby=(format!("{}-h", section.id)) {
                                h2 id=(format!("{}-h", section.id)) { (section.heading) }
                                (section.body)
                            }
                        }
                    }
                    footer { p { (self.footer) } }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        let page = page.into_string() + "\n";
        match page.len() > options.max_bytes {
            true => Err(ReportError::TooLarge {
                found: page.len(),
                limit: options.max_bytes,
            }),
            false => Ok(page),
        }
    }
}

/// Pairs of a term and what there is to say of it.
pub(crate) fn card(entries: &[(&str, String)]) -> Markup {
    html! {
        dl.card {
            @for (term, words) in entries.iter().filter(|(_, words)| !words.is_empty()) {
                dt { (term) }
                dd { (words) }
            }
        }
    }
}

/// Paragraphs.
pub(crate) fn paragraphs<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Markup {
    html! { @for text in texts { p { (text.as_ref()) } } }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_script_is_small() {
        assert!(SCRIPT.len() <= 3 * 1024, "{} bytes", SCRIPT.len());
    }

    /// Variables of the rules whose selector ends with this, as colors.
    fn colors(selector: &str) -> BTreeMap<String, [f64; 3]> {
        let start = STYLE.find(selector).unwrap() + selector.len();
        let block = &STYLE[start..];
        let block = &block[..block.find('}').unwrap()];
        let of_entry = |entry: &str| {
            let (name, value) = entry.trim().split_once(':')?;
            let hex = value.strip_prefix('#')?;
            let wide: String = match hex.len() {
                3 => hex.chars().flat_map(|c| [c, c]).collect(),
                _ => hex.to_owned(),
            };
            let part = |i: usize| u8::from_str_radix(&wide[i..i + 2], 16).unwrap();
            Some((
                name.trim().to_owned(),
                [0, 2, 4].map(|i| f64::from(part(i)) / 255.0),
            ))
        };
        block.split(';').filter_map(of_entry).collect()
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(color: [f64; 3]) -> f64 {
        let linear = color.map(|c| match c <= 0.04045 {
            true => c / 12.92,
            false => ((c + 0.055) / 1.055).powf(2.4),
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn colors_stand_out_in_both_themes() {
        assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
        let light = colors(":root{");
        let dark = colors(":root[data-theme=dark]{");
        assert_eq!(dark, colors(":root:not([data-theme=light]){"));
        for theme in [&light, &dark] {
            let of = |name: &str| theme[&format!("--{name}")];
            let grounds = ["bg", "card", "note", "mark"];
            for (front, back, least) in grounds
                .iter()
                .flat_map(|ground| [("ink", *ground, 7.0), ("soft", *ground, 4.5)])
            {
                let found = contrast(of(front), of(back));
                assert!(found >= least, "{front} on {back}: {found:.2}");
            }
            for (front, least) in [
                ("c1", 4.5),
                ("c2", 3.0),
                ("c3", 3.0),
                ("c4", 3.0),
                ("ax", 3.0),
            ] {
                let found = contrast(of(front), of("bg"));
                assert!(found >= least, "{front}: {found:.2}");
            }
            for step in 0..STEPS {
                let found = contrast(of(&format!("t{step}")), of(&format!("v{step}")));
                assert!(found >= 4.5, "step {step}: {found:.2}");
            }
            // The scale goes one way: towards dark in light pages, towards bright in dark ones.
            let scale: Vec<f64> = (0..STEPS)
                .map(|i| luminance(of(&format!("v{i}"))))
                .collect();
            let rises = luminance(of("bg")) < 0.5;
            assert!(scale.windows(2).all(|pair| (pair[0] < pair[1]) == rises));
        }
    }

    #[test]
    fn themes_are_of_screens_alone() {
        for (place, _) in STYLE.match_indices("color-scheme:dark;") {
            let before = &STYLE[..place];
            let media = before.rfind("@media").unwrap();
            assert!(before[media..].starts_with("@media screen"));
        }
    }
}
