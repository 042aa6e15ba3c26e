#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Tests of samples/switch.sh with real servers and real clients (slixmpp), in TAP format.
# Every check is a command and, where it matters, what its output must look like.

# shellcheck disable=SC2317     # functions are run by name

set -uo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
switch=$here/../../../samples/switch.sh
peer=(timeout 30 /usr/bin/python3 "$here/peer.py")
work=$(mktemp -d "${TMPDIR:-/tmp}/switchtest.XXXXXX")
export TMPDIR=$work
count=0
failed=0

cleanup()
{
    local folder
    for folder in "$work"/*/; do
        if [ -f "$folder/options" ]; then
            "$switch" stop --dir "$folder" || true
        fi
    done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

report()
{
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        printf 'ok %d - %s\n' $count "$2"
    else
        printf 'not ok %d - %s\n' $count "$2"
        sed 's/^/# /' "$work/out"
        failed=1
    fi
}

# succeeds NAME COMMAND...
succeeds()
{
    local name=$1
    shift
    "$@" > "$work/out" 2>&1
    report $? "$name"
}

# says PATTERN NAME COMMAND...: the output matches the pattern, whatever the status
says()
{
    local pattern=$1 name=$2
    shift 2
    "$@" > "$work/out" 2>&1
    grep -q -- "$pattern" "$work/out"
    report $? "$name"
}

# Starts a server and takes over its variables.
start()
{
    local vars
    vars=$("$switch" start "$@" 2> "$work/out") || return 1
    set -a
    eval "$vars"
    set +a
}

start_ok()
{
    local name=$1
    shift
    start "$@"
    report $? "$name"
}

# wait_until SECONDS COMMAND...
wait_until()
{
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

nothing_left()
{
    ! [ -e "$SWITCH_DIR" ] && ! [ -e "/proc/$SWITCH_PID" ] &&
        ! (exec 3<>"/dev/tcp/127.0.0.1/$SWITCH_PORT") 2>/dev/null
}

test_accounts()
{
    local password="pä\"s\\s 'x; \$(false)"
    succeeds "$1: adduser, password as an argument" "$switch" adduser peer-a "$password"
    printf 'from a file\n' > "$work/password"
    succeeds "$1: adduser, password from a file" \
        "$switch" adduser --dir "$SWITCH_DIR" peer-b "@$work/password"
    succeeds "$1: adduser, password from standard input" "$switch" adduser peer.c < "$work/password"
    says 'peer-a.*\(exists\|registered\)' "$1: adduser refuses a taken name" "$switch" adduser peer-a other
    says '^ok SCRAM-SHA-.* TLSv1' "$1: STARTTLS, SCRAM, iq between accounts" \
        "${peer[@]}" peer-a "$password" peer-b 'from a file'
    says '^ok SCRAM-SHA-.* TLSv1' "$1: direct TLS" \
        "${peer[@]}" --direct-tls peer-a "$password" peer.c 'from a file'
    says '^failed .*failed_all_auth' "$1: wrong password is refused" "${peer[@]}" peer-a wrong
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=other \
        -keyout /dev/null -out "$work/other.pem" 2>/dev/null
    says '^failed .*CERTIFICATE_VERIFY' "$1: another authority does not verify it" \
        "${peer[@]}" --ca "$work/other.pem" peer-b 'from a file'
    says '^ok' "$1: an iq reaches the component" \
        "${peer[@]}" --component calc.localhost --secret 's"e\c' peer-b 'from a file'
    says '^failed' "$1: a wrong secret is refused" "${peer[@]}" --component calc.localhost --secret wrong
    says '^failed' "$1: no client makes its own account" "${peer[@]}" --register newcomer pw
    succeeds "$1: passwd" "$switch" passwd peer-b 'the new one'
    says '^ok' "$1: the new password is taken" "${peer[@]}" peer-b 'the new one'
    says '^failed' "$1: the old one no more" "${peer[@]}" peer-b 'from a file'
    succeeds "$1: deluser" "$switch" deluser peer-b
    says '^failed' "$1: the account is gone" "${peer[@]}" peer-b 'the new one'
}

test_faults()
{
    local port=$SWITCH_PORT process=$SWITCH_PID
    says 'runs' "$1: status of a running server" "$switch" status
    succeeds "$1: adduser just before the kill" "$switch" adduser late pw
    succeeds "$1: kill" "$switch" kill
    says 'does not run' "$1: status of a killed server" "$switch" status
    succeeds "$1: restart" "$switch" restart
    set -a
    eval "$("$switch" env)"
    set +a
    [ "$SWITCH_PORT" = "$port" ] && [ "$SWITCH_PID" != "$process" ]
    report $? "$1: same port, new process"
    says '^ok' "$1: accounts survived the kill" "${peer[@]}" late pw
    succeeds "$1: restart of a running server" "$switch" restart
    says '^ok' "$1: and it answers" "${peer[@]}" late pw
    eval "$("$switch" env)"
    succeeds "$1: stop" "$switch" stop
    succeeds "$1: nothing is left" nothing_left
}

test_variants()
{
    local first
    start_ok "$1: start with PLAIN only, and registration" --server "$1" --mechanisms PLAIN --allow-register
    first=$SWITCH_DIR
    "$switch" adduser peer-a pw
    says '^ok PLAIN TLS' "$1: PLAIN is what it offers" "${peer[@]}" peer-a pw
    says '^ok registered' "$1: a client makes its own account" "${peer[@]}" --register newcomer pw
    says '^ok PLAIN' "$1: and logs in with it" "${peer[@]}" newcomer pw
    start_ok "$1: a second one beside it, without TLS" --server "$1" --no-tls --domain example.test
    "$switch" adduser peer-a pw
    says '^ok SCRAM-SHA-[0-9]* none' "$1: login without TLS" "${peer[@]}" --no-tls peer-a pw
    "$switch" stop
    "$switch" stop --dir "$first"
    mkdir "$work/mine"
    start_ok "$1: start in a folder of mine, certificate for another host" \
        --server "$1" --cert-host other.example --dir "$work/mine" --stock-limits
    "$switch" adduser peer-a pw
    says '^failed.*ssl_invalid' "$1: the client notices" "${peer[@]}" peer-a pw
    "$switch" stop
    [ -d "$work/mine" ] && [ -z "$(ls -A "$work/mine")" ] && rmdir "$work/mine"
    report $? "$1: the folder of mine is left, empty"
    start_ok "$1: start with a short life" --server "$1" --lifetime 10
    succeeds "$1: it ends by itself and leaves nothing" wait_until 40 nothing_left
}

# As a user who is not root; only root can try that.
test_plain_user()
{
    local place=$work/nobody
    if [ "$(id -u)" != 0 ]; then
        return
    fi
    chmod 711 "$work"
    mkdir "$place"
    cp -r "$here/../../../samples/switch.sh" "$here/../../../samples/switch" "$place"
    chown -R nobody "$place"
    (
        cd "$place" || exit 1
        # shellcheck disable=SC2016
        HOME=$place runuser -u nobody -- env TMPDIR="$place" bash -c '
            vars=$(./switch.sh start --server "$1") && eval "$vars" &&
            ./switch.sh adduser --dir "$SWITCH_DIR" peer-a pw &&
            ./switch.sh stop --dir "$SWITCH_DIR"' bash "$1"
    ) > "$work/out" 2>&1
    report $? "$1: start, adduser and stop as a plain user"
    rm -rf "$place"
}

test_server()
{
    if ! start --server "$1" --component calc.localhost --secret 's"e\c'; then
        report 1 "$1: start"
        return
    fi
    report 0 "$1: start"
    test_accounts "$1"
    test_faults "$1"
    test_variants "$1"
    test_plain_user "$1"
}

test_mistakes()
{
    unset SWITCH_DIR
    says 'neither prosody nor ejabberd' "unknown server software" "$switch" start --server openfire
    says 'not installed' "server not installed" env PATH="$work/bin" /bin/bash "$switch" start
    says 'which server' "no folder given" "$switch" stop
    says 'no server was started there' "folder of nobody" "$switch" stop --dir "$work"
    says 'no such verb' "unknown verb" "$switch" sing
    says 'usage: switch.sh' "help" "$switch" --help
    [ -z "$(ls -d "$work"/jabber-switch.* 2>/dev/null)" ]
    report $? "no folder is left by any of these"
}

mkdir "$work/bin"
for tool in bash readlink dirname; do
    ln -s "$(command -v $tool)" "$work/bin/$tool"
done
epmd_before=$(pgrep -x epmd || true)
for server in ${SWITCHTEST_SERVERS:-prosody ejabberd}; do
    test_server "$server"
done
test_mistakes
[ "$(pgrep -x epmd || true)" = "$epmd_before" ]
report $? "no epmd was started"
printf '1..%d\n' $count
exit $failed
