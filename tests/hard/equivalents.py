# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mutants that do what the original does, or that differ only in what nobody is promised; each with the reason."""

from __future__ import annotations

_FAR = "far more than what is looked for, and far less than what is long"
EQUIVALENTS: dict[str, str] = {
    **{f"answer.py : {number} -> {number + by}": _FAR for number in (1024, 8192) for by in (1, -1)},
    **{f"long_lines.py : 4000 -> {number}": _FAR for number in (3999, 4001)},
    "safe_text.py ending: 0 -> 1": "a blank at the very beginning is found only if all behind it is kept",
    "safe_text.py ending: blank >= 0 -> blank > 0": "a blank at the very beginning is found only if all behind it is kept",
    "scrub.py : 3 -> 4": "no use of an escape goes so deep; the number is there for the time that it takes",
    "secret.py : 8 -> 9": "more would be as right; the number is there for the time that it takes",
    "trigger.py send: 0 -> -1": "one command has one answer",
    "words.py interface: 0 -> -1": "at most one name of an interface is chosen",
}
