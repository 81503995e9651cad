# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a login needs, from the options of the connection plugin. Pure: no file is read, nothing is connected."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

KNOWN_HOSTS = ("~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts")

# Arguments of the OpenSSH client that make no difference to a shell on a device. -o names are compared in lower case.
_WITHOUT_EFFECT = {
    "addkeystoagent",
    "addressfamily",
    "batchmode",
    "checkhostip",
    "compression",
    "connectionattempts",
    "controlmaster",
    "controlpath",
    "controlpersist",
    "forwardagent",
    "forwardx11",
    "gssapiauthentication",
    "gssapidelegatecredentials",
    "hashknownhosts",
    "kbdinteractiveauthentication",
    "loglevel",
    "numberofpasswordprompts",
    "passwordauthentication",
    "preferredauthentications",
    "pubkeyauthentication",
    "requesttty",
    "sendenv",
    "serveralivecountmax",
    "serveraliveinterval",
    "setenv",
    "tcpkeepalive",
    "updatehostkeys",
    "verifyhostkeydns",
    "visualhostkey",
}
_FLAGS_WITHOUT_EFFECT = "46ACKNTXYaknqtvxy"
_ALGORITHMS = {
    "kexalgorithms": "kex",
    "ciphers": "ciphers",
    "macs": "macs",
    "hostkeyalgorithms": "host_key_algorithms",
    "pubkeyacceptedalgorithms": "public_key_algorithms",
    "pubkeyacceptedkeytypes": "public_key_algorithms",
}
_OTHER_VALUES = {"user": "user", "port": "port", "connecttimeout": "connect_timeout"}
_YES = ("yes", "true", "on", "1")


class Unsupported(Exception):
    """An option says something that cannot be done; the text names it and says what to do instead."""


@dataclass(frozen=True)
class Jump:
    """A host on the way to the device."""

    host: str
    port: int = 22
    user: str = ""


@dataclass(frozen=True)
class Login:
    """Where to log in, as whom, and how.

    Algorithms are comma-separated names; a leading +, - or ^ adds to, takes from or moves to the front of the usual ones.
    """

    host: str
    port: int = 22
    user: str = ""
    password: str | None = field(default=None, repr=False)
    key_files: tuple[str, ...] = ()
    passphrase: str | None = field(default=None, repr=False)
    look_for_keys: bool = True
    agent: bool = True
    host_key_checking: bool = True
    add_host_keys: bool = False
    known_hosts: tuple[str, ...] = KNOWN_HOSTS
    proxy_command: str = ""
    jumps: tuple[Jump, ...] = ()
    config_files: tuple[str, ...] = ()
    legacy_algorithms: bool = False
    kex: str = ""
    ciphers: str = ""
    macs: str = ""
    host_key_algorithms: str = ""
    public_key_algorithms: str = ""
    answers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    connect_timeout: float = 30
    command_timeout: float = 30
    enable: bool = False
    enable_secret: str | None = field(default=None, repr=False)
    jump_to: str = ""  # the device, where this is a host on the way to it
    alias: str = ""  # the name by which configuration files know the host, where they were read

    @property
    def device(self) -> str:
        """How errors name the device."""
        return "%s port %s%s" % (self.host, self.port, " (jump host to %s)" % self.jump_to if self.jump_to else "")


def login_from(
    options: Mapping[str, Any],
    host: str,
    port: int | None = None,
    user: str | None = None,
    password: str | None = None,
    private_key_file: str | None = None,
    enable: bool = False,
    enable_secret: str | None = None,
) -> Login:
    """Return the login that the options of the connection plugin describe.

    ``options``: by their names in the documentation of cns.image_agent.network_cli. The other arguments are what core knows of
    the task (its play context), and win. Raises Unsupported.
    """
    option = _Options(options)
    login = Login(
        host=host,
        port=int(port or option.get("port") or 22),
        user=user or option.text("remote_user") or "",
        **_credentials(option, password, private_key_file),
        **_host_keys(option),
        **_way(option),
        **_algorithms(option),
        connect_timeout=float(option.get("persistent_connect_timeout") or 30),
        command_timeout=float(option.get("persistent_command_timeout") or 30),
        enable=enable,
        enable_secret=enable_secret,
    )
    for name in ("ssh_args", "ssh_common_args", "ssh_extra_args"):
        text = option.text(name)
        login = _with_arguments(login, text, "ansible_%s" % name) if text else login
    return _with_target(login)


