#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench.sh BUILD: measures h3d beside the floor and nginx on this machine, and counts its
# instructions. docs/performance.md says how to read what it prints. 'make bench' runs it.
# Everything listens on 127.0.0.1; only what was started here is ended.
build=${1:-.}
source=$(cd "$(dirname "$0")" && pwd)
rounds=${BENCH_ROUNDS:-5}
seconds=${BENCH_SECONDS:-3}
connections=${BENCH_CONNECTIONS:-64}
server_cpu=${BENCH_SERVER_CPU:-0}
client_cpu=${BENCH_CLIENT_CPU:-1}
requests=${BENCH_REQUESTS:-2000}
idle=${BENCH_IDLE:-10000}
name=bench
. "$source/machine.sh"

# start NAME: starts it on the server's core; it is process $pid and listens on $port.
start ()
{
    find_port
    log=$work/$1.log
    case $1 in
    floor) set -- "$build/bench/floor" "$port" ;;
    h3d) set -- "$build/bin/h3d" demo --listen "127.0.0.1:$port" --workers 1 --max-requests 0 ;;
    nginx)
        sed "s/@PORT@/$port/" "$source/nginx.conf" >"$work/nginx.conf"
        set -- nginx -e stderr -p "$work" -c "$work/nginx.conf"
        ;;
    esac
    launch "$log" taskset -c "$server_cpu" "$@"
    answers "$port"
}

# load_round NAME PID PORT: adds "requests-per-second cpu user" to NAME's results, in µs.
load_round ()
{
    before=$(read_ticks "$2")
    taskset -c "$client_cpu" wrk -t1 -c"$connections" -d"${seconds}s" \
        "http://127.0.0.1:$3/plaintext" >"$work/wrk"
    after=$(read_ticks "$2")
    if grep -E 'Socket errors|Non-2xx' "$work/wrk" >&2; then
        echo "bench: $1 did not answer all" >&2
        exit 1
    fi
    echo "$before $after" | awk -v ticks="$ticks" \
        -v n="$(awk '/requests in/ { print $1 }' "$work/wrk")" \
        -v rate="$(awk '/Requests\/sec/ { print $2 }' "$work/wrk")" '{
            user = ($3 - $1) / ticks * 1e6 / n
            print rate, user + ($4 - $2) / ticks * 1e6 / n, user
        }' >>"$work/$1.rounds"
}

# median NAME COLUMN
median ()
{
    awk -v column="$2" '{ print $column }' "$work/$1.rounds" | sort -n |
        awk '{ all[NR] = $1 }
             END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}

measure_load ()
{
    for server in floor h3d nginx; do
        start $server
        eval "${server}_pid=$pid ${server}_port=$port"
    done
    for _ in $(seq "$rounds"); do
        for server in floor h3d nginx; do
            eval "load_round $server \$${server}_pid \$${server}_port"
        done
    done
    for server in floor h3d nginx; do
        eval "stop \$${server}_pid"
    done
    echo "GET /plaintext, $connections connections, medians of $rounds rounds of $seconds s:"
    printf '%-8s %12s %16s %14s %14s\n' server requests/s 'CPU µs/request' 'of it user' 'of the floor'
    for server in floor h3d nginx; do
        echo "$server $(median $server 1) $(median $server 2) $(median $server 3) $(median floor 2)" |
            awk '{ printf "%-8s %12.0f %15.2f %14.2f %14.2f\n", $1, $2, $3, $4, $3 / $5 }'
    done
}

# count N KIND DEPTH PATH: $counted is the user instructions of a server that N requests reached.
count ()
{
    find_port
    launch "$work/valgrind.log" valgrind --tool=callgrind \
        --callgrind-out-file="$work/callgrind" "$h3d" demo \
        --listen "127.0.0.1:$port" --workers 1 --max-requests 0
    answers "$port"
    "$build/bench/load" "$port" "$1" "$3" "$2" "$4" || exit 1
    stop "$pid"
    counted=$(awk '/^(summary|totals):/ { print $2; exit }' "$work/callgrind")
}

# Twice as many requests less so many: what starting and stopping costs falls out.
count_each ()
{
    count "$requests" "$@"
    few=$counted
    count $((2 * requests)) "$@"
    printf '%-8s %5s %-14s %10d\n' "$1" "$2" "$3" $(((counted - few) / requests))
}

measure_instructions ()
{
    h3d=$build/bin/.libs/h3d
    LD_LIBRARY_PATH=$(cd "$build/.libs" && pwd)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
    [ -x "$h3d" ] || h3d=$build/bin/h3d
    echo "User instructions of h3d a request, one connection, so many requests at a time:"
    count_each bare 1 /plaintext
    count_each browser 1 /plaintext
    count_each bare 16 /plaintext
    count_each bare 1 /bench/json
    count_each bare 1 /users/42
}

measure_idle ()
{
    start h3d
    h3d_pid=$pid
    before=$(read_resident "$h3d_pid")
    mkfifo "$work/hold"
    "$build/bench/idle" "$port" "$idle" /plaintext <"$work/hold" >"$work/idle" &
    client=$!
    started="$started $client"
    exec 3>"$work/hold"
    for _ in $(seq 300); do
        grep -q open "$work/idle" && break
        kill -0 "$client" 2>/dev/null || break
        sleep 0.1
    done
    after=$(read_resident "$h3d_pid")
    grep -q open "$work/idle" || echo "bench: not all connections could be opened" >&2
    exec 3>&-
    wait "$client"
    stop "$h3d_pid"
    echo "Memory of $idle idle keep-alive connections:"
    echo "$before $after" | awk -v n="$idle" '{
        printf "%d bytes a connection (%d KiB before, %d KiB with them)\n", ($2 - $1) * 1024 / n,
            $1, $2
    }'
}

need_tools wrk:wrk nginx:nginx-light valgrind:valgrind taskset:util-linux
measure_load
echo
measure_instructions
echo
measure_idle
