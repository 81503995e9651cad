# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: import_all.py PLACE. Import every Python file of the collection that is installed in PLACE, from there."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from ansible.plugins.loader import init_plugin_loader

PACKAGE = "ansible_collections.cns.image_agent"


def _import(name: Path, file: Path) -> ModuleType:
    if name.parts[0] == "plugins":
        return importlib.import_module(".".join([PACKAGE, *name.with_suffix("").parts]))
    # Not for Ansible's loader: who uses it imports it by its path.
    spec = importlib.util.spec_from_file_location(name.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(place: Path) -> None:
    init_plugin_loader([str(place)])
    collection = place.joinpath(*PACKAGE.split("."))
    for file in sorted(collection.rglob("*.py")):
        name = file.relative_to(collection)
        try:
            found = Path(_import(name, file).__file__ or "").resolve()
        except Exception as exc:
            sys.exit(f"{name} cannot be imported: {type(exc).__name__}: {exc}")
        if found != file:
            sys.exit(f"{name} was imported from {found}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
