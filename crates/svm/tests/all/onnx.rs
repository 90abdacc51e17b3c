//! ONNX graphs, read back by the rules of Protocol Buffers. ONNX's checker and ONNX Runtime judge them in the tests of
//! the Python package.

use crate::common::overlapping;
use fuzzysvm_core::Learner;
use fuzzysvm_kernels::{KernelKind, Laplacian, Linear, Precomputed, Rbf};
use fuzzysvm_svm::onnx::{Classes, Machine, OnnxError, OnnxGraph, Probability, Rule};
use fuzzysvm_svm::{Svc, SvcModel};

/// A field of a message.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for (i, byte) in bytes.iter().enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            *bytes = &bytes[i + 1..];
            return value;
        }
    }
    panic!("a number without end");
}

/// The fields of a message with their numbers.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let value = varint(&mut bytes);
        let field = match tag & 7 {
            0 => Field::Number(value),
            2 => {
                let (inner, rest) = bytes.split_at(value as usize);
                bytes = rest;
                Field::Bytes(inner)
            }
            other => panic!("wire type {other}"),
        };
        fields.push((tag >> 3, field));
    }
    fields
}

fn all(message: &[u8], number: u64) -> Vec<&[u8]> {
    let found = fields(message).into_iter().filter(|(n, _)| *n == number);
    let bytes = found.filter_map(|(_, field)| match field {
        Field::Bytes(bytes) => Some(bytes),
        Field::Number(_) => None,
    });
    bytes.collect()
}

fn texts(message: &[u8], number: u64) -> Vec<String> {
    let texts = all(message, number).into_iter();
    texts
        .map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
        .collect()
}

fn number(message: &[u8], number: u64) -> u64 {
    let mut found = fields(message).into_iter().filter(|(n, _)| *n == number);
    match found.next() {
        Some((_, Field::Number(value))) => value,
        _ => panic!("field {number} is no number"),
    }
}

/// Name, element type and number of dimensions of inputs (11) or outputs (12).
fn signature(graph: &[u8], field: u64) -> Vec<(String, u64, usize)> {
    let of = |info: &[u8]| {
        let tensor = all(all(info, 2)[0], 1)[0];
        let dims = all(all(tensor, 2)[0], 1);
        (texts(info, 1)[0].clone(), number(tensor, 1), dims.len())
    };
    all(graph, field).into_iter().map(of).collect()
}

fn operators(graph: &[u8]) -> Vec<String> {
    let nodes = all(graph, 1).into_iter();
    nodes.map(|node| texts(node, 4)[0].clone()).collect()
}

fn model(kernel: KernelKind) -> SvcModel {
    let data = overlapping(60, 2, 3);
    let svc = Svc {
        kernel,
        ..Svc::default()
    };
    svc.fit(data.samples(), None).unwrap()
}

const DOUBLE: u64 = 11;
const STRING: u64 = 8;

#[test]
fn a_graph_has_the_fields_of_onnx_proto() {
    let model = model(KernelKind::from(Linear));
    let mut graph = OnnxGraph::default();
    let x = graph.numbers("X", 2).unwrap();
    let scaled = graph.scaled(&x, &[1.0, 2.0], &[3.0, 0.0]).unwrap();
    let machine = Machine::of_model(&model).unwrap();
    let file = graph
        .classify(
            &scaled,
            &machine,
            &Classes::text("paid", "default"),
            Rule::Sign,
        )
        .unwrap();
    assert_eq!(number(&file, 1), 8, "the version of the format");
    assert_eq!(texts(&file, 2), ["fuzzysvm"]);
    let sets: Vec<(String, u64)> = all(&file, 8)
        .into_iter()
        .map(|set| (texts(set, 1)[0].clone(), number(set, 2)))
        .collect();
    assert_eq!(sets, [(String::new(), 17), ("ai.onnx.ml".to_owned(), 3)]);
    let graph = all(&file, 7)[0];
    assert_eq!(signature(graph, 11), [("X".to_owned(), DOUBLE, 2)]);
    let outputs = [
        ("label".to_owned(), STRING, 1),
        ("score".to_owned(), DOUBLE, 1),
    ];
    assert_eq!(signature(graph, 12), outputs);
    assert_eq!(operators(graph)[..3], ["Sub", "Div", "MatMul"]);
    // Every value is made before it is used, and once.
    let mut known: Vec<String> = all(graph, 11)
        .into_iter()
        .map(|i| texts(i, 1)[0].clone())
        .chain(all(graph, 5).into_iter().map(|t| texts(t, 8)[0].clone()))
        .collect();
    for node in all(graph, 1) {
        assert!(texts(node, 1).iter().all(|input| known.contains(input)));
        let outputs = texts(node, 2);
        assert!(!outputs.iter().any(|output| known.contains(output)));
        known.extend(outputs);
    }
    // The tensors hold as many numbers as their shapes say, support vectors column by column.
    let doubles = |tensor: &[u8]| -> Vec<f64> {
        let raw = all(tensor, 9)[0].as_chunks::<8>().0;
        raw.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()
    };
    let tensors = all(graph, 5);
    let tables: Vec<Vec<f64>> = tensors
        .into_iter()
        .filter(|t| number(t, 2) == DOUBLE)
        .map(doubles)
        .collect();
    assert_eq!(tables[0], [1.0, 2.0]);
    assert_eq!(tables[1], [3.0, f64::INFINITY]);
    let vectors = &model.support_vectors;
    let columns = (0..2).flat_map(|j| vectors.view().rows().map(move |row| row[j]));
    assert_eq!(tables[2], columns.collect::<Vec<_>>());
    assert_eq!(tables[3], model.dual_coef);
    assert_eq!(tables[4], [model.intercept]);
}

