# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parser ``cns.image_agent.cns`` of ansible.utils.cli_parse: the command chooses the parser of show.py."""

from __future__ import annotations

from typing import Any

DOCUMENTATION = """
    author: The cns.image_agent authors (@cns-image-agent)
    name: cns
    short_description: Parse the show commands around a CNS image upgrade with M(ansible.utils.cli_parse)
    description:
    - Used when V(cns.image_agent.cns) is the value of O(ansible.utils.cli_parse#module:parser.name).
    - The command chooses what is parsed. It may be abbreviated as on the device, for example C(sh cns im st).
    - No template is needed, and nothing that a device prints makes it fail.
    version_added: 1.0.0
"""

EXAMPLES = r"""
- name: Run a command and parse the answer
  ansible.utils.cli_parse:
    command: show cns image status
    parser:
      name: cns.image_agent.cns
  register: answer

- name: Parse saved text
  ansible.utils.cli_parse:
    text: "{{ lookup('ansible.builtin.file', 'R1-status.txt') }}"
    parser:
      name: cns.image_agent.cns
      command: show cns image status
  register: answer
"""

from ansible_collections.ansible.utils.plugins.plugin_utils.base.cli_parser import CliParserBase

from ansible_collections.cns.image_agent.plugins.module_utils import show


class CliParser(CliParserBase):
    """Parse the text of one of the commands in ``show.PARSERS``."""

    DEFAULT_TEMPLATE_EXTENSION = None
    PROVIDE_TEMPLATE_CONTENTS = False

    def parse(self, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        """``{"parsed": data}``, or ``{"errors": [text, ...]}`` when there is no parser for the command."""
        command = self._task_args["parser"].get("command") or ""
        text = self._task_args.get("text")
        parse = show.parser_for(command)
        if not parse:
            return {
                "errors": [
                    "cns.image_agent.cns has no parser for the command '%s'. It parses: %s." % (command, ", ".join(show.PARSERS))
                ]
            }
        if not isinstance(text, str):
            return {
                "errors": ["cns.image_agent.cns needs the text of '%s' as a string, not %s." % (command, type(text).__name__)]
            }
        return {"parsed": parse(text)}
