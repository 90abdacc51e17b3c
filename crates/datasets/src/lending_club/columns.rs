//! The columns that are kept, their other names, and the storage of one column.

/// A column of numbers.
pub(crate) struct NumberColumn {
    /// Its name in today's files.
    pub name: &'static str,
    /// Names in older files.
    pub aliases: &'static [&'static str],
}

const fn number(name: &'static str) -> NumberColumn {
    NumberColumn { name, aliases: &[] }
}

const fn renamed(name: &'static str, aliases: &'static [&'static str]) -> NumberColumn {
    NumberColumn { name, aliases }
}

// Indices into NUMBERS of the columns that the reader and the book use by name; a test checks them.
pub(crate) const LOAN_AMNT: usize = 0;
pub(crate) const FUNDED_AMNT: usize = 1;
pub(crate) const INT_RATE: usize = 2;
pub(crate) const INSTALLMENT: usize = 3;
pub(crate) const TOTAL_PYMNT: usize = 4;
pub(crate) const TOTAL_REC_PRNCP: usize = 5;
pub(crate) const TOTAL_REC_INT: usize = 6;
pub(crate) const TOTAL_REC_LATE_FEE: usize = 7;
pub(crate) const RECOVERIES: usize = 8;
pub(crate) const COLLECTION_RECOVERY_FEE: usize = 9;
pub(crate) const LAST_PYMNT_AMNT: usize = 10;
pub(crate) const ID: usize = 11;
pub(crate) const ANNUAL_INC: usize = 12;
pub(crate) const DTI: usize = 13;
pub(crate) const ANNUAL_INC_JOINT: usize = 14;
pub(crate) const DTI_JOINT: usize = 15;
pub(crate) const DELINQ_2YRS: usize = 16;
pub(crate) const MTHS_SINCE_LAST_DELINQ: usize = 17;
pub(crate) const PUB_REC: usize = 18;
pub(crate) const MTHS_SINCE_LAST_RECORD: usize = 19;
pub(crate) const REVOL_UTIL: usize = 20;

/// Always kept: the terms of the loan and its payments.
pub(crate) const ALWAYS: std::ops::RangeInclusive<usize> = LOAN_AMNT..=ID;

/// Every column of numbers that can be kept.
pub(crate) const NUMBERS: &[NumberColumn] = &[
    number("loan_amnt"),
    number("funded_amnt"),
    number("int_rate"),
    number("installment"),
    number("total_pymnt"),
    number("total_rec_prncp"),
    number("total_rec_int"),
    number("total_rec_late_fee"),
    number("recoveries"),
    number("collection_recovery_fee"),
    number("last_pymnt_amnt"),
    number("id"),
    number("annual_inc"),
    number("dti"),
    number("annual_inc_joint"),
    number("dti_joint"),
    number("delinq_2yrs"),
    number("mths_since_last_delinq"),
    number("pub_rec"),
    number("mths_since_last_record"),
    number("revol_util"),
    number("fico_range_low"),
    number("fico_range_high"),
    number("inq_last_6mths"),
    number("open_acc"),
    number("revol_bal"),
    number("total_acc"),
    number("collections_12_mths_ex_med"),
    number("acc_now_delinq"),
    number("chargeoff_within_12_mths"),
    number("delinq_amnt"),
    number("pub_rec_bankruptcies"),
    number("tax_liens"),
    number("mths_since_last_major_derog"),
    number("tot_coll_amt"),
    number("tot_cur_bal"),
    number("total_rev_hi_lim"),
    number("acc_open_past_24mths"),
    number("avg_cur_bal"),
    number("bc_open_to_buy"),
    number("bc_util"),
    number("mo_sin_old_il_acct"),
    number("mo_sin_old_rev_tl_op"),
    number("mo_sin_rcnt_rev_tl_op"),
    number("mo_sin_rcnt_tl"),
    number("mort_acc"),
    number("mths_since_recent_bc"),
    number("mths_since_recent_inq"),
    number("mths_since_recent_revol_delinq"),
    number("num_accts_ever_120_pd"),
    number("num_actv_bc_tl"),
    number("num_actv_rev_tl"),
    number("num_bc_sats"),
    number("num_bc_tl"),
    number("num_il_tl"),
    number("num_op_rev_tl"),
    number("num_rev_accts"),
    number("num_rev_tl_bal_gt_0"),
    number("num_sats"),
    number("num_tl_120dpd_2m"),
    number("num_tl_30dpd"),
    number("num_tl_90g_dpd_24m"),
    number("num_tl_op_past_12m"),
    number("pct_tl_nvr_dlq"),
    number("percent_bc_gt_75"),
    number("tot_hi_cred_lim"),
    number("total_bal_ex_mort"),
    number("total_bc_limit"),
    number("total_il_high_credit_limit"),
    number("open_acc_6m"),
    renamed("open_act_il", &["open_il_6m"]),
    number("open_il_12m"),
    number("open_il_24m"),
    number("mths_since_rcnt_il"),
    number("total_bal_il"),
    number("il_util"),
    number("open_rv_12m"),
    number("open_rv_24m"),
    number("max_bal_bc"),
    number("all_util"),
    number("inq_fi"),
    number("total_cu_tl"),
    number("inq_last_12m"),
    number("revol_bal_joint"),
    number("sec_app_fico_range_low"),
    number("sec_app_fico_range_high"),
    number("sec_app_inq_last_6mths"),
    number("sec_app_mort_acc"),
    number("sec_app_open_acc"),
    number("sec_app_revol_util"),
    renamed("sec_app_open_act_il", &["sec_app_open_il_6m"]),
    number("sec_app_num_rev_accts"),
    number("sec_app_chargeoff_within_12_mths"),
    number("sec_app_collections_12_mths_ex_med"),
    number("sec_app_mths_since_last_major_derog"),
];

/// A column of categories.
pub(crate) struct CategoryColumn {
    /// Its name in today's files.
    pub name: &'static str,
    /// Names in older files.
    pub aliases: &'static [&'static str],
    /// One spelling for all the spellings of a category.
    pub normalize: fn(String) -> String,
}

