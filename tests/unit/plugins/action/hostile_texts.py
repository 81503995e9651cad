# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that could act where they come: on a device, a terminal, in a file of lines, in a template."""

from __future__ import annotations

from hypothesis import strategies as st

WORD = "q7word"
PIECES = [
    *(
        "\n",
        "\r",
        "\r\nreload\r\n",
        "\nend\n",
        "end\n",
        "do reload",
        "\t",
        " ",
        "\x00",
        "\x03",
        "\x08",
        "\x15",
        "\x1a",
        "\x1b[A",
        "\x7f",
    ),
    *(
        "?",
        "|",
        " | redirect flash:x",
        '"',
        "'",
        "!",
        ";",
        "\\",
        "%",
        "^C",
        "\x85",
        "\xa0",
        "\u2028",
        "\u2029",
        "\u202e",
        "\ufeff",
    ),
    *("\u00e9", "\u0661", "\uff1f", "\u200b", "{{ 7 * 7 }}", "{% raw %}", "%s", "a" * 5000),
]
NO_TEXT = "\ud800"  # which core takes for an action, but hands to no module


def texts_of(pieces: list[str]) -> st.SearchStrategy[str]:
    """An ordinary word with such pieces around it."""
    some = st.lists(st.sampled_from(pieces), max_size=2).map("".join)
    return st.builds(lambda before, after: before + WORD + after, some, some).filter(lambda text: text != WORD)


hostile = texts_of(PIECES)
hostile_to_actions = texts_of([*PIECES, NO_TEXT])
