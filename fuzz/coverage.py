#!/usr/bin/env python3
"""How many lines of each crate do its own tests run?

    rustup component add llvm-tools
    python3 fuzz/coverage.py [core qp ...] [--lines]

Without names all crates that can be tested alone. --lines shows what was not run, too. Counted are the lines with code in
src, less `laws.rs` and `tests.rs`, which are made of tests, and what stands under `#[cfg(test)]`; the examples of the
documentation do not run. Other LLVM tools of rustc's version serve as well: LLVM_TOOLS names their folder
(Debian's llvm-22: /usr/lib/llvm-22/bin).
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Those without are a command line, a Python module and the crate that only names the others.
CRATES = sorted(p.parent.name for p in ROOT.glob("crates/*/Cargo.toml") if p.parent.name not in ("cli", "python", "fuzzysvm"))


def tool(name):
    if "LLVM_TOOLS" in os.environ:
        return pathlib.Path(os.environ["LLVM_TOOLS"]) / name
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    found = list(pathlib.Path(sysroot).glob(f"lib/rustlib/*/bin/{name}"))
    if not found:
        sys.exit(f"{name} is not installed: rustup component add llvm-tools, or LLVM_TOOLS=FOLDER")
    return found[0]


def build(crates, folder):
    """The test programs of each crate. Only crates of the workspace are built for it: the others stay as they are."""
    wrapper = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "rustc-with-coverage"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text('#!/bin/sh\nexec "$@" -Cinstrument-coverage\n')
    wrapper.chmod(0o755)
    env = os.environ | {"RUSTC_WORKSPACE_WRAPPER": str(wrapper), "LLVM_PROFILE_FILE": str(folder / "build-%p.profraw")}
    packages = [part for crate in crates for part in ("-p", f"fuzzysvm-{crate}")]
    done = subprocess.run(["cargo", "test", "--locked", *packages, "--lib", "--tests", "--no-run", "--message-format", "json"],
                          cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    programs = {crate: [] for crate in crates}
    for line in done.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("executable") and message["profile"]["test"]:
            programs[pathlib.Path(message["manifest_path"]).parent.name].append(message["executable"])
    return programs


def test_lines(text):
    """The numbers of the lines under `#[cfg(test)]`, by the layout of rustfmt."""
    lines, inside = set(), None
    for number, line in enumerate(text.splitlines(), 1):
        if inside is None and line.strip().startswith("#[cfg(test)]"):
            inside = line[:len(line) - len(line.lstrip())]
        if inside is not None:
            lines.add(number)
            if line == inside + "}" or (line.startswith(inside) and line.endswith(";") and line[len(inside)] != " "):
                inside = None
    return lines


def coverage(crate, programs, folder):
    """File -> line -> how often it ran."""
    # One thread: several would count into the same cache lines, at a tenth of the speed.
    env = os.environ | {"LLVM_PROFILE_FILE": str(folder / f"{crate}-%p-%m.profraw"), "RAYON_NUM_THREADS": "1"}
    for program in programs:
        subprocess.run([program, "--quiet", "--test-threads=1"], cwd=ROOT / "crates" / crate, env=env, stdout=subprocess.DEVNULL, check=True)
    merged = folder / f"{crate}.profdata"
    raw = [str(p) for p in folder.glob(f"{crate}-*.profraw")]
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", *raw, "-o", merged], check=True)
    objects = [part for program in programs[1:] for part in ("-object", program)]
    lcov = subprocess.run([tool("llvm-cov"), "export", "-format=lcov", f"-instr-profile={merged}", programs[0], *objects,
                           str(ROOT / "crates" / crate / "src")], stdout=subprocess.PIPE, text=True, check=True).stdout
    files, tests = {}, set()
    for line in lcov.splitlines():
        if line.startswith("SF:"):
            path = pathlib.Path(line[3:])
            tests = test_lines(path.read_text())
            counted = not {"laws.rs", "tests.rs", "tests"} & {path.name, path.parent.name}
            ran = files.setdefault(path.relative_to(ROOT), {}) if counted else {}
        elif line.startswith("DA:"):
            number, count = (int(part) for part in line[3:].split(",")[:2])
            if number not in tests:
                ran[number] = count
    return files


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("crates", nargs="*", default=CRATES, metavar="CRATE")
    arguments.add_argument("--lines", action="store_true", help="show the lines that did not run")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for crate, programs in build(options.crates, folder).items():
            files = coverage(crate, programs, folder)
            if options.lines:
                for path, ran in sorted(files.items()):
                    text = (ROOT / path).read_text().splitlines()
                    for number in sorted(n for n, count in ran.items() if not count):
                        print(f"{path}:{number}: {text[number - 1]}")
            n_lines = sum(len(ran) for ran in files.values())
            n_ran = sum(1 for ran in files.values() for count in ran.values() if count)
            print(f"{crate}: {n_ran} of {n_lines} lines, {100 * n_ran / n_lines:.1f} %", flush=True)


if __name__ == "__main__":
    main()
