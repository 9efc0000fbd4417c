# SPDX-License-Identifier: MIT
#
# The servers that are measured, and how each is made and started: as its manual says is quickest,
# one thread or process, no log. Source it behind machine.sh, with $source, $build and $work set.
# shellcheck shell=sh

servers=${BENCH_SERVERS:-floor h3d nginx h2o lighttpd microhttpd evhttp}
descriptors=$(ulimit -n)
h3d=$build/bin/.libs/h3d
[ -x "$h3d" ] || h3d=$build/bin/h3d
LD_LIBRARY_PATH=$(cd "$build/.libs" && pwd)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH

is_measured ()
{
    case " $servers " in
    *" $1 "*) return 0 ;;
    *) return 1 ;;
    esac
}

# build_peer NAME MODULES [FLAG…]: those that are libraries.
build_peer ()
{
    peer=$1 modules=$2
    shift 2
    # shellcheck disable=SC2046,SC2086 # as many flags as there are
    ${CC:-cc} -std=gnu11 -O2 -o "$work/peer-$peer" "$source/peer-$peer.c" \
        $(pkg-config --cflags --libs $modules) "$@" || exit 1
}

need_peers ()
{
    set -- wrk:wrk valgrind:valgrind taskset:util-linux
    ! is_measured nginx || set -- "$@" nginx:nginx-light
    ! is_measured lighttpd || set -- "$@" lighttpd:lighttpd
    ! is_measured h2o || set -- "$@" /usr/include/h2o.h:libh2o-evloop-dev \
        /usr/include/openssl/ssl.h:libssl-dev
    ! is_measured microhttpd || set -- "$@" /usr/include/microhttpd.h:libmicrohttpd-dev
    need_tools "$@"
    ! is_measured evhttp || build_peer evhttp 'libevent_core libevent_extra'
    ! is_measured microhttpd || build_peer microhttpd libmicrohttpd
    ! is_measured h2o || build_peer h2o libh2o-evloop -lssl -lcrypto
}

# fill FILE: a configuration with what is known only now.
fill ()
{
    sed "s|@PORT@|$port|; s|@FILES@|$work/files|; s|@DESCRIPTORS@|$descriptors|
        s|@CONNECTIONS@|$((descriptors / 2))|" "$source/$1" >"$work/$1"
}

# What lighttpd serves; it has no constant answers.
write_files ()
{
    mkdir -p "$work/files/bench"
    printf 'Hello, World!' >"$work/files/plaintext"
    printf '{"message":"Hello, World!"}' >"$work/files/bench/json"
    printf '42' >"$work/files/bench/user"
}

# serve NAME [COMMAND…]: starts it, by COMMAND where there is one; it is process $pid and listens on
# $port.
serve ()
{
    find_port
    peer=$1
    shift
    case $peer in
    floor) set -- "$@" "$build/bench/floor" "$port" ;;
    h3d) set -- "$@" "$h3d" demo --listen "127.0.0.1:$port" --workers 1 --max-requests 0 ;;
    nginx)
        fill nginx.conf
        set -- "$@" nginx -e stderr -p "$work" -c "$work/nginx.conf"
        ;;
    lighttpd)
        write_files
        fill lighttpd.conf
        set -- "$@" lighttpd -D -f "$work/lighttpd.conf"
        ;;
    *) set -- "$@" "$work/peer-$peer" "$port" ;;
    esac
    launch "$work/$peer.log" "$@"
    answers "$port"
}

# What was measured, on what.
describe ()
{
    printf '%s, %s cores, %s\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" \
        "$(nproc)" "$(uname -sr)"
    printf '%s' "$(${CC:-cc} --version | head -n 1)"
    for module in glib-2.0 libevent_core libmicrohttpd libh2o-evloop; do
        printf ', %s %s' "$module" "$(pkg-config --modversion $module 2>/dev/null || echo absent)"
    done
    ! is_measured nginx || printf ', %s' "$(nginx -v 2>&1 | sed 's/.*: //')"
    ! is_measured lighttpd || printf ', %s' "$(lighttpd -v | sed 's/ .*//;q')"
    printf ', %s\n' "$(wrk -v 2>&1 | sed 's/ *\[.*//;q')"
}
