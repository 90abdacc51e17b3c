#!/usr/bin/env python3
"""Bill of materials in CycloneDX 1.6: sbom.py [--package fuzzysvm-cli] [--output FILE].

What a build of the package consists of, by `cargo metadata` and Cargo.lock: every crate that is linked or runs while it is
built, with version, licence, source and SHA-256. Development dependencies are left out. The same tree gives the same file.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def cargo_metadata() -> dict:
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def reachable(resolve: dict[str, dict], root: str) -> dict[str, list[str]]:
    """Each package that a build of `root` needs, with those that it depends on."""
    found: dict[str, list[str]] = {}
    waiting = [root]
    while waiting:
        package = waiting.pop()
        if package in found:
            continue
        needed = [d["pkg"] for d in resolve[package]["deps"] if any(k["kind"] != "dev" for k in d["dep_kinds"])]
        found[package] = sorted(p for p in needed if p != package)
        waiting += needed
    return found


def component(package: dict, checksums: dict[tuple[str, str], str]) -> dict:
    name, version = package["name"], package["version"]
    purl = f"pkg:cargo/{name}@{version}"
    entry = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if package["license"]:
        # The older spelling of OR.
        entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    if checksum := checksums.get((name, version)):
        entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if package["repository"]:
        entry["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return entry


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--package", default="fuzzysvm-cli")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    metadata = cargo_metadata()
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    checksums = {(p["name"], p["version"]): p["checksum"] for p in lock if "checksum" in p}
    packages = {p["id"]: p for p in metadata["packages"]}
    root = next((p["id"] for p in metadata["packages"] if p["name"] == arguments.package and p["source"] is None), None)
    if root is None:
        sys.exit(f"no package {arguments.package} in the workspace")
    found = reachable({n["id"]: n for n in metadata["resolve"]["nodes"]}, root)
    components = {package: component(packages[package], checksums) for package in found}
    lacking = [c["purl"] for package, c in components.items()
               if "licenses" not in c or (packages[package]["source"] and "hashes" not in c)]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": components.pop(root) | {"type": "application"}},
        "components": sorted(components.values(), key=lambda c: c["bom-ref"]),
        "dependencies": sorted(
            ({"ref": f"pkg:cargo/{packages[p]['name']}@{packages[p]['version']}",
              "dependsOn": sorted({f"pkg:cargo/{packages[d]['name']}@{packages[d]['version']}" for d in needed})}
             for p, needed in found.items()),
            key=lambda d: d["ref"],
        ),
    }
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    if arguments.output:
        arguments.output.write_text(text)
        print(f"{arguments.output}: {len(components)} components of {arguments.package}")
    else:
        print(text, end="")
    if lacking:
        print(f"without a licence or a checksum: {', '.join(sorted(lacking))}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
