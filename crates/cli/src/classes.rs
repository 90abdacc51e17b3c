//! Which class is positive, and how many samples each has: said by every command that fits or measures.

use fuzzysvm::core::quote::cut;
use fuzzysvm::core::{ClassCounts, Label};
use serde_json::{Value, json};

use crate::ui::grouped;

/// The classes of the samples.
pub struct Classes {
    names: [String; 2],
    counts: ClassCounts,
}

impl Classes {
    /// The classes of these labels; `names` are those of the negative and the positive one.
    pub fn of(names: [String; 2], y: &[Label]) -> Self {
        Self {
            names,
            counts: ClassCounts::of(y),
        }
    }

    /// Puts `positive_class`, `n_positive` and `n_negative` into an object.
    pub fn put_into(&self, object: &mut Value) {
        if let Some(object) = object.as_object_mut() {
            object.insert("positive_class".to_owned(), json!(self.names[1]));
            object.insert("n_positive".to_owned(), json!(self.counts.positive));
            object.insert("n_negative".to_owned(), json!(self.counts.negative));
        }
    }

    /// `12 yes (positive), 48 no`
    pub fn text(&self) -> String {
        let [negative, positive] = &self.names;
        format!(
            "{} {} (positive), {} {}",
            grouped(self.counts.positive as u64),
            cut(positive),
            grouped(self.counts.negative as u64),
            cut(negative)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_positive_class_is_named_first() {
        let names = ["no".to_owned(), "yes".to_owned()];
        let classes = Classes::of(names, &[Label::Positive, Label::Negative, Label::Negative]);
        assert_eq!(classes.text(), "1 yes (positive), 2 no");
        let mut object = json!({});
        classes.put_into(&mut object);
        assert_eq!(
            object,
            json!({ "positive_class": "yes", "n_positive": 1, "n_negative": 2 })
        );
    }
}
