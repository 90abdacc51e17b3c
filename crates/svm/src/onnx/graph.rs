//! A graph from its inputs to the features of the model.

use super::error::OnnxError;
use super::probability::Probability;
use super::proto::{self, Dim, Element, Message};
use std::collections::HashSet;

/// The version of the operators of `ai.onnx` (of 2021), that of `ai.onnx.ml`, and the version of the file format that
/// goes with them.
const OPERATORS: i64 = 17;
const ML_OPERATORS: i64 = 3;
const IR_VERSION: i64 = 8;

/// The domain of the operators of machine learning.
const ML: &str = "ai.onnx.ml";

/// A matrix of numbers in a graph, one row per sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features {
    name: String,
    n_columns: usize,
}

impl Features {
    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }
}

/// A column of texts in a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    name: String,
}

/// An ONNX graph while it is put together.
#[derive(Debug, Clone, Default)]
pub struct OnnxGraph {
    inputs: Vec<Message>,
    names: HashSet<String>,
    nodes: Vec<Message>,
    tensors: Vec<Message>,
    /// Values named so far.
    values: usize,
    pub(super) probability: Option<Probability>,
}

impl OnnxGraph {
    /// The graph of a machine of two classes ([`Rule::Sign`](super::Rule::Sign)) ends with a third output, `probability`: that
    /// of the positive class, of doubles of shape `[N]`.
    #[must_use]
    pub fn with_probability(mut self, probability: Option<Probability>) -> Self {
        self.probability = probability;
        self
    }

    /// An input of `n_columns` numbers per sample, in double precision: a tensor of shape [N, `n_columns`].
    ///
    /// # Errors
    /// [`OnnxError::NoName`], [`OnnxError::SameName`].
    pub fn numbers(&mut self, name: &str, n_columns: usize) -> Result<Features, OnnxError> {
        self.input(name, Element::Double, n_columns)?;
        Ok(Features {
            name: name.to_owned(),
            n_columns,
        })
    }

    /// An input of one text per sample: a tensor of strings of shape [N, 1].
    ///
    /// # Errors
    /// As [`OnnxGraph::numbers`].
    pub fn text(&mut self, name: &str) -> Result<Text, OnnxError> {
        self.input(name, Element::String, 1)?;
        Ok(Text {
            name: name.to_owned(),
        })
    }

    fn input(&mut self, name: &str, element: Element, n_columns: usize) -> Result<(), OnnxError> {
        if name.is_empty() {
            return Err(OnnxError::NoName);
        }
        if !self.names.insert(name.to_owned()) {
            return Err(OnnxError::SameName {
                name: name.to_owned(),
            });
        }
        let dims = [Dim::Rows, Dim::Of(n_columns)];
        self.inputs.push(proto::value_info(name, element, &dims));
        Ok(())
    }

    /// The same with another text in place of the empty one.
    pub fn filled_text(&mut self, text: &Text, with: &str) -> Text {
        let empty = self.one_hot(text, &[String::new()], false);
        let to = [proto::int("to", Element::Bool as i64)];
        let is_empty = self.apply_with("Cast", &[&empty.name], &to);
        let with = self.texts(&[with]);
        Text {
            name: self.apply("Where", &[&is_empty, &with, &text.name]),
        }
    }

    /// One column per category, 1 where the text is that category. Any other text has 0 in all of them, or, where it
    /// is not `known_only`, cannot be scored.
    pub fn one_hot(&mut self, text: &Text, categories: &[String], known_only: bool) -> Features {
        let attributes = [
            proto::texts("cats_strings", categories),
            proto::int("zeros", i64::from(!known_only)),
        ];
        let encoded = self.apply_in(ML, "OneHotEncoder", &[&text.name], &attributes);
        // Of shape [N, 1, categories].
        let flat = self.apply_with("Flatten", &[&encoded], &[proto::int("axis", 1)]);
        self.as_numbers(&flat, categories.len())
    }

