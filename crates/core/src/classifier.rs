//! The [`Learner`] and [`Classifier`] traits.

use crate::{Label, Matrix, PredictError, Samples};

/// A fitted two-class model.
pub trait Classifier: Send + Sync {
    /// Number of features of the training data.
    fn n_features(&self) -> usize;

    /// One decision value per row; **greater than 0 means [`Label::Positive`]**.
    ///
    /// The value of a row depends on that row alone, never on the others in the call.
    ///
    /// # Errors
    /// [`PredictError`] where the rows do not fit the model.
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError>;

    /// The sign of [`Classifier::decision_function`].
    ///
    /// # Errors
    /// As [`Classifier::decision_function`].
    fn predict(&self, x: Matrix<'_>) -> Result<Vec<Label>, PredictError> {
        Ok(self
            .decision_function(x)?
            .into_iter()
            .map(Label::from_sign)
            .collect())
    }
}

/// A method that fits a [`Classifier`] to weighted samples.
pub trait Learner: Send + Sync {
    /// The fitted model.
    type Model: Classifier;
    /// What can go wrong.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Fits the model. `sample_weight` holds one finite, non-negative number per sample; `None` means 1
    /// for all. A weight of 0 removes the sample.
    ///
    /// # Errors
    /// Where the samples, the weights or the parameters allow no fit.
    fn fit(
        &self,
        train: Samples<'_>,
        sample_weight: Option<&[f64]>,
    ) -> Result<Self::Model, Self::Error>;
}

impl<C: Classifier + ?Sized> Classifier for Box<C> {
    fn n_features(&self) -> usize {
        (**self).n_features()
    }
    fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
        (**self).decision_function(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct FirstFeature;
    impl Classifier for FirstFeature {
        fn n_features(&self) -> usize {
            2
        }
        fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
            Ok(x.rows().map(|r| r[0]).collect())
        }
    }

    #[test]
    fn the_default_predict_is_the_sign_and_zero_is_negative() {
        let boxed: Box<dyn Classifier> = Box::new(FirstFeature);
        let data = [1.0, 0.0, 0.0, 0.0, -1.0, 0.0];
        let x = Matrix::new(&data, 2).unwrap();
        let labels = boxed.predict(x).unwrap();
        assert_eq!(labels, [Label::Positive, Label::Negative, Label::Negative]);
    }
}
