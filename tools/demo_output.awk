# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What matters of the output of ansible-playbook: which devices ended how, tables, and the recap summed up.
# The devices of one outcome stand on one line. Give: playbook, its name.

# of configure: the devices that changed
playbook == "configure" && /^changed: \[[^] ]+\]$/ { gsub(/[][]/, "", $2); names("changed:", $2); next }

# of upgrade: the lines of the callback cns_progress, and how it ended
/^\[progress\] [^ ]+: upgraded after/ { sub(/:$/, "", $2); names("upgraded:", $2); next }
/^\[progress\] [^ ]+: (failed|blocked|timeout|unknown)/ { end_line(); sub(/^\[progress\] /, ""); print "   " $0; fflush(); next }
playbook == "upgrade" && /^ *msg: .*(devices in [0-9]+ waves|Stopped in wave|Finished)/ && !errors { message = $0; next }
message && /^        / { sub(/^ +/, ""); message = message " " $0; next } # a long message goes on
message { end_message() }

# a table
/^    msg: \|-$/ { table = 1; next }
table && /^        / { sub(/^        /, "   "); print; next }
{ table = 0 }

/^\[ERROR\]/ { errors++; if (playbook != "upgrade") print "   " $0 }
/^PLAY RECAP/ { recap = 1; next }
recap && / : ok=/ {
    devices++
    for (i = 3; i <= NF; i++) { split($i, part, "="); sum[part[1]] += part[2] }
}

END {
    end_line()
    if (devices && playbook == "configure") {
        printf "   %d devices: changed=%d failed=%d unreachable=%d\n", devices, sum["changed"], sum["failed"], sum["unreachable"]
    }
}

function names(what, name) {
    if (what != verdict) { end_line(); verdict = what; printf "   %s", what }
    printf " %s", name
    fflush()
}

function end_message() {
    end_line()
    sub(/^ *msg: '?/, "", message); sub(/'$/, "", message); sub(/ Report: .*/, "", message)
    print "   " message
    fflush()
    message = ""
}

function end_line() { if (verdict) { print ""; verdict = "" } }
