# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of the collection in which its tests run with pytest alone, because ansible-test takes seconds to begin."""

from __future__ import annotations

import shutil
from pathlib import Path

import ansible_collections

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("plugins", "roles", "playbooks", "meta", "extensions", "tests", "lab", "tools")


def prepared(name: str) -> Path:
    """A new copy with a name; the collections that it depends on are found beside it."""
    root = ROOT / "build/hard" / name / "ansible_collections"
    shutil.rmtree(root, ignore_errors=True)
    target = root / "cns/image_agent"
    for folder in COPIED:
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
    installed = Path(next(iter(ansible_collections.__path__)))
    for namespace in ("ansible", "cisco"):
        (root / namespace).symlink_to(installed / namespace)
    return target
