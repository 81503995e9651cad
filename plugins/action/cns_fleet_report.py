# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show a fleet: what its hosts registered, or what the journal of a rollout holds."""

from __future__ import annotations

import datetime
import json
import os
import re
from typing import Any, Callable, NamedTuple

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.cns.image_agent.plugins.module_utils import advice
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.names import in_order, listed
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import variables
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.files import write_text
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.known import door_of
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.options import Options
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.post import post
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import preflight, query, rows, table
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.witness import Witness
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import artifact, heard
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import report as rollout
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, JournalError
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.merge import merge
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.page import render


class _View(NamedTuple):
    """A way to show a fleet: its data, the rows of it, and lines for people."""

    data: Any
    rows: Any
    lines: list[str]


def _of_rows(data: Any) -> _View:
    return _View(data, data, table.table(data) or ["There is nothing to show."])


def _of_preflight(made: dict[str, Any]) -> _View:
    return _View(made, [dict(entry, host=host) for host, entry in made["hosts"].items()], preflight.lines(made))


def _of_heard(made: dict[str, Any]) -> _View:
    return _View(made, made["devices"], [made["note"], *table.table(made["devices"])])


_OF_ROWS = ("status", "upgrades")
_PATTERN = re.compile(r"[!&~@]|.*[*?\[]")  # a name that --limit takes for more than that


