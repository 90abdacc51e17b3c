//! A loan as a line of the public file.

use std::fmt::{Display, Write};

use super::borrower::{EMPLOYMENT, PURPOSES, STATES};
use super::{COLUMNS, SNAPSHOT, SimulatedLoan};
use crate::lending_club::{Month, Status};

/// The header line, every name quoted.
pub(super) fn header(out: &mut String) {
    for (i, name) in COLUMNS.iter().enumerate() {
        out.push_str(if i == 0 { "\"" } else { ",\"" });
        out.push_str(name);
        out.push('"');
    }
    out.push('\n');
}

/// A line under construction: cells are given in the order of the columns, the others stay empty.
struct Line<'a> {
    out: &'a mut String,
    column: usize,
}

impl Line<'_> {
    /// The cell of column `name`, which must not stand before those already given.
    fn cell(&mut self, name: &str, value: impl Display) {
        while let Some(column) = COLUMNS.get(self.column) {
            self.out
                .push_str(if self.column == 0 { "\"" } else { ",\"" });
            self.column += 1;
            if *column == name {
                // Writing to a String does not fail.
                let _ = write!(self.out, "{value}");
                self.out.push('"');
                return;
            }
            self.out.push('"');
        }
        debug_assert!(false, "column {name} is given out of order");
    }

    fn optional(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.cell(name, value);
        }
    }

    fn end(self) {
        for column in self.column..COLUMNS.len() {
            self.out
                .push_str(if column == 0 { "\"\"" } else { ",\"\"" });
        }
        self.out.push('\n');
    }
}

/// Cents as dollars.
struct Dollars(u64);

impl Display for Dollars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 % 100 {
            0 => write!(f, "{}", self.0 / 100),
            cents => write!(f, "{}.{cents:02}", self.0 / 100),
        }
    }
}

/// A month as `Dec-2010`.
struct Written(Month);

impl Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let name = NAMES[(self.0.month() as usize - 1) % 12];
        write!(f, "{name}-{}", self.0.year())
    }
}

/// The line of a loan.
pub(super) fn loan(out: &mut String, loan: &SimulatedLoan) {
    let SimulatedLoan {
        number,
        off_policy,
        issued,
        borrower: b,
        terms: t,
        outcome: o,
    } = loan;
    let investors = |cents: u64| Dollars((cents as f64 * t.investors).round() as u64);
    let grade = char::from(b'A' + (t.sub_grade / 5) as u8);
    let mut line = Line { out, column: 0 };
    line.cell("id", number + 1);
    line.cell("loan_amnt", t.loan_amnt);
    line.cell("funded_amnt", Dollars(t.funded_cents));
    line.cell("funded_amnt_inv", investors(t.funded_cents));
    line.cell("term", format_args!(" {} months", t.months));
    line.cell(
        "int_rate",
        format_args!("{}.{:02}%", t.rate_bp / 100, t.rate_bp % 100),
    );
    line.cell("installment", Dollars(t.installment_cents));
    line.cell("grade", grade);
    line.cell("sub_grade", format_args!("{grade}{}", t.sub_grade % 5 + 1));
    line.cell("emp_length", EMPLOYMENT[b.employment].0);
    line.cell("home_ownership", b.home);
    line.optional(
        "annual_inc",
        (b.annual_inc > 0).then_some(format_args!("{}.0", b.annual_inc)),
    );
    line.cell("verification_status", b.verification);
    line.cell("issue_d", Written(*issued));
    let policy = if *off_policy {
        "Does not meet the credit policy. Status:"
    } else {
        ""
    };
    line.cell("loan_status", format_args!("{policy}{}", o.status));
    line.cell("pymnt_plan", "n");
    line.optional(
        "desc",
        b.desc.then_some(
            "  Simulated note > consolidation, \"\"two lines\"\"<br>\n second line; total $ 1,234",
        ),
    );
    line.cell("purpose", PURPOSES[b.purpose].0);
    let (state, _, digit) = STATES[b.state];
    line.cell("zip_code", format_args!("{digit}{:02}xx", b.zip));
    line.cell("addr_state", state);
    line.cell("dti", Dollars(b.dti.into()));
    if b.bureau {
        line.cell("delinq_2yrs", b.delinq_2yrs);
        line.cell(
            "earliest_cr_line",
            Written(issued.plus_months(-(b.history_months as i32))),
        );
        line.cell("inq_last_6mths", b.inq_last_6mths);
        line.optional("mths_since_last_delinq", b.mths_since_last_delinq);
        line.optional("mths_since_last_record", b.mths_since_last_record);
        line.cell("open_acc", b.open_acc);
        line.cell("pub_rec", b.pub_rec);
    }
    line.cell("revol_bal", b.revol_bal);
    line.optional("revol_util", b.revol_util.map(Percent));
    if b.bureau {
        line.cell("total_acc", b.total_acc);
    }
    line.cell("initial_list_status", "f");
    let open = !matches!(o.status, Status::FullyPaid | Status::ChargedOff);
    let outstanding = if open { o.outstanding_cents } else { 0 };
    line.cell("out_prncp", Dollars(outstanding));
    line.cell("out_prncp_inv", investors(outstanding));
    line.cell("total_pymnt", Dollars(o.total_cents()));
    line.cell("total_pymnt_inv", investors(o.total_cents()));
    line.cell("total_rec_prncp", Dollars(o.principal_cents));
    line.cell("total_rec_int", Dollars(o.interest_cents));
    line.cell("total_rec_late_fee", Dollars(o.late_fee_cents));
    line.cell("recoveries", Dollars(o.recovery_cents));
    line.cell("collection_recovery_fee", Dollars(o.collection_fee_cents));
    line.optional("last_pymnt_d", o.last_payment.map(Written));
    line.cell("last_pymnt_amnt", Dollars(o.last_payment_cents));
    line.optional(
        "next_pymnt_d",
        open.then_some(Written(SNAPSHOT.plus_months(1))),
    );
    line.cell("last_credit_pull_d", Written(o.last_credit_pull));
    line.optional("collections_12_mths_ex_med", b.tax_liens.map(|_| 0));
    line.cell("policy_code", 1);
    line.cell("application_type", "Individual");
    line.optional("acc_now_delinq", b.bureau.then_some(0));
    line.optional("chargeoff_within_12_mths", b.tax_liens.map(|_| 0));
    line.optional("delinq_amnt", b.bureau.then_some(0));
    line.optional("pub_rec_bankruptcies", b.pub_rec_bankruptcies);
    line.optional("tax_liens", b.tax_liens);
    line.cell("hardship_flag", "N");
    line.cell("disbursement_method", "Cash");
    line.cell("debt_settlement_flag", "N");
    line.end();
}

/// Tenths of a per cent point as `56.4%`.
struct Percent(u32);

impl Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}%", self.0 / 10),
            tenth => write!(f, "{}.{tenth}%", self.0 / 10),
        }
    }
}
