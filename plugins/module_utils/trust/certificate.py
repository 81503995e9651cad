# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate of a CA, as PEM text and as IOS shows it. Pure, and without a library: targets need none."""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import re
import textwrap
from typing import Any, Iterable, NamedTuple, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import long_lines
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError


class Certificate(NamedTuple):
    """The DER bytes, and from when to when it is valid (aware datetimes)."""

    der: bytes
    not_before: datetime.datetime
    not_after: datetime.datetime


# The lines of a running configuration, with those below them, that tell whom the HTTP client trusts.
TRUST_SECTIONS = "^crypto (pki|ca) (trustpoint|certificate chain)|^ip http client secure-trustpoint"

_PEM = re.compile(r"\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*")
_SEQUENCE, _INTEGER, _VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0x02, 0xA0, 0x17, 0x18
_TRUSTPOINT = re.compile(r"crypto (?:pki|ca) trustpoint (\S+)")
_CHAIN = re.compile(r"crypto (?:pki|ca) certificate chain (\S+)")
_CLIENT = re.compile(r"ip http client secure-trustpoint (\S+)")
_HEX = re.compile(r"\s[\s0-9A-F]*", re.IGNORECASE | re.ASCII)
# For Cisco's licence server, for the device itself, and for the bundle of public authorities.
_FROM_FACTORY = re.compile(
    r"SLA-TrustPoint|(?:TP|IOS)-self-signed-\w+|(?:CISCO_)?IDEVID_\w+|CISCO_IDEVID_\w+|HTTPS_SS_CERT_KEYPAIR|Trustpool\w*",
    re.IGNORECASE | re.ASCII,
)


def read(pem: str) -> Certificate:
    """PEM text of one certificate -> Certificate. Raises InputError for anything else, without a word of the text."""
    try:
        der = _der(pem)
        not_before, not_after = _validity(der)
    except (ValueError, IndexError, binascii.Error):
        raise InputError(
            "ca_certificate is not the PEM text of exactly one X.509 certificate: a line -----BEGIN CERTIFICATE-----, "
            "base64, and a line -----END CERTIFICATE-----. Nothing was sent."
        ) from None
    return Certificate(der, not_before, not_after)


def _der(pem: str) -> bytes:
    found = _PEM.fullmatch(pem)
    if not found:
        raise ValueError("not one certificate")
    return base64.b64decode("".join(found[1].split()), validate=True)


def pem_lines(der: bytes) -> list[str]:
    """DER bytes -> the lines of their PEM text, as we encode it: nothing of what a user gave goes to the device."""
    body = textwrap.wrap(base64.b64encode(der).decode("ascii"), 64)
    return ["-----BEGIN CERTIFICATE-----"] + body + ["-----END CERTIFICATE-----"]


def fingerprint(der: bytes) -> str:
    """The SHA1 fingerprint as IOS prints it: capital hexadecimal digits in groups of eight."""
    # IOS offers no better one, and it only tells whether a certificate that we have arrived whole.
    return " ".join(textwrap.wrap(hashlib.new("sha1", der).hexdigest().upper(), 8))


def trust(lines: Iterable[str]) -> dict[str, Any]:
    """Lines of a running configuration -> whom the HTTP client trusts.

    ``{"client": the trustpoint it is pointed at, or None, "trustpoints": {name: DER bytes of the CA's certificate,
    or None where it has none}}``.
    """
    found: dict[str, Any] = {"client": None, "trustpoints": {}}
    chain, digits = None, None
    for line in long_lines.short(lines):
        trustpoint, head, client = _TRUSTPOINT.match(line), _CHAIN.match(line), _CLIENT.match(line)
        if trustpoint:
            found["trustpoints"].setdefault(trustpoint[1], None)
        elif client:
            found["client"] = client[1]
        if not line.startswith(" "):
            chain, digits = head and head[1], None
        elif chain and line.split()[:2] == ["certificate", "ca"]:
            digits = ""
        elif digits is not None and _HEX.fullmatch(line):
            digits += "".join(line.split())
        elif digits is not None:
            found["trustpoints"][chain], digits = _bytes(digits), None
    return found


def from_factory(name: str) -> bool:
    """Whether a trustpoint is one that devices have by themselves: none of them tells who an image server is."""
    return bool(_FROM_FACTORY.fullmatch(name))


def when_invalid(certificate: Certificate, time: Optional[str]) -> Optional[str]:
    """Why a device at ``time`` (ISO 8601, of ``show clock``) would refuse a certificate; None where it would not.

    A time without zone is the local time of a place that is not known, so it counts up to 14 hours either way.
    """
    try:
        now = datetime.datetime.fromisoformat(time or "")
    except ValueError:
        return None
    slack = datetime.timedelta(hours=0 if now.tzinfo else 14)
    now = now if now.tzinfo else now.replace(tzinfo=datetime.timezone.utc)
    if now + slack < certificate.not_before:
        return "it is valid from %s on" % certificate.not_before.isoformat()
    if now - slack > certificate.not_after:
        return "it was valid until %s" % certificate.not_after.isoformat()
    return None


def _bytes(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return b""  # shown, but not in a form we read


# --- the little of X.509 that is needed: Certificate -> tbsCertificate -> validity -----------------------------------


def _validity(der: bytes) -> tuple[datetime.datetime, datetime.datetime]:
    certificate, rest = _element(der, _SEQUENCE)
    if rest:
        raise ValueError("more than one certificate")
    body = _element(certificate, _SEQUENCE)[0]
    if body[0] == _VERSION:
        body = _element(body, _VERSION)[1]
    for kind in (_INTEGER, _SEQUENCE, _SEQUENCE):  # the serial number, the algorithm, the issuer
        body = _element(body, kind)[1]
    first, rest = _time(_element(body, _SEQUENCE)[0])
    return first, _time(rest)[0]


def _element(data: bytes, kind: int) -> tuple[bytes, bytes]:
    """The content of the element that ``data`` begins with, and what follows it. ValueError where it is another."""
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    if data[0] != kind or len(data) < start + length:
        raise ValueError("not the element expected")
    return data[start : start + length], data[start + length :]


def _time(data: bytes) -> tuple[datetime.datetime, bytes]:
    kind = _GENERALIZED_TIME if data[0] == _GENERALIZED_TIME else _UTC_TIME
    content, rest = _element(data, kind)
    text = content.decode("ascii")
    if kind == _UTC_TIME:
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return datetime.datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=datetime.timezone.utc), rest
