//! LIBSVM's model text (Chang & Lin 2011, doi:10.1145/1961189.1961199).

use super::error::ModelFileError;
use crate::SvcModel;
use fuzzysvm_core::MatrixBuf;
use fuzzysvm_core::quote::cut;
use fuzzysvm_kernels::{KernelKind, Linear, Polynomial, Rbf, Sigmoid};
use fuzzysvm_qp::{SolveInfo, Status};
use std::collections::HashMap;
use std::fmt::Write;

/// The most values of support vectors that a file may unfold to (1 GiB of them).
const MAX_VALUES: usize = 1 << 27;
/// The most for the size of the file: so many values (8 MiB), and so many more per byte, which leaves room for
/// vectors of which one value in a thousand is written. A few lines cannot claim a gibibyte.
const FREE_VALUES: usize = 1 << 20;
const VALUES_PER_BYTE: usize = 64;

/// A model read from LIBSVM's text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ImportedModel {
    /// The model. `support` counts the support vectors in the file, because the training rows are not
    /// in it, and `info` says [`Status::Imported`].
    pub model: SvcModel<KernelKind>,
    /// The two labels of the file: that of the negative class, that of the positive one. The greater
    /// number is positive.
    pub labels: [i64; 2],
    /// Whether the file ended with the checksum that [`SvcModel::to_libsvm`] writes. LIBSVM's own files have none: there
    /// an edit that leaves a possible model is not seen.
    pub checked: bool,
}

/// What the line of the checksum begins with. LIBSVM reads as many vectors as the header says and nothing behind them.
const CHECKSUM: &str = "# checksum ";

impl SvcModel<KernelKind> {
    /// The model as LIBSVM's text: `svm-predict` then decides alike, with labels 1 and −1. All numbers
    /// have as many digits as it takes to read them back exactly.
    ///
    /// A precomputed kernel writes row numbers as LIBSVM does, from 1.
    ///
    /// The last line is a checksum of those above it, which LIBSVM does not look at and [`from_libsvm`] verifies. For a
    /// program that minds, leave it out.
    ///
    /// # Errors
    /// [`ModelFileError::NotRepresentable`] for a Laplacian kernel.
    pub fn to_libsvm(&self) -> Result<String, ModelFileError> {
        let mut out = String::from("svm_type c_svc\n");
        let by_index = match &self.kernel {
            KernelKind::Linear(_) => {
                out.push_str("kernel_type linear\n");
                false
            }
            KernelKind::Polynomial(k) => {
                let (d, g, c) = (k.degree, k.gamma, k.coef0);
                put(
                    &mut out,
                    format_args!("kernel_type polynomial\ndegree {d}\ngamma {g:e}\ncoef0 {c:e}\n"),
                );
                false
            }
            KernelKind::Rbf(k) => {
                put(
                    &mut out,
                    format_args!("kernel_type rbf\ngamma {:e}\n", k.gamma),
                );
                false
            }
            KernelKind::Sigmoid(k) => {
                let (g, c) = (k.gamma, k.coef0);
                put(
                    &mut out,
                    format_args!("kernel_type sigmoid\ngamma {g:e}\ncoef0 {c:e}\n"),
                );
                false
            }
            KernelKind::Precomputed(_) => {
                out.push_str("kernel_type precomputed\n");
                true
            }
            other => {
                return Err(ModelFileError::NotRepresentable {
                    kernel: other.name(),
                });
            }
        };
        let [negative, positive] = self.n_support;
        put(
            &mut out,
            format_args!(
                "nr_class 2\ntotal_sv {}\nrho {:e}\nlabel 1 -1\nnr_sv {positive} {negative}\nSV\n",
                self.dual_coef.len(),
                0.0 - self.intercept
            ),
        );
        let n_features = self.support_vectors.n_cols();
        // Vectors of the first label come first.
        let order =
            |sign: f64| (0..self.dual_coef.len()).filter(move |&i| self.dual_coef[i] * sign > 0.0);
        for (line, i) in order(1.0).chain(order(-1.0)).enumerate() {
            put(&mut out, format_args!("{:e}", self.dual_coef[i]));
            for (col, &v) in self.support_vectors.row(i).iter().enumerate() {
                // The last feature is written once even where it is 0: it carries their number.
                let carries = line == 0 && col + 1 == n_features;
                if by_index {
                    put(&mut out, format_args!(" 0:{}", v + 1.0));
                } else if v != 0.0 || carries {
                    put(&mut out, format_args!(" {}:{v:e}", col + 1));
                }
            }
            out.push('\n');
        }
        let sum = checksum(&out);
        put(&mut out, format_args!("{CHECKSUM}{sum}\n"));
        Ok(out)
    }
}

