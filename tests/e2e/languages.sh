# SPDX-License-Identifier: MIT
#
# Sourced by tests of programs in other languages: the program runs with what this build made, is
# asked all that it answers, and ends well on SIGTERM.

. "${top_srcdir:-.}/tests/support/gio-threads.sh"

build=${top_builddir:-.}
skip() {
    echo "SKIP: $1"
    exit 77
}
test -e "$build/H3-1.0.typelib" || skip "this build makes no typelib"

GI_TYPELIB_PATH=$build${GI_TYPELIB_PATH:+:$GI_TYPELIB_PATH}
LD_LIBRARY_PATH=$build/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export GI_TYPELIB_PATH LD_LIBRARY_PATH

# closures COMMAND…: a program that judges itself. Exceptions in handlers are meant there, which GJS
# calls critical; what another calls so fails.
closures() {
    said=$(G_DEBUG='' timeout 300 "$@" 2>&1)
    status=$?
    test $status -eq 0 && ! echo "$said" | grep -v 'Gjs-CRITICAL' | grep -q -e '-CRITICAL' && return
    echo "$said"
    echo "$*: status $status"
    exit 1
}

# page FENCE FILE: writes the manual's first program in a language there.
page() {
    sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{//"'!'"p;/^\`\`\`\$/q}" "${top_srcdir:-.}/docs/languages.md" >"$2"
    test -s "$2" || {
        echo "docs/languages.md has no program in $1"
        exit 1
    }
}

# serve LANGUAGE COMMAND…: the command's standard output tells where it listens. "page" in the place of
# the language: it is the manual's.
serve() {
    language=$1
    shift
    mkfifo "$folder/$language" || exit 1
    # What the interpreter itself warns of is not ours; a wrong call is. In the foreground timeout hands
    # on SIGTERM once: the second would find a program that has stopped serving, and end it.
    G_DEBUG=fatal-criticals timeout --foreground 300 "$@" --listen 127.0.0.1:0 >"$folder/$language" &
    program=$!
    exec 3<"$folder/$language"
    status=1
    if read -r line <&3; then
        address=${line#Listening on }
        /usr/bin/python3 "${top_srcdir:-.}/tests/e2e/languages-client.py" "$address" "$language"
        status=$?
    else
        echo "$*: the program did not start"
    fi
    kill "$program" 2>/dev/null
    wait "$program"
    ended=$?
    exec 3<&-
    rm "$folder/$language"
    test $ended -eq 0 || echo "$*: the program ended with status $ended"
    test $status -eq 0 && test $ended -eq 0 || exit 1
}

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
