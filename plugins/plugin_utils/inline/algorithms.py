# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which algorithms a login allows, and what to say where a device offers none of them. Pure.

Modern is what OpenSSH of today allows. Legacy is what IOS 12.3 to 15.x and IOS XE 3.x offer, behind it and only on request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login

_MODERN = {
    "kex": (
        "curve25519-sha256 curve25519-sha256@libssh.org ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 "
        "diffie-hellman-group-exchange-sha256 diffie-hellman-group14-sha256 diffie-hellman-group16-sha512 "
        "diffie-hellman-group18-sha512"
    ),
    "hostkey": "ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 rsa-sha2-512 rsa-sha2-256",
    "cipher": "aes128-gcm@openssh.com aes256-gcm@openssh.com chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr",
    "mac": "hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com hmac-sha2-256 hmac-sha2-512 hmac-sha1",
}
_LEGACY = {
    "kex": "diffie-hellman-group14-sha1 diffie-hellman-group-exchange-sha1 diffie-hellman-group1-sha1",
    "hostkey": "ssh-rsa ssh-dss",
    "cipher": "aes128-cbc aes192-cbc aes256-cbc 3des-cbc",
    "mac": "hmac-sha1-96 hmac-md5 hmac-md5-96",
}
# Split once: a fleet has as many logins as devices.
_MODERN_NAMES = {kind: names.split() for kind, names in _MODERN.items()}
_LEGACY_NAMES = {kind: names.split() for kind, names in _LEGACY.items()}
_NAMES = {"kex": "key exchange", "hostkey": "host key", "cipher": "cipher", "mac": "MAC"}
_OPTIONS = {"kex": "kex_algs", "hostkey": "server_host_key_algs", "cipher": "encryption_algs", "mac": "mac_algs"}
# What stands in the list of key exchanges only to say something else.
_NO_ALGORITHMS = ("ext-info-", "kex-strict-")
_NAME = re.compile("[!-~]{1,64}")  # of an algorithm, by RFC 4251
_MOST = 50  # of a list; the longest of OpenSSH has twelve
# Bytes of a KEXINIT message before its first list: type and cookie.
_BEFORE_LISTS = 17


def choose(login: Login, known_types: Sequence[str] = ()) -> dict[str, Any]:
    """The algorithms for asyncssh, by its names of options. Host keys of types that are known for the device come first."""
    host_keys = _listed("hostkey", login.host_key_algorithms, login.legacy_algorithms)
    return dict(
        kex_algs=_listed("kex", login.kex, login.legacy_algorithms),
        encryption_algs=_listed("cipher", login.ciphers, login.legacy_algorithms),
        mac_algs=_listed("mac", login.macs, login.legacy_algorithms),
        server_host_key_algs=sorted(host_keys, key=lambda name: not _is_of(name, known_types)),
        signature_algs=_listed("hostkey", login.public_key_algorithms, login.legacy_algorithms),
    )


def explain(login: Login, reason: str, offer: bytes = b"") -> str:
    """A sentence for a device with which nothing is shared: what it offers, what is missing, what allows it.

    ``reason``: what the library says; ``offer``: the device's KEXINIT message, where it came so far.
    """
    offered = offered_by(offer)
    kinds = missing(login, offer)
    said = "; ".join("%s: %s" % (_NAMES[kind], ", ".join(offered[kind])) for kind in kinds)
    return "%s: the device offers no algorithm that is allowed here (%s). %s" % (
        login.device,
        said or reason.strip(" ."),
        advice(login.legacy_algorithms, all(set(offered[kind]) & set(_LEGACY_NAMES[kind]) for kind in kinds)),
    )


def missing(login: Login, offer: bytes) -> list[str]:
    """Of which kinds of algorithms the device offers none that is allowed."""
    offered, chosen = offered_by(offer), choose(login)
    mine = {kind: chosen[name] for kind, name in _OPTIONS.items()}
    return [kind for kind in offered if not _shared(kind, offered, mine)]


def advice(legacy_allowed: bool, legacy_helps: bool) -> str:
    """What to do about it."""
    if not legacy_allowed and legacy_helps:
        return (
            "Set ansible_network_cli_legacy_algorithms: true for the group of such devices. It adds SHA-1, CBC ciphers and short "
            "keys behind the modern ones: somebody with the means to break them can read and change what goes to these devices."
        )
    return "A newer release, or 'ip ssh' commands and a new key on the device, may offer one that is."


def offered_by(kexinit: bytes) -> dict[str, list[str]]:
    """The lists of a KEXINIT message that matter, by kind."""
    lists: list[list[str]] = []
    at = _BEFORE_LISTS
    while len(lists) < 6 and at + 4 <= len(kexinit):
        size = int.from_bytes(kexinit[at : at + 4], "big")
        names = kexinit[at + 4 : at + 4 + size].decode("ascii", "replace").split(",")
        known = [name for name in names if _NAME.fullmatch(name) and not name.startswith(_NO_ALGORITHMS)]
        lists.append(known[:_MOST])
        at += 4 + size
    if len(lists) < 6:
        return {}
    kex, host_keys, _to_server, cipher, _mac_to_server, mac = lists
    return {"kex": kex, "hostkey": host_keys, "cipher": cipher, "mac": mac}


def _shared(kind: str, offered: dict[str, list[str]], mine: dict[str, list[str]]) -> bool:
    if kind == "mac" and any("gcm" in name or "poly1305" in name for name in set(offered["cipher"]) & set(mine["cipher"])):
        return True
    return bool(set(offered[kind]) & set(mine[kind]))


def _listed(kind: str, asked: str, legacy: bool) -> list[str]:
    usual = _MODERN_NAMES[kind] + (_LEGACY_NAMES[kind] if legacy else [])
    names = [name.strip() for name in asked.lstrip("+-^").split(",") if name.strip()]
    if not names:
        return usual
    rest = [name for name in usual if name not in names]
    return {"+": usual + [name for name in names if name not in usual], "-": rest, "^": names + rest}.get(asked[0], names)


def _is_of(name: str, known_types: Sequence[str]) -> bool:
    return name in known_types or ("ssh-rsa" in known_types and name.startswith("rsa-"))
