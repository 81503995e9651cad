# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the documentation as a web site, in build/docs/html: the guides, and a reference of everything in the
collection. With --pictures, and a browser, also pictures of a rollout on the virtual fleet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pictures
import workspace
import yaml

SITE = workspace.ROOT / "build" / "docs"
PAGES = SITE / "pages"
NAME = "cns.image_agent"
GUIDES = ".. guides: from docs/docsite/extra-docs.yml"  # the line of the front page that the tables of contents replace
# Pages of the repository that are part of the site as they are
TEXTS = {
    "CONTRIBUTING.md": "contributing.md",
    "docs/benchmarks.md": "benchmarks.md",
    "lab/README.md": "lab.md",
    "lab/PROTOCOL.md": "PROTOCOL.md",
}


def run(*command: str, **environment: str) -> None:
    subprocess.run(command, check=True, env={**os.environ, **environment})


def write_reference(collections: str) -> None:
    """The guides and a page for each plugin, module and role."""
    command = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
    run(*command, "--no-add-antsibull-docs-version", "--dest-dir", str(PAGES), NAME, ANSIBLE_COLLECTIONS_PATH=collections)
    index = (PAGES / "index.rst").read_text()
    about, _title, guides_and_plugins = index.partition("\nFirst steps\n")  # the guides stand on our own front page
    plugins = guides_and_plugins[guides_and_plugins.index(".. _plugin_index") :]
    about = about.replace("Cns.Image_Agent\n===============", "Reference\n=========")
    (PAGES / "reference.rst").write_text(f"{about}\n{plugins}")


def guides() -> str:
    """The tables of contents of the guides, by section. A guide that no section names comes last."""
    sections = yaml.safe_load((workspace.ROOT / "docs/docsite/extra-docs.yml").read_text())["sections"]
    named = {name for section in sections for name in section["toctree"]}
    others = sorted({file.stem for file in (PAGES / "docsite").glob("*.rst")} - named)
    sections.append({"title": "More", "toctree": others})
    return "\n\n".join(table(section["title"], section["toctree"]) for section in sections)


def table(title: str, names: list[str]) -> str:
    head = [".. toctree::", f"   :caption: {title}", "   :maxdepth: 1", ""]
    return "\n".join([*head, *(f"   docsite/{name}" for name in names)]) if names else ""


def add_pages() -> None:
    """The front page, and texts of the repository."""
    for source in (workspace.ROOT / "docs" / "site").iterdir():
        shutil.copy(source, PAGES)
    index = PAGES / "index.rst"
    index.write_text(index.read_text().replace(GUIDES, guides()))
    for text, page in TEXTS.items():
        shutil.copy(workspace.ROOT / text, PAGES / page)


def add_pictures(collections: str) -> None:
    """Take them, and give them a page."""
    pictures.main(str(PAGES / "pictures"), collections)
    index = PAGES / "index.rst"
    index.write_text(index.read_text().replace("   reference\n", "   reference\n   pictures\n", 1))


def write_pages(collections: str, with_pictures: bool) -> None:
    place = Path(collections) / "ansible_collections"
    workspace.copy_work_tree(place / "cns" / "image_agent")
    workspace.link_dependencies(place)
    write_reference(collections)
    add_pages()
    if with_pictures and pictures.browser():
        add_pictures(collections)
    else:
        (PAGES / "pictures.rst").unlink()


def main(with_pictures: bool) -> None:
    shutil.rmtree(SITE, ignore_errors=True)
    PAGES.mkdir(parents=True)
    PAGES.chmod(0o755)  # antsibull-docs writes nowhere that others may write
    # Elsewhere: Ansible takes the first ansible_collections in a path for the one that it is in.
    with tempfile.TemporaryDirectory() as collections:
        write_pages(collections, with_pictures)
    run("sphinx-build", "-q", "-W", "--keep-going", "-b", "html", str(PAGES), str(SITE / "html"))
    print(f"The front page: {SITE / 'html' / 'index.html'}")


if __name__ == "__main__":
    main("--pictures" in sys.argv)
