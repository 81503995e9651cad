# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the main() of a module as Ansible does, and read its result."""

from __future__ import annotations

import importlib
import json
from unittest import mock

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.parameters import PASS_VARS
from ansible.module_utils.testing import patch_module_args

try:
    from ansible.module_utils.secrets import mask_secrets
except ImportError:  # Since core 2.22 a module only says what is secret, and whoever shows its result masks that.
    mask_secrets = str

MODULES = "ansible_collections.cns.image_agent.plugins.modules."


def run_module(capsys, name, /, check=False, diff=False, **options):
    """Return the result of a module as a dict, with ``text`` all that is shown of it and ``warnings`` its warnings."""
    main = importlib.import_module(MODULES + name).main
    controls = dict(_ansible_check_mode=check, _ansible_diff=diff, _ansible_socket="/socket")
    if "inject_invocation" in PASS_VARS:  # newer cores leave the options out unless they are told to
        controls["_ansible_inject_invocation"] = True
    warned = []
    with patch_module_args(dict(options, **controls)), pytest.raises(SystemExit):
        # How a warning reaches the result depends on the release of ansible-core.
        with mock.patch.object(AnsibleModule, "warn", lambda module, warning: warned.append(warning)):
            main()
    printed = capsys.readouterr()
    return dict(json.loads(printed.out), text=mask_secrets(printed.out + printed.err + "\n".join(warned)), warnings=warned)
