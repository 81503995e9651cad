# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, JournalTail
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import entry

FIRST, SECOND = entry(1, "r1", "triggered"), entry(2, "rü", "triggered")


def _lines(*entries):
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in entries)


def test_each_entry_comes_once(tmp_path):
    path = tmp_path / "journal.jsonl"
    tail, journal = JournalTail(str(path)), Journal(str(path))
    assert tail.new_entries() == []
    journal.write("r1", "phase", phase="away")
    journal.write("r2", "phase", phase="away")
    assert [entry["host"] for entry in tail.new_entries()] == ["r1", "r2"]
    assert tail.new_entries() == []
    journal.write("r3", "phase", phase="away")
    assert [entry["host"] for entry in tail.new_entries()] == ["r3"]


def test_a_line_that_is_being_written_is_waited_for(tmp_path):
    path = tmp_path / "journal.jsonl"
    tail = JournalTail(str(path))
    path.write_text(_lines(FIRST) + '{"b"', encoding="utf-8")
    assert tail.new_entries() == [FIRST]
    path.write_text(_lines(FIRST, SECOND), encoding="utf-8")
    assert tail.new_entries() == [SECOND]


def test_what_is_no_entry_is_left_out(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"no\n%b\xff\xfe\n{}\n%b\n%b" % (_lines(FIRST).encode(), b"[" * 100000, _lines(SECOND).encode()))
    assert JournalTail(str(path)).new_entries() == [FIRST, SECOND]


def test_a_journal_that_another_may_have_put_there_is_not_followed(tmp_path):
    (tmp_path / "real.jsonl").write_text(_lines(FIRST), encoding="utf-8")
    os.symlink(tmp_path / "real.jsonl", tmp_path / "link.jsonl")
    os.mkfifo(tmp_path / "pipe.jsonl")
    for name in ("link.jsonl", "pipe.jsonl"):
        assert JournalTail(str(tmp_path / name)).new_entries() == []
