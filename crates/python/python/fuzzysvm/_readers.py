"""Files of samples as pandas frames."""

import os
import warnings

import numpy as np

from . import _native
from ._jobs import paths_of
from ._paths import reading

_LENDING_CLUB_TERMS = (36, 60, None)


def _column(kind, values, names=None, ordered=False):
    """A column as pandas has it."""
    import pandas as pd

    if kind == "months":
        return values.view("datetime64[M]").astype("datetime64[s]")
    if kind == "categories":
        return pd.Categorical.from_codes(values, categories=names, ordered=ordered)
    return values


def _frame(columns):
    import pandas as pd

    return pd.DataFrame({name: _column(*column) for name, column in columns})


def read_lending_club(path, *, term=36, include_off_policy=False, features=None, map=None):
    """Reads the finished loans of Lending Club files.

    Parameters
    ----------
    path : path or list of paths
        Files as they circulate (.csv or .csv.gz), or several that are read as one.
    term : {36, 60, None}, default=36
        Months of the loans that are kept; None keeps all.
    include_off_policy : bool, default=False
        Also loans that do not meet the credit policy.
    features : list of str, default=None
        Features to read, of those known when a loan was listed; None takes the default ones. Those that the files lack are
        left out.
    map : dict of str to str, default=None
        Names of columns in the files, each with Lending Club's name for it.

    Returns
    -------
    DataFrame of n_loans rows
        First the features, NaN where a cell is empty: numbers (``int_rate`` and ``revol_util`` as fractions, 0.1065 for
        10.65 %), ``sub_grade`` as an ordered category, ``home_ownership``, ``purpose`` and the like as categories in
        lower case, ``credit_history_years``. Then what is known only afterwards: ``loan_status`` (category), ``default`` (1 charged off or in default, 0 fully paid), ``issue_d`` and
        ``last_pymnt_d`` (dates), ``id``, the amounts lent and paid.
        ``attrs`` has ``features`` and ``outcomes`` (names of columns), ``read`` (loans in the files), ``dropped``
        (loans left out, by reason) and ``other_lines`` (lines that are no loans, by kind).

    Raises
    ------
    OSError
        A file that cannot be opened, as of ``open``: FileNotFoundError and the like.
    ValueError
        A file of another kind, with file and line; a feature that is refused because it tells the outcome.

    Examples
    --------
    >>> from fuzzysvm import read_lending_club
    >>> loans = read_lending_club("LoanStats3a.csv")  # doctest: +SKIP
    >>> X, y = loans[loans.attrs["features"]], loans["default"]  # doctest: +SKIP
    """
    if term not in _LENDING_CLUB_TERMS:
        raise ValueError(f"term must be 36, 60 or None; got {term!r}")
    features = None if features is None else list(features)
    paths = list(paths_of(path, "path"))
    with reading(*paths):
        found = _native.lending_club(paths, term, bool(include_off_policy), dict(map or {}), features)
    frame = _frame(found["features"] + found["outcomes"])
    frame["default"] = frame["default"].astype(np.int8)
    frame.attrs = {
        "features": [name for name, _ in found["features"]],
        "outcomes": [name for name, _ in found["outcomes"]],
        "read": found["read"],
        "dropped": found["dropped"],
        "other_lines": found["other_lines"],
    }
    return frame


def read_keel(path, *, target=None, positive=None):
    """Reads a file of KEEL or ARFF with two classes.

    Parameters
    ----------
    path : path
        The file (.dat, .arff, also with .gz).
    target : str, default=None
        Column of the classes; None takes the one that ``@outputs`` names, else the last.
    positive : str, default=None
        The positive class, which the others then stand against; None takes the rarer one of two.

    Returns
    -------
    DataFrame of n_samples rows
        The features in the order of the file, numbers (NaN where one is missing) and categories, then the target as a
        category of two. ``attrs`` has ``features`` (names of columns), ``target`` (its name), ``classes`` (the
        negative and the positive one), and ``sample_weight`` where the file weighs its samples. No row is dropped.

    Raises
    ------
    OSError
        A file that cannot be opened, as of ``open``: FileNotFoundError and the like.
    ValueError
        A file of another kind, with file, line and column.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from fuzzysvm import read_keel
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "toy.dat"
    >>> _ = path.write_text('''@relation toy
    ... @attribute size real [0, 9]
    ... @attribute colour {red, blue}
    ... @attribute class {no, yes}
    ... @inputs size, colour
    ... @outputs class
    ... @data
    ... 1.5, red, no
    ... <null>, blue, no
    ... 3.5, red, yes
    ... ''')
    >>> frame = read_keel(path)
    >>> frame["size"].tolist(), frame["colour"].tolist(), frame.attrs["classes"]
    ([1.5, nan, 3.5], ['red', 'blue', 'red'], ['no', 'yes'])
    """
    path = os.fspath(path)
    with reading(path):
        found = _native.keel(path, target, positive)
    for message in found["warnings"]:
        warnings.warn(f"{path}: {message}", UserWarning, stacklevel=2)
    name, column = found["target"]
    frame = _frame([*found["features"], (name, column)])
    frame.attrs = {
        "features": [feature for feature, _ in found["features"]],
        "target": name,
        "classes": found["classes"],
    }
    if found["weights"] is not None:
        frame.attrs["sample_weight"] = found["weights"]
    return frame
