//! What `lend` comes to, in sentences made by rules from the numbers.

use super::{cautions, is_simulated};
use crate::names::{self, IEFSVM, listed};
use crate::number::{THIN, count, counted, in_points, percent, points, share};
use crate::page::Answer;
use crate::results::{
    LendResults, Portfolio, PortfolioDifference, ReturnDifference, StrategyResult,
    WalkForwardResults,
};

/// Of walk-forward where it was run, else of the trials.
pub(super) fn answer(results: &LendResults) -> Answer {
    let (heading, sentences) = match &results.walk_forward {
        Some(forward) if !forward.strategies.is_empty() => of_quarters(results, forward),
        _ => of_trials(results),
    };
    Answer {
        heading,
        sentences,
        cautions: cautions::all(results),
    }
}

/// What loans are called: simulated ones are never called loans alone in the answer.
fn loans(results: &LendResults) -> &'static str {
    if is_simulated(results) {
        "simulated loans"
    } else {
        "loans"
    }
}

/// How a return compares with the market's, as far as the difference can be told from 0.
fn heading(what: &str, returned: f64, market: f64, sign: i8) -> String {
    let [returned_text, market_text] = [returned, market].map(|v| percent(v, 1));
    match sign {
        0 => format!(
            "{what} cannot be told apart from buying every loan: it returned {returned_text}, the market {market_text}"
        ),
        -1 => format!("{what} returned {returned_text}, less than the market’s {market_text}"),
        _ => format!("{what} returned {returned_text}, the market {market_text}"),
    }
}

/// An interval in parentheses, or why there is none.
fn interval(low: Option<f64>, high: Option<f64>) -> String {
    match low.zip(high) {
        Some((low, high)) => format!(
            "95{THIN}% interval {} to {}",
            in_points(low, 1),
            in_points(high, 1)
        ),
        None => "without an interval".to_owned(),
    }
}

fn interval_of(difference: &ReturnDifference) -> String {
    let ends = difference.interval.as_ref();
    interval(ends.map(|i| i.lower), ends.map(|i| i.upper))
}

/// The share of random draws that returned less, before their name: "98.7 % of the", "any of the".
pub(super) fn share_of_draws(percentile: f64) -> String {
    match percentile {
        p if p >= 1.0 => "any of the".to_owned(),
        p if p >= 0.9995 => "nearly all of the".to_owned(),
        p => format!("{} of the", percent(p, 1)),
    }
}

/// Where a difference of returns comes from, by rule.
fn reason(is_gain: bool, bought: f64, all: f64) -> &'static str {
    match (is_gain, bought < all) {
        (true, true) => "the difference comes with fewer losses",
        (true, false) => "the difference comes from higher rates, not fewer losses",
        (false, true) => "fewer losses did not make up for lower rates",
        (false, false) => "the losses grew",
    }
}

/// The heading and sentences of walk-forward.
fn of_quarters(results: &LendResults, forward: &WalkForwardResults) -> (String, Vec<String>) {
    let Some(first) = forward.strategies.first() else {
        return (String::new(), Vec::new());
    };
    let title = names::title(results, &first.strategy);
    let top = share(forward.settings.top_fraction);
    let what = format!("Buying the top {top} by {title}");
    let difference = &first.top_to_market;
    let heading = heading(
        &what,
        first.top.mean_roi,
        forward.market.mean_roi,
        difference.sign(),
    );
    let span = match forward.quarters.as_slice() {
        [] => String::new(),
        [one] => format!(" of {}", one.quarter),
        [from, .., to] => format!(
            " of {} quarters, {} to {}",
            forward.quarters.len(),
            from.quarter,
            to.quarter
        ),
    };
    let found = format!(
        "{} of {} {}{span}, bought quarter by quarter with what was known at the time: {} against the market ({}), more than {} \
         random choices returned.",
        count(first.top.n_loans),
        count(forward.market.n_loans),
        loans(results),
        points(difference.mean, 1),
        interval_of(difference),
        share_of_draws(first.random_percentile),
    );
    let mut losses = format!(
        "{} of the bought loans were charged off, {} of all: {}.",
        percent(first.top.default_rate, 1),
        percent(forward.market.default_rate, 1),
        reason(
            difference.mean > 0.0,
            first.top.default_rate,
            forward.market.default_rate
        ),
    );
    if let Some(matched) = &first.top_to_grade {
        losses += &format!(
            " Against loans of the same quarter and grade the difference is {} ({}).",
            points(matched.mean, 1),
            interval_of(matched)
        );
    }
    let sentences = vec![found, losses, of_others(results, forward, first)];
    (heading, sentences)
}

