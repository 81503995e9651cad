# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Journals that somebody else has written, or cut: nothing that reads one raises, and nothing in it acts on who looks on."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import table
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import entries as entries_file
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import journal as journal_file
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import state
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.artifact import artifact, entries_of, read
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, JournalTail
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.merge import merge
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.page import render
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Progress
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report, rows
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.screens import PlainScreen
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    OLD,
    TARGET,
    ended,
    entry,
    plan,
    upgrade,
    wave,
)

FINDING = {"check": "saved", "severity": "warn", "what": "not saved", "why": "lost", "fix": "write"}
DIFFERENCE = {"what": "interfaces_up", "before": 4, "after": 3, "verdict": "worse"}
MESSAGE = {"at": 5.0, "device": "r1", "state": "failed", "reason": "no space", "operation": "distribution"}
JOURNAL = [
    dict(plan(0, ["r1"], ["r2", "r3"]), targets={"r1": TARGET, "r2": TARGET}),
    *(wave(0, 1, 2, "r1"), *upgrade(0, "r1"), entry(120, "r1", "checked", differences=[DIFFERENCE])),
    *(wave(200, 2, 2, "r2", "r3"), entry(204, "r2", "preflight", ready=False, findings=[FINDING])),
    *(ended(205, "r2", "blocked", "not saved"), entry(206, "r3", "snapshot", snapshot={"routes": 4})),
    *(entry(206, "r3", "triggering", before=OLD), entry(207, "r3", "phase", phase="working", detail="slow")),
    *(ended(300, "r3", "failed", "no space"), entry(301, "r3", "posted", messages=[MESSAGE], disagreement="heard otherwise")),
    *(entry(302, None, "stopped", wave=2, reason="1 of 2 failed"), entry(303, None, "finished")),
]
TAGS = set(re.findall("<([a-z][a-z0-9]*)", render(report(JOURNAL))))

# Control characters of both sets, separators of lines, what changes the direction of writing, half characters.
ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _deep(levels, as_list):
    value = "bottom"
    for _level in range(levels):
        value = [value] if as_list else {"<b>": value}
    return value


ACTING = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[2J\x1b]0;taken\x07",
    "a\nall\n",
    "a\r\u2028\u0085b",
    "\x00",
    "\ud800",
    "\udcff\udfff",
    "\u202egnp.exe",
    "=1+1",
    "9" * 5000,
    "\u0661",
    "x" * 3000,
]
TEXT = st.sampled_from(ACTING) | st.text(max_size=20)
NUMBERS = (
    st.sampled_from([10**400, -(10**400), 2**63, -1, 1e308, float("nan"), float("inf"), 2.5e11, True])
    | st.floats()
    | st.integers()
)
SCALARS = st.none() | TEXT | NUMBERS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
) | st.builds(_deep, st.sampled_from([15, 25, 200]), st.booleans())


def places(value, path=()):
    """Every place in a value, as the keys that lead there."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


PLACES = [place for place in places(JOURNAL) if place]


def changed(found, place, value, as_key):
    """The journal with another value in a place, or under another key."""
    inside = found
    for key in place[:-1]:
        inside = inside[key]
    if as_key and isinstance(inside, dict) and isinstance(value, str):
        inside[value] = inside.pop(place[-1])
    else:
        inside[place[-1]] = value
    return found


@st.composite
def hostile(draw):
    """The bytes of a journal in which a few values are others, and then a few bytes."""
    found = copy.deepcopy(JOURNAL)
    for _change in range(draw(st.integers(1, 3))):
        try:
            changed(found, draw(st.sampled_from(PLACES)), draw(VALUES), draw(st.booleans()))
        except (KeyError, IndexError, TypeError):
            pass  # an earlier change has taken this place away
    whole = [json.dumps(line, ensure_ascii=draw(st.booleans())) for line in found]
    lines = [line.encode("utf-8", "surrogatepass") for line in whole]
    if draw(st.booleans()):
        at = draw(st.integers(0, len(lines) - 1))
        cut = draw(st.integers(0, len(lines[at])))
        lines[at] = lines[at][:cut] + draw(st.sampled_from([b"", b"\xff", b"\x00", b"\n", b"\r", b"[" * 3000, b"}"]))
    return b"\n".join(lines) + draw(st.sampled_from([b"\n", b""]))


class Elements(HTMLParser):
    """The elements of a page, and the names of their attributes."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _value in attrs)


def shown(entries):
    """The lines that are printed while a journal is followed."""
    progress, lines = Progress(), []
    screen = PlainScreen(lines.append)
    for number, each in enumerate(entries):
        change = progress.add(each)
        screen.show(progress, [change] if change else [], 60.0 * number)
    progress.remaining(400)
    screen.close(progress, 4000)
    return lines


