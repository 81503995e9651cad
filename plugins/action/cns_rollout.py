# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan a rollout from what each device of the fleet runs now, and say how it ended."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.names import in_order, listed
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.files import check_writable, check_writable_someday
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.fleet import FleetAction
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import preflight, survey
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.link import SshLink
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.survey import Seen
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.table import table
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import artifact as artifacts
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import state, targets, waves
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.entries import Entry
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import JournalError
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.targets import Image, NoTarget
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.window import FORMAT, OPEN, Window, window

_WHERE_TO_WRITE = (
    "Nothing was sent. The rollout writes each step down before it is done, and its report. Name a folder that outlasts the run "
    "and that this user may write to, as cns_rollout_dir."
)

_WITHOUT_ARTIFACT = (
    "Nothing was sent. Without cns_resume_from each device is polled, and what is at work is waited for, never triggered again."
)
_NOTHING_PLANNED: dict[str, Any] = dict(
    waves=[],
    done=[],
    in_progress=[],
    target={"version": None, "image": None},
    closed=None,
    known={},
    summary="There is no device here to upgrade.",
)


class ActionModule(FleetAction):
    """The action of M(cns.image_agent.cns_rollout)."""

    per_device = frozenset(("target_version", "target_image", "targets", "apart"))

    def act(self) -> dict[str, Any]:
        """Plan, sum up or finish."""
        do = {"plan": self._plan, "sum_up": self._sum_up, "finish": self._finish}
        return dict(changed=False, **do[self.options["action"]]())

    # -- the plan -------------------------------------------------------------------------------------------------

    def _plan(self) -> dict[str, Any]:
        hosts = list(dict.fromkeys(self.options["hosts"]))
        if not hosts:  # as a slice of an inventory may be
            return _NOTHING_PLANNED
        waves.limit(self.options["stop_at"], 1)  # better now than after the first wave
        opening = window(self.options["window_start"], self.options["window_end"])
        options = {host: self.options_of(host) for host in hosts}
        apart = self._apart(options)
        self._check_canary(hosts)
        if not any(map(_named, options.values())):
            raise InputError(
                "Say what the devices are to run: cns_target_version (as in show version), cns_target_image (a file name), or "
                "cns_targets for several models. Nothing was sent."
            )
        with _to_be_written(self.options["journal"]):
            entries = self.journal.entries()
        left = self._left_by_another_job(entries, options)
        steps = state.by_host(left + entries)
        in_progress = [host for host in hosts if _is_begun(steps.get(host, []), options[host])]
        closed = _closed(opening)
        if closed and not in_progress and not self._task.check_mode:  # what would happen is told at any time
            raise InputError(closed)
        self._check_files()
        return self._cut(hosts, options, apart, left, in_progress, closed)

    def _cut(
        self,
        hosts: list[str],
        options: dict[str, dict[str, Any]],
        apart: dict[str, str],
        left: list[Entry],
        in_progress: list[str],
        closed: str | None,
    ) -> dict[str, Any]:
        """Poll the devices, and cut those that have something to do into waves."""
        seen = self.for_each(hosts, _poll, _silent)
        begun = set(in_progress)
        self._warn_of_silent({host: seen[host].silent for host in hosts if host not in begun})
        images = {host: _image(seen[host], options[host]) for host in hosts}
        done = {host: seen[host] for host in hosts if host not in begun and _runs(seen[host], images[host])}
        open_hosts = [host for host in hosts if host not in done]
        planned = waves.plan_waves(open_hosts, self.options["waves"], apart, self.options["canary"])
        own = {host: image.target._asdict() if image else state.NO_TARGET for host, image in images.items()}
        target = _fleet_target([named for given in options.values() for named in _named(given)])
        if not self._task.check_mode:
            more = dict(targets=own) if any(of != target for of in own.values()) else {}
            end = self.options["window_end"]
            stop_at = self.options["stop_at"]
            with _to_be_written(self.options["journal"]):
                self.journal.take_over(left)
                self.journal.write(None, "rollout", target=target, waves=planned, stop_at=stop_at, window_end=end, **more)
        return dict(
            waves=planned,
            done=list(done),
            in_progress=in_progress,
            target=target,
            closed=None if in_progress else closed,
            known=preflight.shared_ids({host: said.image_id for host, said in seen.items()}),
            summary=self._summary(planned, list(done), in_progress),
        )

    def _left_by_another_job(self, entries: list[Entry], options: dict[str, dict[str, Any]]) -> list[Entry]:
        """What the artifact of another job tells, as entries of a journal, unless the journal knows that rollout itself."""
        if not self.options["resume_from"]:
            return []
        try:
            left = artifacts.entries_of(artifacts.read(self.options["resume_from"]))
        except ValueError as error:
            raise InputError("cns_resume_from cannot be used: %s. %s" % (error, _WITHOUT_ARTIFACT)) from None
        for entry in left:
            own = options.get(entry["host"] or "")
            if own and entry["target"] not in (*_named(own), state.NO_TARGET):
                raise InputError(
                    "cns_resume_from is of a rollout in which %s was to run %s, and now it is to run %s. %s"
                    % (entry["host"], _words([entry["target"]]), _words(_named(own)), _WITHOUT_ARTIFACT)
                )
        known = any(entry["step"] == "rollout" and entry.get("target") == left[0]["target"] for entry in entries)
        return [] if known else left

    def _check_files(self) -> None:
        """What the rollout writes is tried now: a device that was triggered and is in no journal would be nobody's."""
        check = check_writable_someday if self._task.check_mode else check_writable
        for path in (self.options["journal"], *self.options["files"]):
            with _to_be_written(path):
                check(path)
        if not self._task.check_mode:
            with _to_be_written(self.options["journal"]):
                self.journal.check()

    def _apart(self, options: dict[str, dict[str, Any]]) -> dict[str, str]:
        named = {host: given["apart"] for host, given in options.items()}
        names = {name for name in named.values() if name}
        devices = {host: self.known_hosts.device(host) for host in options} if names else {}
        return waves.groups_apart(
            named, {host: {name: device.variable(name) for name in names} for host, device in devices.items()}
        )

    def _check_canary(self, hosts: list[str]) -> None:
        known = set(hosts)
        missing = [host for host in self.options["canary"] if host not in known]
        if missing:
            raise InputError("cns_canary names %s, which this run does not reach. Nothing was sent." % ", ".join(missing))

    def _warn_of_silent(self, silent: dict[str, str | None]) -> None:
        """A device that does not answer now may do so when its wave comes; better it is known before."""
        causes = {host: cause for host, cause in silent.items() if cause}
        if causes:
            first = in_order(causes)[0]
            warning = (
                "%d of %d devices do not answer: %s. Each is asked again when its wave comes, and fails if it does not answer "
                "then. %s: %s" % (len(causes), len(silent), listed(list(causes)), first, causes[first])
            )
            self._display.warning(self.door.of(first).line(warning))

    def _summary(self, planned: list[list[str]], done: list[str], in_progress: list[str]) -> str:
        if not planned:
            return "All %d devices run their target already." % len(done)
        text = "%d devices in %d waves of %s; %d run their target already." % (
            sum(map(len, planned)),
            len(planned),
            ", ".join(str(len(wave)) for wave in planned),
            len(done),
        )
        text += " First comes %s." % listed(planned[0])
        if in_progress:
            text += " %d are in progress since an earlier run, and are waited for." % len(in_progress)
        return text + (
            " A wave with more than %s failures is the last. If this is interrupted, run the same command again: it waits for "
            "what is in progress." % self.options["stop_at"]
        )

    # -- the end --------------------------------------------------------------------------------------------------

    def _sum_up(self) -> dict[str, Any]:
        """What the controller is to keep of the rollout. It is the last that is heard of it if the job is killed now."""
        if self._task.check_mode:
            return {}
        made = artifacts.artifact(self.journal.entries(), self.options["begun"])
        kept = dict(data={artifacts.NAME: made}, per_host=False, aggregate=False)
        return dict(ansible_stats=kept, _ansible_verbose_override=True)

    def _finish(self) -> dict[str, Any]:
        """How every device ended: a table for people, and a message for each that failed."""
        plan, ends = self.options["plan"], self.options["ends"]
        if not self._task.check_mode:
            self.notes.write(None, "finished", target=plan["target"])
        rows = [_row(host, number, ends.get(host)) for number, wave in enumerate(plan["waves"], 1) for host in in_order(wave)]
        rows += [
            dict(host=host, wave=None, outcome=outcome.UP_TO_DATE, reason="it ran the target before")
            for host in in_order(plan["done"])
        ]
        failed = {host: end["msg"] for host, end in ends.items() if "msg" in end}
        if plan.get("closed"):  # the real run would have ended before it began
            failed = {row["host"]: plan["closed"] for row in rows if row["wave"]}
        return dict(
            table=table([row for row in rows if row["wave"]]),
            failed_devices=failed,
            left=[row["host"] for row in rows if row["outcome"] not in state.DONE],
            **self._sum_up(),
        )


