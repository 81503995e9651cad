# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_query
short_description: Narrow data down with a JMESPath expression
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Evaluates a JMESPath expression with the Python library jmespath.
requirements:
  - jmespath on the controller
positional: expression
options:
  _input:
    description: The data.
    type: raw
    required: true
  expression:
    description: The JMESPath expression.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Which devices do not run the target
  ansible.builtin.debug:
    msg: "{{ rows | cns.image_agent.cns_query(not_there_yet) }}"
  vars:
    not_there_yet: "[?version != '15.7(3)M9'].host"
    rows:
      - {host: R1, version: 15.7(3)M9}
      - {host: R2, version: 15.5(3)M2}
  # => "msg": ["R2"]
"""

RETURN = r"""
_value:
  description: What the expression selects.
  type: raw
"""

from ansible.errors import AnsibleFilterError

try:
    import jmespath
except ImportError:
    jmespath = None


def cns_query(data, expression):
    """What ``expression`` selects of ``data``; AnsibleFilterError where it cannot be evaluated."""
    if jmespath is None:
        raise AnsibleFilterError("cns_query needs the Python library jmespath on the controller: pip install jmespath")
    try:
        return jmespath.search(expression, _plain(data))
    except (jmespath.exceptions.JMESPathError, TypeError, ValueError) as error:  # its functions raise Python's own, too
        raise AnsibleFilterError("The query %r cannot be evaluated: %s" % (str(expression), error)) from None


def _plain(value):
    """Without Ansible's own types, which the functions of JMESPath do not know."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return str(value) if isinstance(value, str) else value


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_query": cns_query}
