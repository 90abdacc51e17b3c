//! Two classes from the values of a target column.

use std::collections::HashMap;

use super::ReadOptions;
use super::error::TableError;
use super::schema::same_class;

/// Distinct target cells counted before giving up.
const MAX_CLASSES: usize = 1000;

/// The values of a target column, counted.
pub(super) struct ClassCount<'o> {
    counts: HashMap<String, usize>,
    options: &'o ReadOptions,
}

/// Which values are the negative and the positive class.
#[derive(Debug, PartialEq)]
pub(super) struct Classes {
    pub names: [String; 2],
    /// The values of the negative class, empty where it is every value but the positive one; `None` where it is the
    /// value that gives the class its name.
    pub negative: Option<Vec<String>>,
}

impl<'o> ClassCount<'o> {
    pub fn new(options: &'o ReadOptions) -> Self {
        Self {
            counts: HashMap::new(),
            options,
        }
    }

    pub fn add(&mut self, class: &str) {
        if let Some(n) = self.counts.get_mut(class) {
            *n += 1;
        } else if self.counts.len() < MAX_CLASSES || self.is_wished(class) {
            self.counts.insert(class.to_owned(), 1);
        }
    }

    fn is_wished(&self, class: &str) -> bool {
        let mut wishes = self.options.positive.iter().chain(&self.options.negative);
        wishes.any(|wish| same_class(class, wish.trim()))
    }

    /// Of two classes the rarer is positive without a wish, and of two equally frequent ones the larger number or the
    /// lexically later text. A positive class that is named stands against all others, or against those named.
    pub fn classes(self, file: &str, target: &str) -> Result<Classes, TableError> {
        let options = self.options;
        let counts = merged(self.counts);
        let names: Vec<String> = counts.iter().map(|(c, _)| c.clone()).collect();
        let find = |wish: &String| {
            let found = names.iter().find(|name| same_class(name, wish.trim()));
            found.cloned().ok_or_else(|| TableError::UnknownClass {
                file: file.to_owned(),
                column: target.to_owned(),
                value: wish.clone(),
                classes: names.clone(),
            })
        };
        let two_expected = |found: &[String]| TableError::Classes {
            file: file.to_owned(),
            column: target.to_owned(),
            found: found.iter().take(5).cloned().collect(),
            more: found.len() > 5,
        };
        let negative: Vec<String> = options
            .negative
            .iter()
            .map(find)
            .collect::<Result<_, _>>()?;
        let positive = match &options.positive {
            Some(wish) => Some(find(wish)?),
            None if negative.is_empty() => None,
            None => {
                let rest: Vec<&String> = names.iter().filter(|n| !negative.contains(n)).collect();
                match rest.as_slice() {
                    [one] => Some((*one).clone()),
                    _ => return Err(two_expected(&names)),
                }
            }
        };
        if let Some(both) = positive.as_ref().filter(|p| negative.contains(p)) {
            return Err(TableError::UnknownClass {
                file: file.to_owned(),
                column: target.to_owned(),
                value: format!("{both} (positive and negative)"),
                classes: names,
            });
        }
        match (counts.as_slice(), positive) {
            ([] | [_], _) => Err(two_expected(&names)),
            ([(first, n_first), (second, n_second)], positive) => {
                let second_is_positive = match positive {
                    Some(wish) => wish == *second,
                    None => n_second <= n_first,
                };
                let names = match second_is_positive {
                    true => [first.clone(), second.clone()],
                    false => [second.clone(), first.clone()],
                };
                Ok(Classes {
                    names,
                    negative: None,
                })
            }
            (_, None) => Err(two_expected(&names)),
            (_, Some(positive)) => {
                let name = match negative.as_slice() {
                    [] => format!("not {positive}"),
                    few if few.len() <= 3 => few.join(" or "),
                    many => format!("one of {} classes", many.len()),
                };
                Ok(Classes {
                    names: [name, positive],
                    negative: Some(negative),
                })
            }
        }
    }
}

/// The classes in order; `1`, `+1` and `1.0` are one where all are numbers.
fn merged(counts: HashMap<String, usize>) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    let numbers: Option<Vec<f64>> = counts.iter().map(|(c, _)| c.parse().ok()).collect();
    let Some(numbers) = numbers else {
        counts.sort();
        return counts;
    };
    let mut merged: Vec<(f64, usize)> = Vec::new();
    for (value, (_, n)) in numbers.into_iter().zip(&counts) {
        match merged.iter_mut().find(|(v, _)| *v == value) {
            Some((_, total)) => *total += n,
            None => merged.push((value, *n)),
        }
    }
    merged.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Adding 0 turns -0 into 0.
    merged
        .into_iter()
        .map(|(v, n)| ((v + 0.0).to_string(), n))
        .collect()
}
