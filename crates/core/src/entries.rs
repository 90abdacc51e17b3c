//! Entries of a matrix in either precision.

/// Where entries of a matrix are written, and thereby the precision in which they are computed.
#[derive(Debug)]
pub enum Entries<'a> {
    /// Single precision.
    F32(&'a mut [f32]),
    /// Double precision.
    F64(&'a mut [f64]),
}
