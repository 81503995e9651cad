# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of a device: lines by key, with the order in which IOS shows them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Iterator

Key = tuple[str, ...]

# What a line's key starts with decides where it is shown; "!" is a separator.
_ORDER = (
    "version",
    "service",
    "!",
    "hostname",
    "!",
    "boot-start-marker",
    "boot",
    "boot-end-marker",
    "!",
    "logging",
    "enable",
    "!",
    "aaa",
    "clock",
    "!",
    "ip-domain",
    "!",
    "cns",
    "!",
    "trustpoint",
    "!",
    "chain",
    "!",
    "license",
    "!",
    "username",
    "!",
    "interface",
    "ip-forward",
    "ip-http",
    "ip-route",
    "!",
    "kron-occurrence",
    "kron-policy",
    "!",
    "banner",
    "!",
    "line",
    "!",
    "ntp",
    "other",
    "!",
)


@dataclass(frozen=True)
class Secret:
    """A password of the configuration; `encrypted` is its type 7 form once the device has made one."""

    plain: str
    encrypted: str | None = None

    def __repr__(self) -> str:
        return "Secret(...)"

    def shown(self) -> str:
        return f"7 {self.encrypted}" if self.encrypted else self.plain


@dataclass(frozen=True)
class Entry:
    """One line. `text` holds `{secret}` where a password is shown; lines of a submode are its `children`."""

    text: str
    data: Any = None
    secret: Secret | None = None
    children: dict[Key, Entry] | None = field(default=None)

    def lines(self, hide_secrets: bool) -> Iterator[str]:
        if self.secret and hide_secrets:
            return
        yield self.text.replace("{secret}", self.secret.shown()) if self.secret else self.text
        for child in (self.children or {}).values():
            for line in child.lines(hide_secrets):
                yield f" {line}"


class Config:
    """A configuration. Entries are never changed in place, so copies are cheap and may share them."""

    def __init__(self, entries: dict[Key, Entry] | None = None) -> None:
        self._entries = dict(entries or {})

    def copy(self) -> Config:
        return Config(self._entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and self._entries == other._entries

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def get(self, *key: str) -> Entry | None:
        return self._entries.get(key)

    def data(self, *key: str) -> Any:
        """What was stored with the line, or None."""
        entry = self._entries.get(key)
        return entry.data if entry else None

    def set(self, key: Key, text: str, data: Any = None, secret: Secret | None = None) -> None:
        """Put a line, in the place of the one with the same key. Lines below it stay."""
        old = self._entries.get(key)
        self._entries[key] = Entry(text, data, secret, old.children if old else None)

    def put(self, key: Key, entry: Entry) -> None:
        self._entries[key] = entry

    def remove(self, *key: str) -> bool:
        """Whether there was something to remove."""
        return self._entries.pop(key, None) is not None

    def remove_below(self, *prefix: str) -> None:
        """Remove all lines whose key starts so."""
        for key, _entry in list(self.below(*prefix)):
            del self._entries[key]

    def below(self, *prefix: str) -> Iterator[tuple[Key, Entry]]:
        """All lines whose key starts so, in the order in which they came."""
        return ((key, entry) for key, entry in self._entries.items() if key[: len(prefix)] == prefix)

    def set_child(self, parent: Key, key: Key, text: str, data: Any = None) -> None:
        """Put a line into the submode of `parent`."""
        entry = self._entries[parent]
        self._entries[parent] = replace(entry, children={**(entry.children or {}), key: Entry(text, data)})

    def remove_child(self, parent: Key, *key: str) -> None:
        entry = self._entries[parent]
        children = {name: child for name, child in (entry.children or {}).items() if name != key}
        self._entries[parent] = replace(entry, children=children)

    def encrypt_secrets(self, encrypt: Any) -> None:
        """What `service password-encryption` does to the passwords that are shown in clear."""
        for key, entry in self._entries.items():
            if entry.secret and entry.secret.encrypted is None:
                secret = replace(entry.secret, encrypted=encrypt(entry.secret.plain))
                self._entries[key] = replace(entry, secret=secret)

    def lines(self, hide_secrets: bool = False) -> list[str]:
        """The configuration as IOS shows it, without its heading."""
        groups: dict[str, list[tuple[Key, Entry]]] = {}
        for key, entry in self._entries.items():
            groups.setdefault(key[0] if key[0] in _ORDER else "other", []).append((key, entry))
        shown = ["!"]
        for name in _ORDER:
            if name == "!":
                if shown[-1] != "!":
                    shown.append("!")
            elif name in ("boot-start-marker", "boot-end-marker"):
                shown.append(name)
            for _key, entry in groups.get(name, ()):
                shown.extend(entry.lines(hide_secrets))
                if entry.children is not None:
                    shown.append("!")
        return [*shown, "end"]
