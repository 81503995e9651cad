# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline import algorithms
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Jump, Login, Unsupported, login_from


def login(**options) -> Login:
    return login_from(options, host="r1", user="me")


def test_what_core_knows_of_the_task_wins():
    made = login_from({"port": 1, "password": "theirs", "remote_user": "them"}, host="r1", port=2222, user="me", password="mine")
    assert (made.host, made.port, made.user, made.password) == ("r1", 2222, "me", "mine")


@pytest.mark.parametrize(
    "options, attribute, value",
    [
        ({}, "port", 22),
        ({}, "look_for_keys", True),
        ({"password": "x"}, "look_for_keys", False),
        ({"password": "x", "private_key_file": "k"}, "look_for_keys", True),
        ({"password": "x", "look_for_keys": True}, "look_for_keys", True),
        ({"password": "x"}, "agent", False),
        ({"host_key_checking": "no"}, "host_key_checking", False),
        ({"host_key_auto_add": True}, "add_host_keys", True),
        ({"known_hosts": "a, b"}, "known_hosts", ("a", "b")),
        ({"private_key_file": "k", "private_key_passphrase": "p"}, "passphrase", "p"),
        ({"private_key_file": "k", "password": "p"}, "passphrase", "p"),
        ({"legacy_algorithms": "yes"}, "legacy_algorithms", True),
        ({"key_exchange_algorithms": "+x"}, "kex", "+x"),
        ({"hostkeys": "ssh-rsa"}, "host_key_algorithms", "ssh-rsa"),
        ({"publickey_accepted_algorithms": "ssh-rsa"}, "public_key_algorithms", "ssh-rsa"),
        ({"use_rsa_sha2_algorithms": False}, "public_key_algorithms", "-rsa-sha2-256,rsa-sha2-512"),
        ({"proxy_command": "ssh -W %h:%p %r@jump 100%%"}, "proxy_command", "ssh -W r1:22 me@jump 100%"),
        ({"proxy_jump": "jump"}, "jumps", (Jump("jump"),)),
        ({"proxy_jump": "a@j1:2222,[fe80::1]:22"}, "jumps", (Jump("j1", 2222, "a"), Jump("fe80::1"))),
        ({"proxy_jump": "none"}, "jumps", ()),
        ({"password_prompt": "PIN:", "password": "p"}, "answers", (("PIN:", "p"),)),
        ({"keyboard_interactive": [{"prompt": "code", "answer": 1}]}, "answers", (("code", "1"),)),
        ({"ssh_common_args": "-o ProxyJump=jump -o ControlMaster=auto -C"}, "jumps", (Jump("jump"),)),
        ({"ssh_common_args": "-J me@jump:2222"}, "jumps", (Jump("jump", 2222, "me"),)),
        ({"ssh_common_args": "-o 'ProxyCommand=ssh -W %h:%p j'"}, "proxy_command", "ssh -W r1:22 j"),
        ({"ssh_common_args": '-o ProxyCommand="ssh -W %h:%p j"'}, "proxy_command", "ssh -W r1:22 j"),
        ({"ssh_args": "-o UserKnownHostsFile=/a"}, "known_hosts", ("/a",)),
        ({"ssh_args": "-o StrictHostKeyChecking=no"}, "host_key_checking", False),
        ({"ssh_args": "-oStrictHostKeyChecking=accept-new"}, "add_host_keys", True),
        ({"ssh_args": "-o KexAlgorithms=+diffie-hellman-group1-sha1"}, "kex", "+diffie-hellman-group1-sha1"),
        ({"ssh_extra_args": "-o Ciphers=aes128-cbc -i key"}, "key_files", ("key",)),
        ({"ssh_args": "-F cfg"}, "config_files", ("cfg",)),
    ],
)
def test_the_options_of_the_stock_libraries_are_honoured(options, attribute, value):
    assert getattr(login(**options), attribute) == value


