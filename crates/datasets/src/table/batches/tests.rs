//! However a file is cut, and whoever reads it: the rows, the warnings, or the error, of the reader that holds all of it.

use std::io::{self, Cursor, Read, Write as _};

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::super::{
    Format, Header, MAX_CELL, Missing, ReadOptions, TableError, TableSchema, TargetUse, read_bytes,
};
use super::RowBatch;
use crate::Input;
use crate::delimited::{Index, Sizes};

/// The bits of the values, the missing cells, the names and what was said; or the error.
type Seen = Result<(Vec<u64>, Vec<(usize, usize)>, Option<Vec<String>>, String), String>;

fn words(error: &TableError) -> String {
    format!("{error} {error:?}")
}

/// A source of these bytes that may break off at its end.
struct Source {
    bytes: Cursor<Vec<u8>>,
    fails: bool,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.bytes.read(buffer)? {
            0 if self.fails && !buffer.is_empty() => Err(io::Error::other("the cable was pulled")),
            n => Ok(n),
        }
    }
}

/// A file to read, and how.
#[derive(Clone)]
struct Case<'a> {
    schema: &'a TableSchema,
    name: &'static str,
    bytes: Vec<u8>,
    fails: bool,
    missing: Missing,
    id: Option<&'static str>,
}

impl Case<'_> {
    fn input(&self) -> Input {
        // Gzip is known by its first bytes.
        let (head, rest) = self.bytes.split_at(self.bytes.len().min(2));
        let source = Source {
            bytes: Cursor::new(rest.to_vec()),
            fails: self.fails,
        };
        Input::of(self.name, head, source)
    }

    fn options(&self) -> ReadOptions {
        ReadOptions::default().with_missing(self.missing)
    }

    fn whole(&self) -> Seen {
        let (schema, options) = (self.schema, self.options());
        let texts = |id| schema.column_texts_of(self.input(), id, &options);
        let names = self.id.map(texts).transpose();
        let names = names.map_err(|e| words(&e))?;
        let rows = schema.read_input_as(self.input(), TargetUse::Ignored, &options);
        let rows = rows.map_err(|e| words(&e))?;
        let imputed = schema.imputed(&rows.missing, &rows.without_category, None);
        let said = format!(
            "{} {:?} {:?} {imputed:?}",
            rows.lines.len(),
            rows.without_category,
            rows.warnings
        );
        let x = rows.x.into_vec().iter().map(|v| v.to_bits()).collect();
        Ok((x, rows.missing.cells().to_vec(), names, said))
    }

    fn in_batches(&self, sizes: Sizes, threads: usize) -> Seen {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let (mut x, mut missing) = (Vec::new(), Vec::new());
        let (mut names, mut n) = (self.id.map(|_| Vec::new()), 0);
        let read = pool.build().unwrap().install(|| {
            self.schema.read_batches_of(
                self.input(),
                &self.options(),
                self.id,
                sizes,
                |batch: RowBatch| batch,
                |first, batch| {
                    assert_eq!(first, n);
                    n += batch.x.n_rows();
                    let cells = batch.missing.cells().iter();
                    missing.extend(cells.map(|(row, feature)| (first + row, *feature)));
                    x.extend(batch.x.into_vec().iter().map(|v| v.to_bits()));
                    if let Some(names) = &mut names {
                        names.extend(batch.names.unwrap());
                    }
                    Ok::<(), TableError>(())
                },
            )
        });
        let read = read.map_err(|e| words(&e))?;
        assert_eq!(read.rows, n);
        let said = format!(
            "{} {:?} {:?} {:?}",
            read.rows,
            read.without_category,
            read.warnings,
            read.imputed(self.schema, None)
        );
        Ok((x, missing, names, said))
    }
}

