# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a device is called and says, its report acts on nobody: as CSV, as a table, as a page and as JSON."""

from __future__ import annotations

import csv
import functools
import html.parser
import io
import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.files import write_text
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import table
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.page import render
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report, rows
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    TARGET,
    entry,
    plan,
    upgrade,
    wave,
)

# Formulas of every locale, signs of full width, what acts on a terminal or turns the direction of writing, and what is no text.
PIECES = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "|calc", ";=1", ",@x", "\t=1", "\n=1", "\r=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"),
    *(
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\u2028",
        "\u2029",
        "\x85",
        "\x0b",
        "\x00",
        "\x1b[2J",
        "\x1b]0;t\x07",
        "\x9b1m",
        "\x7f",
    ),
    *(
        "<script>alert(1)</script>",
        '" onload="x',
        "' x='",
        "&lt;",
        "]]>",
        "{{ 7*7 }}",
        "{% raw %}",
        "\ud800",
        "\udc80",
        "\u00e9",
        "R1",
        " ",
    ),
]
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
# A page may have line breaks of its own.
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Tags(html.parser.HTMLParser):
    """The tags and attributes of a page, in order."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(name for name, _value in attrs)))


def journal(host, text):
    before = {"version": text, "xe_version": None, "image_file": text}
    return [
        plan(0, [host]),
        wave(1, 1, 1, host),
        entry(
            2,
            host,
            "preflight",
            ready=True,
            findings=[{"check": text, "severity": "warning", "what": text, "why": text, "fix": text}],
        ),
        entry(3, host, "triggering", before=before),
        entry(4, host, "phase", phase="away", detail=text),
        entry(9, host, "ended", outcome="failed", reason=text, after=before, elapsed=5.0),
        entry(9, host, "checked", differences=[{"severity": "critical", "what": text, "before": text, "after": text}]),
        *upgrade(20, "r2"),
    ]


def begins_no_formula(cell):
    pieces = re.split(r"[\n\r\t;,|]", cell)
    return not any(
        piece.lstrip(" \ufeff\u200b\u202e\u2066").startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20")) for piece in pieces
    )


@settings(max_examples=50, deadline=None)
@given(host=texts, text=texts)
def test_the_spreadsheet_has_no_formula_and_the_terminal_no_command(host, text):
    told = rows(report(journal(host, text))["devices"])
    written = table.to_csv(told)
    written.encode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]", written)
    lines = list(csv.reader(io.StringIO(written, newline="")))
    assert len(lines) == 1 + len(told) and len(set(map(len, lines))) == 1
    assert all(begins_no_formula(cell) for line in lines for cell in line)
    shown = table.table(told)
    assert len(shown) == 1 + len(told)
    assert all(line.isprintable() for line in shown)


@functools.lru_cache(maxsize=None)
def _ordinary():
    return Tags(render(report(journal("R1", "text")), "journal")).found


@settings(max_examples=15, deadline=None)
@given(host=texts.filter(str.isprintable), text=texts)
def test_the_page_has_no_tag_but_its_own(host, text):
    page = render(report(journal(host, text)), text)
    page.encode()
    assert not ACTS.search(page)
    assert Tags(page).found == _ordinary()


@settings(max_examples=30, deadline=None)
@given(host=texts, text=texts)
def test_json_is_read_as_it_was_written(tmp_path_factory, host, text):
    told = report(journal(host, text))
    path = tmp_path_factory.mktemp("json") / "report.json"
    write_text(str(path), json.dumps(told, indent=4, ensure_ascii=False) + "\n")
    written = path.read_bytes().decode()
    assert "\x00" not in written
    assert len(json.loads(written)["devices"]) == len(told["devices"])
    assert TARGET["version"] in written
