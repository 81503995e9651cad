# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Status messages of CNS image agents, as events of ansible-rulebook; python -m cns_status runs the same receiver alone."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path
from typing import Any

DOCUMENTATION = r"""
short_description: Receive the status messages of CNS image agents over HTTP and HTTPS
description:
  - Listens at the URL that devices have as C(status) of C(cns image server), and makes an event of each message.
  - The form of a status message is not documented. Any XML, JSON or text is taken, on any path. What was understood is in the
    fields of the event, the masked text in C(raw).
  - A message is answered once it is in the journal, whether or not the rule engine is busy. Up to O(max_waiting) events wait
    for it, then the oldest is dropped, which is counted and logged; the journal has it still.
options:
  host:
    description: The address to listen at.
    type: str
    default: 127.0.0.1
  port:
    description: The port of HTTP, or V(none).
    type: str
    default: "8088"
  https_port:
    description: The port of HTTPS.
    type: str
  certificate:
    description: The certificate of the receiver and those that signed it, PEM. Needed with O(https_port).
    type: str
  key:
    description: Its key, PEM. By default it is in the file of the certificate.
    type: str
  tls_minimum:
    description: The oldest TLS that is taken. Old releases of IOS know nothing newer than V(1.0).
    type: str
    choices: ["1.0", "1.1", "1.2", "1.3"]
    default: "1.2"
  password:
    description: What every agent must send (C(cns image password)). Without it anybody who reaches the port can post.
    type: str
  password_file:
    description: A file whose first line is that password. The environment variable E(CNS_STATUS_PASSWORD) is the third way.
    type: str
  journal:
    description: A file to which every message is appended, one line of JSON each.
    type: str
  hosts:
    description:
      - The inventory name of each image ID, for devices whose image ID is another name.
      - With it only these devices are named in C(meta.hosts), which limits the playbook that a rule runs.
    type: dict
  readers:
    description: The networks from which C(GET /heard) is answered, with commas between them.
    type: str
    default: 127.0.0.0/8,::1/128
  max_body:
    description: Bytes of a message.
    type: int
    default: 65536
  max_connections:
    description: Connections at the same time. Who comes later waits.
    type: int
    default: 200
  max_seconds:
    description: Seconds that a connection may last.
    type: float
    default: 10
  max_rate:
    description: Messages a second in the long run.
    type: float
    default: 100
  max_burst:
    description: Messages at once.
    type: int
    default: 2000
  max_waiting:
    description: Events that wait for the rule engine.
    type: int
    default: 10000
"""

EXAMPLES = r"""
- cns.image_agent.cns_status:
    host: 192.0.2.10
    port: 8088
    password_file: /etc/cns/status-password
    journal: /var/lib/cns/status/heard.jsonl
"""

_COLLECTION = Path(__file__).resolve().parents[4]
_NAME = "ansible_collections.cns.image_agent"


def _command() -> Any:
    """The code of the collection that this file is part of, wherever it is, with or without Ansible beside it."""
    for name in ("ansible_collections", "ansible_collections.cns"):
        try:
            importlib.import_module(name)
        except ImportError:
            _add_package(name)
    if _NAME not in sys.modules:
        _add_package(_NAME, str(_COLLECTION))
    return importlib.import_module(_NAME + ".plugins.plugin_utils.receiver.command")


def _add_package(name: str, *folders: str) -> None:
    package = types.ModuleType(name)
    package.__path__ = list(folders)
    sys.modules[name] = package


async def main(queue: Any, args: dict[str, Any]) -> None:
    """Put an event into the queue for each message, until this is cancelled."""
    await _command().feed(queue, args)


if __name__ == "__main__":
    sys.exit(_command().run())
