//! Files of schema 1, which had a format per kind of model, and names and metadata inside the model.

use super::content::Content;
use super::{approx, svc};
use crate::approx::ApproxInfo;
use fuzzysvm_core::envelope::{Description, EnvelopeError, FORMAT, Header, checksum};
use fuzzysvm_kernels::KernelKind;
use fuzzysvm_qp::SolveInfo;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const APPROX_FORMAT: &str = "fuzzysvm-approx-model";

/// The kind of model in a file of schema 1, which its format says.
pub(super) fn kind(header: &Header) -> Option<&'static str> {
    match header.format.as_str() {
        FORMAT => Some(svc::KIND),
        APPROX_FORMAT => Some(approx::APPROX_KIND),
        _ => None,
    }
}

/// The content of `model` in a file of schema 1.
pub(super) trait Upgrade: Serialize + DeserializeOwned {
    type Content: Content;

    fn upgrade(self) -> (Description, Self::Content);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<B> {
    #[allow(dead_code, reason = "read with the header")]
    format: String,
    #[allow(dead_code, reason = "read with the header")]
    schema: u64,
    checksum: String,
    model: B,
}

/// The content of a file of schema 1, with the right checksum and not checked further.
pub(super) fn read<B: Upgrade>(
    text: &str,
    header: &Header,
) -> Result<(Description, B::Content), EnvelopeError> {
    let start = |text: &str| text.chars().take(60).collect();
    match kind(header) {
        Some(kind) if kind == B::Content::KIND => {}
        Some(found) => {
            return Err(EnvelopeError::OtherKind {
                expected: B::Content::KIND,
                found: found.into(),
            });
        }
        None => {
            return Err(EnvelopeError::NotAModel {
                found: start(&header.format),
            });
        }
    }
    let file: File<B> = serde_json::from_str(text)?;
    let computed = checksum(serde_json::to_vec(&file.model)?);
    if file.checksum != computed {
        return Err(EnvelopeError::Checksum {
            found: start(&file.checksum),
            computed,
        });
    }
    Ok(file.model.upgrade())
}

/// The checksum covers the fields in this order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SvcBody {
    kernel: KernelKind,
    n_features: usize,
    n_samples: usize,
    n_support: [usize; 2],
    intercept: f64,
    info: SolveInfo,
    class_names: Option<[String; 2]>,
    feature_names: Option<Vec<String>>,
    metadata: Value,
    support: Vec<usize>,
    dual_coef: Vec<f64>,
    support_vectors: Vec<f64>,
}

impl Upgrade for SvcBody {
    type Content = svc::Body;

    fn upgrade(self) -> (Description, svc::Body) {
        let body = svc::Body {
            kernel: self.kernel,
            n_features: self.n_features,
            n_samples: self.n_samples,
            n_support: self.n_support,
            intercept: self.intercept,
            info: self.info,
            support: self.support,
            dual_coef: self.dual_coef,
            support_vectors: self.support_vectors,
        };
        (
            description(self.class_names, self.feature_names, self.metadata),
            body,
        )
    }
}

/// The checksum covers the fields in this order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproxBody {
    kernel: KernelKind,
    n_features: usize,
    n_samples: usize,
    intercept: f64,
    info: ApproxInfo,
    class_names: Option<[String; 2]>,
    feature_names: Option<Vec<String>>,
    metadata: Value,
    coef: Vec<f64>,
    basis: approx::Basis,
}

impl Upgrade for ApproxBody {
    type Content = approx::Body;

    fn upgrade(self) -> (Description, approx::Body) {
        let body = approx::Body {
            kernel: self.kernel,
            n_features: self.n_features,
            n_samples: self.n_samples,
            intercept: self.intercept,
            info: self.info,
            coef: self.coef,
            basis: self.basis,
        };
        (
            description(self.class_names, self.feature_names, self.metadata),
            body,
        )
    }
}

fn description(
    class_names: Option<[String; 2]>,
    feature_names: Option<Vec<String>>,
    metadata: Value,
) -> Description {
    Description {
        class_names,
        feature_names,
        metadata,
        ..Description::default()
    }
}
