# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables that nothing reads: one that is misspelled is as good as not set, and nobody would say so."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_COLLECTION = Path(__file__).resolve().parents[3]
_NAME = re.compile(r"\bcns_\w+")


def _read_by(*folders: str) -> frozenset[str]:
    """Every name that begins with cns_ in the roles and playbooks of the collection, and in the code that reads variables."""
    files = [file for folder in folders for pattern in ("*.yml", "*.py") for file in (_COLLECTION / folder).rglob(pattern)]
    return frozenset(name for file in files for name in _NAME.findall(file.read_text(encoding="utf-8")))


READ = _read_by("roles", "playbooks", "plugins/plugin_utils/fleet")  # once, before core forks its workers


def warnings(task: Any, names: Iterable[str]) -> list[str]:
    """A sentence for each variable in ``names`` that nothing reads, in tasks of our own roles and playbooks.

    A playbook of the user's may have variables of its own that begin like ours.
    """
    if not str(task.get_path() or "").startswith((str(_COLLECTION / "roles"), str(_COLLECTION / "playbooks"))):
        return []
    return [_sentence(name) for name in sorted(names) if name.startswith("cns_") and name not in READ]


def _sentence(name: str) -> str:
    nearest = difflib.get_close_matches(name, READ, n=1, cutoff=0.8)
    hint = " Did you mean %s?" % nearest[0] if nearest else ""
    return "The variable %s is set, and nothing here reads it.%s" % (name, hint)
