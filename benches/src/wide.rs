//! The simulated book in the dialect of the widest file that circulates, `accepted_2007_to_2018Q4.csv`.

use std::io::{self, BufWriter, Read, Write};

use fuzzysvm::datasets::simulated::{COLUMNS, SimulatedBook};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The columns that the wide file has beside those of [`COLUMNS`].
const FICO: [&str; 6] = [
    "fico_range_low",
    "fico_range_high",
    "last_fico_range_high",
    "last_fico_range_low",
    "sec_app_fico_range_low",
    "sec_app_fico_range_high",
];

/// How the wide file spells a column.
#[derive(Clone, Copy, PartialEq)]
enum Spelling {
    /// As the simulated book does.
    Same,
    /// Whole numbers with `.0`, as pandas writes columns that have gaps.
    Number,
    /// Without the per cent sign.
    Percent,
    /// A bureau column that the simulated book leaves empty, up to so much.
    Bureau(u32),
}

fn spelling(name: &str) -> Spelling {
    match name {
        "int_rate" | "revol_util" => Spelling::Percent,
        "open_acc" => Spelling::Number,
        "tot_coll_amt" => Spelling::Bureau(900),
        "tot_cur_bal" | "tot_hi_cred_lim" | "total_bal_ex_mort" => Spelling::Bureau(400_000),
        "total_rev_hi_lim" | "total_bc_limit" | "total_il_high_credit_limit" | "total_bal_il" => {
            Spelling::Bureau(90_000)
        }
        "avg_cur_bal" | "bc_open_to_buy" | "max_bal_bc" => Spelling::Bureau(30_000),
        "mo_sin_old_il_acct" | "mo_sin_old_rev_tl_op" => Spelling::Bureau(400),
        "bc_util" | "il_util" | "all_util" | "pct_tl_nvr_dlq" | "percent_bc_gt_75" => {
            Spelling::Bureau(100)
        }
        _ if name.starts_with("num_")
            || name.starts_with("open_")
            || name.starts_with("mo_sin_rcnt")
            || name.starts_with("mths_since_r")
            || matches!(name, "mort_acc" | "inq_fi" | "total_cu_tl" | "inq_last_12m")
            || name == "acc_open_past_24mths" =>
        {
            Spelling::Bureau(24)
        }
        _ if name.ends_with("_d") || name.ends_with("_line") => Spelling::Same,
        "term" | "grade" | "sub_grade" | "emp_length" | "home_ownership" | "id" | "zip_code"
        | "desc" | "purpose" | "loan_status" => Spelling::Same,
        _ => Spelling::Number,
    }
}

/// Writes `n_loans` simulated loans as the wide file has them: header first, 151 columns, cells quoted
/// only where they must be, numbers as `5000.0`, rates as `10.65`, no notes, sections or footers. The
/// bureau columns that the simulated book leaves empty hold random numbers, one in 16 missing, so that
/// rows are about as long as real ones. **No number in it is a borrower's.**
///
/// # Errors
/// Where `out` fails.
pub fn write_wide_loans(n_loans: u64, seed: u64, out: impl Write) -> io::Result<()> {
    let (from, to) = io::pipe()?;
    let book = SimulatedBook { n_loans, seed };
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || book.write_to(to).map_err(io::Error::other));
        let written = convert(from, seed, out);
        match writer.join() {
            Ok(simulated) => written.and(simulated.map(|_| ())),
            Err(_) => Err(io::Error::other("the simulation panicked")),
        }
    })
}

fn convert(book: impl Read, seed: u64, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let mut book = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 20)
        .from_reader(book);
    let spellings: Vec<_> = COLUMNS.iter().copied().map(spelling).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut record, mut line) = (csv::ByteRecord::new(), Vec::new());
    while book.read_byte_record(&mut record)? {
        // The notes, the section line and the footers.
        if record.len() != COLUMNS.len() {
            continue;
        }
        line.clear();
        if &record[0] == b"id" {
            line.extend_from_slice(COLUMNS.join(",").as_bytes());
            line.push(b',');
            line.extend_from_slice(FICO.join(",").as_bytes());
        } else {
            for (cell, spelling) in record.iter().zip(&spellings) {
                push(&mut line, cell, *spelling, &mut rng);
                line.push(b',');
            }
            let (score, last) = (
                rng.random_range(132..170) * 5,
                rng.random_range(100..170) * 5,
            );
            write!(line, "{score}.0,{}.0,{}.0,{last}.0,,", score + 4, last + 4)?;
        }
        line.push(b'\n');
        out.write_all(&line)?;
    }
    out.flush()
}

fn push(line: &mut Vec<u8>, cell: &[u8], spelling: Spelling, rng: &mut ChaCha8Rng) {
    match spelling {
        Spelling::Bureau(limit) if cell.is_empty() => {
            if rng.random_range(0..16) > 0 {
                // Writing to memory does not fail.
                let _ = write!(line, "{}.0", rng.random_range(0..=limit));
            }
        }
        Spelling::Percent => line.extend(cell.iter().filter(|b| **b != b'%')),
        Spelling::Number if !cell.is_empty() && cell.iter().all(u8::is_ascii_digit) => {
            line.extend_from_slice(cell);
            line.extend_from_slice(b".0");
        }
        _ if cell.iter().any(|b| matches!(b, b',' | b'"' | b'\n')) => {
            line.push(b'"');
            for &b in cell {
                line.push(b);
                if b == b'"' {
                    line.push(b);
                }
            }
            line.push(b'"');
        }
        _ => line.extend_from_slice(cell),
    }
}
