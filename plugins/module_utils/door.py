# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door through which goes whatever is shown to people, or written down: no secret passes, and nothing that acts. Pure.

Secrets are known by their value, and by the form of the text around them. Inside the house text is as the device gave it, because
what is masked is no fact any more.
"""

from __future__ import annotations

import re
from typing import Any, Iterable, Iterator, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import safe_text, secret, url
from ansible_collections.cns.image_agent.plugins.module_utils.scrub import Secrets, Span

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
_SECRET_VARIABLE = re.compile(
    r"(?!.*update_password$)(?:.*(?:password|passwd|passphrase|secret)|(?:.*_)?pass|authorization)", re.IGNORECASE | re.ASCII
)
_OURS = frozenset(("outcome", "phase", "step", "severity", "check", "verdict", "state", "kind"))  # whose values are our words
_ONE_LINE = frozenset(("reason", "detail", "disagreement", "what", "why", "fix"))  # sentences, with words of a device in them
_SCHEME = "://"


def is_secret_name(name: Any) -> bool:
    """Whether an option or a variable of this name has a secret for its value."""
    return isinstance(name, str) and bool(_SECRET_VARIABLE.fullmatch(name))


class Door:
    """What is known of the secrets of a task, or of one of its devices. ``like``: the door of its task, whose secrets it shares.

    ``names``: of hosts, images and the like. They are told as they are, even if a password is the same word.
    """

    def __init__(self, secrets: Iterable[Any] = (), names: Iterable[Any] = (), like: Optional[Door] = None) -> None:
        self._secrets: Secrets = Secrets(like=like._secrets if like else None)
        self._names: set[str] = like._names if like else set()
        self._devices: dict[Any, Door] = {}
        self.hide(*secrets)
        self.keep(*names)

    # -- what is known --------------------------------------------------------------------------------------------

    def hide(self, *values: Any) -> None:
        """These are secrets; what is no text, or a template, is none."""
        self._secrets.add(str(value) for value in values if isinstance(value, str) and not _is_template(value))

    def keep(self, *names: Any) -> None:
        """These are names."""
        self._names.update(name for name in names if isinstance(name, str) and name)

    def learn(self, told: Any) -> None:
        """Hide the secrets in options, variables, or the lines of a configuration: what they are called tells them."""
        self.hide(*_secrets_in(told))

    def add_device(self, name: str, door: Door) -> None:
        """What is told of this device in data passes its own door."""
        self.keep(name)
        self._devices[name] = door

    def of(self, device: Optional[str]) -> Door:
        """The door of a device of the task."""
        return self._devices.get(device, self)

    # -- what passes ----------------------------------------------------------------------------------------------

    def data(self, value: Any) -> Any:
        """Data of any depth, as it may be shown."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self._key(key): self._entry(key, entry) for key, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.data(entry) for entry in secret.without_keys(value)]
        return secret.mask(value)

    def _key(self, key: Any) -> Any:
        """The keys of data are our own words, or names."""
        return key if not isinstance(key, str) or _IDENTIFIER.fullmatch(key) else self.text(key)

    def _entry(self, key: Any, value: Any) -> Any:
        if secret.is_hidden(key, value):
            return secret.MASK
        if key in _ONE_LINE and isinstance(value, str):
            return self.line(value)
        if key in _OURS and isinstance(value, str) and _IDENTIFIER.fullmatch(value):
            return value
        return self.of(key).data(value)

    def text(self, text: str) -> str:
        """A text of any number of lines, as it may be shown."""
        return safe_text.safe_lines(secret.mask(self._without_secrets(text)))

    def line(self, text: object) -> str:
        """One line for a terminal. What is too long is cut, but never through a secret."""
        return safe_text.safe(self.text(str(text)))

    def _without_secrets(self, text: str) -> str:
        spans = self._secrets.spans(text)
        kept = list(self._named(text)) if spans else []
        parts, place = [], 0
        for begin, end in spans:
            if not any(first <= begin and end <= last for first, last in kept):
                parts += [text[place:begin], secret.MASK] if place <= begin else []
                place = max(place, end)
        return "".join(parts) + text[place:]

    def _named(self, text: str) -> Iterator[Span]:
        """Where names stand in a text: what is in them may be a secret, or a piece of one, elsewhere."""
        for name in self._names:
            if name in text:
                yield from (found.span() for found in re.finditer(r"(?<![\w.-])%s(?![\w-])" % re.escape(name), text))


def _is_template(value: str) -> bool:
    return "}}" in value.partition("{{")[2]


def _secrets_in(told: Any, name: Any = None) -> Iterator[str]:
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _secrets_in(value, key)
    elif isinstance(told, (list, tuple)):
        for value in told:
            yield from _secrets_in(value, name)
    elif is_secret_name(name) and isinstance(told, (str, int)) and not isinstance(told, bool):
        yield str(told)
    elif isinstance(told, str):
        yield from _in_text(told)


def _in_text(text: str) -> Iterator[str]:
    """The passwords in URLs, and in lines of a configuration."""
    if _SCHEME in text:
        yield from url.passwords(text)
    yield from secret.passwords_in(text)
