#!/usr/bin/env python3
"""Fits regressions on invented loans by statsmodels and scikit-learn: writes regression.json beside itself.

    python3 crates/portfolio/tests/golden/regression.py        (needs NumPy 2.4, statsmodels 0.15 and scikit-learn 1.9)

40 loans of four features, two of them correlated and one in thousands. tests/regression_golden.rs reads the file.
"""
import json
import os

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import RidgeCV
from statsmodels.nonparametric.kernel_regression import KernelReg
from statsmodels.stats.outliers_influence import variance_inflation_factor

ALPHAS = [0.01, 0.1, 1.0, 10.0, 100.0]
BANDWIDTHS = [0.2, 0.5, 1.0, 3.0]


def main():
    rng = np.random.default_rng(7)
    n = 40
    x = rng.normal(size=(n, 4))
    x[:, 1] = 0.9 * x[:, 0] + 0.2 * x[:, 1]
    x[:, 3] = 5000 + 1000 * x[:, 3]
    x = np.round(x, 3)
    y = np.round(0.05 + 0.03 * x[:, 0] - 0.02 * x[:, 2] + rng.normal(scale=0.05, size=n), 4)
    a = sm.add_constant(x)
    fit = sm.OLS(y, a).fit()
    # Standardised for a penalty on all alike.
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    ridge = RidgeCV(alphas=ALPHAS, store_cv_results=True).fit(z, y)
    kernel = {}
    for h in BANDWIDTHS:
        reg = KernelReg(y, z[:, :2], var_type="cc", reg_type="lc", bw=[h, h])
        mean, _ = reg.fit(np.round(z[:5, :2], 1))
        w = np.exp(-0.5 * ((np.round(z[:5, None, :2], 1) - z[None, :, :2]) ** 2).sum(axis=2) / h**2)
        w /= w.sum(axis=1, keepdims=True)
        kernel[str(h)] = dict(mean=mean.tolist(), variance=((w * (y - mean[:, None]) ** 2).sum(axis=1)).tolist(),
                              loo=np.asarray(reg.cv_loo(np.array([h, h]), reg._est_loc_constant)).item())
    out = dict(
        x=x.ravel().tolist(), y=y.tolist(), coefficients=fit.params.tolist(), standard_errors=fit.bse.tolist(),
        t_values=fit.tvalues.tolist(), degrees=fit.df_resid, r_squared=fit.rsquared, variance=fit.mse_resid,
        vif=[variance_inflation_factor(a, j) for j in range(1, 5)],
        ridge=dict(alphas=ALPHAS, errors=ridge.cv_results_.mean(axis=0).tolist(), alpha=float(ridge.alpha_),
                   coefficients=ridge.coef_.tolist(), intercept=float(ridge.intercept_)),
        kernel=kernel, at=np.round(z[:5, :2], 1).ravel().tolist())
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "regression.json")
    with open(path, "w") as f:
        json.dump(out, f, indent=0, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main()
