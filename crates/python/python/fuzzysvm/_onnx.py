"""Classifiers as ONNX graphs."""

import numbers

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    RobustScaler,
    StandardScaler,
)
from sklearn.utils.validation import check_is_fitted

from . import _native
from ._model_files import TrainedModel
from ._svc import FuzzySVC


def to_onnx(estimator):
    """An ONNX graph of a fitted classifier, with the preprocessing before it.

    The graph is computed in double precision and made of ONNX's plain operators (opset 17), with ``OneHotEncoder`` of
    ``ai.onnx.ml``: the ``SVMClassifier`` there keeps sums in single precision.

    Parameters
    ----------
    estimator : FuzzySVC, Pipeline, search over one of these, or model of :func:`load_model`
        A fitted classifier; of a search the best estimator. The steps of a pipeline before it may be
        StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, SimpleImputer, OneHotEncoder, a ColumnTransformer of
        these or another Pipeline.

    Returns
    -------
    bytes
        The file. Fitted on a frame, its inputs are the columns by their names, of shape [N, 1]: doubles, NaN where a
        number is missing, and strings for the columns that OneHotEncoder takes as texts, empty where a text is missing.
        Fitted on an array, its input is ``X`` of shape [N, n_features], doubles. Its outputs are
        ``label``, the class, of shape [N], and ``score``, what ``decision_function`` returns: of two classes of shape
        [N] and greater than 0 for ``classes_[1]``. An input of one of these names makes it ``label_`` or ``score_``.

    Raises
    ------
    ValueError
        For another estimator or step, and the kernel "precomputed" or a callable.

    Examples
    --------
    >>> import numpy as np
    >>> from fuzzysvm import FuzzySVC, to_onnx
    >>> X = np.arange(40.0).reshape(-1, 1)
    >>> model = to_onnx(FuzzySVC("svm").fit(X, X[:, 0] > 31.5))
    >>> type(model)
    <class 'bytes'>
    """
    check_is_fitted(estimator)
    estimator = _best(estimator)
    if isinstance(estimator, TrainedModel):
        return estimator._model().onnx()
    steps = [step for _, step in estimator.steps] if isinstance(estimator, Pipeline) else [estimator]
    classifier = _best(steps[-1])
    if not isinstance(classifier, FuzzySVC):
        raise ValueError(f"only FuzzySVC is written as an ONNX graph; got {_name(classifier)}")
    classes = _classes(classifier)
    graph = _native.OnnxGraph()
    first = next(step for step in steps if hasattr(step, "n_features_in_"))
    value = _Columns(_Frame(graph, first), range(first.n_features_in_))
    for step in steps[:-1]:
        value = _transformed(graph, step, value)
    machines = classifier._machines()
    parts = machines.unpack(classifier.dual_coef_, classifier.n_support_, classifier.intercept_)
    coefs = np.zeros((len(parts), len(classifier.support_)))
    for line, (places, coef, _) in zip(coefs, parts):
        line[places] = coef
    return graph.classify(
        value.numbers(),
        classifier._kernel(),
        classifier.support_vectors_,
        coefs,
        classifier.intercept_.tolist(),
        classes,
        "sign" if machines.binary else "pairs" if machines.pairwise else "largest",
        (classifier.break_ties, classifier.decision_function_shape == "ovr"),
    )


