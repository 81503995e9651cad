# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The callback in playbooks that write a journal while one of their tasks waits: in a pipe and on a terminal."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import pexpect
import pyte
import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import journal

ROOT = pathlib.Path(str(journal.__file__).rsplit("/ansible_collections/", 1)[0])
PLAYBOOK = shutil.which("ansible-playbook", path=os.path.dirname(sys.executable)) or shutil.which("ansible-playbook")
COLUMNS, LINES = 100, 40

# The task "Wait" does what a task does that waits for a device: it appends to the journal as things happen.
PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  module_defaults:
    cns.image_agent.cns_rollout: {journal: "%(journal)s"}
  tasks:
    - name: Begin
      cns.image_agent.cns_rollout: {action: finish, plan: {waves: [], done: [], target: {version: "15.7(3)M9", image: null}}}
    - name: Wait
      ansible.builtin.command: "%(python)s %(waits)s"
    - name: Say something long
      ansible.builtin.debug: {msg: "%(long)s"}
"""

WAITS = """
import json, sys, time
target = {"version": "15.7(3)M9", "image": None}
def note(host, step, **data):
    with open(%(journal)r, "a") as journal:
        journal.write(json.dumps(dict(at=time.time(), host=host, step=step, target=target, **data)) + "\\n")
note(None, "rollout", waves=[["r1", "r2"], ["r3"]], stop_at="0")
note(None, "wave", wave=1, of=2, hosts=["r1", "r2"])
note("r1", "triggering", before={})
note("r1", "phase", phase="away")
time.sleep(%(seconds)s)
note("r1", "ended", outcome="success", reason="it runs 15.7(3)M9")
note("r2", "ended", outcome="failed", reason="no room on the flash")
"""


class Site:
    """A directory with a playbook, and how to run it."""

    def __init__(self, path, seconds):
        names = dict(journal=str(path / "journal.jsonl"), python=sys.executable, waits=path / "waits.py", seconds=seconds)
        (path / "waits.py").write_text(WAITS % names)
        (path / "play.yml").write_text(PLAY % dict(names, long="word " * 60))
        self.path = path
        self.command = [PLAYBOOK, str(path / "play.yml")]
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
        self.environment.update(
            ANSIBLE_COLLECTIONS_PATH=str(ROOT),
            ANSIBLE_CALLBACKS_ENABLED="cns.image_agent.cns_progress",
            ANSIBLE_LOCALHOST_WARNING="false",
            ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
            ANSIBLE_HOME=str(path / "home"),
            CNS_PROGRESS_INTERVAL="0.2",
            TERM="xterm-256color",
        )

    def output(self, **environment):
        """What the playbook prints into a pipe."""
        done = subprocess.run(
            self.command,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.path,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def terminal(self, **environment):
        return Terminal(
            pexpect.spawn(
                self.command[0],
                self.command[1:],
                env={**self.environment, **environment},
                cwd=str(self.path),
                dimensions=(LINES, COLUMNS),
                encoding="utf-8",
                timeout=60,
            )
        )


class Terminal:
    """What a person sees of a program."""

    def __init__(self, child):
        self.child = child
        self.screen = pyte.HistoryScreen(COLUMNS, LINES, history=1000)
        self._stream = pyte.Stream(self.screen)

    def look(self):
        """The lines on the screen, after all that was printed until now."""
        try:
            while True:
                self._stream.feed(self.child.read_nonblocking(65536, timeout=0.1))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return [line.rstrip() for line in self.screen.display if line.strip()]

    def wait_for(self, pattern, seconds=60):
        """The lines on the screen as soon as one matches."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            lines = self.look()
            if any(re.search(pattern, line) for line in lines):
                return lines
        raise AssertionError("no %r in\n%s" % (pattern, "\n".join(self.look())))

    def end(self):
        """What is left on the screen, and the exit status."""
        self.child.expect(pexpect.EOF)
        self._stream.feed(self.child.before)
        lines = self.look()
        self.child.close()
        return lines, self.child.exitstatus


@pytest.fixture(name="site")
def fixture_site(tmp_path):
    return Site(tmp_path, seconds=2)


