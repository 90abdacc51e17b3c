//! Box-constrained quadratic programs with one equality constraint: SMO with a bound per variable, and a dense reference
