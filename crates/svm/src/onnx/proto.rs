//! The messages of `onnx.proto` that a model needs, in the encoding of
//! [Protocol Buffers](https://protobuf.dev/programming-guides/encoding/): field numbers and values of enumerations are
//! those of [onnx.proto](https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).

/// A message while it is written: its fields one after the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Message(Vec<u8>);

/// Types of tensor elements, `TensorProto.DataType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Int64 = 7,
    String = 8,
    Bool = 9,
    Double = 11,
}

/// An entry of a shape.
#[derive(Debug, Clone, Copy)]
pub(super) enum Dim {
    /// The number of rows, which is not known.
    Rows,
    Of(usize),
}

/// Appends seven bits per byte, the lowest first; the highest bit says that more follow.
fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

impl Message {
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A field that holds a number; a negative one in two's complement.
    pub fn number(mut self, field: u32, value: i64) -> Self {
        put_varint(&mut self.0, u64::from(field) << 3);
        put_varint(&mut self.0, value as u64);
        self
    }

    /// A field that holds bytes with their length before them.
    pub fn bytes(mut self, field: u32, value: &[u8]) -> Self {
        put_varint(&mut self.0, u64::from(field) << 3 | 2);
        put_varint(&mut self.0, value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    pub fn text(self, field: u32, value: &str) -> Self {
        self.bytes(field, value.as_bytes())
    }

    pub fn texts(self, field: u32, values: &[impl AsRef<str>]) -> Self {
        let texts = values.iter().map(AsRef::as_ref);
        texts.fold(self, |message, text| message.text(field, text))
    }

    pub fn message(self, field: u32, value: &Message) -> Self {
        self.bytes(field, &value.0)
    }

    pub fn messages(self, field: u32, values: &[Message]) -> Self {
        values.iter().fold(self, |all, one| all.message(field, one))
    }
}

/// `NodeProto`: an operator, its domain empty for those of ONNX itself.
pub(super) fn node(
    domain: &str,
    operator: &str,
    inputs: &[&str],
    outputs: &[&str],
    attributes: &[Message],
) -> Message {
    let node = Message::default().texts(1, inputs).texts(2, outputs);
    let node = node.text(4, operator).messages(5, attributes);
    if domain.is_empty() {
        node
    } else {
        node.text(7, domain)
    }
}

/// `AttributeProto` of one whole number.
pub(super) fn int(name: &str, value: i64) -> Message {
    attribute(name, 2).number(3, value)
}

/// `AttributeProto` of a graph.
pub(super) fn graph_attribute(name: &str, value: &Message) -> Message {
    attribute(name, 5).message(6, value)
}

/// `AttributeProto` of texts.
pub(super) fn texts(name: &str, values: &[String]) -> Message {
    attribute(name, 8).texts(9, values)
}

fn attribute(name: &str, kind: i64) -> Message {
    Message::default().text(1, name).number(20, kind)
}

/// `TensorProto` of numbers, given as little-endian bytes.
pub(super) fn tensor(name: &str, dims: &[usize], element: Element, raw: &[u8]) -> Message {
    tensor_of(name, dims, element).bytes(9, raw)
}

/// `TensorProto` of texts.
pub(super) fn text_tensor(name: &str, dims: &[usize], values: &[impl AsRef<str>]) -> Message {
    tensor_of(name, dims, Element::String).texts(6, values)
}

fn tensor_of(name: &str, dims: &[usize], element: Element) -> Message {
    let sizes = dims.iter().map(|d| *d as i64);
    let tensor = sizes.fold(Message::default(), |tensor, size| tensor.number(1, size));
    tensor.number(2, element as i64).text(8, name)
}

/// `ValueInfoProto` of a tensor.
pub(super) fn value_info(name: &str, element: Element, dims: &[Dim]) -> Message {
    let dim = |dim: &Dim| match dim {
        Dim::Rows => Message::default().text(2, "N"),
        Dim::Of(size) => Message::default().number(1, *size as i64),
    };
    let dims: Vec<Message> = dims.iter().map(dim).collect();
    let shape = Message::default().messages(1, &dims);
    let tensor = Message::default()
        .number(1, element as i64)
        .message(2, &shape);
    let kind = Message::default().message(1, &tensor);
    Message::default().text(1, name).message(2, &kind)
}

/// `GraphProto`.
pub(super) fn graph(
    name: &str,
    nodes: &[Message],
    tensors: &[Message],
    inputs: &[Message],
    outputs: &[Message],
) -> Message {
    let graph = Message::default().messages(1, nodes).text(2, name);
    let graph = graph.messages(5, tensors).messages(11, inputs);
    graph.messages(12, outputs)
}

/// `ModelProto`: a graph with the versions of what it is written in.
pub(super) fn model(ir_version: i64, operators: &[(&str, i64)], graph: &Message) -> Message {
    let set =
        |(domain, version): &(&str, i64)| Message::default().text(1, domain).number(2, *version);
    let sets: Vec<Message> = operators.iter().map(set).collect();
    let model = Message::default().number(1, ir_version).text(2, "fuzzysvm");
    let model = model.text(3, env!("CARGO_PKG_VERSION"));
    model.message(7, graph).messages(8, &sets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a number as the specification says, with what follows it.
    fn read_varint(bytes: &[u8]) -> (u64, &[u8]) {
        let end = bytes.iter().position(|b| b & 0x80 == 0).unwrap() + 1;
        let digits = bytes[..end].iter().rev();
        let value = digits.fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f));
        (value, &bytes[end..])
    }

    /// The examples of the specification.
    #[test]
    fn fields_are_encoded_as_in_the_specification() {
        assert_eq!(Message::default().number(1, 150).0, [0x08, 0x96, 0x01]);
        let testing = [0x12, 7, b't', b'e', b's', b't', b'i', b'n', b'g'];
        assert_eq!(Message::default().text(2, "testing").0, testing);
        let inner = Message::default().number(1, 150);
        let outer = Message::default().message(3, &inner);
        assert_eq!(outer.0, [0x1a, 3, 0x08, 0x96, 0x01]);
        let minus_two = [
            0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
        ];
        assert_eq!(Message::default().number(1, -2).0, minus_two);
        assert_eq!(Message::default().number(20, 1).0, [0xa0, 0x01, 1]);
    }

    proptest! {
        #[test]
        fn a_number_reads_back(shift in 0_u32..64, value: u64, field in 1_u32..1000) {
            let value = value >> shift;
            let message = Message::default().number(field, value as i64).0;
            let (tag, rest) = read_varint(&message);
            prop_assert_eq!(tag, u64::from(field) << 3);
            let (read, rest) = read_varint(rest);
            prop_assert_eq!(read, value);
            prop_assert!(rest.is_empty());
            // Seven bits per byte, and none too many.
            let bytes = (64 - value.leading_zeros()).div_ceil(7).max(1) as usize;
            let mut alone = Vec::new();
            put_varint(&mut alone, value);
            prop_assert_eq!(alone.len(), bytes);
        }

        #[test]
        fn bytes_read_back(value in prop::collection::vec(any::<u8>(), 0..300)) {
            let message = Message::default().bytes(9, &value).0;
            let (tag, rest) = read_varint(&message);
            prop_assert_eq!(tag, 9 << 3 | 2);
            let (length, rest) = read_varint(rest);
            prop_assert_eq!(length as usize, rest.len());
            prop_assert_eq!(rest, value);
        }
    }
}
