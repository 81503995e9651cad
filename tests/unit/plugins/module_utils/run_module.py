# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the main() of a module as Ansible does, and read its result."""

from __future__ import annotations

import importlib
import json

import pytest
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args

MODULES = "ansible_collections.cns.image_agent.plugins.modules."


def run_module(capsys, name, check=False, diff=False, **options):
    """Return what the module prints: its result as a dict, with ``text`` all of it as text."""
    warnings._global_warnings.clear()  # those of modules that ran in this process before
    main = importlib.import_module(MODULES + name).main
    controls = dict(_ansible_check_mode=check, _ansible_diff=diff, _ansible_socket="/socket")
    with patch_module_args(dict(options, **controls)), pytest.raises(SystemExit):
        main()
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    result["text"] = printed.out + printed.err
    return result


def warnings_of(result):
    """The texts of its warnings, whichever form this release of ansible-core gives them."""
    return [warning if isinstance(warning, str) else json.dumps(warning) for warning in result.get("warnings", [])]
