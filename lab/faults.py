# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault switches: what can be made to go wrong, on one device or on all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Callable

PHASES = ("retrieve", "poll", "download", "verify", "activate", "status", "reload", "boot")
MOMENTS = (*PHASES, "login", "banner", "answer")  # of an upgrade, and of a session


_DIGITS = "[0-9]{1,9}"
_SAVES = "^(write memory|copy running-config startup-config)"


def _switch(text: str) -> bool:
    if text not in ("", "on"):
        raise ValueError("it takes no value")
    return True


def _seconds(text: str) -> float:
    value = float(text)
    if value < 0:
        raise ValueError("seconds are not negative")
    return value


def _regex(text: str) -> str:
    re.compile(text)
    return text


def _phase(text: str) -> str:
    if text not in MOMENTS:
        raise ValueError(f"a phase is one of {', '.join(MOMENTS)}")
    return text


def _drop(text: str) -> str:
    return _phase(text) if text else "command"


def _hang(text: str) -> float | str:
    """Seconds from now, or a phase."""
    return _phase(text) if text in MOMENTS else _seconds(text or "0")


def _drip(text: str) -> float:
    return _seconds(text or "1")


def _stall(text: str) -> tuple[float, str]:
    seconds, _colon, where = text.partition(":")
    if where not in ("", "prompt", "banner"):
        raise ValueError("after the seconds comes nothing, :prompt or :banner")
    return _seconds(seconds), where or "answer"


@dataclass
class Scripted:
    """What happens to lines that match: every time, or the first `left` times."""

    pattern: str
    text: str = ""
    left: int | None = None

    def __str__(self) -> str:
        times = "" if self.left is None else f"{self.left}*"
        return f"{times}{self.pattern}" + (f"=>{self.text}" if self.text else "")

    def takes(self, line: str) -> bool:
        """Whether it happens to this line, which counts."""
        if self.left == 0 or not re.search(self.pattern, line):
            return False
        self.left = None if self.left is None else self.left - 1
        return True


@dataclass
class Said(Scripted):
    """`text` is said instead of doing the lines. `hangs_up`: and that is the end of the session."""

    hangs_up: bool = False


def _scripted(text: str) -> Scripted:
    times, star, rest = text.partition("*")
    number, rest = (int(times), rest) if star and re.fullmatch(_DIGITS, times) else (None, text)
    return Scripted(_regex(rest), left=number)


def _answer(text: str) -> Said:
    pattern, arrow, said = text.partition("=>")
    if not arrow:
        raise ValueError("between the regular expression and the text stands =>")
    return _said(pattern, said.replace("\\n", "\n"))


def _said(pattern: str, text: str, hangs_up: bool = False) -> Said:
    scripted = _scripted(pattern)
    return Said(scripted.pattern, text, scripted.left, hangs_up)


def _says(text: str, hangs_up: bool = False) -> Callable[[str], Said]:
    """The parser of a fault that has these words for the lines that its value names."""
    return lambda pattern: _said(pattern, text, hangs_up)


def _startup_unreadable(value: str) -> Said:
    _switch(value)
    return _said("^show startup-config", "%Error opening nvram:/startup-config (I/O error)")


def _save_refused(value: str) -> Said:
    """Without its `[OK]` nothing is saved."""
    _switch(value)
    return _said(_SAVES, "Building configuration...")


def _save_busy(value: str) -> Said:
    return Said(_SAVES, "startup-config file open failed (Device or resource busy)", _count(value))


def _count(text: str) -> int:
    if not re.fullmatch(_DIGITS, text):
        raise ValueError("it takes a number")
    return int(text)


def _members(text: str) -> tuple[int, ...]:
    if not re.fullmatch("[1-9](,[1-9])*", text):
        raise ValueError("it takes the numbers of members, as in 1,3")
    return tuple(int(number) for number in text.split(","))


@dataclass(frozen=True)
class Fault:
    """One switch; `parse` reads its value from the command line (ValueError says what is wrong)."""

    meaning: str
    parse: Callable[[str], Any] = _switch
    value: str = ""


