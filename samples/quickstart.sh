#!/bin/bash
# SPDX-License-Identifier: MIT
#
# From a fresh clone to a call through a real Jabber server, in one command: installs what is missing, builds,
# starts a private server with two accounts, serves the Rot13 sample as one of them and calls it as the other.

set -euo pipefail

text='There was a young lady of Nantes'
expected='Gurer jnf n lbhat ynql bs Anagrf'
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
samples=$root/samples
rpc_server=$root/runtime/rpc-server/rpc-server
rot13_client=$root/samples/rot13/rot13-client
rot13_module=$root/samples/rot13/.libs/rot13.so
keep=no
software=prosody
work=''                 # the folder for logs until the switch runs
SWITCH_DIR=''
server_pid=''

usage()
{
    cat <<'END'
usage: samples/quickstart.sh [--keep] [--server prosody|ejabberd]

Installs what is missing (with apt-get), builds, and makes a remote procedure call through a private Jabber
server.
--keep leaves that server and the Rot13 service running, and says how to call and how to stop them.
END
}

step()
{
    printf '%-10s %s\n' "$1" "$2"
}

# fail TEXT [LOG]
fail()
{
    if [ -n "${2-}" ] && [ -s "$2" ]; then
        tail -n 40 "$2" | sed 's/^/    /' >&2
    fi
    printf 'quickstart.sh: %s\n' "$1" >&2
    exit 1
}

stop_service()
{
    local deadline=$((SECONDS + 5))
    [ -n "$server_pid" ] || return 0
    kill "$server_pid" 2>/dev/null || true
    while kill -0 "$server_pid" 2>/dev/null; do
        if [ $SECONDS -ge $deadline ]; then
            kill -KILL "$server_pid" 2>/dev/null || true
        fi
        sleep 0.02
    done
    wait "$server_pid" 2>/dev/null || true
}

cleanup()
{
    stop_service
    if [ -n "$SWITCH_DIR" ]; then
        "$samples/switch.sh" stop --dir "$SWITCH_DIR" || true
    fi
    if [ -n "$work" ]; then
        rm -rf "$work"
    fi
}

parse()
{
    while [ $# -gt 0 ]; do
        case $1 in
            --keep)    keep=yes; shift ;;
            --server)  software=${2-}; shift 2 || { usage >&2; exit 2; } ;;
            -h|--help) usage; exit 0 ;;
            *)         usage >&2; exit 2 ;;
        esac
    done
    [[ $software =~ ^(prosody|ejabberd)$ ]] || { usage >&2; exit 2; }
}

install_packages()
{
    local groups=(build quickstart)
    if [ "$software" = ejabberd ]; then
        groups+=(test)
    fi
    "$samples/packages.sh" "${groups[@]}" > "$work/packages.log" 2>&1 ||
        fail "could not install the packages it needs" "$work/packages.log"
    step packages "all there"
}

compile()
{
    local started=$SECONDS
    [[ $root != *[[:space:]]* ]] || fail "make cannot work in a folder with a space in its name: '$root'"
    (
        cd "$root" && { [ -x configure ] || ./autogen.sh; } && { [ -f Makefile ] || ./configure; } &&
            make -j"$(nproc)"
    ) > "$work/build.log" 2>&1 || fail "the build failed (see above)" "$work/build.log"
    step build "done in $((SECONDS - started)) s"
}

start_switch()
{
    local vars lifetime=3600
    if [ $keep = yes ]; then
        lifetime=86400
    fi
    vars=$("$samples/switch.sh" start --server "$software" --lifetime $lifetime) ||
        fail "the private Jabber server did not start"
    eval "$vars"
    step switch "$software on $SWITCH_HOST port $SWITCH_PORT, with TLS, in $SWITCH_DIR"
}

add_accounts()
{
    local name
    for name in peer-a peer-b; do
        (umask 077; openssl rand -base64 18 > "$SWITCH_DIR/$name.password")
        "$samples/switch.sh" adduser --dir "$SWITCH_DIR" $name "@$SWITCH_DIR/$name.password"
    done
    step accounts "peer-a@$SWITCH_DOMAIN, peer-b@$SWITCH_DOMAIN"
}

# Sets `connection` to the connection options of an account.
connection_of()
{
    connection=(--jid "$1@$SWITCH_DOMAIN/rpc" --password-file "$SWITCH_DIR/$1.password"
        --host "$SWITCH_HOST" --port "$SWITCH_PORT" --ca-file "$SWITCH_CA")
}

start_service()
{
    local connection log=$SWITCH_DIR/rpc-server.log deadline=$((SECONDS + 20)) detach=()
    connection_of peer-b
    if [ $keep = yes ]; then
        detach=(setsid timeout 86400)
    fi
    "${detach[@]}" "$rpc_server" "${connection[@]}" --module "$rot13_module" --allow "peer-a@$SWITCH_DOMAIN" \
        > "$log" 2>&1 < /dev/null &
    server_pid=$!
    until grep -q '^rpc-server: ready as ' "$log"; do
        kill -0 "$server_pid" 2>/dev/null || fail "rpc-server ended at once (see above)" "$log"
        [ $SECONDS -lt $deadline ] || fail "rpc-server was not ready after 20 seconds" "$log"
        sleep 0.02
    done
    step service "Rot13 as $(sed -n 's/^rpc-server: ready as //p' "$log" | head -n 1)"
}

call_it()
{
    local connection result
    connection_of peer-a
    result=$("$rot13_client" "${connection[@]}" "peer-b@$SWITCH_DOMAIN/rpc" "$text") ||
        fail "the call failed; this is the end of the service's log" "$SWITCH_DIR/rpc-server.log"
    [ "$result" = "$expected" ] || fail "the answer is wrong: '$result' instead of '$expected'"
    step call "peer-a@$SWITCH_DOMAIN/rpc asks peer-b@$SWITCH_DOMAIN/rpc to rotate by 13 places"
    printf '\n%s → %s\n' "$text" "$result"
}

explain()
{
    local connection
    connection_of peer-a
    printf '\nThe service is running (for a day at most). Call it by hand:\n'
    printf '  %q call \\\n' "$root/runtime/cli/jrpc"
    printf '    %q %q %q %q %q %q %q %q %q %q \\\n' "${connection[@]}"
    printf "    peer-b@%s/rpc Rot13 '\"Hello\"'\n" "$SWITCH_DOMAIN"
    printf 'Stop it:\n  kill %s; %q stop --dir %q\n' "$server_pid" "$samples/switch.sh" "$SWITCH_DIR"
}

main()
{
    parse "$@"
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    work=$(mktemp -d "${TMPDIR:-/tmp}/quickstart.XXXXXX")
    install_packages
    compile
    start_switch
    add_accounts
    start_service
    call_it
    if [ $keep = yes ]; then
        explain
        disown
        server_pid='' SWITCH_DIR=''
    fi
}

main "$@"