class _Options:
    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options

    def get(self, name: str) -> Any:
        return self._options.get(name)

    def text(self, name: str) -> str | None:
        value = self.get(name)
        return None if value is None else str(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.get(name)
        return default if value is None else value if isinstance(value, bool) else str(value).lower() in _YES


def _credentials(option: _Options, password: str | None, private_key_file: str | None) -> dict[str, Any]:
    secret = password if password is not None else option.text("password")
    key_files = _files(private_key_file or option.text("private_key_file"))
    return dict(
        password=secret,
        key_files=key_files,
        passphrase=option.text("private_key_passphrase") or (secret if key_files else None),
        look_for_keys=option.flag("look_for_keys", not (secret and not key_files)),
        agent=secret is None or bool(key_files),
        answers=_answers(option),
    )


def _host_keys(option: _Options) -> dict[str, Any]:
    return dict(
        host_key_checking=option.flag("host_key_checking", True),
        add_host_keys=option.flag("host_key_auto_add", False),
        known_hosts=_files(option.get("known_hosts")) or KNOWN_HOSTS,
    )


def _way(option: _Options) -> dict[str, Any]:
    return dict(
        proxy_command=option.text("proxy_command") or "",
        jumps=jumps_from(option.text("proxy_jump") or "", "ansible_network_cli_proxy_jump"),
        config_files=_files(option.get("config_file")),
    )


def _algorithms(option: _Options) -> dict[str, Any]:
    return dict(
        legacy_algorithms=option.flag("legacy_algorithms", False),
        kex=option.text("key_exchange_algorithms") or "",
        host_key_algorithms=option.text("hostkeys") or "",
        public_key_algorithms=_public_key_algorithms(option),
    )


def _files(value: Any) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value or ()
    return tuple(str(name).strip() for name in names if str(name).strip())


def _public_key_algorithms(option: _Options) -> str:
    algorithms = option.text("publickey_accepted_algorithms") or ""
    if not algorithms and not option.flag("use_rsa_sha2_algorithms", True):
        return "-rsa-sha2-256,rsa-sha2-512"
    return algorithms


def _answers(option: _Options) -> tuple[tuple[str, str], ...]:
    """Pairs of a pattern and its answer, for what a keyboard-interactive login asks."""
    name = "ansible_network_cli_keyboard_interactive"
    pairs = []
    for entry in option.get("keyboard_interactive") or ():
        if not isinstance(entry, Mapping) or not {"prompt", "answer"} <= set(entry):
            raise Unsupported("%s is a list of {prompt: PATTERN, answer: TEXT}." % name)
        pairs.append((_pattern(str(entry["prompt"]), name), str(entry["answer"])))
    prompt, password = option.text("password_prompt"), option.text("password")
    if prompt and password is not None:
        pairs.append((_pattern(re.escape(prompt), name), password))
    return tuple(pairs)


def _pattern(text: str, name: str) -> str:
    try:
        re.compile(text)
    except re.error as exc:
        raise Unsupported("%s: the prompt %r is no regular expression: %s." % (name, text, exc)) from None
    return text


# -- arguments of the OpenSSH client --------------------------------------------------------------------------------


def _with_arguments(login: Login, text: str, name: str) -> Login:
    try:
        words = iter(shlex.split(text))
    except ValueError as exc:
        raise Unsupported("%s cannot be read: %s." % (name, exc)) from None
    for word in words:
        login = _with_word(login, word, words, name)
    return login


def _with_word(login: Login, word: str, words: Iterable[str], name: str) -> Login:
    flag, value = word[:2], word[2:]
    if not word.startswith("-") or (flag[1:] and flag[1:] in _FLAGS_WITHOUT_EFFECT):
        return login
    value = value or next(iter(words), "")
    if flag == "-o":
        key, _sign, setting = re.sub(r"^(\w+)[\s=]+", r"\1=", value).partition("=")
        return _with_setting(login, key.lower(), setting.strip().strip('"'), name)
    if flag == "-J":
        return replace(login, jumps=jumps_from(value, name))
    if flag == "-F":
        return replace(login, config_files=() if value == "none" else (value,))
    if flag == "-i":
        return replace(login, key_files=login.key_files + (value,))
    if flag == "-c":
        return replace(login, ciphers=value)
    if flag == "-m":
        return replace(login, macs=value)
    if flag in ("-b", "-e", "-l", "-p", "-D", "-L", "-R", "-S", "-E"):
        return login  # core passes user and port by themselves, and nothing is forwarded for a shell
    raise _not_honoured(name, word)


def _with_setting(login: Login, key: str, value: str, name: str) -> Login:
    if key == "proxyjump":
        return replace(login, jumps=jumps_from(value, name))
    if key == "proxycommand":
        return replace(login, proxy_command=login.proxy_command or ("" if value == "none" else value))
    if key in _ALGORITHMS:
        mine = _ALGORITHMS[key]
        changes: dict[str, Any] = {mine: getattr(login, mine) or value}
        return replace(login, **changes)
    if key == "userknownhostsfile":
        return replace(login, known_hosts=tuple(value.split()))
    if key == "stricthostkeychecking":
        return _with_strictness(login, value.lower())
    if key == "identityfile":
        return replace(login, key_files=login.key_files + (value,))
    if key == "identitiesonly":
        return replace(login, agent=login.agent and value.lower() not in _YES)
    if key in _WITHOUT_EFFECT or key in _OTHER_VALUES or "forward" in key:
        return login  # user, port and timeout come from their own options
    raise _not_honoured(name, "-o %s" % key)


def _with_strictness(login: Login, value: str) -> Login:
    if value in ("no", "off"):
        return replace(login, host_key_checking=False)
    return replace(login, add_host_keys=login.add_host_keys or value == "accept-new")


def _not_honoured(name: str, what: str) -> Unsupported:
    return Unsupported(
        "%s: %s means nothing to asyncssh. Take it out for these hosts, put it into a file that "
        "ansible_network_cli_config_file names, or set ansible_network_cli_ssh_type: libssh." % (name, what)
    )


def jumps_from(text: str, name: str) -> tuple[Jump, ...]:
    """The hosts of a text like C(USER@HOST:PORT,HOST), which comes from the option ``name``. Raises Unsupported."""
    if text.strip().lower() in ("", "none"):
        return ()
    return tuple(_jump(part.strip(), name) for part in text.split(","))


def _jump(text: str, name: str) -> Jump:
    found = re.fullmatch(r"(?:ssh://)?(?:([^@\s]+)@)?(\[[^\]\s]+\]|[^:@\s\[\]]+)(?::([0-9]{1,5}))?/?", text)
    if not found:
        raise Unsupported("%s: %r is no jump host. Write [USER@]HOST[:PORT], several with commas between." % (name, text))
    user, host, port = found.groups()
    return Jump(host.strip("[]"), int(port or 22), user or "")


def _with_target(login: Login) -> Login:
    """Put host, port and user in place of the tokens of a proxy command."""
    if not login.proxy_command:
        return login
    tokens = {"%h": login.host, "%p": str(login.port), "%r": login.user, "%%": "%"}
    command = re.sub(r"%[hpr%]", lambda found: tokens[found.group()], login.proxy_command)
    return replace(login, proxy_command=command)
