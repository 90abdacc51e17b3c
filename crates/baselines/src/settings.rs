//! Parameters of the baselines one by one, as text: what command lines and configuration files speak.

use crate::BaselineKind;
use serde_json::{Map, Value};

/// One parameter of a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The name of the field that holds it.
    pub name: String,
    /// Its value, as [`BaselineKind::with_setting`] reads it.
    pub value: String,
    /// What it may be, in plain words.
    pub rule: &'static str,
}

/// A parameter that cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// The baseline has no such parameter.
    #[error("{baseline} has no parameter {name:?}; there are {}", known.join(", "))]
    Unknown {
        /// The baseline.
        baseline: &'static str,
        /// The name found.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The value is of another kind or out of range.
    #[error("{name} of {baseline} is {value:?}, expected {rule}")]
    Value {
        /// The baseline.
        baseline: &'static str,
        /// The parameter.
        name: String,
        /// The value found.
        value: String,
        /// What it may be, in plain words.
        rule: &'static str,
    },
}

impl BaselineKind {
    /// Every parameter but the seed, by name.
    ///
    /// ```
    /// use fuzzysvm_baselines::BaselineKind;
    /// let elm: BaselineKind = "w-elm".parse()?;
    /// let settings: Vec<String> = elm.settings().iter().map(|s| format!("{}={}", s.name, s.value)).collect();
    /// assert_eq!(settings, ["c=1024", "n_hidden=200", "weighting=w1"]);
    /// # Ok::<(), fuzzysvm_baselines::UnknownBaseline>(())
    /// ```
    pub fn settings(&self) -> Vec<Setting> {
        let setting = |(name, value): (String, Value)| Setting {
            rule: self.rule(&name),
            value: text(&value),
            name,
        };
        leaves(self.fields()).into_iter().map(setting).collect()
    }

    /// The same with one parameter set from text and checked.
    ///
    /// A number, `true` or `false`, `none` for no limit, or a name; a name with a value is written
    /// `power:0.5` or `given:[1,5]`.
    ///
    /// ```
    /// use fuzzysvm_baselines::{BaselineKind, ClassWeight, CsRandomForest};
    /// let mut forest = CsRandomForest { class_weight: ClassWeight::Power(0.5), ..CsRandomForest::default() };
    /// forest.tree.max_depth = Some(4);
    /// let kind = BaselineKind::from(CsRandomForest::default())
    ///     .with_setting("class_weight", "power:0.5")?
    ///     .with_setting("max_depth", "4")?;
    /// assert_eq!(kind, BaselineKind::from(forest));
    /// assert!(kind.clone().with_setting("max_depth", "0").is_err());
    /// assert!(kind.with_setting("n_trees", "200").is_err());
    /// # Ok::<(), fuzzysvm_baselines::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// [`SettingError`]: no such parameter, or no such value of it.
    pub fn with_setting(&self, name: &str, value: &str) -> Result<Self, SettingError> {
        let known = leaves(self.fields());
        if !known.iter().any(|(leaf, _)| leaf == name) {
            return Err(SettingError::Unknown {
                baseline: self.name(),
                name: name.chars().take(80).collect(),
                known: known.into_iter().map(|(leaf, _)| leaf).collect(),
            });
        }
        let read = |reading| {
            let mut fields = self.fields();
            put(&mut fields, name, reading);
            fields.insert(TAG.to_owned(), self.name().into());
            let kind: Self = serde_json::from_value(Value::Object(fields)).ok()?;
            kind.validate().ok().map(|()| kind)
        };
        let found = readings(value.trim()).into_iter().find_map(read);
        found.ok_or_else(|| SettingError::Value {
            baseline: self.name(),
            name: name.to_owned(),
            value: value.chars().take(80).collect(),
            rule: self.rule(name),
        })
    }

    /// The parameters as in files, without the name and the seed.
    fn fields(&self) -> Map<String, Value> {
        let mut fields = match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            // A struct with named fields is an object.
            _ => Map::new(),
        };
        fields.remove(TAG);
        fields.remove("seed");
        fields
    }

    /// What a parameter may be; the ranges are those of `validate`.
    fn rule(&self, name: &str) -> &'static str {
        match (name, self) {
            ("n_estimators" | "n_subsets", _) => "a whole number from 1 to 100000",
            ("class_weight", _) => {
                "balanced, equal, power:P with P from 0 to 10, or given:[NEGATIVE,POSITIVE] above 0"
            }
            ("costs_per_round" | "costs_in_tree", _) => "true or false",
            ("max_depth", Self::CsXgBoost(_)) => "a whole number from 1 to 64",
            ("max_depth", _) => "a whole number from 1, or none",
            ("min_samples_leaf", _) => "a whole number from 1",
            ("max_features", _) => "all, sqrt, log2, or number:N with N from 1",
            ("bootstrap", _) => "rows, weighted or off",
            ("combine", _) => "votes or probabilities",
            ("ratio", _) => "a number above 0, at most 1",
            ("algorithm", _) => "m2 or samme",
            ("n_hidden", _) => "a whole number from 1 to 10000",
            ("c", _) => "a number from 1e-30 to 1e30",
            ("weighting", _) => "w1, w2 or none",
            ("learning_rate", _) => "a number from 1e-6 to 1",
            ("min_child_weight" | "reg_lambda" | "gamma", _) => "a number from 0 to 1e30",
            ("subsample", _) => "a number from 0.01 to 1",
            ("scale_pos_weight", _) => "a number from 1e-6 to 1e6, or none",
            ("n_bins", _) => "a whole number from 2 to 4096",
            _ => "",
        }
    }
}

