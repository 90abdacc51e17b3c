"""What the scripts share: the peers' environment, our programs, raw arrays."""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
VENV = os.path.join(ROOT, "target", "peers")


def run(*command):
    """Standard output of a command; ends the script where it fails."""
    done = subprocess.run([str(c) for c in command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return done.stdout


def lines(*command):
    """Its JSON lines."""
    return [json.loads(line) for line in run(*command).splitlines()]


def peers(venv, *more):
    """The interpreter with the peers, and `more` that one script needs, installed where they are not there yet."""
    python = os.path.join(venv, "bin", "python")
    if not os.path.exists(python):
        run(sys.executable, "-m", "venv", venv)
        run(python, "-m", "pip", "install", "-q", "numpy", "scikit-learn", "scikit-learn-intelex")
    for package in more:
        if subprocess.run([python, "-c", f"import {package}"], stderr=subprocess.DEVNULL).returncode:
            run(python, "-m", "pip", "install", "-q", package)
    return python


def example(name):
    """The path of one of our programs, built."""
    run("cargo", "build", "--release", "-q", "-p", "fuzzysvm-benches", "--example", name)
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    return os.path.join(target, "release", "examples", name)


def program():
    """The path of the command line, built."""
    run("cargo", "build", "--release", "-q", "-p", "fuzzysvm-cli")
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    return os.path.join(target, "release", "fuzzysvm")
