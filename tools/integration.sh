#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Usage: integration.sh LIBRARY CONNECTION TARGET
# Runs one integration target against a virtual fleet of its own, reached with the SSH library LIBRARY and the connection
# plugin CONNECTION. The file fleet of the target, if there is one, has further arguments for python -m lab up.
# The target controls the fleet by: chdir={{ lab_root }} python -m lab SUBCOMMAND --dir {{ lab_directory }}
set -euo pipefail

library=$1 connection=$2 target=$3
if ! [ -e "tests/integration/targets/$target/tasks/main.yml" ]; then
    echo "$target has no tasks: it would pass and test nothing" >&2
    exit 1
fi
# Not in the work tree, whose path may be too long for a socket
directory=$(mktemp -d)
trap 'python -m lab down --dir "$directory"; rm -rf "$directory"' EXIT

arguments=(--devices 4 --address-base "${LAB_ADDRESS_BASE:-127.21.0.0}")
fleet=tests/integration/targets/$target/fleet
if [ -e "$fleet" ]; then
    read -ra more < <(grep -v '^#' "$fleet" | tr '\n' ' '; echo)
    arguments+=("${more[@]}")
fi
python -m lab up --dir "$directory" --connection "$connection" "${arguments[@]}"
cp "$directory/inventory.yml" tests/integration/inventory.networking
cat >tests/integration/integration_config.yml <<END
ansible_network_cli_ssh_type: $library
lab_directory: $directory
lab_root: $PWD
END
version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
# The home is that of the fleet, so that nobody remembers the host keys of the one before
HOME=$directory ansible-test network-integration --local --python "$version" "$target"