    /// One column per category, 1 where the number in the only column is that category.
    ///
    /// # Errors
    /// [`OnnxError::Width`] where there are more columns.
    pub fn one_hot_numbers(
        &mut self,
        x: &Features,
        categories: &[f64],
    ) -> Result<Features, OnnxError> {
        check(1, "categories", x)?;
        let categories_name = self.row(categories);
        let equal = self.apply("Equal", &[&x.name, &categories_name]);
        Ok(self.as_numbers(&equal, categories.len()))
    }

    /// The columns of all, side by side.
    pub fn side_by_side(&mut self, parts: &[Features]) -> Features {
        if let [part] = parts {
            return part.clone();
        }
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        Features {
            name: self.apply_with("Concat", &names, &[proto::int("axis", 1)]),
            n_columns: parts.iter().map(Features::n_columns).sum(),
        }
    }

    /// These columns, counted from 0.
    ///
    /// # Errors
    /// [`OnnxError::Width`] for a column that is not there.
    pub fn columns(&mut self, x: &Features, columns: &[usize]) -> Result<Features, OnnxError> {
        if let Some(&found) = columns.iter().find(|column| **column >= x.n_columns) {
            return Err(OnnxError::Width {
                what: "a column",
                found: found + 1,
                expected: x.n_columns,
            });
        }
        Ok(Features {
            name: self.gather(&x.name, columns),
            n_columns: columns.len(),
        })
    }

    /// 1 where the number in one of these columns is missing (NaN), 0 elsewhere.
    ///
    /// # Errors
    /// As [`OnnxGraph::columns`].
    pub fn missing(&mut self, x: &Features, columns: &[usize]) -> Result<Features, OnnxError> {
        let x = self.columns(x, columns)?;
        let missing = self.apply("IsNaN", &[&x.name]);
        Ok(self.as_numbers(&missing, columns.len()))
    }

    /// The same with these numbers, one per column, in place of missing ones (NaN).
    ///
    /// # Errors
    /// [`OnnxError::Width`].
    pub fn filled(&mut self, x: &Features, with: &[f64]) -> Result<Features, OnnxError> {
        check(with.len(), "numbers", x)?;
        let missing = self.apply("IsNaN", &[&x.name]);
        let with = self.row(with);
        Ok(x.now(self.apply("Where", &[&missing, &with, &x.name])))
    }

    /// (x − center) / width, column by column; 0 where the width is 0.
    ///
    /// # Errors
    /// [`OnnxError::Width`].
    pub fn scaled(
        &mut self,
        x: &Features,
        center: &[f64],
        width: &[f64],
    ) -> Result<Features, OnnxError> {
        check(center.len(), "centers", x)?;
        check(width.len(), "widths", x)?;
        let center = self.row(center);
        // Divided by infinity, what differs from the center becomes 0 as well.
        let divisor = |width: &f64| if *width == 0.0 { f64::INFINITY } else { *width };
        let width: Vec<f64> = width.iter().map(divisor).collect();
        let width = self.row(&width);
        let centered = self.apply("Sub", &[&x.name, &center]);
        Ok(x.now(self.apply("Div", &[&centered, &width])))
    }

    /// The columns numbered here are 0 in every row, be they missing or not.
    ///
    /// # Errors
    /// As [`OnnxGraph::columns`].
    pub fn without(&mut self, x: &Features, columns: &[usize]) -> Result<Features, OnnxError> {
        let mut is_kept = vec![1_u8; x.n_columns];
        for &column in columns {
            let found = column + 1;
            *is_kept.get_mut(column).ok_or(OnnxError::Width {
                what: "a column",
                found,
                expected: x.n_columns,
            })? = 0;
        }
        let kept = self.constant(&[1, x.n_columns], Element::Bool, &is_kept);
        let zero = self.row(&[0.0]);
        Ok(x.now(self.apply("Where", &[&kept, &x.name, &zero])))
    }

