# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import stat

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.keep import Keep
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.limits import Buffer, Rate


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_only_the_owner_can_read_it(tmp_path):
    keep = Keep(str(tmp_path / "a" / "status" / "heard.jsonl"))
    keep.append({"device": "R1"})
    assert mode(tmp_path / "a" / "status") == 0o700
    assert mode(tmp_path / "a" / "status" / "heard.jsonl") == 0o600
    assert list(keep.entries()) == [{"device": "R1"}]


def test_a_symbolic_link_is_not_followed(tmp_path):
    target = tmp_path / "elsewhere"
    target.write_text("")
    (tmp_path / "heard.jsonl").symlink_to(target)
    with pytest.raises(OSError, match="symbolic link"):
        Keep(str(tmp_path / "heard.jsonl"))
    assert target.read_text() == ""


def test_a_link_that_came_later_is_not_followed_either(tmp_path):
    keep = Keep(str(tmp_path / "s" / "heard.jsonl"))
    target = tmp_path / "passwd"
    target.write_text("root")
    (tmp_path / "s" / "heard.jsonl").unlink()
    (tmp_path / "s" / "heard.jsonl").symlink_to(target)
    with pytest.raises(OSError):
        keep.append({"device": "R1"})
    assert target.read_text() == "root"


def test_a_pipe_is_no_journal(tmp_path):
    os.mkfifo(tmp_path / "heard.jsonl")
    with pytest.raises(OSError, match="not a regular file"):
        Keep(str(tmp_path / "heard.jsonl"))


def test_a_line_that_was_cut_off_takes_no_other_with_it(tmp_path):
    path = tmp_path / "s" / "heard.jsonl"
    keep = Keep(str(path))
    keep.append({"device": "R1"})
    with path.open("a") as file:
        file.write('{"device": "R')
    keep.append({"device": "R2"})
    assert list(keep.entries()) == [{"device": "R1"}, {"device": "R2"}]


def test_a_journal_that_has_grown_is_put_aside(tmp_path):
    path = tmp_path / "s" / "heard.jsonl"
    keep = Keep(str(path), largest=100)
    for number in range(20):
        keep.append({"device": "R%d" % number})
    assert path.stat().st_size < 200
    aside = [json.loads(line) for line in (tmp_path / "s" / "heard.jsonl.1").read_text().splitlines()]
    assert aside[-1]["device"] != "R19" and aside


def test_a_rate_has_a_burst_and_comes_back():
    rate = Rate(8, 3)
    assert [rate.allows(5.0) for _time in range(4)] == [True, True, True, False]
    assert rate.allows(5.25) and rate.allows(5.25) and not rate.allows(5.25)
    assert [rate.allows(99.0) for _time in range(4)] == [True, True, True, False]


def test_the_oldest_makes_room_and_is_counted():
    buffer = Buffer(2)
    assert [buffer.put(item) for item in "abc"] == [True, True, False]
    assert (buffer.dropped, len(buffer)) == (1, 2)
    assert [buffer.take(), buffer.take(), buffer.take()] == ["b", "c", None]
