#!/usr/bin/env python3
"""Runs every command that writes where it cannot: on a full disk, in a read-only folder, into closed pipes.

    python3 fuzz/full_and_closed.py target/release/fuzzysvm

A disk is a tmpfs of which so many pages are left; mounting it needs root, and without it is skipped in words. A run either
succeeds with the files that it writes elsewhere, or ends with exit code 1 and one line, leaves no file of its own and
every other as it was. What `lend` and `compare` keep for `--resume` may stay. A reader that goes away is no error
(exit code 0, nothing said); standard output that is closed from the start is one.
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

PAGE = 4096
PAGES_LEFT = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
FILES = {
    "train": "train data.dat --method svm --model {out}/new.json",
    "predict": "predict many.csv --model model.json --output {out}/new.csv",
    "membership": "membership data.dat --method efsvm --k 3 --output {out}/new.csv",
    "convert": "convert model.json --to onnx --output {out}/new.onnx",
    "report": "report results.json --output {out}/new.html",
    "simulate-loans": "simulate-loans --n 300 --output {out}/new.csv",
}
FOLDERS = {
    "lend": "lend --simulated-loans 1500 --split random --trials 3 --train 250 --test 150 --c 1 --gamma 0.02 "
            "--methods class-cost,cs-rf --save {out}/saved --out {out}/new",
    "compare": "compare data.dat --repeats 2 --c 1,16 --gamma 0.1 --methods svm,w-elm --out {out}/new",
}
PRINTED = {
    "predict": "predict many.csv --model model.json",
    "membership": "membership data.dat --method efsvm --k 3",
    "report": "report results.json --output -",
    "simulate-loans": "simulate-loans --n 300",
    "methods": "methods",
    "help": "lend --help",
}
RECORD = ("results.json", "report.html")
"""Files that name the time of the run, so that they are not compared."""


class Bench:
    """A folder with inputs, and the runs in it."""

    def __init__(self, binary, folder):
        self.binary, self.folder, self.complaints, self.runs = binary, folder, [], 0

    def run(self, command, **streams):
        self.runs += 1
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams}
        return subprocess.run([self.binary, *command.split()], cwd=self.folder, text=True, check=False, **streams)

    def ok(self, command):
        run = self.run(command)
        if run.returncode != 0:
            sys.exit(f"{command}: {run.stderr}")

    def complain(self, where, what):
        self.complaints.append(f"{where}: {what}")

    def check_failure(self, where, run):
        if run.returncode != 1:
            self.complain(where, f"exit code {run.returncode}, expected 1: {run.stderr}")
        lines = [line for line in run.stderr.splitlines() if not line.startswith("note:")]
        if len(lines) != 1 or not lines[0].startswith("error: "):
            self.complain(where, f"expected one line of an error: {run.stderr!r}")


def keel(n, every):
    """A KEEL file of n samples of which every so many is positive."""
    rows = (f"{((i * 0.7) % 3.1) + (0.8 if i % every == 0 else 0):.6f},{(i * 1.618034) % 2.7:.6f},"
            f"{'positive' if i % every == 0 else 'negative'}" for i in range(n))
    return ("@relation r\n@attribute a real [0,9]\n@attribute b real [0,9]\n@attribute class {positive,negative}\n"
            "@inputs a,b\n@outputs class\n@data\n" + "\n".join(rows) + "\n")


def contents(folder):
    """Every file below the folder by its name, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@contextlib.contextmanager
def disk(folder, options):
    """A tmpfs on the folder, or None where it cannot be mounted."""
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(folder, pages):
    """Fills the disk but for so many pages."""
    status = os.statvfs(folder)
    with (folder / "other").open("wb") as file:
        file.write(b"x" * PAGE * (status.f_bfree - pages))


def full_disk(bench, whole):
    """Every command on disks with less and less space left."""
    ended = {0: 0, 1: 0}
    for name, command in {**FILES, **FOLDERS}.items():
        for pages in PAGES_LEFT:
            where = f"{name} with {pages} pages left"
            with disk(bench.folder / "disk", "size=2m") as out:
                if out is None:
                    return None
                (out / "kept.txt").write_text("someone's\n")
                fill(out, pages)
                before = contents(out)
                run = bench.run(command.format(out="disk") + " --quiet")
                after = contents(out)
                if any(after.get(file) != content for file, content in before.items()):
                    bench.complain(where, "changed what stood there")
                written = {file: content for file, content in after.items() if file not in before}
                ended[1 if run.returncode else 0] += 1
                if run.returncode == 0:
                    missing = [f for f, content in whole[name].items() if f not in written
                               or (pathlib.Path(f).name not in RECORD and written[f] != content)]
                    if missing or len(written) != len(whole[name]):
                        bench.complain(where, f"exit code 0, but not the same: {missing or sorted(written)}")
                    continue
                bench.check_failure(where, run)
                left = [f for f in written if f.endswith(".part") or (name in FILES)]
                if left:
                    bench.complain(where, f"left {', '.join(left)}")
                for file, content in written.items():
                    is_whole = whole[name].get(file) == content or pathlib.Path(file).name in RECORD
                    if name in FOLDERS and "unfinished" not in file and not is_whole:
                        bench.complain(where, f"left a part of {file}")
                if name in FOLDERS:
                    (out / "other").unlink()
                    again = bench.run(command.format(out="disk") + " --quiet --resume")
                    if again.returncode != 0:
                        bench.complain(where, f"does not go on with space: {again.stderr}")
    return ended


