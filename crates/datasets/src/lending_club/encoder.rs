//! From loans to rows of numbers, with everything learned from the training rows alone.

mod decode;

use std::fmt;

use fuzzysvm_core::{MatrixBuf, ParamError, memory};
use rayon::prelude::*;

use super::book::{Loan, LoanBook};
use super::columns::Categories;
use super::error::LoanBookError;
use super::features::{DEFAULT_FEATURES, Source, column_of, source};
use super::value::{category_code, filled, indicator, is_category, numbers};
use crate::table::median;
use fuzzysvm_core::is_constant;

/// Parameters of [`FeatureEncoder::fit_with`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct EncoderOptions {
    /// The share of training rows, 0 to 1, in which a number must be filled for the feature to be
    /// used. Bureau columns introduced in 2012 or 2015 are empty before; filled with the median they
    /// would encode the year of issue rather than the borrower. Default 0.5.
    pub min_filled: f64,
}

impl Default for EncoderOptions {
    fn default() -> Self {
        Self { min_filled: 0.5 }
    }
}

impl EncoderOptions {
    /// Checks the range.
    ///
    /// # Errors
    /// [`ParamError`] where `min_filled` is outside 0 to 1.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            (0.0..=1.0).contains(&self.min_filled),
            "min_filled",
            self.min_filled,
            "must lie in [0, 1]",
        )
    }
}

/// Why a feature that was asked for is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Unused {
    /// No file has the column, or it was not kept while reading.
    Absent,
    /// Empty in every training row.
    Empty,
    /// Filled in fewer training rows than [`EncoderOptions::min_filled`] asks for.
    MostlyMissing,
    /// The same in every training row.
    Constant,
}

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unused::Absent => "no such column",
            Unused::Empty => "empty in the training rows",
            Unused::MostlyMissing => "mostly missing in the training rows",
            Unused::Constant => "constant in the training rows",
        })
    }
}

/// Which part of its feature an encoded column holds.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
enum Part {
    /// The number, filled where missing.
    Value,
    /// 1 where the number is missing (for `mths_since_*`: where it never happened).
    Missing,
    /// 1 where the loan is of this category.
    Category(String),
}

/// One encoded column: (part − mean) / sd.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
struct Output {
    part: Part,
    mean: f64,
    sd: f64,
}

/// One feature and the columns it became.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
struct Fitted {
    name: String,
    /// Stands in for a missing number: the training median, or for `mths_since_*` the largest
    /// training value, beyond which no value counts.
    fill: f64,
    outputs: Vec<Output>,
}

/// Turns loans into rows of numbers. Fitted on training rows; applied to any.
///
/// * **Numbers** missing in a row take the training median; where training rows miss it there is a
///   second column `NAME_missing`, 1 for those rows.
/// * **Amounts** that spread over orders of magnitude (`annual_inc`, `revol_bal`, balances and
///   limits) enter as ln(1 + x).
/// * **Months since** an event (`mths_since_*`): empty means never. Never takes the largest training
///   value, larger values are cut to it, and `NAME_never` is 1 for it.
/// * **Categories** become one column each, `NAME=category`, in alphabetical order; one unseen in
///   training, like a missing one, has 0 in all of them.
/// * Every column is then **scaled** to mean 0 and population standard deviation 1 over the training
///   rows. Columns that are constant there are left out; [`unused`](Self::unused) lists the features
///   that this or their emptiness removed.
///
/// ```
/// use fuzzysvm_datasets::lending_club::{FeatureEncoder, LoanBook, ReadOptions};
/// let file = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee,purpose,dti\n\
///             Fully Paid, 36 months,10%,Dec-2011,1000,1100,0,car,12\n\
///             Fully Paid, 36 months,12%,Dec-2011,1000,1100,0,other,\n\
///             Charged Off, 36 months,14%,Dec-2011,1000,300,0,wedding,20\n";
/// let book = LoanBook::from_reader(file.as_bytes(), ReadOptions::default())?;
/// let encoder = FeatureEncoder::fit(&book, &[0, 1], &["int_rate", "purpose", "dti"])?;
/// assert_eq!(
///     encoder.feature_names(),
///     ["int_rate", "purpose=car", "purpose=other", "dti_missing"],
/// );
/// let x = encoder.transform(&book, &[0, 1, 2])?;
/// assert_eq!(x.row(1)[1..], [-1.0, 1.0, 1.0]);
/// // A wedding was not seen in training: neither car nor other.
/// assert_eq!(x.row(2)[1..], [-1.0, -1.0, -1.0]);
/// // 14 % is three standard deviations (of 1 %) above the training mean of 11 %.
/// assert!((x.row(2)[0] - 3.0).abs() < 1e-12);
/// # Ok::<(), fuzzysvm_datasets::lending_club::LoanBookError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Unchecked"))]
pub struct FeatureEncoder {
    schema: u32,
    features: Vec<Fitted>,
    unused: Vec<(String, Unused)>,
}

