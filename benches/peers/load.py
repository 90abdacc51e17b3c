#!/usr/bin/env python3
"""Times the load of 2.26 million loans of 151 columns to features beside polars reading the same columns.

    python3 benches/peers/load.py [--n 2260000] [--rounds 3] [--files plain,gzip] [--before PROGRAM]

The simulated book in the dialect of the widest file that circulates, plain and gzip, written once below the environment's
folder (1.9 GB for the full size). Ours reads the file, selects the finished loans of 36 months, fits the encoder on all of
them and encodes them; polars reads the columns that ours reads into a data frame and does nothing else. Two threads
each, every run a process of its own, in turns; seconds are medians of the rounds and leave out the start of the process.
Two sets of columns: 30, and the default features with what a loan always needs. `--before` times another build of
`peer_load` in the same turns.
"""
import argparse
import json
import os
import resource
import statistics
import sys
import time

import common

THREADS = "2"
# What is read of every loan, whatever the features.
ALWAYS = ("id loan_amnt funded_amnt term int_rate installment grade sub_grade issue_d loan_status total_pymnt total_rec_prncp "
          "total_rec_int total_rec_late_fee recoveries collection_recovery_fee last_pymnt_d last_pymnt_amnt").split()
# The features of each set, and the columns that they are made of beside those above.
FEW = "loan_amnt term int_rate installment sub_grade annual_inc dti emp_length home_ownership verification_status purpose"
FEW_COLUMNS = "annual_inc annual_inc_joint dti dti_joint application_type emp_length home_ownership verification_status purpose"
SETS = {
    "30": (
        f"{FEW} credit_history_years inq_last_6mths revol_util".split(),
        f"{FEW_COLUMNS} earliest_cr_line inq_last_6mths revol_util".split(),
    ),
    "default": (
        None,
        (f"{FEW_COLUMNS} delinq_2yrs earliest_cr_line inq_last_6mths open_acc pub_rec revol_bal revol_util total_acc "
         "pub_rec_bankruptcies fico_range_low mort_acc tot_cur_bal tot_hi_cred_lim total_rev_hi_lim total_bc_limit "
         "acc_open_past_24mths avg_cur_bal bc_open_to_buy bc_util mo_sin_old_rev_tl_op mo_sin_rcnt_tl num_actv_rev_tl "
         "num_tl_op_past_12m pct_tl_nvr_dlq percent_bc_gt_75").split(),
    ),
}


def peer(path, which):
    import polars as pl

    columns = ALWAYS + SETS[which][1]
    start = time.perf_counter()
    frame = pl.read_csv(path, columns=columns, infer_schema_length=10_000)
    seconds = time.perf_counter() - start
    assert frame.width == len(columns) and pl.thread_pool_size() == int(THREADS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(dict(s=seconds, rows=frame.height, peak_mib=peak)))


if len(sys.argv) > 1 and sys.argv[1] == "--peer":
    sys.exit(peer(*sys.argv[2:]))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--n", type=int, default=2_260_000)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--files", default="plain,gzip")
parser.add_argument("--sets", default="30,default")
parser.add_argument("--before", help="an older build of peer_load")
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python, ours = common.peers(args.venv, "polars"), common.example("peer_load")
plain = os.path.join(args.venv, f"wide-{args.n}.csv")
if not os.path.exists(plain):
    common.run(ours, "--write", plain + ".part", args.n)
    os.rename(plain + ".part", plain)
if "gzip" in args.files and not os.path.exists(plain + ".gz"):
    common.run("sh", "-c", f"gzip -c '{plain}' > '{plain}.part'")
    os.rename(plain + ".part", plain + ".gz")
print("| file | columns read | ours: read, fit, encode s | ours s | polars s | ratio | ours MiB | polars MiB | before s | MiB |")
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
for which in args.sets.split(","):
    features, columns = SETS[which]
    for kind in args.files.split(","):
        path = plain + (".gz" if kind == "gzip" else "")
        program = lambda p: ["env", f"RAYON_NUM_THREADS={THREADS}", p, path] + ([",".join(features)] if features else [])
        sides = dict(ours=program(ours), polars=["env", f"POLARS_MAX_THREADS={THREADS}", python, __file__, "--peer", path, which])
        if args.before:
            sides["before"] = program(os.path.abspath(args.before))
        found = {side: [] for side in sides}
        for _ in range(args.rounds):
            for side, command in sides.items():
                found[side] += common.lines(*command)
        at = lambda side, key: statistics.median(r[key] for r in found[side]) if side in found else float("nan")
        assert at("ours", "rows") == at("polars", "rows") == args.n
        print(f"| {kind}, {os.path.getsize(path) / 1e6:.0f} MB | {len(ALWAYS) + len(columns)} "
              f"| {at('ours', 's_read'):.2f}, {at('ours', 's_fit'):.2f}, {at('ours', 's_transform'):.2f} "
              f"| {at('ours', 's'):.2f} | {at('polars', 's'):.2f} | {at('ours', 's') / at('polars', 's'):.2f} "
              f"| {at('ours', 'peak_mib'):.0f} | {at('polars', 'peak_mib'):.0f} "
              f"| {at('before', 's'):.2f} | {at('before', 'peak_mib'):.0f} |", flush=True)
