# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the network_cli that is installed, for the documentation of ours: a copy would be wrong for the next release."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.yaml import yaml_dump, yaml_load  # in C, where there is one: workers do this, too
from ansible_collections.ansible.netcommon.plugins.connection.network_cli import DOCUMENTATION as PARENT


def _options() -> Any:
    options = yaml_load(PARENT)["options"]
    for option in options.values():
        option.pop("version_added", None)  # it names a release of the parent
    return options


class ModuleDocFragment:
    """For C(extends_documentation_fragment)."""

    # Annotated, for the linter of ansible-test reads every plain assignment to this name as a literal.
    DOCUMENTATION: str = yaml_dump({"options": _options()})
