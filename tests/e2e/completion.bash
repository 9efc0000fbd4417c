# SPDX-License-Identifier: MIT
# Run by check-completion. `offers LINE... -- WANTED...` completes the last word of LINE, whose words
# are as readline splits them, and compares what is offered; `offers_among` wants these among others.
top_builddir=$(cd "$top_builddir" && pwd)
. "$top_srcdir/bin/h3d.bash-completion" || exit 1
faults=0
: "${top_srcdir:?}"
folder=$(mktemp -d "${TMPDIR:-/tmp}/h3-completion.XXXXXX")
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/public" "$folder/two words"
touch "$folder/h3d.conf" "$folder/plan.json" "$folder/page.html"
cd "$folder" || exit 1
PATH=$top_builddir/bin:$PATH

complete_line ()
{
    COMP_WORDS=()
    while [ "$1" != -- ]; do
        COMP_WORDS+=("$1")
        shift
    done
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    shift
    wanted=$(printf '%s\n' "$@" | sort)
    COMPREPLY=()
    _h3d
    offered=$(printf '%s\n' "${COMPREPLY[@]}" | sort)
}

offers ()
{
    complete_line "$@"
    [ "$offered" = "$wanted" ] && return
    printf 'behind "%s" stands\n%s\nnot\n%s\n' "${COMP_WORDS[*]}" "$offered" "$wanted"
    faults=$((faults + 1))
}

offers_among ()
{
    complete_line "$@"
    missing=$(comm -13 <(printf '%s\n' "$offered") <(printf '%s\n' "$wanted"))
    [ -z "$missing" ] && return
    printf 'behind "%s" there is no %s, but\n%s\n' "${COMP_WORDS[*]}" "$missing" "$offered"
    faults=$((faults + 1))
}

if ! complete -p h3d | grep -q -- '-F _h3d h3d'; then
    echo "h3d has no completion"
    faults=1
fi
offers h3d '' -- demo serve run check password fetch workflow --version --help
offers h3d wor -- workflow
offers h3d none '' --
offers_among h3d demo - -- --listen= --tls-certificate= --max-body= --allow-fetch --no-compression
offers h3d demo --tls-m -- --tls-minimum=
offers h3d serve --l -- --list --listen= --linger-timeout=
offers h3d serve '' -- public 'two words'
offers h3d serve pub -- public
offers h3d serve --access-log = -- common combined traced json
offers h3d serve --access-log = co -- common combined
offers h3d serve --access-log j -- json
offers h3d serve --list '' -- public 'two words'
offers h3d serve --index '' --
offers h3d demo --static = p -- public
offers h3d demo --workflow '' -- plan.json public 'two words'
offers h3d demo --tls-key p -- plan.json page.html public
offers h3d demo --tls-client-certificate = req -- request require
offers h3d run '' -- h3d.conf public 'two words'
offers h3d run - -- --help
offers h3d check h -- h3d.conf
offers h3d check --k -- --keys
offers h3d fetch --co -- --cookies --connect-timeout=
offers h3d fetch -X P -- POST PUT PATCH
offers h3d fetch --output = pa -- page.html
offers h3d workflow '' -- check run --help
offers h3d workflow run --i -- --input=
offers h3d workflow run --data '' -- public 'two words'
offers h3d workflow check p -- plan.json public
[ $faults = 0 ]
