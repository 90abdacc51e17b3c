"""Model files, those of the command line."""

import json
import os
import tempfile
import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from . import _native
from ._convert import arrow_as_frame
from ._frames import names_of, numbers_of, spelled, write_csv
from ._paths import reading
from ._samples import names_of_features
from ._svc import FuzzySVC
from .membership import resolve


def _is_calibrated(model):
    return model._model().calibration is not None


class TrainedModel(ClassifierMixin, BaseEstimator):
    """A model from a file, with everything that was learnt before it: see :func:`load_model`.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The names of the classes, as texts; a positive decision means ``classes_[1]``.
    columns_ : list of str
        The columns of the training table that it looks at.
    method_ : str or None
        What it was trained by; None where the file does not say it.
    parameters_ : dict or None
        The parameters of that.
    n_features_in_ : int
        Number of those columns.
    text_ : str
        The model file.
    """

    def fit(self, X, y):
        """Raises: a model from a file is fitted.

        Raises
        ------
        NotImplementedError
        """
        raise NotImplementedError("a model from a file is fitted; FuzzySVC fits another one")

    def decision_function(self, X):
        """Decision values: greater than 0 means ``classes_[1]``.

        Parameters
        ----------
        X : DataFrame of pandas or polars, table of Arrow, or array-like of shape (n_rows, n_columns)
            Rows with the columns of the training table; further columns play no part. An array holds the columns of
            ``columns_`` in their order. Missing values are filled in as in training.

        Returns
        -------
        ndarray of shape (n_rows,)
            NaN for a loan that the model is not for.
        """
        check_is_fitted(self)
        model, X = self._model(), arrow_as_frame(X)
        names = names_of(X)
        array = names is None
        if hasattr(X, "set_axis"):
            # Names of pandas may be numbers; those of a model are texts.
            X = X.set_axis(names, axis=1)
        if array:
            X = np.asarray(X)
            if X.ndim != 2 or X.shape[1] != len(self.columns_):
                raise ValueError(f"X must have {len(self.columns_)} columns, those of columns_; got shape {X.shape}")
            names, finite = self.columns_, X.dtype.kind in "fiub" and np.isfinite(X).all()
            numbers = np.ascontiguousarray(X, dtype=np.float64) if finite else None
        else:
            numbers = numbers_of(X, self.columns_)
        if model.of_numbers and numbers is not None:
            return model.decide_numbers(numbers)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "X.csv")
            write_csv(X if array else spelled(X, model.categories), names, path)
            decisions, messages = model.decide_file(path, len(X))
        for message in messages:
            warnings.warn(message.replace(path, "X"), UserWarning, stacklevel=2)
        return decisions

    def predict(self, X):
        """The class of every row: ``classes_[1]`` where the decision value is greater than 0.

        Parameters
        ----------
        X : as in ``decision_function``

        Returns
        -------
        ndarray of shape (n_rows,)
            Texts; of loans some of which the model is not for, objects, and None for those.
        """
        decisions = self.decision_function(X)
        labels = self.classes_[(decisions > 0).astype(np.intp)]
        if np.isnan(decisions).any():
            labels = np.where(np.isnan(decisions), None, labels.astype(object))
        return labels

    @available_if(_is_calibrated)
    def predict_proba(self, X):
        """The probability of each class, of a model trained with ``fuzzysvm train --calibrate``.

        The class of ``predict`` goes by the decision value, not by these: a method that weighs the classes decides for
        ``classes_[1]`` long before its probability is one half.

        Parameters
        ----------
        X : as in ``decision_function``

        Returns
        -------
        ndarray of shape (n_rows, 2)
            In the order of ``classes_``; NaN for a loan that the model is not for.
        """
        decisions = self.decision_function(X)
        positive, scored = np.full(len(decisions), np.nan), ~np.isnan(decisions)
        positive[scored] = self._model().probabilities(decisions[scored])
        return np.column_stack([1 - positive, positive])

    def __sklearn_is_fitted__(self):
        return hasattr(self, "text_")

    def _model(self):
        """The model of the Rust side, read once."""
        if getattr(self, "_read", None) is None:
            self._read = _native.Model.from_text(self.text_)
        return self._read

    def __getstate__(self):
        return {name: value for name, value in super().__getstate__().items() if name != "_read"}