def replaced_on_full_disk(bench):
    """With --force the old file stands until the new one is whole."""
    for name, command in FILES.items():
        with disk(bench.folder / "disk", "size=2m") as out:
            if out is None:
                return
            new = out / pathlib.Path(command.split()[-1]).name
            new.write_text("old\n")
            fill(out, 0)
            before = contents(out)
            bench.check_failure(f"{name} --force on a full disk", bench.run(f"{command.format(out='disk')} --force"))
            if contents(out) != before:
                bench.complain(f"{name} --force on a full disk", "changed the folder")


def read_only(bench):
    """Every command in a folder that nobody may write to."""
    for name, command in {**FILES, **FOLDERS}.items():
        with disk(bench.folder / "disk", "size=64k") as out:
            if out is None:
                return False
            (out / "new.json").write_text("old\n")
            subprocess.run(["mount", "-o", "remount,ro", out], check=True)
            for flags in ("", " --force"):
                run = bench.run(command.format(out="disk") + flags)
                bench.check_failure(f"{name}{flags} in a read-only folder", run)
                if contents(out) != {"new.json": b"old\n"}:
                    bench.complain(f"{name} in a read-only folder", "changed it")
    return True


def closed(bench):
    """Standard output that goes away, is closed, or is full; standard error that is closed."""
    for name, command in PRINTED.items():
        first, second = os.pipe()
        run = subprocess.Popen([bench.binary, *command.split()], cwd=bench.folder, stdout=second, stderr=subprocess.PIPE,
                               text=True)
        os.close(second)
        os.read(first, 1)
        os.close(first)
        said = run.communicate()[1]
        bench.runs += 1
        if run.returncode != 0 or said:
            bench.complain(f"{name} | head -c 1", f"exit code {run.returncode}: {said!r}")
        for stream, streams in (("1", ">&-"), ("2", "2>&-")):
            shell = f'"$0" {command} {streams}' + (" >/dev/null" if stream == "2" else "")
            run = subprocess.run(["sh", "-c", shell, bench.binary], cwd=bench.folder, stderr=subprocess.PIPE, text=True,
                                 check=False)
            bench.runs += 1
            if stream == "1":
                bench.check_failure(f"{name} >&-", run)
            elif run.returncode != 0:
                bench.complain(f"{name} 2>&-", f"exit code {run.returncode}")
        with open("/dev/full", "w", encoding="utf-8") as full:
            bench.check_failure(f"{name} > /dev/full", bench.run(command, stdout=full))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(str(pathlib.Path(args.binary).resolve()), pathlib.Path(name))
        (bench.folder / "data.dat").write_text(keel(400, 5))
        rows = "".join(f"{i % 31 / 10},{i % 27 / 10}\n" for i in range(20_000))
        (bench.folder / "many.csv").write_text("a,b\n" + rows)
        bench.ok("train data.dat --method svm --model model.json")
        bench.ok(FOLDERS["lend"].format(out="."))
        (bench.folder / "results.json").write_bytes((bench.folder / "new" / "results.json").read_bytes())
        whole = {}
        for job, command in {**FILES, **FOLDERS}.items():
            out = bench.folder / f"whole-{job}"
            out.mkdir()
            bench.ok(command.format(out=out.name) + " --quiet")
            whole[job] = contents(out)
        closed(bench)
        ended = full_disk(bench, whole)
        replaced_on_full_disk(bench)
        mounted = read_only(bench)
    if bench.complaints:
        sys.exit("\n".join(bench.complaints))
    if ended is None or not mounted:
        print("skipped: full disks and read-only folders, which need root to mount a tmpfs")
    else:
        print(f"{ended[1]} runs on a disk that became full and {ended[0]} that had just enough, all as they should be")
    print(f"{bench.runs} runs: every one ended well, or with exit code 1, one line and nothing half written")


if __name__ == "__main__":
    main()
