# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One conversation with the image server: start a session, answer the inventory request, hear what there is to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from .errors import AgentError
from .exchange import Exchange
from .host import Host
from .http_client import parse_url
from .inventory import inventory
from .messages import AuthenticationFailure, InventoryRequest, NothingToDo, SessionStart, UpgradeRequest


async def poll(device: Host, exchange: Exchange, trigger: str, enter: Callable[[str], Awaitable[None]]) -> UpgradeRequest | None:
    """The upgrade that the configured server wants, or None. `enter` is awaited with the phase "poll".

    Unreachable if a server does not answer, AgentError if it must not be believed or cannot be understood.
    """
    server = device.cns.image_server or ""
    await enter("poll")
    answer = await exchange.ask(server, SessionStart(device.cns.image_id(), trigger))
    if isinstance(answer, InventoryRequest):
        await _refuse_untrusted(device, exchange, server, answer.reply_to)
        answer = await exchange.ask(answer.reply_to, inventory(device))
    if isinstance(answer, NothingToDo):
        return None
    if not isinstance(answer, UpgradeRequest):
        raise AgentError("BAD_RESPONSE", f"the server answered with {answer.TAG}, out of turn")
    return answer


async def _refuse_untrusted(device: Host, exchange: Exchange, server: str, reply_to: str) -> None:
    """A reply may go to the configured host or a trusted one, compared as text: IOS asks no DNS here."""
    host = parse_url(reply_to).host or ""
    if host == parse_url(server).host or device.cns.trusted("image", host):
        return
    await exchange.tell(server, AuthenticationFailure(f"{host} is not a trusted server"))
    raise AgentError("UNTRUSTED_SERVER", f"the server wants the reply sent to {host}, which is not trusted")
