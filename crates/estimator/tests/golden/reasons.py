"""Writes reasons.json: contributions by scikit-learn's SVC, independently of this project.

`python3 crates/estimator/tests/golden/reasons.py` with numpy 2 and scikit-learn 1.9.
"""

import json
import pathlib

import numpy as np
from sklearn.svm import SVC

i, j = np.arange(60)[:, None], np.arange(4)[None, :]
X = np.sin(1.3 * i + 2.1 * j) + 0.02 * i * (j == 1)
y = np.where(X[:, 0] + X[:, 1] ** 2 > 1.2, 1, 0)
model = SVC(C=2.0, gamma=0.4, tol=1e-10).fit(X, y)

reference = np.quantile(X[y == 0], 0.5, axis=0, method="lower")
contributions = np.empty_like(X)
for feature in range(X.shape[1]):
    replaced = X.copy()
    replaced[:, feature] = reference[feature]
    contributions[:, feature] = model.decision_function(X) - model.decision_function(replaced)

lists = {"x": X.ravel(), "reference": reference, "contributions": contributions.ravel()}
found = {name: values.tolist() for name, values in lists.items()} | {"y": y.tolist()}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(found) + "\n")
