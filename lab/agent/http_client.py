# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The device's HTTP client: one session per transfer, from the device's own address, with TLS verified by trustpoint."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timezone
from functools import lru_cache
from typing import Any

import aiohttp
from cryptography import x509
from yarl import URL

from .errors import AgentError, Unreachable
from .host import Host
from .statistics import ConnectionStatistics

_REQUEST_BYTES = 176  # of the head of a request, about
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Limits:
    """Patience of the agent: seconds, and how often it tries in all. The documentation gives none of them."""

    connect: float = 10
    message: float = 30
    download: float = 1800
    tries: int = 5


def parse_url(text: str) -> URL:
    """The URL, "http" if it names no scheme (IOS takes `cns image server 10.2.2.8`). AgentError if it is of no use."""
    try:
        url = URL(text if "://" in text else f"http://{text}")
        usable = url.scheme in ("http", "https") and bool(url.host) and url.port is not None
    except ValueError:
        usable = False
    if not usable:
        raise AgentError("UNSUPPORTED_URL", f"{without_secret(text)} is not an HTTP or HTTPS URL")
    return url


def without_secret(url: str) -> str:
    """The URL without the user and password that may be in it."""
    return re.sub(r"^([a-z][a-z0-9+.-]*://)?[^/?#]*@", r"\1", url, flags=re.IGNORECASE)


class Transfer:
    """A connection in progress: who talks to whom, and how many bytes came and went."""

    def __init__(self, response: aiohttp.ClientResponse, sent: int) -> None:
        transport = response.connection.transport if response.connection else None
        self.local, self.remote = (_end(transport, name) for name in ("sockname", "peername"))
        self.out_bytes = sent
        self._response = response

    @property
    def in_bytes(self) -> int:
        return self._response.content.total_bytes


def _end(transport: asyncio.Transport | None, name: str) -> str:
    address = transport.get_extra_info(name) if transport else None
    return f"{address[0]}:{address[1]}" if address else ""


class HttpClient:
    """Requests of one device. Counts connections; the faults "server-unreachable" and "slow-server" take effect here.

    `transfers` are those in progress.
    """

    def __init__(self, device: Host, statistics: ConnectionStatistics, limits: Limits, sleep: Sleep) -> None:
        self._device = device
        self._statistics = statistics
        self._limits = limits
        self._sleep = sleep
        self.transfers: list[Transfer] = []

    @asynccontextmanager
    async def post(self, url: str, body: bytes, content_type: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """POST and yield the response. Unreachable or AgentError, as for `get`."""
        options = {"data": body, "headers": {"Content-Type": content_type}}
        async with self._request("POST", url, self._limits.message, **options) as response:
            yield response

    @asynccontextmanager
    async def get(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """GET and yield the response, whose body is then read in pieces.

        Unreachable if there is no connection or it breaks while the response is read, AgentError if there must be none.
        """
        async with self._request("GET", url, self._limits.download) as response:
            yield response

    @asynccontextmanager
    async def _request(self, method: str, text: str, seconds: float, **options: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        url = parse_url(text)
        tls = self._tls_context() if url.scheme == "https" else True
        timeout = aiohttp.ClientTimeout(total=seconds, connect=self._limits.connect)
        self._statistics.attempts += 1
        try:
            await self._suffer_faults(seconds)
            # IPv4, as local_addr is; the device's own address is what a server or a firewall sees.
            connector = aiohttp.TCPConnector(
                local_addr=(self._device.address, 0), family=socket.AF_INET, ssl=tls, force_close=True
            )
            async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
                async with session.request(method, url, allow_redirects=False, **options) as response:
                    self._statistics.last_success = self._device.now()
                    with self._in_progress(Transfer(response, _REQUEST_BYTES + len(options.get("data", b"")))):
                        yield response
        except aiohttp.ClientConnectorCertificateError as exc:
            self._statistics.never_connected += 1
            reason = getattr(exc.certificate_error, "verify_message", "") or "verification failed"
            raise AgentError("CERTIFICATE_REFUSED", f"certificate of {url.host}: {reason}") from exc
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, ConnectionRefusedError) as exc:
            self._statistics.never_connected += 1
            raise Unreachable(f"no connection to {url.host} ({type(exc).__name__})") from exc
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as exc:
            self._statistics.abrupt_disconnects += 1
            raise Unreachable(f"lost the connection to {url.host} ({type(exc).__name__})") from exc

    @contextmanager
    def _in_progress(self, transfer: Transfer) -> Iterator[None]:
        self.transfers.append(transfer)
        try:
            yield
        finally:
            self.transfers.remove(transfer)

    async def _suffer_faults(self, patience: float) -> None:
        if "server-unreachable" in self._device.faults:
            raise ConnectionRefusedError
        delay = self._device.faults.get("slow-server") or 0
        await self._sleep(min(delay, patience))
        if delay >= patience:
            raise asyncio.TimeoutError

    def _tls_context(self) -> ssl.SSLContext:
        """Trust the device's trustpoints and nothing else, and only while the device's own clock is within their time."""
        certificates = self._device.pki.http_client_ca()
        if not certificates:
            raise AgentError("NO_TRUSTPOINT", "HTTPS needs a trustpoint with the CA certificate of the server")
        now = self._device.now()
        now = now if now.tzinfo else now.replace(tzinfo=timezone.utc)
        try:
            for pem in certificates:
                ca = x509.load_pem_x509_certificate(pem.encode())
                if not ca.not_valid_before_utc <= now <= ca.not_valid_after_utc:
                    raise AgentError("CERTIFICATE_REFUSED", "the CA certificate is not valid at the time of the device's clock")
            return _trusting(tuple(certificates))
        except (ValueError, ssl.SSLError) as exc:
            raise AgentError("NO_TRUSTPOINT", "the certificate of the trustpoint cannot be read") from exc


@lru_cache(maxsize=16)
def _trusting(certificates: tuple[str, ...]) -> ssl.SSLContext:
    """One context for all devices that trust the same certificates: each takes a good part of a megabyte."""
    return ssl.create_default_context(cadata="\n".join(certificates))