/// FNV-1a, 64 bits, of a text without its carriage returns, which a transfer between systems adds and removes. One changed
/// byte is always seen; other edits go unseen once in 2⁶⁴.
fn checksum(text: &str) -> String {
    let bytes = text.bytes().filter(|&byte| byte != b'\r');
    let sum = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{sum:016x}")
}

/// The text above the line of the checksum, and what that line says, where there is one.
fn split_checksum(text: &str) -> (&str, Option<&str>) {
    let end = text.trim_end();
    let (above, last) = end.split_at(end.rfind('\n').map_or(0, |at| at + 1));
    match last.strip_prefix(CHECKSUM) {
        Some(sum) => (above, Some(sum)),
        None => (text, None),
    }
}

fn put(out: &mut String, args: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(args);
}

fn error(line: usize, reason: impl Into<String>) -> ModelFileError {
    ModelFileError::Libsvm {
        line,
        reason: reason.into(),
    }
}

/// What a file said, on one line and cut.
fn short(text: &str) -> String {
    cut(text).to_string()
}

/// Reads a two-class C-SVC from LIBSVM's text, whichever label comes first in it. Probability
/// parameters are passed over.
///
/// The file does not say how many features there are: `n_features` does, and without it the highest
/// index counts.
///
/// A checksum in the last line, as [`SvcModel::to_libsvm`] writes it, must be that of the lines above.
///
/// # Errors
/// [`ModelFileError::Libsvm`] with the line for anything that is missing, twice there, out of range, changed or
/// not of this kind of model; [`ModelFileError::NotRepresentable`] for a precomputed kernel, whose
/// matrix is not in the file.
pub fn from_libsvm(text: &str, n_features: Option<usize>) -> Result<ImportedModel, ModelFileError> {
    let (text, sum) = split_checksum(text);
    let mut lines = text.lines().enumerate().map(|(i, l)| (i + 1, l.trim()));
    let mut header = Header::default();
    loop {
        let Some((line, content)) = lines.next() else {
            let last = text.lines().count() + 1;
            return Err(error(last, "the file ends before the line `SV`"));
        };
        if content == "SV" {
            header.end = line;
            break;
        }
        let (key, value) = content.split_once(' ').unwrap_or((content, ""));
        const KNOWN: [&str; 11] = [
            "svm_type",
            "kernel_type",
            "degree",
            "gamma",
            "coef0",
            "nr_class",
            "total_sv",
            "rho",
            "label",
            "nr_sv",
            "probA",
        ];
        let Some(&key) = KNOWN.iter().chain(&["probB"]).find(|k| **k == key) else {
            return Err(error(line, format!("unknown entry `{}`", short(key))));
        };
        if header.entries.insert(key, (line, value.trim())).is_some() {
            return Err(error(line, format!("`{key}` stands here twice")));
        }
    }
    header.must_be("svm_type", "c_svc")?;
    header.must_be("nr_class", "2")?;
    let kernel = header.kernel()?;
    let rho = header.float("rho")?;
    let total: usize = header.number("total_sv")?;
    let [first, second]: [i64; 2] = header.pair("label")?;
    let [n_first, n_second]: [usize; 2] = header.pair("nr_sv")?;
    if first == second {
        return Err(error(header.end, "the two labels are the same"));
    }
    if n_first.checked_add(n_second) != Some(total) {
        let reason = format!("nr_sv {n_first} {n_second} does not add up to total_sv {total}");
        return Err(error(header.end, reason));
    }
    // A positive value speaks for the first label; ours must speak for the greater one.
    let sign = if first > second { 1.0 } else { -1.0 };

    let vectors = Vectors::read(&mut lines, text, header.end, total, n_first)?;
    let width = vectors.width(n_features, text.len())?;
    let mut data = vec![0.0; width * total];
    for (row, entries) in data.chunks_exact_mut(width).zip(&vectors.entries) {
        for &(index, value) in entries {
            row[index] = value;
        }
    }
    let support_vectors =
        MatrixBuf::new(data, width).map_err(|e| error(header.end, e.to_string()))?;
    // What is wrong with a line has been said by now, more to the point.
    if let Some(found) = sum {
        let computed = checksum(text);
        if found != computed {
            let reason = format!(
                "the checksum is {}, but the lines above have {computed}: the file was changed",
                short(found)
            );
            return Err(error(text.lines().count() + 1, reason));
        }
    }
    let dual_coef: Vec<f64> = vectors.coef.iter().map(|c| c * sign).collect();
    let n_support = if sign > 0.0 {
        [n_second, n_first]
    } else {
        [n_first, n_second]
    };
    Ok(ImportedModel {
        model: SvcModel {
            support: (0..total).collect(),
            support_vectors,
            dual_coef,
            intercept: 0.0 - sign * rho,
            kernel,
            n_support,
            n_samples: total,
            info: SolveInfo::new(Status::Imported),
        },
        labels: [first.min(second), first.max(second)],
        checked: sum.is_some(),
    })
}