def load_model(path):
    """Reads a model file of the command line, of :func:`save_model`, or of LIBSVM.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    TrainedModel
        Which takes tables with the columns of the training table, and gives the labels and decision values of
        ``fuzzysvm predict``.

    Raises
    ------
    OSError
        Where the file cannot be opened, as of ``open``: FileNotFoundError and the like.
    ValueError
        Where it is no model file, with the place where there is one.

    Examples
    --------
    >>> import os, tempfile
    >>> from fuzzysvm import FuzzySVC, load_model, save_model
    >>> X, y = [[0.0], [0.5], [1.0], [3.0], [3.5]], ["no", "no", "no", "yes", "yes"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "model.json")
    ...     save_model(FuzzySVC(membership="class-cost").fit(X, y), path)
    ...     load_model(path).predict([[0.2], [3.1]])
    array(['no', 'yes'], dtype='<U3')
    """
    path = os.fspath(path)
    with reading(path):
        model = _native.Model.load(path)
    trained = TrainedModel()
    trained.text_ = model.text()
    trained.classes_ = np.array(model.class_names)
    trained.columns_ = model.columns
    trained.n_features_in_ = len(model.columns)
    trained.method_ = model.method
    trained.parameters_ = json.loads(model.parameters)
    return trained


def save_model(estimator, path):
    """Writes a fitted classifier as a model file of the command line.

    ``fuzzysvm predict`` then gives its labels and decision values. Columns have the names that X had in the fit, or
    x0, x1, … where it had none, and classes are called by their text.

    Parameters
    ----------
    estimator : FuzzySVC, Pipeline or TrainedModel
        A FuzzySVC of two classes whose kernel has a name and is not "precomputed", alone or after a StandardScaler.
    path : str or path-like
        The file, which appears whole or not at all, in place of one of that name.

    Raises
    ------
    ValueError
        Where the estimator has no place in such a file, or the file cannot be written.

    Examples
    --------
    >>> import os, tempfile
    >>> from fuzzysvm import FuzzySVC, save_model
    >>> model = FuzzySVC("class-cost").fit([[0.0], [0.5], [1.0], [3.0], [3.5]], [0, 0, 0, 1, 1])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_model(model, os.path.join(folder, "model.json"))
    ...     os.listdir(folder)
    ['model.json']
    """
    check_is_fitted(estimator)
    if isinstance(estimator, TrainedModel):
        model = estimator._model()
    else:
        model = _model_of(*_steps(estimator))
    model.save(os.fspath(path))


def _steps(estimator):
    """The classifier, and the scaler before it, if there is one."""
    steps = [step for _, step in estimator.steps] if isinstance(estimator, Pipeline) else [estimator]
    steps = [step for step in steps if step not in (None, "passthrough")]
    *before, svc = steps
    if isinstance(svc, FuzzySVC) and len(before) <= 1 and all(isinstance(step, StandardScaler) for step in before):
        return svc, *before
    names = ", ".join(type(step).__name__ for step in steps)
    raise ValueError(f"a model file holds a FuzzySVC, alone or after a StandardScaler; got {names}")


def _scaling(scaler):
    """What is taken off every column and what it is divided by."""
    n = scaler.n_features_in_
    center = np.zeros(n) if scaler.mean_ is None or not scaler.with_mean else scaler.mean_
    width = np.ones(n) if scaler.scale_ is None else scaler.scale_
    return tuple(np.ascontiguousarray(values, dtype=np.float64) for values in (center, width))


def _model_of(svc, scaler=None):
    """The model of the Rust side."""
    if len(svc.classes_) > 2:
        raise ValueError(f"a model file holds a machine of two classes; got {len(svc.classes_)}")
    if callable(svc.kernel) or svc.kernel == "precomputed":
        raise ValueError("a model file holds a kernel that has a name and is computed from columns")
    names = (names_of_features(svc if scaler is None else scaler), [str(label) for label in svc.classes_])
    method, params = resolve(svc.membership, svc.membership_params)
    named = None if method is None else (method, params)
    support, vectors, n_samples = svc.support_.astype(np.uintp), svc.support_vectors_, len(svc.membership_)
    parts = svc._machines().unpack(svc.dual_coef_, svc.n_support_, svc.intercept_)
    ((places, coef, intercept),) = parts
    # In the order of the training samples.
    order = np.argsort(support[places])
    rows, vectors, coef = support[places][order], vectors[places][order], coef[order]
    scaling = None if scaler is None else _scaling(scaler)
    return _native.model_of(svc._kernel(), rows, vectors, coef, intercept, n_samples, names, named, svc._svm(), scaling)
