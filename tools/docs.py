# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the documentation as a web site, in build/docs/html: the guides, and a reference of everything in the collection."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import workspace

SITE = workspace.ROOT / "build" / "docs"
PAGES = SITE / "pages"
NAME = "cns.image_agent"
# Pages of the repository that are part of the site as they are
TEXTS = {"CONTRIBUTING.md": "contributing.md", "docs/benchmarks.md": "benchmarks.md", "lab/README.md": "lab.md", "lab/PROTOCOL.md": "PROTOCOL.md"}


def run(*command: str, **environment: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **environment})


def write_reference(collections: str) -> None:
    """The guides and a page for each plugin, module and role."""
    command = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
    run(*command, "--no-add-antsibull-docs-version", "--dest-dir", str(PAGES), NAME, ANSIBLE_COLLECTIONS_PATH=collections)
    (PAGES / "index.rst").rename(PAGES / "reference.rst")


def add_pages() -> None:
    """The front page, and texts of the repository."""
    for source in (workspace.ROOT / "docs" / "site").iterdir():
        shutil.copy(source, PAGES)
    for source, page in TEXTS.items():
        shutil.copy(workspace.ROOT / source, PAGES / page)


def main() -> None:
    shutil.rmtree(SITE, ignore_errors=True)
    PAGES.mkdir(parents=True)
    PAGES.chmod(0o755)  # antsibull-docs writes nowhere that others may write
    space = workspace.prepare(3)
    write_reference(space.environment["ANSIBLE_COLLECTIONS_PATH"])
    add_pages()
    run("sphinx-build", "-q", "-W", "--keep-going", "-b", "html", str(PAGES), str(SITE / "html"))
    print(f"The front page: {SITE / 'html' / 'index.html'}")


if __name__ == "__main__":
    main()