#[test]
fn texts_are_inputs_and_their_names_are_kept_apart() {
    let model = model(KernelKind::from(Laplacian { gamma: 0.5 }));
    let mut graph = OnnxGraph::default();
    let home = graph.text("score").unwrap();
    let categories = ["rent".to_owned(), "größe".to_owned()];
    let x = graph.one_hot(&home, &categories, false);
    assert_eq!(x.n_columns(), 2);
    let same = OnnxError::SameName {
        name: "score".to_owned(),
    };
    assert_eq!(graph.numbers("score", 1), Err(same));
    assert_eq!(graph.numbers("", 1), Err(OnnxError::NoName));
    let machine = Machine::of_model(&model).unwrap();
    let file = graph
        .classify(&x, &machine, &Classes::Whole(vec![-1, 1]), Rule::Sign)
        .unwrap();
    let graph = all(&file, 7)[0];
    assert_eq!(signature(graph, 11), [("score".to_owned(), STRING, 2)]);
    let names: Vec<String> = signature(graph, 12).into_iter().map(|o| o.0).collect();
    assert_eq!(names, ["label", "score_"]);
    let encoder = all(graph, 1)[0];
    assert_eq!(texts(encoder, 4), ["OneHotEncoder"]);
    assert_eq!(texts(encoder, 7), ["ai.onnx.ml"]);
    assert_eq!(texts(all(encoder, 5)[0], 9), categories);
    let scan = operators(graph).iter().position(|o| o == "Scan").unwrap();
    let body = all(all(all(graph, 1)[scan], 5)[0], 6)[0];
    assert_eq!(operators(body), ["Unsqueeze", "Sub", "Abs", "Add"]);
}

#[test]
fn a_probability_is_a_third_output() {
    let model = model(KernelKind::from(Linear));
    let machine = Machine::of_model(&model).unwrap();
    let of = |probability: Option<Probability>| {
        let mut graph = OnnxGraph::default().with_probability(probability)?;
        let x = graph.numbers("probability", 2)?;
        let classes = Classes::text("paid", "default");
        graph.classify(&x, &machine, &classes, Rule::Sign)
    };
    let lines = |scores: &[f64], probabilities: &[f64]| {
        of(Some(Probability::Lines {
            scores: scores.to_vec(),
            probabilities: probabilities.to_vec(),
        }))
    };
    let sigmoid = of(Some(Probability::Sigmoid {
        slope: 2.0,
        intercept: -1.0,
    }));
    for file in [
        sigmoid,
        lines(&[0.0, 1.0], &[0.2, 0.7]),
        lines(&[0.0], &[0.2]),
    ] {
        let file = file.unwrap();
        let outputs = signature(all(&file, 7)[0], 12);
        assert_eq!(outputs[2], ("probability_".to_owned(), DOUBLE, 1));
    }
    let plain = of(None).unwrap();
    assert_eq!(signature(all(&plain, 7)[0], 12).len(), 2);
    assert_eq!(
        lines(&[], &[]).unwrap_err().to_string(),
        "found 0 probabilities for 0 scores, expected one each"
    );
    assert!(lines(&[0.0, 1.0], &[0.5]).is_err());
}

#[test]
fn what_does_not_fit_is_refused() {
    let model = model(KernelKind::from(Rbf { gamma: 0.5 }));
    let machine = Machine::of_model(&model).unwrap();
    let mut graph = OnnxGraph::default();
    let x = graph.numbers("X", 3).unwrap();
    let short = graph.scaled(&x, &[1.0, 2.0], &[1.0, 2.0]).unwrap_err();
    assert_eq!(
        short.to_string(),
        "found centers for 2 features, expected 3"
    );
    assert!(graph.filled(&x, &[0.0]).is_err());
    assert!(graph.columns(&x, &[0, 3]).is_err());
    assert!(graph.without(&x, &[3]).is_err());
    assert!(graph.one_hot_numbers(&x, &[1.0]).is_err());
    let wide = graph
        .classify(&x, &machine, &Classes::Truth(vec![false, true]), Rule::Sign)
        .unwrap_err();
    assert_eq!(
        wide.to_string(),
        "found a machine for 2 features, expected 3"
    );
    for (classes, rule) in [(1, Rule::Largest), (3, Rule::Sign), (3, Rule::Largest)] {
        let mut graph = OnnxGraph::default();
        let x = graph.numbers("X", 2).unwrap();
        let classes = Classes::Whole((0..classes).collect());
        let error = graph.classify(&x, &machine, &classes, rule).unwrap_err();
        let words = error.to_string();
        assert!(
            words.starts_with("found 1 decision functions for"),
            "{words}"
        );
    }
    let gram = Precomputed::new(fuzzysvm_core::MatrixBuf::new(vec![1.0], 1).unwrap()).unwrap();
    let mut given = model.clone();
    given.kernel = KernelKind::from(gram);
    let error = Machine::of_model(&given).unwrap_err();
    assert!(error.to_string().starts_with("the kernel is precomputed"));
}
