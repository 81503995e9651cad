# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(cns image): the image agent's server, status server, password and retry interval."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import secret
from ansible_collections.cns.image_agent.plugins.module_utils import words as cli
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features import endpoint
from ansible_collections.cns.image_agent.plugins.module_utils.features.feature import (
    Config,
    Feature,
    Lines,
    Options,
    Reading,
    Slot,
    Slots,
    superseded,
    words_after,
)

RETRY = 60  # seconds; the device shows no line for it


class Image(Feature):
    """C(cns image)."""

    name = "image"

    def options(self) -> Options:
        """The argument spec of the configuration."""
        return dict(
            enabled=dict(type="bool"),
            server=dict(type="str"),
            status=dict(type="str"),
            password=dict(type="str", no_log=True),
            retry=dict(type="int"),
        )

    def normalise(self, want: Config) -> Config:
        """Check the URLs, the password and the retry interval."""
        checked = dict(want)
        for option in ("server", "status", "password"):
            if want.get(option) is not None:
                checked[option] = cli.word(option, want[option])
        if want.get("retry") is not None and not 0 <= want["retry"] <= 65535:
            raise InputError("retry is %s: the device takes 0 to 65535 seconds." % want["retry"])
        if want.get("enabled") is False and (want.get("server") or want.get("status")):
            raise InputError("enabled is false, yet a server or status URL is given: the device cannot have both.")
        if want.get("server"):
            checked["enabled"] = True
        return checked

    def parse(self, lines: Lines) -> Reading:
        """Lines of a running configuration -> Reading. The settings may stand on one line or on several."""
        config: Config = {}
        shown: dict[Any, list[str]] = {}
        unparsed: list[str] = []
        for line, words in words_after("cns image", lines):
            keyword = words[0] if words else ""
            if keyword == "password" and secret.is_password(words[1:]):
                unparsed += superseded(shown, keyword, line)
                config[keyword], shown[keyword] = secret.read_password(words[1:]), [line]
            elif keyword == "retry" and len(words) == 2 and cli.number(words[1]) is not None:
                unparsed += superseded(shown, keyword, line)
                config[keyword], shown[keyword] = cli.number(words[1]), [line]
            elif keyword == "" or (keyword in ("server", "status") and words[1:]):
                urls, unknown = _parse_urls(words)
                config.update(urls, unknown=config.get("unknown", []) + unknown)
                shown.setdefault("agent", []).append(line)
            else:
                unparsed.append(line)
        if "server" not in config:  # what stands without one belongs to nothing
            alone = shown.pop("agent", [])
            unparsed += [line for line in alone if line != "cns image"]
            shown.update({"agent": ["cns image"]} if "cns image" in alone else {})
        config["enabled"] = "agent" in shown
        return Reading(self.settle(config), shown, unparsed)

    def settle(self, config: Config) -> Config:
        """Without an agent there is no server, and without a server no status URL."""
        server, enabled = config.get("server"), bool(config.get("enabled"))
        retry = config.get("retry")
        # What only the device understands follows a URL, and goes with it.
        unknown = endpoint.kept(config) if enabled and server else {}
        return {
            "enabled": enabled,
            "server": server if enabled else None,
            "status": config.get("status") if enabled and server else None,
            "password": config.get("password"),
            "retry": RETRY if retry is None else retry,
            **unknown,
        }

    def slots(self, config: Config) -> Slots:
        """The line that sets the agent to work, then its password and retry interval."""
        lines = {}
        if config.get("enabled"):
            words = ["cns image"]
            for option in ("server", "status"):
                words += [option, config[option]] if config.get(option) else []
            unknown = tuple(config.get("unknown", ()))
            lines["agent"] = Slot(" ".join([*words, *unknown]), (config.get("server"), config.get("status")), unknown)
        if config.get("password"):
            shown = secret.MASK if config["password"] is secret.HIDDEN else config["password"]
            lines["password"] = Slot("cns image password " + shown, config["password"])
        if config.get("retry") not in (None, RETRY):
            lines["retry"] = Slot("cns image retry %d" % config["retry"], config["retry"])
        return lines

    def default(self, slot: Any) -> Any:
        """The retry interval has one."""
        return RETRY if slot == "retry" else None

    def overwrites(self, slot: Any, old: Any, new: Any) -> bool:
        """A line without a URL does not take the old URL away."""
        return slot != "agent" or all(after or not before for before, after in zip(old, new))

    def negate(self, slot: Any, shown: list[str], old: Any, new: Any) -> list[str]:
        """C(no cns image) switches the agent off; a URL alone goes with the line that shows it."""
        if slot == "password":
            return ["no cns image password"]
        if slot == "agent" and new is None:
            return ["no cns image"]
        return ["no " + line for line in shown if line != "cns image"]

    def check(self, config: Config) -> None:
        """Raise InputError where a status URL would stand without the server it belongs to."""
        if config.get("status") and not config.get("server"):
            raise InputError(
                "status is given without server: on the device a status URL belongs to a server URL. Give server as well."
            )


def _parse_urls(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """The URLs among the words behind C(cns image), and the words that are none of them."""
    urls: dict[str, str] = {}
    unknown: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("server", "status") and rest and word not in urls and not unknown:
            urls[word] = rest.pop(0)
        else:
            unknown.append(word)
    return urls, unknown
