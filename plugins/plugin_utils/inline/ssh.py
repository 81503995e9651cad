# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A shell on a device, over asyncssh: from the TCP connection to the first byte. It needs asyncssh."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

try:
    import asyncssh
except ImportError:
    _CLIENT: Any = object  # whoever opens a shell has been told what is missing
    _SESSION: Any = object
else:
    _CLIENT, _SESSION = asyncssh.SSHClient, asyncssh.SSHClientSession

from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import shortened
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline import algorithms, sentences
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.config_file import configured, paths
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.errors import (
    HostKeyRefused,
    LoginRefused,
    NoSharedAlgorithms,
    SessionLost,
    TimedOut,
    Unreachable,
)
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.files import Files
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.offer import offer_of

# Wide, so that the device does not scroll the echo of a long command before its terminal is set up.
_COLUMNS, _ROWS = 511, 24
# Bytes that wait to be read before the device is told to wait.
_HIGH_WATER = 1024 * 1024
# Seconds that a device has to say goodbye.
_FAREWELL = 1.0
_PASSWORD = re.compile(r"pass ?(?:word|code|phrase)", re.IGNORECASE)
_EXPIRED = re.compile(r"(?:new|old|current|expired|change)\b.{0,60}password|password.{0,60}(?:expired|change)", re.IGNORECASE)


class Shell:
    """An open shell. Bytes in, bytes out; of prompts and commands it knows nothing."""

    def __init__(self, chain: list[asyncssh.SSHClientConnection], wire: _Wire) -> None:
        """``chain``: the connection to the device, and before it those to the jump hosts."""
        self._chain = chain
        self._wire = wire

    @classmethod
    async def open(cls, login: Login, files: Files) -> Shell:
        """Connect, log in, and start a shell, all within the connect timeout. Raises SessionLost."""
        async with _logged_in(login, files) as chain:
            return cls(chain, await _start_shell(chain[-1]))

    async def read(self, seconds: float) -> bytes:
        """What arrives within ``seconds``, as soon as anything does, or b"". Raises EOFError at the end of the session."""
        return await self._wire.read(seconds)

    def news(self, loop: asyncio.AbstractEventLoop, seconds: float) -> asyncio.Future[None]:
        """Done as soon as there is something to take, or after ``seconds``. For who runs the loop just for this."""
        return self._wire.news(loop, seconds)

    def take(self) -> bytes:
        """What has arrived, or b"". Raises EOFError at the end of the session."""
        return self._wire.take()

    def write(self, data: bytes) -> None:
        """Send. Raises EOFError where nobody is there any more."""
        self._wire.write(data)

    def resize(self, columns: int, rows: int) -> None:
        """Tell the device another size of the terminal."""
        self._wire.channel.change_terminal_size(columns, rows)

    async def close(self) -> None:
        """Say goodbye to the device, but do not wait for its answer for long."""
        with contextlib.suppress(asyncssh.Error, OSError, TimeoutError):
            self._wire.channel.close()
            self._chain[-1].close()
            async with asyncio.timeout(_FAREWELL):
                await self._chain[-1].wait_closed()
        self.abort()

    def abort(self) -> None:
        """Cut the connection at once."""
        _abort(self._chain)


async def copy(login: Login, files: Files, source: str, destination: str, proto: str, to_device: bool) -> None:
    """Copy a file by scp or sftp, over a connection of its own. Raises SessionLost."""
    try:
        async with _logged_in(login, files) as chain:
            pass
        try:
            await _copy(chain[-1], source, destination, proto, to_device)
        finally:
            _abort(chain)
    except (asyncssh.Error, OSError) as exc:
        raise SessionLost("%s: %s of '%s' failed%s" % (login.device, proto, source, _because(exc))) from None


async def _copy(connection: asyncssh.SSHClientConnection, source: str, destination: str, proto: str, to_device: bool) -> None:
    if proto == "scp":
        await asyncssh.scp(source if to_device else (connection, source), (connection, destination) if to_device else destination)
        return
    async with connection.start_sftp_client() as sftp:
        await (sftp.put if to_device else sftp.get)(source, destination)


