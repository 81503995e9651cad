# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.tail import JournalTail


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
    path.write_text('{"a": 1}\n{"b"')
    assert tail.new_entries() == [{"a": 1}]
    path.write_text('{"a": 1}\n{"b": "ü"}\n', encoding="utf-8")
    assert tail.new_entries() == [{"b": "ü"}]


def test_what_is_no_json_is_left_out(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'no\n{"a": 1}\n\xff\xfe\n' + b"[" * 100000 + b'\n{"b": 2}\n')
    assert JournalTail(str(path)).new_entries() == [{"a": 1}, {"b": 2}]
