//! Return models, selection and allocation rules, and the portfolio report