@contextlib.asynccontextmanager
async def _logged_in(login: Login, files: Files) -> AsyncIterator[list[asyncssh.SSHClientConnection]]:
    """The connection to the device, and before it those to the jump hosts. What fails within the block cuts them."""
    chain: list[asyncssh.SSHClientConnection] = []
    hop = login = configured(login)
    hops = [configured(_hop(login, number)) for number in range(len(login.jumps))] + [login]
    files.keys(login)  # tells of one that cannot be read, before anything is sent
    try:
        async with asyncio.timeout(login.connect_timeout or None):
            for hop in hops:
                chain.append(await _connect(hop, files, chain[-1] if chain else None))
            yield chain
    except BaseException as exc:
        _abort(chain)
        if isinstance(exc, TimeoutError):
            raise TimedOut(_no_login_in_time(hop)) from None
        if isinstance(exc, (asyncssh.Error, OSError)):
            raise SessionLost("%s: the session was lost before the login was complete%s" % (hop.device, _because(exc))) from None
        raise


class _Wire(_SESSION):
    """What arrived and was not read yet."""

    channel: asyncssh.SSHClientChannel[bytes]

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._news: asyncio.Future[None] | None = None
        self._ended = False
        self._paused = False

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:
        self._buffer += data
        if len(self._buffer) > _HIGH_WATER and not self._paused:
            self._paused = True
            self.channel.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()

    async def read(self, seconds: float) -> bytes:
        if not self._buffer and not self._ended:
            await self.news(asyncio.get_running_loop(), seconds)
        return self.take()

    def news(self, loop: asyncio.AbstractEventLoop, seconds: float) -> asyncio.Future[None]:
        news = self._news = loop.create_future()
        timer = loop.call_later(seconds, self._wake)
        news.add_done_callback(lambda _news: timer.cancel())
        if self._buffer or self._ended:
            self._wake()
        return news

    def take(self) -> bytes:
        data = bytes(self._buffer)
        self._buffer.clear()
        if self._paused:
            self._paused = False
            self.channel.resume_reading()
        if not data and self._ended:
            raise EOFError("the device closed the session")
        return data

    def write(self, data: bytes) -> None:
        if self._ended or self.channel.is_closing():
            raise EOFError("the device closed the session")
        self.channel.write(data)

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def _end(self) -> None:
        self._ended = True
        self._wake()


class _Client(_CLIENT):
    """Answers what the login asks, each password once: a device may lock the account after a few wrong ones."""

    def __init__(self, login: Login, files: Files) -> None:
        self._login = login
        self._files = files
        self._keys: list[Any] | None = None
        self._agent: asyncssh.SSHAgentClient | None = None
        self._given: set[str] = set()
        self.connection: asyncssh.SSHClientConnection | None = None
        self.trouble: str | None = None
        self.greeted = False
        self.banner = ""

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self.connection = conn

    def connection_lost(self, exc: Exception | None) -> None:
        if self._agent is not None:
            self._agent.close()

    def auth_banner_received(self, msg: str, lang: str) -> None:
        self.banner = msg

    def begin_auth(self, username: str) -> None:
        self.greeted = True

    # -- the host's key ---------------------------------------------------------------------------------------------

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        shown = "%s key %s" % (key.get_algorithm(), key.get_fingerprint())
        before = self._files.host_keys(self._login)
        if before:
            self.trouble = _CHANGED % (
                self._login.device,
                shown,
                ", ".join(dict.fromkeys(_fingerprints(before))),
                _names(self._login),
            )
            return False
        if self._login.add_host_keys:
            self._files.add_known_host(self._login.known_hosts, _known_host_line(host, port, key))
            return True
        self.trouble = _UNKNOWN % (self._login.device, shown, _names(self._login), _scan(self._login))
        return False

    # -- who logs in ------------------------------------------------------------------------------------------------

    async def public_key_auth_requested(self) -> Any:
        if self._keys is None:
            self._keys = self._files.keys(self._login) + await self._agent_keys()
        return [self._keys.pop(0)] if self._keys else None

    async def _agent_keys(self) -> list[Any]:
        if not self._login.agent:
            return []
        with contextlib.suppress(OSError, ValueError, asyncssh.Error):
            self._agent = await asyncssh.connect_agent()
            return list(await self._agent.get_keys())
        return []

    def password_auth_requested(self) -> str | None:
        return self._once("password", self._login.password)

    def password_change_requested(self, prompt: str, lang: str) -> Any:
        self.trouble = _EXPIRED_PASSWORD % (self._login.device, self._login.user)
        return NotImplemented

    def kbdint_auth_requested(self) -> str | None:
        return "" if self._login.password is not None or self._login.answers else None

    def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: list[tuple[str, bool]]
    ) -> list[str] | None:
        answers = [self._answer(prompt, instructions) for prompt, _echo in prompts]
        known = [answer for answer in answers if answer is not None]
        return known if len(known) == len(prompts) else None

    def _answer(self, prompt: str, instructions: str) -> str | None:
        for pattern, answer in self._login.answers:
            if re.search(pattern, prompt, re.IGNORECASE):
                return self._once(pattern, answer)
        if _EXPIRED.search(prompt) or _EXPIRED.search(instructions):
            self.trouble = _EXPIRED_PASSWORD % (self._login.device, self._login.user)
            return None
        if _PASSWORD.search(prompt):
            return self._once("password", self._login.password)
        self.trouble = _ASKS % (self._login.device, shortened(" ".join(prompt.split()), 80))
        return None

    def _once(self, what: str, answer: str | None) -> str | None:
        if what in self._given:
            return None
        self._given.add(what)
        return answer


