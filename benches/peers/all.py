#!/usr/bin/env python3
"""Runs every comparison with the peers in turn and prints all tables with ratios, the machine and the versions.

    python3 benches/peers/all.py --loans LoanStats3a.csv --keel DIR [--quick]

Takes an hour and a half on two cores, most of it the peers' tuning and the large fits; `--quick` leaves out the largest
sizes and takes a quarter of an hour. Every table has a script of its own beside this one with more options.
"""
import argparse
import os
import platform
import subprocess
import sys

import common

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--loans", help="a file of Lending Club; the simulated book where it is not given")
parser.add_argument("--keel", help="the folder of the KEEL sets; left out where it is not given")
parser.add_argument("--quick", action="store_true")
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python = common.peers(args.venv)
loans = ["--loans", args.loans] if args.loans else []
quick = args.quick
tables = [
    ("One weighted fit and a prediction", "compare.py", loans + ["--n", "2000,10000" if quick else "2000,10000,20000"]),
    ("Large fits with 200 MB for rows", "large.py", loans + (["--simulated", "20000", "--c", "10"] if quick else [])),
    ("EFSVM's tuning", "tune.py", loans + ["--n", "2000" if quick else "2000,5000"]),
    ("Neighbors and entropies", "neighbors.py", []),
    ("The machine on Nyström's map", "approx.py", ["--n", "20000" if quick else "100000"]),
    ("Forest and gradient boosting", "trees.py", loans),
    ("The Python package", "python_speed.py", []),
    ("Prediction by the command line", "predict.py", ["--rows", "200000"] if quick else []),
    ("Loading loans", "load.py", ["--n", "200000"] if quick else []),
]
if args.keel:
    tables.insert(1, ("Small fits", "keel.py", ["--keel", args.keel]))
cpu = platform.processor() or platform.machine()
if os.path.exists("/proc/cpuinfo"):
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), cpu)
versions = ("from importlib.metadata import version as v; "
            "print(', '.join(f'{name} {v(name)}' for name in ('scikit-learn', 'scikit-learn-intelex', 'numpy')))")
print(f"{cpu}, {os.cpu_count()} threads; {common.run('rustc', '--version').split(' (')[0]}, Python {platform.python_version()}, "
      + common.run(python, "-W", "ignore", "-c", versions).strip(), flush=True)
for title, script, flags in tables:
    print(f"\n## {title}\n\n    python3 benches/peers/{script} {' '.join(flags)}\n", flush=True)
    done = subprocess.run([sys.executable, os.path.join(common.HERE, script), *flags, "--venv", args.venv])
    if done.returncode:
        print(f"{script} failed", flush=True)
