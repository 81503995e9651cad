# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other CNS agents: IDs, trusted servers, event, configuration and exec agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...profiles import Profile
from ..commands import Command, Handler, removes
from ..grammar import CliError, Match
from .system import interface_of, secret_of

if TYPE_CHECKING:
    from ..shell import Shell

_INTERFACE = "{<interface:interface> | <kind:interface-type> <unit:unit>}"
_SOURCE = "source {<source:interface> | <kind:interface-type> <unit:unit> | <source:ip>}"
_EVENT_DEFAULTS = {"failover-time": 3, "clock-timeout": 10, "reconnect-time": 3600}


def _has_image_agent(profile: Profile) -> bool:
    return profile.supports_image_agent


def _lacks_image_agent(profile: Profile) -> bool:
    return not profile.supports_image_agent


def _source_of(match: Match) -> str | None:
    if match.get("source"):
        return match["source"]
    return f"{match['kind']}{match['unit']}" if match.get("kind") else None


# cns id


def _agent_of(match: Match) -> str:
    return match.one_of("event", "image") or "config"


def _set_id(shell: Shell, match: Match, text: str, data: dict | None) -> None:
    """One line for each agent: a new one replaces the old. The host name is the default and is not shown."""
    agent = _agent_of(match)
    if data is None:
        shell.device.running.remove("cns", "id", agent)
    else:
        suffix = "" if agent == "config" else f" {agent}"
        shell.device.running.set(("cns", "id", agent), f"cns id {text}{suffix}", data)


def _id_from_device(shell: Shell, match: Match) -> None:
    kind = match.one_of("hardware-serial", "udi")
    _set_id(shell, match, kind or "hostname", {"type": kind} if kind else None)


def _id_from_string(shell: Shell, match: Match) -> None:
    _set_id(shell, match, f"string {match['value']}", {"type": "string", "value": match["value"]})


def _id_from_interface(shell: Shell, match: Match) -> None:
    name = interface_of(match)
    if ("interface", name) not in shell.device.running:
        raise CliError("% Invalid interface\n")
    kind = match.one_of("dns-reverse", "ipaddress", "mac-address")
    _set_id(shell, match, f"{name} {kind}", {"type": kind, "interface": name})


def _no_id(shell: Shell, match: Match) -> None:
    shell.device.running.remove("cns", "id", _agent_of(match))


def _password(shell: Shell, match: Match) -> None:
    shell.device.running.set(("cns", "password"), "cns password {secret}", secret=secret_of(shell, match))


# cns trusted-server

_TRUSTING = ("all-agents", "config", "event", "exec", "image")


def _trust(shell: Shell, match: Match) -> None:
    agent, host = match.one_of(*_TRUSTING), match["host"]
    shell.device.running.set(("cns", "trusted", agent, host), f"cns trusted-server {agent} {host}", host)


def _no_trust(shell: Shell, match: Match) -> None:
    shell.device.running.remove("cns", "trusted", match.one_of(*_TRUSTING), match["host"])


# cns event


def _event(shell: Shell, match: Match) -> None:
    """Options come in any order and are shown in that of the documentation, without defaults."""
    words = [f"cns event {match['host']}"]
    words += ["encrypt"] * match.has("encrypt")
    if match.get("port") not in (None, 11012 if match.has("encrypt") else 11011):
        words.append(str(match["port"]))
    words += ["backup"] * match.has("backup")
    if (seconds := match.get("failover-time", 3)) != 3:
        words.append(f"failover-time {seconds}")
    if match.has("keepalive") and (match["seconds"], match["retries"]) != (0, 0):
        words.append(f"keepalive {match['seconds']} {match['retries']}")
    if source := _source_of(match):
        words.append(f"source {source}")
    for name in ("clock-timeout", "reconnect-time"):
        if (value := match.get(name, _EVENT_DEFAULTS[name])) != _EVENT_DEFAULTS[name]:
            words.append(f"{name} {value}")
    words += [f"init-retry {match['init-retry']}"] if match.has("init-retry") else []
    words += ["force-fmt1"] * match.has("force-fmt1")
    data = {"port": match.get("port", 11012 if match.has("encrypt") else 11011), "backup": match.has("backup")}
    shell.device.running.set(("cns", "event", match["host"]), " ".join(words), data)


def _no_event(shell: Shell, match: Match) -> None:
    if host := match.get("host"):
        shell.device.running.remove("cns", "event", host)
    else:
        shell.device.running.remove_below("cns", "event")


def _show_event_connections(shell: Shell, match: Match) -> str:
    lines = []
    for (_cns, _event, host), entry in shell.device.running.below("cns", "event"):
        lines.append(
            f"The currently configured {'backup' if entry.data['backup'] else 'primary'} event gateway:\n"
            f"\thostname is {host}\n\tport number is {entry.data['port']}\n"
        )
    agent_id = shell.device.cns.agent_id("event")
    return "".join(lines) + f"Event-Id is {agent_id}\nThe connection is not established\n" if lines else ""


