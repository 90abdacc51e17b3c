//! Small loan files in the four dialects that circulate.

#![allow(dead_code)] // Every test file uses another part.

/// A month as year and month.
pub type YearMonth = (u32, u32);

/// How a file spells the same loans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Lending Club's own: a notes line, every cell quoted, `10.65%`, `Dec-2011`, footers.
    LoanStats,
    /// The teaching copy: header first, `10.65%`, `Dec-11`.
    CaseStudy,
    /// `accepted_2007_to_2018Q4.csv`: header first, `10.65`, numbers with `.0`, FICO scores.
    Kaggle,
    /// A parsed package: `0.1065`, `36`, `2011-12-01`, `NA`, and 0 for "never".
    Parsed,
}

pub const DIALECTS: [Dialect; 4] = [
    Dialect::LoanStats,
    Dialect::CaseStudy,
    Dialect::Kaggle,
    Dialect::Parsed,
];

/// A loan before it is spelled.
#[derive(Debug, Clone)]
pub struct TestLoan {
    pub id: u64,
    pub loan_amnt: f64,
    pub funded_amnt: f64,
    pub funded_amnt_inv: f64,
    pub term: u32,
    /// Per cent per year.
    pub int_rate: f64,
    pub installment: f64,
    pub sub_grade: &'static str,
    pub emp_title: String,
    pub emp_length: &'static str,
    pub home_ownership: &'static str,
    pub annual_inc: Option<f64>,
    pub verification_status: &'static str,
    pub issue: YearMonth,
    pub status: String,
    pub desc: String,
    pub purpose: &'static str,
    pub dti: Option<f64>,
    pub delinq_2yrs: u32,
    pub earliest: YearMonth,
    pub mths_since_last_delinq: Option<u32>,
    pub mths_since_recent_inq: Option<u32>,
    pub pub_rec: u32,
    /// Per cent.
    pub revol_util: Option<f64>,
    pub total_pymnt: f64,
    pub recoveries: f64,
    pub collection_recovery_fee: f64,
    pub last_pymnt: Option<YearMonth>,
    pub application_type: &'static str,
    pub annual_inc_joint: Option<f64>,
    pub dti_joint: Option<f64>,
    pub tot_cur_bal: Option<f64>,
    /// Cells written as they stand, whatever the dialect.
    pub raw: Vec<(&'static str, String)>,
}

impl Default for TestLoan {
    fn default() -> Self {
        Self {
            id: 1_077_501,
            loan_amnt: 5_000.0,
            funded_amnt: 5_000.0,
            funded_amnt_inv: 4_975.0,
            term: 36,
            int_rate: 10.65,
            installment: 162.87,
            sub_grade: "B2",
            emp_title: "Ryder".into(),
            emp_length: "10+ years",
            home_ownership: "RENT",
            annual_inc: Some(24_000.0),
            verification_status: "Verified",
            issue: (2011, 12),
            status: "Fully Paid".into(),
            desc: String::new(),
            purpose: "credit_card",
            dti: Some(27.65),
            delinq_2yrs: 0,
            earliest: (1985, 1),
            mths_since_last_delinq: None,
            mths_since_recent_inq: None,
            pub_rec: 0,
            revol_util: Some(83.7),
            total_pymnt: 5_863.16,
            recoveries: 0.0,
            collection_recovery_fee: 0.0,
            last_pymnt: Some((2015, 1)),
            application_type: "Individual",
            annual_inc_joint: None,
            dti_joint: None,
            tot_cur_bal: None,
            raw: Vec::new(),
        }
    }
}

impl TestLoan {
    /// The loan with one cell written as it stands.
    pub fn with(mut self, column: &'static str, cell: impl Into<String>) -> Self {
        self.raw.push((column, cell.into()));
        self
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Dialect {
    fn missing(self) -> String {
        if self == Dialect::Parsed {
            "NA".into()
        } else {
            String::new()
        }
    }

    fn date(self, date: Option<YearMonth>) -> String {
        let Some((year, month)) = date else {
            return self.missing();
        };
        let name = MONTHS[month as usize - 1];
        match self {
            Dialect::LoanStats | Dialect::Kaggle => format!("{name}-{year}"),
            Dialect::CaseStudy => format!("{name}-{:02}", year % 100),
            Dialect::Parsed => format!("{year}-{month:02}-01"),
        }
    }

    fn number(self, value: Option<f64>) -> String {
        match (self, value) {
            (_, None) => self.missing(),
            (Dialect::Kaggle, Some(v)) => format!("{v:?}"),
            (_, Some(v)) => v.to_string(),
        }
    }

    fn percent(self, value: Option<f64>) -> String {
        match (self, value) {
            (_, None) => self.missing(),
            (Dialect::LoanStats, Some(v)) => format!("  {v}%"),
            (Dialect::CaseStudy, Some(v)) => format!("{v}%"),
            (Dialect::Kaggle, Some(v)) => v.to_string(),
            (Dialect::Parsed, Some(v)) => format!("{}", v / 100.0),
        }
    }

    fn months_since(self, value: Option<u32>) -> String {
        match (self, value) {
            (Dialect::Parsed, v) => v.unwrap_or(0).to_string(),
            (_, v) => self.number(v.map(f64::from)),
        }
    }

    /// Names and cells of a loan.
    pub fn cells(self, loan: &TestLoan) -> Vec<(&'static str, String)> {
        let some = |v: f64| self.number(Some(v));
        let id = match self {
            // Empty in Lending Club's own files since 2017.
            Dialect::LoanStats | Dialect::Parsed => self.missing(),
            Dialect::CaseStudy | Dialect::Kaggle => loan.id.to_string(),
        };
        let term = match self {
            Dialect::Parsed => loan.term.to_string(),
            _ => format!(" {} months", loan.term),
        };
        let principal = loan.total_pymnt - loan.recoveries;
        let mut cells = vec![
            ("id", id),
            ("member_id", self.missing()),
            ("loan_amnt", some(loan.loan_amnt)),
            ("funded_amnt", some(loan.funded_amnt)),
            ("funded_amnt_inv", some(loan.funded_amnt_inv)),
            ("term", term),
            ("int_rate", self.percent(Some(loan.int_rate))),
            ("installment", some(loan.installment)),
            ("grade", loan.sub_grade[..1].to_owned()),
            ("sub_grade", loan.sub_grade.to_owned()),
            ("emp_title", loan.emp_title.clone()),
            ("emp_length", loan.emp_length.to_owned()),
            ("home_ownership", loan.home_ownership.to_owned()),
            ("annual_inc", self.number(loan.annual_inc)),
            ("verification_status", loan.verification_status.to_owned()),
            ("issue_d", self.date(Some(loan.issue))),
            ("loan_status", loan.status.clone()),
            ("desc", loan.desc.clone()),
            ("purpose", loan.purpose.to_owned()),
            ("dti", self.number(loan.dti)),
            ("delinq_2yrs", some(f64::from(loan.delinq_2yrs))),
            ("earliest_cr_line", self.date(Some(loan.earliest))),
            (
                "mths_since_last_delinq",
                self.months_since(loan.mths_since_last_delinq),
            ),
            ("pub_rec", some(f64::from(loan.pub_rec))),
            ("revol_util", self.percent(loan.revol_util)),
            ("out_prncp", some(0.0)),
            ("total_pymnt", some(loan.total_pymnt)),
            ("total_rec_prncp", some(principal)),
            ("total_rec_int", some(0.0)),
            ("total_rec_late_fee", some(0.0)),
            ("recoveries", some(loan.recoveries)),
            (
                "collection_recovery_fee",
                some(loan.collection_recovery_fee),
            ),
            ("last_pymnt_d", self.date(loan.last_pymnt)),
            (
                "last_pymnt_amnt",
                some(if loan.last_pymnt.is_some() {
                    171.62
                } else {
                    0.0
                }),
            ),
            ("policy_code", some(1.0)),
            ("application_type", loan.application_type.to_owned()),
            ("annual_inc_joint", self.number(loan.annual_inc_joint)),
            ("dti_joint", self.number(loan.dti_joint)),
            ("tot_cur_bal", self.number(loan.tot_cur_bal)),
            (
                "mths_since_recent_inq",
                self.months_since(loan.mths_since_recent_inq),
            ),
            ("mort_acc", self.missing()),
        ];
        if self == Dialect::Kaggle {
            cells.push(("fico_range_low", some(735.0)));
        }
        for (column, cell) in &loan.raw {
            match cells.iter_mut().find(|(name, _)| name == column) {
                Some((_, old)) => old.clone_from(cell),
                None => cells.push((column, cell.clone())),
            }
        }
        cells
    }

    fn quoted(self, cell: &str) -> String {
        let needed = cell.contains([',', '"', '\n', '\r']);
        if self == Dialect::LoanStats || needed {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }

    /// A row, or with `names` the header.
    pub fn line(self, cells: &[String]) -> String {
        let cells: Vec<String> = cells.iter().map(|c| self.quoted(c)).collect();
        cells.join(",") + "\n"
    }

    /// The header for loans like this one.
    pub fn header(self, loan: &TestLoan) -> String {
        let names: Vec<String> = self
            .cells(loan)
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect();
        self.line(&names)
    }

    /// The row of a loan.
    pub fn row(self, loan: &TestLoan) -> String {
        let cells: Vec<String> = self.cells(loan).into_iter().map(|(_, cell)| cell).collect();
        self.line(&cells)
    }

    /// A line with one filled cell, as footers and sections are in this dialect.
    pub fn note(self, text: &str) -> String {
        match self {
            // A bare line.
            Dialect::LoanStats => format!("{text}\n"),
            // As wide as a row.
            _ => {
                let n = self.cells(&TestLoan::default()).len();
                format!("{text}{}\n", ",".repeat(n - 1))
            }
        }
    }

    /// A whole file.
    pub fn file(self, loans: &[TestLoan]) -> String {
        let model = loans.first().cloned().unwrap_or_default();
        let mut text = String::new();
        if self == Dialect::LoanStats {
            text += NOTES;
        }
        text += &self.header(&model);
        for loan in loans {
            text += &self.row(loan);
        }
        if self == Dialect::LoanStats {
            text += "\n\nTotal amount funded in policy code 1: 460296150\n";
            text += "Total amount funded in policy code 2: 0\n";
        }
        text
    }
}

/// The first line of Lending Club's own files.
pub const NOTES: &str =
    "Notes offered by Prospectus (https://www.lendingclub.com/info/prospectus.action)\n";
