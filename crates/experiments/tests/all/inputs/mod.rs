//! From options to data, and from results to what is written of them.

mod loans;
mod options;
mod report;
mod sets;

/// The SHA-256 of a text in hexadecimal digits.
fn sha256(text: &str) -> String {
    let digest = <sha2::Sha256 as sha2::Digest>::digest(text);
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
