# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The receiver of status messages: what image agents post over HTTP and HTTPS is kept, and handed on. It needs aiohttp."""

from __future__ import annotations

import asyncio
import base64
import binascii
import collections
import contextlib
import dataclasses
import hmac
import ipaddress
import json
import logging
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Optional

try:
    from aiohttp import web
    from aiohttp.web_protocol import RequestHandler as _HANDLER
except ImportError:
    web: Any = None  # type: ignore[no-redef]  # whoever starts a receiver is told what is missing
    _HANDLER: Any = object  # type: ignore[no-redef]

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.keep import Keep
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.limits import Limits, Rate
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.message import BINARY, understand
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.heard import Heard, clock, in_words

log = logging.getLogger("cns_status")

HEARD_PATH = "/heard"
_BACKLOG = 2048  # a whole fleet may post in the same moment
_QUIET = 10.0  # seconds in which the same trouble is not said again
_CANDIDATES = 8  # passwords of one message that are compared

Message = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Settings:
    """Where to listen, and whom to believe.

    Port 0 takes a free one, None goes without. ``password``: what each agent has to send with its messages, None for no
    password. ``readers``: the networks that may ask what was heard.
    """

    host: str = "127.0.0.1"
    port: Optional[int] = 8088
    https_port: Optional[int] = None
    tls: Optional[ssl.SSLContext] = None
    password: Optional[str] = None
    readers: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    limits: Limits = dataclasses.field(default_factory=Limits)


