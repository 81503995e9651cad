# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A model of how IOS keeps the CNS lines of its configuration, for tests. Pure, and stricter than a device.

A new line takes the place of the one in its slot, ``no`` takes away what is shown, and a default is not shown.
What the documentation leaves open is refused where a plan could lean on it: a second line for an event gateway, a second
exec or partial agent, and the removal of what is not there.
"""

from __future__ import annotations

import re

from ansible_collections.cns.image_agent.plugins.module_utils import secret

AGENTS = ("event", "image")
# What a line says may be the default: the port behind its host, and these words.
_PORT = re.compile(
    r"^(?P<line>cns (?P<kind>event|config partial|exec)(?: (?!\d+(?: |$)|encrypt(?: |$))\S+)?)"
    r"(?P<encrypt> encrypt)? (?P<port>\d+)(?= |$)"
)
_PORTS = {"event": ("11011", "11012"), "config partial": ("80", None), "exec": ("80", None)}
_WORDS = re.compile(r" (?:failover-time 3|keepalive 0 0|clock-timeout 10|reconnect-time 3600)(?= |$)|(?<= all| iff) interval 5$")


class Refusal(Exception):
    """The line, which the device does not take."""


def type7(plain, salt=7):
    """Encode a password as ``service password-encryption`` does."""
    key = secret._TYPE7_KEY
    return "%02d" % salt + "".join("%02X" % (ord(char) ^ ord(key[(salt + at) % len(key)])) for at, char in enumerate(plain))


def _without_defaults(line):
    port = _PORT.match(line)
    if port and port["port"] == _PORTS[port["kind"]][bool(port["encrypt"])]:
        line = port["line"] + (port["encrypt"] or "") + line[port.end() :]
    return _WORDS.sub("", line) if line.startswith(("cns event", "cns config notify")) else line


class Ios:
    """The CNS part of a device's configuration.

    Not documented: whether a new line of the image agent takes the URLs away that it does not name, and whether the
    removal of a URL switches the agent off. With ``forgets`` both are so.
    """

    def __init__(self, lines=(), forgets=False):
        self.forgets = forgets
        self.urls = None  # {"server": ..., "status": ...} of an image agent that is on
        self.slots = {}
        for line in lines:
            self.take(line)

    def take(self, line):
        """Take one line of configuration, or raise Refusal."""
        words = line.split()
        if line != " ".join(words):
            raise Refusal(line)
        negated = words[0] == "no"
        words = words[1:] if negated else words
        if words[0] != "cns" or len(words) < 2:
            raise Refusal(line)
        kinds = {"id": self._id, "password": self._password, "image": self._image, "trusted-server": self._trusted}
        kinds.update({"event": self._event, "config": self._config, "exec": self._exec})
        if words[1] not in kinds:
            raise Refusal(line)
        kinds[words[1]](words, negated, line)

    def _put(self, slot, words, negated, line, shown=True, exact=True, once=False):
        new = " ".join(words)
        if negated:
            if slot not in self.slots or (exact and self.slots[slot] != new):
                raise Refusal(line)
            del self.slots[slot]
            return
        if once and slot in self.slots:
            raise Refusal(line)
        self.slots.pop(slot, None)
        if shown:
            self.slots[slot] = new

    def _id(self, words, negated, line):
        rest = words[4:] if words[2] == "string" else words[3:]
        agents = [word for word in rest if word in AGENTS]
        if len(agents) > 1:
            raise Refusal(line)
        agent = agents[0] if agents else "config"
        self._put(("id", agent), words, negated, line, shown=words[2] != "hostname")

    def _password(self, words, negated, line):
        self._put("password", words, negated, line, exact=len(words) > 2)

    def _trusted(self, words, negated, line):
        self._put(tuple(words), words, negated, line)

    def _event(self, words, negated, line):
        self._put(("event", words[2]), words, negated, line, once=True)

    def _exec(self, words, negated, line):
        self._put("exec", words, negated, line, once=True)

    def _config(self, words, negated, line):
        self._put(("config", words[2]), words, negated, line, once=words[2] == "partial")

    def _image(self, words, negated, line):
        if words[2:3] == ["password"]:
            self._put("image password", words, negated, line, exact=len(words) > 3)
        elif words[2:3] == ["retry"]:
            self._put("retry", words, negated, line, shown=words[3:] != ["60"])
        else:
            self._agent(dict(zip(words[2::2], words[3::2])), negated, line)

    def _agent(self, urls, negated, line):
        none = {"server": None, "status": None}
        if not negated:
            self.urls = dict(none if self.forgets else self.urls or none, **urls)
        elif self.urls is None or any(self.urls[kind] != url for kind, url in urls.items()):
            raise Refusal(line)
        elif not urls or self.forgets:
            self.urls = None
        else:
            self.urls.update(dict.fromkeys(urls))

    def show(self, several=False, drops_defaults=False):
        """The lines; with ``several`` each setting of the image agent on a line of its own.

        Not documented: whether a line shows a value that is the default.
        """
        shown = [_without_defaults(line) if drops_defaults else line for line in self.slots.values()]
        if self.urls is not None:
            pairs = [[kind, self.urls[kind]] for kind in ("server", "status") if self.urls[kind]]
            if several:
                shown += ["cns image"] + ["cns image " + " ".join(pair) for pair in pairs]
            else:
                shown += [" ".join(sum(pairs, ["cns image"]))]
        return shown
