# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-builder makes of meta/execution-environment.yml, from the artifact: the context of an image, and our requirements.

No image is built, which would take an engine and a base image.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Iterator

import yaml
from package import INSTALLED, NAME, build, expect, run
from packaging.requirements import Requirement
from workspace import ROOT

WANTED = {"asyncssh", "jmespath", "rich"}
FILES = ("requirements/*.txt", "tests/*/requirements.txt")


def requirements(text: str) -> dict[str, Requirement]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return {found.name: found for found in (Requirement(line) for line in lines if line and not line.startswith("-r "))}


def contradictions(ours: dict[str, Requirement]) -> Iterator[str]:
    """What is tested with has to be something that an environment may contain."""
    for file in sorted(found for pattern in FILES for found in ROOT.glob(pattern)):
        for name, other in requirements(file.read_text()).items():
            for version in (given.version for given in other.specifier if given.operator in ("==", "~=", ">=")):
                if name in ours and not ours[name].specifier.contains(version):
                    yield f"{file.relative_to(ROOT)} says {other}, and meta/ee-requirements.txt {ours[name]}"


def context(scratch: str, artifact: str) -> None:
    """Lay out what an image is built from, in the collection as it ships: the artifact and our requirements."""
    collection, made = Path(scratch, INSTALLED, "ansible_collections", *NAME.split(".")), Path(scratch, "context")
    shutil.copy(artifact, collection)
    run(scratch, "ansible-builder", "create", "-f", str(collection / "meta/execution-environment.yml"), "-c", str(made))
    name = Path(artifact).name
    expect({name}, {file.name for file in (made / "_build/artifact").iterdir()}, "artifacts in the context")
    wanted = yaml.safe_load((made / "_build/requirements.yml").read_text())["collections"]
    expect({f"/build/artifact/{name}"}, {collection["name"] for collection in wanted}, "collections of the image")
    expect(WANTED, set(requirements((made / "_build/requirements.txt").read_text())), "requirements of the image")


def introspected(scratch: str) -> None:
    """See which requirements an image gets that contains the collection, whoever builds it."""
    found = yaml.safe_load(run(scratch, "ansible-builder", "introspect", INSTALLED, "--sanitize"))
    ours = {kind: [line for line in lines if line.endswith(f"# from collection {NAME}")] for kind, lines in found.items()}
    expect(WANTED, set(requirements("\n".join(ours["python"]))), "requirements of the collection")
    expect(set(), set(ours.get("system", [])), "system packages of the collection")


def main() -> None:
    ours = requirements((ROOT / "meta/ee-requirements.txt").read_text())
    if found := list(contradictions(ours)):
        sys.exit("\n".join(found))
    with tempfile.TemporaryDirectory() as scratch:
        artifact, _packed = build(scratch)
        run(scratch, "ansible-galaxy", "collection", "install", artifact, "--no-deps", "--offline", "-p", INSTALLED)
        introspected(scratch)
        context(scratch, artifact)
    print(f"{len(ours)} requirements")


if __name__ == "__main__":
    main()
