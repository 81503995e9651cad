# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the file of a journal: who may have written it, who can read it, and what is made of any bytes in it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import stat
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import private
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import state as rollout
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.entries import is_sound, parsed
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, JournalError
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    TARGET,
    ended,
    entry,
    journals,
    upgrade,
)

ANOTHER = 54321  # the number of a user who is not there


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "rollout" / "journal.jsonl")


def written(path):
    """A journal as an earlier run has left it."""
    Journal(path).write("r1", "triggered", target=TARGET)
    return path


def test_a_lock_that_nobody_lets_go_of_is_not_waited_for_for_ever(path, monkeypatch):
    monkeypatch.setattr(private.lock, "__defaults__", (0.05,))
    written(path)
    with open(path, "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(JournalError, match="another process has kept it locked for 0 seconds"):
            Journal(path).write("r1", "triggered", target=TARGET)
    Journal(path).write("r2", "triggered", target=TARGET)
    assert [one["host"] for one in Journal(path).entries()] == ["r1", "r2"]


def test_a_lock_that_is_let_go_of_is_waited_for(path):
    written(path)
    with open(path, "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        release = threading.Timer(0.2, fcntl.flock, (other, fcntl.LOCK_UN))
        release.start()
        Journal(path).write("r2", "triggered", target=TARGET)
        release.join()
    assert [one["host"] for one in Journal(path).entries()] == ["r1", "r2"]


def test_folder_and_file_are_private_from_the_start_whatever_the_umask(path):
    former = os.umask(0)
    try:
        written(path)
    finally:
        os.umask(former)
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o750
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def _link(path):
    os.rename(written(path), path + ".real")
    os.symlink(path + ".real", path)


def _link_to_nothing(path):
    os.mkdir(os.path.dirname(path))
    os.symlink(path + ".real", path)


def _pipe(path):
    os.mkdir(os.path.dirname(path))
    os.mkfifo(path)


def _device(path):
    os.mkdir(os.path.dirname(path))
    os.mkdir(path)


def _owned_by_another(path):
    os.chown(written(path), ANOTHER, ANOTHER)


def _folder_owned_by_another(path):
    os.chown(os.path.dirname(written(path)), ANOTHER, ANOTHER)


def _folder_linked_by_another(path):
    folder = os.path.dirname(written(path))
    os.rename(folder, folder + ".real")
    os.symlink(folder + ".real", folder)
    os.chown(folder, ANOTHER, ANOTHER, follow_symlinks=False)


PLANTED = [
    (_link, "it is a symbolic link, and links are not followed"),
    (_link_to_nothing, "it is a symbolic link, and links are not followed"),
    (_pipe, "it is not a regular file"),
    (_device, "it is not a regular file|Is a directory"),
    (_owned_by_another, r"it belongs to another user \(user ID 54321\)"),
    (_folder_owned_by_another, r"its folder belongs to another user \(user ID 54321\)"),
    (_folder_linked_by_another, r"its folder belongs to another user \(user ID 54321\)"),
]


@pytest.mark.parametrize("plant, reason", PLANTED)
@pytest.mark.parametrize("use", [lambda journal: journal.entries(), lambda journal: journal.write("r1", "triggered")])
def test_a_journal_that_another_may_have_put_there_is_refused_in_a_sentence(path, plant, reason, use):
    if "another" in plant.__name__ and os.geteuid() != 0:
        pytest.skip("only root can give files away")
    plant(path)
    with pytest.raises(JournalError, match="^The journal %s cannot be used: (%s)[.]$" % (re.escape(path), reason)):
        use(Journal(path))
    assert not os.path.exists(path + ".real") or os.path.getsize(path + ".real") < 150  # nothing was added to it


def test_a_folder_that_is_a_file_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "folder").write_text("")
    with pytest.raises(JournalError, match="folder/journal.jsonl cannot be used: "):
        Journal(str(tmp_path / "folder" / "journal.jsonl")).write("r1", "triggered")


def line(**data):
    return json.dumps(dict(ended(5, "r1", "failed", "because"), **data)).encode()


@pytest.mark.parametrize(
    "text, field, value",
    [
        (line(reason="half \ud83d a sign"), "reason", "half ? a sign"),
        (line(more={"\udcff": ["\udfff"]}), "more", {"?": ["?"]}),
        (line(elapsed=float("nan"), reloads=float("inf")), "elapsed", None),
        (line().replace(b'"because"', b'"because", "reloads": ' + b"9" * 4000), "reloads", None),
        (line().replace(b"because", b"be\xffcause"), "reason", "be\ufffdcause"),
    ],
)
def test_what_cannot_be_written_again_is_replaced(text, field, value):
    assert parsed(text)[field] == value


@pytest.mark.parametrize("opening, closing", [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("levels", [30, 300, 900, 5000, 100000])
def test_a_line_that_is_deeply_nested_is_none(opening, closing, levels):
    deep = opening * levels + b"1" + closing * levels
    assert parsed(line().replace(b'"because"', b'"because", "more": ' + deep)) is None


def test_a_wrong_line_hides_no_other(path):
    with open(written(path), "ab") as file:
        file.write(
            b'{"at": true}\nnull\n{"at": 1, "step": "triggered"}\n\xff\n'
            + line(reason="\udc00")
            + b'\n{"at": 1, "host": "a\\nb", "step": "triggered"}\n'
        )
    assert [(found["step"], found.get("reason")) for found in Journal(path).entries()] == [("triggered", None), ("ended", "?")]


@given(lines=st.lists(st.binary(max_size=60), max_size=5), entries=journals)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_file_holds_a_report_of_it_can_be_written(tmp_path_factory, lines, entries):
    path = tmp_path_factory.mktemp("any") / "journal.jsonl"
    path.write_bytes(b"\n".join([*lines, *(json.dumps(each).encode() for each in entries)]))
    found = Journal(str(path)).entries()
    assert all(map(is_sound, found))
    rollout.begun(rollout.by_host(found).get("r1", ()), TARGET)
    json.dumps(report(found), ensure_ascii=False, allow_nan=False).encode()


def test_what_is_written_is_read_as_it_was(path):
    steps = [each for each in upgrade(0, "rü") if each["step"] != "ended"] + [entry(9, None, "finished")]
    for each in steps:
        Journal(path).write(**{key: value for key, value in each.items() if key != "at"})
    assert [{**found, "at": 0} for found in Journal(path).entries()] == [{**each, "at": 0} for each in steps]