def test_in_a_pipe_it_prints_a_line_for_each_change_while_the_task_waits(site):
    lines = site.output().splitlines()
    told = [line for line in lines if line.startswith("[progress]")]
    assert [re.sub(r"\d+ s", "N s", line) for line in told] == [
        "[progress] r1: triggered, after N s",
        "[progress] r1: away (reloading), after N s",
        "[progress] r1: upgraded after N s",
        "[progress] r2: failed after N s: no room on the flash",
        "[progress] wave 1 of 2, 2 of 3 devices ended, 1 failed; N s so far, about N s to go",
    ]
    waited = next(place for place, line in enumerate(lines) if line.startswith("TASK [Wait]"))
    assert lines.index(told[1]) < lines.index("changed: [localhost]", waited)
    assert "\x1b" not in "".join(told)


def test_on_a_terminal_it_is_redrawn_below_what_else_is_printed(site):
    terminal = site.terminal()
    lines = terminal.wait_for(r"^r1 +away \(reloading\)")
    assert any(re.match(r"r2 +preflight", line) for line in lines)
    assert re.match(r"wave 1 of 2, 0 of 3 devices ended, 2 in progress; \d+ s so far, time to go unknown$", lines[-1])
    lines, status = terminal.end()
    assert status == 0
    text = "\n".join(lines)
    for whole in ("TASK [Begin] ***", "TASK [Wait] ***", "changed: [localhost]", "PLAY RECAP ***"):
        assert text.count(whole) == 1
    assert " ".join(text.split()).count("word") == 60
    assert not any(re.match(r"r[123] ", line) for line in lines)
    assert re.match(r"wave 1 of 2, 2 of 3 devices ended, 1 failed;", lines[-1])
    assert not terminal.screen.cursor.hidden


@pytest.mark.parametrize("interrupt", ["\x03", signal.SIGTERM], ids=["ctrl-c", "term"])
def test_an_interruption_ends_it_at_once_and_leaves_a_terminal_that_can_be_used(tmp_path, interrupt):
    terminal = Site(tmp_path, seconds=20).terminal()
    terminal.wait_for(r"^r1 +away \(reloading\)")
    begun = time.monotonic()
    if isinstance(interrupt, str):
        terminal.child.send(interrupt)
    else:
        terminal.child.kill(interrupt)
    lines, _status = terminal.end()
    assert time.monotonic() - begun < 15
    assert not terminal.screen.cursor.hidden
    assert "Traceback" not in "\n".join(lines)
    if interrupt == "\x03":
        assert re.match(r"wave 1 of 2, 0 of 3 devices ended", lines[-1])


@pytest.mark.parametrize(
    "environment",
    [{"CNS_PROGRESS_STYLE": "plain"}, {"TERM": "dumb"}],
    ids=["as the user likes", "a dumb terminal"],
)
def test_a_terminal_may_have_plain_lines_too(site, environment):
    lines, status = site.terminal(**environment).end()
    assert status == 0
    assert any(line.startswith("[progress] r1: away (reloading), after ") for line in lines)


def test_without_rich_it_prints_lines_and_says_why(site):
    (site.path / "without" / "rich").mkdir(parents=True)
    (site.path / "without" / "rich" / "__init__.py").write_text("raise ImportError('not installed')")
    lines = site.output(CNS_PROGRESS_STYLE="rich", PYTHONPATH=str(site.path / "without")).splitlines()
    assert any("install the Python library rich" in line for line in lines)
    assert any(line.startswith("[progress] r1: upgraded after ") for line in lines)


def test_a_playbook_without_a_rollout_hears_nothing_of_it(tmp_path):
    site = Site(tmp_path, seconds=0)
    (tmp_path / "play.yml").write_text("- {hosts: localhost, gather_facts: false, tasks: [{ansible.builtin.debug: {}}]}\n")
    assert "progress" not in site.output()


def test_a_journal_can_be_named(tmp_path):
    site = Site(tmp_path, seconds=0)
    play = (
        (tmp_path / "play.yml").read_text().split("    - name: Begin")[0]
        + "    - name: Wait"
        + ((tmp_path / "play.yml").read_text().split("    - name: Wait")[1])
    )
    (tmp_path / "play.yml").write_text(play)
    assert "[progress]" not in site.output()
    assert "[progress] r1: upgraded" in site.output(CNS_PROGRESS_JOURNAL=str(tmp_path / "journal.jsonl"))
