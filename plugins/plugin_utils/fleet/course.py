# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One device of a wave, from preflight to proof: what is done around the attempt to upgrade it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Optional, Protocol

from ansible_collections.cns.image_agent.plugins.module_utils import configure, outcome, snapshot
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, DeviceAway
from ansible_collections.cns.image_agent.plugins.module_utils.observation import version_of
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks, facts
from ansible_collections.cns.image_agent.plugins.module_utils.secret import keep_masked
from ansible_collections.cns.image_agent.plugins.module_utils.trust import trustpoint
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import attempt
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.agents import Agents
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Ended, Observation
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.targets import Image, NoTarget, image_for
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.words import BLOCKED, SKIPPED

Finding = dict[str, Any]


class Scene(attempt.Scene, Protocol):
    """The scene of an attempt, with what the journal is to say that the device is on its way to."""

    target: outcome.Target

    def known_as(self, name: Optional[str]) -> None:
        """What the device posts under this name is its own."""


@dataclasses.dataclass(frozen=True)
class Order:
    """What is asked for one device.

    ``image``: what it is to run; if that names nothing, its model chooses one of ``choices`` (see C(image_for)).
    ``request`` and ``wanted`` (what the preflight checks) get their target from there. ``image_id``: under which name the
    device posts, if that is known. ``ping``: whether the preflight pings the image server. ``agents``: what to configure them
    with first. ``save``: whether to save the configuration first.
    ``tolerances``: see C(snapshot.compare).
    ``snapshot``: what an earlier run saw before it triggered this upgrade. ``closed``: why nothing may be started now, None
    if it may. ``known``: findings about the device that only who sees the whole fleet can have.
    """

    image: Image
    request: attempt.Request
    wanted: checks.Wanted
    choices: Sequence[dict[str, Any]] = ()
    image_id: Optional[str] = None
    ping: bool = True
    agents: Optional[Agents] = None
    save: bool = False
    take_snapshot: bool = True
    tolerances: dict[str, Any] = dataclasses.field(default_factory=dict)
    snapshot: Optional[dict[str, Any]] = None
    closed: Optional[str] = None
    known: tuple[Finding, ...] = ()


@dataclasses.dataclass
class Report:
    """What became of one device."""

    ended: Ended
    target: outcome.Target
    findings: list[Finding] = dataclasses.field(default_factory=list)
    differences: list[dict[str, Any]] = dataclasses.field(default_factory=list)


class Course:
    """Takes one device from preflight to proof, in one session before the reload and one after it."""

    def __init__(self, order: Order, link: attempt.Link, scene: Scene):
        self._order = order
        self._link = link
        self._scene = scene
        self._findings: list[Finding] = []
        self._snapshot = order.snapshot

    async def run(self) -> Report:
        """Run it to its end. Nothing that a device says, or does not say, raises."""
        try:
            ended = await self._upgrade()
            differences = await self._compare(ended)
        finally:
            await self._link.close()
        return Report(ended, self._scene.target, self._findings, differences)

    async def _upgrade(self) -> Ended:
        try:
            image = await self._image()
        except (NoTarget, CnsError) as error:
            return self._not_started(error)
        self._scene.target = image.target
        self._order = dataclasses.replace(
            self._order,
            request=dataclasses.replace(self._order.request, target=image.target),
            wanted=self._order.wanted._replace(target=image.target, image_size=image.size, image_memory=image.memory),
        )
        upgrade = attempt.Attempt(self._order.request, self._link, self._scene)
        try:
            return await upgrade.retrieve(self._prepare)
        except CnsError as error:  # a refusal before anything was triggered
            return self._written_down(upgrade.stopped(outcome.FAILED, error))

    # -- before ---------------------------------------------------------------------------------------------------

    async def _image(self) -> Image:
        """What the device is to run. Raises NoTarget, DeviceAway and Refused."""
        own = self._order.image
        if own.target.version or own.target.image:
            return own
        version = await version_of(await self._link.device())
        return image_for(version["model"], own, self._order.choices)

    def _not_started(self, error: NoTarget | CnsError) -> Ended:
        """The end of a device of which it is not even known what it is to run."""
        if isinstance(error, NoTarget):
            self._findings = [checks.no_target(str(error))]
            return self._written_down(Ended(outcome.Verdict(BLOCKED, str(error)), None, None))
        how = outcome.UNKNOWN if isinstance(error, DeviceAway) else outcome.FAILED
        return self._written_down(Ended(outcome.Verdict(how, error.message), None, None, message=error.message))

    def _written_down(self, ended: Ended) -> Ended:
        attempt.note_end(self._scene, ended)
        return ended

    async def _prepare(self, now: Observation) -> Optional[Ended]:
        """Check, configure, save, and remember what the device has. An end is returned if the device may not be upgraded."""
        if self._order.closed:
            return Ended(outcome.Verdict(SKIPPED, self._order.closed), now, now)
        blocked = await self._preflight(now)
        if blocked or self._scene.check_mode or now["status"] is None:
            return blocked
        device = await self._link.device()
        configured = self._order.agents and await _configure(device, self._order.agents)
        if self._order.save or configured:  # a reload brings the saved configuration back
            await device.save()
        if self._order.take_snapshot:
            self._snapshot = await snapshot.take(device)
            self._scene.note("snapshot", snapshot=self._snapshot)
        return None

    async def _preflight(self, now: Observation) -> Optional[Ended]:
        wanted = self._order.wanted
        found = await facts.gather(await self._link.device(), wanted, self._order.ping)
        self._scene.known_as(found["image_id"])
        self._findings = [*self._order.known, *checks.findings(found, wanted)]
        blocking = [finding["what"] for finding in self._findings if finding["severity"] == checks.BLOCK]
        running = {name: found["version"][name] for name in ("version", "image_file", "model")}
        self._scene.note("preflight", ready=not blocking, findings=self._findings, running=running)
        return Ended(outcome.Verdict(BLOCKED, "; ".join(blocking)), now, now) if blocking else None

    # -- after ----------------------------------------------------------------------------------------------------

    async def _compare(self, ended: Ended) -> list[dict[str, Any]]:
        """What differs between before and after. A device that does not answer any more is upgraded all the same."""
        if ended.verdict.outcome != outcome.SUCCESS or self._snapshot is None or self._scene.check_mode:
            return []
        try:
            now = await snapshot.take(await self._link.device())
        except CnsError as error:
            self._scene.warn("what the device has now could not be compared: %s" % error.message)
            return []
        differences = snapshot.compare(keep_masked(now, self._snapshot), now, self._order.tolerances)
        self._scene.note("checked", differences=differences)
        return differences


async def _configure(device: Device, agents: Agents) -> bool:
    """Configure the agents of a device; whether anything was changed. Raises InputError, Refused and DeviceAway."""
    changed = False
    if agents.trustpoint:
        result = await trustpoint.run(
            device, dict(agents.trustpoint, http_client=True, state="present", save_when="never"), False
        )
        changed = result["changed"]
    return await configure.merge_agents(device, agents.config, agents.update_password) or changed
