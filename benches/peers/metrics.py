#!/usr/bin/env python3
"""Compares metrics with scikit-learn and imbalanced-learn, statistics with SciPy and with Demsar's worked example.

    python3 benches/peers/metrics.py [--cases 400] [--golden]

Seeded cases with ties, constant scores, one class, classes never predicted; the largest difference of each number is printed,
relative to 1 or its size, whichever is larger. Ends with an error where a metric differs by more than 1e-12 or a statistic by more than its
tolerance. --golden also writes the first cases to crates/evaluation/tests/golden/peers.json, which a test reads.
"""
import argparse
import json
import os
import subprocess
import sys
import warnings

import common

GOLDEN = os.path.join(common.ROOT, "crates", "evaluation", "tests", "golden", "peers.json")


def metric_cases(count):
    """Labels, decision values and probabilities; the first are the edges."""
    import numpy as np

    for i in range(count):
        rng = np.random.default_rng(i)
        n = int(rng.integers(1, 25)) if i < 16 else int(rng.integers(1, 300))
        truth = (rng.random(n) < rng.choice([0.05, 0.2, 0.5])).astype(int)
        if n > 1 and i % 8:
            truth[0], truth[1] = 1, 0
        score = rng.normal(size=n) + rng.choice([0.0, 1.0, 3.0]) * truth
        if i % 3 == 0:
            score = np.round(score)
        elif i % 3 == 1:
            score = np.round(score, 2)
        if i % 10 == 7:
            score[:] = rng.choice([-1.0, 0.0, 1.0])
        probability = np.round(1 / (1 + np.exp(-score)), 3)
        if i % 5 == 0:
            probability = np.round(probability)
        yield f"seed {i}", truth, score + 0.0, probability


def metric_reference(truth, score, probability):
    import numpy as np
    import scipy.stats
    import sklearn.metrics as sk
    from imblearn.metrics import geometric_mean_score

    predicted = (score > 0).astype(int)
    both, positives, negatives = len(set(truth)) == 2, truth.any(), not truth.all()
    when = lambda defined, value: float(value()) if defined else None
    of = (truth, predicted)
    return dict(
        balanced_accuracy=when(both, lambda: sk.balanced_accuracy_score(*of)),
        accuracy=sk.accuracy_score(*of),
        g_mean=when(both, lambda: geometric_mean_score(*of)),
        precision_paid=when((predicted == 0).any(), lambda: sk.precision_score(*of, pos_label=0)),
        precision=when(predicted.any(), lambda: sk.precision_score(*of, pos_label=1)),
        predicted_negative_rate=float(predicted.mean()),
        sensitivity=when(positives, lambda: sk.recall_score(*of, pos_label=1)),
        specificity=when(negatives, lambda: sk.recall_score(*of, pos_label=0)),
        f1=sk.f1_score(*of, pos_label=1, zero_division=0),
        mcc=float(sk.matthews_corrcoef(*of)),
        roc_auc=when(both, lambda: sk.roc_auc_score(truth, score)),
        average_precision=when(positives, lambda: sk.average_precision_score(truth, score)),
        ks=when(both, lambda: scipy.stats.ks_2samp(score[truth == 1], score[truth == 0]).statistic),
        brier=float(np.mean((probability - truth) ** 2)) if not both else sk.brier_score_loss(truth, probability),
        log_loss=float(sk.log_loss(truth, probability, labels=[0, 1])),
    )


def step_down(p):
    """Holm, in the order given."""
    import numpy as np

    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate([(len(p) - i) * p[j] for i, j in enumerate(order)])
    out = np.empty(len(p))
    out[order] = np.minimum(1, raised)
    return out


