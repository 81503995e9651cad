# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a device is ready for an upgrade. Pure: the facts of one device and what is wanted -> findings.

A finding is ``{"check", "severity": "block", "warn" or "ok", "what", "why", "fix"}``. What a device did not tell is a
warning, never an error: every check copes with facts that are None.
"""

from __future__ import annotations

import fnmatch
import re
from typing import Any, Dict, Iterable, Iterator, NamedTuple, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import advice, outcome
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import stack
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate

BLOCK, WARN, OK = "block", "warn", "ok"
ON_TARGET = "on_target"

Finding = Dict[str, str]
Facts = Dict[str, Any]


class Wanted(NamedTuple):
    """What the upgrade is about. None, or an empty list: not given."""

    target: outcome.Target
    image_size: Optional[int] = None  # bytes
    image_memory: Optional[int] = None  # bytes
    margin: int = 0  # bytes
    models: Optional[list[str]] = None  # patterns
    password_required: bool = False
    server: Optional[str] = None  # URLs that the agent is going to have
    status: Optional[str] = None
    accept: Iterable[str] = ()  # checks that must not block


NAMES = (
    "agent_supported",
    "model",
    "flash_space",
    "memory",
    "saved",
    "config_register",
    "manual_boot",
    "stack",
    "target",
    "fallback_image",
    "no_upgrade_running",
    "agent_enabled",
    "status_messages",
    "server_trusted",
    "server_reachable",
    "certificate",
    "clock",
    "password",
)

# Images there are loaded over the network at boot: they take no flash, and cannot be listed.
_NETWORK = ("tftp", "ftp", "http", "https", "rcp", "scp", "mop")
_PATH = re.compile(r"(?P<folder>[a-z][\w-]*:(?:[\w./+-]*/)?)[\w.+-]*", re.IGNORECASE | re.ASCII)
_REGISTER = re.compile(r"0x[0-9a-f]{1,8}", re.IGNORECASE)
_BOOT_FIELD, _IGNORE_CONFIGURATION = 0xF, 0x8040
_LOST = "The device comes back without its configuration, and so without its address."
_WITHOUT_ROM_MONITOR = ("iosv", "unix")  # IOSv, and IOS on Linux


_NOT_FOUND_OUT = " could not be found out."
# Of which facts a check makes its finding, by the names under which a refusal of the device is kept.
_NEEDS = {
    "saved": ("unsaved",),
    "stack": ("switches",),
    "config_register": ("boot",),
    "fallback_image": ("boot", "folders"),
    "flash_space": ("folders",),
    "clock": ("clock",),
}


def folder_of(path: Optional[str]) -> Optional[str]:
    """``flash:/c2960/`` of ``flash:/c2960/image.bin``, ``flash:`` of ``flash:/image.bin``, and of ``flash:`` alone.

    None for what is not on a file system of the device.
    """
    match = _PATH.fullmatch(path or "")
    if not match or match["folder"].split(":")[0].lower() in _NETWORK:
        return None
    return re.sub(":/$", ":", match["folder"])


def placed(image: Optional[str]) -> Optional[str]:
    """An image with its file system: a switch may leave that out of its boot list, and means C(flash:)."""
    return "flash:" + image if image and ":" not in image else image


def findings(facts: Facts, wanted: Wanted) -> list[Finding]:
    """Return the findings about a device, the worst first. A device on its target has one: there is nothing to do."""
    on_target = outcome.on_target(facts["version"] or {}, wanted.target)
    checks = (_on_target,) if on_target else CHECKS
    found = [one for check in checks for one in check(facts, wanted)]
    for one in found:
        one["what"] = " ".join([one["what"], *_said_instead(facts, one)])
        if one["severity"] == BLOCK and one["check"] in (wanted.accept or ()):
            one["severity"] = WARN
    return worst_first(found)


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """The findings in order; those of one severity stay as they are."""
    return sorted(found, key=lambda one: (BLOCK, WARN, OK).index(one["severity"]))


def _said_instead(facts: Facts, one: Finding) -> list[str]:
    """What the device said instead of what a check would have needed."""
    if not one["what"].endswith(_NOT_FOUND_OUT):
        return []
    refused = facts.get("refused") or {}
    return [refused[name] for name in _NEEDS.get(one["check"], ()) if name in refused]


def finding(check: str, severity: str, what: str, why: str = "", fix: str = "") -> Finding:
    """What was checked, how bad it is, what was found, why that matters and what to do about it."""
    return dict(check=check, severity=severity, what=what, why=why, fix=fix)


# --- the device ------------------------------------------------------------------------------------------------------


def _on_target(facts: Facts, wanted: Wanted) -> Iterator[Finding]:  # pylint: disable=unused-argument
    yield finding(ON_TARGET, OK, "The device runs %s already: nothing to do." % facts["version"]["version"])


def _supported(facts: Facts, wanted: Wanted) -> Iterator[Finding]:  # pylint: disable=unused-argument
    if facts["supported"]:
        yield finding("agent_supported", OK, "The release has the image agent.")
    elif "status" in (facts.get("refused") or {}):
        yield finding(
            "agent_supported",
            BLOCK,
            facts["refused"]["status"],
            "What the agent does is not known, so nothing could be said about an upgrade afterwards.",
            "Give the user the right to 'show cns image status' (privileged EXEC, and command authorization of AAA).",
        )
    else:
        yield finding(
            "agent_supported",
            BLOCK,
            "The release does not know 'show cns image status': it has no image agent.",
            "Without the agent nothing retrieves the image.",
            "Upgrade this device in another way, at first to a release that has the agent.",
        )


def _model(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    if not wanted.models:
        return
    model = (facts["version"] or {}).get("model")
    known = model and any(fnmatch.fnmatchcase(model.lower(), pattern.lower()) for pattern in wanted.models)
    if known:
        yield finding("model", OK, "The image is for this model, %s." % model)
    else:
        yield finding(
            "model",
            BLOCK if model else WARN,
            "The model is %s, and the image is for %s." % (model or "not known", ", ".join(wanted.models)),
            "An image for other hardware does not boot.",
            "Choose the image of this model, or take the device out of the run.",
        )


def _flash(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    if not wanted.image_size:
        return
    folder, listing = _home(facts)
    free = (listing or {}).get("free")
    needed = wanted.image_size + wanted.margin
    held = _size(listing, wanted.target.image) or 0  # what an earlier attempt left is overwritten
    if held >= wanted.image_size:
        yield finding("flash_space", OK, "The image is on %s already." % (folder or "flash"))
    elif free is None:
        yield _unknown("flash_space", "How much space is free on flash", "The image may not fit.")
    elif free + held >= needed:
        yield _flash_of_members(facts, needed) or finding(
            "flash_space", OK, "%s has room for the image: %s bytes are free." % (_drive(folder), f"{free:,}")
        )
    else:
        yield finding(
            "flash_space",
            BLOCK,
            "%s has %s bytes free, and the image needs %s with a margin." % (_drive(folder), f"{free:,}", f"{needed:,}"),
            "The download would fail, and may leave a part of the image behind.",
            "Delete files that nothing boots (dir %s), but keep the running image." % (folder or "flash:"),
        )


def _flash_of_members(facts: Facts, needed: int) -> Optional[Finding]:
    """Whether the image does not fit on the flash of other members of a stack."""
    short = {name: free for name, free in (facts.get("flashes") or {}).items() if free < needed}
    if not short:
        return None
    return finding(
        "flash_space",
        WARN,
        "%s, and the image needs %s with a margin."
        % (" and ".join("%s has %s bytes free" % (name, f"{free:,}") for name, free in short.items()), f"{needed:,}"),
        "Each member of a stack boots from its own flash. One that the image does not fit on may not come back into the stack.",
        "Delete files that nothing boots (dir %s), but keep the running image." % next(iter(short)),
    )


def _memory(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    if not wanted.image_memory:
        return
    version = facts["version"] or {}
    memory = version.get("memory_kb")
    if memory is None:
        yield _unknown("memory", "How much memory the device has", "An image that does not fit into it does not boot.")
    elif memory * 1024 >= wanted.image_memory:
        yield finding("memory", OK, "The memory suffices: %s KB." % f"{memory:,}")
    else:
        # Where IOS XE does not print the physical memory, this is what it gave to IOS: that says little about what is fitted.
        yield finding(
            "memory",
            WARN if version.get("xe_version") else BLOCK,
            "The device shows %s KB of memory, and the image needs %s KB." % (f"{memory:,}", f"{wanted.image_memory // 1024:,}"),
            "An image that does not fit into the memory does not boot.",
            "Choose a smaller feature set, or fit more memory.",
        )


def _saved(facts: Facts, wanted: Wanted) -> Iterator[Finding]:  # pylint: disable=unused-argument
    if facts["unsaved"] is None:
        yield _unknown("saved", "Whether the configuration is saved", "The reload loses what is not.")
    elif facts["unsaved"]:
        yield finding(
            "saved",
            BLOCK,
            "The running and the startup configuration differ in %d lines." % facts["unsaved"],
            "The upgrade ends with a reload, which brings the startup configuration back: what was not saved is lost.",
            "Check what differs, then save it: write memory.",
        )
    else:
        yield finding("saved", OK, "The configuration is saved.")


def _register(facts: Facts, wanted: Wanted) -> Iterator[Finding]:  # pylint: disable=unused-argument
    shown, model = _shown_register(facts), (facts["version"] or {}).get("model")
    if facts.get("ignores_startup"):
        what = "The device is configured to ignore its startup configuration: system ignore startupconfig."
        yield finding(
            "config_register", BLOCK, what, _LOST, "Switch it off: no system ignore startupconfig switch all. Then save."
        )
    elif not _REGISTER.fullmatch(shown):
        yield _no_register(facts)
    elif _meaning(shown, model)[0] != OK:
        severity, does, why = _meaning(shown, model)
        what = "The configuration register is %s: %s." % (shown, does)
        yield finding("config_register", severity, what, why, "Set it: config-register 0x2102.")
    else:
        yield _register_of_standby(facts) or finding("config_register", OK, "The configuration register is %s." % shown)


def _shown_register(facts: Facts) -> str:
    """The configuration register of the next reload; empty where the device shows none."""
    places = [facts["boot"] or {}, facts["version"] or {}]
    shown = [place.get(key) for place in places for key in ("config_register_next", "config_register")]
    return next(filter(None, shown), "")


def _no_register(facts: Facts) -> Finding:
    """What it would say is said by C(manual_boot) where there is none, as on some Catalyst switches from IOS XE 16.12.4 on."""
    if not _shown_register(facts) and (facts["boot"] or {}).get("manual_boot") is not None:
        return finding("config_register", OK, "The device has no configuration register: its boot loader says how it boots.")
    return _unknown("config_register", "The configuration register", "It decides what the device boots.")


def _register_of_standby(facts: Facts) -> Optional[Finding]:
    shown = stack.register_of_standby(facts) or ""
    severity, does, _why = _meaning(shown, None) if _REGISTER.fullmatch(shown) else (OK, "", "")
    if severity == OK:
        return None
    what = "The configuration register of the standby is %s: %s." % (shown, does)
    why = "The standby reloads as well, and may be the one that answers afterwards."
    return finding("config_register", WARN, what, why, "Set it: config-register 0x2102. Then save, and check show bootvar.")


def _meaning(shown: str, model: Optional[str]) -> tuple[str, str, str]:
    """What a device does at a reload with such a register: how bad that is, what it does, and why that matters."""
    register = int(shown, 16)
    if not register & _BOOT_FIELD and (model or "").lower() in _WITHOUT_ROM_MONITOR:
        return WARN, "it boots nothing", "Virtual devices of this kind show that and boot all the same, unlike any other."
    if not register & _BOOT_FIELD:
        why = "The device stops in the ROM monitor at the next reload, and waits for somebody at its console."
        return BLOCK, "it boots nothing", why
    if register & _IGNORE_CONFIGURATION:
        return BLOCK, "it ignores the startup configuration", _LOST
    if register & _BOOT_FIELD == 1:
        return WARN, "it ignores the boot list", "The device boots the first image on flash, whatever the boot list says."
    return OK, "", ""


def _manual_boot(facts: Facts, wanted: Wanted) -> Iterator[Finding]:  # pylint: disable=unused-argument
    boot = facts["boot"]
    if boot is None:
        return
    names = stack.waiting(facts)
    if names or boot.get("manual_boot"):
        where = " on %s" % " and ".join(names) if names else ""
        yield finding(
            "manual_boot",
            BLOCK,
            "Manual boot is set%s: nothing boots there by itself." % where,
            "The switch stops in its boot loader at the next reload, and waits for somebody at its console.",
            _no_manual_boot(names, facts),
        )
    else:
        yield finding("manual_boot", OK, "The device boots by itself.")


def _no_manual_boot(names: list[str], facts: Facts) -> str:
    numbered = [name for name in names if name.startswith("switch ")] if stack.is_stack(facts) else []
    others = ["no boot manual %s" % name for name in numbered] or ["no boot manual"]
    if numbered:
        return "Switch it off: %s; if the release does not take that, no boot manual. Then save, and check show boot." % (
            ", ".join(others)
        )
    return "Switch it off: no boot manual. Then save."


def _stack(facts: Facts, wanted: Wanted) -> Iterator[Finding]:  # pylint: disable=unused-argument
    troubles = stack.troubles(facts)
    if troubles:
        yield finding(
            "stack",
            BLOCK if troubles[0].outside else WARN,
            " ".join(trouble.what for trouble in troubles),
            "A stack reloads as one. A member that then boots another image than the rest does not come back into it.",
            "Give all members the same image and boot list, and wait until show switch says Ready of each.",
        )
    elif "switches" in (facts.get("refused") or {}):
        yield _unknown("stack", "Whether all members of the stack are ready", "One that is not stays behind at the upgrade.")
    else:
        same = (
            "The members of the stack run and boot the same." if stack.is_stack(facts) else "The device is no stack of switches."
        )
        yield finding("stack", OK, same)


def _target(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    if outcome.undecided(facts["version"] or {}, wanted.target):
        yield finding(
            "target",
            WARN,
            "The device runs in install mode, so it is unknown whether it runs the image %s." % wanted.target.image,
            "Its image file is packages.conf or the like whatever it runs, and the name of this image tells no version.",
            "Say which version the image is: target_version, or cns_target_version.",
        )
    elif wanted.target.version or wanted.target.image:
        yield finding("target", OK, "The device shows whether it runs what is wanted.")


def _fallback(facts: Facts, wanted: Wanted) -> Iterator[Finding]:  # pylint: disable=unused-argument
    why = "If the new image does not boot, the device needs another one, or it stays in the ROM monitor."
    running = (facts["version"] or {}).get("image_file")
    named = (facts["boot"] or {}).get("images") or []
    if facts["boot"] is None or facts["folders"] is None or None in facts["folders"].values():
        yield _unknown("fallback_image", "Which images the device can boot", why)
        return
    listed = {outcome.base_name(image) for image in named if _on_flash(facts, image)}
    held = _on_flash(facts, running)
    if named and not listed:
        what, severity = "No image of the boot list is on flash.", BLOCK
    elif not named and not held:
        what, severity = "There is no boot list, and the running image is not on flash.", BLOCK
    elif not held:
        what, severity = "The running image %s is not on flash." % (running or "(unknown)"), WARN
    elif len(listed) < 2:
        what, severity = "The boot list names no second image on flash." if named else "There is no boot list.", WARN
        why += " Whether the agent keeps the running one in the list when it adds its own is not documented."
    else:
        yield finding("fallback_image", OK, "The boot list names %d images that are on flash." % len(listed))
        return
    yield finding("fallback_image", severity, what, why, _second_image(facts, running if held else None, listed))


def _second_image(facts: Facts, running: Optional[str], listed: set[str]) -> str:
    """How a device gets something to fall back to; ``running`` is the image that runs, if that is on flash."""
    if running and outcome.in_install_mode(facts["version"]):
        return "Keep the packages that run now on flash until the upgrade is proven: no install remove inactive before that."
    missing = running if running and outcome.base_name(running) not in listed else "FILE"
    return "Have an image on flash that boots, and name it at the end of the boot list: boot system %s. Then save." % missing


# --- the agent and its server ----------------------------------------------------------------------------------------


def _idle(facts: Facts, wanted: Wanted) -> Iterator[Finding]:  # pylint: disable=unused-argument
    if not facts["supported"]:
        return
    if outcome.in_progress({"status": facts["status"]}):
        yield finding(
            "no_upgrade_running",
            BLOCK,
            "The agent is at work: an upgrade started and has not ended.",
            "A second one would disturb it.",
            "Wait for it (cns_image_wait), or see what it does (cns_image_info).",
        )
    else:
        yield finding("no_upgrade_running", OK, "No upgrade is in progress.")


def _enabled(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    image = _config(facts, "image")
    if not facts["supported"] or image is None:
        return
    fix = "Configure the agent: cns_image with enabled and server, or the role agent with cns_image_server_url."
    if wanted.server or (image["enabled"] and image["server"]):
        yield finding("agent_enabled", OK, "The agent has a server: %s." % _host(facts, wanted))
    elif not image["enabled"]:
        yield finding("agent_enabled", BLOCK, "The image agent is off.", "Nothing answers cns image retrieve.", fix)
    elif _config(facts, "event")["gateways"]:
        why = "Only an upgrade that comes over the event bus works; cns image retrieve has no server to ask."
        yield finding("agent_enabled", WARN, "The image agent has no server.", why, fix)
    else:
        why = "cns image retrieve has no server to ask, and no event bus brings it one."
        yield finding("agent_enabled", BLOCK, "The image agent has no server.", why, fix)


def _status_messages(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    if not _server(facts, wanted):
        return
    status = wanted.status if wanted.server else _config(facts, "image")["status"]
    if status or _config(facts, "event")["gateways"]:
        yield finding("status_messages", OK, "The status messages of the agent have somewhere to go.")
    else:
        yield finding(
            "status_messages",
            WARN,
            "There is neither a status URL nor an event gateway.",
            "The status messages of the agent are lost, and with them its reasons.",
            "Give the agent a status URL: cns_image with status, or cns_image_status_url.",
        )


def _trusted(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    host = _host(facts, wanted)
    if not host:
        return
    servers = _config(facts, "trusted_server")["servers"]
    if host in [server["host"] for server in servers if server["agent"] in ("image", "all_agents")]:
        yield finding("server_trusted", OK, "%s is a trusted server." % host)
    else:
        yield finding(
            "server_trusted",
            WARN,
            "%s is not among the trusted servers." % host,
            "It is trusted as the configured server, but not when another one sends the agent there.",
            "cns_trusted_server with agent image and this host, spelled as in the URL.",
        )


def _reachable(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    ping, host = facts["ping"], _host(facts, wanted)
    if not ping or not host:
        return
    if ping["percent"]:
        yield finding("server_reachable", OK, "%s answers the ping of the device." % host)
    else:
        answer = "does not answer the ping of the device" if ping["percent"] == 0 else "could not be pinged from the device"
        answer += ", which took too long: %s" % ping["away"].rstrip(".") if ping.get("away") else ""
        yield finding(
            "server_reachable",
            WARN,
            "%s %s." % (host, answer),
            "The device may not reach the image server. A firewall may also let HTTP pass, but no ping.",
            "On the device: ping %s, show ip route, and ip domain lookup if it is a name." % host,
        )


def _https(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    server = _server(facts, wanted)
    if not (server or "").lower().startswith("https:"):
        return
    trust = facts["trust"] or {}
    certificates = trust.get("trustpoints") or {}
    used = [trust["client"]] if trust.get("client") else certificates
    held = [name for name in used if certificates.get(name) is not None and not certificate.from_factory(name)]
    if held:
        yield finding("certificate", OK, "The device has a CA certificate (trustpoint %s)." % ", ".join(held))
    else:
        yield finding(
            "certificate",
            BLOCK,
            "No trustpoint that the HTTP client uses has a CA certificate.",
            "The device cannot tell whether the HTTPS server is the right one, and refuses it. The trustpoints that a device "
            "has from the factory are for other servers.",
            "Install the certificate of its CA: cns_trustpoint, or the role agent with cns_ca_certificate.",
        )
    yield _clock(facts["clock"] or {})


def _clock(clock: dict[str, Any]) -> Finding:
    why = "A certificate counts for a time only, and the device refuses it where that is not now."
    if clock.get("time") is None:
        return _unknown("clock", "The time of the device", why)
    if clock["authoritative"] is False:
        return finding("clock", BLOCK, "The clock of the device is not set.", why, "Configure NTP, or set it: clock set.")
    return finding("clock", OK, "The clock of the device is set: %s." % clock["time"])


def _password(facts: Facts, wanted: Wanted) -> Iterator[Finding]:
    image = _config(facts, "image")
    if not wanted.password_required or not facts["supported"] or image is None:
        return
    if image["password"] is not None:
        yield finding("password", OK, "The agent has a password.")
    else:
        yield finding(
            "password",
            BLOCK,
            "The agent shows no password.",
            "The image server demands one and would turn the device away.",
            "cns_image with password, or cns_image_password. If this release hides it, do not ask for this check.",
        )


CHECKS = (
    _supported,
    _model,
    _flash,
    _memory,
    _saved,
    _register,
    _manual_boot,
    _stack,
    _target,
    _fallback,
    _idle,
    _enabled,
    _status_messages,
    _trusted,
    _reachable,
    _https,
    _password,
)


# --- reading the facts -----------------------------------------------------------------------------------------------


def _unknown(check: str, what: str, why: str) -> Finding:
    return finding(check, WARN, what + _NOT_FOUND_OUT, why, "Check the device.")


def _config(facts: Facts, feature: str) -> Any:
    return (facts["config"] or {}).get(feature)


def _server(facts: Facts, wanted: Wanted) -> Optional[str]:
    """The URL of the image server, where there is an agent to use it."""
    if not facts["supported"] or not facts["config"]:
        return None
    return wanted.server or _config(facts, "image")["server"]


def _host(facts: Facts, wanted: Wanted) -> Optional[str]:
    return advice.host_of(_server(facts, wanted))


def _home(facts: Facts) -> tuple[Optional[str], Optional[dict[str, Any]]]:
    """The folder of the running image and its listing; where that is not on flash, the first folder that was listed.

    A folder that was listed without its name is known by what the listing says.
    """
    folders = facts["folders"] or {}
    home = folder_of((facts["version"] or {}).get("image_file"))
    home = home if home in folders else next(iter(folders), None)
    listing = folders.get(home)
    return home or (listing or {}).get("path"), listing


def _drive(folder: Optional[str]) -> str:
    return (folder or "flash:").partition(":")[0] + ":"


def _on_flash(facts: Facts, image: Optional[str]) -> bool:
    listing = (facts["folders"] or {}).get(folder_of(placed(image))) or {}
    if not outcome.base_name(image):  # C(boot system flash) alone: the first image there
        return bool(listing.get("files"))
    return _size(listing, image) is not None


def _size(listing: Optional[dict[str, Any]], image: Optional[str]) -> Optional[int]:
    """How many bytes of an image are in a folder, None where it is not there."""
    files = (listing or {}).get("files") or []
    return next((file["size"] for file in files if file["name"].lower() == outcome.base_name(image)), None)


def no_target(why: str) -> Finding:
    """The finding about a device for which there is nothing to upgrade it to."""
    return finding(
        "target",
        BLOCK,
        "There is no target for this device: %s." % why,
        "Without one the outcome of an upgrade is unknown.",
        "Name its model in cns_targets, or give the device cns_target_version, or take it out of the run.",
    )
