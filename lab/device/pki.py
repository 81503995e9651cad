# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trustpoints: the certificate authorities a device trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

if TYPE_CHECKING:
    from .device import Device

_HEADER, _FOOTER = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def read_certificate(text: str) -> x509.Certificate:
    """A certificate from base64, with or without its PEM frame. ValueError when it is none."""
    body = text.replace(_HEADER, "").replace(_FOOTER, "").split()
    pem = "\n".join([_HEADER, *body, _FOOTER, ""])
    return x509.load_pem_x509_certificate(pem.encode())


def fingerprint(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> str:
    """`8B8C53D2 61234321 ...`"""
    return grouped(certificate.fingerprint(algorithm))


def grouped(data: bytes) -> str:
    """Hexadecimal in groups of eight digits."""
    digits = data.hex().upper()
    return " ".join(digits[place : place + 8] for place in range(0, len(digits), 8))


def chain_lines(certificate: x509.Certificate) -> list[str]:
    """The certificate as the configuration shows it below `crypto pki certificate chain`."""
    groups = grouped(certificate.public_bytes(Encoding.DER)).split()
    rows = [" " + " ".join(groups[place : place + 8]) for place in range(0, len(groups), 8)]
    return [f"certificate ca {serial(certificate)}", *rows, " \tquit"]


def serial(certificate: x509.Certificate) -> str:
    digits = f"{certificate.serial_number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)


class Pki:
    """The trustpoints of the running configuration. Certificates are PEM texts."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def trustpoints(self) -> list[str]:
        return [key[1] for key, _entry in self._device.running.below("trustpoint")]

    def ca_of(self, trustpoint: str) -> str | None:
        """The certificate a trustpoint was authenticated with."""
        return self._device.running.data("chain", trustpoint)

    def http_client_ca(self) -> list[str]:
        """The certificates the HTTP client trusts: of its own trustpoint if one is named, else of all."""
        named = self._device.running.data("ip-http", "trustpoint")
        return list(self._certificates([named] if named else self.trustpoints()))

    def _certificates(self, trustpoints: list[str]) -> Iterator[str]:
        for name in trustpoints:
            if pem := self.ca_of(name):
                yield pem
