#!/usr/bin/env python3
"""Times prediction from CSV to CSV by the command line beside Python programs that do the same.

    python3 benches/peers/predict.py [--rows 1000000] [--features 40] [--train 2000] [--rounds 1] [--before PROGRAM]

Numbers with all their digits and two classes, drawn; the models learn from rows of their own: an SVM with an RBF kernel
(γ = 1/d, C = 1), one with a linear kernel, and the Nyström map of 500 landmarks. The peers read the file with pandas or
polars, standardise, predict with scikit-learn or scikit-learn-intelex (SVC, LinearSVC, Nystroem before it), and write row,
decision value and label with the library that read. Each run is a process of its own on all cores: seconds and processor
seconds are those of the whole process, of the peers with their imports and fit, of ours without; the peak is that of its
memory. scikit-learn's SVC sees a twentieth of the rows, and what these take beyond the training rows alone is multiplied
(≈). --before is an older build of our program, which --ours may replace too.
"""
import argparse
import os
import sys

import common

MODELS = {
    "rbf": ["--method", "svm", "--gamma", "{gamma}"],
    "linear": ["--method", "svm", "--kernel", "linear"],
    "nystrom": ["--method", "svm", "--gamma", "{gamma}", "--approx", "nystrom"],
}
PEERS = {
    "rbf": ["pandas+sklearn", "polars+sklearnex"],
    "linear": ["pandas+sklearn", "polars+sklearn"],
    "nystrom": ["pandas+sklearn", "polars+sklearn"],
}
SHARE = 20


def draw(folder, rows, features, train):
    """Files of drawn rows: to train on, to predict, and the first part of these."""
    import numpy as np

    rng = np.random.default_rng(7)
    sizes = dict(train=train, part=rows // SHARE, all=rows - rows // SHARE)
    os.makedirs(folder, exist_ok=True)
    paths = {name: os.path.join(folder, f"{name}-{rows}-{features}-{train}.csv") for name in sizes}
    if all(os.path.exists(path) for path in paths.values()):
        return paths
    for name, left in sizes.items():
        with open(paths[name], "w") as out:
            out.write(",".join(f"x{j}" for j in range(features)) + ",y\n")
            if name == "all":
                with open(paths["part"]) as part:
                    next(part)
                    out.writelines(part)
            while left:
                n = min(left, 20_000)
                left -= n
                x = rng.normal(size=(n, features))
                y = x[:, :10].sum(axis=1) / 3 + rng.normal(size=n) > 1.5
                for row, label in zip(x.tolist(), y.tolist()):
                    out.write(",".join(map(repr, row)) + f",{int(label)}\n")
    return paths


def peer(who, model, train, data, out):
    """Reads, predicts and writes as a program of this kind does."""
    reader, library = who.split("+")
    import numpy as np

    if reader == "pandas":
        import pandas

        read = lambda path: pandas.read_csv(path)
        numbers = lambda frame: frame.iloc[:, :-1].to_numpy()
        labels = lambda frame: frame.iloc[:, -1].to_numpy()
        write = lambda columns: pandas.DataFrame(columns).to_csv(out, index=False)
    else:
        import polars

        read = lambda path: polars.read_csv(path)
        numbers = lambda frame: frame[:, :-1].to_numpy()
        labels = lambda frame: frame[:, -1].to_numpy()
        write = lambda columns: polars.DataFrame(columns).write_csv(out)
    if library == "sklearnex":
        from sklearnex.svm import SVC
    else:
        from sklearn.svm import SVC
    from sklearn.kernel_approximation import Nystroem
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import LinearSVC

    frame = read(train)
    x, y = numbers(frame), labels(frame)
    gamma = 1 / x.shape[1]
    steps = {
        "rbf": lambda: [SVC(gamma=gamma)],
        "linear": lambda: [LinearSVC()],
        "nystrom": lambda: [Nystroem(gamma=gamma, n_components=min(500, len(x)), random_state=1), LinearSVC()],
    }
    fitted = make_pipeline(StandardScaler(), *steps[model]()).fit(x, y)
    decision = fitted.decision_function(numbers(read(data)))
    write({"row": np.arange(len(decision)), "decision": decision, "label": (decision > 0).astype(int)})


def measured(*command):
    """Seconds, processor seconds and MB of a command."""
    # A child of a child: the peak of this process's children is that of one of them.
    code = ("import resource, subprocess, sys, time\n"
            "start = time.perf_counter()\n"
            "rc = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n"
            "s = time.perf_counter() - start\n"
            "u = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
            "print(s, u.ru_utime + u.ru_stime, u.ru_maxrss / 1024) if rc == 0 else sys.exit(rc)\n")
    return [float(value) for value in common.run(sys.executable, "-c", code, *command).split()]


def median(runs):
    return [sorted(values)[len(values) // 2] for values in zip(*runs)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--features", type=int, default=40)
    parser.add_argument("--train", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--models", default="rbf,linear,nystrom")
    parser.add_argument("--before")
    parser.add_argument("--ours")
    parser.add_argument("--venv", default=common.VENV)
    args = parser.parse_args()
    python = common.peers(args.venv, "pandas", "polars")
    ours = args.ours or common.program()
    folder = os.path.join(args.venv, "predict")
    sizes = [args.rows, args.features, args.train]
    train, part, data = common.run(python, os.path.abspath(__file__), "--draw", folder, *sizes).splitlines()
    out = os.path.join(folder, "out.csv")
    print("| model | program | s | processor s | MB | ours ÷ it |\n|" + " --- |" * 6)
    for name in args.models.split(","):
        model = os.path.join(folder, f"{name}.json")
        flags = [flag.format(gamma=1 / args.features) for flag in MODELS[name]]
        common.run(ours, "train", train, "--model", model, "--force", "--quiet", *flags)
        predict = ["predict", data, "--model", model, "--output", out, "--force", "--quiet"]
        sides = {"ours": [ours, *predict]}
        if args.before:
            sides["before"] = [args.before, *predict]
        for who in PEERS[name]:
            # libsvm's sums over support vectors take minutes.
            slow = name == "rbf" and who.endswith("+sklearn")
            sides[("≈ " if slow else "") + who] = [
                python, os.path.abspath(__file__), "--peer", who, name, train, part if slow else data, out]
        runs = {who: [] for who in sides}
        for _ in range(args.rounds):
            for who, command in sides.items():
                run = measured(*command)
                if who.startswith("≈"):
                    base = measured(*command[:-2], train, out)
                    run = [a + (b - a) * SHARE for a, b in zip(base[:2], run[:2])] + [float("nan")]
                runs[who].append(run)
        mine = median(runs["ours"])[0]
        for who in sides:
            s, cpu, peak = median(runs[who])
            peak = "" if peak != peak else f"{peak:.0f}"
            print(f"| {name} | {who} | {s:.2f} | {cpu:.2f} | {peak} | {mine / s:.3f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(*sys.argv[2:])
    elif sys.argv[1:2] == ["--draw"]:
        print("\n".join(draw(sys.argv[2], *map(int, sys.argv[3:])).values()))
    else:
        main()