@contextlib.contextmanager
def _to_be_written(path: str) -> Iterator[None]:
    """A file of the rollout that cannot be used is an InputError, which says what to do."""
    try:
        yield
    except JournalError as error:
        raise InputError("%s %s" % (error, _WHERE_TO_WRITE)) from None
    except OSError as error:
        raise InputError("%s cannot be written: %s. %s" % (path, error.strerror or error, _WHERE_TO_WRITE)) from None


def _named(options: dict[str, Any]) -> list[dict[str, Any]]:
    """What a device may be to run, by its options."""
    own = outcome.Target(options["target_version"] or None, options["target_image"] or None)
    named = (
        [own]
        if own.version or own.image
        else [outcome.Target(of["version"] or None, of["image"] or None) for of in options["targets"]]
    )
    return [target._asdict() for target in named]


def _is_begun(steps: list[Entry], options: dict[str, Any]) -> bool:
    return any(state.begun(steps, target) for target in _named(options))


def _words(named: list[dict[str, Any]]) -> str:
    return " or ".join(" ".join(filter(None, target.values())) for target in named)


def _closed(opening: Window) -> str | None:
    """Why nothing may be started now, None if it may."""
    now = datetime.datetime.now()
    if opening.state(now) == OPEN:
        return None
    return "It is %s, and the maintenance window is %s. Nothing was started." % (now.strftime(FORMAT), opening)


