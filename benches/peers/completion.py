#!/usr/bin/env python3
"""Completes open loans quarter by quarter, beside a reference in NumPy and scikit-learn on the same features.

    python3 benches/peers/completion.py [--reference ../shared/oracle/worth] [--loans FILE] [--quarters 2009Q3,…]

The reference is a folder with data.py and honest.py: hazards by LogisticRegression on person-periods, cash flows by annuity.
Both sides see the same loans, states, terms and features. The reference's regressions stop after 300 iterations, short of
the minimum; here they run to it (with --as-is they do not). Printed are mean completed return and default rate of the known
loans and mean forecast of the offered ones, and the largest differences of single loans.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import types

import common

QUARTERS = "2009Q3,2009Q4,2010Q1,2010Q2,2010Q3,2010Q4"


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--inside":
        del sys.argv[1]
    else:
        python = common.peers(common.VENV, "pandas")
        sys.exit(subprocess.run([python, __file__, "--inside", *sys.argv[1:]]).returncode)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", default="../shared/oracle/worth")
    parser.add_argument("--loans", default="../shared/data/lending-club/LoanStats_2007_2010.csv.gz")
    parser.add_argument("--quarters", default=QUARTERS)
    parser.add_argument("--as-is", action="store_true")
    options = parser.parse_args()
    # Imported by the reference, and not used for completion.
    sys.modules.setdefault("lightgbm", types.ModuleType("lightgbm"))
    sys.path.insert(0, options.reference)
    sys.argv = sys.argv[:1]
    import numpy as np
    import honest
    from data import design, load
    from honest import Hazard, asof
    from sklearn.linear_model import LogisticRegression

    if not options.as_is:
        honest.LogisticRegression = lambda **given: LogisticRegression(**{**given, "max_iter": 10_000, "tol": 1e-9})

    loans = load(options.loans)
    program = common.example("peer_completion")
    print(f"{'':8}{'return':>18}{'default rate':>18}{'forecast':>18}   largest difference of a loan")
    print(f"{'':8}" + f"{'ours':>9}{'theirs':>9}" * 3 + "   (return, default, forecast)")
    for name in options.quarters.split(","):
        month = int(name[:4]) * 12 + 3 * (int(name[-1]) - 1)
        offered = loans[loans.q == name].reset_index(drop=True)
        known, age, duration, event = asof(loans, month)
        known = known.reset_index(drop=True)
        x, x_new = design(known, offered)
        hazard = Hazard().fit(x, duration, event, C=0.1)
        terms = [(t.funded_amnt.values, t.installment.values, t.int_rate.values) for t in (known, offered)]
        forecast = hazard.outcome(x_new, *terms[1])[0]
        _, p_bad, roi_bad, roi_paid, _ = hazard.outcome(x, *terms[0], start=age)
        bad, roi = known.bad.values, known.roi.values
        p_bad = np.where(event > 0, bad, p_bad)
        roi_bad = np.where((event > 0) & (bad == 1), roi, roi_bad)
        roi_paid = np.where((event > 0) & (bad == 0), roi, roi_paid)
        theirs = p_bad * roi_bad + (1 - p_bad) * roi_paid

        def term(i, of):
            amount, installment, rate = (float(v[i]) for v in of)
            return dict(term_months=36, annual_rate=rate / 100, installment=installment, funded_amnt=amount)

        def state(i):
            if event[i] == 0:
                return dict(status="open", age_months=int(age[i]))
            status = "charged-off" if event[i] == 1 else "paid"
            return dict(status=status, after_months=int(duration[i]), roi=float(roi[i]))

        book = dict(
            known=[dict(terms=term(i, terms[0]), state=state(i)) for i in range(len(known))],
            x=x.tolist(),
            offered=[term(i, terms[1]) for i in range(len(offered))],
            x_new=x_new.tolist(),
        )
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(book, file)
            file.flush()
            found = json.loads(subprocess.run([program, file.name], check=True, capture_output=True, text=True).stdout)
        p, b, g = (np.array(found[key]) for key in ("p_bad", "roi_bad", "roi_paid"))
        ours = p * b + (1 - p) * g
        new = np.array(found["expected_roi"])
        figures = (ours.mean(), theirs.mean(), p.mean(), p_bad.mean(), new.mean(), forecast.mean())
        largest = [np.abs(a - b).max() for a, b in ((ours, theirs), (p, p_bad), (new, forecast))]
        print(f"{name:8}" + "".join(f"{v:9.4f}" for v in figures) + "   " + " ".join(f"{v:.4f}" for v in largest))


if __name__ == "__main__":
    main()
