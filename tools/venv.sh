#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Usage: venv.sh PYTHON DIRECTORY REQUIREMENTS...
# Makes the virtual environment DIRECTORY with PYTHON, if need be, and installs the requirement files.
set -euo pipefail

# A Python on the search path, or one that only pyenv knows of.
find_python() {
    if "$1" -c '' 2>/dev/null; then
        command -v "$1"
    elif version=$(pyenv whence "$1" 2>/dev/null | tail -n 1) && [ -n "$version" ]; then
        PYENV_VERSION=$version pyenv which "$1"
    else
        echo "$1 was not found. Install it, or name another one: make test PYTHON=python3.12" >&2
        return 1
    fi
}

python=$1 directory=$2
shift 2

if ! [ -x "$directory/bin/pip" ]; then
    python=$(find_python "$python")
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$python cannot make virtual environments (on Debian: install the package python3-venv)." >&2
        exit 1
    fi
    "$python" -m venv --clear "$directory"
fi
echo "Installing ${*##*/} into $directory"
"$directory/bin/pip" install -qq --disable-pip-version-check "${@/#/--requirement=}"
