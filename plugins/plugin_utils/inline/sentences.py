# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to say of a login that failed, whichever library found that out. Pure."""

from __future__ import annotations

import re

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login

_NO_ALGORITHM = re.compile(
    r"no match for method|no acceptable|incompatible ssh (?:peer|server)|no matching .{0,60} algorithm", re.IGNORECASE
)
_HUNG_UP = re.compile(r"socket error|reset by peer|protocol banner|eof|closed|disconnect", re.IGNORECASE)
_REFUSED = re.compile(r"authentication|permission denied|access denied", re.IGNORECASE)
_NOBODY = re.compile(r"connection refused|unable to connect to port", re.IGNORECASE)


def may_be_about_algorithms(error: str) -> bool:
    """Whether this error of an SSH library may mean that no algorithm is shared: some servers hang up then."""
    return bool(_NO_ALGORITHM.search(error) or _HUNG_UP.search(error))


def plain(login: Login, error: str) -> str | None:
    """A sentence in place of an error of an SSH library, if it is one of the common ones."""
    if _NOBODY.search(error):
        return nobody_listens(login)
    return refused(login, error) if _REFUSED.search(error) else None


def refused(login: Login, reason: str) -> str:
    because = "" if reason.startswith("Permission denied") else " (%s)" % reason.strip(" .")
    return (
        "%s: the device did not let user %s in%s. Check ansible_user and ansible_password or ansible_private_key_file, "
        "and whether the device (or its AAA server) knows the user." % (login.device, login.user or "(none)", because)
    )


def nobody_listens(login: Login) -> str:
    return (
        "%s: connection refused. Nothing listens at that port: check ansible_host and ansible_port, and on the device "
        "'show ip ssh' and 'transport input ssh'." % login.device
    )


def use_asyncssh(library: str) -> str:
    return (
        "That takes asyncssh, in place of %s: install it where Ansible runs (python3 -m pip install asyncssh) and leave "
        "ansible_network_cli_ssh_type at auto." % library
    )