/// Version of the encoder's form in files.
const SCHEMA: u32 = 1;

impl FeatureEncoder {
    /// Learns the encoding from the given rows, with [`EncoderOptions::default`].
    ///
    /// `rows` are rows of the book, `features` names out of [`FEATURES`](super::FEATURES). Of
    /// [`DEFAULT_FEATURES`] those that the files lack are left out; any other must be there.
    ///
    /// # Errors
    /// [`LoanBookError::LeakColumn`], [`LoanBookError::RefusedFeature`],
    /// [`LoanBookError::UnknownFeature`], [`LoanBookError::RepeatedFeature`],
    /// [`LoanBookError::FeatureNotRead`], [`LoanBookError::NoRows`],
    /// [`LoanBookError::RowOutOfRange`], [`LoanBookError::NoUsableFeature`].
    pub fn fit<S: AsRef<str>>(
        book: &LoanBook,
        rows: &[usize],
        features: &[S],
    ) -> Result<Self, LoanBookError> {
        Self::fit_with(book, rows, features, EncoderOptions::default())
    }

    /// [`fit`](Self::fit) with its parameters.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`LoanBookError::Param`].
    pub fn fit_with<S: AsRef<str>>(
        book: &LoanBook,
        rows: &[usize],
        features: &[S],
        options: EncoderOptions,
    ) -> Result<Self, LoanBookError> {
        options.validate()?;
        // Names are checked first, so that a leak is refused whatever the data.
        let mut sources: Vec<(&'static str, Source)> = Vec::with_capacity(features.len());
        for name in features {
            let found = source(name.as_ref())?;
            if sources.iter().any(|(n, _)| *n == found.0) {
                return Err(LoanBookError::RepeatedFeature {
                    name: found.0.to_owned(),
                });
            }
            sources.push(found);
        }
        if rows.is_empty() {
            return Err(LoanBookError::NoRows);
        }
        check_rows(book, rows)?;
        let mut encoder = Self {
            schema: SCHEMA,
            features: Vec::new(),
            unused: Vec::new(),
        };
        for (name, _) in &sources {
            if !book.has_feature(name) && !DEFAULT_FEATURES.contains(name) {
                return Err(LoanBookError::FeatureNotRead {
                    name: (*name).to_owned(),
                });
            }
        }
        let fitted: Vec<Result<Fitted, Unused>> = sources
            .par_iter()
            .map(|&(name, source)| {
                if book.has_feature(name) {
                    fit_feature(book, rows, name, source, options.min_filled)
                } else {
                    Err(Unused::Absent)
                }
            })
            .collect();
        for (fitted, (name, _)) in fitted.into_iter().zip(sources) {
            match fitted {
                Ok(fitted) => encoder.features.push(fitted),
                Err(why) => encoder.unused.push((name.to_owned(), why)),
            }
        }
        if encoder.features.is_empty() {
            return Err(LoanBookError::NoUsableFeature {
                asked: features.len(),
            });
        }
        Ok(encoder)
    }

    /// Encodes the given rows of a book: the one fitted on or another. Row i of the result is loan
    /// `rows[i]`; columns are as in [`feature_names`](Self::feature_names).
    ///
    /// # Errors
    /// [`LoanBookError::FeaturesAbsent`] where the book lacks columns, and
    /// [`LoanBookError::RowOutOfRange`].
    pub fn transform(&self, book: &LoanBook, rows: &[usize]) -> Result<MatrixBuf, LoanBookError> {
        check_rows(book, rows)?;
        let n_cols = self.n_features();
        let mut sources = Vec::with_capacity(self.features.len());
        let mut columns = Vec::new();
        for fitted in &self.features {
            let (name, source) = source(&fitted.name)?;
            if !book.has_feature(name) {
                columns.push(column_of(name).to_owned());
            }
            sources.push((fitted, source));
        }
        if !columns.is_empty() {
            return Err(LoanBookError::FeaturesAbsent { columns });
        }
        memory::check_matrix(rows.len(), n_cols).map_err(|excess| LoanBookError::Memory {
            rows: rows.len(),
            features: n_cols,
            excess,
        })?;
        let mut x = vec![0.0; rows.len() * n_cols];
        // A block of rows stays in the cache while its columns are written one after the other.
        x.par_chunks_mut((ROWS_AT_ONCE * n_cols).max(1))
            .zip(rows.par_chunks(ROWS_AT_ONCE))
            .for_each(|(x, rows)| encode(book, &sources, rows, x, n_cols));
        Ok(MatrixBuf::new(x, n_cols)?)
    }

    /// The first category of a loan that no training row had, with its feature: such a loan has 0 in all columns of the
    /// feature. `None` where there is none; a missing category is none.
    ///
    /// ```
    /// use fuzzysvm_datasets::lending_club::{FeatureEncoder, LoanBook, ReadOptions};
    /// let file = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee,purpose\n\
    ///             Fully Paid, 36 months,10%,Dec-2011,1000,1100,0,car\n\
    ///             Fully Paid, 36 months,12%,Dec-2011,1000,1100,0,other\n\
    ///             Charged Off, 36 months,14%,Dec-2011,1000,300,0,wedding\n";
    /// let book = LoanBook::from_reader(file.as_bytes(), ReadOptions::default())?;
    /// let encoder = FeatureEncoder::fit(&book, &[0, 1], &["int_rate", "purpose"])?;
    /// assert_eq!(encoder.unseen_category(book.loan(1)), None);
    /// assert_eq!(encoder.unseen_category(book.loan(2)), Some(("purpose", "wedding")));
    /// # Ok::<(), fuzzysvm_datasets::lending_club::LoanBookError>(())
    /// ```
    pub fn unseen_category<'a>(&'a self, loan: Loan<'a>) -> Option<(&'a str, &'a str)> {
        self.features.iter().find_map(|fitted| {
            let Ok((name, Source::Category(_))) = source(&fitted.name) else {
                return None;
            };
            let category = loan.category(name)?;
            let is_it = |o: &Output| matches!(&o.part, Part::Category(c) if c == category);
            (!fitted.outputs.iter().any(is_it)).then_some((fitted.name.as_str(), category))
        })
    }

