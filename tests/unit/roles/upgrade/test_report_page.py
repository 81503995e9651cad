# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a report, looked at by a real browser: light and dark, on a phone, without scripts, without a network."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import page as pages
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    OLD,
    ended,
    entry,
    plan,
    upgrade,
    wave,
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>\"'&{{ 7 * 7 }}"
DESKTOP, PHONE = 1280, 360  # pixels

needs_a_browser = pytest.mark.skipif(
    CHROMIUM is None,
    reason="there is no chromium: install it to have the page of the report tested (on Debian: apt install chromium)",
)


def fleet():
    """A rollout that stopped in its second wave, with an outcome of every kind."""
    hosts = ["r%d" % number for number in range(2, 8)]
    finding = {"severity": "block", "what": "12 MB free of " + HOSTILE, "why": "", "fix": "delete " + HOSTILE}
    difference = {"what": "routes", "before": 40, "after": HOSTILE, "verdict": "worse"}
    return [
        *(plan(0, ["r1"], hosts, ["r8", "r9"]), wave(0, 1, 3, "r1"), *upgrade(0, "r1")),
        *(wave(200, 2, 3, *hosts), *upgrade(200, "r2"), entry(320, "r2", "checked", differences=[difference])),
        ended(205, "r3", "up_to_date", "it runs it"),
        *(entry(206, "r4", "triggering", before=OLD), ended(900, "r4", "unknown", "nobody knows " + HOSTILE * 3)),
        *(entry(204, "r5", "preflight", ready=False, findings=[finding]), ended(205, "r5", "blocked", HOSTILE)),
        *(entry(206, "r6", "triggering", before=dict(OLD, version=HOSTILE)), ended(207, "r7", "skipped", "too late")),
        entry(901, None, "stopped", wave=2, reason="2 of 6 failed: " + HOSTILE),
    ]


def render(entries, journal="rollout/journal.jsonl"):
    return pages.render(report(entries), journal)


class Elements(HTMLParser):
    """Collects the elements of a page, and checks that each one that is opened is closed."""

    VOID = ("meta", "br", "img", "link", "input")

    def __init__(self, page):
        super().__init__()
        self.found, self._open = [], []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag


@pytest.mark.parametrize(
    "entries",
    [[], [plan(0, ["r1"])], [ended(1, "r1", "unheard", "of")], fleet()],
    ids=["nothing", "planned", "no rollout", "fleet"],
)
def test_nothing_a_device_says_becomes_part_of_the_page(entries):
    elements = Elements(render(entries, journal=HOSTILE)).found
    assert {tag for tag, _attributes in elements}.isdisjoint({"script", "img", "link", "iframe", "form", "a"})
    assert not any(name.startswith("on") or name in ("src", "href") for _tag, names in elements for name in names)
    assert {tag for tag, _attributes in elements} > {"html", "head", "style", "main", "h1", "footer"}


def test_the_page_fetches_nothing():
    page = render(fleet())
    style = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style and "@import" not in style
    assert "default-src 'none'" in page


@pytest.mark.parametrize(
    "tail, verdict",
    [
        ([], "Interrupted, or still in progress"),
        ([entry(9, None, "finished")], "No device failed"),
        ([ended(5, "r1", "failed", "x"), entry(9, None, "finished")], "1 device failed"),
        ([entry(8, None, "stopped", wave=2, reason="too many"), entry(9, None, "finished")], "Stopped in wave 2"),
    ],
)
def test_the_verdict_comes_first(tail, verdict):
    page = render([plan(0, ["r1"]), *tail])
    assert verdict in page.split('id="verdict"')[1].split("</div>")[0]


# The page in a frame of the width of a screen, in which no script runs, and what its insides measure.
FRAME = """<!doctype html>
<iframe sandbox="allow-same-origin" src="page.html" style="width:%dpx;height:3000px;border:0"></iframe>
<script>
onload = () => {
  const page = document.querySelector("iframe").contentDocument, body = page.body;
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => numbers(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [.2126, .7152, .0722][place], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
  };
  const contrast = (node) => {
    const [dark, bright] = [light(getComputedStyle(node).color), light(behind(node))].sort((one, other) => one - other);
    return (bright + .05) / (dark + .05);
  };
  const texts = [...body.querySelectorAll("*")]
    .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
  const seen = texts.filter((node) => !node.closest(".unseen, thead"));
  const right = Math.max(...seen.map((node) => node.getBoundingClientRect().right));
  const facts = {
    paper: light(getComputedStyle(body).backgroundColor).toFixed(3),
    contrast: Math.min(...seen.map(contrast)).toFixed(2),
    overflow: Math.max(page.documentElement.scrollWidth, Math.ceil(right)) - page.documentElement.clientWidth,
    devices: page.querySelectorAll("tr.device").length,
    headers: page.querySelectorAll("thead th[scope=col]").length + "/" + page.querySelector("tr.device").cells.length,
    bars: page.querySelectorAll(".track i").length,
    empty: [...page.querySelectorAll(".track i")].filter((bar) => bar.getBoundingClientRect().width < 1).length,
    title: page.title,
    verdict: page.querySelector("#verdict").textContent.trim().slice(0, 20),
    last: page.querySelector("#not-started h2").textContent,
    outside: page.defaultView.performance.getEntriesByType("resource").length,
  };
  document.title = "measured";
  document.body.textContent = Object.entries(facts).map(([name, value]) => name + "=" + value).join("\\n");
};
</script>"""


@pytest.fixture(name="page")
def fixture_page(tmp_path):
    (tmp_path / "page.html").write_text(render(fleet()), encoding="utf-8")
    return tmp_path


def measure(page, width, dark):
    """What the page measures on a screen of a width, as text by name."""
    (page / "frame.html").write_text(FRAME % width, encoding="utf-8")
    command = [
        *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
        *("--allow-file-access-from-files", "--window-size=1400,3200", "--virtual-time-budget=3000"),
        "--blink-settings=preferredColorScheme=%d" % (0 if dark else 1),
        *("--user-data-dir=%s" % (page / "profile"), "--dump-dom", (page / "frame.html").as_uri()),
    ]
    seen = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    assert "<title>measured</title>" in seen
    lines = html.unescape(re.sub(r"<[^>]*>", "", seen.split("<body>")[1])).splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


@needs_a_browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_page_can_be_read(page, width, dark):
    facts = measure(page, width, dark)
    assert (float(facts["paper"]) < 0.05) == dark
    assert float(facts["contrast"]) >= 4.5  # WCAG 2, level AA
    assert int(facts["overflow"]) <= 0
    assert facts["headers"] == "7/7"
    assert (facts["devices"], facts["empty"]) == ("5", "0")
    assert int(facts["bars"]) > 10
    assert facts["title"] == "Upgrade to 15.7(3)M9: stopped"
    assert (facts["verdict"], facts["last"]) == ("✕ Stopped in wave 2.", "Not started, and why")
    assert facts["outside"] == "0"
