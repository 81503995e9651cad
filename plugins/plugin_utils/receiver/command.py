# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two ways to start a receiver: alone, from the command line, and as a source of events."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import re
import signal
import ssl
import sys
from collections.abc import Mapping
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver import server
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.keep import Keep
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.limits import Buffer, Limits
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.server import Receiver, Settings

PASSWORD = "CNS_STATUS_PASSWORD"
WAITING = 10000  # events that wait for the rule engine
_OPTIONS = {
    "host": "address to listen at (default: %(default)s)",
    "port": "port of HTTP, 'none' for HTTPS only (default: %(default)s)",
    "https_port": "port of HTTPS, which needs a certificate",
    "certificate": "file with the certificate of the receiver and those that signed it, PEM",
    "key": "file with its key, PEM; by default the key is in the file of the certificate",
    "tls_minimum": "oldest TLS that is taken: 1.0, 1.1, 1.2 or 1.3 (default: %(default)s)",
    "password_file": "file whose first line is the password that agents send (cns image password); or set " + PASSWORD,
    "journal": "file to which each message is appended",
    "readers": "networks that may GET /heard, with commas between them (default: %(default)s)",
    "max_body": "bytes of a message, at most (default: %(default)s)",
    "max_connections": "connections at the same time, at most (default: %(default)s)",
    "max_seconds": "seconds that a connection may last (default: %(default)s)",
    "max_rate": "messages a second in the long run (default: %(default)s)",
    "max_burst": "messages at once (default: %(default)s)",
}
_DEFAULTS: dict[str, Any] = {
    "host": "127.0.0.1",
    "port": 8088,
    "tls_minimum": "1.2",
    "readers": "127.0.0.0/8,::1/128",
    "max_body": Limits.body,
    "max_connections": Limits.connections,
    "max_seconds": Limits.seconds,
    "max_rate": Limits.rate,
    "max_burst": Limits.burst,
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_TEMPLATE = re.compile(r"\{(?=[{%#])")
_GROUPS = ("all", "ungrouped", "localhost")  # every inventory has them


class Wrong(ValueError):
    """An argument that cannot be used; the text says which, and why."""


def settings(arguments: Mapping[str, Any]) -> Settings:
    """What the arguments of a command line, or of a rulebook, ask for. Raises Wrong, and OSError for files."""
    given = {**_DEFAULTS, **{name: value for name, value in arguments.items() if value not in (None, "")}}
    unknown = sorted(set(given) - set(_OPTIONS) - {"password", "hosts"})
    if unknown:
        raise Wrong("%s: there is no such argument" % ", ".join(unknown))
    if given.get("https_port") is not None and not given.get("certificate"):
        raise Wrong("https_port needs certificate")
    try:
        return Settings(
            host=str(given["host"]),
            port=_port(given, "port"),
            https_port=_port(given, "https_port"),
            tls=_tls(given) if given.get("certificate") else None,
            password=_password(given),
            readers=tuple(network.strip() for network in str(given["readers"]).split(",")),
            limits=Limits(
                body=int(_number(given, "max_body")),
                connections=max(1, int(_number(given, "max_connections"))),
                seconds=_number(given, "max_seconds"),
                rate=_number(given, "max_rate"),
                burst=max(1, int(_number(given, "max_burst"))),
            ),
        )
    except (TypeError, ValueError) as error:
        raise Wrong(str(error)) from None


def _port(given: Mapping[str, Any], name: str) -> Optional[int]:
    if str(given.get(name)).lower() == "none":
        return None
    port = int(_number(given, name))
    if port > 65535:
        raise Wrong("%s is %d: ports end at 65535" % (name, port))
    return port


def _number(given: Mapping[str, Any], name: str) -> float:
    """C(float) would also take nan, which is no limit, and digits of other scripts."""
    if not re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,9})?", str(given[name])):
        raise Wrong("%s is %s: give a number" % (name, given[name]))
    return float(str(given[name]))