    /// Number of encoded columns.
    pub fn n_features(&self) -> usize {
        self.features.iter().map(|f| f.outputs.len()).sum()
    }

    /// Names of the encoded columns: `dti`, `dti_missing`, `mths_since_last_delinq_never`,
    /// `purpose=car`.
    pub fn feature_names(&self) -> Vec<String> {
        let names = self.features.iter().flat_map(|f| {
            f.outputs.iter().map(|output| match &output.part {
                Part::Value => f.name.clone(),
                Part::Missing if f.name.contains("mths_since_") => format!("{}_never", f.name),
                Part::Missing => format!("{}_missing", f.name),
                Part::Category(category) => format!("{}={category}", f.name),
            })
        });
        names.collect()
    }

    /// Features that were asked for and are not used, with the reason.
    pub fn unused(&self) -> &[(String, Unused)] {
        &self.unused
    }

    /// Columns of the features used, to be asked for by [`ReadOptions::needs`](super::ReadOptions::needs).
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.features().map(column_of)
    }

    /// Names of the features used, to be kept by [`ReadOptions`](super::ReadOptions) when loans are
    /// read for [`transform`](Self::transform).
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.features.iter().map(|f| f.name.as_str())
    }
}

/// Rows encoded at a time.
const ROWS_AT_ONCE: usize = 256;

/// Encodes rows into `x`, `n_cols` values each.
fn encode(
    book: &LoanBook,
    sources: &[(&Fitted, Source)],
    rows: &[usize],
    x: &mut [f64],
    n_cols: usize,
) {
    let mut values = Vec::with_capacity(rows.len());
    let mut col = 0;
    for &(fitted, source) in sources {
        numbers(book, source, rows, &mut values);
        for output in &fitted.outputs {
            let column = x.iter_mut().skip(col).step_by(n_cols);
            let scaled = |v: f64| (v - output.mean) / output.sd;
            match &output.part {
                Part::Value => column.zip(&values).for_each(|(cell, v)| {
                    *cell = scaled(filled(*v, source, fitted.fill));
                }),
                Part::Missing => column.zip(&values).for_each(|(cell, v)| {
                    *cell = scaled(indicator(v.is_nan()));
                }),
                Part::Category(category) => {
                    let code = category_code(book, source, category);
                    column.zip(rows).for_each(|(cell, &row)| {
                        *cell = scaled(indicator(is_category(book, source, row, code)));
                    });
                }
            }
            col += 1;
        }
    }
}

