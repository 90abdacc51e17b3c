#!/usr/bin/env python3
"""Runs the commands of README.md, the book and the crates' pages: commands.py PATH-OF-FUZZYSVM.

Every block of commands is run by a shell, in a folder with small files under the names that the page uses; what takes minutes
is given fewer loans, trials, folds and values (the flags below), and never other flags than that.
Of commands in the running text, of which some have a placeholder, every flag must be one of the subcommand. Of `cargo`, the
package and the example must exist; CI runs the crates' examples elsewhere. Rust in the book must be that of a crate. Prints
file and line of what fails and exits with 1.
"""

import gzip
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs/src").glob("*.md")), *sorted(ROOT.glob("crates/*/README.md"))]
# For each subcommand: flags that make a run small, each left out where the page gives it or where it has no meaning.
SMALL = {
    "lend": {"--trials": "1", "--train": "100", "--test": "100", "--c": "1", "--gamma": "0.02", "--k": "1,3",
             "--methods": "iefsvm", "--simulated-loans": "2000"},
    "compare": {"--methods": "svm,iefsvm", "--folds": "2", "--inner-folds": "2", "--repeats": "2", "--c": "1,16",
                "--gamma": "0.25"},
}


def table(n: int = 90) -> str:
    """Three columns and a class, one sample in five positive, with overlap."""
    rows = ["a,b,kind,y"]
    for i in range(n):
        shift = 1.0 if i % 5 == 0 else -0.5
        label = "yes" if i % 5 == 0 else "no"
        rows.append(f"{math.sin(1.7 * i) + shift:.4f},{math.sin(2.9 * i) - shift:.4f},{'uvw'[i % 3]},{label}")
    return "\n".join(rows) + "\n"


def keel(n: int = 90) -> str:
    head = "".join(f"@attribute {name} real [-9.0, 9.0]\n" for name in "ab") + "@attribute class {negative, positive}\n"
    rows = [line.split(",") for line in table(n).splitlines()[1:]]
    rows = [f"{a}, {b}, {'positive' if y == 'yes' else 'negative'}" for a, b, _, y in rows]
    return "@relation small\n" + head + "@inputs a, b\n@outputs class\n@data\n" + "\n".join(rows) + "\n"


def libsvm(n: int = 90) -> str:
    rows = [line.split(",") for line in table(n).splitlines()[1:]]
    return "".join(f"{'+1' if y == 'yes' else '-1'} 1:{a} 2:{b}\n" for a, b, _, y in rows)


def stand_ins(page: str, folder: Path, fuzzysvm: str) -> None:
    """Writes the files that the page's commands read."""
    def run(args: str) -> None:
        subprocess.run([fuzzysvm, *args.split()], cwd=folder, check=True, capture_output=True)

    text = (ROOT / page).read_text()
    for name in ["new.csv", "test.csv", "data.csv", "a.csv", "b.csv"]:
        (folder / name).write_text(table())
    for name in ["loans.csv", "later-loans.csv", "new-loans.csv"]:
        # What is called loans is a loan book. Enough for the components that the page of approximations asks for.
        if name in text:
            run(f"simulate-loans --n {2500 if page == 'docs/src/approximation.md' else 400} --output {name}")
    for name in ["keel/near.dat", "keel/far.dat", "keel/rare.dat", "yeast4.dat", "test.dat"]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(keel())
    for name in [".local/share/man/man1", ".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"]:
        (folder / name).mkdir(parents=True)
    if "LoanStats3a.csv" in text:
        run("simulate-loans --n 2500 --seed 1 --output LoanStats3a.csv")
    if "on_offer.csv" in text:
        run("simulate-loans --n 300 --seed 2 --output on_offer.csv")
    if page == "docs/src/data.md":
        loans = (folder / "LoanStats3a.csv").read_bytes()
        for name in ["LoanStats3a.csv.gz", "LoanStats3b.csv.gz", "loans.csv.gz"]:
            (folder / name).write_bytes(gzip.compress(loans, 1))
        run("train on_offer.csv --c 1 --model loans.json")
        loans = (folder / "on_offer.csv").read_text()
        (folder / "loans.csv").write_text(loans.replace("loan_status", "status", 1).replace("int_rate", "Interest rate", 1))
        flowers = table().partition("\n")[2].replace(",yes\n", ",Iris-virginica\n").replace(",no\n", ",Iris-setosa\n")
        (folder / "iris.data.gz").write_bytes(gzip.compress(flowers.encode()))
        (folder / "a9a.svm").write_text(libsvm())
        (folder / "a9a.svm.gz").write_bytes(gzip.compress(libsvm().encode()))
        (folder / "a9a.t.svm").write_text(libsvm(30))
        run("train a9a.svm --model narrow.json")
        run("train new.csv --model m.json")
    if page == "docs/src/report.md":
        run("compare keel/near.dat keel/far.dat " + " ".join(f"{k} {v}" for k, v in SMALL["compare"].items()) + " --out old")


def blocks(text: str) -> list[list[tuple[int, str]]]:
    """The commands of each indented or fenced block, with their lines; a line that ends with a backslash goes on in the next."""
    found, block, fenced = [], [], False
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            line = ""
        if fenced or line.startswith("    "):
            block.append((number, line.strip()))
        elif block:
            found.append(block)
            block = []
    commands = []
    for block in found:
        typed = any(line.startswith("$ ") for _, line in block)
        lines: list[tuple[int, str]] = []
        for number, line in block:
            if lines and lines[-1][1].endswith("\\"):
                lines[-1] = (lines[-1][0], lines[-1][1][:-1] + line)
            elif not typed or line.startswith("$ "):
                lines.append((number, line.removeprefix("$ ")))
        commands.append([(n, c) for n, c in lines if re.match(r"(fuzzysvm|cargo) [a-z-]|[^#=]*\| fuzzysvm ", c)])
    return [block for block in commands if block]


def cargo(command: str) -> str | None:
    """What is wrong with a command of Cargo."""
    package = re.search(r" (?:-p|--package) ([\w-]+)", command)
    folders = [path.parent for path in [*ROOT.glob("crates/*/Cargo.toml"), ROOT / "benches/Cargo.toml"]
               if not package or f'name = "{package[1]}"' in path.read_text()]
    if not folders:
        return f"no package {package[1]}"
    example = re.search(r" --example ([\w-]+)", command)
    sources = [f"examples/{example[1]}.rs", f"examples/{example[1]}/main.rs"] if example else []
    if example and not any((folder / source).exists() for folder in folders for source in sources):
        return f"no example {example[1]}"
    path = re.search(r" --path (\S+)", command)
    if path and not (ROOT / path[1] / "Cargo.toml").exists():
        return f"no package in {path[1]}"
    return None if re.match(r"cargo (run|test|bench|install|doc|add) ", command) else "a command of Cargo that is not looked at"


