#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Twenty virtual devices are configured and upgraded; every claim that is printed is checked first.
# Run it with `make demo`; ANSIBLE_VERBOSITY=4 and ANSIBLE_DIFF_ALWAYS=1 show more.
set -euo pipefail
cd "$(dirname "$0")/.."

devices=20
old='15.5(3)M2' new='15.7(3)M9'
image_size=1048576
addresses=127.$((128 + RANDOM % 100)).0.0 # so that two demos at a time do not meet

run=$(mktemp -d -t cns-demo.XXXXXX)
root=$PWD

stop() {
    trap '' INT TERM
    python -m lab down --dir "$run/lab" >/dev/null 2>&1 || true
    rm -rf "$run"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The secrets of this run: random, only in the environment, never written down.
random() { python -c 'import secrets; print(secrets.token_hex(12))'; }
LAB_PASSWORD=$(random) LAB_ENABLE_SECRET=$(random) LAB_IMAGE_PASSWORD=$(random)
export LAB_PASSWORD LAB_ENABLE_SECRET LAB_IMAGE_PASSWORD

mkdir -p "$run/collections/ansible_collections/cns"
ln -s "$root" "$run/collections/ansible_collections/cns/image_agent"
cat >"$run/ansible.cfg" <<END
[defaults]
home = $run/ansible
collections_path = $run/collections
forks = $devices
callback_result_format = yaml
display_skipped_hosts = false
END
export ANSIBLE_CONFIG=$run/ansible.cfg

headline() { printf '\n== %s\n' "$1"; fmt -w 100 <<<"$2" | sed 's/^/   /'; }

# playbook NAME [ARGUMENT...]: runs it, shows a short form of its output, keeps all of it.
playbook() {
    echo "   \$ ansible-playbook cns.image_agent.$*" | sed "s|$run/||g"
    ansible-playbook -i "$run/lab/inventory.yml" -i tools/demo.yml "cns.image_agent.$1" "${@:2}" 2>&1 |
        tee "$run/last.log" | tee -a "$run/all.log" | awk -f tools/demo_output.awk
}

# claim TEXT FOUND EXPECTED: prints what was proven, or ends the demo.
claim() {
    if [ "$2" != "$3" ]; then
        echo "   NOT TRUE: $1 (expected $3, found $2)" >&2
        exit 1
    fi
    echo "   proven: $1"
}

# What the fleet itself keeps book of. got LINE TIMES: how many devices got that line so many times.
fleet() { python -m lab status --json "${@:2}" --dir "$run/lab" | jp.py "$1"; }
got() { fleet "length(devices[?length(received[?line=='$1'])==\`$2\`])" --log; }
forget() { python -m lab status --reset-log --dir "$run/lab" >/dev/null; }

# What ansible-playbook said last: for how many devices the recap has this.
recap() { grep -cE "^R[0-9]+ .* $1 .* failed=0 " "$run/last.log" || true; }

headline "$devices virtual IOS devices and an image server" \
    "One process on this machine. You could log in to each device with ssh. The server has an image of $image_size bytes \
with $new; the devices run $old."
python -m lab up --dir "$run/lab" --devices $devices --login-privilege 1 --address-base "$addresses" \
    --image-version "$new" --image-size $image_size --connection cns.image_agent.network_cli |
    grep -E '^(Ready|Devices|Image server)' | sed 's/^/   /'

headline "Configure the image agent of every device" \
    "A device upgrades itself: its CNS image agent asks a server for an image, which also works from behind NAT. So first \
it is told where the server is. What to tell stands in the inventory (tools/demo.yml), and is saved, for a reload follows."
playbook configure
claim "every device was changed" "$(recap changed=1)" $devices

headline "The fleet before" "What the devices say of themselves."
playbook status -e "cns_status_json=$run/before.json"
claim "all $devices devices run $old, and their agent is on" \
    "$(jp.py "length([?version=='$old' && agent=='on'])" <"$run/before.json")" $devices

headline "Retrieve the image" \
    "Each device gets one command, cns image retrieve, then downloads, checks, and reloads on its own. Its session ends \
with the reload, which proves nothing. So each device is asked again until it says what it runs."
started=$SECONDS
playbook retrieve
took=$((SECONDS - started))
claim "all $devices devices booted $new, after one reload each ($took s for the fleet)" \
    "$(fleet "length(devices[?version=='$new' && reloads==\`1\`])")" $devices
claim "each got the command once" "$(got 'cns image retrieve' 1)" $devices
claim "the server sent $devices images of $image_size bytes, and not a byte more" \
    "$(fleet server.bytes_served)" $((devices * image_size))
claim "no device failed to authenticate" "$(fleet server.authentication_failures)" 0

headline "The fleet after" "The same question again."
playbook status -e "cns_status_json=$run/after.json" -e "cns_status_csv=$run/after.csv"
claim "all $devices devices run $new, and kept their configuration over the reload" \
    "$(jp.py "length([?version=='$new' && agent=='on'])" <"$run/after.json")" $devices

headline "Configure again" "Nothing is left to change, so nothing is sent."
forget
playbook configure
claim "no device was changed" "$(recap changed=0)" $devices
claim "no device was brought into configuration mode" "$(got 'configure terminal' 0)" $devices

headline "Retrieve again" "A device that runs the target already is left alone."
forget
sessions=$(fleet server.sessions)
playbook retrieve
claim "no device was changed" "$(recap changed=0)" $devices
claim "no device got the command" "$(got 'cns image retrieve' 0)" $devices
claim "each was asked, though, what it runs" "$(got 'show version' 1)" $devices
claim "no device called the server" "$(fleet server.sessions)" "$sessions"
claim "the server sent nothing more" "$(fleet server.bytes_served)" $((devices * image_size))

headline "Secrets" "The passwords of this run were random, and lived in the environment alone."
secrets=$(printf '%s\n' "$LAB_PASSWORD" "$LAB_ENABLE_SECRET" "$LAB_IMAGE_PASSWORD")
claim "none of them stands in the output above or in a file that was written" \
    "$(grep -rlF -f <(echo "$secrets") "$run" --exclude-dir collections | wc -l)" 0

reachable() { (exec 3<>"/dev/tcp/${addresses%.0}.1/2222") 2>/dev/null && echo yes || echo no; }
was=$(reachable)
stop
headline "Done after $SECONDS s" "python -m lab up starts a fleet to play with; README.md goes on from here."
claim "the devices have gone" "$was $(reachable)" "yes no"
