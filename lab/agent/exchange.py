# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The agent's side of the conversation: numbered messages with credentials out, understood messages in."""

from __future__ import annotations

import aiohttp

from .errors import AgentError, Unreachable
from .host import Host
from .http_client import HttpClient, without_secret
from .messages import CONTENT_TYPE, AuthenticationFailure, Body, Message, MessageError, build, parse
from .statistics import UpgradeStatistics

MAX_ANSWER = 256 * 1024


class Exchange:
    """Sends messages of one device and counts them; the lines of `debug cns image` come from here."""

    def __init__(self, device: Host, http: HttpClient, statistics: UpgradeStatistics) -> None:
        self._device = device
        self._http = http
        self._statistics = statistics
        self._number = 0

    async def ask(self, url: str, body: Body) -> Body:
        """Send and return what the server answers. AgentError when it refuses or makes no sense, else Unreachable."""
        status, answer = await self._send(url, body)
        self._debug("connection", f"response data alloc {len(answer)} bytes")
        try:
            reply = parse(answer).body
        except MessageError as exc:
            self._statistics.receive_errors += 1
            text = f"HTTP {status}" if status != 200 else str(exc)
            raise AgentError("BAD_RESPONSE", f"{without_secret(url)} answered: {text}") from exc
        self._statistics.messages_received += 1
        self._debug("connection", "response data freed")
        self._debug("agent", "receive message")
        if isinstance(reply, AuthenticationFailure):
            raise AgentError("NOT_AUTHENTICATED", f"the server refuses the image ID or its password: {reply.reason}")
        return reply

    async def tell(self, url: str, body: Body) -> None:
        """Send and expect nothing but an HTTP success: anybody may receive status messages."""
        status, _answer = await self._send(url, body)
        if status >= 300:
            raise AgentError("BAD_RESPONSE", f"{without_secret(url)} answered: HTTP {status}")

    async def _send(self, url: str, body: Body) -> tuple[int, bytes]:
        """HTTP status and body of the answer; the transmit counters are kept here."""
        self._number += 1
        image_id = self._device.cns.image_id()
        data = build(Message(image_id, f"{image_id}_{self._number}", body, self._device.cns.image_password))
        self._debug("agent", f"attempting to send to destination({without_secret(url)}):\n {data.decode()}")
        self._statistics.tx_attempts += 1
        try:
            async with self._http.post(url, data, CONTENT_TYPE) as response:
                answer = await _read(response)
        except AgentError:
            self._statistics.tx_failures += 1
            raise
        if response.status >= 500:
            self._statistics.tx_failures += 1
            raise Unreachable(f"{without_secret(url)} answered: HTTP {response.status}")
        self._statistics.tx_successes += 1
        self._debug("connection", f"HTTP message sent url:{without_secret(url)}")
        self._debug("connection", "HTTP req data free")
        return response.status, answer

    def _debug(self, flag: str, text: str) -> None:
        self._device.debug(flag, f"CNS Image Agent: {text}")


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The whole answer, unless it is longer than any message can be."""
    answer = bytearray()
    async for chunk in response.content.iter_any():
        answer += chunk
        if len(answer) > MAX_ANSWER:
            raise AgentError("BAD_RESPONSE", f"an answer of more than {MAX_ANSWER} bytes")
    return bytes(answer)
