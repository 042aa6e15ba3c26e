#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Runs the README's first command on a bare Debian: a new root folder with nothing installed but apt, made by
# mmdebstrap from this machine's own apt sources. A package missing from samples/packages.sh shows only there.
#
#   tests/fresh.sh [COMMAND...]    another command than samples/quickstart.sh, in the source tree
#
# Ends with status 77 where the machine cannot do it.

set -euo pipefail

expected='There was a young lady of Nantes → Gurer jnf n lbhat ynql bs Anagrf'
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
work=''

skip()
{
    printf 'fresh.sh: skipped: %s\n' "$*" >&2
    exit 77
}

fail()
{
    printf 'fresh.sh: %s\n' "$*" >&2
    exit 1
}

# All mounts are in a namespace of their own and gone with the last process: this removes our own files only.
cleanup()
{
    if [ -n "$work" ]; then
        rm -rf --one-file-system "$work"
    fi
}

require()
{
    local tool
    [ "$(id -u)" = 0 ] || skip "making a Debian root needs root"
    for tool in mmdebstrap unshare chroot apt-config git; do
        command -v $tool > /dev/null || skip "$tool is not installed; run samples/packages.sh test"
    done
    unshare --mount --pid --fork true 2>/dev/null || skip "this machine allows no namespaces"
    # shellcheck source=/dev/null
    suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME-}")
    [ -n "$suite" ] || skip "this system has no release name in /etc/os-release"
}

# Sets `sources` to the apt source files of this machine which are about its release.
find_sources()
{
    local file
    sources=()
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        if [ -s "$file" ] && grep -v '^ *#' "$file" | grep -q "\<$suite\>"; then
            sources+=("$file")
        fi
    done
    [ ${#sources[@]} -gt 0 ] || skip "/etc/apt names no source of packages for $suite"
}

make_root()
{
    local started=$SECONDS
    apt-config dump | grep -E '^Acquire::(http|https|Retries|ForceIPv[46])\b' > "$work/apt.conf" || true
    mmdebstrap --quiet --variant=apt --aptopt="$work/apt.conf" "$suite" "$work/system" "${sources[@]}" \
        > "$work/log" 2>&1 < /dev/null || {
            tail -n 30 "$work/log" >&2
            fail "mmdebstrap failed (see above)"
        }
    cp /etc/hosts /etc/resolv.conf "$work/system/etc/"
    "$here/export.sh" "$work/system/jabber-rpc"
    printf 'fresh.sh: a bare %s with the sources, made in %d s\n' "$suite" $((SECONDS - started))
}

# run_inside COMMAND...: the shell is the namespace's first process: what the command leaves dies with it
run_inside()
{
    # shellcheck disable=SC2016
    unshare --mount --pid --fork --kill-child --mount-proc="$work/system/proc" sh -c '
        mount --rbind /dev "$1/dev" || exit 1
        root=$1
        shift
        chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
            LANG=C.UTF-8 ${http_proxy+"http_proxy=$http_proxy"} ${https_proxy+"https_proxy=$https_proxy"} \
            sh -c "cd /jabber-rpc && exec \"\$@\"" sh "$@"
        exit $?' sh "$work/system" "$@" < /dev/null
}

main()
{
    local suite sources started status=0
    require
    find_sources
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    work=$(mktemp -d "${TMPDIR:-/tmp}/fresh.XXXXXX")
    make_root
    started=$SECONDS
    if [ $# -gt 0 ]; then
        run_inside "$@"
        return
    fi
    run_inside samples/quickstart.sh 2>&1 | tee "$work/out" || status=$?
    [ $status = 0 ] || fail "samples/quickstart.sh ended with status $status on a bare $suite"
    grep -qxF "$expected" "$work/out" || fail "samples/quickstart.sh did not print the rotated line"
    printf 'fresh.sh: the first command works on a bare %s, in %d s\n' "$suite" $((SECONDS - started))
}

main "$@"
