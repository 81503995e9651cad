# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parsers as filters, for text that was saved. Each is documented in a file of its own name."""

from __future__ import annotations

from typing import Any, Callable

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.module_utils import show

_PARSERS = {
    "cns_image_status": show.image_status,
    "cns_image_connections": show.image_connections,
    "cns_image_inventory": show.image_inventory,
}


def _filter(name: str, parse: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    def parsed(text: str) -> dict[str, Any]:
        if not isinstance(text, str):
            command = name.replace("cns_image_", "show cns image ")
            raise AnsibleFilterError(
                "%s needs the text of %r as one string; of a list such as stdout, take the item" % (name, command)
            )
        return parse(text)

    return parsed


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[[str], dict[str, Any]]]:
        """Each by its name."""
        return {name: _filter(name, parse) for name, parse in _PARSERS.items()}
