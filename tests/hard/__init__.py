# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What takes longer than a test may: planted secrets, mutants of the pure code, a wave of a thousand devices, and many more
examples of the property tests."""
