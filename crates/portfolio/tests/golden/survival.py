#!/usr/bin/env python3
"""Completes an invented book of loans by scikit-learn on dense person-periods: writes survival.json beside itself.

    python3 crates/portfolio/tests/golden/survival.py        (needs NumPy 2.2 and scikit-learn 1.6)

200 loans of 36 months and 100 of 60, issued over 50 months and seen at the 50th, and 30 new ones. tests/survival_golden.rs
reads the file. scikit-learn's default solver stops early (on 12,752 real loans its default rate is 0.005 off), so
this one solves to 1e-12.
"""
import json
import os

import numpy as np
from sklearn.linear_model import LogisticRegression

C, LAG, RECOVERED = 0.1, 5, 0.06


class Hazards:
    def __init__(self, term, x, months, end):
        edges = np.r_[np.arange(0, term + 1, 3), term + 9]
        self.term, self.d, self.n_bins = term, x.shape[1], len(edges) - 1
        rows, dummies, weight, bad, paid = [], [], [], [], []
        for i in range(len(x)):
            for b in range(self.n_bins):
                lo, hi = edges[b], edges[b + 1]
                if months[i] <= lo:
                    break
                ends = months[i] <= hi
                rows.append(i)
                dummies.append(3.0 * np.eye(self.n_bins)[b])
                bad.append(int(ends and end[i] == 1))
                paid.append(int(ends and end[i] == 2))
                weight.append(1.0 if bad[-1] or paid[-1] else (min(months[i], hi) - lo) / (hi - lo))
        z = np.c_[x[rows], dummies]
        fit = lambda y: LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12, max_iter=10000).fit(z, y, weight)
        self.bad, self.paid = fit(bad), fit(paid)

    def monthly(self, model, x):
        w = model.coef_[0]
        z = model.intercept_[0] + (x @ w[: self.d])[:, None] + 3.0 * w[None, self.d : -1]
        return np.repeat(1 - (1 / (1 + np.exp(z))) ** (1 / 3), 3, axis=1)

    def outcome(self, x, funded, installment, rate, age):
        """p_bad, roi_bad, roi_paid of loans alive at `age`"""
        a, p, i, m = self.monthly(self.bad, x), self.monthly(self.paid, x), rate / 12, installment / funded
        balance = lambda k: np.maximum((1 + i) ** k - m * ((1 + i) ** k - 1) / i, 0)
        out = np.zeros((len(x), 3))
        for n in range(len(x)):
            alive = 1.0
            for t in range(min(age[n], self.term) + 1, self.term + 1):
                bad = a[n, t - 1]
                paid = p[n, t - 1] if t < self.term else 1 - bad
                k = max(t - LAG, 0)
                out[n] += alive * np.array([bad, bad * (m * k + RECOVERED * balance(k) - 1)[n], paid * (m * t + balance(t) - 1)[n]])
                alive *= 1 - bad - paid
            # Alive after the term: repaid in full.
            out[n, 2] += alive * (m[n] * self.term - 1) if age[n] >= self.term else 0.0
        p_bad = out[:, 0]
        return np.c_[p_bad, out[:, 1] / np.maximum(p_bad, 1e-300), out[:, 2] / (1 - p_bad)]


def invent(rng, n, term):
    x = np.round(rng.normal(size=(n, 4)), 3)
    x[:, 3] = np.where(x[:, 3] > 0.5, 1.5, -0.6)
    rate = np.round(np.clip(0.12 + 0.03 * x[:, 0] + (0.04 if term == 60 else 0), 0.05, 0.26), 4)
    funded = 25.0 * rng.integers(40, 1000, size=n)
    i = rate / 12
    return x, rate, funded, np.round(funded * i / (1 - (1 + i) ** -term), 4)


def main():
    rng = np.random.default_rng(20)
    loans, new = [], []
    for term, n, n_new in ((36, 200, 20), (60, 100, 10)):
        x, rate, funded, installment = invent(rng, n, term)
        age = rng.integers(1, 50, size=n)
        months, end = age.copy(), np.zeros(n, int)
        for j in range(n):
            for t in range(1, age[j] + 1):
                u = rng.random()
                bad = 0.007 * np.exp(0.5 * x[j, 0] - 0.3 * x[j, 1])
                paid = 0.014 * np.exp(0.3 * x[j, 2])
                # A fifth pays late, and is repaid or charged off after the term.
                if u < bad or u < bad + paid or t >= term + 3 or (t == term and rng.random() < 0.8):
                    months[j], end[j] = t, 1 if u < bad or (t > term and rng.random() < 0.5) else 2
                    break
        roi = np.round(np.where(end == 1, -1 + months / 60, 0.004 * np.minimum(months, 36)), 4)
        h = Hazards(term, x, months, end)
        expected = h.outcome(x, funded, installment, rate, age)
        for j in range(n):
            loans.append(dict(term=term, rate=rate[j], installment=installment[j], funded=funded[j], months=int(months[j]),
                              end=int(end[j]), roi=roi[j], x=x[j].tolist(), expected=np.round(expected[j], 10).tolist()))
        x, rate, funded, installment = invent(rng, n_new, term)
        expected = h.outcome(x, funded, installment, rate, np.zeros(n_new, int))
        for j in range(n_new):
            new.append(dict(term=term, rate=rate[j], installment=installment[j], funded=funded[j], x=x[j].tolist(),
                            expected=np.round(expected[j], 10).tolist()))
    order = rng.permutation(len(loans))
    lines = lambda rows: "[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows) + "\n]"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "survival.json")
    with open(path, "w") as f:
        f.write('{"loans":' + lines([loans[j] for j in order]) + ',\n"new":' + lines(new) + "}\n")


if __name__ == "__main__":
    main()
