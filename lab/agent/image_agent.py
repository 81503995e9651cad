# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CNS image agent: `cns image retrieve` and everything that follows from it, up to the reload and after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TypeVar

from .distribution import Distribution
from .errors import AgentError, Unreachable
from .exchange import Exchange
from .host import Host
from .http_client import HttpClient, Limits, Sleep, Transfer, parse_url
from .inventory import inventory_text
from .messages import FAILED, NO_NEW_IMAGE, STARTED, SUCCESS, StatusReport, UpgradeRequest
from .session import poll
from .statistics import ConnectionStatistics, UpgradeStatistics

T = TypeVar("T")


@dataclass(frozen=True)
class Activation:
    """The image that the next boot shall bring up: all that the agent remembers across it."""

    image: str
    version: str


class ImageAgent:
    """The agent of one device.

    The device hears of each phase of an upgrade as it begins (`device.enter_phase`), so that it can hang or drop its
    sessions there. `sleep` and `limits` are arguments so that a test need not wait.
    """

    def __init__(self, device: Host, *, sleep: Sleep = asyncio.sleep, limits: Limits = Limits()) -> None:
        self._device = device
        self._sleep = sleep
        self._limits = limits
        self._tasks: set[asyncio.Task] = set()
        self._activation: Activation | None = None
        self._power_up()

    def _power_up(self) -> None:
        """What is in RAM, as it is when the device starts."""
        self._status = UpgradeStatistics()
        self._connections = ConnectionStatistics()
        self._http = HttpClient(self._device, self._connections, self._limits, self._sleep)
        self._exchange = Exchange(self._device, self._http, self._status)
        self._operation = "session"
        self._request: UpgradeRequest | None = None
        self.phase = "idle"

    @property
    def busy(self) -> bool:
        """Whether an upgrade is under way, from the request to the reload (or to the end without one)."""
        return self.phase != "idle"

    def retrieve(self, server: str | None = None, status: str | None = None, trigger: str = "EXEC") -> str:
        """`cns image retrieve`: "" when accepted, and the work goes on by itself; else the "%" line to print.

        URLs given here overwrite the configured ones (a URL not given stays).
        """
        cns = self._device.cns
        given = bool(server or status)
        server, status = server or cns.image_server or "", status or cns.image_status
        refusal = self._refusal(server, status)
        if refusal:
            return f"% CNS Image Agent: {refusal}"
        if given:
            cns.set_image_urls(server, status)
        self._debug("agent", "set EXEC lock")
        self._debug("agent", f"received message from {trigger}")
        self._debug("agent", "set session lock 1")
        self.phase = "retrieve"
        self._status.messages_received += 1
        self._status.started = self._device.now()
        self._start(self._work(trigger))
        self._debug("agent", "clear EXEC lock")
        return ""

    def status_text(self) -> str:
        """`show cns image status`"""
        return self._status.text(self._device.ios_time)

    def connections_text(self) -> str:
        """`show cns image connections`"""
        return self._connections.text(self._device.ios_time)

    def inventory_text(self, width: int = 80) -> str:
        """`show cns image inventory` on a terminal of this width (0: unlimited)."""
        return inventory_text(self._device, width)

    def transfers(self) -> list[Transfer]:
        """The connections of the HTTP client that are in progress."""
        return self._http.transfers

    def clear_status(self) -> None:
        """`clear cns image status`; an upgrade under way stays visible as such."""
        started = self._status.started if self.busy else None
        self._status.clear()
        self._status.started = started

    def clear_connections(self) -> None:
        """`clear cns image connections`"""
        self._connections.clear()

    def power_off(self) -> None:
        """The device reloads or hangs: work stops where it is and all counters are lost."""
        for task in self._tasks:
            task.cancel()
        self._power_up()

    def power_on(self) -> None:
        """The device has booted: if an upgrade led to it, tell the status server how it ended."""
        if self._activation:
            self._start(self._report_boot(self._activation))
            self._activation = None

    def _refusal(self, server: str | None, status: str | None) -> str:
        """Why a retrieve cannot start now. The words are this project's own, IOS's are not documented."""
        if not self._device.cns.image_enabled:
            return "the agent is not enabled (cns image)"
        if self.busy or "agent-busy" in self._device.faults:
            return "an upgrade is already in progress"
        if not server:
            return "no image server is known (cns image server)"
        try:
            for url in filter(None, (server, status)):
                parse_url(url)
        except AgentError as exc:
            return exc.text
        return ""

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, trigger: str) -> None:
        """One upgrade to its end, whatever that is. A reload takes it over before the end."""
        try:
            await self._fail_first(self._device.faults.get("failing-tries", 0))
            result = await self._with_retries(lambda: self._upgrade(trigger))
        except AgentError as exc:
            await self._end(FAILED, exc)
        except Exception:  # a fault of the lab: no device may look busy for ever because of it
            logging.getLogger(__name__).exception("image agent of %s", self._device.name)
            await self._end(FAILED, AgentError("INTERNAL", "the agent failed"))
        else:
            if result:
                await self._end(result)

    async def _fail_first(self, tries: int) -> None:
        """A device whose first tries fail for good, and are counted so; the agent tries again by itself."""
        for _try in range(tries):
            await self._sleep(0.1)
            await self._end(FAILED, AgentError("SESSION", "the server did not answer"))
            await self._sleep(self._device.cns.image_retry)
            self.phase = "retrieve"
            self._status.started = self._device.now()

    async def _with_retries(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`; while a server does not answer, again after `cns image retry` seconds, `limits.tries` times in all."""
        for _attempt in range(1, self._limits.tries):
            try:
                return await work()
            except Unreachable as exc:
                retry = self._device.cns.image_retry
                self._debug("error", f"{exc.text}, retry in {retry} seconds")
                await self._sleep(retry)
            if not self._device.cns.image_enabled:
                raise AgentError("AGENT_DISABLED", "the agent was disabled while it waited to try again")
        return await work()

    async def _upgrade(self, trigger: str) -> str | None:
        """One try: ask, distribute, activate. How it ended, or None when a reload has taken over."""
        self._operation = "session"
        request = self._request = await poll(self._device, self._exchange, trigger, self._enter)
        if not request:
            return NO_NEW_IMAGE
        self._operation = "distribution"
        await self._tell(STARTED)
        header = await Distribution(self._device, self._http, request, self._enter).run()
        await self._tell(SUCCESS, version=header.version)
        self._operation = "activation"
        await self._enter("activate")
        self._device.boot_order(request.image)
        self._device.save()
        self._activation = Activation(request.image, header.version)
        if not request.reload:
            return SUCCESS
        await self._enter("status")
        await self._tell(STARTED, version=header.version)
        self.phase = "reload"
        await self._device.reload("CNS image agent")  # which switches this agent off, and cancels this task
        return None

    async def _report_boot(self, activation: Activation) -> None:
        """The last word about an upgrade, sent by the image that runs now."""
        error = None
        if not self._device.runs(activation.image):
            running = self._device.running_image.partition(":")[2]
            error = AgentError("DID_NOT_BOOT", f"{activation.image} did not boot, {running} runs")
        report = self._report("activation", FAILED if error else SUCCESS, activation.image, activation.version, error)
        try:
            await self._with_retries(lambda: self._post_status(report))
        except AgentError as exc:
            self._debug("error", exc.text)

    async def _end(self, status: str, error: AgentError | None = None) -> None:
        if error:
            self._debug("error", f"{self._operation} failed: {error.text}")
        await self._enter("status")
        await self._tell(status, error)
        self._status.end(self._device.now(), status, error.code if error else "")
        self.phase = "idle"
        self._debug("agent", "clear session lock 1")

    async def _enter(self, phase: str) -> None:
        self.phase = phase
        self._device.enter_phase(phase)
        await asyncio.sleep(0)  # if that hung the device, this is where the task ends

    async def _tell(self, status: str, error: AgentError | None = None, version: str = "") -> None:
        """Report to the status server, once: a status message that is lost changes nothing about the upgrade."""
        image = self._request.image if self._request else ""
        try:
            await self._post_status(self._report(self._operation, status, image, version, error))
        except AgentError as exc:
            self._debug("error", exc.text)

    async def _post_status(self, report: StatusReport) -> None:
        """POST to the status URL. Without one IOS would use the event bus, which the lab does not have: it is lost."""
        if self._device.cns.image_status:
            await self._exchange.tell(self._device.cns.image_status, report)
        else:
            self._debug("error", f"no status URL, lost: {report.operation} {report.status}")

    def _report(self, operation: str, status: str, image: str, version: str, error: AgentError | None) -> StatusReport:
        return StatusReport(
            image_id=self._device.cns.image_id(),
            host_name=self._device.hostname,
            operation=operation,
            status=status,
            time=self._device.now().isoformat(timespec="milliseconds"),
            image=image,
            version=version,
            code=error.code if error else "",
            text=error.text if error else "",
        )

    def _debug(self, flag: str, text: str) -> None:
        self._device.debug(flag, f"CNS Image Agent: {text}")
