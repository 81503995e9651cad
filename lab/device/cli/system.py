# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Global configuration that is not about CNS, and the commands that save it or restart the device."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from .. import texts
from ..commands import Command, removes, removes_child
from ..config import Entry, Key, Secret
from ..grammar import CliError, Match
from ..passwords import decrypt_type7, encrypt_type7, hashed_secret

if TYPE_CHECKING:
    from ...profiles import Profile
    from ..shell import Shell

_INTERFACE = "{<interface:interface> | <kind:interface-type> <unit:unit>}"


def secret_of(shell: Shell, match: Match) -> Secret:
    """The password of a line: plain, or type 7 as the device shows it. New ones are encrypted if the service is on."""
    typed = match["password"]
    if match.has("7"):
        try:
            return Secret(decrypt_type7(typed), typed)
        except ValueError:
            raise CliError("Invalid encrypted password: " + typed) from None
    encrypt = shell.device.running.data("service", "password-encryption")
    return Secret(typed, encrypt_type7(typed) if encrypt else None)


def interface_of(match: Match) -> str:
    """`GigabitEthernet0/1`, typed in one word or in two."""
    return match.get("interface") or f"{match['kind']}{match['unit']}"


def _hostname(shell: Shell, match: Match) -> None:
    name = match.get("name", "Router") if not match.has("no") else "Router"
    shell.device.running.set(("hostname",), f"hostname {name}", name)


def _password_encryption(shell: Shell, match: Match) -> None:
    running, on = shell.device.running, not match.has("no")
    running.set(("service", "password-encryption"), f"{'' if on else 'no '}service password-encryption", on)
    if on:
        running.encrypt_secrets(encrypt_type7)


def _enable_secret(shell: Shell, match: Match) -> None:
    plain = match["secret"]
    shell.device.running.set(("enable", "secret"), f"enable secret 5 {hashed_secret(plain)}", plain)


def _username(shell: Shell, match: Match) -> None:
    key: Key = ("username", match["name"])
    user = {"privilege": 1, "password": None, **(shell.device.running.data(*key) or {})}
    user["privilege"] = match.get("level", user["privilege"])
    user["password"] = match.get("secret", user["password"])
    text = f"username {match['name']} privilege {user['privilege']}"
    if user["password"]:
        text += f" secret 5 {hashed_secret(user['password'])}"
    shell.device.running.set(key, text, user)


def _boot_system(shell: Shell, match: Match) -> None:
    name = match["file"].rpartition(":")[2].lstrip("/")
    if not name:
        raise CliError("% Invalid file name\n")
    shell.device.add_boot_image(name)


def _no_boot_system(shell: Shell, match: Match) -> None:
    running = shell.device.running
    name = match.get("file", "").rpartition(":")[2].lstrip("/")
    if name:
        running.remove("boot", "system", name)
    else:
        running.remove_below("boot", "system")


def _boot_manual(shell: Shell, match: Match) -> None:
    """At once, and not in the configuration: it is a variable of the boot loader."""
    for member in shell.device.stack.numbered(match.get("member")):
        member.manual_boot = not match.has("no")


def _ignore_startup(shell: Shell, match: Match) -> None:
    """In the configuration, and counts once it is saved: what a register with bit 6 does on other devices."""
    on = not match.has("no")
    shell.device.running.set(("system", "ignore"), f"{'' if on else 'no '}system ignore startupconfig switch all", on)


def _is_stack(profile: Profile) -> bool:
    return bool(profile.members)


def _config_register(shell: Shell, match: Match) -> None:
    shell.device.next_config_register = match["value"]


def _domain_name(shell: Shell, match: Match) -> None:
    shell.device.running.set(("ip-domain", "name"), f"ip domain name {match['name']}", match["name"])


def _domain_lookup(shell: Shell, match: Match) -> None:
    if match.has("no"):
        shell.device.running.set(("ip-domain", "lookup"), "no ip domain lookup")
    else:
        shell.device.running.remove("ip-domain", "lookup")


def _http_source(shell: Shell, match: Match) -> None:
    name = interface_of(match)
    if ("interface", name) not in shell.device.running:
        raise CliError("% Invalid interface\n")
    shell.device.running.set(("ip-http", "source"), f"ip http client source-interface {name}", name)


def _http_trustpoint(shell: Shell, match: Match) -> None:
    name = match["name"]
    shell.device.running.set(("ip-http", "trustpoint"), f"ip http client secure-trustpoint {name}", name)


async def _ntp(shell: Shell, match: Match) -> None:
    """The clock is right as soon as a server is named that answers."""
    device, server = shell.device, match["server"]
    device.running.set(("ntp", server), f"ntp server {server}", server)
    if await device.setup.reachable(device, server):
        device.clock.synchronise()
        device.faults.clear("clock-unset")
        device.kron.refresh(clock_changed=True)


def _log_cns_events(shell: Shell, match: Match) -> None:
    severity = match.get("level")
    shell.device.running.set(("logging", "cns"), "logging cns-events" + ("" if severity is None else f" {severity}"))


def _clock_set(shell: Shell, match: Match) -> str:
    hour, minute, second = match["time"]
    try:
        wanted = datetime(match["year"], match["month"], match["day"], hour, minute, second, tzinfo=timezone.utc)
    except ValueError:
        raise CliError("% Invalid day of month\n") from None
    shell.device.clock.set(wanted)
    shell.device.faults.clear("clock-unset")
    shell.device.kron.refresh(clock_changed=True)
    return ""


