# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The upgrade of one device, from the first poll to its outcome, whatever reaches the device and whoever asks.

The actions of one task run it over the session of the task, the engine runs one for each device of a wave.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Awaitable, Callable
from typing import Any, Optional, Protocol

from ansible_collections.cns.image_agent.plugins.module_utils import outcome, trigger, wait
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, DeviceAway, InputError, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.observation import observe, retry_of, status_of
from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import one_line
from ansible_collections.cns.image_agent.plugins.module_utils.secret import keep_masked
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import heard

Observation = dict[str, Any]
Prepare = Callable[[Observation], Awaitable[Optional["Ended"]]]


class NoAgent(CnsError):
    """The release of the device has no image agent."""


class Link(Protocol):
    """What reaches one device, also after it has reloaded."""

    async def device(self) -> Device:
        """The device over the open session, or over a new one. Raises DeviceAway."""

    def is_open(self) -> bool:
        """Whether there is a session that was used before."""

    async def close(self) -> None:
        """End the session, if one is open."""


class Scene(Protocol):
    """Where an attempt takes place: its clocks, and who hears of it."""

    check_mode: bool

    def time(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float:
        """Seconds on a clock that nobody sets."""

    async def sleep(self, seconds: float) -> None:
        """Pause."""

    def random(self) -> float:
        """Uniform in [0, 1)."""

    def tell(self, phase: str, elapsed: float, detail: str) -> None:
        """A poll decided nothing."""

    def warn(self, text: str) -> None:
        """A person should know this."""

    def note(self, step: str, **data: Any) -> None:
        """Write a step into the journal, if there is one."""

    def posted(self, since: float) -> Optional[list[dict[str, Any]]]:
        """What the device posted to the status server since then, in seconds since the epoch; None if nobody listens."""


@dataclasses.dataclass(frozen=True)
class Request:
    """What is asked for. Times are seconds.

    ``before`` is what an earlier run observed before it triggered this upgrade. ``traces``: without that, what the device
    says is searched for traces of an upgrade that may go on. ``assumed``: an earlier run may have triggered it, so a device that
    does not answer may be booting.
    """

    target: outcome.Target
    timeout: int
    interval: int
    expect_reload: bool = True
    keep_session: bool = True
    wait: bool = True
    mode: str = "auto"
    server: Optional[str] = None
    status: Optional[str] = None
    before: Optional[Observation] = None
    traces: bool = False
    assumed: bool = False


@dataclasses.dataclass
class Ended:
    """How an attempt ended. ``advice``: what to do about a bad end, if there is more to say than usual.

    ``posted``: what the device posted meanwhile, None if nobody listened; ``disagreement``: how that differs from the verdict.
    """

    verdict: outcome.Verdict
    before: Optional[Observation]
    after: Optional[Observation]
    elapsed: float = 0.0
    polls: int = 0
    reloads: int = 0
    changed: bool = False
    commands: list[str] = dataclasses.field(default_factory=list)
    advice: Optional[str] = None
    message: Optional[str] = None
    more: dict[str, Any] = dataclasses.field(default_factory=dict)
    posted: Optional[list[dict[str, Any]]] = None
    disagreement: str = ""

    @property
    def result(self) -> dict[str, Any]:
        """What the result of every module that ends with an outcome holds, with what was heard of it if anybody listened."""
        heard_of_it = {} if self.posted is None else dict(posted=self.posted, disagreement=self.disagreement)
        return dict(
            outcome=self.verdict.outcome,
            reason=self.verdict.reason,
            before=self.before,
            after=self.after,
            elapsed=self.elapsed,
            polls=self.polls,
            reloads=self.reloads,
            changed=self.changed,
            **heard_of_it,
        )

    def __post_init__(self) -> None:
        """A reason is one line, whatever a device says in it."""
        self.verdict = self.verdict._replace(reason=one_line(self.verdict.reason))
        self.message = self.message and one_line(self.message)


class Attempt:
    """One device on its way to its target."""

    def __init__(self, request: Request, link: Link, scene: Scene):
        self._request = request
        self._link = link
        self._scene = scene
        self._before = request.before
        self._told: Optional[tuple[str, str]] = None
        self._warned: set[str] = set()  # of what kinds of trouble
        self._first_look: Optional[Observation] = None
        self._asked: Optional[Device] = None  # the device over the session of the last poll
        self._waiting: Optional[wait.Waiting] = None
        self._begun = scene.time()

    # -- what may be asked for ------------------------------------------------------------------------------------

    async def retrieve(self, prepare: Optional[Prepare] = None) -> Ended:
        """Poll; trigger the retrieval unless there is no need; wait for the outcome.

        ``prepare(before)`` is awaited before anything is sent; if it returns an end, that is the end.
        """
        return await self._ending(self._retrieve(prepare))

    async def follow(self) -> Ended:
        """Wait for an upgrade that something else started."""
        return await self._ending(self._only_wait())

    async def _ending(self, course: Awaitable[Ended]) -> Ended:
        """Every end is an Ended, and is written down."""
        try:
            ended = await course
        except DeviceAway as away:
            ended = self.stopped(outcome.UNKNOWN, away)
        except (InputError, Refused):
            raise  # no upgrade was tried, so the journal has no place for it
        except CnsError as error:
            ended = self.stopped(outcome.FAILED, error)
        note_end(self._scene, ended)
        self._hear(ended)
        return ended

    def _hear(self, ended: Ended) -> None:
        """Say what the device posted while it was waited for, and whether that is something else than what it shows."""
        if not ended.polls:
            return
        asked_at = (ended.before or {}).get("asked_at")  # one that the user gave may lack it
        ended.posted = self._scene.posted(self._begun if asked_at is None else asked_at)
        if ended.posted is None:
            return
        ended.disagreement = heard.disagreement(ended.verdict, outcome.running(ended.after or {}), ended.posted)
        self._scene.note("posted", messages=ended.posted, disagreement=ended.disagreement)
        if ended.disagreement:
            self._scene.warn(ended.disagreement + ".")

    def stopped(self, how: str, error: CnsError) -> Ended:
        """The end where nothing was sent, because of ``error``, which says all that there is to say."""
        said = {key: error.details[key] for key in ("device_said",) if key in error.details}
        verdict = outcome.Verdict(how, error.details.get("reason", error.message))
        return Ended(verdict, self._first_look, self._first_look, message=error.message, more=said)

    # -- the course of a retrieval --------------------------------------------------------------------------------

    async def _retrieve(self, prepare: Optional[Prepare]) -> Ended:
        request = self._request
        command = trigger.command_line(request.server, request.status)
        try:
            now = await self._first_poll()
        except DeviceAway:
            if request.before:
                return await self._wait(request.before)
            if not request.assumed or self._scene.check_mode:
                raise
            now = await self._first_answer()
        except NoAgent:
            ended = await prepare(self._first_look) if prepare and self._first_look else None
            if ended:
                return ended
            raise
        self._before = self._before or await self._traces(now)
        step = outcome.next_step(self._before, now, request.target, request.expect_reload)
        if self._may_be_retried(now, step.over) and request.wait and not self._scene.check_mode:
            # The agent may be about to try again by itself, and a second trigger is one too many.
            settled = await self._wait(self._before)
            if settled.verdict.outcome != outcome.FAILED or settled.after is None:
                return settled
            now = settled.after
            step = outcome.next_step(self._before, now, request.target, request.expect_reload)
        if step.over:  # the attempt of an earlier run has failed, and this run is the next one
            self._scene.note("ended", outcome=step.over.outcome, reason=step.over.reason, after=now)
        if step.verdict:
            return Ended(step.verdict, step.since, now)
        if step.do == outcome.FOLLOW:
            if step.since is now:
                self._scene.warn("an upgrade is running already; it is waited for, none is started.")
            return await self._wait(step.since)
        ended = await prepare(now) if prepare else None
        if ended:
            return ended
        if self._scene.check_mode:
            verdict = outcome.Verdict(outcome.STARTED, "check mode: an upgrade would be started")
            return Ended(verdict, now, now, changed=True, commands=[command])
        return await self._start_prepared(now, command) if prepare else await self._start(now, command)

    def _may_be_retried(self, now: Observation, verdict: Optional[outcome.Verdict]) -> bool:
        """Whether the agent itself may try again what an earlier run has triggered."""
        return self._before is not None and outcome.may_be_retried(self._before, now, verdict)

    async def _traces(self, now: Observation) -> Optional[Observation]:
        """What the device was before an upgrade that may be in progress, as far as it can be told from what it says now."""
        request = self._request
        if not request.traces or outcome.on_target(now, request.target):
            return None
        retry = 0
        if outcome.agent_failed(now):
            retry = await retry_of(await self._link.device()) + request.interval
        if not outcome.may_be_at_work(now, request.expect_reload, retry):
            return None
        self._scene.warn("the agent has just ended an upgrade, and may go on by itself; that is waited for first.")
        return outcome.before_last_upgrade(now)

    async def _start_prepared(self, before: Observation, command: str) -> Ended:
        """Preparing takes time, in which somebody else may have started an upgrade: the agent is asked once more."""
        now = await self._baseline(before)
        if not outcome.touched(before, now):
            return await self._start(now, command)
        self._scene.warn("an upgrade was started while this one was prepared; that is waited for, none is started.")
        return await self._wait(before)

    async def _baseline(self, before: Observation) -> Observation:
        """What the device says now. While the session lasts it runs what it ran, and only its agent is asked."""
        device = await self._link.device()
        if device is not self._asked:
            return await self._look()
        return dict(before, status=await status_of(device))

    async def _start(self, before: Observation, command: str) -> Ended:
        device = await self._link.device()
        had = await self._agent_lines(device)
        self._scene.note("triggering", before=before)
        try:
            await trigger.send(device, command, self._request.mode)
        except Refused as refused:
            return await self._refused(before, command, refused)
        except DeviceAway as away:
            # Whether the device took the command is for the device to say: it is waited for, never triggered twice.
            self._scene.warn("%s. Waiting for what the device will say." % away.message.rstrip("."))
            return await self._wait(before, changed=True, commands=[command])
        self._scene.note("triggered")
        more = await self._overwritten(device, had)
        return await self._wait(before, changed=True, commands=[command], more=more)

    async def _refused(self, before: Observation, command: str, refused: Refused) -> Ended:
        """Whether a refusal started nothing is for the device to say, too: another may have triggered it just now."""
        said = refused.details["device_said"]
        try:
            started = outcome.touched(before, await self._look())
        except DeviceAway as away:
            started = True
            self._scene.warn("%s %s" % (refused.message, away.message))
        if started:
            self._scene.warn(
                "%s Nevertheless an upgrade may be in progress. Waiting for what the device will say." % refused.message
            )
            return await self._wait(before, changed=True, commands=[command], more=dict(device_said=said))
        return Ended(
            outcome.Verdict(outcome.FAILED, refused.message),
            before,
            before,
            advice=trigger.advice(said, self._request.mode),
            more=dict(device_said=said),
        )

    async def _agent_lines(self, device: Device) -> list[str]:
        """The agent's URLs, if the command names others: those on the device may be overwritten."""
        return await device.running_config("^cns image") if self._request.server else []

    async def _overwritten(self, device: Device, had: list[str]) -> dict[str, Any]:
        """What the URLs of the command did to the configuration, as a diff."""
        if not self._request.server:
            return {}
        try:
            have = await self._agent_lines(device)
        except (DeviceAway, Refused):
            return {}  # the device may be on its way already
        before, after = ("".join(line + "\n" for line in lines) for lines in (had, have))
        return {"diff": dict(before=before, after=after)} if before != after else {}

    # -- waiting --------------------------------------------------------------------------------------------------

    async def _only_wait(self) -> Ended:
        """Poll, unless what the device was before is given or it is away; wait."""
        request = self._request
        try:
            now = await self._first_poll()
        except DeviceAway:
            return await self._wait(request.before)  # it may be booting
        if outcome.on_target(now, request.target):
            return Ended(_up_to_date(now), request.before or now, now)
        verdict = outcome.judge(request.before, now, request.target, request.expect_reload) if request.before else None
        if verdict and not self._may_be_retried(now, verdict):
            return Ended(verdict, request.before, now)
        return await self._wait(request.before or now)

    async def _wait(self, before: Optional[Observation], **more: Any) -> Ended:
        """Wait until the upgrade that follows the observation ``before`` is decided."""
        request = self._request
        if not request.wait:
            verdict = outcome.Verdict(outcome.STARTED, "an upgrade is in progress; nobody waits for it")
            return Ended(verdict, before, before, **more)
        await self._link.close()  # the wait may outlast it, and a helper process is large
        self._waiting = wait.Waiting(
            before, request.target, request.timeout, request.interval, self._scene.monotonic(), request.expect_reload
        )
        waited = await wait.wait_for(
            self._waiting, self._poll, self._scene.monotonic, self._scene.sleep, self._scene.random, self._tell
        )
        elapsed = round(waited.elapsed, 1)
        return Ended(waited.verdict, before, waited.last_seen, elapsed, waited.polls, waited.reloads, **more)

    def _tell(self, phase: str, elapsed: float, detail: str) -> None:
        """Say every poll to who listens closely, and write down what is new; a cause of trouble is said to everybody."""
        self._scene.tell(phase, elapsed, detail)
        cause = "" if phase == "away" else detail
        if (phase, cause) == self._told:
            return
        self._told = (phase, cause)
        if cause and _kind(cause) not in self._warned:
            self._warned.add(_kind(cause))
            self._scene.warn(cause)
        self._scene.note("phase", phase=phase, **({"detail": cause} if cause else {}))

    # -- polling --------------------------------------------------------------------------------------------------

    async def _look(self, recall: bool = False) -> Observation:
        """Observe the device once, over the open session or a new one. ``recall``: see C(observe)."""
        try:
            self._asked = await self._link.device()
            return await observe(self._asked, self._scene.time, recall=recall)
        except Refused as refused:
            raise DeviceAway(refused.message, **refused.details) from None

    async def _first_poll(self) -> Observation:
        """Observe a device of which nothing is known yet; what cannot be worked with ends the attempt."""
        self._first_look = observed = await self._look(recall=True)  # who chose the target has just asked the version
        # What was masked as it was written down is what the device has, if that is shown in the same way.
        self._request = dataclasses.replace(self._request, before=keep_masked(observed, self._request.before))
        self._before = keep_masked(observed, self._before)
        if observed["status"] is None and not outcome.on_target(observed, self._request.target):
            raise NoAgent(
                "This release (%s) has no CNS image agent: it does not know 'show cns image status'. Nothing was sent. Bring "
                "the device to a release that has the agent in another way." % observed["version"],
                reason="the release lacks the image agent",
            )
        return observed

    async def _first_answer(self) -> Observation:
        """The first poll of a device that may be booting: repeated until it answers. Raises DeviceAway once time is up."""
        begun, pause = self._scene.monotonic(), wait.FIRST_PAUSE
        while True:
            await self._link.close()
            await self._scene.sleep(pause)
            pause = min(pause * 2, self._request.interval)
            elapsed = self._scene.monotonic() - begun
            try:
                return await self._first_poll()
            except DeviceAway as away:
                if elapsed >= self._request.timeout:
                    raise
                self._tell("away", elapsed, away.message)

    async def _poll(self) -> Observation:
        """Observe the device while waiting. That a session which was kept has ended says nothing of the device."""
        was_kept = self._link.is_open()
        try:
            seen = await self._look()
            waiting = self._waiting
            if waiting and waiting.retry is None and outcome.agent_failed(seen):
                waiting.retry = await retry_of(await self._link.device())
        except DeviceAway:
            await self._link.close()
            if was_kept:
                return await self._poll()
            raise
        if not self._request.keep_session:
            await self._link.close()
        return seen


def note_end(scene: Scene, ended: Ended) -> None:
    """Write an end into the journal; an upgrade that was only started has none yet."""
    if ended.verdict.outcome == outcome.STARTED:
        return
    scene.note(
        "ended",
        outcome=ended.verdict.outcome,
        reason=ended.verdict.reason,
        elapsed=ended.elapsed,
        reloads=ended.reloads,
        after=ended.after,
    )


def _kind(cause: str) -> str:
    """The same trouble with other numbers is the same."""
    return re.sub(r"[0-9]+", "", cause)


def _up_to_date(now: Observation) -> outcome.Verdict:
    return outcome.Verdict(outcome.UP_TO_DATE, "the device runs %s already" % now["version"])