/// Schemas that differ in what they expect of a file: two numbers, a text and a rate; the same with semicolons, decimal
/// commas and a further mark of missing cells; without header; of one column.
fn schemas() -> [TableSchema; 4] {
    let learn = |text: &str, options: ReadOptions| {
        let read = read_bytes("train.csv", Format::Csv, text.as_bytes(), &options);
        read.unwrap().schema
    };
    let usual = ReadOptions::default();
    [
        learn(
            "a,home,b,rate,y\n1,own,2.5,7.5%,p\n2,rent,1,8%,n\n,\"a \"\"b\"\", c\",2,1%,n\n3,,1,2%,n\n",
            usual.clone(),
        ),
        learn(
            "a;home;b;rate;y\n1;own;2,5;7,5%;p\n2;rent;1;8%;n\n-9;\"a \"\"b\"\", c\";2;1%;n\n3;;1;2%;n\n",
            usual
                .clone()
                .with_separator(';')
                .with_na(["-9"])
                .with_decimal(','),
        ),
        learn(
            "1,own,2.5,7.5%,p\n2,rent,1,8%,n\n3,own,2,1%,n\n",
            usual.clone().with_header(Header::No),
        ),
        learn("a,y\n1,p\n2,n\n3,n\n", usual),
    ]
}

fn cell() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "1",
        "1",
        "2.5",
        " 3 ",
        "-4",
        "-0",
        "+4",
        "1e3",
        "",
        "NA",
        "?",
        "None",
        "\"7\"",
        "12345678901234567890",
        "0.30000000000000004",
        "-0.12345678901234567",
        "123456789.123456",
        "-9",
        "2,5",
        "\"2,5\"",
        "5%",
        "\t6",
        ".5",
        "5.",
        "1_0",
        "inf",
        "1e999",
        "own",
        "own",
        "rent",
        "\"own\"",
        "\"a \"\"b\"\", c\"",
        "\"two\nlines\"",
        "\"two\r\nlines\"",
        "\"two\rlines\"",
        "\"\"",
        "other",
        "\u{e4}",
        "\u{a0}own\u{2003}",
        "\" own \"",
        "\u{2212}5",
        "(5)",
    ])
}

fn good(place: usize) -> BoxedStrategy<String> {
    let of = |cells: Vec<&'static str>| prop::sample::select(cells).prop_map(str::to_owned);
    match place {
        0 => of(vec![
            "1",
            "2.5",
            "-3.75",
            "",
            "NA",
            "1e2",
            "\"7\"",
            "0.1234567890123456",
        ])
        .boxed(),
        1 => of(vec![
            "own",
            "rent",
            "\"own\"",
            "\"a \"\"b\"\", c\"",
            "",
            "flat",
            "\"two\nlines\"",
            "\u{e4}",
            " own",
            "\"x\r\ny\"",
        ])
        .boxed(),
        2 => of(vec!["1", "2", "12", "-1", "123456789012"]).boxed(),
        3 => of(vec!["5%", "7%", " 8 %"]).boxed(),
        _ => of(vec!["p", "n", "id 1", "\"a,b\"", "\"\"\"\"", ""]).boxed(),
    }
}

/// Rows of cells in this order of columns, with what stands between them.
fn body(columns: Vec<usize>, separator: char) -> impl Strategy<Value = String> {
    let n = columns.len();
    let join = move |cells: Vec<String>| cells.join(&separator.to_string());
    let cells: Vec<_> = columns.into_iter().map(good).collect();
    let row = cells.prop_map(join);
    let any = prop::collection::vec(cell(), n)
        .prop_map(move |cells| join(cells.into_iter().map(str::to_owned).collect()));
    let other = prop::sample::select(vec![
        "",
        "",
        " ",
        "\"\"",
        ",",
        "1",
        "6\" pipe",
        "\"a\"b,1,2,3,4",
        "a\"b\nc\"",
        "\"open",
        "\u{feff}1,own,1,5%,p",
        "1,2,3,4,5,6,7,8,9",
        "\r",
        "\r\r",
    ]);
    let line = prop_oneof![
        300 => row.boxed(),
        1 => any.boxed(),
        1 => other.prop_map(str::to_owned).boxed(),
    ];
    let end = prop_oneof![20 => Just("\n"), 5 => Just("\r\n"), 1 => Just("\r")];
    prop::collection::vec((line, end), 0..60).prop_map(|lines| {
        let lines = lines.into_iter();
        lines.map(|(line, end)| line + end).collect()
    })
}

