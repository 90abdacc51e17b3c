//! Statuses of a loan, and the class each stands for.

use std::fmt;

use fuzzysvm_core::Label;

/// Status of a loan at the time the file was written.
///
/// A late loan goes from grace period over late (16 to 30, then 31 to 120 days) and default (121 days
/// and more) to charged off (at the latest 150 days). Paid, default and charged off are final here;
/// every other status leaves the outcome open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Status {
    /// Repaid in full.
    FullyPaid,
    /// Given up, after at most 150 days without payment or a bankruptcy.
    ChargedOff,
    /// 121 days late and more.
    Default,
    /// Paying.
    Current,
    /// Up to 15 days late.
    InGracePeriod,
    /// 16 to 30 days late.
    Late16To30,
    /// 31 to 120 days late.
    Late31To120,
    /// Granted, no instalment due yet.
    Issued,
    /// The file has no column of statuses (loans on offer).
    Unknown,
}

impl Status {
    const WRITTEN: [(&'static str, Status); 8] = [
        ("Fully Paid", Status::FullyPaid),
        ("Charged Off", Status::ChargedOff),
        ("Default", Status::Default),
        ("Current", Status::Current),
        ("In Grace Period", Status::InGracePeriod),
        ("Late (16-30 days)", Status::Late16To30),
        ("Late (31-120 days)", Status::Late31To120),
        ("Issued", Status::Issued),
    ];

    /// The class: paid is negative, charged off and default are positive, open is `None`.
    pub const fn label(self) -> Option<Label> {
        match self {
            Status::FullyPaid => Some(Label::Negative),
            Status::ChargedOff | Status::Default => Some(Label::Positive),
            _ => None,
        }
    }

    /// From a trimmed cell without the credit-policy prefix.
    pub(crate) fn from_cell(cell: &[u8]) -> Option<Self> {
        Self::WRITTEN
            .iter()
            .find(|(text, _)| cell.eq_ignore_ascii_case(text.as_bytes()))
            .map(|(_, status)| *status)
    }
}

impl fmt::Display for Status {
    /// As in Lending Club's files.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            Self::WRITTEN
                .iter()
                .find(|(_, status)| status == self)
                .map_or("unknown", |(text, _)| text),
        )
    }
}
