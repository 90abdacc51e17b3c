//! However a file is cut and whoever reads it: the book, or the error, of the reader that goes record
//! by record from the first byte to the last.

use std::io::{self, Read, Write};
use std::sync::Arc;

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::super::appender::Appender;
use super::super::layout::{Layout, Wanted};
use super::super::part::Part;
use crate::delimited::{Index, Sizes};

use super::super::{DEFAULT_FEATURES, LoanBook, LoanBookError, ReadOptions};

const HEADER: &str = "loan_status,term,int_rate,issue_d,funded_amnt,total_pymnt,collection_recovery_fee,desc,\
                      purpose,dti,application_type,earliest_cr_line,mths_since_last_delinq,delinq_2yrs\n";
const N_FIELDS: usize = 14;

fn wanted() -> Wanted {
    let mut features: Vec<String> = DEFAULT_FEATURES.iter().map(|f| (*f).to_owned()).collect();
    features.push("mths_since_last_delinq".to_owned());
    Wanted::new(&ReadOptions {
        features,
        id: Some("purpose".to_owned()),
        ..ReadOptions::default()
    })
    .unwrap()
}

/// A book, all of it, or the error.
fn shown(book: LoanBook, read: Result<(), LoanBookError>) -> String {
    match read {
        Ok(()) => format!("{book:?}"),
        Err(e) => format!("{e} {e:?}"),
    }
}

/// Record by record, without a thread or a cut.
fn in_order(bytes: &[u8], end: io::Result<()>) -> String {
    let (mut book, wanted) = (LoanBook::empty(), wanted());
    book.files.push((0, "input".to_owned()));
    let mut appender = Appender::new(&mut book, &wanted, "input".to_owned());
    let read = appender
        .append_unit(bytes, None, None)
        .and_then(|()| appender.finish(end));
    shown(book, read)
}

/// Hands out a few bytes at a time, and fails at the end if it is to.
struct Trickle<'a> {
    bytes: &'a [u8],
    step: usize,
    fails: bool,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.is_empty() && self.fails {
            return Err(io::Error::other("the cable was pulled"));
        }
        let n = self.step.min(buffer.len());
        self.bytes.read(&mut buffer[..n])
    }
}

/// By the threads of a pool, in blocks and units of the given sizes.
fn in_parts(source: impl Read + Send, threads: usize, sizes: Sizes) -> String {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| {
        let mut book = LoanBook::empty();
        let read = book.append(source, &wanted(), "input".to_owned(), sizes);
        shown(book, read)
    })
}

fn loan() -> impl Strategy<Value = String> {
    let status = prop::sample::select(vec![
        "Fully Paid",
        "Charged Off",
        "Current",
        "Does not meet the credit policy. Status:Fully Paid",
    ]);
    let desc = prop::sample::select(vec![
        "",
        "",
        "debts",
        "\"one\ntwo\"",
        "\"say \"\"yes\"\", or\r\nno\"",
        "\"\"\"\"",
        "\"\n\"",
        "\"a,b\n\n,\"\"\n\"",
    ]);
    let purpose = prop::sample::select(vec![
        "car",
        "other",
        "Other",
        "\"house\"",
        "",
        "\"a \"\"b\"",
    ]);
    let dti = prop::sample::select(vec!["", "12", "12.5", "1e1", "\"7.25\"", "-1", "NA", " 3 "]);
    let kind = prop::sample::select(vec!["INDIVIDUAL", "JOINT", "Individual"]);
    let rate = prop::sample::select(vec!["10.65%", "\" 7.9%\"", "12.5"]);
    let months = prop::sample::select(vec!["0", "", "31"]);
    let end = prop::sample::select(vec!["\n", "\n", "\r\n"]);
    (status, desc, purpose, dti, kind, rate, months, end).prop_map(
        |(status, desc, purpose, dti, kind, rate, months, end)| {
            format!(
                "{status}, 36 months,{rate},Dec-2011,1000,1100.5,0,{desc},{purpose},{dti},{kind},Jan-99,\
                 {months},0{end}"
            )
        },
    )
}

