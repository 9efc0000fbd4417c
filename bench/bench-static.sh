#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench-static.sh BUILD: measures h3d serve beside other servers of files, on this machine, in one
# run: docs/static-files.md. 'make bench-static' runs it. Everything listens on 127.0.0.1; only what
# was started here is ended.
build=${1:-.}
source=$(cd "$(dirname "$0")" && pwd)
rounds=${BENCH_ROUNDS:-5}
seconds=${BENCH_SECONDS:-2}
connections=${BENCH_CONNECTIONS:-64}
server_cpu=${BENCH_SERVER_CPU:-0}
client_cpu=${BENCH_CLIENT_CPU:-1}
sizes=${BENCH_SIZES:-1024 102400 10485760}
# nginx-cache is nginx that keeps files open, and looks after them every minute.
servers=${BENCH_SERVERS:-h3d nginx nginx-cache h2o}
name=bench
. "$source/machine.sh"
h3d=$build/bin/.libs/h3d
[ -x "$h3d" ] || h3d=$build/bin/h3d
LD_LIBRARY_PATH=$(cd "$build/.libs" && pwd)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH

write_files ()
{
    mkdir -p "$work/files"
    printf 'Hello, World!' >"$work/files/plaintext"
    for size in $sizes; do
        head -c "$size" /dev/urandom >"$work/files/$size.bin"
    done
    # A file this young could change once more and not be told apart.
    touch -d '1 hour ago' "$work/files"/*
}

# fill FILE CACHE: a configuration with what is known only now.
fill ()
{
    sed "s|@PORT@|$port|; s|@FILES@|$work/files|; s|@CACHE@|$2|" "$source/$1" >"$work/$1"
}

# serve NAME [COMMAND…]: starts it, by COMMAND where there is one; it is process $pid and listens on
# $port.
serve ()
{
    find_port
    peer=$1
    shift
    case $peer in
    h3d) set -- "$@" "$h3d" serve "$work/files" --listen "127.0.0.1:$port" --workers 1 \
        --max-requests 0 ;;
    nginx)
        fill nginx-static.conf ''
        set -- "$@" nginx -e stderr -p "$work" -c "$work/nginx-static.conf"
        ;;
    nginx-cache)
        fill nginx-static.conf 'open_file_cache max=1000;'
        set -- "$@" nginx -e stderr -p "$work" -c "$work/nginx-static.conf"
        ;;
    h2o)
        fill h2o-static.conf
        set -- "$@" h2o -c "$work/h2o-static.conf"
        ;;
    esac
    launch "$work/$peer.log" "$@"
    answers "$port"
}

# round SIZE NAME PID PORT: adds "requests-per-second cpu user" to its results, in µs.
round ()
{
    before=$(read_ticks "$3")
    taskset -c "$client_cpu" wrk -t1 -c"$connections" -d"${seconds}s" --timeout 10s \
        "http://127.0.0.1:$4/$1.bin" >"$work/wrk"
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

# median SIZE NAME COLUMN
median ()
{
    awk -v column="$3" '{ print $column }' "$work/$1.$2.rounds" | sort -n |
        awk '{ all[NR] = $1 }
             END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}

show ()
{
    printf '%-20s %12s %16s %14s\n' "$1 bytes" requests/s 'CPU µs/request' 'of it user'
    for server in $servers; do
        echo "$server $(median "$1" "$server" 1) $(median "$1" "$server" 2) \
            $(median "$1" "$server" 3)" |
            awk '{ printf "  %-18s %12.0f %15.2f %14.2f\n", $1, $2, $3, $4 }'
    done
}

measure_load ()
{
    for server in $servers; do
        serve "$server" taskset -c "$server_cpu"
        echo "$pid $port" >"$work/$server.running"
    done
    for size in $sizes; do
        for _ in $(seq "$rounds"); do
            for server in $servers; do
                # shellcheck disable=SC2046 # two words
                round "$size" "$server" $(cat "$work/$server.running")
            done
        done
        show "$size"
    done
    for server in $servers; do
        stop "$(cut -d' ' -f1 "$work/$server.running")"
    done
}

set -- wrk:wrk taskset:util-linux
case " $servers " in *' nginx'*) set -- "$@" nginx:nginx-light ;; esac
case " $servers " in *' h2o '*) set -- "$@" h2o:h2o ;; esac
need_tools "$@"
write_files
printf '%s, %s cores, %s\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(uname -sr)"
measure_load