#[derive(Default)]
struct Header<'a> {
    entries: HashMap<&'static str, (usize, &'a str)>,
    /// The line of `SV`.
    end: usize,
}

impl<'a> Header<'a> {
    fn get(&self, key: &'static str) -> Result<(usize, &'a str), ModelFileError> {
        self.entries
            .get(key)
            .copied()
            .ok_or_else(|| error(self.end, format!("`{key}` is missing above `SV`")))
    }

    fn must_be(&self, key: &'static str, expected: &str) -> Result<(), ModelFileError> {
        let (line, found) = self.get(key)?;
        if found == expected {
            return Ok(());
        }
        let found = short(found);
        Err(error(
            line,
            format!("`{key}` is {found}: only {expected} can be read"),
        ))
    }

    fn number<T: std::str::FromStr>(&self, key: &'static str) -> Result<T, ModelFileError> {
        let (line, found) = self.get(key)?;
        found
            .parse()
            .map_err(|_| error(line, format!("`{key}` is no number: {}", short(found))))
    }

    fn float(&self, key: &'static str) -> Result<f64, ModelFileError> {
        let value: f64 = self.number(key)?;
        if value.is_finite() {
            return Ok(value);
        }
        let (line, _) = self.get(key)?;
        Err(error(line, format!("`{key}` is {value}: must be finite")))
    }

    fn pair<T: std::str::FromStr + Copy>(
        &self,
        key: &'static str,
    ) -> Result<[T; 2], ModelFileError> {
        let (line, found) = self.get(key)?;
        let values: Vec<Option<T>> = found.split_whitespace().map(|v| v.parse().ok()).collect();
        match values[..] {
            [Some(a), Some(b)] => Ok([a, b]),
            _ => Err(error(
                line,
                format!("`{key}` must be two numbers, found: {}", short(found)),
            )),
        }
    }

