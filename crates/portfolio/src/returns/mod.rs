//! What a loan returned.

mod cash_flow;
mod irr;
mod kind;
mod nar;
mod simple;

pub use cash_flow::{LoanCashFlow, RECOVERY_LAG_MONTHS, monthly_flows};
pub use irr::{irr, irr_of_flows};
pub use kind::ReturnKind;
pub use nar::{SERVICE_FEE, nar};
pub use simple::{AnnualisedOver, annualised, roi};