class _Frame:
    """What the estimator was fitted on: inputs of the graph, made when they are asked for."""

    def __init__(self, graph, estimator):
        self.graph = graph
        self.names = getattr(estimator, "feature_names_in_", None)
        self.n_columns = estimator.n_features_in_
        self._inputs = {}

    def numbers(self, columns):
        """The columns as numbers."""
        if self.names is None:
            X = self._input(None, float, lambda: self.graph.numbers("X", self.n_columns))
            columns = list(columns)
            return X if columns == list(range(self.n_columns)) else self.graph.columns(X, columns)
        parts = [self._input(c, float, lambda c=c: self.graph.numbers(self.names[c], 1)) for c in columns]
        return self.graph.side_by_side(parts)

    def text(self, column):
        """One column as texts."""
        if self.names is None:
            raise ValueError("columns of texts have no names in an array: fit the estimator on a frame")
        return self._input(column, str, lambda: self.graph.text(self.names[column]))

    def _input(self, column, kind, make):
        if column not in self._inputs:
            self._inputs[column] = kind, make()
        found, value = self._inputs[column]
        if found is not kind:
            raise ValueError(f"column {self.names[column]!r} is used as numbers and as texts")
        return value


class _Columns:
    """Columns of the frame as they are, but for texts in place of missing ones."""

    def __init__(self, frame, columns, fill=None):
        self.frame = frame
        self.columns = list(columns)
        self.fill = fill

    def numbers(self):
        if self.fill is not None:
            raise ValueError("texts must be encoded, by OneHotEncoder, before they reach the classifier")
        return self.frame.numbers(self.columns)

    def text(self, i):
        text = self.frame.text(self.columns[i])
        return text if self.fill is None else self.frame.graph.filled_text(text, self.fill[i])

    def at(self, columns):
        fill = None if self.fill is None else [self.fill[i] for i in columns]
        return _Columns(self.frame, [self.columns[i] for i in columns], fill)


class _Numbers:
    """Numbers that were computed."""

    def __init__(self, graph, features):
        self.graph = graph
        self.features = features

    def numbers(self):
        return self.features

    def at(self, columns):
        return _Numbers(self.graph, self.graph.columns(self.features, columns))


def _best(estimator):
    """Of a search what it has found."""
    return getattr(estimator, "best_estimator_", estimator)


def _name(step):
    return step if isinstance(step, str) else type(step).__name__


def _classes(classifier):
    """The classes as Python's own values."""
    classes = classifier.classes_
    values = [c.item() if isinstance(c, np.generic) else c for c in classes]
    if not any(all(isinstance(v, kind) for v in values) for kind in (str, numbers.Real)):
        raise ValueError(f"classes must be texts or numbers to be written as an ONNX graph; got {values!r}")
    return values


def _transformed(graph, step, value):
    """What a transformer makes of the value."""
    if step is None or isinstance(step, str) and step == "passthrough":
        return value
    # The columns that a ColumnTransformer passes through.
    if type(step) is FunctionTransformer and step.func is None:
        return value
    for kind, function in _STEPS.items():
        if type(step) is kind:
            made = function(graph, step, value)
            return made if isinstance(made, (_Columns, _Numbers)) else _Numbers(graph, made)
    known = ", ".join(kind.__name__ for kind in _STEPS)
    raise ValueError(f"{_name(step)} is not written as an ONNX graph; there are {known}")


def _pipeline(graph, pipeline, value):
    for _, step in pipeline.steps:
        value = _transformed(graph, step, value)
    return value


def _standard(graph, scaler, value):
    return _scaled(graph, scaler, value, scaler.mean_ if scaler.with_mean else None, scaler.scale_)


def _robust(graph, scaler, value):
    return _scaled(graph, scaler, value, scaler.center_, scaler.scale_)


def _max_abs(graph, scaler, value):
    if getattr(scaler, "clip", False):
        raise ValueError("MaxAbsScaler with clip=True is not written as an ONNX graph")
    return _scaled(graph, scaler, value, None, scaler.scale_)


def _min_max(graph, scaler, value):
    if scaler.clip:
        raise ValueError("MinMaxScaler with clip=True is not written as an ONNX graph")
    return _scaled(graph, scaler, value, -scaler.min_ / scaler.scale_, 1.0 / scaler.scale_)


def _scaled(graph, scaler, value, center, width):
    """(x - center) / width; None is 0 or 1."""
    n = scaler.n_features_in_
    center = np.zeros(n) if center is None else center
    width = np.ones(n) if width is None else width
    return graph.scaled(value.numbers(), center.tolist(), width.tolist())