fn check_rows(book: &LoanBook, rows: &[usize]) -> Result<(), LoanBookError> {
    match rows.iter().find(|row| **row >= book.len()) {
        Some(&row) => Err(LoanBookError::RowOutOfRange {
            row,
            n_loans: book.len(),
        }),
        None => Ok(()),
    }
}

fn fit_feature(
    book: &LoanBook,
    rows: &[usize],
    name: &str,
    source: Source,
    min_filled: f64,
) -> Result<Fitted, Unused> {
    let (fill, outputs) = match source {
        Source::Category(place) => (0.0, fit_categories(&book.categories[place], rows)?),
        _ => {
            let mut values = Vec::with_capacity(rows.len());
            numbers(book, source, rows, &mut values);
            let mut present: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
            let Some(largest) = present.iter().copied().reduce(f64::max) else {
                return Err(Unused::Empty);
            };
            let months = matches!(source, Source::MonthsSince(_));
            // For months since an event, empty is an answer: never.
            if !months && (present.len() as f64) < min_filled * rows.len() as f64 {
                return Err(Unused::MostlyMissing);
            }
            let fill = match months {
                true => largest,
                // Not empty: there is a largest.
                false => median(&mut present).unwrap_or(largest),
            };
            let value = values.iter().map(|v| filled(*v, source, fill));
            let missing = values.iter().map(|v| indicator(v.is_nan()));
            let outputs = [
                fit_output(value, Part::Value),
                // Without a gap this is constant.
                fit_output(missing, Part::Missing),
            ];
            (fill, outputs.into_iter().flatten().collect())
        }
    };
    if outputs.is_empty() {
        return Err(Unused::Constant);
    }
    Ok(Fitted {
        name: name.to_owned(),
        fill,
        outputs,
    })
}

fn fit_categories(column: &Categories, rows: &[usize]) -> Result<Vec<Output>, Unused> {
    let codes: Vec<u16> = rows.iter().map(|&row| column.get(row)).collect();
    let largest = codes.iter().copied().max().unwrap_or(0);
    let mut met = vec![false; usize::from(largest) + 1];
    codes.iter().for_each(|c| met[usize::from(*c)] = true);
    let mut seen: Vec<(&str, u16)> = (1..=largest)
        .filter(|code| met[usize::from(*code)])
        .filter_map(|code| Some((column.name_of(code)?, code)))
        .collect();
    if seen.is_empty() {
        return Err(Unused::Empty);
    }
    seen.sort_unstable();
    let outputs = seen.into_iter().filter_map(|(category, code)| {
        let values = codes.iter().map(|c| indicator(*c == code));
        fit_output(values, Part::Category(category.to_owned()))
    });
    Ok(outputs.collect())
}

/// Mean and population standard deviation of a part over the training rows; `None` for a constant, be it up to
/// rounding.
fn fit_output(values: impl ExactSizeIterator<Item = f64> + Clone, part: Part) -> Option<Output> {
    let n = values.len() as f64;
    if n == 0.0 || is_constant(values.clone()) {
        return None;
    }
    let mean = values.clone().sum::<f64>() / n;
    let sd = (values.map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
    (sd > 0.0).then_some(Output { part, mean, sd })
}

/// An encoder as a file holds it, not yet checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    schema: u32,
    features: Vec<Fitted>,
    unused: Vec<(String, Unused)>,
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for FeatureEncoder {
    type Error = LoanBookError;

    /// Refuses a file with a leak, an unknown feature or a scale of 0.
    fn try_from(file: Unchecked) -> Result<Self, LoanBookError> {
        let damaged = |what: String| Err(LoanBookError::DamagedEncoder { what });
        if file.schema != SCHEMA {
            return damaged(format!("schema {} instead of {SCHEMA}", file.schema));
        }
        if file.features.is_empty() {
            return damaged("it has no feature".to_owned());
        }
        for (i, fitted) in file.features.iter().enumerate() {
            let (name, source) = source(&fitted.name)?;
            if file.features[..i].iter().any(|f| f.name == fitted.name) {
                return damaged(format!("`{name}` stands there twice"));
            }
            let categories = matches!(source, Source::Category(_));
            let sound = |o: &Output| {
                o.mean.is_finite()
                    && o.sd.is_finite()
                    && o.sd > 0.0
                    && matches!(o.part, Part::Category(_)) == categories
            };
            if name != fitted.name
                || !fitted.fill.is_finite()
                || fitted.outputs.is_empty()
                || !fitted.outputs.iter().all(sound)
            {
                return damaged(format!("the columns of `{name}` make no sense"));
            }
        }
        Ok(Self {
            schema: file.schema,
            features: file.features,
            unused: file.unused,
        })
    }
}
