#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Usage: integration.sh LIBRARY TARGET
# Runs one integration target against a virtual fleet of its own, reached with the SSH library LIBRARY.
set -euo pipefail

library=$1 target=$2

trap 'python -m lab down' EXIT
python -m lab up --devices 4
python -m lab inventory >tests/integration/inventory.networking
echo "ansible_network_cli_ssh_type: $library" >tests/integration/integration_config.yml
ansible-test network-integration --local --python "$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" "$target"