/// Lines that stand between loans, and some that stand nowhere.
fn other() -> impl Strategy<Value = String> {
    let commas = ",".repeat(N_FIELDS - 1);
    prop::sample::select(vec![
        "\n".to_owned(),
        "\r\n".to_owned(),
        "\r".to_owned(),
        format!("{commas}\n"),
        "\"\"\n".to_owned(),
        "Total amount funded in policy code 1: 460296150\n".to_owned(),
        format!("\"Loans that do not meet the credit policy\"{commas}\n"),
        "\u{feff}Notes offered by Prospectus (https://)\n".to_owned(),
        format!("\u{feff}{HEADER}"),
        HEADER.replace(",desc,purpose", ",purpose,desc"),
    ])
}

/// What no writer of the format writes, though it means something to the parser; or nothing at all.
fn damage() -> impl Strategy<Value = String> {
    let row = |desc: &str, end: &str| {
        format!("Fully Paid, 36 months,10%,Dec-2011,1000,1100,0,{desc},car,1,,,,0{end}")
    };
    prop::sample::select(vec![
        row("6\" pipe", "\n"),
        row("\"a\"b", "\n"),
        row("a\"b\nc\"", "\n"),
        row("", "\r"),
        row("\"never closed", "\n"),
        row("", ",1\n"),
        row("\"x\"", "\n").replace("1000", "ten"),
        "\"".to_owned(),
    ])
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![40 => loan().boxed(), 3 => other().boxed(), 1 => damage().boxed()];
    let cut = prop_oneof![3 => Just(0usize), 1 => 0..60usize];
    (prop::collection::vec(line, 0..40), cut).prop_map(|(lines, cut)| {
        let text = HEADER.to_owned() + &lines.concat();
        let mut bytes = text.into_bytes();
        bytes.truncate(bytes.len() - cut.min(bytes.len()));
        bytes
    })
}

fn sizes() -> impl Strategy<Value = Sizes> {
    let block = prop_oneof![1..40usize, 40..3000usize, Just(1 << 20)];
    let unit = prop_oneof![1..40usize, 40..1000usize];
    (block, unit).prop_map(|(block, unit)| Sizes {
        block,
        unit,
        ..Sizes::default()
    })
}

/// Bytes that a source gives at a time: mostly few, or all would come in the first block.
fn step() -> impl Strategy<Value = usize> {
    prop_oneof![5 => 1..300usize, 1 => Just(1 << 20)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn cuts_and_threads_change_nothing(
        text in text(),
        sizes in sizes(),
        step in step(),
        threads in 1..4usize,
        fails in prop::bool::weighted(0.2),
    ) {
        let end = || match fails {
            true => Err(io::Error::other("the cable was pulled")),
            false => Ok(()),
        };
        let source = Trickle { bytes: &text, step, fails };
        prop_assert_eq!(in_parts(source, threads, sizes), in_order(&text, end()));
    }

    #[test]
    fn edited_bytes_change_nothing(
        text in text(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..6usize), 1..5),
        sizes in sizes(),
        step in step(),
    ) {
        let mut text = text;
        for (at, with) in edits {
            if !text.is_empty() {
                let at = at.index(text.len());
                text[at] = b"\"\n\r,\xa0x"[with];
            }
        }
        let source = Trickle { bytes: &text, step, fails: false };
        prop_assert_eq!(in_parts(source, 2, sizes), in_order(&text, Ok(())));
    }
}

