#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Installs what is missing, builds what is not built, runs all tests and ends with `N passed, N failed`.
#
#   tests/run.sh [CONFIGURE-OPTION...]    the options are used if the tree is not configured yet
#   tests/run.sh --list                   names the tests of a configured tree, one a line
#
# ONLY='^tests/unit/' in the environment: just the tests whose names match that extended regular expression.

set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
log=''

# The last line, which other programs read too.
finish()
{
    local passed=$1 failed=$2 skipped=$3
    rm -f "$log"
    printf '%d passed, %d failed' "$passed" "$failed"
    if [ "$skipped" -gt 0 ]; then
        printf ', %d skipped' "$skipped"
    fi
    printf '\n'
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
    exit
}

# stage NAME COMMAND...: a command that says nothing unless it fails
stage()
{
    local name=$1 started=$SECONDS
    shift
    if ! "$@" > "$log" 2>&1 < /dev/null; then
        tail -n 60 "$log"
        printf 'tests/run.sh: %s failed (see above)\n' "$name"
        finish 0 1 0
    fi
    printf '%-10s done in %d s\n' "$name" $((SECONDS - started))
}

# shellcheck disable=SC2317     # run by stage
configure()
{
    { [ -x configure ] || ./autogen.sh; } && { [ -f Makefile ] || ./configure "$@"; }
}

# The totals that automake's harness prints, as `total PASS` and so on.
total()
{
    awk -v name="# $1:" 'index($0, name) == 1 { sum += $3 } END { print sum + 0 }' "$log"
}

# How many cases of each folder passed.
print_folders()
{
    sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '
        /^PASS: / { sub("/[^/]*$", "", $2); passed[$2]++ }
        END { for (folder in passed) printf "%6d passed in %s\n", passed[folder], folder }' | sort -k 4
}

# The logs of the tests that did not pass.
print_failures()
{
    local name
    sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '/^(FAIL|ERROR|XPASS): / { print $2 }' | sort -u |
    while read -r name; do
        printf '\n==== %s\n' "$name"
        tail -n 80 "${name%.*}.log" 2>/dev/null || tail -n 80 "$name.log" 2>/dev/null || true
    done
}

list_tests()
{
    # shellcheck disable=SC2016
    printf 'include Makefile\nlist-tests:\n\t@printf "%%s\\n" $(TESTS)\n' | make -s -f - list-tests
}

run_checks()
{
    local status=0 failed names check=(make -k -j"$(nproc)" check)
    if [ -n "${ONLY-}" ]; then
        names=$(list_tests | { grep -E -- "$ONLY" || true; } | tr '\n' ' ')
        if [ -z "$names" ]; then
            printf 'tests/run.sh: no test has a name that matches %s\n' "$ONLY"
            finish 0 1 0
        fi
        check+=("TESTS=$names")
    fi
    "${check[@]}" > "$log" 2>&1 < /dev/null || status=$?
    grep -E '^(SKIP|FAIL|ERROR|XPASS): ' "$log" || true
    print_folders
    failed=$(($(total FAIL) + $(total XPASS) + $(total ERROR)))
    if [ "$failed" -gt 0 ]; then
        print_failures
    elif [ $status != 0 ]; then
        tail -n 60 "$log"
        printf 'tests/run.sh: make check failed outside of the tests (see above)\n'
        failed=1
    fi
    finish "$(($(total PASS) + $(total XFAIL)))" $failed "$(total SKIP)"
}

cd "$root"
case "${1-}" in
    -h | --help)
        sed -n '4,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        exit 0
        ;;
    --list | --* | '') ;;
    *)
        echo "tests/run.sh: not an option for configure: $1 (tests/run.sh --help)" >&2
        exit 2
        ;;
esac
if [ "${1-}" = --list ]; then
    list_tests
    exit
fi
log=$(mktemp "${TMPDIR:-/tmp}/check.XXXXXX")
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
stage packages samples/packages.sh build quickstart test
stage configure configure "$@"
stage build make -j"$(nproc)"
run_checks