def _tls(given: Mapping[str, Any]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    minimum = str(given["tls_minimum"])
    try:
        context.minimum_version = ssl.TLSVersion["TLSv" + minimum.replace(".", "_").replace("1_0", "1")]
    except KeyError:
        raise Wrong("tls_minimum is %s: 1.0, 1.1, 1.2 or 1.3" % minimum) from None
    if minimum in ("1.0", "1.1"):
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # nothing that old is allowed otherwise
    context.load_cert_chain(given["certificate"], given.get("key"))
    return context


def _password(given: Mapping[str, Any]) -> Optional[str]:
    if given.get("password_file"):
        with open(os.path.expanduser(given["password_file"]), encoding="utf-8") as file:
            password = file.readline().rstrip("\r\n")
        if not password:
            raise Wrong("%s: its first line is empty, and no password is no protection" % given["password_file"])
        return password
    return str(given.get("password") or os.environ.get(PASSWORD) or "") or None


def _receiver(arguments: Mapping[str, Any], hand_on: Any = None) -> Receiver:
    if server.web is None:
        raise Wrong("the Python library aiohttp is missing: pip install aiohttp")
    rest = {name: value for name, value in arguments.items() if name != "journal"}
    journal = arguments.get("journal")
    return Receiver(settings(rest), Keep(str(journal)) if journal else None, hand_on)


# -- alone ----------------------------------------------------------------------------------------------------------


def run(arguments: Optional[list[str]] = None) -> int:
    """Run alone until SIGTERM or SIGINT; the exit status."""
    parser = argparse.ArgumentParser(
        prog="cns_status",
        description="Receive what the image agents of Cisco devices post to their status URL. Any path is taken.",
    )
    for name, text in _OPTIONS.items():
        parser.add_argument("--" + name.replace("_", "-"), default=_DEFAULTS.get(name), help=text)
    given = vars(parser.parse_args(arguments))
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    try:
        asyncio.run(_until_signal(given))
    except (Wrong, OSError) as error:
        print(Door().line("cns_status: %s" % error), file=sys.stderr)
        return 1
    return 0


async def _until_signal(given: Mapping[str, Any]) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    receiver = _receiver(given)
    await receiver.start()
    print(Door().line("listening at %s" % " and ".join(receiver.urls)), flush=True)
    await ended.wait()
    await receiver.stop()


# -- as a source of events ------------------------------------------------------------------------------------------


async def feed(queue: Any, arguments: Mapping[str, Any]) -> None:
    """Put each message into the queue of the rule engine, as it takes them; see the documentation of the source."""
    waiting = Buffer(int(_number({"max_waiting": arguments.get("max_waiting") or WAITING}, "max_waiting")))
    came = asyncio.Event()
    rest = {name: value for name, value in arguments.items() if name not in ("max_waiting", "hosts")}

    def hand_on(message: dict[str, Any]) -> None:
        if not waiting.put(message):
            receiver.trouble("dropped", "the rule engine is busy: the oldest of %d events made room" % len(waiting))
        came.set()

    receiver = _receiver(rest, hand_on)
    await receiver.start()
    try:
        while True:
            await came.wait()
            came.clear()
            while waiting:
                await queue.put(event(waiting.take(), arguments.get("hosts")))
    finally:
        await receiver.stop()


def event(message: Mapping[str, Any], hosts: Optional[Mapping[str, str]] = None) -> dict[str, Any]:
    """The event of a message. Its C(meta.hosts) limits what a rule runs to the host of the device.

    ``hosts``: the inventory names of image IDs; without it an image ID that is a plain name is taken for one. Anybody can
    post any name, so what Ansible would read as a pattern or as the group of every inventory is no host. Events become variables
    of what a rule runs, so what would be a template there is none.
    """
    made = {name: _TEMPLATE.sub("{ ", value) if isinstance(value, str) else value for name, value in message.items()}
    device = message.get("device") or ""
    named = hosts.get(device) if hosts else device
    if isinstance(named, str) and _NAME.fullmatch(named) and named.lower() not in _GROUPS:
        made["inventory_host"] = named
        made["meta"] = {"hosts": named}
    return made
