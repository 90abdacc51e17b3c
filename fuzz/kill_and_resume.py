#!/usr/bin/env python3
"""Kills `lend` and `compare` at random moments and resumes them: the results must be those of a run that was left alone.

    python3 fuzz/kill_and_resume.py target/release/fuzzysvm --kills 200 [--seed 1]

A run is killed (SIGKILL) up to three times in a row, each time at a moment drawn evenly over the time that a run takes,
and then resumed to its end. What a run records of itself (command, start, seconds) is left out of the comparison.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

LEND = ("lend --simulated-loans 1500 --split random --trials 6 --train 250 --test 150 --c 1,4 --gamma 0.02 "
        "--methods class-cost,iefsvm,cs-rf --quiet")
COMPARE = "compare near.dat far.dat --repeats 3 --c 1,16 --gamma 0.1,1 --methods svm,iefsvm,w-elm --quiet"
RECORD = ("command", "cpu", "started", "seconds")


def keel(n, every, shift):
    """A KEEL file of n samples of which every so many is positive, as the tests of the command line have it."""
    rows = (f"{((i * 0.7) % 3.1) + (shift if i % every == 0 else 0):.6f},{(i * 1.3) % 2.7:.6f},"
            f"{'positive' if i % every == 0 else 'negative'}" for i in range(n))
    return ("@relation r\n@attribute a real [0,9]\n@attribute b real [0,9]\n@attribute class {positive,negative}\n"
            "@inputs a,b\n@outputs class\n@data\n" + "\n".join(rows) + "\n")


def outputs(folder):
    """The bytes of every file; of results.json without the record of the run; not the page, which shows that record."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name == "report.html" or path.name == ".unfinished.part":
            continue
        if path.name == "results.json":
            results = json.loads(path.read_text())
            for field in RECORD:
                (results.get("provenance") or {}).pop(field, None)
            found[path.name] = json.dumps(results)
        else:
            found[path.name] = path.read_bytes()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    binary = str(pathlib.Path(args.binary).resolve())
    draw = random.Random(args.seed)
    kills = resumed = finished_early = 0
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        (work / "near.dat").write_text(keel(80, 5, 0.8))
        (work / "far.dat").write_text(keel(90, 6, 1.5))
        whole = {}
        for job in (LEND, COMPARE):
            start = time.monotonic()
            subprocess.run([binary, *job.split(), "--out", "whole"], cwd=work, check=True, stdout=subprocess.DEVNULL)
            whole[job] = (time.monotonic() - start, outputs(work / "whole"))
            subprocess.run(["rm", "-r", "whole"], cwd=work, check=True)
        while kills < args.kills:
            job = draw.choice((LEND, COMPARE))
            seconds, expected = whole[job]
            command = [binary, *job.split(), "--out", "here", "--resume"]
            for _ in range(draw.randint(1, 3)):
                run = subprocess.Popen(command, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                time.sleep(draw.uniform(0, 1.1 * seconds))
                if run.poll() is not None:
                    finished_early += 1
                    break
                run.kill()
                run.wait()
                kills += 1
            here = work / "here"
            if (here / "unfinished").exists() or not (here / "results.json").exists():
                end = subprocess.run(command, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                if end.returncode != 0:
                    sys.exit(f"after {kills} kills: {' '.join(command[1:])}: {end.stderr}")
                resumed += 1
            found = outputs(here)
            if found != expected:
                differing = [n for n in {*found, *expected} if found.get(n) != expected.get(n)]
                sys.exit(f"after {kills} kills: {job.split()[0]} differs in {', '.join(sorted(differing))}")
            subprocess.run(["rm", "-r", "here"], cwd=work, check=True)
    print(f"{kills} kills, {resumed} runs resumed to their end, {finished_early} ended before they were killed: "
          "all results as of a run left alone")


if __name__ == "__main__":
    main()
