# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Have a device trust a CA: the configuration lines for it, the dialogue in which it takes the certificate, the proof."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import show
from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, InputError
from ansible_collections.cns.image_agent.plugins.module_utils.line import Line, as_line
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate

_PASTE = r"End with a blank line or the word .?quit.? on a line by itself\s+$"
_SURE = (r"\[yes/no\]: ?$", "yes")


async def run(device: Any, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """Return the result of the module from its parameters. Raises CnsError; nothing was sent where it is an InputError."""
    name = cli.word("name", params["name"])
    wanted = certificate.read(params["ca_certificate"]) if params["state"] == "present" else None
    have = certificate.trust(await device.running_section(certificate.TRUST_SECTIONS))
    lines = _present(have, name, wanted.der, params["http_client"]) if wanted else _absent(have, name)
    if wanted and lines:
        clock = await device.ask("show clock", show.clock, lambda parsed: parsed["time"])
        _check_time(clock or show.clock(""), wanted)
    before, after = _state(have, name), _expected(have, name, wanted and wanted.der, lines)
    if lines and not check_mode:
        await device.configure(lines)
        _verify(_state(certificate.trust(await device.running_section(certificate.TRUST_SECTIONS)), name), after)
    save = params["save_when"] == "always" or (params["save_when"] == "changed" and bool(lines))
    if save and not check_mode:
        await device.save()
    return dict(
        changed=bool(lines) or save,
        before=before,
        after=after,
        commands=[as_line(line).text for line in lines],
        saved=save and not check_mode,
        diff=dict(before=_text(before), after=_text(after)),
    )


def _present(have: dict[str, Any], name: str, der: bytes, http_client: bool) -> list[str | Line]:
    lines: list[str | Line] = []
    if have["trustpoints"].get(name) != der:
        # A trustpoint without certificate may enrol in another way, and one with another certificate takes no second.
        lines += [_removal(name)] if name in have["trustpoints"] else []
        lines += ["crypto pki trustpoint " + name, "enrollment terminal", "revocation-check none", "exit"]
        lines.append(_authentication(name, der))
    if http_client and have["client"] != name:
        lines.append("ip http client secure-trustpoint " + name)
    return lines


def _absent(have: dict[str, Any], name: str) -> list[str | Line]:
    lines: list[str | Line] = ["no ip http client secure-trustpoint " + name] if have["client"] == name else []
    return lines + ([_removal(name)] if name in have["trustpoints"] else [])


def _removal(name: str) -> Line:
    return Line("no crypto pki trustpoint " + name, (_SURE,))


def _authentication(name: str, der: bytes) -> Line:
    """Paste the certificate, and say yes only to the fingerprint that it has.

    The two patterns for the question exclude each other, for what is left of the list after one answer stays expected.
    """
    paste = "\r".join(certificate.pem_lines(der) + ["quit"])
    shown = r"\s+".join(certificate.fingerprint(der).split())
    ours = r"Fingerprint SHA1:\s*%s\s[\s\S]*\[yes/no\]: ?$" % shown
    another = r"\A(?![\s\S]*%s\s)[\s\S]*\[yes/no\]: ?$" % shown
    questions = ((_PASTE, paste), (ours, "yes"), (another, "no"))
    return Line("crypto pki authenticate " + name, questions, done=r"CA certificate accepted|successfully imported")


def _check_time(clock: dict[str, Any], wanted: Any) -> None:
    if clock["authoritative"] is False:
        raise InputError(
            "The clock of the device is not set (it says %s), so it would refuse every certificate. Configure NTP, or set the "
            "clock. Nothing was sent." % clock["time"]
        )
    why = certificate.when_invalid(wanted, clock["time"])
    if why:
        raise InputError(
            "The device would refuse the certificate: there it is %s, and %s. Nothing was sent." % (clock["time"], why)
        )


def _state(trust: dict[str, Any], name: str) -> dict[str, Any]:
    der = trust["trustpoints"].get(name)
    return {
        "trustpoint": name in trust["trustpoints"],
        "fingerprint": None if der is None else certificate.fingerprint(der),
        "http_client": trust["client"],
    }


def _expected(have: dict[str, Any], name: str, der: bytes | None, lines: list[Any]) -> dict[str, Any]:
    client = have["client"]
    if "ip http client secure-trustpoint " + name in lines:
        client = name
    elif "no ip http client secure-trustpoint " + name in lines:
        client = None
    return {
        "trustpoint": der is not None,
        "fingerprint": None if der is None else certificate.fingerprint(der),
        "http_client": client,
    }


def _verify(found: dict[str, Any], expected: dict[str, Any]) -> None:
    wrong = ["%s is %s, not %s" % (key, found[key], expected[key]) for key in expected if found[key] != expected[key]]
    if wrong:
        raise CnsError("The device took every line, but does not show what was sent: %s." % "; ".join(wrong))


def _text(state: dict[str, Any]) -> str:
    return "".join("%s: %s\n" % (key, state[key]) for key in sorted(state))