@given(content=hostile())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60)
def test_everything_that_reads_a_journal_reads_any(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "journal.jsonl"
    path.write_bytes(content)
    entries = Journal(str(path)).entries()
    assert [each for each in JournalTail(str(path)).new_entries() if each not in entries] == []
    for host, steps in state.by_host(entries).items():
        state.begun(steps, TARGET)
        assert host is None or Journal(str(path)).entries(host) == steps
    assert not any(map(ACTS.search, shown(entries)))
    kept = json.loads(json.dumps(artifact(entries, ["r3"])))
    try:
        left = entries_of(kept)
    except ValueError as error:  # for people, and of a target that is none
        left = []
        assert str(error).startswith("it is not the artifact of a rollout")
    for told in (report(entries), merge([report(entries), report(left)])):
        check(told)


def check(told):
    """What is shown of a report acts on nobody, in whatever form."""
    json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    assert not any(map(ACTS.search, [*told["limit"], *table.table(rows(told["devices"]))]))
    written = table.to_csv(rows(told["devices"]))
    assert len(list(csv.reader(io.StringIO(written, newline="")))) == len(told["devices"]) + 1
    page = render(told, "journal")
    elements = Elements(page)
    assert elements.tags <= TAGS and not any(name.startswith(("on", "src", "href")) for name in elements.attributes)
    assert not ACTS.search(page.replace("\n", ""))


NO_NUMBERS = [["9" * 5000], "9" * 5000, "\u0663", "\u00b2", 10**30, 1e300, -1, True, None, "1\n"]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: repr(value)[:9])
@pytest.mark.parametrize("field", ["wave", "of"])
@pytest.mark.parametrize("step", ["wave", "stopped"])
def test_a_number_of_a_wave_that_is_none(value, field, step):
    lines = [dict(each, **({field: value} if each["step"] == step else {})) for each in copy.deepcopy(JOURNAL)]
    check(report([each for each in map(entries_file.parsed, (json.dumps(each).encode() for each in lines[:-2])) if each]))
    check(report(lines))


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def short_lines(monkeypatch):
    """No line is longer than 1000 bytes."""
    monkeypatch.setattr(journal_file, "LONGEST", 1000)


def line(number, more=""):
    return json.dumps(dict(entry(number, "r1", "triggered"), more=more)).encode() + b"\n"


@pytest.mark.parametrize("size", [999, 1000, 1001, 1002, 2001, 2002, 5000, 100_000])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_that_is_too_long_is_passed_over_and_hides_no_other(tmp_path, short_lines, size, end):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line(1) + b"x" * size + end + (line(2) if end else b""))
    whole = [1, 2] if end else [1]
    assert [each["at"] for each in Journal(str(path)).entries()] == whole
    tail = JournalTail(str(path))
    assert [each["at"] for each in tail.new_entries()] == whole
    with path.open("ab") as file:
        file.write(b"\n" + line(3))
    assert [each["at"] for each in tail.new_entries()] == [3]
    assert [each["at"] for each in Journal(str(path)).entries()] == [*whole, 3]


def test_a_file_of_zeros_takes_no_memory(tmp_path, short_lines):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line(1))
    os.truncate(path, 50 * 1024 * 1024)
    read_at_once = []

    class Spy(io.FileIO):
        def readinto(self, buffer):
            read_at_once.append(len(buffer))
            return super().readinto(buffer)

    with io.BufferedReader(Spy(str(path))) as file:
        assert [bool(entries_file.parsed(each)) for each in journal_file._lines(file)] == [True, False]
    assert max(read_at_once) < 1024 * 1024


def test_a_journal_in_the_place_of_another_is_followed_from_its_beginning(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line(1) + line(2))
    tail = JournalTail(str(path))
    assert [each["at"] for each in tail.new_entries()] == [1, 2]
    path.write_bytes(line(3))  # cut, and begun anew
    assert [each["at"] for each in tail.new_entries()] == [3]
    path.unlink()
    assert tail.new_entries() == []
    path.write_bytes(line(4) + line(5))
    assert [each["at"] for each in tail.new_entries()] == [4, 5]


def test_a_host_is_found_however_its_name_is_written(tmp_path):
    path = tmp_path / "journal.jsonl"
    lines = [json.dumps(entry(at, "rü", "triggered"), ensure_ascii=at == 1) for at in (1, 2)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [each["at"] for each in Journal(str(path)).entries("rü")] == [1, 2]


# -- artifacts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("levels", [5, 19, 25, 900, 5000])
def test_an_artifact_that_is_deeply_nested(levels):
    made = json.loads(json.dumps(artifact(JOURNAL)))
    made["report"]["devices"][0]["differences"] = [{"what": _deep(levels, True)}]
    made["in_progress"] = {"r3": {"before": _deep(levels, False), "snapshot": {"boot_list": _deep(levels, True)}}}
    left = entries_of(made)
    assert any(each["host"] == "r3" and each["step"] == "triggering" for each in left)
    check(report(left))


def _pipe(path):
    os.mkfifo(path)


def _zeros(path):
    path.write_bytes(b"")
    os.truncate(path, 20 * 1024 * 1024)


@pytest.mark.parametrize(
    "make, said",
    [
        (_pipe, "cannot be read: it is not a regular file"),
        (_zeros, "cannot be read: it is larger than an artifact can be"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "neither JSON nor a file of JSON"),
        (lambda path: path.write_bytes(b"[" * 100_000), "neither JSON nor a file of JSON"),
        (lambda path: path.symlink_to("/dev/zero"), "cannot be read: it is not a regular file"),
        (lambda path: None, "cannot be read: No such file or directory"),
    ],
    ids=["pipe", "zeros", "bytes", "deep", "device", "missing"],
)
def test_a_file_that_is_no_artifact_is_refused_in_a_sentence(tmp_path, make, said):
    make(tmp_path / "artifact.json")
    with pytest.raises(ValueError, match=said):
        read(str(tmp_path / "artifact.json"))


def test_an_event_that_was_cut_off_hides_no_artifact(tmp_path):
    folder = tmp_path / "job_events"
    folder.mkdir()
    made = json.dumps(artifact(JOURNAL))
    (folder / "1.json").write_text(made)
    (folder / "2.json").write_text(made[:100])
    (folder / "3.json").write_bytes(b"\xff\x00")
    os.mkfifo(folder / "4.json")
    assert read(str(tmp_path)) == json.loads(made)
