#!/usr/bin/env python3
"""Times the 15 nearest neighbors of 20,000 samples and the entropies of k = 1, 3, …, 15 beside scikit-learn.

    python3 benches/peers/neighbors.py [--n 20000] [--d 8,35,100] [--loans FILE] [--rounds 3]

Standard normal columns, one sample in six positive, and loans, where a file of them is given; all cores on both sides. scikit-learn runs its k-d tree and its brute
force (n_jobs = -1) with 16 neighbors, as it finds every sample itself first; the ratio is to the faster. The sums of
the entropies of both sides are compared.
"""
import argparse
import json
import os
import statistics
import sys
import time

import common

KS = (1, 3, 5, 7, 9, 11, 13, 15)


def peer(folder, d, algorithm):
    import numpy as np
    from sklearn.neighbors import NearestNeighbors

    x = np.fromfile(f"{folder}/X.f64").reshape(-1, d)
    positive = np.fromfile(f"{folder}/y.f64") > 0
    start = time.perf_counter()
    index = NearestNeighbors(n_neighbors=16, algorithm=algorithm, n_jobs=-1).fit(x).kneighbors(x, return_distance=False)
    among, total = positive[index[:, 1:]], 0.0
    for k in KS:
        p = among[:, :k].mean(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            h = -(np.where(p > 0, p * np.log(p), 0) + np.where(p < 1, (1 - p) * np.log1p(-p), 0))
        total += h.sum()
    print(json.dumps(dict(s=time.perf_counter() - start, entropy=total)))


def dump(folder, n, d):
    import numpy as np

    rng = np.random.default_rng(d)
    os.makedirs(folder, exist_ok=True)
    rng.standard_normal((n, d)).tofile(f"{folder}/X.f64")
    np.where(np.arange(n) % 6 == 0, 1.0, -1.0).tofile(f"{folder}/y.f64")


if len(sys.argv) > 1 and sys.argv[1] == "--peer":
    sys.exit(peer(sys.argv[2], int(sys.argv[3]), sys.argv[4]))
if len(sys.argv) > 1 and sys.argv[1] == "--dump":
    sys.exit(dump(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--n", type=int, default=20000)
parser.add_argument("--d", default="8,35,100")
parser.add_argument("--loans", help="a file of loans")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--venv", default=common.VENV)
args = parser.parse_args()
python, ours = common.peers(args.venv), common.example("peer_neighbors")
print("| data | n | d | ours s | k-d tree s | brute force s | ratio to the faster | sums of entropies differ by |")
print("| --- " * 8 + "|")
folders = []
for d in filter(None, args.d.split(",")):
    folders.append(("normal", os.path.join(args.venv, f"neighbors-{d}"), d))
    common.run(python, __file__, "--dump", folders[-1][1], args.n, d)
if args.loans:
    folder = os.path.join(args.venv, f"loans-{args.n}")
    common.lines(common.example("dump_loans"), folder, args.n, "--loans", args.loans)
    with open(os.path.join(folder, "meta.json")) as meta:
        folders.append(("loans", folder, str(json.load(meta)["d"])))
for data, folder, d in folders:
    seconds = dict(ours=[], kd_tree=[], brute=[])
    for _ in range(args.rounds):
        [mine] = common.lines(ours, folder, d)
        seconds["ours"].append(mine["s"])
        for algorithm in ("kd_tree", "brute"):
            [theirs] = common.lines(python, __file__, "--peer", folder, d, algorithm)
            seconds[algorithm].append(theirs["s"])
    mine_s, tree, brute = (statistics.median(s) for s in seconds.values())
    print(f"| {data} | {args.n} | {d} | {mine_s:.3f} | {tree:.3f} | {brute:.3f} | {mine_s / min(tree, brute):.2f} "
          f"| {abs(mine['entropy'] - theirs['entropy']):.1e} |", flush=True)