/// A file of several blocks, in which every kind of loan stands many times.
fn long_text() -> Vec<u8> {
    let mut text = HEADER.to_owned();
    for i in 0..20_000 {
        let desc = ["", "debts", "\"one\ntwo\"", "\"say \"\"yes\"\", or\r\nno\""][i % 7 % 4];
        let kind = ["INDIVIDUAL", "JOINT"][i % 5 % 2];
        text += &format!(
            "Fully Paid, 36 months,10.{}%,Dec-2011,{},1100.5,0,{desc},purpose {},12.5,{kind},Jan-99,{},1\n",
            i % 100,
            1 + i,
            i / 400,
            i % 50,
        );
        if i % 9_000 == 8_000 {
            text += "\nTotal amount funded in policy code 1: 460296150\n";
            text += HEADER;
        }
    }
    text.into_bytes()
}

#[test]
fn long_files_plain_and_gzip_are_read_alike_by_any_number_of_threads() {
    let text = long_text();
    let expected = in_order(&text, Ok(()));
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&text).unwrap();
    let packed = packed.finish().unwrap();
    for threads in 1..4 {
        for (block, unit) in [(4 << 20, 128 << 10), (300_000, 5_000), (1, 999)] {
            let sizes = Sizes {
                block,
                unit,
                ..Sizes::default()
            };
            assert!(in_parts(text.as_slice(), threads, sizes) == expected);
            assert!(in_parts(packed.as_slice(), threads, sizes) == expected);
        }
    }
    // Whatever the sizes, a stream that ends early ends in the same line.
    for keep in [packed.len() / 3, packed.len() / 2, packed.len() - 5] {
        let early = in_parts(&packed[..keep], 1, Sizes::default());
        assert!(early.contains("the gzip data end early"), "{early:.200}");
        let sizes = Sizes {
            block: 100_000,
            unit: 700,
            ..Sizes::default()
        };
        assert_eq!(in_parts(&packed[..keep], 3, sizes), early);
    }
}

fn layout() -> Arc<Layout> {
    let fields = HEADER.trim_end().split(',').map(str::as_bytes);
    Arc::new(Layout::new(fields, &wanted(), "input", 1).unwrap())
}

#[test]
fn well_formed_rows_need_no_second_reader() {
    let row = "Fully Paid, 36 months,10%,Dec-2011,1000,1100,0,TEXT,car,1,,,,0\n";
    let quoted: Vec<String> = row
        .trim_end()
        .split(',')
        .map(|c| format!("\"{c}\""))
        .collect();
    let quoted = quoted.join(",") + "\n";
    for row in [
        row,
        &quoted,
        &row.replace("TEXT", "\"two\n\"\"lines\"\", \r\n\""),
    ] {
        for row in [
            row.to_owned(),
            row.replace("0\n", "0\r\n").replace("0\"\n", "0\"\r\n"),
        ] {
            let text = row.repeat(50) + "\n\r\n";
            let part = Part::read(text.as_bytes(), &layout(), &mut Index::default());
            let part = part.unwrap_or_else(|| panic!("{row:?}"));
            assert_eq!(part.line_feeds, text.matches('\n').count() as u64);
        }
    }
}

#[test]
fn what_is_no_loan_is_left_to_the_other_reader() {
    let row = "Fully Paid, 36 months,10%,Dec-2011,1000,1100,0,TEXT,car,1,,,,0\n";
    for other in [
        row.replace("TEXT", "6\" pipe"),
        row.replace("TEXT", "\"a\"b"),
        row.replace("\n", "\r"),
        row.replace("car", "\"a \"\"car\"\"\""),
        row.replace(" 36 months", "\"\""),
        row.replace("1000", "-5"),
        row.replace("TEXT", "\"open"),
        row.trim_end().to_owned(),
        row.replace(",car", ""),
        "\"\"\n".to_owned(),
        ",".repeat(N_FIELDS - 1) + "\n",
        HEADER.to_owned(),
    ] {
        let text = row.repeat(9) + &other;
        assert!(
            Part::read(text.as_bytes(), &layout(), &mut Index::default()).is_none(),
            "{other:?}"
        );
    }
}