/// The field of a file that names the baseline.
const TAG: &str = "baseline";
/// The one field that is a group of parameters: its own count as the baseline's.
const GROUP: &str = "tree";

/// The parameters by their own names, sorted.
fn leaves(mut fields: Map<String, Value>) -> Vec<(String, Value)> {
    let group = match fields.remove(GROUP) {
        Some(Value::Object(group)) => group,
        _ => Map::new(),
    };
    let mut leaves: Vec<(String, Value)> = fields.into_iter().chain(group).collect();
    leaves.sort_by(|a, b| a.0.cmp(&b.0));
    leaves
}

/// Puts a value where the name belongs.
fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    if let Some(field) = fields.get_mut(name) {
        *field = value;
    } else if let Some(Value::Object(group)) = fields.get_mut(GROUP) {
        group.insert(name.to_owned(), value);
    }
}

/// What a text may stand for. No parameter takes more than one of them.
fn readings(text: &str) -> Vec<Value> {
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    let mut readings: Vec<Value> = json(text).into_iter().collect();
    if text == "none" {
        readings.push(Value::Null);
    }
    if let Some((variant, value)) = text.split_once(':') {
        let with = |value| Value::Object(Map::from_iter([(variant.to_owned(), value)]));
        readings.extend(json(value).map(with));
    }
    readings.push(Value::String(text.to_owned()));
    readings
}

/// The text that is read as the value.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(name) => name.clone(),
        Value::Number(n) => match n.as_f64() {
            // 16, not 16.0.
            Some(v) if n.is_f64() => v.to_string(),
            _ => n.to_string(),
        },
        Value::Object(variant) => {
            let one = |(name, value): (&String, &Value)| match value {
                Value::Object(fields) => {
                    let values: Vec<String> = fields.values().map(text).collect();
                    format!("{name}:[{}]", values.join(","))
                }
                other => format!("{name}:{}", text(other)),
            };
            variant.iter().map(one).collect()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClassWeight, CsAdaBoost, CsRandomForest, MaxFeatures, WElm};

    /// With values that are no defaults, every form among them.
    fn kinds() -> Vec<BaselineKind> {
        let mut kinds = BaselineKind::all();
        let mut forest = CsRandomForest {
            class_weight: ClassWeight::Power(0.25),
            ..CsRandomForest::default()
        };
        forest.tree.max_features = MaxFeatures::Number(3);
        forest.tree.max_depth = Some(7);
        kinds.push(forest.into());
        kinds.push(
            CsAdaBoost {
                class_weight: ClassWeight::Given {
                    negative: 0.5,
                    positive: 4.0,
                },
                ..CsAdaBoost::default()
            }
            .into(),
        );
        kinds.push(
            WElm {
                c: 1e-21,
                ..WElm::default()
            }
            .into(),
        );
        kinds
    }

    #[test]
    fn every_setting_has_a_rule_and_reads_back() {
        for kind in kinds() {
            let plain: BaselineKind = kind.name().parse().unwrap();
            let mut again = plain.clone();
            for setting in kind.settings() {
                assert!(!setting.rule.is_empty(), "{kind} {}", setting.name);
                again = again.with_setting(&setting.name, &setting.value).unwrap();
                let same = plain.with_setting(&setting.name, "no such value");
                assert!(matches!(same, Err(SettingError::Value { .. })), "{same:?}");
            }
            assert_eq!(again, kind);
        }
    }

    #[test]
    fn what_cannot_be_set_says_what_can() {
        let kind = |name: &str| name.parse::<BaselineKind>().unwrap();
        for (name, setting, value, words) in [
            (
                "w-elm",
                "n_trees",
                "5",
                "w-elm has no parameter \"n_trees\"; there are c, n_hidden, weighting",
            ),
            ("cs-rf", "seed", "5", "has no parameter \"seed\""),
            ("cs-rf", "tree", "{}", "has no parameter \"tree\""),
            ("cs-rf", "baseline", "w-elm", "has no parameter"),
            (
                "cs-rf",
                "n_estimators",
                "0",
                "n_estimators of cs-rf is \"0\", expected a whole number from 1 to 100000",
            ),
            ("cs-rf", "n_estimators", "2.5", "a whole number"),
            ("cs-rf", "n_estimators", "-1", "a whole number"),
            ("cs-rf", "n_estimators", "none", "a whole number"),
            ("cs-rf", "n_estimators", "", "a whole number"),
            ("cs-rf", "max_features", "number:0", "number:N"),
            ("cs-rf", "class_weight", "given:[1,0]", "balanced, equal"),
            ("cs-rf", "class_weight", "given:[1]", "balanced, equal"),
            ("cs-rf", "class_weight", "power:nan", "balanced, equal"),
            ("cs-adaboost", "costs_per_round", "1", "true or false"),
            ("rusboost", "ratio", "inf", "above 0"),
            ("cs-xgboost", "max_depth", "none", "from 1 to 64"),
            ("w-elm", "c", "1e999", "from 1e-30"),
            ("w-elm", "c", &"[".repeat(100_000), "from 1e-30"),
        ] {
            let e = kind(name).with_setting(setting, value).unwrap_err();
            assert!(e.to_string().contains(words), "{e}");
            assert!(e.to_string().len() < 400, "{e}");
        }
    }
}