def small(command: str) -> str:
    """The command with less to do."""
    command = re.sub(r"(--n )\d{5,}", r"\g<1>2000", command)
    words = re.search(r"fuzzysvm (\w+)", command)
    flags = dict(SMALL.get(words[1], {})) if words else {}
    if "--loans" in command:
        flags.pop("--simulated-loans", None)
    if "--split walk-forward" in command:
        for name in ["--trials", "--train", "--test", "--k"]:
            flags.pop(name, None)
    extra = "".join(f" {name} {value}" for name, value in flags.items() if f"{name} " not in command)
    # A comment ends what is typed.
    typed, comment, rest = command.partition(" #")
    return typed.rstrip() + extra + comment + rest


def clear_outputs(command: str, folder: Path) -> None:
    """Removes what a command writes, as the commands of a page need not be of one session."""
    if "--force" in command:
        return
    flags = ["--out", "--output", "--save"] + (["--model"] if "fuzzysvm train" in command else [])
    for flag in flags:
        for name in re.findall(rf"{flag} (\S+)", command):
            if not name.startswith("~"):
                subprocess.run(["rm", "-rf", folder / name], check=True)


def kill_one(command: str, folder: Path, environment: dict[str, str]) -> None:
    """Leaves behind what a run that is killed leaves."""
    out = folder / re.search(r"--out (\S+)", command)[1]
    subprocess.run(["rm", "-rf", out], check=True)
    first = ["bash", "-c", "exec " + re.sub("--resume", "", command)]
    with subprocess.Popen(first, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while run.poll() is None and not (out / "unfinished").exists():
            time.sleep(0.002)
        run.kill()


def run_block(page: str, block: list[tuple[int, str]], folder: Path, binary: Path) -> list[str]:
    failed = []
    (folder / ".bin").mkdir()
    (folder / ".bin/fuzzysvm").symlink_to(binary)
    environment = {**os.environ, "HOME": str(folder), "PROFILE": "profile.ps1", "PATH": f"{folder / '.bin'}:{os.environ['PATH']}"}
    for line, command in block:
        ours = re.sub(r"cargo run --release -- ", "fuzzysvm ", command)
        if ours.startswith("cargo "):
            if wrong := cargo(ours):
                failed.append(f"{page}:{line}: {command}: {wrong}")
            continue
        clear_outputs(ours, folder)
        ours = small(ours)
        if "--resume" in ours:
            kill_one(ours, folder, environment)
        try:
            result = subprocess.run(["bash", "-eo", "pipefail", "-c", ours], cwd=folder, env=environment, capture_output=True,
                                    text=True, timeout=100, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            failed.append(f"{page}:{line}: {ours}: not finished after 100 s")
            continue
        if result.returncode:
            failed.append(f"{page}:{line}: {ours}: exit code {result.returncode}: {result.stderr.strip()[-500:]}")
    return failed


def run_page(path: Path, binary: Path) -> tuple[int, list[str]]:
    page = str(path.relative_to(ROOT))
    found = blocks(path.read_text())
    failed = []
    if found:
        with tempfile.TemporaryDirectory() as name:
            stock = Path(name) / "stock"
            stock.mkdir()
            stand_ins(page, stock, str(binary))
            for number, block in enumerate(found):
                folder = Path(name) / str(number)
                shutil.copytree(stock, folder)
                failed += run_block(page, block, folder, binary)
    return sum(map(len, found)), failed


def run_text(binary: Path) -> tuple[int, list[str]]:
    """Flags of the commands in running text."""
    def help_of(*words: str) -> str:
        return subprocess.run([binary, *words, "--help"], check=True, capture_output=True, text=True).stdout

    names = [name for name in re.findall(r"^  ([a-z][a-z-]+)  ", help_of(), re.M) if name != "help"]
    flags = {name: set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", help_of(name))) for name in names}
    count, failed = 0, []
    for path in PAGES:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for code in re.findall(r"`([^`]+)`", line):
                words = code.removeprefix("fuzzysvm ").split()
                ours = code.startswith("fuzzysvm ") and re.fullmatch("[a-z-]+", words[0])
                if not ours and not (words and words[0] in flags and any(w.startswith("--") for w in words)):
                    continue
                count += 1
                if words[0] not in flags:
                    wrong = [] if words[0].startswith("-") else [f"no command {words[0]}"]
                else:
                    known = flags[words[0]]
                    wrong = [f"no flag {w}" for w in words if re.match("--[a-z]", w) and re.split(r"[=,;.]", w)[0] not in known]
                failed += [f"{path.relative_to(ROOT)}:{number}: {code}: {what}" for what in wrong]
    return count, failed


def run_rust() -> tuple[int, list[str]]:
    """Rust that is no test of its own: every line must stand in the source of a crate, where it is compiled."""
    def plain(text: str) -> str:
        return re.sub(r",(?=[)}\]])", "", re.sub(r"\s|///", "", text))

    sources = plain("\n".join(path.read_text() for path in sorted(ROOT.glob("crates/*/*/**/*.rs"))))
    count, failed = 0, []
    for path in (page for page in PAGES if page.is_relative_to(ROOT / "docs")):
        inside = False
        for number, line in enumerate(path.read_text().splitlines(), 1):
            code = line.strip()
            if code.startswith("```"):
                inside = code.startswith("```rust")
            elif inside and code and not code.startswith(("//", "{{#include", "opposite_distance::")):
                count += 1
                if plain(code) not in sources:
                    failed.append(f"{path.relative_to(ROOT)}:{number}: {code}: in the source of no crate")
    return count, failed


def main() -> int:
    binary = Path(sys.argv[1]).resolve()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda path: run_page(path, binary), PAGES))
    (in_text, wrong), (lines, missing) = run_text(binary), run_rust()
    failed = [what for _, page in results for what in page] + wrong + missing
    if failed:
        print("\n".join(failed))
        return 1
    ran = sum(count for count, _ in results)
    print(f"{ran} commands of the pages run, {in_text} in their text have flags that exist, {lines} lines of Rust are a crate's")
    return 0


if __name__ == "__main__":
    sys.exit(main())
