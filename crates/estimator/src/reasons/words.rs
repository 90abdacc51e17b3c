//! Reasons as text.

use fuzzysvm_datasets::FeatureValue;

use super::{FeatureGroups, Reason, ReferenceRow};
use crate::Preprocessing;

impl Preprocessing {
    /// What an encoded row says of a feature, by its place among the [`FeatureGroups`], in the units of the file; `None`
    /// where there is no such feature, or the row is too short.
    pub fn value_of(&self, feature: usize, encoded: &[f64]) -> Option<FeatureValue> {
        match self {
            Preprocessing::Table {
                schema,
                imputer,
                scaler,
            } => schema.value_of(feature, encoded, imputer.as_ref(), scaler),
            Preprocessing::LendingClub(encoding) => encoding.value_of(feature, encoded),
        }
    }

    /// A reason of an encoded row for people, as in `dti 31.2 (typical 14.8): towards default`: the feature with its value
    /// in the row and in the reference, and the class that it moves the score towards. `None` where the reason is none of
    /// these features.
    pub fn reason_in_words(
        &self,
        reason: &Reason,
        row: &[f64],
        reference: &ReferenceRow,
    ) -> Option<String> {
        let groups = FeatureGroups::of(self);
        let name = groups.name(reason.feature)?;
        let value = self.value_of(reason.feature, row)?;
        let typical = self.value_of(reason.feature, reference.row())?;
        let [negative, positive] = match self {
            Preprocessing::Table { .. } => self.class_names(),
            Preprocessing::LendingClub(_) => ["paid", "default"].map(str::to_owned),
        };
        let towards = match reason.contribution > 0.0 {
            true => positive,
            false => negative,
        };
        Some(format!(
            "{name} {value} (typical {typical}): towards {towards}"
        ))
    }
}
