# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The trustpoints that a device has by itself: for its own web server, and of IOS XE for licences and for its identity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from .config import Key
from .pki import chain_lines

if TYPE_CHECKING:
    from .device import Device

LICENSING = "SLA-TrustPoint"
# It is no part of the configuration.
IDENTITY = (
    "Trustpoint CISCO_IDEVID_SUDI:\n    Subject Name: \n    o=Cisco\n    cn=High Assurance SUDI CA\n"
    "          Serial Number (hex): 0A6475524CD8617C62\n    Certificate configured.\n"
)


@lru_cache
def _certificate(common_name: str) -> x509.Certificate:
    """One of this process: nobody has its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common_name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Cisco")]
    )
    first, last = datetime(2013, 5, 30, tzinfo=timezone.utc), datetime(2038, 5, 30, tzinfo=timezone.utc)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, first, last)
    return builder.sign(key, hashes.SHA256())


def self_signed_name(device: Device) -> str:
    return f"TP-self-signed-{int(device.stack.members[0].mac.replace('.', '')[-8:], 16)}"


def trustpoints(device: Device) -> Iterator[tuple[Key, str, Any]]:
    """Entries of the configuration: key, text, data."""
    if not device.profile.factory_trustpoints:
        return
    own = self_signed_name(device)
    subject = own.replace("TP-self-signed", "IOS-Self-Signed-Certificate")
    yield (
        ("trustpoint", own),
        f"crypto pki trustpoint {own}\n enrollment selfsigned\n subject-name cn={subject}\n revocation-check none\n"
        f" rsakeypair {own}",
        None,
    )
    # A certificate of its own is that of no authority.
    lines = ["certificate self-signed 01", *chain_lines(_certificate(subject))[1:]]
    yield ("chain", own), "\n ".join([f"crypto pki certificate chain {own}", *lines]), None
    if device.profile.ios_xe:
        yield from _licensing()


def _licensing() -> Iterator[tuple[Key, str, Any]]:
    certificate = _certificate("Cisco Licensing Root CA")
    yield ("trustpoint", LICENSING), f"crypto pki trustpoint {LICENSING}\n enrollment pkcs12\n revocation-check crl", None
    text = "\n ".join([f"crypto pki certificate chain {LICENSING}", *chain_lines(certificate)])
    yield ("chain", LICENSING), text, certificate.public_bytes(Encoding.PEM).decode()


def shown_self_signed(name: str) -> str:
    """What `show crypto pki trustpoints` says of it."""
    subject = name.replace("TP-self-signed", "IOS-Self-Signed-Certificate")
    return (
        f"Trustpoint {name}:\n    Subject Name: \n    cn={subject}\n          Serial Number (hex): 01\n"
        f"    Persistent self-signed certificate trust point\n    Using key label {name}\n"
    )