async def _connect(login: Login, files: Files, tunnel: asyncssh.SSHClientConnection | None) -> asyncssh.SSHClientConnection:
    client = _Client(login, files)
    try:
        return await asyncssh.connect(**_options(login, files, tunnel), client_factory=lambda: client)
    except (TimeoutError, LoginRefused):
        raise
    except asyncssh.HostKeyNotVerifiable as exc:
        raise HostKeyRefused(client.trouble or _bad_host_key(login, exc.reason)) from None
    except asyncssh.KeyExchangeFailed as exc:
        raise NoSharedAlgorithms(algorithms.explain(login, exc.reason, _offer(client.connection))) from None
    except asyncssh.PermissionDenied as exc:
        raise LoginRefused(client.trouble or sentences.refused(login, exc.reason)) from None
    except (asyncssh.Error, OSError, ValueError) as exc:
        await _look_for_algorithms(login, client, tunnel)
        raise _failure(login, client, exc) from None


async def _look_for_algorithms(login: Login, client: _Client, tunnel: Any) -> None:
    """Raise NoSharedAlgorithms if that is why a server hung up: some do so before their offer can be read."""
    if client.connection is None or client.greeted or tunnel or login.proxy_command:
        return
    offer = await offer_of(login.host, login.port)
    if offer and algorithms.missing(login, offer):
        raise NoSharedAlgorithms(algorithms.explain(login, "", offer))


def _options(login: Login, files: Files, tunnel: asyncssh.SSHClientConnection | None) -> dict[str, Any]:
    known = files.host_keys(login) if login.host_key_checking else ()
    chosen = algorithms.choose(login, [key.get_algorithm() for key in known])
    options: dict[str, Any] = dict(
        host=login.alias or login.host,
        port=login.port,
        tunnel=tunnel,
        proxy_command=["/bin/sh", "-c", "exec " + login.proxy_command] if login.proxy_command and not tunnel else None,
        config=paths(login) or None,
        known_hosts=files.known_hosts(login.known_hosts) if login.host_key_checking else None,
        x509_trusted_certs=None,
        x509_trusted_cert_paths=[],
        client_keys=None,
        agent_path=None,
        gss_host=None,
        login_timeout=0,
        keepalive_interval=0,
        compression_algs=["none"],
        **chosen,
    )
    if login.user:
        options["username"] = login.user
    return options


async def _start_shell(connection: asyncssh.SSHClientConnection) -> _Wire:
    wire = _Wire()
    await connection.create_session(
        lambda: wire, encoding=None, request_pty="force", term_type="vt100", term_size=(_COLUMNS, _ROWS)
    )
    return wire


def _hop(login: Login, number: int) -> Login:
    """The login to a jump host: as to the device, but for its name."""
    jump = login.jumps[number]
    return replace(
        login,
        host=jump.host,
        alias="",
        port=jump.port,
        user=jump.user or login.user,
        jumps=(),
        proxy_command=login.proxy_command if number == 0 else "",
        jump_to=login.host,
    )