/// Place of `application_type` in [`CATEGORIES`].
pub(crate) const APPLICATION_TYPE: usize = 3;

/// The joint application as [`CATEGORIES`] spells it.
pub(crate) const JOINT: &str = "joint app";

/// Every column of categories that can be kept. Categories are in lower case.
pub(crate) const CATEGORIES: &[CategoryColumn] = &[
    CategoryColumn {
        name: "home_ownership",
        aliases: &[],
        normalize: |s| s,
    },
    CategoryColumn {
        name: "verification_status",
        aliases: &["is_inc_v"],
        normalize: |s| match s.as_str() {
            "verified - income" => "verified".to_owned(),
            "verified - income source" => "source verified".to_owned(),
            _ => s,
        },
    },
    CategoryColumn {
        name: "purpose",
        aliases: &[],
        normalize: |s| s.replace(' ', "_"),
    },
    CategoryColumn {
        name: "application_type",
        aliases: &[],
        normalize: |s| if s == "joint" { JOINT.to_owned() } else { s },
    },
    CategoryColumn {
        name: "initial_list_status",
        aliases: &[],
        normalize: |s| s,
    },
    CategoryColumn {
        name: "disbursement_method",
        aliases: &[],
        normalize: |s| s,
    },
    // No feature: kept only as a group of loans.
    CategoryColumn {
        name: "addr_state",
        aliases: &[],
        normalize: |s| s,
    },
];

/// Numbers of one column, one per loan. Empty cells are stored only if a filled one follows, so that the
/// many columns that a file leaves empty take no memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Numbers(Vec<f64>);

impl Numbers {
    /// What it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }

    /// The value of loan `row`, NaN where it is missing.
    pub fn get(&self, row: usize) -> f64 {
        self.0.get(row).copied().unwrap_or(f64::NAN)
    }

    /// Sets the value of `row`, which is not before the last row set.
    pub fn set(&mut self, row: usize, value: f64) {
        match self.0.get_mut(row) {
            Some(cell) => *cell = value,
            None if value.is_nan() => {}
            None => {
                self.0.resize(row, f64::NAN);
                self.0.push(value);
            }
        }
    }

    /// A column of the values of loans 0, 1, … as [`set`](Self::set) would have made it.
    pub fn of(values: &[f64]) -> Self {
        let filled = values.iter().rposition(|v| !v.is_nan());
        Self(values[..filled.map_or(0, |last| last + 1)].to_vec())
    }

    /// Appends a column whose first value is that of loan `row`, which is past every row set.
    pub fn extend(&mut self, row: usize, other: &Self) {
        if !other.0.is_empty() {
            self.0.resize(row, f64::NAN);
            self.0.extend_from_slice(&other.0);
        }
    }