def friedman_reference(table, alpha):
    import numpy as np
    import scipy.stats as st

    table = np.array(table)
    n, k = table.shape
    ranks = st.rankdata(-table, axis=1).mean(0)
    tied = any(len(set(row)) < k for row in table)
    chi = 12 * n / (k * (k + 1)) * ((ranks**2).sum() - k * (k + 1) ** 2 / 4)
    if not tied and k > 2:
        assert abs(chi - st.friedmanchisquare(*table.T).statistic) < 1e-9
    f = (n - 1) * chi / (n * (k - 1) - chi)
    scale = np.sqrt(k * (k + 1) / (6 * n))
    pairs = [abs(ranks[i] - ranks[j]) / scale * np.sqrt(2) for i in range(k) for j in range(i + 1, k)]
    z = (ranks[1:] - ranks[0]) / scale
    p = 2 * st.norm.sf(abs(z))
    return dict(
        ranks=ranks.tolist(), chi_squared=chi, chi_squared_p=st.chi2.sf(chi, k - 1), iman_davenport=f,
        iman_davenport_p=st.f.sf(f, k - 1, (k - 1) * (n - 1)),
        critical_difference=st.studentized_range.ppf(1 - alpha, k, np.inf) / np.sqrt(2) * scale,
        nemenyi_p=[st.studentized_range.sf(q, k, np.inf) for q in pairs], control_z=z.tolist(), control_p=p.tolist(),
        control_holm=step_down(p).tolist(),
    )


def wilcoxon_reference(first, second, zeros, null):
    """SciPy's rules by SciPy; Demsar's (one of an odd number of zeros left out, no tie correction) from the printed formulas."""
    import numpy as np
    import scipy.stats as st

    d = np.array(first) - second
    if zeros == "demsar":
        at = np.flatnonzero(d == 0)
        d = np.delete(d, at[:1]) if len(at) % 2 else d
        r = st.rankdata(abs(d))
        plus, minus = r[d > 0].sum() + r[d == 0].sum() / 2, r[d < 0].sum() + r[d == 0].sum() / 2
        n = len(d)
        z = (min(plus, minus) - n * (n + 1) / 4) / np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        return dict(first=plus, second=minus, z=z, p=2 * st.norm.sf(abs(z)))
    if null == "exact":
        if len(set(abs(d))) == len(d) and d.all():
            result = st.wilcoxon(d, zero_method=zeros, method="exact")
        else:
            every = st.PermutationMethod(n_resamples=np.inf)
            result = st.wilcoxon(d, zero_method=zeros, method=every)
        return dict(p=result.pvalue)
    result = st.wilcoxon(d, zero_method=zeros, method="asymptotic", correction=False)
    return dict(z=result.zstatistic, p=result.pvalue)


def delong_reference(truth, first, second, level):
    import numpy as np
    import scipy.stats as st

    def places(score):
        pos, neg = score[truth == 1], score[truth == 0]
        v = (pos[:, None] > neg) + 0.5 * (pos[:, None] == neg)
        return v.mean(1), v.mean(0), v.mean()

    (p1, n1, auc), (p2, n2, other) = places(np.array(first)), places(np.array(second))
    error = lambda p, n: np.sqrt(p.var(ddof=1) / len(p) + n.var(ddof=1) / len(n))
    se, both, quantile = error(p1, n1), error(p1 - p2, n1 - n2), st.norm.ppf(0.5 + level / 2)
    z = (auc - other) / both
    # Where no score of a class is placed otherwise than the others the estimated variance is 0: no interval.
    when = lambda value: float(value) if se > 1e-12 else None
    return dict(
        auc=auc, std_error=when(se), lower=when(max(0, auc - quantile * se)), upper=when(min(1, auc + quantile * se)), difference=auc - other,
        difference_std_error=both, z=z, p=2 * st.norm.sf(abs(z)), difference_lower=auc - other - quantile * both,
        difference_upper=auc - other + quantile * both,
    )


