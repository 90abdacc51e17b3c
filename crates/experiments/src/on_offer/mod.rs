//! Loans on offer: from a model of finished loans to a list of what to buy, before anything is known of how they end.
//!
//! A [`LoanModel`] is a fitted estimator with probabilities, and beside it what forecasts returns, what says how training
//! loans with such a forecast ended, and how every feature was spread. It is made by [`LoanModel::fit`], kept in the model
//! file of the estimator, and read again by [`LoanModel::load`].
//!
//! The return to expect of a loan is (1 − p) · r_paid + p · r_charged-off: p is the calibrated probability that it is
//! charged off, r_paid a linear regression on the repaid training loans, r_charged-off the mean of those charged off.

mod alike;
mod buy;
mod error;
mod explain;
mod fit;
mod model;
mod rule;
mod score;

pub use alike::LoansAlike;
pub use buy::{Bought, BuyOptions, GroupBy, Purchase};
pub use error::OnOfferError;
pub use explain::{Explanation, N_REASONS};
pub use fit::LoanModelOptions;
pub use model::{LoanModel, TrainedOn};
pub use rule::OfferRank;
pub use score::{Offer, ScoredOffer, Shift};
