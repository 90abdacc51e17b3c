//! Lending Club, KEEL, LIBSVM and CSV readers, a simulated loan book, and encoders fitted on training rows

pub mod lending_club;
pub mod simulated;

pub mod table;