# Table 6 of Demsar (2006): AUC of C4.5 with neither, m, cf and both parameters tuned, 14 data sets. The paper ranks the two printed
# 0.975 of the row "voting" 2 and 3; a last digit is added to keep that.
DEMSAR = [
    [0.763, 0.768, 0.771, 0.798], [0.599, 0.591, 0.590, 0.569], [0.954, 0.971, 0.968, 0.967], [0.628, 0.661, 0.654, 0.657],
    [0.882, 0.888, 0.886, 0.898], [0.936, 0.931, 0.916, 0.931], [0.661, 0.668, 0.609, 0.685], [0.583, 0.583, 0.563, 0.625],
    [0.775, 0.838, 0.866, 0.875], [1.000, 1.000, 1.000, 1.000], [0.940, 0.962, 0.965, 0.962], [0.619, 0.666, 0.614, 0.669],
    [0.972, 0.981, 0.9751, 0.975], [0.957, 0.978, 0.946, 0.970],
]


def statistic_cases(count):
    import numpy as np
    import scipy.stats as st

    cases = []

    def add(name, tolerance, expected, **case):
        cases.append(dict(name=name, **case, tolerance=tolerance, expected=expected))

    # The printed values, to their digits: ranks 3.143 2.000 2.893 1.964, chi2 9.28, F 3.69, CD 1.25 (0.05) and 1.12 (0.10).
    printed = dict(ranks=[3.143, 2.000, 2.893, 1.964], chi_squared=9.28, iman_davenport=3.69)
    for alpha, cd in ((0.05, 1.25), (0.10, 1.12)):
        add(f"Demsar as printed, {alpha}", 5e-3, dict(printed, critical_difference=cd), test="friedman", table=DEMSAR, alpha=alpha)
    add("Demsar", 1e-12, friedman_reference(DEMSAR, 0.05), test="friedman", table=DEMSAR, alpha=0.05)
    c45 = np.array(DEMSAR)
    add("Demsar's Wilcoxon as printed", 5e-3, dict(first=93, second=12, z=-2.54), test="wilcoxon", first=c45[:, 1].tolist(),
        second=c45[:, 0].tolist())
    for i in range(count):
        rng = np.random.default_rng(1000 + i)
        n, k = int(rng.integers(3, 30)), int(rng.integers(2, 9))
        table = np.round(rng.random((n, k)) + 0.05 * np.arange(k), 1 if i % 2 else 6).tolist()
        alpha = float(rng.choice([0.01, 0.05, 0.1]))
        if i < 40:
            add(f"friedman {i}", 1e-12, friedman_reference(table, alpha), test="friedman", table=table, alpha=alpha)
        n = int(rng.integers(4, 12 if i % 3 == 0 else 40))
        first, second = rng.normal(0.4, 1, n), rng.normal(0, 1, n)
        if i % 2:
            first, second = np.round(first), np.round(second)
        if not (first - second).any() or len(set(first - second)) < 3:
            continue
        distinct = len(set(abs(first - second))) == n and (first - second).all()
        pair = dict(first=first.tolist(), second=second.tolist(), test="wilcoxon")
        add(f"wilcoxon demsar {i}", 1e-12, wilcoxon_reference(first, second, "demsar", "normal"), zeros="demsar", null="normal", **pair)
        for zeros in ("wilcox", "pratt", "zsplit"):
            add(f"wilcoxon {zeros} {i}", 1e-12, wilcoxon_reference(first, second, zeros, "normal"), zeros=zeros, ties=True, null="normal", **pair)
        # All 2^n signs of short lists, SciPy's recursion for longer ones.
        if distinct or (n <= 11 and i < 60):
            zeros = "wilcox" if distinct else ("wilcox", "pratt", "zsplit")[i % 3]
            add(f"wilcoxon exact {zeros} {i}", 1e-12, wilcoxon_reference(first, second, zeros, "exact"), zeros=zeros, null="exact", **pair)
        p = rng.random(int(rng.integers(1, 12))) ** 3
        adjusted = step_down(p)
        add(f"holm {i}", 1e-12, dict(adjusted=adjusted.tolist()), test="holm", p=p.tolist())
        n = int(rng.integers(8, 80))
        truth = (rng.random(n) < 0.3).astype(int)
        truth[:4] = [0, 0, 1, 1]
        one, two = np.round(rng.normal(size=n) + truth, 1), np.round(rng.normal(size=n) + 0.5 * truth, 1)
        level = float(rng.choice([0.9, 0.95]))
        add(f"delong {i}", 1e-12, delong_reference(truth, one, two, level), test="delong", truth=truth.tolist(), first=one.tolist(),
            second=two.tolist(), level=level)
        d = rng.normal(0.01, 0.03, int(rng.integers(2, 40)))
        n_train, n_test = int(rng.integers(50, 2000)), int(rng.integers(50, 2000))
        se = np.sqrt((1 / len(d) + n_test / n_train) * d.var(ddof=1))
        t, half = d.mean() / se, st.t.ppf(0.975, len(d) - 1) * se
        add(f"resampled t {i}", 1e-11, dict(mean=d.mean(), std_error=se, t=t, p=2 * st.t.sf(abs(t), len(d) - 1), lower=d.mean() - half,
            upper=d.mean() + half), test="resampled-t", differences=d.tolist(), n_train=n_train, n_test=n_test)
    return cases