/// Which other rankings returned more or less than the first, as far as can be told; the published method by name.
fn of_others(
    results: &LendResults,
    forward: &WalkForwardResults,
    first: &StrategyResult,
) -> String {
    let title = |id: &str| names::title(results, id).to_owned();
    let name = title(&first.strategy);
    let of_sign = |sign: i8| -> Vec<String> {
        let found = forward.pairs.iter().filter(|p| p.top.sign() == sign);
        found.map(|p| title(&p.second)).collect()
    };
    let better = of_sign(-1);
    let mut text = match better.as_slice() {
        [] => format!("No other ranking can be told to return more than {name}"),
        some => format!("{} returned more than {name}", listed(some)),
    };
    let published = forward.pairs.iter().find(|p| p.second == IEFSVM);
    let of_published = forward.strategies.iter().find(|s| s.strategy == IEFSVM);
    if let Some((pair, iefsvm)) = published.zip(of_published) {
        let returned = percent(iefsvm.top.mean_roi, 1);
        let market = match iefsvm.top_to_market.sign() {
            1 => "more than the market",
            -1 => "less than the market",
            _ => "which cannot be told apart from the market",
        };
        let against = match pair.top.sign() {
            1 => format!(
                "{} below {name}",
                points(pair.top.mean, 1).trim_start_matches('+')
            ),
            -1 => format!("above {name}"),
            _ => format!("nor from {name}"),
        };
        // "nor" needs the other thing that cannot be told before it.
        text += &match (iefsvm.top_to_market.sign(), pair.top.sign()) {
            (0, 0) => {
                format!("; IEFSVM, the published method, returned {returned}, {market} {against}")
            }
            (_, 0) => format!(
                "; IEFSVM, the published method, returned {returned}, {market}, and cannot be told apart from {name}"
            ),
            _ => {
                format!("; IEFSVM, the published method, returned {returned}, {market}, {against}")
            }
        };
    }
    text + "."
}

/// The heading and sentences of the trials.
pub(super) fn of_trials(results: &LendResults) -> (String, Vec<String>) {
    let find = |id: &str| results.portfolios.iter().find(|p| p.id == id);
    match find("chosen").zip(find("market")) {
        Some((chosen, market)) => of_portfolios(results, chosen, market),
        None => of_means(results),
    }
}

fn of_portfolios(
    results: &LendResults,
    chosen: &Portfolio,
    market: &Portfolio,
) -> (String, Vec<String>) {
    let method = designated(results);
    let what = format!("Buying the top {} by {method}", top(results));
    let difference = chosen.difference_to_market.as_ref();
    let heading = heading(
        &what,
        chosen.returns,
        market.returns,
        difference.map_or(0, sign),
    );
    let mut found = format!(
        "{}, {} of {} {} bought{}",
        over_trials(results),
        mean_count(chosen.n),
        mean_count(market.n),
        loans(results),
        if n_trials(results) > 1 {
            " in each"
        } else {
            ""
        }
    );
    if let Some(d) = difference {
        found += &format!(
            ": {} against the market ({})",
            points(d.value, 1),
            interval(d.low, d.high)
        );
    }
    let random = results.portfolios.iter().find(|p| p.id == "random");
    if let Some(percentile) = random.and_then(|p| p.percentile) {
        found += &format!(
            ", more than {} 1,000 random draws returned",
            share_of_draws(percentile)
        );
    }
    let gain = chosen.returns - market.returns;
    let mut losses = format!(
        "{} of the bought loans were charged off, {} of all: {}.",
        percent(chosen.charged_off, 1),
        percent(market.charged_off, 1),
        reason(gain > 0.0, chosen.charged_off, market.charged_off)
    );
    if let Some(d) = &chosen.difference_to_matched {
        losses += &format!(
            " Against random loans of the same grades and terms the difference is {} ({}).",
            points(d.value, 1),
            interval(d.low, d.high)
        );
    }
    let mut sentences = vec![found + ".", losses];
    sentences.extend(of_other_methods(results));
    (heading, sentences)
}

/// +1 or −1 where the interval leaves out 0.
fn sign(difference: &PortfolioDifference) -> i8 {
    match difference.low.zip(difference.high) {
        Some((low, _)) if low > 0.0 => 1,
        Some((_, high)) if high < 0.0 => -1,
        _ => 0,
    }
}

