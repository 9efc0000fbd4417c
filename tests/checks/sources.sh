# SPDX-License-Identifier: MIT
# Sourced by the checks: which files are ours, and what their self-tests share.

# list_sources TOP: the names of the sources below TOP, one a line: what git tracks in a checkout,
# where there is a git; else what lies in the folders of sources, as in a release.
list_sources ()
{
    (
        cd "$1" || exit 1
        if [ -e .git ] && command -v git >/dev/null 2>&1; then
            git -c safe.directory='*' ls-files
        else
            find lib bin examples bench tests configure.ac Makefile.am bootstrap -type f 2>/dev/null
        fi | while IFS= read -r name; do
            if [ -f "$name" ]; then printf '%s\n' "$name"; fi
        done | LC_ALL=C sort
    )
}

# list_headers TOP: the headers of the library; one that configure makes is not among the sources.
list_headers ()
{
    list_sources "$1" | sed -n -e 's/^\(lib\/h3\/.*\.h\)\.in$/\1/p' -e '/^lib\/h3\/.*\.h$/p' |
        LC_ALL=C sort -u
}

# list_public_headers TOP: those of them that are installed, but for the umbrella.
list_public_headers ()
{
    list_sources "$1" | grep '^lib/h3/[^/]*/local\.mk$' | while read -r makefile; do
        sed -n 's/^\(no\)*dist_h3[a-z]*include_HEADERS *+*= *//p' "$1/$makefile" | tr ' ' '\n' |
            sed -n "s,^%D%/,$(dirname "$makefile")/,p"
    done
}

# Self-tests: a fixture is a folder of files made for one case; `put NAME` writes one from its input.
# expect_pass and expect_fail run the check named on the fixture; expect_fail wants a line that
# matches.

fixture=
faults=0
trap 'test -z "$fixture" || rm -rf "$fixture"' EXIT

fixture_new ()
{
    test -z "$fixture" || rm -rf "$fixture"
    fixture=$(mktemp -d "${TMPDIR:-/tmp}/h3 check.XXXXXX")
}

put ()
{
    mkdir -p "$(dirname "$fixture/$1")"
    cat >"$fixture/$1"
}

expect_pass ()
{
    what=$1
    shift
    if output=$("$@" 2>&1); then
        echo "ok: $what"
    else
        echo "not ok: $what: should pass, but says:" && echo "$output"
        faults=$((faults + 1))
    fi
}

expect_fail ()
{
    what=$1 wanted=$2
    shift 2
    if output=$("$@" 2>&1); then
        echo "not ok: $what: should fail"
        faults=$((faults + 1))
    elif ! printf '%s\n' "$output" | grep -q -e "$wanted"; then
        echo "not ok: $what: should say '$wanted', but says:" && echo "$output"
        faults=$((faults + 1))
    else
        echo "ok: $what"
    fi
}

expect_done ()
{
    test "$faults" = 0
    exit
}
