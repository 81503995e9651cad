#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Usage: integration.sh LIBRARY TARGET
# Runs one integration target against a virtual fleet of its own, reached with the SSH library LIBRARY.
# The target controls the fleet by: chdir={{ lab_root }} python -m lab SUBCOMMAND --dir {{ lab_directory }}
set -euo pipefail

library=$1 target=$2
# Not in the work tree, whose path may be too long for a socket
directory=$(mktemp -d)
trap 'python -m lab down --dir "$directory"; rm -rf "$directory"' EXIT

python -m lab up --dir "$directory" --devices 4 --address-base 127.21.0.0
cp "$directory/inventory.yml" tests/integration/inventory.networking
cat >tests/integration/integration_config.yml <<END
ansible_network_cli_ssh_type: $library
lab_directory: $directory
lab_root: $PWD
END
version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
ansible-test network-integration --local --python "$version" "$target"