def _interface(shell: Shell, match: Match) -> None:
    name = interface_of(match)
    running, key = shell.device.running, ("interface", interface_of(match))
    if key not in running:
        if not name.startswith(("Loopback", "Tunnel", "Vlan", "Port-channel")):
            raise CliError("% Invalid interface type and number\n")
        running.put(key, Entry(f"interface {name}", children={("ip",): Entry("no ip address")}))
    shell.enter("interface", key)


def _no_interface(shell: Shell, match: Match) -> None:
    name = interface_of(match)
    if not name.startswith(("Loopback", "Tunnel", "Vlan", "Port-channel")):
        raise CliError("% Not allowed to delete a physical interface\n")
    shell.device.running.remove("interface", name)


def _ip_address(shell: Shell, match: Match) -> None:
    text = f"ip address {match['address']} {match['mask']}"
    shell.device.running.set_child(shell.context, ("ip",), text, match["address"])


def _no_ip_address(shell: Shell, match: Match) -> None:
    shell.device.running.set_child(shell.context, ("ip",), "no ip address")


def _description(shell: Shell, match: Match) -> None:
    shell.device.running.set_child(shell.context, ("description",), f"description {match['text']}")


def _shutdown(shell: Shell, match: Match) -> None:
    if match.has("no"):
        shell.device.running.remove_child(shell.context, "shutdown")
    else:
        shell.device.running.set_child(shell.context, ("shutdown",), "shutdown", True)


_OVERWRITE = """Warning: Attempting to overwrite an NVRAM configuration previously written
by a different version of the system image.
Overwrite the previous NVRAM configuration?[confirm]"""


async def _write(shell: Shell, match: Match) -> str:
    device = shell.device
    if device.profile.habits.asks_to_overwrite and device.saved_by != device.version and not await shell.confirm(_OVERWRITE):
        return ""
    device.save(shell.user)
    return f"Building configuration...\n{texts.compressed(device)}[OK]"


async def _copy_to_startup(shell: Shell, match: Match) -> str:
    if await shell.ask("Destination filename [startup-config]? ") is None:
        return "%Error copying nvram:startup-config (Aborted)"
    return await _write(shell, match)


async def _write_erase(shell: Shell, match: Match) -> str:
    question = "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]"
    if not await shell.confirm(question):
        return ""
    shell.device.erase_startup()
    return "[OK]\nErase of nvram: complete"


async def _reload(shell: Shell, match: Match) -> str:
    shell.terminal.write("\n")
    if shell.device.unsaved and await shell.yes_or_no("System configuration has been modified. Save? [yes/no]: "):
        shell.terminal.write("Building configuration...\n[OK]\n")
        shell.device.save(shell.user)
    if await shell.confirm("Proceed with reload? [confirm]"):
        await shell.device.reload("Reload Command")
    return ""


COMMANDS = (
    Command("config", "hostname ~ <name>", _hostname, no=_hostname),
    Command("config", "service password-encryption", _password_encryption, no=_password_encryption),
    Command("config", "enable secret ~ [0] <secret>", _enable_secret, no=removes("enable", "secret")),
    Command(
        "config",
        "username <name> ~ [privilege <level:0-15>] [{secret | password} [0] <secret>]",
        _username,
        no=removes("username", "<name>"),
    ),
    Command("config", "boot system ~ <file>", _boot_system, no=_no_boot_system),
    Command("config", "boot system flash <file>", _boot_system, no=_no_boot_system),
    Command("config", "boot system switch {all | <member:1-9>} <file>", _boot_system, no=_no_boot_system, when=_is_stack),
    Command("config", "boot manual ~ [switch {all | <member:1-9>}]", _boot_manual, no=_boot_manual, when=_is_stack),
    Command(
        "config",
        "system ignore startupconfig ~ [switch {all | <member:1-9>}]",
        _ignore_startup,
        no=_ignore_startup,
        when=_is_stack,
    ),
    Command("config", "config-register <value:hex>", _config_register),
    Command("config", "ip domain name ~ <name>", _domain_name, no=removes("ip-domain", "name")),
    Command("config", "ip domain lookup", _domain_lookup, no=_domain_lookup),
    Command("config", f"ip http client source-interface ~ {_INTERFACE}", _http_source, no=removes("ip-http", "source")),
    Command("config", "ip http client secure-trustpoint ~ <name>", _http_trustpoint, no=removes("ip-http", "trustpoint")),
    Command("config", "ntp server <server:host>", _ntp, no=removes("ntp", "<server>")),
    Command("config", "logging cns-events ~ [<level:0-7>]", _log_cns_events, no=removes("logging", "cns")),
    Command("config", f"interface {_INTERFACE}", _interface, no=_no_interface),
    Command("interface", "ip address ~ <address:ip> <mask:ip>", _ip_address, no=_no_ip_address),
    Command("interface", "description ~ <text:line>", _description, no=removes_child("description")),
    Command("interface", "shutdown", _shutdown, no=_shutdown),
    Command(
        "privileged", "clock set <time:time> {<day:1-31> <month:month> | <month:month> <day:1-31>} <year:1993-2035>", _clock_set
    ),
    Command("privileged", "write [memory]", _write),
    Command("privileged", "write erase", _write_erase),
    Command("privileged", "copy running-config startup-config", _copy_to_startup),
    Command("privileged", "reload", _reload),
)
