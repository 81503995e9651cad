# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a host is what asyncssh knows of it, whoever reads the file."""

from __future__ import annotations

import base64
import hmac

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.known_hosts import KnownHosts

asyncssh = pytest.importorskip("asyncssh")

KEYS = [asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip() for _key in range(3)]
A, B, C = KEYS


def hashed(name, key):
    salt = b"0123456789abcdefghij"
    digest = hmac.digest(salt, name.encode(), "sha1")
    return "|1|%s|%s %s" % (base64.b64encode(salt).decode(), base64.b64encode(digest).decode(), key)


FILES = {
    "of a name": "r1 %s\nr2 %s" % (A, B),
    "of an address": "10.0.0.1 %s\n10.0.0.2 %s" % (A, B),
    "of a name and an address": "r1,10.0.0.1 %s" % A,
    "with a port": "[r1]:2222 %s\nr1 %s\n[10.0.0.1]:2222 %s" % (A, B, C),
    "without the port": "[r2]:2222 %s\nr1 %s" % (A, B),
    "hashed": "%s\n%s\n%s" % (hashed("r2", A), hashed("r1", B), hashed("10.0.0.1", C)),
    "hashed with a port": "%s\n%s" % (hashed("[r1]:2222", A), hashed("r1", B)),
    "of a pattern": "r* %s\n!r1,r? %s\n10.0.0.0/24 %s" % (A, B, C),
    "of an authority": "@cert-authority r1 %s\n@cert-authority *.lab %s" % (A, B),
    "revoked": "@revoked r1 %s\nr1 %s\n@revoked %s" % (A, B, hashed("r1", C)),
    "with remarks and empty lines": "# r1 %s\n\n   r1   %s  who \n" % (A, B),
    "with tabs": "r1\t%s\n@revoked\tr1\t%s" % (A.replace(" ", "\t"), B),
    "with keys that nobody can read": "r1 ssh-ed25519 AAAA\nr1 no-such-type %s\nr1 %s" % (A.split()[1], B),
    "of IPv6": "2001:db8::1 %s\n[2001:db8::1]:2222 %s" % (A, B),
    "of nobody": "",
}


@pytest.mark.parametrize("port", [22, 2222, None])
@pytest.mark.parametrize(
    ("host", "address"), [("r1", "10.0.0.1"), ("r1", ""), ("10.0.0.1", "10.0.0.1"), ("2001:db8::1", "2001:db8::1")]
)
@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_knows_what_asyncssh_knows(text, host, address, port):
    def known(hosts):
        return [{key.export_public_key() for key in keys} for keys in hosts.match(host, address, port)[:3]]

    assert known(KnownHosts(text)) == known(asyncssh.import_known_hosts(text))


def test_is_what_asyncssh_takes():
    assert isinstance(KnownHosts(""), asyncssh.SSHKnownHosts)


@pytest.mark.parametrize("line", ["r1", "@unknown r1 KEY", "|1|only KEY"])
def test_a_line_that_is_none_is_an_error_for_the_host_that_it_may_be_about(line):
    for read in asyncssh.import_known_hosts, lambda text: KnownHosts(text).match("r1", "", 22):
        with pytest.raises(ValueError, match="Invalid known hosts"):
            read(line.replace("KEY", A))


def test_no_key_of_another_host_is_read(mocker):
    keys = mocker.spy(asyncssh, "import_known_hosts")
    KnownHosts("\n".join("r%d %s" % (number, A) for number in range(1000))).match("r7", "", 22)
    assert keys.call_args.args == ("r7 %s" % A,)
