# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Narrow data down with JMESPath, whose library is optional."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError

try:
    import jmespath
except ImportError:
    jmespath = None


def select(expression: str, data: Any) -> Any:
    """What ``expression`` selects of plain ``data``. Raises InputError if it cannot be evaluated."""
    if jmespath is None:
        raise InputError("query needs the Python library jmespath on the controller: pip install jmespath")
    try:
        return jmespath.search(expression, data)
    except (jmespath.exceptions.JMESPathError, TypeError, ValueError) as error:  # its functions raise Python's own, too
        raise InputError("The query %r cannot be evaluated: %s" % (str(expression), error)) from None


def plain(value: Any) -> Any:
    """Without Ansible's own types, which the functions of JMESPath do not know."""
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return str(value) if isinstance(value, str) else value
