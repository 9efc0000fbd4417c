#!/bin/sh
# SPDX-License-Identifier: MIT
#
# websocket.sh BUILD: how many messages of some lengths h3d demo sends back in a second, on one
# connection and on many, and what a message costs the server.
build=${1:-.}
output=$(mktemp) || exit 1
"$build/bin/h3d" demo --workers 1 --listen 127.0.0.1:0 >"$output" &
server=$!
trap 'kill $server; wait $server; rm -f "$output"' EXIT
until grep -q Listening "$output"; do
    kill -0 $server || exit 1
    sleep 0.1
done
port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$output" | head -n 1)

cpu() {
    awk '{ print $14 + $15 }' "/proc/$server/stat"
}

for connections in 1 64; do
    for length in 16 125 1000 16000; do
        before=$(cpu)
        said=$("$build/bench/websocket" "$port" $connections $length "${SECONDS_EACH:-5}") || exit 1
        after=$(cpu)
        echo "$said" | awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" \
            -v seconds="${SECONDS_EACH:-5}" '
            { n = $5 * seconds; printf "%s, %.1f us of the server each\n", $0, ticks * 1e6 / hertz / n }'
    done
done
