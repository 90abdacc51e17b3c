//! Figures: one file per figure. Each is a function from results to a [`Figure`], or `None` where there is no data.

mod budget_curve;
mod calibration;
mod cash;
pub(crate) mod chart;
mod control_differences;
mod entropy_map;
mod forecast_deciles;
mod frontier;
mod imbalance;
mod k_selection;
mod ks;
mod memberships;
mod peers;
mod pr;
mod quarters;
mod rankings;
mod ranks;
mod roc;
mod scores;
mod svg;
pub(crate) mod ticks;
mod trial_returns;

use maud::{Markup, PreEscaped, html};

use self::chart::{Chart, Mark, Series};
use crate::page::Table;

pub(crate) use self::budget_curve::budget_curve;
pub(crate) use self::calibration::calibration;
pub(crate) use self::cash::cash;
pub(crate) use self::control_differences::{control_differences, lower, mean_on};
pub(crate) use self::entropy_map::entropy_map;
pub(crate) use self::forecast_deciles::forecast_deciles;
pub(crate) use self::frontier::frontier;
pub(crate) use self::imbalance::imbalance;
pub(crate) use self::k_selection::k_selection;
pub(crate) use self::ks::ks;
pub(crate) use self::memberships::memberships;
pub(crate) use self::pr::pr;
pub(crate) use self::quarters::quarters;
pub(crate) use self::rankings::rankings;
pub(crate) use self::ranks::ranks;
pub(crate) use self::roc::roc;
pub(crate) use self::scores::scores;
pub(crate) use self::trial_returns::trial_returns;

/// A figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// Of the page's figures, this one.
    pub id: &'static str,
    pub title: String,
    /// What it shows, in a sentence made from the numbers.
    pub desc: String,
    /// Names of the series.
    pub legend: Vec<(Series, String)>,
    pub chart: Chart,
    /// What bars and bands are.
    pub caption: String,
    /// Every number that is drawn.
    pub table: Table,
}

impl Figure {
    /// The picture.
    pub(crate) fn svg(&self) -> String {
        svg::draw(&self.chart, self.id, &self.title, &self.desc)
    }