def peer(path, count):
    """Writes the cases with their references."""
    warnings.simplefilter("ignore")
    metrics = []
    for name, truth, score, probability in metric_cases(count):
        metrics.append(dict(name=name, truth=(2 * truth - 1).tolist(), decision=score.tolist(), probability=probability.tolist(),
                            expected=metric_reference(truth, score, probability)))
    with open(path, "w") as file:
        json.dump(dict(metrics=metrics, statistics=statistic_cases(count // 4)), file)


def apart(found, expected):
    if isinstance(expected, list):
        return max(map(apart, found, expected), default=0.0) if len(found) == len(expected) else float("inf")
    if expected is None or found is None:
        return 0.0 if found is expected else float("inf")
    return abs(found - expected) / max(1.0, abs(expected))


if len(sys.argv) > 1 and sys.argv[1] == "--peer":
    sys.exit(peer(sys.argv[2], int(sys.argv[3])))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--cases", type=int, default=400)
parser.add_argument("--golden", action="store_true")
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python = common.peers(args.venv)
if subprocess.run([python, "-c", "import imblearn, scipy"], stderr=subprocess.DEVNULL).returncode:
    common.run(python, "-m", "pip", "install", "-q", "imbalanced-learn", "scipy")
ours = common.example("peer_metrics")
path = os.path.join(args.venv, "metrics-cases.json")
common.run(python, __file__, "--peer", path, args.cases)
[found] = common.lines(ours, path)
with open(path) as file:
    cases = json.load(file)
worst, bad = {}, 0
for kind in ("metrics", "statistics"):
    for case, mine in zip(cases[kind], found[kind]):
        tolerance = case.get("tolerance", 1e-12)
        for key, expected in case["expected"].items():
            difference = apart(mine[key], expected)
            # The printed values have three digits, so they would drown the others.
            if "printed" not in case["name"]:
                name = key if kind == "metrics" else f"{case['test']} {key}"
                count, most = worst.get(name, (0, 0.0))
                worst[name] = (count + (expected is not None), max(most, difference))
            if not difference <= tolerance:
                bad += 1
                print(f"{case['name']}, {key}: ours {mine[key]}, expected {expected}")
print("| value | defined cases | largest difference |\n| --- | --- | --- |")
for name, (count, most) in worst.items():
    print(f"| {name} | {count} | {most:.1e} |")
if args.golden:
    first = dict(metrics=cases["metrics"][:16], statistics=[c for c in cases["statistics"] if len(json.dumps(c)) < 1200][:40])
    with open(GOLDEN, "w") as file:
        file.write("{" + ",\n".join(f'"{k}": [\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in v) + "]" for k, v in first.items()) + "}\n")
sys.exit(f"{bad} values differ" if bad else 0)