class Receiver:
    """A receiver. ``hand_on`` is called with each message, and must not wait."""

    def __init__(self, settings: Settings, keep: Optional[Keep] = None, hand_on: Optional[Callable[[Message], Any]] = None):
        self.heard = Heard(keep.entries() if keep else (), keep=1)
        self.counts: collections.Counter[str] = collections.Counter()
        self.urls: list[str] = []
        self._settings, self._keep, self._hand_on = settings, keep, hand_on
        self._secrets = [settings.password] if settings.password else []
        self._door = Door(self._secrets)
        self._readers = [ipaddress.ip_network(network) for network in settings.readers]
        self._rate = Rate(settings.limits.rate, settings.limits.burst)
        self._free = asyncio.Semaphore(settings.limits.connections)
        self._listeners: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._said: dict[str, tuple[float, int]] = {}

    async def start(self) -> None:
        """Listen. Raises OSError if the address cannot be had, and ValueError if HTTPS lacks its certificate."""
        self._server = _Server(self._answer, self.trouble, min(1.0, self._settings.limits.seconds / 4))
        if self._settings.port is not None:
            self._listen("http", self._settings.port, None)
        if self._settings.https_port is not None:
            if self._settings.tls is None:
                raise ValueError("HTTPS needs a certificate and its key")
            self._listen("https", self._settings.https_port, self._settings.tls)

    async def stop(self) -> None:
        """Close everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listener in self._listeners:
            listener.close()

    def trouble(self, kind: str, text: str) -> None:
        """Count something that went wrong, and say it, the same kind not too often: the log stays small too."""
        self.counts[kind] += 1
        now = time.monotonic()
        said_at, said = self._said.get(kind, (-_QUIET, 0))
        if now - said_at >= _QUIET:
            more = self.counts[kind] - said - 1
            again = " (and %d more since it was said last)" % more if more else ""
            log.warning("%s", self._door.line("%s: %s%s" % (kind, text, again)))
            self._said[kind] = (now, self.counts[kind])

    # -- connections ----------------------------------------------------------------------------------------------

    def _listen(self, scheme: str, port: int, tls: Optional[ssl.SSLContext]) -> None:
        host = self._settings.host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        listener.setblocking(False)
        self._listeners.append(listener)
        shown = "[%s]" % host if ":" in host else host
        self.urls.append("%s://%s:%d" % (scheme, shown, listener.getsockname()[1]))
        self._run(self._accept(listener, tls))

    def _run(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket, tls: Optional[ssl.SSLContext]) -> None:
        """Accept while there are connections left; who comes later waits in the backlog of the system."""
        while True:
            await self._free.acquire()
            try:
                accepted, _address = await asyncio.get_running_loop().sock_accept(listener)
            except OSError as error:  # the caller is gone already, or this process has no more files
                self._free.release()
                self.trouble("not accepted", str(error))
                await asyncio.sleep(0.1)
            else:
                self._run(self._serve(accepted, tls))

    async def _serve(self, accepted: socket.socket, tls: Optional[ssl.SSLContext]) -> None:
        """One connection, for its seconds at most, however slowly it speaks."""
        transport = None
        try:
            async with asyncio.timeout(self._settings.limits.seconds):
                transport, handler = await asyncio.get_running_loop().connect_accepted_socket(self._server, accepted, ssl=tls)
                await handler.gone
        except TimeoutError:
            self.trouble("too slow", "a connection was closed after %g s" % self._settings.limits.seconds)
        except OSError as error:  # TLS, or the network
            self.trouble("broken connection", str(error))
        finally:
            if transport:
                transport.abort()
            accepted.close()
            self._free.release()

    # -- requests -------------------------------------------------------------------------------------------------

    async def _answer(self, request: Any) -> Any:
        """Answer a request; a fault of ours is said, and ends this request only."""
        try:
            status, text = await self._status_of(request)
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception as fault:
            self.trouble("fault of the receiver", "%s: %s" % (type(fault).__name__, fault))
            status, text = 500, "a fault of the receiver\n"
        response = web.Response(status=status, text=text, content_type="application/json" if text[:1] == "{" else "text/plain")
        response.force_close()
        return response

    async def _status_of(self, request: Any) -> tuple[int, str]:
        if request.method in ("GET", "HEAD"):
            return self._told(request)
        if request.method != "POST":
            return self._refused(request, 405, "method refused", "%s is not POST" % request.method)
        if not self._rate.allows(time.monotonic()):
            return self._refused(request, 429, "too many", "more than %g messages a second" % self._settings.limits.rate)
        try:
            async with asyncio.timeout(self._settings.limits.seconds / 2):  # the rest is for the answer
                body = await self._body(request)
        except TimeoutError:
            return self._refused(request, 408, "too slow", "a message that did not come to its end")
        if body is None:
            return self._refused(request, 413, "too large", "more than %d bytes" % self._settings.limits.body)
        posted = understand(body, self._secrets)
        if not self._may_post(request, posted.passwords):
            return self._refused(request, 403, "wrong password", "as %s" % (posted.fields["device"] or "nobody"))
        if posted.fields["form"] == BINARY:
            return self._refused(request, 400, "malformed", "%d bytes that are no text" % len(body))
        return self._taken(dict(posted.fields, at=round(time.time(), 3), **{"from": request.remote or ""}))

    def _refused(self, request: Any, status: int, kind: str, why: str) -> tuple[int, str]:
        self.trouble(kind, "%s: %s" % (request.remote, why))
        return status, kind + "\n"

    async def _body(self, request: Any) -> Optional[bytes]:
        """The body as it was sent, never unpacked; None if it is larger than allowed."""
        largest = self._settings.limits.body
        if (request.content_length or 0) > largest:
            return None
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0  # the answer is still to come
        body = bytearray()
        async for part in request.content.iter_any():
            body += part
            if len(body) > largest:
                return None
        return bytes(body)

    def _may_post(self, request: Any, passwords: tuple[str, ...]) -> bool:
        """Whether one of the passwords, in the message or of HTTP, is right. Takes the same time for every wrong one."""
        if self._settings.password is None:
            return True
        wanted = self._settings.password.encode()
        given = [*_of_http(request.headers.get("Authorization", "")), *passwords[:_CANDIDATES]]
        return True in [hmac.compare_digest(wanted, one.encode("utf-8", "replace")) for one in given]

    def _taken(self, message: Message) -> tuple[int, str]:
        """Keep a message and hand it on. The answer does not wait for whoever takes it."""
        self.counts["messages"] += 1
        self.heard.add(message)
        log.info("%s", self._door.line("%s: %s" % (message["device"] or "no name, from %s" % message["from"], in_words(message))))
        if self._hand_on:
            self._hand_on(message)
        if self._keep:
            try:
                self._keep.append(message)
            except OSError as error:
                self.trouble("not written", "%s: %s" % (self._keep.path, error))
                return 503, "the journal cannot be written\n"
        return 200, "taken\n"

    def _told(self, request: Any) -> tuple[int, str]:
        """What was last heard from each device, for who may know."""
        if not self._may_read(request.remote):
            return self._refused(request, 403, "reader refused", "not among the readers")
        if request.path.rstrip("/") != HEARD_PATH:
            return 404, "what was heard is at %s\n" % HEARD_PATH
        return 200, json.dumps(self.report(), indent=1) + "\n"

    def _may_read(self, address: Optional[str]) -> bool:
        try:
            reader = ipaddress.ip_address((address or "").partition("%")[0])
        except ValueError:
            return False
        return any(reader in network for network in self._readers)

    def report(self) -> dict[str, Any]:
        """What was last heard from each device, and what was counted."""
        return {
            "devices": {message["device"]: _with_time(message) for message in self.heard.last()},
            "nameless": [_with_time(message) for message in self.heard.nameless],
            "counts": dict(self.counts),
        }


def _with_time(message: Message) -> Message:
    return dict(message, time=clock(message["at"]))


def _of_http(header: str) -> list[str]:
    """The password of basic authentication."""
    scheme, _blank, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return []
    with contextlib.suppress(binascii.Error, ValueError):
        return [base64.b64decode(encoded.strip()).decode("utf-8", "replace").partition(":")[2]]
    return []


class _Connection(_HANDLER):  # type: ignore[misc]
    """A connection of which is known when it is gone, and whose bad requests are no tracebacks."""

    __slots__ = ("_trouble", "gone")

    def __init__(self, server: _Server, trouble: Callable[[str, str], None], loop: asyncio.AbstractEventLoop, **options: Any):
        super().__init__(server, loop=loop, **options)
        self.gone: asyncio.Future[None] = loop.create_future()
        self._trouble = trouble

    def connection_lost(self, exc: Optional[BaseException]) -> None:
        super().connection_lost(exc)
        if not self.gone.done():
            self.gone.set_result(None)

    def handle_error(
        self, request: Any, status: int = 500, exc: Optional[BaseException] = None, message: Optional[str] = None
    ) -> Any:
        """What is no HTTP is answered, said and counted."""
        self._trouble("malformed", "%s: no HTTP: %s" % (request.remote, (message or type(exc).__name__).partition("\n")[0]))
        response = web.Response(status=status, text="malformed\n")
        response.force_close()
        return response


class _Server(web.Server if web else object):  # type: ignore[misc]
    """Makes a handler for each connection."""

    def __init__(self, answer: Callable[[Any], Any], trouble: Callable[[str, str], None], lingering: float):
        super().__init__(answer)
        self._trouble = trouble
        self._lingering = lingering  # seconds in which what is still being sent is read, so that the answer arrives

    def __call__(self) -> _Connection:
        options = dict(access_log=None, auto_decompress=False, lingering_time=self._lingering, logger=_Silent("aiohttp"))
        return _Connection(self, self._trouble, self._loop, **options)


class _Silent(logging.Logger):
    """What aiohttp would log of a connection is said in our words, and counted."""

    def handle(self, record: logging.LogRecord) -> None:
        """Drop it."""