def _imputer(graph, imputer, value):
    if not _is_nan(imputer.missing_values):
        raise ValueError("SimpleImputer must fill NaN alone to be written as an ONNX graph")
    fill = list(imputer.statistics_)
    if isinstance(value, _Columns) and all(isinstance(v, str) for v in fill):
        if imputer.add_indicator:
            raise ValueError("SimpleImputer of texts with add_indicator=True is not written as an ONNX graph")
        # What is filled already is not missing any more.
        return _Columns(value.frame, value.columns, value.fill or fill)
    kept = [i for i, v in enumerate(fill) if not _is_nan(v)]
    x = value.numbers()
    known = x if len(kept) == len(fill) else graph.columns(x, kept)
    filled = graph.filled(known, [float(fill[i]) for i in kept])
    if not imputer.add_indicator:
        return filled
    missing = graph.missing(x, [int(i) for i in imputer.indicator_.features_])
    return graph.side_by_side([filled, missing])


def _one_hot(graph, encoder, value):
    if any(categories is not None for categories in getattr(encoder, "infrequent_categories_", [])):
        raise ValueError("OneHotEncoder with infrequent categories is not written as an ONNX graph")
    parts = []
    for i, categories in enumerate(encoder.categories_):
        if all(isinstance(c, str) or c is None or _is_nan(c) for c in categories) and isinstance(value, _Columns):
            # A text that is missing is empty.
            texts = [c if isinstance(c, str) else "" for c in categories]
            part = graph.one_hot(value.text(i), texts, encoder.handle_unknown == "error")
        elif encoder.handle_unknown == "error":
            raise ValueError("OneHotEncoder of numbers must have handle_unknown='ignore' to be an ONNX graph")
        else:
            part = graph.one_hot_numbers(value.at([i]).numbers(), [float(c) for c in categories])
        dropped = None if encoder.drop_idx_ is None else encoder.drop_idx_[i]
        if dropped is not None:
            part = graph.columns(part, [j for j in range(len(categories)) if j != dropped])
        parts.append(part)
    return graph.side_by_side(parts)


def _column_transformer(graph, transformer, value):
    names = list(getattr(transformer, "feature_names_in_", []))
    parts = []
    for _, step, columns in transformer.transformers_:
        at = _positions(columns, names, transformer.n_features_in_)
        if at and not (isinstance(step, str) and step == "drop"):
            parts.append(_transformed(graph, step, value.at(at)).numbers())
    if transformer.transformer_weights:
        raise ValueError("ColumnTransformer with transformer_weights is not written as an ONNX graph")
    return graph.side_by_side(parts)


def _positions(columns, names, n_columns):
    """Positions of columns that are given as names, positions, a slice or a mask."""
    if isinstance(columns, slice):
        ends = [names.index(end) if isinstance(end, str) else end for end in (columns.start, columns.stop)]
        if isinstance(columns.stop, str):
            ends[1] += 1
        return list(range(n_columns))[slice(*ends, columns.step)]
    columns = [columns] if isinstance(columns, (str, numbers.Integral)) else list(columns)
    if columns and all(isinstance(c, (bool, np.bool_)) for c in columns):
        return [i for i, kept in enumerate(columns) if kept]
    return [names.index(c) if isinstance(c, str) else range(n_columns)[c] for c in columns]


def _is_nan(value):
    return isinstance(value, numbers.Real) and np.isnan(value)


_STEPS = {
    StandardScaler: _standard,
    MinMaxScaler: _min_max,
    MaxAbsScaler: _max_abs,
    RobustScaler: _robust,
    SimpleImputer: _imputer,
    OneHotEncoder: _one_hot,
    ColumnTransformer: _column_transformer,
    Pipeline: _pipeline,
}
