//! Which columns may be features, which are refused, and how each is encoded.
//!
//! The list follows Lending Club's own dictionary: its sheet *browseNotes* names the fields that an
//! investor saw before a loan was funded. What is missing there is known only afterwards.

use super::columns::{CATEGORIES, NUMBERS};
use super::error::LoanBookError;

/// The features used where none are named: what the borrower states, the bureau at application, the
/// price the platform sets, and of the bureau columns that later files add those with few gaps.
///
/// `credit_history_years` is (`issue_d` − `earliest_cr_line`) in years. Columns that are empty,
/// constant or mostly missing in the training rows are left out while fitting.
pub const DEFAULT_FEATURES: &[&str] = &[
    "loan_amnt",
    "term",
    "int_rate",
    "installment",
    "sub_grade",
    "emp_length",
    "home_ownership",
    "annual_inc",
    "verification_status",
    "purpose",
    "dti",
    "delinq_2yrs",
    "credit_history_years",
    "inq_last_6mths",
    "open_acc",
    "pub_rec",
    "revol_bal",
    "revol_util",
    "total_acc",
    "pub_rec_bankruptcies",
    "fico_range_low",
    "mort_acc",
    "tot_cur_bal",
    "tot_hi_cred_lim",
    "total_rev_hi_lim",
    "total_bc_limit",
    "acc_open_past_24mths",
    "avg_cur_bal",
    "bc_open_to_buy",
    "bc_util",
    "mo_sin_old_rev_tl_op",
    "mo_sin_rcnt_tl",
    "num_actv_rev_tl",
    "num_tl_op_past_12m",
    "pct_tl_nvr_dlq",
    "percent_bc_gt_75",
];

/// Every column that may be a feature: known when the loan was listed.
pub const FEATURES: &[&str] = &[
    "loan_amnt",
    "term",
    "int_rate",
    "installment",
    "sub_grade",
    "emp_length",
    "home_ownership",
    "annual_inc",
    "verification_status",
    "purpose",
    "dti",
    "application_type",
    "initial_list_status",
    "disbursement_method",
    "delinq_2yrs",
    "credit_history_years",
    "fico_range_low",
    "fico_range_high",
    "inq_last_6mths",
    "mths_since_last_delinq",
    "mths_since_last_record",
    "open_acc",
    "pub_rec",
    "revol_bal",
    "revol_util",
    "total_acc",
    "collections_12_mths_ex_med",
    "acc_now_delinq",
    "chargeoff_within_12_mths",
    "delinq_amnt",
    "pub_rec_bankruptcies",
    "tax_liens",
    "mths_since_last_major_derog",
    "tot_coll_amt",
    "tot_cur_bal",
    "total_rev_hi_lim",
    "acc_open_past_24mths",
    "avg_cur_bal",
    "bc_open_to_buy",
    "bc_util",
    "mo_sin_old_il_acct",
    "mo_sin_old_rev_tl_op",
    "mo_sin_rcnt_rev_tl_op",
    "mo_sin_rcnt_tl",
    "mort_acc",
    "mths_since_recent_bc",
    "mths_since_recent_inq",
    "mths_since_recent_revol_delinq",
    "num_accts_ever_120_pd",
    "num_actv_bc_tl",
    "num_actv_rev_tl",
    "num_bc_sats",
    "num_bc_tl",
    "num_il_tl",
    "num_op_rev_tl",
    "num_rev_accts",
    "num_rev_tl_bal_gt_0",
    "num_sats",
    "num_tl_120dpd_2m",
    "num_tl_30dpd",
    "num_tl_90g_dpd_24m",
    "num_tl_op_past_12m",
    "pct_tl_nvr_dlq",
    "percent_bc_gt_75",
    "tot_hi_cred_lim",
    "total_bal_ex_mort",
    "total_bc_limit",
    "total_il_high_credit_limit",
    "open_acc_6m",
    "open_act_il",
    "open_il_12m",
    "open_il_24m",
    "mths_since_rcnt_il",
    "total_bal_il",
    "il_util",
    "open_rv_12m",
    "open_rv_24m",
    "max_bal_bc",
    "all_util",
    "inq_fi",
    "total_cu_tl",
    "inq_last_12m",
    "revol_bal_joint",
    "sec_app_fico_range_low",
    "sec_app_fico_range_high",
    "sec_app_inq_last_6mths",
    "sec_app_mort_acc",
    "sec_app_open_acc",
    "sec_app_revol_util",
    "sec_app_open_act_il",
    "sec_app_num_rev_accts",
    "sec_app_chargeoff_within_12_mths",
    "sec_app_collections_12_mths_ex_med",
    "sec_app_mths_since_last_major_derog",
];

/// Columns refused as features because they are not known when a loan is listed: 39 that describe
/// how the loan went, and four that the listing does not show.
pub const LEAK_COLUMNS: &[&str] = &[
    "loan_status",
    "pymnt_plan",
    "out_prncp",
    "out_prncp_inv",
    "total_pymnt",
    "total_pymnt_inv",
    "total_rec_prncp",
    "total_rec_int",
    "total_rec_late_fee",
    "recoveries",
    "collection_recovery_fee",
    "last_pymnt_d",
    "last_pymnt_amnt",
    "next_pymnt_d",
    "last_credit_pull_d",
    "last_fico_range_low",
    "last_fico_range_high",
    "hardship_flag",
    "hardship_type",
    "hardship_reason",
    "hardship_status",
    "deferral_term",
    "hardship_amount",
    "hardship_start_date",
    "hardship_end_date",
    "payment_plan_start_date",
    "hardship_length",
    "hardship_dpd",
    "hardship_loan_status",
    "orig_projected_additional_accrued_interest",
    "hardship_payoff_balance_amount",
    "hardship_last_payment_amount",
    "debt_settlement_flag",
    "debt_settlement_flag_date",
    "settlement_status",
    "settlement_date",
    "settlement_amount",
    "settlement_percentage",
    "settlement_term",
    // Not part of the outcome, but not shown in the listing either.
    "funded_amnt_inv",
    "issue_d",
    "policy_code",
    "mths_since_recent_bc_dlq",
];

