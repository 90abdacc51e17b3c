//! Kernel functions and blocks of the Gram matrix