def _abort(chain: list[asyncssh.SSHClientConnection]) -> None:
    for connection in reversed(chain):
        connection.abort()


# -- sentences ------------------------------------------------------------------------------------------------------

_UNKNOWN = (
    "%s: its host key is unknown (%s is not in %s). Compare the fingerprint with the device's, then add the key, for example by "
    "'%s', or set ansible_host_key_auto_add: true to trust each new device at its first login."
)
_CHANGED = (
    "%s: its host key has changed. It shows %s, known is %s (in %s). Was the device replaced, or its key zeroized? Then remove "
    "the old line. Otherwise somebody may be listening in: do not log in."
)
_NO_SSH = "%s: what answers there does not speak SSH as it should (%s). Check ansible_host and ansible_port."
_EXPIRED_PASSWORD = "%s: the password of user %s has expired, and the device wants a new one. Log in by hand and change it."
_ASKS = (
    "%s: the login asks '%s', and nobody said what to answer. Give the answer in ansible_network_cli_keyboard_interactive, "
    "a list of {prompt: PATTERN, answer: TEXT}."
)


def _bad_host_key(login: Login, reason: str) -> str:
    if "decode" not in reason:
        return "%s: %s." % (login.device, reason)
    return (
        "%s: its host key cannot be read. RSA keys of less than 1024 bits, as old devices make them, are beyond what the "
        "Python package cryptography accepts. On the device: 'crypto key generate rsa modulus 2048'." % login.device
    )


def _failure(login: Login, client: _Client, exc: Exception) -> SessionLost:
    if isinstance(exc, socket.gaierror):
        return Unreachable("%s: no address is known for this name. Correct ansible_host, or the name service." % login.device)
    if isinstance(exc, ConnectionRefusedError):
        return Unreachable(sentences.nobody_listens(login))
    if login.proxy_command and not client.greeted:
        return Unreachable(
            "%s: the proxy command ended before the login. Try it by hand: %s" % (login.device, login.proxy_command)
        )
    if client.greeted or client.trouble:
        return SessionLost(
            client.trouble or "%s: the device closed the connection during the login%s" % (login.device, _because(exc))
        )
    if isinstance(exc, (asyncssh.ProtocolError, UnicodeError)):
        what = ": " + exc.reason if isinstance(exc, asyncssh.ProtocolError) else ", but bytes that are no text"
        return Unreachable(
            "%s: what answers there does not speak SSH as it should%s. Check ansible_host and ansible_port."
            % (login.device, what)
        )
    if isinstance(exc, (asyncssh.ConnectionLost, ConnectionResetError, BrokenPipeError)):
        return Unreachable(
            "%s: the device closed the connection before the login%s. Perhaps no line is free ('show users', 'show line'), an "
            "access-class refuses this host, or SSH has no key ('show ip ssh')." % (login.device, _because(exc).rstrip("."))
        )
    return Unreachable("%s: no connection%s" % (login.device, _because(exc)))


def _because(exc: BaseException) -> str:
    text = getattr(exc, "reason", "") or getattr(exc, "strerror", "") or str(exc)
    return ": %s." % str(text).strip(" .") if text else "."


def _no_login_in_time(login: Login) -> str:
    return (
        "connect timeout triggered, timeout value is %d secs: no login to %s. If the device needs longer, "
        "raise ansible_connect_timeout." % (login.connect_timeout, login.device)
    )


def _offer(connection: asyncssh.SSHClientConnection | None) -> bytes:
    return getattr(connection, "_server_kexinit", b"") if connection is not None else b""


def _fingerprints(keys: Any) -> list[str]:
    return ["%s key %s" % (key.get_algorithm(), key.get_fingerprint()) for key in keys]


def _names(login: Login) -> str:
    return ", ".join(login.known_hosts)


def _host_name(host: str, port: int) -> str:
    return host if port == 22 else "[%s]:%d" % (host, port)


def _known_host_line(host: str, port: int, key: asyncssh.SSHKey) -> str:
    return "%s %s" % (_host_name(host, port), key.export_public_key().decode())


def _scan(login: Login) -> str:
    port = "" if login.port == 22 else "-p %d " % login.port
    return "ssh-keyscan %s%s >> %s" % (port, login.host, login.known_hosts[0])