# cns config, cns exec and the rest

_CONFIG_SERVER = f"<host:host> [encrypt | <port:0-65535> | {_SOURCE} | inventory]*"


def _server_line(match: Match, command: str, default_port: int) -> str:
    words = [command, match["host"]] if match.get("host") else [command]
    words += ["encrypt"] * match.has("encrypt")
    if match.get("port") not in (None, default_port):
        words.append(str(match["port"]))
    if source := _source_of(match):
        words.append(f"source {source}")
    words += [word for word in ("event", "no-persist", "syntax-check", "inventory") if match.has(word)]
    return " ".join(words)


def _partial(shell: Shell, match: Match) -> str:
    key, text = ("cns", "config", "partial"), _server_line(match, "cns config partial", 80)
    old = shell.device.running.get(*key)
    shell.device.running.set(key, text)
    return "cns config partial agent is running already" if old and old.text == text else ""


def _initial(shell: Shell, match: Match) -> None:
    shell.device.running.set(("cns", "config", "initial"), _server_line(match, "cns config initial", 80))


def _notify(shell: Shell, match: Match) -> None:
    minutes = match.get("minutes", 5)
    words = [f"cns config notify {match.one_of('all', 'diff')}"]
    words += [] if minutes == 5 else [f"interval {minutes}"]
    words += [word for word in ("no_cns_events", "old-format") if match.has(word)]
    shell.device.running.set(("cns", "config", "notify"), " ".join(words))


def _exec(shell: Shell, match: Match) -> None:
    shell.device.running.set(("cns", "exec"), _server_line(match, "cns exec", 80))


def _aaa(shell: Shell, match: Match) -> None:
    shell.device.running.set(("cns", "aaa", "method"), f"cns aaa authentication {match['method']}")


def _aaa_enable(shell: Shell, match: Match) -> None:
    if match.has("no"):
        shell.device.running.set(("cns", "aaa", "enable"), "no cns aaa enable")
    else:
        shell.device.running.remove("cns", "aaa", "enable")


def _dhcp(shell: Shell, match: Match) -> None:
    shell.device.running.set(("cns", "dhcp"), "cns dhcp")


def _for_agents(pattern: str, run: Handler, no: Handler) -> tuple[Command, Command]:
    """A release without the image agent does not know its keyword either."""
    return (
        Command("config", pattern, run, no, when=_has_image_agent),
        Command("config", pattern.replace(" | image", ""), run, no, when=_lacks_image_agent),
    )


_EVENT_OPTIONS = f"""[encrypt | <port:0-65535> | backup | failover-time <failover-time:0-65535>
    | keepalive <seconds:0-65535> <retries:0-65535> | {_SOURCE}
    | clock-timeout <clock-timeout:0-65535> | reconnect-time <reconnect-time:0-65535>
    | init-retry <init-retry:0-65535> | force-fmt1]*"""

COMMANDS = (
    *_for_agents("cns id {hardware-serial | hostname | udi} [event | image]", _id_from_device, _no_id),
    *_for_agents("cns id string <value> [event | image]", _id_from_string, _no_id),
    *_for_agents(f"cns id {_INTERFACE} {{dns-reverse | ipaddress | mac-address}} [event | image]", _id_from_interface, _no_id),
    *_for_agents("cns trusted-server {all-agents | config | event | exec | image} <host>", _trust, _no_trust),
    Command("config", "cns password ~ [0 | 7] <password>", _password, no=removes("cns", "password")),
    Command("config", f"cns event ~ <host:host> {_EVENT_OPTIONS}", _event, no=_no_event),
    Command("exec", "show cns event connections", _show_event_connections),
    Command("config", f"cns config partial ~ {_CONFIG_SERVER}", _partial, no=removes("cns", "config", "partial")),
    Command(
        "config",
        f"cns config initial ~ <host:host> [encrypt | <port:0-65535> | {_SOURCE} | event | "
        "no-persist | syntax-check | inventory]*",
        _initial,
        no=removes("cns", "config", "initial"),
    ),
    Command(
        "config",
        "cns config notify ~ {all | diff} [interval <minutes:0-35791> | no_cns_events | old-format]*",
        _notify,
        no=removes("cns", "config", "notify"),
    ),
    Command("config", f"cns exec ~ [<host:host>] [encrypt | <port:1-65535> | {_SOURCE}]*", _exec, no=removes("cns", "exec")),
    Command("config", "cns aaa authentication ~ <method>", _aaa, no=removes("cns", "aaa", "method")),
    Command("config", "cns aaa enable", _aaa_enable, no=_aaa_enable),
    Command("config", "cns dhcp", _dhcp, no=removes("cns", "dhcp")),
)
