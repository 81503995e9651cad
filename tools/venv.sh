#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Usage: venv.sh PYTHON DIRECTORY REQUIREMENTS...
# Makes the virtual environment DIRECTORY with PYTHON, if need be, and installs the requirement files.
set -euo pipefail

python=$1 directory=$2
shift 2

if ! [ -x "$directory/bin/pip" ]; then
    if ! python=$("$(dirname "$0")/find_python.sh" "$python"); then
        echo "Install it, or name another one, as in: make test PYTHON=python3.12" >&2
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$python cannot make virtual environments (on Debian: install the package python3-venv)." >&2
        exit 1
    fi
    "$python" -m venv --clear "$directory"
fi
echo "Installing ${*##*/} into $directory: the first time this takes two to five minutes, and about 750 MB."
# What pip fetches, a line each; it is silent for longest while it unpacks the ansible package at the end.
"$directory/bin/pip" install --progress-bar off --disable-pip-version-check "${@/#/--requirement=}" |
    sed -un 's/^Collecting \([^ ]*\).*/   \1/p; s/^Installing collected packages.*/   unpacking .../p'