const NAMES: [&str; 5] = ["a", "home", "b", "rate", "id"];

/// A file for one of the schemas: its place, and the bytes.
fn file() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let order = Just(vec![0, 1, 2, 3, 4]).prop_shuffle();
    let which = prop_oneof![4 => Just(0usize), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    let head = (
        which,
        order,
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.02),
    );
    let head = head.prop_flat_map(|(which, order, mark, lacks)| {
        let columns = match which {
            3 => vec![0],
            2 => vec![0, 1, 2, 3, 4],
            _ => order,
        };
        let separator = if which == 1 { ';' } else { ',' };
        let mut names: Vec<&str> = columns.iter().map(|&c| NAMES[c]).collect();
        if lacks {
            names[0] = "z";
        }
        let header = match which {
            2 => String::new(),
            _ => names.join(&separator.to_string()) + "\n",
        };
        let mark = if mark { "\u{feff}" } else { "" };
        let start = format!("{mark}{header}");
        let text = body(columns, separator).prop_map(move |body| start.clone() + &body);
        (Just(which), text)
    });
    let byte = prop::sample::select(b"\"\n\r,\xff\xc3\x00".to_vec());
    let edit = (any::<prop::sample::Index>(), byte);
    let edits =
        prop_oneof![5 => Just(vec![]).boxed(), 1 => prop::collection::vec(edit, 1..4).boxed()];
    let cut = prop_oneof![3 => Just(0usize), 1 => 0..20usize];
    (head, edits, cut).prop_map(|((which, text), edits, cut)| {
        let mut bytes = text.into_bytes();
        bytes.truncate(bytes.len() - cut.min(bytes.len()));
        for (at, byte) in edits {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        (which, bytes)
    })
}

fn sizes() -> impl Strategy<Value = Sizes> {
    let block = prop_oneof![1..40usize, 40..3000usize, Just(1 << 20)];
    let unit = prop_oneof![1..40usize, 40..1000usize];
    let piece = prop_oneof![5 => 1..300usize, 1 => Just(1 << 20)];
    (block, unit, piece).prop_map(|(block, unit, piece)| Sizes { block, unit, piece })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn cuts_and_threads_change_nothing(
        (which, bytes) in file(),
        sizes in sizes(),
        threads in prop::sample::select(vec![1, 2, 7]),
        refuses in prop::bool::weighted(0.1),
        id in prop::sample::select(vec![None, None, Some("id"), Some("home"), Some("none")]),
        fails in prop::bool::weighted(0.05),
        name in prop::sample::select(vec!["t.csv", "t.csv", "t"]),
    ) {
        let schemas = schemas();
        let missing = if refuses { Missing::Refuse } else { Missing::Impute };
        let case = Case { schema: &schemas[which], name, bytes, fails, missing, id };
        prop_assert_eq!(case.in_batches(sizes, threads), case.whole());
    }
}

/// Some 100 KB of rows, all of them sound.
fn long() -> String {
    let mut text = "id,rate,b,home,a\n".to_owned();
    for i in 0..4000 {
        let home = ["own", "rent", "\"a \"\"b\"\", c\"", "flat"][i % 7 % 4];
        text += &format!(
            "name {i},{}%,{},{home},{}.{}\n",
            i % 30,
            i * 7,
            i % 11,
            i * 37
        );
    }
    text
}

#[test]
fn long_files_plain_and_gzip_are_read_alike_by_any_number_of_threads() {
    let [schema, ..] = schemas();
    let mut case = Case {
        schema: &schema,
        name: "t.csv",
        bytes: long().into_bytes(),
        fails: false,
        missing: Missing::Impute,
        id: Some("id"),
    };
    let expected = case.whole();
    assert!(expected.is_ok());
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&case.bytes).unwrap();
    let packed = packed.finish().unwrap();
    let all = [
        (4 << 20, 1 << 20, 4 << 20),
        (30_000, 5_000, 999),
        (1, 99, 50),
    ];
    for bytes in [case.bytes.clone(), packed.clone()] {
        case.bytes = bytes;
        for threads in [1, 2, 7] {
            for (block, unit, piece) in all {
                let sizes = Sizes { block, unit, piece };
                assert!(case.in_batches(sizes, threads) == expected);
            }
        }
    }
    case.bytes = packed[..packed.len() / 2].to_vec();
    let early = case.whole();
    let words = early.clone().unwrap_err();
    assert!(words.contains("truncated gzip"), "{words}");
    let sizes = Sizes {
        block: 3000,
        unit: 500,
        piece: 200,
    };
    assert_eq!(case.in_batches(sizes, 2), early);
}

