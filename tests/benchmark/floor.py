# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The physical floor: asyncssh alone, in one process, sends what one task of cns_agents sends."""

from __future__ import annotations

import asyncio
import sys

import asyncssh
import yaml

AT_ONCE = 20  # as many as Ansible has forks
SESSION = ["terminal length 0", "terminal width 0"]
READ = "show running-config | include ^cns|^crypto pki trustpoint|^ip http client secure-trustpoint"


def commands(variables: dict, first: bool) -> list[str]:
    """What goes over the wire on the first run, and on an unchanged one."""
    if not first:
        return SESSION + [READ]
    lines = [
        "cns id hardware-serial image",
        f"cns image server {variables['lab_server_url']} status {variables['lab_status_url']}",
        "cns image password benchmark",
        "cns image retry 240",
    ]
    return SESSION + [READ, "configure terminal", *lines, "end", READ]


async def configure(host: str, variables: dict, first: bool, limit: asyncio.Semaphore) -> None:
    """One device: log in, send each line and wait for the prompt, log out."""
    async with limit, asyncssh.connect(
        host,
        port=variables["ansible_port"],
        username=variables["ansible_user"],
        password=variables["ansible_password"],
        known_hosts=None,
        client_keys=None,
        config=None,
    ) as connection:
        async with connection.create_process(term_type="vt100", encoding="latin-1") as shell:
            await shell.stdout.readuntil("#")
            for command in commands(variables, first):
                shell.stdin.write(command + "\r")
                # The echo has no prompt in it, and none of these answers has a '#' but in the prompt.
                await shell.stdout.readuntil("#")
            shell.stdin.write("exit\r")


async def main(inventory: str, first: bool) -> None:
    """All devices of an inventory that the lab wrote."""
    with open(inventory, encoding="utf-8") as text:
        group = yaml.safe_load(text)["ios"]
    limit = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(configure(host["ansible_host"], group["vars"], first, limit) for host in group["hosts"].values()))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], first=sys.argv[2] == "first"))
