# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Upgrade one or many devices from one process, each from preflight to proof."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import time
from typing import Any

from ansible import constants as C
from ansible.utils.display import Display

from ansible_collections.cns.image_agent.plugins.module_utils import outcome, snapshot
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.names import in_order, listed
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.fleet import DeviceScene, FleetAction
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.options import Options
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.upgrade import message
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.agents import Agents, agents_of
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Ended, Request, note_end
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.course import Course, Order, Report
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.link import SshLink
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.teller import Teller
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.witness import Ear, Witness
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import state, waves
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.targets import Image
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.window import OPEN, window

display = Display()

_CHECKED = ("margin", "models", "password_required", "server", "status", "accept")  # what the preflight goes by
_ASKED = ("timeout", "interval", "expect_reload", "keep_session", "wait", "mode")  # what the attempt goes by
_MENDED = {
    "save": ["saved"],
    "configure": ["certificate", "password"],
}  # which check needs not pass, because the step to come mends it


PROGRESS = "cns.image_agent.cns_progress"  # a callback that tells the same, from the journal


class ActionModule(FleetAction):
    """The action of M(cns.image_agent.cns_image_upgrade)."""

    per_device = frozenset(
        (
            "target_version",
            "target_image",
            "targets",
            "image_size",
            "image_memory",
            "image_id",
            "ping",
            "configure",
            "save",
            "snapshot",
            "tolerances",
        )
        + _CHECKED
        + _ASKED
    )

    def act(self) -> dict[str, Any]:
        """Take the devices from preflight to proof, and judge them as a wave."""
        waves.limit(self.options["stop_at"], 1)  # better now than after the wave
        hosts = list(dict.fromkeys(self.options["hosts"])) or [self.known_hosts.own_name]
        self._steps = state.by_host(self.journal.entries())
        self._agents_options = Options("cns.image_agent.cns_agents")
        self._window = window(self.options["window_start"], self.options["window_end"])
        orders = {host: self._order(host) for host in hosts}
        self._teller = Teller(_say_nothing if PROGRESS in C.CALLBACKS_ENABLED else self._say, len(hosts), time.monotonic)
        self._witness = Witness(self.options["status_journal"])
        self._scenes = {host: self._scene(host, order) for host, order in orders.items()}

        async def upgrade(host: str, link: SshLink) -> Report:
            return await Course(orders[host], link, self._scenes[host]).run()

        self._begin(hosts)
        return self._result(self.for_each(hosts, upgrade, self._at_fault))

    # -- what is asked for ----------------------------------------------------------------------------------------

    def _order(self, host: str) -> Order:
        options = self.options_of(host)
        agents = self._agents(host) if options["configure"] else None
        if agents:  # what the agent is going to have is what the preflight checks
            image = agents.config.get("image") or {}
            options.update({name: image.get(name) or options[name] for name in ("server", "status")})
        own = outcome.Target(options["target_version"] or None, options["target_image"] or None)
        choices = [] if own.version or own.image else options["targets"]
        begun = self._begun(host, own, choices)
        image = Image(begun["target"] if begun else own, options["image_size"], options["image_memory"])
        accept = options["accept"] + [check for name, mended in _MENDED.items() if options[name] for check in mended]
        return Order(
            image=image,
            choices=choices,
            request=self._request(host, image.target, options, begun),
            wanted=checks.Wanted(
                target=image.target,
                image_size=image.size,
                image_memory=image.memory,
                **dict({name: options[name] for name in _CHECKED}, accept=accept),
            ),
            image_id=options["image_id"],
            ping=options["ping"],
            agents=agents,
            save=options["save"],
            take_snapshot=options["snapshot"],
            tolerances=_tolerances(host, options["tolerances"]),
            snapshot=begun and begun["snapshot"],
            closed=self._closed(),
            known=tuple(self.options["known"].get(host) or ()),
        )

    def _request(self, host: str, target: outcome.Target, options: dict[str, Any], begun: dict[str, Any] | None) -> Request:
        return Request(
            target=target,
            before=begun["before"] if begun else None,
            traces=self.options["resume"] and (bool(begun) or not self._seen_to_end(host)),
            assumed=begun is not None and not begun["before"],
            **{name: options[name] for name in _ASKED},
        )

    def _seen_to_end(self, host: str) -> bool:
        return any(entry["step"] == "ended" for entry in self._steps.get(host, ()))

    def _agents(self, host: str) -> Agents:
        """What the agents are to be configured with, from the variables of the role agent. Raises InputError."""
        agents = agents_of(self.known_hosts.device(host).variable)
        self.door.of(host).learn(agents.config)
        valid = self._agents_options.read({"config": agents.config})
        return dataclasses.replace(agents, config=valid["config"])

    def _begun(self, host: str, own: outcome.Target, choices: list[dict[str, Any]]) -> dict[str, Any] | None:
        """What an earlier run began on the device, whose end nobody has seen: its target, what was seen before, its snapshot."""
        targets = (
            [own] if own.version or own.image else [outcome.Target(choice["version"], choice["image"]) for choice in choices]
        )
        for target in targets if self.options["resume"] else ():
            found = state.begun(self._steps.get(host, ()), target._asdict())
            if found:
                return dict(found, target=target)
        return None

    def _closed(self) -> str | None:
        if self._window.state(datetime.datetime.now()) == OPEN:
            return None
        return "outside the maintenance window, which is %s" % self._window

    def _scene(self, host: str, order: Order) -> DeviceScene:
        ear = Ear(self._witness, host, order.image_id)
        return DeviceScene(host, order.image.target, self.notes, self._task.check_mode, self._teller, ear, self.door.of(host))

    def _say(self, text: str) -> None:
        display.display(self.door.line(text))

    # -- what came of it ------------------------------------------------------------------------------------------

    def _at_fault(self, host: str, fault: Exception) -> Report:
        """A fault of ours ends a device as unknown: whether it was triggered is in the journal, and it is asked again."""
        reason = "a fault of this collection, not of the device: %s: %s" % (type(fault).__name__, fault)
        ended = Ended(outcome.Verdict(outcome.UNKNOWN, reason), None, None)
        note_end(self._scenes[host], ended)
        return Report(ended, self._scenes[host].target)

    def _begin(self, hosts: list[str]) -> None:
        if self.options["wave"]:
            self._note("wave", wave=self.options["wave"], of=self.options["of"], hosts=hosts)

    def _note(self, step: str, **data: Any) -> None:
        if not self._task.check_mode:
            self.notes.write(None, step, target=self.options["fleet_target"], **data)

    def _result(self, reports: dict[str, Report]) -> dict[str, Any]:
        bad = [host for host in in_order(reports) if state.is_bad(reports[host].ended.verdict.outcome, reports[host].target)]
        failed = set(bad)
        allowed = waves.limit(self.options["stop_at"], len(reports))
        reason = "%d of %d devices in this wave failed (limit: %d)" % (len(bad), len(reports), allowed)
        stop = len(bad) > allowed
        if stop:
            self._note("stopped", wave=self.options["wave"] or 1, reason="%s: %s" % (reason, listed(bad)))
        result = dict(
            changed=any(report.ended.changed for report in reports.values()),
            devices={host: _seen(report) for host, report in reports.items()} if self.options["details"] else {},
            ends={host: _end(host, report, host in failed) for host, report in reports.items()},
            counts=dict(collections.Counter(report.ended.verdict.outcome for report in reports.values())),
            bad=bad,
            stop=stop,
            reason=reason,
        )
        if bad:
            result.update(failed=True, msg="%s: %s." % (reason, listed(bad)))
        return result


def _tolerances(host: str, given: dict[str, Any]) -> dict[str, Any]:
    """They count after the upgrade, when it is too late to mend them. Raises InputError."""
    try:
        snapshot.allowed({}, given)
    except InputError as error:
        raise InputError("The tolerances of %s: %s. Nothing was sent." % (host, error.message)) from None
    return given


def _say_nothing(_text: str) -> None:
    """For a run whose callback says it already."""


def _end(host: str, report: Report, is_bad: bool) -> dict[str, Any]:
    """How a device ended, in a few words."""
    ended = report.ended
    end = dict(outcome=ended.verdict.outcome, reason=ended.verdict.reason, elapsed=ended.elapsed)
    if ended.disagreement:
        end["disagreement"] = ended.disagreement
    return dict(end, msg=message(host, ended)) if is_bad else end


def _seen(report: Report) -> dict[str, Any]:
    """Everything that was seen of a device."""
    more = dict(target=report.target._asdict(), findings=report.findings, differences=report.differences)
    return {**report.ended.result, **more}
