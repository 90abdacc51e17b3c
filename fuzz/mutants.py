#!/usr/bin/env python3
"""Which mutants of a crate do its tests let live? A random sample of those of cargo-mutants, all in one build.

    pip install tree-sitter tree-sitter-rust; cargo install cargo-mutants --locked
    git clone . ../mutated
    python3 fuzz/mutants.py ../mutated knn-entropy --sample 100 [--seed 1] [--only 17,40] [--doc] [--out FILE]

The clone is written to: each mutant of the sample becomes a branch that FUZZYSVM_MUTANT=CRATE:NUMBER takes while tests
run, so that nothing is compiled again for the next one. A mutant whose branch does not compile is unviable. The test
programs of the crate run in turn until a test fails; a program that takes longer than --timeout counts as failed. A number
is the place in the sorted list of all mutants but those of `fmt` and of `laws.rs`, which is made of tests. Left out are
mutants in constants, in chains of `let`, and of functions that return `impl`. --tests names the crates whose tests run
instead, to see whether a later one notices.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import threading

import tree_sitter
import tree_sitter_rust

TEST = ["cargo", "test", "--offline", "--locked", "-j1"]
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))
# Compiled into the crate: the number of the mutant to run, none by default.
SWITCH = """
#[doc(hidden)]
pub(crate) fn mutant(number: usize) -> bool {{
    static ACTIVE: std::sync::LazyLock<usize> = std::sync::LazyLock::new(|| {{
        std::env::var("FUZZYSVM_MUTANT").ok().and_then(|m| m.strip_prefix("{name}:")?.parse().ok()).unwrap_or(usize::MAX)
    }});
    *ACTIVE == number
}}
"""


def list_mutants(clone, crate):
    listed = subprocess.run(["cargo", "mutants", "--list", "--json", "-p", f"fuzzysvm-{crate}"], cwd=clone,
                            stdout=subprocess.PIPE, check=True).stdout
    every = json.loads(listed)
    wanted = [m for m in every if not m["file"].endswith("/laws.rs") and not re.search(r"\bfmt\b", m["name"])]
    return len(every), sorted(wanted, key=lambda m: m["name"])


class Source:
    """One file, and where its mutants become branches."""

    def __init__(self, text):
        self.text = text
        self.starts = [0]
        for line in text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line.encode()))
        self.lines = text.splitlines(keepends=True)
        self.bytes = text.encode()
        self.root = PARSER.parse(self.bytes).root_node
        self.edits = collections.OrderedDict()  # (start, end) -> [(number, kind, mutated text)]
        self.plain_fns = set()                  # where a `const` of a function is to go

    def offset(self, place):
        line = self.lines[place["line"] - 1]
        return self.starts[place["line"] - 1] + len(line[:place["column"] - 1].encode())

    def node(self, start, end, *kinds):
        found = self.root.descendant_for_byte_range(start, end)
        while found is not None and found.type not in kinds:
            found = found.parent
        return found

    def add(self, number, mutant):
        """Notes the mutant; says why where it cannot."""
        start, end = self.offset(mutant["span"]["start"]), self.offset(mutant["span"]["end"])
        new, genre = mutant["replacement"], mutant["genre"]
        function = self.node(start, end, "function_item")
        outer = self.node(start, end, "const_item", "static_item", "const_block", "array_type")
        if outer is not None and (function is None or outer.start_byte > function.start_byte):
            return "in a constant"
        for child in function.children if function is not None else ():
            if child.type == "function_modifiers":
                self.plain_fns |= {c.start_byte for c in child.children if c.type == "const"}
        if genre == "FnValue":
            if "impl " in mutant["function"]["return_type"]:
                return "returns one hidden type"
            self.edits.setdefault((start, start), []).append((number, "return", new))
            return None
        if genre == "BinaryOperator":
            whole = self.node(start, end, "binary_expression", "compound_assignment_expr", "let_chain")
            operator = whole and whole.child_by_field_name("operator")
            if operator is None or (operator.start_byte, operator.end_byte) != (start, end):
                return "in a chain of let"
        elif genre == "UnaryOperator":
            whole = self.node(start, end, "unary_expression")
            if whole is None or whole.start_byte != start:
                return "in a pattern"
        elif genre == "StructField":
            whole = self.node(start, end, "struct_expression")
            end += len(re.match(rb"\s*,?", self.bytes[end:]).group())
        elif genre == "MatchArmGuard":
            if self.bytes[start:end].startswith(b"let "):
                return "a guard of let"
            self.edits.setdefault((start, end), []).append((number, "expression", new))
            return None
        else:
            pattern = self.node(start, start, "match_arm").child_by_field_name("pattern")
            guard = pattern.child_by_field_name("condition")
            if guard is not None and guard.type.startswith("let"):
                return "a guard of let"
            at = (guard.start_byte, guard.end_byte) if guard is not None else (pattern.end_byte, pattern.end_byte)
            self.edits.setdefault(at, []).append((number, "expression" if guard is not None else "guard", "false"))
            return None
        mutated = self.bytes[whole.start_byte:start] + new.encode() + self.bytes[end:whole.end_byte]
        self.edits.setdefault((whole.start_byte, whole.end_byte), []).append((number, "expression", mutated.decode()))
        return None

    def plain(self, start, end):
        """The text from start to end, without the `const` of functions that have mutants."""
        out, at = [], start
        for const in sorted(c for c in self.plain_fns if start <= c < end):
            out.append(self.bytes[at:const].decode())
            at = const + len("const")
        return "".join([*out, self.bytes[at:end].decode()])

    def render(self, start=0, end=None, own=None):
        """The text from start to end with its branches; own is the edit whose inside this is."""
        end = len(self.bytes) if end is None else end
        inside = sorted((e for e in self.edits if start <= e[0] and e[1] <= end and e != own), key=lambda e: (e[0], -e[1]))
        out, at = [], start
        for edit in inside:
            if edit[0] < at:
                continue  # inside of the one before, which has rendered it
            out.append(self.plain(at, edit[0]))
            at = edit[1]
            for number, kind, new in self.edits[edit]:
                if kind == "return":
                    out.append(f"if crate::mutant({number}) {{ /*<{number}>*/ return {new}; /*</>*/ }} ")
                elif kind == "guard":
                    out.append(f" if /*<{number}>*/ !crate::mutant({number}) /*</>*/")
            branches = "".join(f"if crate::mutant({number}) {{ /*<{number}>*/ {new} /*</>*/ }} else "
                               for number, kind, new in self.edits[edit] if kind == "expression")
            if branches:
                out.append(f"({branches}{{ {self.render(*edit, own=edit)} }})")
        return "".join([*out, self.plain(at, end)])


def instrument(clone, crate, chosen):
    """Writes the branches of the chosen mutants (number -> mutant); the numbers that were not possible, and why."""
    src = pathlib.Path("crates") / crate / "src"
    subprocess.run(["git", "checkout", "-q", "--", str(src)], cwd=clone, check=True)
    left_out, sources = {}, {}
    for number, mutant in chosen.items():
        path = mutant["file"]
        if path not in sources:
            sources[path] = Source((clone / path).read_text())
        why = sources[path].add(number, mutant)
        if why:
            left_out[number] = why
    for path, source in sources.items():
        (clone / path).write_text(source.render())
    lib = clone / src / "lib.rs"
    lib.write_text(lib.read_text() + SWITCH.format(name=crate))
    return left_out


def build(clone, crate):
    """The test programs, or the numbers of the mutants that do not compile."""
    done = subprocess.run([*TEST, "-p", f"fuzzysvm-{crate}", "--lib", "--tests", "--no-run", "--message-format", "json"],
                          cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    programs, broken = [], set()
    for line in done.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("executable") and message["profile"]["test"]:
            programs.append(message["executable"])
        elif message.get("reason") == "compiler-message" and message["message"]["level"] == "error":
            spans = message["message"]["spans"]
            for span in sorted(spans, key=lambda s: not s["is_primary"]):
                before = (clone / span["file_name"]).read_bytes()[:span["byte_start"]].decode()
                opened = before.rfind("/*<")
                while opened >= 0 and before.startswith("/*</>", opened):
                    opened = -1
                if opened >= 0:
                    broken.add(int(re.match(r"\d+", before[opened + 3:]).group()))
                    break
            else:
                # A match that lacks the arm: the next one without its own.
                code = message["message"]["code"] or {}
                if code.get("code") == "E0004":
                    after = (clone / spans[0]["file_name"]).read_bytes()[spans[0]["byte_end"]:].decode()
                    broken.add(int(re.search(r"/\*<(\d+)>\*/ !crate", after).group(1)))
                elif spans:
                    sys.exit(f"an error outside of every mutant:\n{message['message']['rendered']}")
    return programs, broken


def fails(program, crate_dir, env, timeout):
    """Whether a test of the program fails: the name of the first, or None."""
    def limits():
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    process = subprocess.Popen(program, cwd=crate_dir, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               preexec_fn=limits)
    late = threading.Event()

    def stop():
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    timer = threading.Timer(timeout, lambda: (late.set(), stop()))
    timer.start()
    failed = None
    for line in process.stdout:
        if line.startswith("test ") and line.rstrip().endswith("FAILED"):
            failed = line.split()[1] if " ... " in line else line.strip()
            stop()
            break
    process.stdout.close()
    status = process.wait()
    timer.cancel()
    if late.is_set():
        return "timeout"
    return failed or (f"status {status}" if status else None)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("clone", type=pathlib.Path)
    arguments.add_argument("crate")
    arguments.add_argument("--sample", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", help="these numbers alone, in place of a sample")
    arguments.add_argument("--timeout", type=float, default=120)
    arguments.add_argument("--tests", help="the crates whose tests run, in place of its own")
    arguments.add_argument("--doc", action="store_true", help="run the examples of the documentation too")
    arguments.add_argument("--out", type=pathlib.Path, help="a JSON file of what came of each")
    options = arguments.parse_args()
    clone = options.clone.resolve()
    subprocess.run(["git", "checkout", "-q", "--", "crates"], cwd=clone, check=True)
    n_all, mutants = list_mutants(clone, options.crate)
    if options.only:
        numbers = [int(n) for n in options.only.split(",")]
    else:
        numbers = random.Random(options.seed).sample(range(len(mutants)), min(options.sample, len(mutants)))
    outcome, tried = {}, {n: mutants[n] for n in sorted(numbers)}
    suites = options.tests.split(",") if options.tests else [options.crate]
    while True:
        for number, why in instrument(clone, options.crate, tried).items():
            outcome[number] = f"left out: {why}"
            del tried[number]
        programs, broken = build(clone, suites[0])
        if not broken:
            break
        for number in broken:
            outcome[number] = "unviable"
            tried.pop(number, None)
    programs = [(p, suites[0]) for p in programs]
    for suite in suites[1:]:
        programs += [(p, suite) for p in build(clone, suite)[0]]
    environment = os.environ | {"PROPTEST_DISABLE_FAILURE_PERSISTENCE": "true", "PROPTEST_MAX_SHRINK_ITERS": "0"}
    assert programs, "nothing was built"
    for number in [None, *tried]:
        env = environment | {"FUZZYSVM_MUTANT": f"{options.crate}:{number}"}
        test = None
        for program, suite in programs:
            test = test or fails([program], clone / "crates" / suite, env, options.timeout)
        if test is None and options.doc:
            done = subprocess.run([*TEST, "-p", f"fuzzysvm-{options.crate}", "--doc"], cwd=clone, env=env,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            test = "documentation" if done.returncode else None
        if number is None:
            assert test is None, f"{test} fails without a mutant"
            continue
        outcome[number] = f"caught by {test}" if test else "survived"
        if not test:
            print(f"survived: {number} {mutants[number]['name']}", flush=True)
    counts = collections.Counter(re.split(" by |:", o)[0] for o in outcome.values())
    print(f"{options.crate}: {n_all} mutants, {len(mutants)} of them wanted, {len(numbers)} in the sample: {dict(counts)}")
    for number, why in sorted(outcome.items()):
        if why.startswith("left out"):
            print(f"{why}: {number} {mutants[number]['name']}")
    if options.out:
        options.out.write_text(json.dumps({n: [mutants[n]["name"], o] for n, o in sorted(outcome.items())}, indent=1))


if __name__ == "__main__":
    main()