/// The name of the method whose portfolio is shown.
fn designated(results: &LendResults) -> &str {
    let of_figures = results.figures.as_ref().map(|f| f.designated.as_str());
    names::title(results, of_figures.unwrap_or(IEFSVM))
}

fn top(results: &LendResults) -> String {
    share(results.settings.as_ref().map_or(0.1, |s| s.top_fraction))
}

/// Trials that figures are means of.
fn n_trials(results: &LendResults) -> usize {
    let of_settings = results.settings.as_ref().map_or(1, |s| s.trials);
    results.figures.as_ref().map_or(of_settings, |f| f.trials)
}

/// "Over 30 random trials".
fn over_trials(results: &LendResults) -> String {
    let kind = match results.split.as_ref().map(|s| s.kind.as_str()) {
        Some("out-of-time") => "out-of-time",
        _ => "random",
    };
    match n_trials(results) {
        1 => format!("In one {kind} trial"),
        n => format!("Over {n} {kind} trials"),
    }
}

/// A mean of counts.
fn mean_count(n: f64) -> String {
    count(n.round().max(0.0) as usize)
}

/// Of files of schema 1, which have no interval for the difference to the market.
fn of_means(results: &LendResults) -> (String, Vec<String>) {
    let method = results
        .methods
        .iter()
        .find(|m| m.id == IEFSVM)
        .or(results.methods.first());
    let returned = method.and_then(|m| m.metrics.get("return_top")?.mean);
    let market = results.market.as_ref().and_then(|m| m.returns.mean);
    let Some(((method, returned), market)) = method.zip(returned).zip(market) else {
        let heading = match market {
            Some(market) => format!(
                "Nothing was bought; the market returned {}",
                percent(market, 1)
            ),
            None => "Nothing was bought".to_owned(),
        };
        return (heading, Vec::new());
    };
    let heading = format!(
        "Buying the top {} by {} returned {}, the market {}",
        top(results),
        method.name,
        percent(returned, 1),
        percent(market, 1)
    );
    let found = format!(
        "{}, a difference of {}, for which this file of schema 1 has no interval: it may be chance.",
        over_trials(results),
        points(returned - market, 1)
    );
    let rate = method.metrics.get("default_rate_top").and_then(|m| m.mean);
    let all = results.market.as_ref().map(|m| m.default_rate);
    let losses = rate.zip(all).map(|(bought, all)| {
        format!(
            "{} of the bought {} were charged off, {} of all: {}.",
            percent(bought, 1),
            loans(results),
            percent(all, 1),
            reason(returned > market, bought, all)
        )
    });
    let mut sentences = vec![found];
    sentences.extend(losses);
    sentences.extend(of_other_methods(results));
    (heading, sentences)
}

/// Which methods returned more or less than IEFSVM by the corrected interval; `None` where none was compared with it.
fn of_other_methods(results: &LendResults) -> Option<String> {
    let difference = |m: &crate::results::MethodResult| m.versus_iefsvm.get("return_top").cloned();
    let compared: Vec<_> = results
        .methods
        .iter()
        .filter_map(|m| Some((m.name.clone(), difference(m)?)))
        .collect();
    if compared.is_empty() {
        return None;
    }
    let names = |is: &dyn Fn(f64, f64) -> bool| -> Vec<String> {
        let found = compared.iter().filter(|(_, d)| is(d.low, d.high));
        found.map(|(name, _)| name.clone()).collect()
    };
    let better = names(&|low, _| low > 0.0);
    let worse = names(&|_, high| high < 0.0);
    Some(match (better.as_slice(), worse.as_slice()) {
        ([], []) => format!(
            "No method can be told apart from IEFSVM in return ({} compared).",
            counted(compared.len(), "other", "others")
        ),
        ([], worse) => format!(
            "No method can be told to return more than IEFSVM; {} returned less.",
            listed(worse)
        ),
        (better, []) => format!("{} returned more than IEFSVM.", listed(better)),
        (better, worse) => format!(
            "{} returned more than IEFSVM, {} less.",
            listed(better),
            listed(worse)
        ),
    })
}

/// A difference in points, and its interval, for tiles.
pub(super) fn tile_of(difference: &ReturnDifference) -> (String, String) {
    let interval = difference.interval.as_ref().map(|i| {
        let [low, high] = [i.lower, i.upper].map(|v| in_points(v, 1));
        format!("95{THIN}%: {low} to {high} points")
    });
    (in_points(difference.mean, 1), interval.unwrap_or_default())
}

#[cfg(test)]
mod tests;
