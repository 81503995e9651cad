#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Compiles and imports the modules on the oldest Python that this ansible-core supports on targets.
# Exits with 77, for skipped, where that Python is not installed.
set -euo pipefail

version=$(python -c 'from ansible_test._internal import constants; print(constants.REMOTE_ONLY_PYTHON_VERSIONS[0])')
python=$("$(dirname "$0")/find_python.sh" "python$version") || exit 77
# Behind the virtual environment, whose own commands come first.
PATH=$(dirname "$(command -v ansible-test)"):$(dirname "$python"):$PATH
ansible-test sanity --local --python "$version" --test compile --test import --junit
