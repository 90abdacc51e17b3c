//! Membership, given weights, classifier: one fit, and what to say about it.

use fuzzysvm::core::{Learner, Matrix, Samples};
use fuzzysvm::kernels::{Kernel, KernelKind};
use fuzzysvm::membership::Weighted;
use fuzzysvm::qp::Status;
use fuzzysvm::svm::approx::ApproxSvc;
use fuzzysvm::svm::{Svc, SvmError};

use crate::failure::Failure;
use crate::method::Ready;
use crate::model::Model;
use crate::ui::General;

/// A method with its settings.
pub struct Fitting {
    pub membership: Ready,
    pub learning: Learning,
}

/// The classifier's learner.
pub enum Learning {
    Exact(Svc),
    Approx(ApproxSvc),
}

impl Learning {
    /// The exact machine with the solver's default settings.
    pub fn exact(c: f64, kernel: KernelKind) -> Self {
        Learning::Exact(Svc {
            c,
            kernel,
            ..Svc::default()
        })
    }
}

impl Default for Learning {
    fn default() -> Self {
        Learning::Exact(Svc::default())
    }
}

impl Learner for Learning {
    type Model = Model;
    type Error = SvmError;

    fn fit(&self, train: Samples<'_>, weights: Option<&[f64]>) -> Result<Model, SvmError> {
        match self {
            Learning::Exact(svc) => svc.fit(train, weights).map(Model::Exact),
            Learning::Approx(svc) => svc.fit(train, weights).map(Model::Approx),
        }
    }
}

/// A model, and whether every support vector stands at its bound.
pub struct Fitted {
    pub model: Model,
    pub all_bounded: bool,
}

impl Fitting {
    /// Fits the classifier with membership times weights.
    pub fn fit(&self, train: Samples<'_>, weights: Option<&[f64]>) -> Result<Fitted, Failure> {
        train.require_both_classes()?;
        // A given weight of 0 removes its row from neighbourhoods and class sizes too.
        let s = Weighted::new(&self.membership, ()).weights::<SvmError>(train, weights)?;
        let svc = match &self.learning {
            Learning::Exact(svc) => svc,
            Learning::Approx(svc) => {
                return Ok(Fitted {
                    model: Model::Approx(svc.fit(train, Some(&s))?),
                    all_bounded: false,
                });
            }
        };
        let model = svc.fit(train, Some(&s))?;
        let bounded = |(&row, coef): (&usize, &f64)| coef.abs() >= svc.c * s[row];
        Ok(Fitted {
            all_bounded: model.support.iter().zip(&model.dual_coef).all(bounded),
            model: Model::Exact(model),
        })
    }
}

impl Fitted {
    /// Warns about a model that is legal and hardly meant.
    pub fn warn(&self, x: Matrix<'_>, general: &General) {
        let gap = self.model.gap();
        match self.model.status() {
            Status::MaxIterations => general.warn(format!(
                "the solver stopped at its iteration limit with gap {gap:.1e}: raise --max-iter, or \
                 scale the data"
            )),
            Status::Stalled => general.warn(format!(
                "the solver stalled at gap {gap:.1e}: --tol asks for more than the arithmetic gives"
            )),
            _ => {}
        }
        if let Model::Exact(model) = &self.model
            && model.info.negative_curvature > 0
        {
            general.warn(
                "the kernel is not positive semidefinite here: the optimum may be a local one",
            );
        }
        match spread(self.model.kernel(), x) {
            Spread::Constant => general.warn(
                "the kernel is the same for all samples: the model cannot tell them apart (scale \
                 the data, or raise --gamma)",
            ),
            Spread::Identity => general.warn(
                "the kernel is 0 between different samples: the model learns them by heart (lower \
                 --gamma)",
            ),
            Spread::Usual if self.all_bounded => {
                general.warn(
                    "every support vector is at its bound: --c is very small for this data, or \
                     samples contradict each other",
                );
            }
            Spread::Usual => {}
        }
    }
}

enum Spread {
    Usual,
    Constant,
    Identity,
}

/// Looks at the kernel among up to 64 samples spread over the rows.
fn spread(kernel: &KernelKind, x: Matrix<'_>) -> Spread {
    let step = x.n_rows().div_ceil(64).max(1);
    let rows: Vec<usize> = (0..x.n_rows()).step_by(step).collect();
    let points = x.select_rows(&rows);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut largest_apart, mut pairs) = (0.0_f64, 0);
    for i in 0..points.n_rows() {
        for j in 0..=i {
            let value = kernel.eval(points.row(i), points.row(j));
            (low, high) = (low.min(value), high.max(value));
            if points.row(i) != points.row(j) {
                largest_apart = largest_apart.max(value.abs());
                pairs += 1;
            }
        }
    }
    if high - low <= 1e-12 * high.abs().max(low.abs()) {
        Spread::Constant
    } else if pairs > 0 && largest_apart <= 1e-12 * high {
        Spread::Identity
    } else {
        Spread::Usual
    }
}