    fn kernel(&self) -> Result<KernelKind, ModelFileError> {
        let (line, name) = self.get("kernel_type")?;
        let kernel = match name {
            "linear" => KernelKind::from(Linear),
            "polynomial" => KernelKind::from(Polynomial {
                degree: self.number("degree")?,
                gamma: self.float("gamma")?,
                coef0: self.float("coef0")?,
            }),
            "rbf" => KernelKind::from(Rbf {
                gamma: self.float("gamma")?,
            }),
            "sigmoid" => KernelKind::from(Sigmoid {
                gamma: self.float("gamma")?,
                coef0: self.float("coef0")?,
            }),
            "precomputed" => {
                return Err(ModelFileError::NotRepresentable {
                    kernel: "precomputed",
                });
            }
            other => {
                return Err(error(line, format!("unknown kernel_type {}", short(other))));
            }
        };
        kernel.validate().map_err(|e| error(line, e.to_string()))?;
        Ok(kernel)
    }
}

/// The lines below `SV`.
struct Vectors {
    coef: Vec<f64>,
    /// Zero-based index and value.
    entries: Vec<Vec<(usize, f64)>>,
    /// The highest one-based index and its line.
    highest: (usize, usize),
}

impl Vectors {
    fn read<'a>(
        lines: &mut impl Iterator<Item = (usize, &'a str)>,
        text: &str,
        header_end: usize,
        total: usize,
        n_first: usize,
    ) -> Result<Self, ModelFileError> {
        // Grows with the lines read, not with the count in the header.
        let mut vectors = Vectors {
            coef: Vec::new(),
            entries: Vec::new(),
            highest: (0, header_end),
        };
        for (line, content) in lines {
            if content.is_empty() {
                continue;
            }
            if vectors.coef.len() == total {
                return Err(error(line, format!("more than total_sv {total} vectors")));
            }
            vectors.push(line, content, n_first)?;
        }
        if vectors.coef.len() < total {
            let reason = format!("{} vectors, but total_sv is {total}", vectors.coef.len());
            return Err(error(text.lines().count() + 1, reason));
        }
        Ok(vectors)
    }

    fn push(&mut self, line: usize, content: &str, n_first: usize) -> Result<(), ModelFileError> {
        let mut words = content.split_whitespace();
        let word = words.next().unwrap_or_default();
        let coef: f64 = word.parse().map_err(|_| {
            error(
                line,
                format!("the coefficient is no number: {}", short(word)),
            )
        })?;
        let of_first = self.coef.len() < n_first;
        if !coef.is_finite() || coef == 0.0 || (coef > 0.0) != of_first {
            let side = if of_first { "> 0" } else { "< 0" };
            return Err(error(
                line,
                format!("the coefficient is {coef}: must be {side}"),
            ));
        }
        let mut row: Vec<(usize, f64)> = Vec::new();
        for word in words {
            let parsed = word
                .split_once(':')
                .and_then(|(i, v)| Some((i.parse::<usize>().ok()?, v.parse::<f64>().ok()?)));
            let Some((index, value)) = parsed else {
                return Err(error(line, format!("not index:value: {}", short(word))));
            };
            if index == 0 || row.last().is_some_and(|&(last, _)| index <= last + 1) {
                return Err(error(
                    line,
                    format!("index {index} is not ascending from 1"),
                ));
            }
            if !value.is_finite() {
                return Err(error(line, format!("feature {index} is {value}")));
            }
            row.push((index - 1, value));
            if index > self.highest.0 {
                self.highest = (index, line);
            }
        }
        self.coef.push(coef);
        self.entries.push(row);
        Ok(())
    }

    /// Number of features. Where the caller does not give it, the size of the file in `bytes` limits the number of values.
    fn width(&self, n_features: Option<usize>, bytes: usize) -> Result<usize, ModelFileError> {
        let (highest, line) = self.highest;
        let width = n_features.unwrap_or(highest.max(1));
        if width == 0 || width < highest {
            return Err(error(
                line,
                format!("feature {highest}, but there are {width} features"),
            ));
        }
        let most = match n_features {
            Some(_) => MAX_VALUES,
            None => MAX_VALUES.min(FREE_VALUES + VALUES_PER_BYTE * bytes),
        };
        match width.checked_mul(self.coef.len()) {
            Some(values) if values <= most => Ok(width),
            _ => Err(error(
                line,
                format!(
                    "{} vectors of {width} features are too many",
                    self.coef.len()
                ),
            )),
        }
    }
}
