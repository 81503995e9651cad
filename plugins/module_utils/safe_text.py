# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make text of a device fit to be shown: it must not act on the terminal of who reads it, or forge a line. Pure."""

from __future__ import annotations

import re

# Control characters of both sets, what changes the direction of writing, separators of lines, invisible marks, what is no text.
_ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]+")
_LONGEST = 2000  # characters of one reason or message


def safe(text: object) -> str:
    """One line of printable text; what would act is a blank, and what is too long is cut."""
    line = " ".join(_ACTS.sub(" ", str(text)).split(" "))
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "..."
