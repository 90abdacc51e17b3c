//! Models as files of schema 1 have them: names and metadata stand inside the model.

use super::content::{Content, Upgrade};
use super::{approx, svc};
use crate::approx::ApproxInfo;
use fuzzysvm_core::envelope::Description;
use fuzzysvm_kernels::KernelKind;
use fuzzysvm_qp::SolveInfo;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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

impl Content for svc::Body {
    const KIND: &'static str = svc::KIND;
    type Schema1 = SvcBody;
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

impl Content for approx::Body {
    const KIND: &'static str = approx::APPROX_KIND;
    type Schema1 = ApproxBody;
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