async def _poll(_host: str, link: SshLink) -> Seen:
    return await survey.poll(link)


def _silent(_host: str, fault: Exception) -> Seen:
    return Seen(silent=str(fault))


def _image(seen: Seen, options: dict[str, Any]) -> Image | None:
    """What a device is to run; None if nothing fits it, or if it does not say what it is. Its own turn will tell why."""
    own = Image(outcome.Target(options["target_version"] or None, options["target_image"] or None))
    try:
        return targets.image_for(seen.model, own, options["targets"])
    except NoTarget:
        return None


def _runs(seen: Seen, image: Image | None) -> bool:
    return bool(seen.version and image and outcome.on_target(seen.version, image.target))


def _fleet_target(named: list[dict[str, Any]]) -> dict[str, Any]:
    """The target of the whole rollout: the only one, or the names of all, whichever devices answer or are left."""
    if all(target == named[0] for target in named):
        return named[0]
    return {"version": ", ".join(in_order({target["version"] or target["image"] for target in named})), "image": None}


def _row(host: str, wave: int, end: dict[str, Any] | None) -> dict[str, Any]:
    if end is None:
        return dict(host=host, wave=wave, outcome=state.NEVER_REACHED, reason="the rollout stopped before its turn")
    seconds = dict(took_seconds=end["elapsed"] or None)
    return dict(host=host, wave=wave, outcome=end["outcome"], **seconds, reason=end["reason"])
