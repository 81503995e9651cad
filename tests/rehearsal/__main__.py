# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m tests.rehearsal mixed|killed|jobs|lost|outcomes [--seed N]``, or without a name all of them: C(make rehearsal)."""

from __future__ import annotations

import argparse
import os
import random
import time

from . import jobs, killed, lost, mixed, outcomes
from .stage import timed

BASE = os.environ.get("LAB_ADDRESS_BASE", "127.132.0.0")  # several may run at a time, beside the integration tests
REHEARSALS = {
    "mixed": lambda arguments: mixed.rehearse(arguments.seed),
    "killed": lambda arguments: killed.rehearse(arguments.seed, arguments.devices),
    "jobs": lambda arguments: jobs.rehearse(BASE),
    "lost": lambda arguments: lost.rehearse(BASE, arguments.seed, arguments.jobs_devices),
    "outcomes": lambda arguments: outcomes.rehearse(arguments.seed, arguments.upgrades),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.rehearsal", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *REHEARSALS], metavar="|".join(REHEARSALS))
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="to have the same faults and moments again")
    parser.add_argument("--devices", type=int, default=60, help="of killed (default: 60)")
    parser.add_argument("--upgrades", type=int, default=200, help="of outcomes, a multiple of five (default: 200)")
    parser.add_argument("--jobs-devices", type=int, default=40, help="of lost (default: 40)")
    arguments = parser.parse_args()
    for name in arguments.names or REHEARSALS:
        begin = time.monotonic()
        print(f"\n{name}, --seed {arguments.seed}", flush=True)
        REHEARSALS[name](arguments)
        print(f"{name}: all true, {timed(begin)}", flush=True)


if __name__ == "__main__":
    main()
