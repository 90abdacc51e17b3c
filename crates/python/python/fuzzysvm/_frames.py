"""Tables of pandas, polars and Arrow for what reads files."""

import csv

import numpy as np


def names_of(X):
    """The names of the columns; None where they have none."""
    if hasattr(X, "column_names"):
        return [str(name) for name in X.column_names]
    if hasattr(X, "columns"):
        return [str(name) for name in X.columns]
    return None


def numbers_of(X, columns):
    """The columns as one array of finite numbers; None where they are not all of them numbers."""
    if not set(columns) <= set(names_of(X)):
        return None
    try:
        if hasattr(X, "column_names"):
            parts = [X.column(name).to_numpy() for name in columns]
        else:
            parts = [np.asarray(X[name]) for name in columns]
        if any(part.dtype.kind not in "fiub" for part in parts):
            return None
        values = np.column_stack([part.astype(np.float64) for part in parts])
    except (KeyError, TypeError, ValueError):
        return None
    return np.ascontiguousarray(values) if np.isfinite(values).all() else None


def spelled(X, categories):
    """The table with truth values as the model knows them: in the spelling of training, and as 1 and 0 among numbers."""
    for name in names_of(X):
        column = X.column(name) if hasattr(X, "column_names") else X[name]
        if str(getattr(column, "type", getattr(column, "dtype", ""))).lower() not in ("bool", "boolean"):
            continue
        known = categories.get(name, ["1", "0"])
        yes = next((word for word in ("true", "True", "TRUE", "1") if word in known or _no(word) in known), "true")
        values = [None if _is_missing(v) else yes if v else _no(yes) for v in column.to_numpy().tolist()]
        if hasattr(X, "column_names"):
            import pyarrow

            X = X.set_column(X.column_names.index(name), name, pyarrow.array(values))
        elif hasattr(X, "with_columns"):
            X = X.with_columns(type(column)(name, values))
        else:
            X = X.assign(**{name: values})
    return X


def _no(yes):
    """The contrary of a truth value in the same spelling."""
    return {"true": "false", "True": "False", "TRUE": "FALSE", "1": "0"}[yes]


def write_csv(X, names, path):
    """Writes a table as the library that it comes from writes it; arrays under the names given."""
    if hasattr(X, "to_csv"):
        X.to_csv(path, index=False)
    elif hasattr(X, "write_csv"):
        X.write_csv(path)
    elif hasattr(X, "column_names"):
        from pyarrow.csv import write_csv as write

        write(X, path)
    else:
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            for row in X:
                writer.writerow(["" if _is_missing(value) else _text(value) for value in row])


def _is_missing(value):
    """Whether a cell has no value: None, NaN, or what is not even equal to itself, as pandas' NA."""
    unequal = value != value
    return value is None or not isinstance(unequal, (bool, np.bool_)) or bool(unequal)


def _text(value):
    """A cell, a number with all its digits."""
    return repr(float(value)) if isinstance(value, (float, np.floating)) else str(value)
