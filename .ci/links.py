#!/usr/bin/env python3
"""Checks the links of the Markdown files: files, headings, included sources, paths of the repository, chapters of the book.

Links into the internet are not followed. Prints what is broken and exits with 1, or says how much was checked.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "docs" / "src"
# What Git knows or could know: no build outputs.
FILES = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT, check=True, capture_output=True, text=True,
).stdout.splitlines()
# Pages that name files which are gone, or which their reader is to write.
PATHS_UNCHECKED = {"CHANGELOG.md", "docs/src/extending.md"}
FOLDERS = {str(parent) for name in FILES for parent in Path(name).parents}


def without_code(text: str) -> str:
    """The text with fenced and indented code blanked, line by line."""
    lines, fenced = [], False
    for line in text.splitlines():
        fence = line.lstrip().startswith("```")
        lines.append("" if fence or fenced or line.startswith("    ") else line)
        fenced ^= fence
    return "\n".join(lines)


def anchors(path: Path) -> set[str]:
    """The anchors of the headings, made as GitHub and mdBook make them."""
    found: set[str] = set()
    for heading in re.findall(r"^#+\s+(.*)$", without_code(path.read_text()), re.M):
        base = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        anchor, repeats = base, 0
        while anchor in found:
            repeats += 1
            anchor = f"{base}-{repeats}"
        found.add(anchor)
    return found


def main() -> int:
    broken, checked = [], 0
    for name in sorted(n for n in FILES if n.endswith(".md")):
        path = ROOT / name
        raw, text = path.read_text(), without_code(path.read_text())
        # [text](target) and ![alt](target), but not what stands in backticks.
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", text)):
            if re.match(r"[a-z]+:", target):
                continue
            checked += 1
            file, _, anchor = target.partition("#")
            goal = (path.parent / file).resolve() if file else path
            inside = goal.is_relative_to(BOOK) or not path.is_relative_to(BOOK)
            if not goal.exists():
                broken.append(f"{name}: no file {target}")
            elif not inside:
                broken.append(f"{name}: {target} leaves the book")
            elif anchor and goal.suffix == ".md" and anchor not in anchors(goal):
                broken.append(f"{name}: no heading {target}")
        for target in re.findall(r"\{\{#include ([^}:]+)", raw):
            checked += 1
            if not (path.parent / target).exists():
                broken.append(f"{name}: no file {target} to include")
        # Paths in backticks, such as `crates/qp/src/smo`, must exist, as must each variant of `tests/{laws,edges}.rs`.
        paths = "" if name in PATHS_UNCHECKED else text
        for target in re.findall(r"`((?:crates|docs|benches|fuzz|\.ci)/[\w./{},-]*)`", paths):
            group = re.search(r"\{([\w,]+)\}", target)
            for part in group.group(1).split(",") if group else [""]:
                checked += 1
                single = target.replace(group.group(0), part) if group else target
                if single.rstrip("/") not in FILES and single.rstrip("/") not in FOLDERS:
                    broken.append(f"{name}: no path {single}")
    chapters = set(re.findall(r"\]\((\w[\w-]*\.md)\)", (BOOK / "SUMMARY.md").read_text()))
    for page in sorted(p.name for p in BOOK.glob("*.md")):
        checked += 1
        if page != "SUMMARY.md" and page not in chapters:
            broken.append(f"docs/src/SUMMARY.md: no chapter {page}")
    print("\n".join(broken) if broken else f"{checked} links and paths in Markdown files are sound")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
