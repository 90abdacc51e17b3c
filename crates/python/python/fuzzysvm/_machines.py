"""The binary machines of a classifier of several classes, and SVC's layout of their coefficients."""

from itertools import combinations

import numpy as np


class Machines:
    """Which classes each binary machine tells apart.

    With two classes there is one machine, for ``classes[1]``. One-vs-one there is one for every pair, in the order
    0-1, 0-2, …, 1-2, …, for the first of the pair, as in SVC; one-vs-rest there is one for every class.

    Parameters
    ----------
    n_classes : int
    multi_class : {"ovo", "ovr"}
    """

    def __init__(self, n_classes, multi_class):
        self.n_classes = n_classes
        self.binary = n_classes == 2
        self.pairwise = multi_class == "ovo" and not self.binary
        if self.binary:
            self.sides = [(1, 0)]
        elif self.pairwise:
            self.sides = list(combinations(range(n_classes), 2))
        else:
            self.sides = [(k, None) for k in range(n_classes)]

    def rows(self, machine, encoded):
        """The samples of one machine, and which of them are of its positive class."""
        positive, negative = self.sides[machine]
        if negative is None or self.binary:
            return np.arange(len(encoded)), encoded == positive
        rows = np.flatnonzero((encoded == positive) | (encoded == negative))
        return rows, encoded[rows] == positive

    def minority(self, machine, positive):
        """Which side has fewer samples, 1 for the positive one; of as many, the class that stands second of the two."""
        n_positive = positive.sum()
        if 2 * n_positive == len(positive):
            first, second = self.sides[machine]
            return int(second is None or first > second)
        return int(2 * n_positive < len(positive))

    def pack(self, encoded, found):
        """SVC's attributes of what was found.

        Parameters
        ----------
        encoded : ndarray of shape (n_samples,)
            The class of every sample.
        found : list of (rows, coefficients)
            Support vectors of every machine.

        Returns
        -------
        support, dual_coef, n_support : ndarray
        """
        is_support = np.zeros(len(encoded), dtype=bool)
        for rows, _ in found:
            is_support[rows] = True
        support = np.flatnonzero(is_support)
        support = support[np.argsort(encoded[support], kind="stable")]
        place = np.zeros(len(encoded), dtype=np.intp)
        place[support] = np.arange(len(support))
        dual_coef = np.zeros((self.n_classes - 1 if self.pairwise else len(self.sides), len(support)))
        for machine, (rows, coef) in enumerate(found):
            if self.pairwise:
                first, second = self.sides[machine]
                line = np.where(encoded[rows] == first, second - 1, first)
            else:
                line = machine
            dual_coef[line, place[rows]] = coef
        n_support = np.bincount(encoded[support], minlength=self.n_classes)
        return support.astype(np.int32), dual_coef, n_support.astype(np.int32)

    def unpack(self, dual_coef, n_support, intercept):
        """Of every machine the places of its support vectors, their coefficients, and the intercept."""
        machines = []
        class_of = np.repeat(np.arange(self.n_classes), n_support)
        for machine, (first, second) in enumerate(self.sides):
            if self.pairwise:
                coef = np.where(class_of == first, dual_coef[second - 1], 0.0)
                coef = np.where(class_of == second, dual_coef[first], coef)
            else:
                coef = dual_coef[machine]
            places = np.flatnonzero(coef)
            machines.append((places.astype(np.uintp), np.ascontiguousarray(coef[places]), float(intercept[machine])))
        return machines


def votes(decisions, n_classes):
    """The class with most votes of the pairs, the first of several: LIBSVM's rule."""
    count = np.zeros((len(decisions), n_classes), dtype=np.intp)
    for machine, (first, second) in enumerate(combinations(range(n_classes), 2)):
        wins = decisions[:, machine] > 0
        count[wins, first] += 1
        count[~wins, second] += 1
    return count.argmax(axis=1)


def confidences(decisions, n_classes):
    """One number per class, which grows with its votes and, among classes of as many votes, with its decision values.

    That of ``SVC(decision_function_shape="ovr")``: votes plus d / (3 (|d| + 1)) for the sum d of the decision values.
    """
    count = np.zeros((len(decisions), n_classes))
    total = np.zeros_like(count)
    for machine, (first, second) in enumerate(combinations(range(n_classes), 2)):
        value = decisions[:, machine]
        total[:, first] += value
        total[:, second] -= value
        count[value >= 0, first] += 1
        count[value < 0, second] += 1
    return count + total / (3 * (np.abs(total) + 1))