    /// Applies `f` to every value from `row` on.
    pub fn map_from(&mut self, row: usize, f: impl Fn(f64) -> f64) {
        for value in self.0.iter_mut().skip(row) {
            *value = f(*value);
        }
    }

    /// Whether no cell was filled.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Frees unused capacity.
    pub fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}

/// Categories of one column: one code per loan, 0 where it is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Categories {
    codes: Vec<u16>,
    /// Normalised names; code `c` is `names[c - 1]`.
    names: Vec<String>,
    /// The spellings seen, so that each is normalised once.
    spellings: Vec<(Box<[u8]>, u16)>,
}

/// The most categories, and spellings of them, that a column may have.
pub(crate) const MAX_CATEGORIES: usize = 256;

impl Categories {
    /// What the codes take.
    pub fn bytes(&self) -> usize {
        size_of_val(self.codes.as_slice())
    }

    /// The code of loan `row`, 0 where it is missing.
    pub fn get(&self, row: usize) -> u16 {
        self.codes.get(row).copied().unwrap_or(0)
    }

    /// The category of loan `row`.
    pub fn name(&self, row: usize) -> Option<&str> {
        self.name_of(self.get(row))
    }

    /// The categories: code `c` stands for `names()[c - 1]`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The category that a code stands for.
    pub fn name_of(&self, code: u16) -> Option<&str> {
        let place = usize::from(code).checked_sub(1)?;
        self.names.get(place).map(String::as_str)
    }

    /// The code of a category, where a loan has it.
    pub fn code_of(&self, name: &str) -> Option<u16> {
        let place = self.names.iter().position(|n| n == name)?;
        u16::try_from(place + 1).ok()
    }

    /// Sets the category of `row` from a trimmed cell; false where there are too many.
    pub fn set(&mut self, row: usize, cell: &[u8], normalize: fn(String) -> String) -> bool {
        if cell.is_empty() {
            return true;
        }
        let Some(code) = self.code(cell, normalize) else {
            return false;
        };
        if code > 0 {
            self.codes.resize(row, 0);
            self.codes.push(code);
        }
        true
    }

    /// The code of a spelling, 0 where it says that there is none; `None` where there are too many.
    fn code(&mut self, cell: &[u8], normalize: fn(String) -> String) -> Option<u16> {
        if let Some((_, code)) = self.spellings.iter().find(|(s, _)| **s == *cell) {
            return Some(*code);
        }
        if self.spellings.len() >= MAX_CATEGORIES {
            return None;
        }
        let name = text(cell).to_lowercase();
        let code = if super::cell::is_missing(cell) && name != "none" {
            0
        } else {
            let name = normalize(name);
            match self.code_of(&name) {
                Some(code) => code,
                None => {
                    self.names.push(name);
                    // At most MAX_CATEGORIES names: it fits.
                    self.names.len() as u16
                }
            }
        };
        self.spellings.push((cell.into(), code));
        Some(code)
    }

    /// Adds the spellings of a column that was parsed separately and returns the code here for each of its codes;
    /// `None` where there are too many.
    pub fn adopt(&mut self, other: &Self, normalize: fn(String) -> String) -> Option<Vec<u16>> {
        for (spelling, _) in &other.spellings {
            self.code(spelling, normalize)?;
        }
        let of_names = other
            .names
            .iter()
            .map(|name| self.code_of(name).unwrap_or(0));
        Some(std::iter::once(0).chain(of_names).collect())
    }

    /// Appends such a column, whose first loan is `row`, with its codes replaced according to `map`.
    pub fn extend(&mut self, row: usize, other: &Self, map: &[u16]) {
        if !other.codes.is_empty() {
            self.codes.resize(row, 0);
            let codes = other.codes.iter().map(|code| usize::from(*code));
            self.codes
                .extend(codes.map(|code| map.get(code).copied().unwrap_or(0)));
        }
    }
}

