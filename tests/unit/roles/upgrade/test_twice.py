# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role in two plays of one run, as on the way to a release by one in between: the second knows nothing of the first."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal

ROOT = pathlib.Path(str(sys.modules[Journal.__module__].__file__).rsplit("/ansible_collections/", 1)[0])
PLAYBOOK = shutil.which("ansible-playbook", path=os.path.dirname(sys.executable)) or shutil.which("ansible-playbook")
PLAY = {
    "hosts": "all",
    "gather_facts": False,
    "tasks": [{"ansible.builtin.import_role": {"name": "cns.image_agent.upgrade", "rolespec_validate": False}}],
}
# Nothing listens there, so that each device that is tried fails at once.
VARIABLES = {
    "ansible_connection": "cns.image_agent.network_cli",
    "ansible_network_os": "cisco.ios.ios",
    "ansible_host": "127.0.0.1",
    "ansible_port": 1,
    "ansible_user": "lab",
    "ansible_password": "none",
    "cns_waves": ["1"],
    "cns_target_version": "15.7(3)M9",
}


def test_a_rollout_that_stopped_does_not_stop_the_next_and_a_host_that_failed_is_none_of_its_own(tmp_path):
    plays = [PLAY, {**PLAY, "vars": {"cns_target_version": "16.9.8"}}]
    variables = {**VARIABLES, "cns_rollout_dir": str(tmp_path / "rollout")}
    hosts = {"all": {"hosts": {"R1": {}, "R2": {}, "R3": {}}, "vars": variables}}
    (tmp_path / "site.yml").write_text(json.dumps(plays))
    (tmp_path / "inventory.json").write_text(json.dumps(hosts))
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT), "ANSIBLE_HOME": str(tmp_path), "ANSIBLE_NOCOLOR": "1"}
    command = [PLAYBOOK, "-i", str(tmp_path / "inventory.json"), str(tmp_path / "site.yml")]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False)
    entries = Journal(str(tmp_path / "rollout" / "journal.jsonl")).entries()
    waves = [entry["waves"] for entry in entries if entry["step"] == "rollout"]
    assert waves == [[["R1"], ["R2"], ["R3"]], [["R2"], ["R3"]]], run.stdout + run.stderr
    assert [entry["host"] for entry in entries if entry["step"] == "ended"] == ["R1", "R2"]
    recap = dict(re.findall(r"(?m)^(R[0-9]) +: ok.*failed=([0-9])", run.stdout))
    assert (recap, run.returncode) == ({"R1": "1", "R2": "1", "R3": "0"}, 2)
