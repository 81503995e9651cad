# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trustpoints on the command line: enrolment by terminal, authentication by pasting the CA's certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from ..commands import Command, removes_child
from ..config import Entry, Key
from ..factory_trust import IDENTITY, shown_self_signed
from ..grammar import CliError, Match
from ..pki import chain_lines, fingerprint, read_certificate, serial

if TYPE_CHECKING:
    from ..shell import Shell

_REVOCATION: dict[Key, Entry] = {("revocation-check",): Entry("revocation-check crl")}


def _trustpoint(shell: Shell, match: Match) -> None:
    key = ("trustpoint", match["name"])
    if key not in shell.device.running:
        entry = Entry(f"crypto pki trustpoint {match['name']}", children=dict(_REVOCATION))
        shell.device.running.put(key, entry)
    shell.enter("trustpoint", key)


async def _no_trustpoint(shell: Shell, match: Match) -> str:
    running, name = shell.device.running, match["name"]
    if ("trustpoint", name) not in running:
        raise CliError(f"% CA trustpoint {name} is not known\n")
    shell.terminal.write(
        "% Removing an enrolled trustpoint will destroy all certificates\n received from the related Certificate Authority.\n\n"
    )
    if not await shell.yes_or_no("Are you sure you want to do this? [yes/no]: "):
        return ""
    running.remove("trustpoint", name)
    running.remove("chain", name)
    return "% Be sure to ask the CA administrator to revoke your certificates.\n"


def _enrollment(shell: Shell, match: Match) -> None:
    shell.device.running.set_child(shell.context, ("enrollment",), "enrollment terminal" + " pem" * match.has("pem"))


def _revocation(shell: Shell, match: Match) -> None:
    methods = " ".join(word for word in match.words if word in ("crl", "none", "ocsp"))
    shell.device.running.set_child(shell.context, ("revocation-check",), f"revocation-check {methods or 'crl'}")


async def _authenticate(shell: Shell, match: Match) -> str:
    device, name = shell.device, match["name"]
    trustpoint = device.running.get("trustpoint", name)
    if trustpoint is None:
        raise CliError("% Trustpoint does not exist; define it with 'crypto pki trustpoint'\n")
    if device.pki.ca_of(name):
        raise CliError(
            "% Please delete your existing CA certificate first.\n"
            "% You must use 'no crypto pki trustpoint <trustpoint-name>' to delete the CA certificate.\n"
        )
    if ("enrollment",) not in (trustpoint.children or {}):
        raise CliError("% No enrollment method is configured for the trustpoint\n")
    pasted = await _paste(shell)
    try:
        certificate = read_certificate(pasted)
    except ValueError:
        return "% Error in saving certificate: status = FAIL\n\n"
    shell.terminal.write(
        "Certificate has the following attributes:\n"
        f"       Fingerprint MD5: {fingerprint(certificate, hashes.MD5())} \n"
        f"      Fingerprint SHA1: {fingerprint(certificate, hashes.SHA1())} \n\n"
    )
    if not await shell.yes_or_no("% Do you accept this certificate? [yes/no]: "):
        return "% Certificate not accepted\n"
    _store(shell, name, certificate)
    return "Trustpoint CA certificate accepted.\n% Certificate successfully imported\n\n"


async def _paste(shell: Shell) -> str:
    shell.terminal.write(
        '\nEnter the base 64 encoded CA certificate.\nEnd with a blank line or the word "quit" on a line by itself\n\n'
    )
    lines = []
    while (line := await shell.ask("")) not in (None, "", "quit"):
        lines.append(line)
    return "\n".join(lines)


def _store(shell: Shell, name: str, certificate: x509.Certificate) -> None:
    pem = certificate.public_bytes(Encoding.PEM).decode()
    text = "\n ".join([f"crypto pki certificate chain {name}", *chain_lines(certificate)])
    shell.device.running.set(("chain", name), text, pem)


def _names(name: x509.Name) -> str:
    return "".join(f"    {attribute.rfc4514_string()}\n" for attribute in name)


def _show_certificates(shell: Shell, match: Match) -> str:
    pki, shown = shell.device.pki, []
    for name in [match["name"]] if match.get("name") else pki.trustpoints():
        if pem := pki.ca_of(name):
            certificate = read_certificate(pem)
            shown.append(
                "CA Certificate\n  Status: Available\n"
                f"  Certificate Serial Number (hex): {serial(certificate)}\n  Certificate Usage: Signature\n"
                f"  Issuer: \n{_names(certificate.issuer)}  Subject: \n{_names(certificate.subject)}"
                f"  Validity Date: \n    start date: {certificate.not_valid_before_utc:%H:%M:%S UTC %b %d %Y}\n"
                f"    end   date: {certificate.not_valid_after_utc:%H:%M:%S UTC %b %d %Y}\n"
                f"  Associated Trustpoints: {name} \n"
            )
    return "\n".join(shown)


def _show_trustpoints(shell: Shell, match: Match) -> str:
    device, pki, shown = shell.device, shell.device.pki, []
    for name in [match["name"]] if match.get("name") else pki.trustpoints():
        if name.startswith("TP-self-signed"):
            shown.append(shown_self_signed(name))
            continue
        pem = pki.ca_of(name)
        text = f"Trustpoint {name}:\n"
        if pem:
            certificate = read_certificate(pem)
            text += f"    Subject Name: \n{_names(certificate.subject)}          Serial Number (hex): {serial(certificate)}\n"
            text += "    Certificate configured.\n"
        shown.append(text)
    if device.profile.factory_trustpoints and device.profile.ios_xe and not match.get("name"):
        shown.append(IDENTITY)
    return "\n".join(shown)


COMMANDS = (
    Command("config", "crypto pki trustpoint <name>", _trustpoint, no=_no_trustpoint),
    Command("config", "crypto pki authenticate <name>", _authenticate),
    Command("trustpoint", "enrollment terminal ~ [pem]", _enrollment, no=removes_child("enrollment")),
    Command("trustpoint", "revocation-check ~ {crl | none | ocsp} [crl | none | ocsp]", _revocation, no=_revocation),
    Command("exec", "show crypto pki certificates [<name>]", _show_certificates),
    Command("exec", "show crypto pki trustpoints [<name>]", _show_trustpoints),
)