/// Texts of one column, one per loan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// What it takes.
    pub fn bytes(&self) -> usize {
        self.text.len() + size_of_val(self.ends.as_slice())
    }

    /// The text of loan `row`, empty where it is missing.
    pub fn get(&self, row: usize) -> &str {
        let start = match row.checked_sub(1) {
            None => Some(0),
            Some(before) => self.ends.get(before).copied(),
        };
        let end = self.ends.get(row).copied();
        match (start, end) {
            (Some(start), Some(end)) => self.text.get(start..end).unwrap_or_default(),
            _ => "",
        }
    }

    /// Sets the text of `row`, which is past every row set.
    pub fn set(&mut self, row: usize, cell: &[u8]) {
        self.ends.resize(row, self.text.len());
        self.text += &text(cell);
        self.ends.push(self.text.len());
    }

    /// Appends a column whose first text is that of loan `row`, which is past every row set.
    pub fn extend(&mut self, row: usize, other: &Self) {
        if !other.ends.is_empty() {
            self.ends.resize(row, self.text.len());
            let before = self.text.len();
            self.text += &other.text;
            self.ends.extend(other.ends.iter().map(|end| end + before));
        }
    }
}

/// Text of a cell: UTF-8, else every byte as Latin-1, so that no spelling is lost or merged.
pub(crate) fn text(cell: &[u8]) -> String {
    match std::str::from_utf8(cell) {
        Ok(s) => s.to_owned(),
        Err(_) => cell.iter().map(|&b| char::from(b)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_places_hold_the_columns_they_name() {
        for (place, name) in [
            (LOAN_AMNT, "loan_amnt"),
            (FUNDED_AMNT, "funded_amnt"),
            (INT_RATE, "int_rate"),
            (INSTALLMENT, "installment"),
            (TOTAL_PYMNT, "total_pymnt"),
            (TOTAL_REC_PRNCP, "total_rec_prncp"),
            (TOTAL_REC_INT, "total_rec_int"),
            (TOTAL_REC_LATE_FEE, "total_rec_late_fee"),
            (RECOVERIES, "recoveries"),
            (COLLECTION_RECOVERY_FEE, "collection_recovery_fee"),
            (LAST_PYMNT_AMNT, "last_pymnt_amnt"),
            (ID, "id"),
            (ANNUAL_INC, "annual_inc"),
            (DTI, "dti"),
            (ANNUAL_INC_JOINT, "annual_inc_joint"),
            (DTI_JOINT, "dti_joint"),
            (DELINQ_2YRS, "delinq_2yrs"),
            (MTHS_SINCE_LAST_DELINQ, "mths_since_last_delinq"),
            (PUB_REC, "pub_rec"),
            (MTHS_SINCE_LAST_RECORD, "mths_since_last_record"),
            (REVOL_UTIL, "revol_util"),
        ] {
            assert_eq!(NUMBERS[place].name, name);
        }
        assert_eq!(CATEGORIES[APPLICATION_TYPE].name, "application_type");
    }

    #[test]
    fn an_empty_column_takes_no_memory_and_gaps_stay_gaps() {
        let mut column = Numbers::default();
        column.set(1_000, f64::NAN);
        assert_eq!(column.0.capacity(), 0);
        column.set(2, 7.0);
        column.set(3, f64::NAN);
        column.set(4, 9.0);
        assert!(column.get(0).is_nan() && column.get(3).is_nan() && column.get(99).is_nan());
        assert_eq!((column.get(2), column.get(4)), (7.0, 9.0));
        column.map_from(3, |v| v * 2.0);
        assert_eq!((column.get(2), column.get(4)), (7.0, 18.0));
    }

    #[test]
    fn texts_are_those_that_were_set() {
        let (mut all, mut part) = (Texts::default(), Texts::default());
        all.set(1, b"a");
        part.set(0, b"");
        part.set(1, b"bc");
        all.extend(3, &part);
        all.extend(5, &Texts::default());
        let texts: Vec<&str> = (0..6).map(|row| all.get(row)).collect();
        assert_eq!(texts, ["", "a", "", "", "bc", ""]);
    }

    #[test]
    fn spellings_share_a_category() {
        let mut column = Categories::default();
        let column_of = &CATEGORIES[1];
        for (row, cell) in ["Verified", "", "VERIFIED - income", "n/a", "not verified"]
            .iter()
            .enumerate()
        {
            assert!(column.set(row, cell.as_bytes(), column_of.normalize));
        }
        let names: Vec<_> = (0..5).map(|i| column.name(i)).collect();
        assert_eq!(
            names,
            [
                Some("verified"),
                None,
                Some("verified"),
                None,
                Some("not verified")
            ]
        );
        assert_eq!(text(b"caf\xe9"), "caf\u{e9}");
    }
}