    /// How the series is drawn, beside its name: the first of its marks.
    fn key(&self, series: Series) -> Markup {
        let class = series.class();
        let mark = self.chart.marks.iter().find_map(|mark| match mark {
            Mark::Line(s, _) if *s == series => {
                Some(format!(r#"<path class="l{class}" d="M1 5H25"/>"#))
            }
            Mark::Points(s, _) if *s == series => Some(format!(
                r#"<circle class="p{class}" cx="13" cy="5" r="4"/>"#
            )),
            Mark::Bars { series: s, .. } if *s == series => {
                Some(format!(r#"<path class="bar h{class}" d="M5 0H21V10H5Z"/>"#))
            }
            _ => None,
        });
        let mark = mark.unwrap_or_else(|| format!(r#"<path class="l{class}" d="M1 5H25"/>"#));
        PreEscaped(format!(
            r#"<svg class="key" viewBox="0 0 26 10" width="26" height="10" aria-hidden="true">{mark}</svg>"#
        ))
    }

    pub(crate) fn render(&self) -> Markup {
        html! {
            figure id=(format!("fig-{}", self.id)) {
                h3 { (self.title) }
                @if !self.legend.is_empty() {
                    ul.legend {
                        @for (series, name) in &self.legend {
                            li { (self.key(*series)) (name) }
                        }
                    }
                }
                (PreEscaped(self.svg()))
                figcaption { (self.caption) }
                details {
                    summary { "Numbers" }
                    (self.table.render())
                }
            }
        }
    }
}

/// Figures beside each other.
pub(crate) fn row(figures: impl IntoIterator<Item = Option<Figure>>) -> Markup {
    let figures: Vec<Figure> = figures.into_iter().flatten().collect();
    html! {
        @if !figures.is_empty() {
            div.figures {
                @for figure in &figures { (figure.render()) }
            }
        }
    }
}

/// What intervals of figures are, in words.
pub(crate) fn kind_of_interval(kind: &str) -> &'static str {
    match kind {
        "bootstrap of loans" => "95 % by resampling loans",
        _ => "spread of 95 % of the trials, no confidence interval",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::results::{
        Brier, Calibration, CalibrationBin, CompareResults, FigureInterval, Frontier,
        FrontierPoint, FrontierPortfolio, LendResults, Results,
    };

    fn lend() -> LendResults {
        let json = include_str!("../../tests/data/lend.json");
        let Results::Lend(mut results) = Results::from_json(json).unwrap() else {
            unreachable!("results of lend")
        };
        let figures = results.figures.as_mut().unwrap();
        let designated = figures.methods.get_mut(&figures.designated).unwrap();
        let bins =
            [(0.05, 0.04), (0.12, 0.15), (0.3, 0.26)].map(|(mean, observed)| CalibrationBin {
                mean,
                observed,
                low: Some(observed - 0.02),
                high: Some(observed + 0.03),
                n: 100.0,
            });
        designated.calibration = Some(Calibration {
            bins: bins.to_vec(),
            brier: Some(Brier {
                value: 0.1203,
                reliability: 0.0012,
                resolution: 0.0101,
                uncertainty: 0.1292,
            }),
            ece: Some(0.013),
            slope: Some(FigureInterval {
                value: 0.93,
                low: Some(0.71),
                high: Some(1.15),
            }),
            ..Calibration::default()
        });
        let point = |sd: f64, forecast: f64| FrontierPoint {
            risk_aversion: 1.0 / sd,
            forecast,
            sd,
        };
        let portfolio = |id: &str, sd: f64, forecast: f64| FrontierPortfolio {
            id: id.to_owned(),
            n: 24,
            forecast,
            sd,
        };
        figures.frontier = Some(Frontier {
            candidates: 240,
            points: vec![point(0.008, 0.14), point(0.02, 0.19), point(0.06, 0.21)],
            portfolios: vec![
                portfolio("chosen", 0.024, 0.185),
                portfolio("all-candidates", 0.007, 0.12),
                portfolio("benchmark-1", 0.026, 0.2),
            ],
        });
        *results
    }

    fn compared() -> CompareResults {
        let json = include_str!("../../tests/data/compare.json");
        match Results::from_json(json).unwrap() {
            Results::Compare(results) => *results,
            Results::Lend(_) => unreachable!("results of compare"),
        }
    }

    fn figures() -> Vec<Figure> {
        let (lend, compared) = (lend(), compared());
        let all = [
            budget_curve(&lend),
            calibration(&lend),
            cash(&lend),
            entropy_map(&lend),
            forecast_deciles(&lend),
            frontier(&lend),
            k_selection(&lend),
            ks(&lend),
            memberships(&lend),
            pr(&lend),
            quarters(&lend),
            rankings(&lend),
            roc(&lend),
            scores(&lend),
            trial_returns(&lend),
            control_differences(&compared, "g_mean", "differences"),
            imbalance(&compared, "g_mean"),
            ranks(&compared, "g_mean", "ranks"),
        ];
        let figures: Vec<Figure> = all.into_iter().flatten().collect();
        assert_eq!(figures.len(), 18);
        figures
    }

    #[test]
    fn every_number_that_is_drawn_stands_in_the_table() {
        for figure in figures() {
            let texts = figure.table.texts();
            let drawn = figure.chart.numbers();
            assert!(drawn.len() > 3, "{}", figure.id);
            let missing: Vec<&String> = drawn.difference(&texts).collect();
            assert!(missing.is_empty(), "{}: {missing:?}", figure.id);
        }
    }

    #[test]
    fn rows_with_names_have_the_values_drawn_beside_them() {
        for figure in figures() {
            let chart::Axis::Names { names, .. } = &figure.chart.y else {
                continue;
            };
            for mark in &figure.chart.marks {
                let drawn: Vec<(usize, Vec<f64>)> = match mark {
                    Mark::Boxes(boxes) => boxes
                        .iter()
                        .enumerate()
                        .map(|(i, (_, b))| (i, b.five.to_vec()))
                        .collect(),
                    Mark::Points(_, points) => {
                        points.iter().map(|p| (p.y as usize, vec![p.x])).collect()
                    }
                    _ => continue,
                };
                let chart::Axis::Numbers { unit, .. } = &figure.chart.x else {
                    unreachable!("numbers")
                };
                for (row, values) in drawn {
                    let of_name = figure
                        .table
                        .rows
                        .iter()
                        .find(|r| r.name == names[row])
                        .unwrap();
                    let texts: Vec<&str> = of_name.cells.iter().map(|c| c.text.as_str()).collect();
                    let shown: Vec<String> = values.iter().map(|v| unit.in_table(*v)).collect();
                    assert_eq!(texts[..shown.len()], shown, "{}: {}", figure.id, names[row]);
                }
            }
        }
    }

    #[test]
    fn words_say_what_the_numbers_are() {
        for figure in figures() {
            assert!(
                figure.desc.chars().any(|c| c.is_ascii_digit()),
                "{}",
                figure.desc
            );
            assert!(
                figure.desc.ends_with('.') && figure.caption.ends_with('.'),
                "{}",
                figure.id
            );
            assert!(!figure.title.ends_with('.'), "{}", figure.id);
        }
    }

    /// The pictures as they were; `UPDATE_FIGURES=1` draws them anew.
    #[test]
    fn pictures_are_drawn_as_they_were() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/figures");
        for figure in figures() {
            let path = folder.join(format!("{}.svg", figure.id));
            let drawn = figure.svg().replace("><", ">\n<") + "\n";
            if std::env::var_os("UPDATE_FIGURES").is_some() {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &drawn).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == drawn,
                "{} is drawn otherwise: look at it, then run `UPDATE_FIGURES=1 cargo test -p fuzzysvm-report`",
                path.display()
            );
        }
    }

    #[test]
    fn names_in_pictures_are_text() {
        let mut results = compared();
        for method in &mut results.methods {
            method.name = "<script>&\"".to_owned();
        }
        let svg = ranks(&results, "g_mean", "ranks").unwrap().svg();
        assert!(svg.contains("&lt;script&gt;&amp;&quot;") && !svg.contains("<script"));
    }
}