class ActionModule(ActionBase):
    """The action of M(cns.image_agent.cns_fleet_report)."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the action."""
        result = super().run(tmp, task_vars)
        self._door = door_of(self, task_vars or {})
        for warning in variables.warnings(self._task, task_vars or {}):
            self._display.warning(self._door.line(warning))
        try:
            self._options = Options("cns.image_agent.cns_fleet_report").read(self._task.args)
            self._door.hide(*map(str, (self._options["headers"] or {}).values()))
            self._door.keep(*self._options["hosts"] or ())
            result.update(self._result(task_vars or {}))
        except InputError as error:
            raise AnsibleActionFail(self._door.text(error.message)) from None
        except JournalError as error:
            raise AnsibleActionFail(self._door.text(str(error))) from None
        except OSError as error:
            raise AnsibleActionFail(self._door.text("A file of the report cannot be read or written: %s." % error)) from None
        return result

    def _result(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        if self._options["of"] == "image_ids":
            return self._door.data(dict(changed=False, warnings=advice.shared_image_ids(self._registered(task_vars) or {})))
        self._groups = {"all", "ungrouped", *(task_vars.get("groups") or ())}
        view = self._view(task_vars)
        if self._options["fail_if_blocked"]:
            _check_blocked(view.data)
        changed = self._write(view)
        if not self._options["show"]:
            return dict(changed=changed, report=view.data)
        message = view.lines[0] if self._options["of"] == "rollout" else _message(view.lines, task_vars)
        return dict(changed=changed, msg=message, _ansible_verbose_always=True)

    # -- what is shown --------------------------------------------------------------------------------------------

    def _view(self, task_vars: dict[str, Any]) -> _View:
        of, narrow = self._options["of"], self._options["query"]
        if narrow and of not in _OF_ROWS:
            raise InputError("query narrows the rows of %s, and %s is none of them." % (" and ".join(_OF_ROWS), of))
        make, view_of = _VIEWS[of]
        view = view_of(self, self._door.data(make(self, task_vars)))
        return _of_rows(query.select(narrow, view.rows)) if narrow else view

    def _registered(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """``{host: what it registered}``, None for a host whose turn did not come."""
        name = self._options["registered"]
        if not name:
            raise InputError("registered is needed: the name of the variable that the hosts registered.")
        hosts = self._options["hosts"] or in_order(task_vars["ansible_play_hosts_all"])
        return {str(host): query.plain(task_vars["hostvars"][host].get(name)) for host in hosts}

    def _journal(self, of_whom: str) -> str:
        if not self._options["journal"]:
            raise InputError("journal is needed: the file that the %s wrote." % of_whom)
        return str(self._options["journal"])

    def _heard(self, _task_vars: dict[str, Any]) -> dict[str, Any]:
        """A rollout as it was heard."""
        path = self._journal("receiver")
        os.stat(path)  # one that is not there is no silence of the devices
        since = _seconds(self._options["since"]) if self._options["since"] else 0
        return heard.picture(Witness(path).heard, self._options["hosts"] or (), since)

    def _rollout(self, _task_vars: dict[str, Any]) -> dict[str, Any]:
        parts = self._options["parts"]
        told = [Journal(self._journal("rollout")).entries()] if self._options["journal"] or not parts else []
        made = merge([rollout.report(entries) for entries in (*told, *map(_entries, parts))])
        self._door.keep(*(device["host"] for device in made["devices"]))
        return made

    def _of_rollout(self, made: dict[str, Any]) -> _View:
        return _View(made, rollout.rows(made["devices"]), [self._ended(made)])

    def _ended(self, made: dict[str, Any]) -> str:
        """How a rollout ended, in a few sentences."""
        if not made["total"]:
            return "The journal holds no rollout."
        text = made["state"].capitalize()
        if made["stopped"]:
            text += " in wave %s: %s" % (made["stopped"]["wave"], made["stopped"]["reason"])
        text += ". %s." % ", ".join("%s %s" % (count["count"], count["label"]) for count in made["counts"])
        if self._options["html"]:
            text += " Report: %s" % self._options["html"]
        if made["limit"] and self._options["limit"]:
            text += ". To take the rest: --limit @%s" % self._options["limit"]
        return text

    # -- what is written ------------------------------------------------------------------------------------------

    def _write(self, view: _View) -> bool:
        """Write the files that are asked for; whether one of them is another now. Check mode writes none."""
        if self._task.check_mode or (self._options["of"] == "rollout" and not view.rows):
            return False
        changed = [write_text(path, content) for path, content in self._files(view) if path]
        if self._options["of"] == "rollout" and self._options["url"]:
            self._send(view)
        return any(changed)

    def _limit(self, hosts: list[str]) -> list[str]:
        """The hosts that are no groups: of the name of a group --limit would make all of its devices."""
        groups = [host for host in hosts if host in self._groups]
        if groups:
            warning = "Not in %s, because groups have these names: %s." % (self._options["limit"], listed(groups))
            self._display.warning(self._door.line(warning))
        return [host for host in hosts if host and host not in groups]

    def _send(self, view: _View) -> None:
        """Post the report, for controllers that throw files away."""
        page = render(view.data, self._options["journal"] or "")
        parts = [("application/json", json.dumps(view.data)), ("text/html; charset=utf-8", page)]
        trouble = post(self._options["url"], parts, self._options["headers"])
        if trouble:
            self._display.warning(self._door.line(trouble))

    def _files(self, view: _View) -> list[tuple[str | None, str]]:
        files = [
            (self._options["json"], json.dumps(view.data, indent=4, ensure_ascii=False) + "\n"),
            (self._options["csv"], table.to_csv(view.rows)),
        ]
        if self._options["of"] == "rollout":
            files.append((self._options["html"], render(view.data, self._options["journal"] or "")))
            files.append((self._options["limit"], "".join(_alone(host) + "\n" for host in self._limit(view.data["limit"]))))
        return files


def _alone(host: str) -> str:
    """A line of a file for C(--limit) that means this host, also if Ansible would take its name for a pattern or an operator."""
    return r"~%s\Z" % re.escape(host) if _PATTERN.match(host) else host


# What is shown: what it is made of, which passes the door, and what is made of that.
_VIEWS: dict[str, tuple[Callable[[ActionModule, dict[str, Any]], Any], Callable[[ActionModule, Any], _View]]] = {
    "status": (lambda report, of: rows.status_rows(report._registered(of)), lambda _report, made: _of_rows(made)),
    "upgrades": (lambda report, of: rows.outcome_rows(report._registered(of)), lambda _report, made: _of_rows(made)),
    "preflight": (lambda report, of: preflight.report(report._registered(of)), lambda _report, made: _of_preflight(made)),
    "heard": (ActionModule._heard, lambda _report, made: _of_heard(made)),
    "rollout": (ActionModule._rollout, ActionModule._of_rollout),
}


def _seconds(text: str) -> float:
    """A time of the controller, in seconds since the epoch."""
    try:
        return datetime.datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        raise InputError("since is %s: it is a time such as 2026-05-06 22:00." % text) from None


def _entries(source: Any) -> list[Any]:
    """The entries of a journal, or those that an artifact amounts to."""
    if isinstance(source, str) and source.endswith(".jsonl"):
        return Journal(source).entries()
    try:
        return artifact.entries_of(artifact.read(source))
    except ValueError as error:
        raise InputError("A part of the rollout cannot be used: %s." % error) from None


def _message(lines: list[str], task_vars: dict[str, Any]) -> str | list[str]:
    """A text of many lines is legible if results are shown as YAML, a list if they are shown as JSON."""
    shown_as = C.config.get_config_value("result_format", plugin_type="callback", plugin_name="default", variables=task_vars)
    return "\n".join(lines) if shown_as == "yaml" else lines


def _check_blocked(made: dict[str, Any]) -> None:
    blocked = made.get("blocked")
    if blocked:
        raise InputError(
            "%d of %d devices are not ready: %s. The findings say why, and what to do."
            % (len(blocked), len(made["hosts"]), ", ".join(blocked))
        )
