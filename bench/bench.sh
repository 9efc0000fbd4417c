#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench.sh BUILD: measures h3d beside other servers on this machine, in one run. docs/performance.md
# says how to read what it prints. 'make bench' runs it. Everything listens on 127.0.0.1; only what
# was started here is ended.
build=${1:-.}
source=$(cd "$(dirname "$0")" && pwd)
rounds=${BENCH_ROUNDS:-5}
seconds=${BENCH_SECONDS:-2}
connections=${BENCH_CONNECTIONS:-64}
many=${BENCH_MANY:-2000}
server_cpu=${BENCH_SERVER_CPU:-0}
client_cpu=${BENCH_CLIENT_CPU:-1}
requests=${BENCH_REQUESTS:-2000}
idle=${BENCH_IDLE:-10000}
parts=${BENCH_PARTS:-load instructions idle micro}
workloads=${BENCH_WORKLOADS:-plaintext browser json parameter pipelined many}
name=bench
. "$source/machine.sh"
. "$source/peers.sh"

# What a browser sends beside Host: eight fields.
browser_fields ()
{
    "$build/bench/load" fields | sed 's/\r$//'
}

# run_wrk WORKLOAD PORT: its output goes to $work/wrk.
run_wrk ()
{
    path=/plaintext n=$connections script=
    set -- "$1" "http://127.0.0.1:$2"
    case $1 in
    json) path=/bench/json ;;
    parameter) path=/bench/users/42 ;;
    many) n=$many ;;
    pipelined) script=$source/pipelined.lua ;;
    browser) script=$work/browser.lua ;;
    esac
    taskset -c "$client_cpu" wrk -t1 -c"$n" -d"${seconds}s" --timeout 10s ${script:+-s "$script"} \
        "$2$path" >"$work/wrk"
}

# load_round WORKLOAD NAME PID PORT: adds "requests-per-second cpu user" to its results, in µs.
load_round ()
{
    before=$(read_ticks "$3")
    run_wrk "$1" "$4"
    after=$(read_ticks "$3")
    if grep -E 'Socket errors|Non-2xx' "$work/wrk" >"$work/errors"; then
        echo "bench: $2, $1:$(cat "$work/errors")" >&2
        [ "$2" != h3d ] || exit 1
    fi
    echo "$before $after" | awk -v ticks="$ticks" \
        -v n="$(awk '/requests in/ { print $1 }' "$work/wrk")" \
        -v rate="$(awk '/Requests\/sec/ { print $2 }' "$work/wrk")" 'n > 0 {
            user = ($3 - $1) / ticks * 1e6 / n
            print rate, user + ($4 - $2) / ticks * 1e6 / n, user
        }' >>"$work/$1.$2.rounds"
}

# median WORKLOAD NAME COLUMN
median ()
{
    awk -v column="$3" '{ print $column }' "$work/$1.$2.rounds" | sort -n |
        awk '{ all[NR] = $1 }
             END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}

show_load ()
{
    printf '%-12s %12s %16s %14s %14s\n' "$1" requests/s 'CPU µs/request' 'of it user' 'of the floor'
    for server in $servers; do
        echo "$server $(median "$1" "$server" 1) $(median "$1" "$server" 2) \
            $(median "$1" "$server" 3) $(median "$1" floor 2 2>/dev/null)" |
            awk '{ ratio = $5 == "" ? "-" : sprintf("%.2f", $3 / $5)
                printf "  %-10s %12.0f %15.2f %14.2f %14s\n", $1, $2, $3, $4, ratio }'
    done
}

measure_load ()
{
    browser_fields | awk -F': ' '{ value = substr($0, length($1) + 3)
        printf "wrk.headers[\"%s\"] = \"%s\"\n", $1, value }' >"$work/browser.lua"
    for server in $servers; do
        serve "$server" taskset -c "$server_cpu"
        eval "${server}_pid=$pid ${server}_port=$port"
    done
    for workload in $workloads; do
        for _ in $(seq "$rounds"); do
            for server in $servers; do
                eval "load_round $workload $server \$${server}_pid \$${server}_port"
            done
        done
        show_load $workload
    done
    for server in $servers; do
        eval "stop \$${server}_pid"
    done
    { [ -f "$work/plaintext.h3d.rounds" ] && [ -f "$work/many.h3d.rounds" ]; } || return 0
    echo "$(median plaintext h3d 1) $(median many h3d 1)" | awk -v few="$connections" -v many="$many" \
        '{ printf "h3d with %d connections: %.2f of the requests with %d\n", many, $2 / $1, few }'
}

# count NAME N KIND DEPTH PATH: $counted is the user instructions of a server that N requests reached.
count ()
{
    serve "$1" valgrind --tool=callgrind --callgrind-out-file="$work/callgrind"
    "$build/bench/load" "$port" "$2" "$4" "$3" "$5" || exit 1
    stop "$pid"
    counted=$(awk '/^(summary|totals):/ { print $2; exit }' "$work/callgrind")
}

# Twice as many requests less so many: what starting and stopping costs falls out.
count_each ()
{
    count "$1" "$requests" "$2" "$3" "$4"
    few=$counted
    count "$1" $((2 * requests)) "$2" "$3" "$4"
    printf ' %12d' $(((counted - few) / requests))
}

measure_instructions ()
{
    echo "User instructions a request, over one connection:"
    printf '  %-10s %12s %12s %12s %12s %12s\n' '' bare browser json parameter pipelined
    for server in $servers; do
        printf '  %-10s' "$server"
        count_each "$server" bare 1 /plaintext
        count_each "$server" browser 1 /plaintext
        count_each "$server" bare 1 /bench/json
        count_each "$server" bare 1 /bench/users/42
        count_each "$server" bare 16 /plaintext
        echo
    done
}

# weigh NAME N
weigh ()
{
    serve "$1"
    server_pid=$pid
    before=$(read_resident "$server_pid")
    rm -f "$work/hold"
    mkfifo "$work/hold"
    "$build/bench/idle" "$port" "$2" /plaintext <"$work/hold" >"$work/idle" 2>"$work/idle.log" &
    client=$!
    started="$started $client"
    exec 3>"$work/hold"
    for _ in $(seq 600); do
        grep -q open "$work/idle" && break
        kill -0 "$client" 2>/dev/null || break
        sleep 0.1
    done
    after=$(read_resident "$server_pid")
    grep -q open "$work/idle" || after=none
    exec 3>&-
    wait "$client"
    stop "$server_pid"
    echo "$1 $before $after" | awk -v n="$2" '{
        if ($3 == "none") printf "  %-10s could not hold so many\n", $1
        else printf "  %-10s %8d bytes a connection (%d KiB before, %d KiB with %d)\n", $1,
            ($3 - $2) * 1024 / n, $2, $3, n
    }'
}

measure_idle ()
{
    echo "Memory of idle keep-alive connections:"
    for server in $servers; do
        # lighttpd takes no more connections than half of its descriptors.
        weigh "$server" "$([ "$server" = lighttpd ] && echo $((idle * 99 / 100)) || echo "$idle")"
    done
}

measure_micro ()
{
    taskset -c "$server_cpu" "$build/bench/bench-micro"
    taskset -c "$server_cpu" "$build/bench/bench-router"
}

need_peers
describe
for part in $parts; do
    echo
    "measure_$part"
done
