# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check that what is committed can be released under the version in galaxy.yml. Prints one line per finding.

To what tools/package.py checks of the artifact this adds what may differ between two releases, and is checked before one only.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import changelog
import package
import yaml
from workspace import ROOT, git_names

RELEASES = "changelogs/changelog.yaml"


def _text(name: str | Path) -> str:
    return (ROOT / name).read_text()


def _key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _uncommitted() -> Iterator[str]:
    """A release is made of what is committed; anything else in these folders would be packed with it."""
    changed = git_names("diff", "--name-only", "HEAD")
    unknown = git_names("ls-files", "--others", "--exclude-standard")
    for name in sorted({*changed, *unknown}):
        yield f"{name}: is not committed"


def _changelog(version: str) -> Iterator[str]:
    """The changelog has this version as its newest, and says what the fragments and plugins say."""
    releases = yaml.safe_load(_text(RELEASES))["releases"]
    if max(releases, key=_key) != version:
        yield f"{RELEASES}: the newest release is {max(releases, key=_key)}, and galaxy.yml has {version}: run make changelog"
        return
    if not releases[version]["changes"].get("release_summary"):
        yield f"{RELEASES}: {version} has no release_summary: add one in changelogs/fragments/{version}.yml"
    written = changelog.write("--date", str(releases[version]["release_date"]))
    for name in changelog.FILES:
        if (written / name).read_text() != _text(name):
            yield f"{name}: is older than the fragments or the plugins: run make changelog"


def _floors() -> dict[str, str]:
    """The oldest version of everything that the collection needs, as ``{name: version}``."""
    needs = yaml.safe_load(_text("galaxy.yml"))["dependencies"]
    needs["ansible-core"] = yaml.safe_load(_text("meta/runtime.yml"))["requires_ansible"]
    return {name: wanted.removeprefix(">=") for name, wanted in needs.items()}


def _documented_floors(text: str) -> Iterator[tuple[str, str]]:
    yield from re.findall(r"`+(\w+\.\w+)`+ >= (\d[\d.]*\d)", text)
    yield from re.findall(r"(ansible-core)`* (\d[\d.]*\d) or later", text)


def _requirements() -> Iterator[str]:
    """README and roles ask for what galaxy.yml and meta/runtime.yml ask for, and README names each core that is tested."""
    floors, readme = _floors(), _text("README.md")
    said = dict(_documented_floors(readme))
    for name, floor in floors.items():
        if name not in said or not f"{floor}.".startswith(f"{said[name]}."):
            yield f"README.md: {name} has to be {floor} or later, and it says {said.get(name, 'nothing')}"
    for file in sorted(ROOT.glob("roles/*/meta/main.yml")):
        if (found := yaml.safe_load(file.read_text())["galaxy_info"]["min_ansible_version"]) != floors["ansible-core"]:
            yield f"{file.relative_to(ROOT)}: min_ansible_version is {found}, and meta/runtime.yml has {floors['ansible-core']}"
    for file in sorted(ROOT.glob("requirements/ansible-3.*.txt")):
        (core,) = re.findall(r"ansible-core (\d+\.\d+)", file.read_text())
        if not re.search(rf"\b{re.escape(core)}\b", readme):
            yield f"README.md: does not say that the tests pass with ansible-core {core}, as {file.relative_to(ROOT)} has it"


def _versions(version: str) -> Iterator[str]:
    """What ships names no version of this collection that is yet to come, and no artifact of another one."""
    for name in filter(package.ships, git_names("ls-files")):
        text = _text(name)
        for added in re.findall(r"^\s*version_added: *[\"']?(\d[\d.]*)", text, re.MULTILINE):
            if _key(added) > _key(version):
                yield f"{name}: version_added is {added}, and galaxy.yml has {version}"
        for artifact in re.findall(r"cns-image_agent-(\d+\.\d+\.\d+)", text):
            if artifact != version:
                yield f"{name}: names an artifact of {artifact}, and galaxy.yml has {version}"


def main() -> int:
    version = yaml.safe_load(_text("galaxy.yml"))["version"]
    findings = [*_uncommitted(), *_requirements(), *_versions(version), *_changelog(version)]
    if findings:
        print("\n".join(findings))
        return 1
    package.check(git_names("ls-files"))
    print(f"{version} can be released")
    return 0


if __name__ == "__main__":
    sys.exit(main())
