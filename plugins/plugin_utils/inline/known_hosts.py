# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of known hosts that hold the keys of a fleet, in processes that call one device of it."""

from __future__ import annotations

import binascii
import hmac
from collections.abc import Iterator
from typing import Any

try:
    import asyncssh
except ImportError:
    _KNOWN_HOSTS: Any = object  # whoever asks for files is told what is missing
else:
    _KNOWN_HOSTS = asyncssh.SSHKnownHosts

_OF_PATTERNS = frozenset("*?!/")


class KnownHosts(_KNOWN_HOSTS):
    """Knows what asyncssh knows of the same lines, but reads no key before its host is called. Reading keys takes long."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._named: dict[str, list[str]] = {}
        self._hashed: list[tuple[bytes, bytes, str]] = []
        self._others: list[str] = []
        self.load(text)

    def load(self, known_hosts: str) -> None:
        """Sort the lines by what they say of their hosts."""
        for line in known_hosts.splitlines():
            words = line.split(None, 2)
            if words and not words[0].startswith("#"):
                self._keep(words[1] if words[0].startswith("@") and len(words) > 1 else words[0], line)

    def match(self, host: str, addr: str, port: int | None) -> Any:
        """As asyncssh does: what is known of a host by its name, its address, or one of them and its port."""
        names = [name for one in (host, addr) if one for name in (one, "[%s]:%s" % (one, port))]
        lines = dict.fromkeys(self._about(names))
        return asyncssh.import_known_hosts("\n".join(lines)).match(host, addr, port)

    def _keep(self, hosts: str, line: str) -> None:
        if hosts.startswith("|"):
            self._keep_hashed(hosts, line)
        elif not _OF_PATTERNS.isdisjoint(hosts):
            self._others.append(line)
        else:
            for name in hosts.split(","):
                self._named.setdefault(name, []).append(line)

    def _keep_hashed(self, hosts: str, line: str) -> None:
        try:
            _empty, _method, salt, digest = hosts.split("|")
            self._hashed.append((binascii.a2b_base64(salt), binascii.a2b_base64(digest), line))
        except ValueError:
            self._others.append(line)  # asyncssh says what is wrong with it

    def _about(self, names: list[str]) -> Iterator[str]:
        for name in names:
            yield from self._named.get(name, ())
        yield from self._others
        for salt, digest, line in self._hashed:
            if any(hmac.digest(salt, name.encode(), "sha1") == digest for name in names):
                yield line
