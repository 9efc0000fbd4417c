#!/bin/sh
# SPDX-License-Identifier: MIT
#
# client.sh BUILD: the client beside libcurl and libsoup 3, all asking nginx for 13 bytes, over one
# connection and over many. Rounds are interleaved; of each number the median is told, and its ratio
# to ours. The server has the first processor, the client the last. Instructions are those of twice
# as many requests less those of so many, as callgrind counts them.
build=${1:-.}
name=bench-client
source=$(dirname "$0")
. "$source/machine.sh"
. "$source/peers.sh"
need_tools nginx:nginx-core taskset:util-linux valgrind:valgrind \
    /usr/include/libsoup-3.0/libsoup/soup.h:libsoup-3.0-dev
pkg-config --exists libcurl || need_tools curl.h:libcurl4-openssl-dev

rounds=${BENCH_ROUNDS:-5} requests=${BENCH_REQUESTS:-20000} connections=${BENCH_CONNECTIONS:-64}
counts=${BENCH_COUNTED:-1000}
clients=${BENCH_CLIENTS:-handler context curl soup}
last=$(($(nproc) - 1))

# build_client NAME MODULE
build_client ()
{
    # shellcheck disable=SC2046 # as many flags as there are
    ${CC:-cc} -std=gnu11 -O2 -o "$work/client-$1" "$source/client-$1.c" \
        $(pkg-config --cflags --libs "$2") || exit 1
}
build_client curl libcurl
build_client soup libsoup-3.0

find_port
write_files
mkdir -p "$work/logs"
fill nginx.conf
launch "$work/nginx.log" taskset -c 0 nginx -p "$work" -c "$work/nginx.conf"
answers "$port"

h3=$build/bench/.libs/client-h3
[ -x "$h3" ] || h3=$build/bench/client-h3

# fetch CLIENT N IN-FLIGHT TOOL…: prints requests a second and microseconds each.
fetch ()
{
    client=$1 n=$2 in_flight=$3
    shift 3
    url=http://127.0.0.1:$port/plaintext
    case $client in
    handler) "$@" "$h3" "$url" "$n" "$in_flight" ;;
    context) "$@" "$h3" "$url" "$n" "$in_flight" context ;;
    *) "$@" "$work/client-$client" "$url" "$n" "$in_flight" ;;
    esac || exit 1
}

# count CLIENT N: $counted is the instructions of so many requests, over one connection.
count ()
{
    fetch "$1" "$2" 1 valgrind --tool=callgrind --callgrind-out-file="$work/callgrind" \
        >/dev/null 2>"$work/valgrind.log"
    counted=$(awk '/^(summary|totals):/ { print $2; exit }' "$work/callgrind")
}

# median FILE COLUMN
median ()
{
    sort -n -k "$2,$2" "$1" | awk -v column="$2" '{ values[NR] = $column }
        END { print values[int((NR + 1) / 2)] }'
}

for _ in $(seq "$rounds"); do
    for in_flight in 1 "$connections"; do
        for client in $clients; do
            fetch "$client" "$requests" "$in_flight" taskset -c "$last" \
                >>"$work/$client.$in_flight"
        done
    done
done
for in_flight in 1 "$connections"; do
    echo "$in_flight at a time:"
    ours=$(median "$work/${clients%% *}.$in_flight" 2)
    for client in $clients; do
        echo "$client $(median "$work/$client.$in_flight" 1) $(median "$work/$client.$in_flight" 2)" |
            awk -v ours="$ours" '{ printf "  %-8s %8d a second, %7.2f us each, %5.2f times ours\n",
                $1, $2, $3, $3 / ours }'
    done
done
echo "instructions a request:"
for client in $clients; do
    count "$client" "$counts"
    few=$counted
    count "$client" $((2 * counts))
    printf '  %-8s %8d\n' "$client" $(((counted - few) / counts))
done