@pytest.mark.parametrize(
    "options, said",
    [
        ({"ssh_common_args": "-o PKCS11Provider=x"}, "ansible_ssh_common_args: -o pkcs11provider means nothing to asyncssh"),
        ({"ssh_args": "-w 0"}, "ansible_ssh_args: -w means nothing to asyncssh"),
        ({"ssh_args": "-o 'x"}, "ansible_ssh_args cannot be read"),
        ({"proxy_jump": "a b"}, "ansible_network_cli_proxy_jump: 'a b' is no jump host"),
        ({"keyboard_interactive": ["x"]}, "ansible_network_cli_keyboard_interactive is a list of"),
        ({"keyboard_interactive": [{"prompt": "(", "answer": "x"}]}, "no regular expression"),
    ],
)
def test_what_cannot_be_honoured_is_named(options, said):
    with pytest.raises(Unsupported) as caught:
        login(**options)
    assert said in str(caught.value)


def test_no_secret_is_shown():
    made = login_from(
        {"keyboard_interactive": [{"prompt": "code", "answer": "s3cret"}], "private_key_passphrase": "s3cret"},
        host="r1",
        password="s3cret",
        enable_secret="s3cret",
    )
    assert "s3cret" not in repr(made)


# -- algorithms -------------------------------------------------------------------------------------------------------

OLD = {
    "kex": "diffie-hellman-group14-sha1",
    "hostkey": "ssh-rsa",
    "cipher": "aes128-cbc",
    "mac": "hmac-sha1",
}


def kexinit(kex, hostkey, cipher, mac) -> bytes:
    lists = [kex, hostkey, cipher, cipher, mac, mac, "none", "none", "", ""]
    return b"\x14" + bytes(16) + b"".join(len(text).to_bytes(4, "big") + text.encode() for text in lists) + bytes(5)


def test_legacy_algorithms_stand_behind_the_modern_ones_and_only_on_request():
    modern, with_old = (algorithms.choose(Login("r1", legacy_algorithms=legacy)) for legacy in (False, True))
    for name, old in (
        ("kex_algs", ["diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"]),
        ("server_host_key_algs", ["ssh-rsa"]),
        ("signature_algs", ["ssh-rsa"]),
        ("encryption_algs", ["aes128-cbc", "3des-cbc"]),
    ):
        assert with_old[name][: len(modern[name])] == modern[name]
        assert not set(old) & set(modern[name])
        assert set(old) <= set(with_old[name])


@pytest.mark.parametrize(
    "asked, first, last", [("+x", "curve25519-sha256", "x"), ("^x", "x", "diffie-hellman-group18-sha512"), ("x,y", "x", "y")]
)
def test_a_list_of_algorithms_may_add_to_the_usual_ones(asked, first, last):
    chosen = algorithms.choose(Login("r1", kex=asked))["kex_algs"]
    assert (chosen[0], chosen[-1]) == (first, last)


def test_host_keys_of_a_known_type_are_asked_for_first():
    assert algorithms.choose(Login("r1"), ["ssh-rsa"])["server_host_key_algs"][0] == "rsa-sha2-512"


def test_the_error_says_what_is_offered_what_is_missing_and_what_allows_it():
    said = algorithms.explain(Login("r1"), "No matching key exchange algorithm found", kexinit(**OLD))
    assert "r1 port 22" in said
    for part in ("key exchange: diffie-hellman-group14-sha1", "host key: ssh-rsa", "cipher: aes128-cbc"):
        assert part in said
    assert "MAC" not in said
    assert "ansible_network_cli_legacy_algorithms: true" in said


def test_what_legacy_algorithms_cannot_help_is_not_promised():
    said = algorithms.explain(Login("r1"), "No matching MAC", kexinit(**{**OLD, "mac": "hmac-md4"}))
    assert "MAC: hmac-md4" in said
    assert "legacy_algorithms" not in said


@pytest.mark.parametrize("cut", [0, 5, 17, 30, 60])
def test_half_a_message_of_the_device_is_no_offer(cut):
    assert algorithms.offered_by(kexinit(**OLD)[:cut]) == {}
    assert "No matching key exchange" in algorithms.explain(Login("r1"), "No matching key exchange", kexinit(**OLD)[:cut])