    /// Ends the graph with the values `label` and `score`, and `probability` where there is one.
    pub(super) fn finish(
        mut self,
        (label, element): (&str, Element),
        (score, dims): (&str, &[Dim]),
        probability: Option<&str>,
    ) -> Vec<u8> {
        let mut outputs = Vec::new();
        let of_rows = &[Dim::Rows][..];
        let two = [
            ("label", label, element, of_rows),
            ("score", score, Element::Double, dims),
        ];
        let third = probability.map(|value| ("probability", value, Element::Double, of_rows));
        for (name, value, element, dims) in two.into_iter().chain(third) {
            let mut name = name.to_owned();
            // A column may be called so.
            while !self.names.insert(name.clone()) {
                name.push('_');
            }
            self.nodes
                .push(proto::node("", "Identity", &[value], &[&name], &[]));
            outputs.push(proto::value_info(&name, element, dims));
        }
        let graph = proto::graph(
            "fuzzysvm",
            &self.nodes,
            &self.tensors,
            &self.inputs,
            &outputs,
        );
        let operators = [("", OPERATORS), (ML, ML_OPERATORS)];
        proto::model(IR_VERSION, &operators, &graph).into_bytes()
    }

    /// A name that no input has.
    pub(super) fn fresh(&mut self) -> String {
        loop {
            self.values += 1;
            let name = format!("fuzzysvm_{}", self.values);
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }

    pub(super) fn apply(&mut self, operator: &str, inputs: &[&str]) -> String {
        self.apply_with(operator, inputs, &[])
    }

    pub(super) fn apply_with(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[Message],
    ) -> String {
        self.apply_in("", operator, inputs, attributes)
    }

    fn apply_in(
        &mut self,
        domain: &str,
        operator: &str,
        inputs: &[&str],
        attributes: &[Message],
    ) -> String {
        let output = self.fresh();
        let node = proto::node(domain, operator, inputs, &[&output], attributes);
        self.nodes.push(node);
        output
    }

    fn as_numbers(&mut self, value: &str, n_columns: usize) -> Features {
        let to = [proto::int("to", Element::Double as i64)];
        Features {
            name: self.apply_with("Cast", &[value], &to),
            n_columns,
        }
    }

    /// Columns of a value, by their numbers.
    pub(super) fn gather(&mut self, value: &str, columns: &[usize]) -> String {
        let columns: Vec<i64> = columns.iter().map(|column| *column as i64).collect();
        let columns = self.whole(&[columns.len()], &columns);
        self.apply_with("Gather", &[value, &columns], &[proto::int("axis", 1)])
    }

    fn row(&mut self, values: &[f64]) -> String {
        self.table(&[1, values.len()], values)
    }

    pub(super) fn table(&mut self, dims: &[usize], values: &[f64]) -> String {
        let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(dims, Element::Double, &raw)
    }

    pub(super) fn whole(&mut self, dims: &[usize], values: &[i64]) -> String {
        let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(dims, Element::Int64, &raw)
    }

    pub(super) fn constant(&mut self, dims: &[usize], element: Element, raw: &[u8]) -> String {
        let name = self.fresh();
        self.tensors.push(proto::tensor(&name, dims, element, raw));
        name
    }

    pub(super) fn texts(&mut self, values: &[impl AsRef<str>]) -> String {
        let name = self.fresh();
        let tensor = proto::text_tensor(&name, &[values.len()], values);
        self.tensors.push(tensor);
        name
    }
}

impl Features {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// As many columns of another value.
    fn now(&self, name: String) -> Self {
        Self {
            name,
            n_columns: self.n_columns,
        }
    }
}

/// Whether there is one for every column.
pub(super) fn check(found: usize, what: &'static str, x: &Features) -> Result<(), OnnxError> {
    if found == x.n_columns {
        return Ok(());
    }
    Err(OnnxError::Width {
        what,
        found,
        expected: x.n_columns,
    })
}