FAULTS = {
    "server-unreachable": Fault("the image server cannot be reached from the device"),
    "slow-server": Fault("the image server takes its time for every answer", _seconds, "SECONDS"),
    "slow-download": Fault("every 64 KB of an image take time", _seconds, "SECONDS"),
    "wrong-checksum": Fault("the downloaded image does not have the checksum the server announced"),
    "flash-full": Fault("flash has no room for another image"),
    "no-boot": Fault("images other than the one running now do not boot"),
    "hang": Fault(
        "the device stops answering, at once, after a time or in a phase; clearing it power-cycles the device",
        _hang,
        "[SECONDS|PHASE]",
    ),
    "drop": Fault("sessions are dropped in the middle of the next command, or when a phase starts", _drop, "[PHASE]"),
    "refuse-line": Fault("configuration lines that match are refused", _regex, "REGEX"),
    "no-free-line": Fault("new connections are closed before the greeting, as where every line is in use"),
    "new-host-key": Fault("the device makes a new host key when it boots"),
    "banner": Fault("the banner holds words of error and prompts"),
    "second-factor": Fault("after the password the login asks for a verification code; 246810 is right"),
    "password-expired": Fault("the login asks for a new password"),
    "broadcast": Fault("a message of the system log stands behind the prompt, in the same packet"),
    "slow-login": Fault("logging in takes time", _seconds, "SECONDS"),
    "latency": Fault("every line is answered later", _seconds, "SECONDS"),
    "stall": Fault(
        "answers pause in the middle, after a line that looks like the prompt, or in the banner only",
        _stall,
        "SECONDS[:prompt|:banner]",
    ),
    "answer": Fault(
        "lines that match are answered with TEXT and not done, all or the first N of them; \\n is a new line",
        _answer,
        "[N*]REGEX=>TEXT",
    ),
    "aaa-refuses": Fault("AAA does not authorize commands that match", _says("Command authorization failed."), "[N*]REGEX"),
    "authorization-failed": Fault(
        "AAA does not authorize commands that match, in other words", _says("% Authorization failed."), "[N*]REGEX"
    ),
    "session-expired": Fault(
        "the TACACS+ session is over at a line that matches, and with it the login",
        _says("TACACS+ session has expired.Please re-login to continue.", hangs_up=True),
        "[N*]REGEX",
    ),
    "startup-unreadable": Fault("the startup configuration cannot be read", _startup_unreadable),
    "save-refused": Fault("the configuration is not saved", _save_refused),
    "save-busy": Fault("the configuration is in use by somebody else the first N times that it is to be saved", _save_busy, "N"),
    "log-inside": Fault(
        "a message of the system log is printed into the middle of the answer to lines that match", _scripted, "[N*]REGEX"
    ),
    "drip": Fault("answers come a byte at a time", _drip, "[SECONDS]"),
    "flood": Fault("lines that match are answered without end", _scripted, "[N*]REGEX"),
    "demote": Fault("the session falls to user EXEC with lines that match", _scripted, "[N*]REGEX"),
    "rename": Fault("somebody else renames the device with lines that match, and its prompt is another", _scripted, "[N*]REGEX"),
    "look-alike": Fault("lines that look like prompts and errors stand in the middle of what the device shows"),
    "garbage": Fault("NULs, bytes that are no UTF-8 and terminal control sequences stand in the middle of what the device shows"),
    "lost-interface": Fault("interfaces that match stay down after the next boot", _regex, "REGEX"),
    "manual-boot": Fault("members of a stack wait in their boot loader at a reload", _members, "N,N"),
    "blank-boot-list": Fault("members of a stack have a boot list without an image", _members, "N,N"),
    "stack-mismatch": Fault("members of a stack are outside of it, because their release is another", _members, "N,N"),
    "member-flash-full": Fault("the flash of members of a stack has no room", _members, "N,N"),
    "slow-ping": Fault("a ping takes time before it answers, as for a name that is looked up", _seconds, "SECONDS"),
    "failing-tries": Fault("the first tries of an upgrade fail, and the agent tries again by itself", _count, "N"),
    "boot-seconds": Fault("how long the device takes to boot", _seconds, "SECONDS"),
    "agent-busy": Fault("the image agent says that it is busy"),
    "clock-unset": Fault("the device has lost the time; clock set cures it"),
    "hide-passwords": Fault("the configuration does not show the passwords of cns"),
}


def parse_fault(text: str) -> tuple[str, Any]:
    """`slow-login=2` -> ("slow-login", 2.0). ValueError says what is wrong with it."""
    name, _equals, value = text.partition("=")
    if name not in FAULTS:
        raise ValueError(f"there is no fault {name!r}; see python -m lab fault --list")
    try:
        return name, FAULTS[name].parse(value)
    except (ValueError, re.error) as exc:
        raise ValueError(f"{name}={value}: {exc}") from exc


class Faults(Mapping):
    """The faults of one device, by name."""

    def __init__(self) -> None:
        self._active: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self._active[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._active)

    def __len__(self) -> int:
        return len(self._active)

    def shown(self) -> dict[str, Any]:
        """Each fault and its value, as plain data."""
        return {name: str(value) if isinstance(value, Scripted) else value for name, value in self._active.items()}

    def set(self, name: str, value: Any = True) -> None:
        if name not in FAULTS:
            raise ValueError(f"there is no fault {name!r}")
        self._active[name] = value

    def clear(self, name: str | None = None) -> None:
        """Switch one fault off, or all of them."""
        if name is None:
            self._active.clear()
        else:
            self._active.pop(name, None)