/// Of two faults the one counts that a reader of the whole file meets first, which looks at bytes before rows.
#[test]
fn of_two_faults_far_down_the_same_one_is_reported() {
    let [schema, ..] = schemas();
    let (bad_cell, bad_row) = ("x,5%,ten,own,1\n", "x,5%\n");
    let not_utf_8: &[u8] = b"\xff\n";
    let long_cell = format!("x,\"{}\n", "y\n".repeat(MAX_CELL));
    let pieces = [
        bad_cell.as_bytes(),
        bad_row.as_bytes(),
        not_utf_8,
        long_cell.as_bytes(),
    ];
    let sizes = Sizes {
        block: 20_000,
        unit: 3_000,
        piece: 5_000,
    };
    let rows = long();
    let below = &rows[rows.find('\n').unwrap() + 1..];
    let mut kinds = std::collections::HashSet::new();
    for first in pieces {
        for second in pieces {
            for id in [None, Some("id"), Some("none")] {
                for fails in [false, true] {
                    let case = Case {
                        schema: &schema,
                        name: "t.csv",
                        bytes: [rows.as_bytes(), first, below.as_bytes(), second].concat(),
                        fails,
                        missing: Missing::Impute,
                        id,
                    };
                    let found = case.in_batches(sizes, 2);
                    assert_eq!(found, case.whole());
                    kinds.insert(found.unwrap_err());
                }
            }
        }
    }
    assert!(kinds.len() > 8, "{kinds:?}");
}

#[test]
fn sound_rows_need_no_second_reader() {
    use super::fast::{Categories, Part};
    use super::stream::Layout;

    let [schema, ..] = schemas();
    let grid = schema.csv("t", "id,rate,b,home,a\n").unwrap();
    let names = schema.columns().iter().map(|c| c.name.as_str());
    let layout = Layout {
        schema: &schema,
        grid: &grid,
        missing: Missing::Impute,
        separator: b',',
        places: grid.columns_of(names).unwrap(),
        categories: schema.columns().iter().map(Categories::new).collect(),
        name: Some(0),
        width: schema.n_features(),
        batch_rows: 7,
        work: &|batch: RowBatch| batch.x.n_rows(),
    };
    let read = |text: &str| Part::read(text.as_bytes(), &layout, &mut Index::default());
    for row in [
        "x,5%,1,own,2\n",
        "\"x\",\"5%\",\"1\",\"own\",\"2\"\n",
        "\"say \"\"x\"\"\", 5 %, 1 ,\"two\n\"\"lines\"\"\",\n",
        "x,5%,1,own,2\r\n",
        "\u{e4},5%,-1e3,,NA\n\n",
    ] {
        let text = row.repeat(50);
        let part = read(&text).unwrap_or_else(|| panic!("{row:?}"));
        assert_eq!(part.line_feeds, text.matches('\n').count() as u64);
        assert_eq!(part.batches.iter().map(|(n, _)| n).sum::<usize>(), 50);
        assert!(part.batches.iter().all(|(n, made)| n == made && *n <= 7));
    }
    let row = "x,5%,1,own,2\n";
    for other in [
        "6\" pipe,5%,1,own,2\n",
        "x,5%,1,own,2\r",
        "\"two\rlines\",5%,1,own,2\n",
        "x,5%,1,own\n",
        " \n",
        "x,5%,one,own,2\n",
        "x,5%,inf,own,2\n",
        "x,5,1,own,2\n",
        "\"open,5%,1,own,2\n",
        "x,5%,1,own,2",
    ] {
        assert!(read(&(row.repeat(9) + other)).is_none(), "{other:?}");
    }
    assert!(read("\u{feff}x,5%,1,own,2\n").is_none());
}
