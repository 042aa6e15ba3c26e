#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The one list of the Debian packages that this project needs, by group, and their installation.
#
#   samples/packages.sh GROUP...          installs what is missing (as root, or through sudo)
#   samples/packages.sh --list GROUP...   prints the names, one a line
#
# Groups: build (to compile), quickstart (to run the samples), test (everything that tests/run.sh uses),
# bench (what make bench shows besides).

set -euo pipefail

build_packages=(
    autoconf automake libtool make pkg-config
    gcc libc6-dev
    libstrophe-dev                      # the Jabber stream
    libxmlrpc-core-c3-dev               # xmlrpc_value, xmlrpc_registry
    libffi-dev                          # calls of the handlers
    libgsasl-dev                        # SCRAM
    libssl-dev                          # reading a client's certificate (libstrophe's TLS is the same library)
    libidn-dev                          # stringprep
    libjansson-dev                      # JSON
)
quickstart_packages=(
    prosody openssl
)
test_packages=(
    libcmocka-dev
    libglib2.0-dev                      # the sample of a session in its main loop
    clang libclang-rt-14-dev g++        # the other compiler with its sanitizers, and C++ for the headers
    valgrind libc6-dbg                  # valgrind refuses to start without the symbols of ld.so
    ejabberd                            # the second Jabber server
    python3 python3-slixmpp             # interop with other XEP-0009 implementations
    python3-prometheus-client           # reads our metrics as Prometheus does
    profanity tmux                      # a chat client in a terminal
    ant                                 # what samples/build builds with as well; it brings a Java runtime of 190 MB
    mypy                                # type hints of the Python that idlgen makes
    libnet-jabber-perl
    omniorb-idl                         # real-world .idl files
    mmdebstrap git xz-utils shellcheck procps
)
bench_packages=(
    gnuplot-nox                         # the plot
    libsystemd-dev dbus-daemon          # sd-bus, for comparison
)
daemons=(prosody ejabberd)              # packages that would start a system-wide server

fail()
{
    printf 'packages.sh: %s\n' "$*" >&2
    exit 2
}

# Sets `wanted` to the packages of the groups $@.
collect()
{
    local group
    wanted=()
    for group in "$@"; do
        case $group in
            build)      wanted+=("${build_packages[@]}") ;;
            quickstart) wanted+=("${quickstart_packages[@]}") ;;
            test)       wanted+=("${test_packages[@]}") ;;
            bench)      wanted+=("${bench_packages[@]}") ;;
            *)          fail "no such group: $group (there are: build quickstart test bench)" ;;
        esac
    done
    [ ${#wanted[@]} -gt 0 ] || fail "usage: packages.sh [--list] build|quickstart|test|bench..."
}

# Sets `missing` to those of `wanted` which are not installed.
find_missing()
{
    local package status installed=" "
    missing=()
    while read -r status package; do
        if [ "$status" = installed ]; then
            installed+="$package "
        fi
    done < <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
    for package in "${wanted[@]}"; do
        [[ $installed == *" $package "* ]] || missing+=("$package")
    done
}

# Runs a command as root.
as_root()
{
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Packages start their daemons at once unless policy-rc.d forbids it: a private server is all we want.
policy=/usr/sbin/policy-rc.d
forbid_daemons()
{
    [ ! -e "$policy" ] || return 0
    trap 'as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\nexit 101\n' | as_root sh -c "cat > '$policy' && chmod 755 '$policy'"
}

# Those which were just installed shall not start at the next boot either.
disable_daemons()
{
    local daemon
    for daemon in "${daemons[@]}"; do
        if [[ " ${missing[*]} " == *" $daemon "* ]]; then
            as_root update-rc.d "$daemon" disable >/dev/null 2>&1 || true
        fi
    done
}

install_missing()
{
    local apt=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -y)
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        fail "not root and no sudo; as root, run: apt-get install --no-install-recommends ${missing[*]}"
    fi
    printf 'packages.sh: installing %s\n' "${missing[*]}" >&2
    forbid_daemons
    # Standard output is kept for --list; apt's own words belong to the log.
    as_root "${apt[@]}" update >&2 </dev/null || fail "apt-get update failed (see above)"
    as_root "${apt[@]}" -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}" >&2 </dev/null ||
        fail "apt-get could not install: ${missing[*]} (see above)"
    disable_daemons
}

main()
{
    local list=no
    if [ "${1-}" = --list ]; then
        list=yes
        shift
    fi
    collect "$@"
    if [ $list = yes ]; then
        printf '%s\n' "${wanted[@]}"
        return
    fi
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        fail "this is no Debian or a relative of it (no dpkg or apt-get); Debian's names of what is needed:" \
            "${wanted[@]}"
    fi
    find_missing
    [ ${#missing[@]} = 0 ] || install_missing
}

main "$@"