/// Columns known at application that are not used as features, with the reason.
const REFUSED: [(&str, &str); 16] = [
    ("id", "it names the loan and grows with time"),
    ("member_id", "it names the borrower and grows with time"),
    ("url", "it names the loan"),
    ("title", "free text"),
    ("desc", "free text"),
    ("emp_title", "free text"),
    ("zip_code", "a place stands in for protected groups"),
    ("addr_state", "a place stands in for protected groups"),
    (
        "funded_amnt",
        "it is the amount committed so far: use loan_amnt",
    ),
    ("grade", "sub_grade holds it"),
    (
        "earliest_cr_line",
        "a date is no number: use credit_history_years",
    ),
    ("sec_app_earliest_cr_line", "a date is no number"),
    ("annual_inc_joint", "annual_inc holds it for joint loans"),
    ("dti_joint", "dti holds it for joint loans"),
    (
        "verification_status_joint",
        "verification_status holds the status of the loan",
    ),
    ("roi", "it is the outcome's return"),
];

/// How one feature becomes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A number as it is.
    Number(usize),
    /// A number x >= 0 as ln(1 + x): amounts that spread over orders of magnitude.
    Log(usize),
    /// Months since an event; empty means that it never happened.
    MonthsSince(usize),
    /// 36 or 60.
    Term,
    /// A1 = 1 to G5 = 35.
    SubGrade,
    /// Below one year = 0, to 10 and more = 10.
    EmpLength,
    /// From the earliest credit line to the issue, in years.
    CreditHistory,
    /// One column per category.
    Category(usize),
}

/// Looks a feature up by name; spaces around it and upper case do not matter.
///
/// # Errors
/// [`LoanBookError::LeakColumn`], [`LoanBookError::RefusedFeature`] or [`LoanBookError::UnknownFeature`].
pub(crate) fn source(name: &str) -> Result<(&'static str, Source), LoanBookError> {
    let wanted = name.trim().to_ascii_lowercase();
    if LEAK_COLUMNS.contains(&wanted.as_str()) {
        return Err(LoanBookError::LeakColumn { name: wanted });
    }
    if let Some((_, why)) = REFUSED.iter().find(|(n, _)| *n == wanted) {
        return Err(LoanBookError::RefusedFeature { name: wanted, why });
    }
    FEATURES
        .iter()
        .find(|n| **n == wanted)
        .and_then(|n| source_of(n).map(|s| (*n, s)))
        .ok_or(LoanBookError::UnknownFeature { name: wanted })
}

/// The column that a feature is made of.
pub(crate) fn column_of(feature: &str) -> &str {
    match feature {
        "credit_history_years" => "earliest_cr_line",
        column => column,
    }
}

fn source_of(name: &'static str) -> Option<Source> {
    match name {
        "term" => return Some(Source::Term),
        "sub_grade" => return Some(Source::SubGrade),
        "emp_length" => return Some(Source::EmpLength),
        "credit_history_years" => return Some(Source::CreditHistory),
        _ => {}
    }
    if let Some(i) = CATEGORIES.iter().position(|c| c.name == name) {
        return Some(Source::Category(i));
    }
    let i = NUMBERS.iter().position(|c| c.name == name)?;
    let amount = matches!(
        name,
        "annual_inc"
            | "revol_bal"
            | "revol_bal_joint"
            | "delinq_amnt"
            | "tot_coll_amt"
            | "tot_cur_bal"
            | "total_rev_hi_lim"
            | "avg_cur_bal"
            | "bc_open_to_buy"
            | "tot_hi_cred_lim"
            | "total_bal_ex_mort"
            | "total_bc_limit"
            | "total_il_high_credit_limit"
            | "total_bal_il"
            | "max_bal_bc"
    );
    Some(if name.contains("mths_since_") {
        Source::MonthsSince(i)
    } else if amount {
        Source::Log(i)
    } else {
        Source::Number(i)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_a_source_and_no_feature_leaks() {
        for name in FEATURES {
            assert_eq!(source(name).unwrap().0, *name);
            assert!(!LEAK_COLUMNS.contains(name), "{name}");
            assert!(REFUSED.iter().all(|(n, _)| n != name), "{name}");
        }
        for name in DEFAULT_FEATURES {
            assert!(FEATURES.contains(name), "{name}");
        }
    }

    #[test]
    fn leaks_are_refused_by_name_in_any_spelling() {
        for &name in LEAK_COLUMNS {
            for spelling in [name.to_owned(), format!(" {} ", name.to_uppercase())] {
                assert!(
                    matches!(source(&spelling), Err(LoanBookError::LeakColumn { name: n }) if n == name),
                    "{spelling}"
                );
            }
        }
        assert!(matches!(
            source("desc"),
            Err(LoanBookError::RefusedFeature { name, .. }) if name == "desc"
        ));
        assert!(matches!(
            source("shoe_size"),
            Err(LoanBookError::UnknownFeature { name }) if name == "shoe_size"
        ));
    }

    #[test]
    fn months_since_are_never_plain_numbers() {
        for name in FEATURES.iter().filter(|n| n.contains("mths_since_")) {
            assert!(
                matches!(source(name).unwrap().1, Source::MonthsSince(_)),
                "{name}"
            );
        }
        assert!(matches!(source("annual_inc").unwrap().1, Source::Log(_)));
        assert!(matches!(source("purpose").unwrap().1, Source::Category(_)));
    }
}
