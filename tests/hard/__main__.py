# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m tests.hard [secrets|mutants|thousand|full|properties] [--short] [--seed N] [--only FILE]``: C(make test-hard)."""

from __future__ import annotations

import argparse
import random
import sys
import time

from . import full, mutation, planted, properties, thousand

PARTS = {
    "secrets": lambda arguments: planted.check(arguments.short),
    "mutants": lambda arguments: mutation.check(arguments.short, arguments.seed, arguments.only),
    "thousand": lambda arguments: thousand.check(arguments.short, arguments.seed),
    "full": lambda arguments: full.check(),
    "properties": lambda arguments: properties.check(),
}
SHORT = ("secrets", "mutants", "thousand")  # the property tests as such are among the unit tests


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hard", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *PARTS], metavar="|".join(PARTS))
    parser.add_argument("--short", action="store_true", help=f"less of {' and '.join(SHORT)}, in two minutes")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="to have the same sample of mutants again")
    parser.add_argument("--only", default="", help="a piece of the name of the file whose mutants are tried")
    arguments = parser.parse_args()
    failed = [name for name in arguments.names or (SHORT if arguments.short else PARTS) if not _holds(name, arguments)]
    print(f"\n{'failed: ' + ', '.join(failed) if failed else 'all held'}")
    return 1 if failed else 0


def _holds(name: str, arguments: argparse.Namespace) -> bool:
    begin = time.monotonic()
    print(f"\n{name}, --seed {arguments.seed}", flush=True)
    held = PARTS[name](arguments)
    print(f"{name}: {'held' if held else 'FAILED'}, {time.monotonic() - begin:.0f} s", flush=True)
    return held


if __name__ == "__main__":
    sys.exit(main())
