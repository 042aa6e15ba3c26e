#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Links against real Jabber servers, Prosody and ejabberd: logins and components, each way to fail, much data, sudden ends.

set -uo pipefail

source=${JRPC_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${JRPC_BUILDDIR:-$source}
link=$build/tests/live/link_live
switch=$source/samples/switch.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/test-link.XXXXXX")
count=0
failures=0
dirs=()

clean_up()
{
    local dir
    for dir in ${dirs[@]+"${dirs[@]}"}; do
        "$switch" stop --dir "$dir" > /dev/null 2>&1
    done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# check NAME REGEX: the last run's output has a line that matches.
check()
{
    count=$((count + 1))
    if grep -Eq -- "$2" "$work/out"; then
        echo "ok $count - $1"
    else
        failures=$((failures + 1))
        echo "not ok $count - $1"
        sed 's/^/# /' "$work/out"
    fi
}

# run NAME REGEX PROGRAM-ARGUMENT...: the link program says that.
run()
{
    local name=$1 regex=$2
    shift 2
    timeout 90 "$link" "$@" > "$work/out" 2>&1
    check "$name" "$regex"
}

# Starts a server; its variables are those of the last one that was started.
start()
{
    local vars
    if ! vars=$("$switch" start "$@" 2> "$work/start"); then
        echo "# no server: $(tail -n 3 "$work/start" | tr '\n' ' ')"
        return 1
    fi
    eval "$vars"
    dirs+=("$SWITCH_DIR")
}

stop()
{
    "$switch" stop --dir "$SWITCH_DIR" > /dev/null 2>&1
}

add_accounts()
{
    "$switch" adduser --dir "$SWITCH_DIR" peer-a pw-peer-a && "$switch" adduser --dir "$SWITCH_DIR" peer-b pw-peer-b
}

test_logins()
{
    local s=$1 at=(--host 127.0.0.1 --port "$SWITCH_PORT") tls=(--host 127.0.0.1 --port "$SWITCH_TLS_PORT" --direct-tls)
    local ca=(--ca "$SWITCH_CA") a=(--jid peer-a@localhost/rpc --password pw-peer-a)
    local comp=(--jid calc.localhost --component --host 127.0.0.1 --port "$SWITCH_COMPONENT_PORT")
    run "$s: SCRAM over STARTTLS" "a up peer-a@localhost/rpc" login "${a[@]}" "${at[@]}" "${ca[@]}"
    check "$s: closed politely" "a down CLOSED"
    run "$s: SCRAM over direct TLS" "a up peer-a@localhost/rpc" login "${a[@]}" "${tls[@]}" "${ca[@]}"
    run "$s: the server picks the resource" "a up peer-a@localhost/." \
        login --jid PEER-A@localhost --password pw-peer-a "${at[@]}" "${ca[@]}"
    run "$s: by the name of the host" "a up peer-a@localhost/rpc" \
        login "${a[@]}" --host localhost --port "$SWITCH_PORT" "${ca[@]}"
    run "$s: wrong password" "down AUTH .*peer-a@localhost: AUTH: .*account or the password is wrong" \
        login --jid peer-a@localhost --password wrong "${at[@]}" "${ca[@]}"
    run "$s: no such account" "down AUTH .*nobody@localhost: AUTH" \
        login --jid nobody@localhost --password wrong "${at[@]}" "${ca[@]}"
    run "$s: untrusted certificate" "down CERT_UNTRUSTED .*127.0.0.1:$SWITCH_PORT: .*issuer" login "${a[@]}" "${at[@]}"
    run "$s: untrusted certificate, direct TLS" "down CERT_UNTRUSTED" login "${a[@]}" "${tls[@]}"
    run "$s: plain stream to a port of direct TLS" "down (STREAM|TIMEOUT)" \
        login "${a[@]}" --host 127.0.0.1 --port "$SWITCH_TLS_PORT" --timeout 3000 "${ca[@]}"
    run "$s: direct TLS to a plain port" "down (TLS|STREAM|TIMEOUT)" \
        login "${a[@]}" --host 127.0.0.1 --port "$SWITCH_PORT" --direct-tls --timeout 3000 "${ca[@]}"
    run "$s: a domain it does not serve" "down (STREAM|CERT_WRONG_HOST) " \
        login --jid peer-a@elsewhere.example --password x "${at[@]}" "${ca[@]}"
    run "$s: component" "a up calc.localhost" login "${comp[@]}" --password s3cret
    check "$s: component closed politely" "a down CLOSED"
    run "$s: component with a wrong secret" "down AUTH .*calc.localhost: AUTH: .*secret is wrong" \
        login "${comp[@]}" --password wrong
}

# The longest time without progress tells of bytes that lay hidden: 40 ms of a delayed ACK, a second of a sleep.
test_data()
{
    local s=$1 both=(--jid peer-a@localhost/rpc --password pw-peer-a --jid2 peer-b@localhost/rpc --password2 pw-peer-b)
    local at=(--host 127.0.0.1 --port "$SWITCH_PORT" --ca "$SWITCH_CA")
    local tls=(--host 127.0.0.1 --port "$SWITCH_TLS_PORT" --direct-tls --ca "$SWITCH_CA")
    local component=(--jid calc.localhost --component --password s3cret --jid2 peer-b@localhost/rpc --password2 pw-peer-b
        --host 127.0.0.1 --port "$SWITCH_COMPONENT_PORT" --port2 "$SWITCH_PORT" --ca "$SWITCH_CA")
    local quick='received, longest wait [0-9]{1,3} ms'
    run "$s: 2000 small ones" "2000 answers of 2000, 2000 $quick" echo "${both[@]}" "${at[@]}" --count 2000 --bytes 100
    run "$s: bursts" "640 answers of 640, 640 $quick" echo "${both[@]}" "${tls[@]}" --count 640 --burst 64 --bytes 200
    run "$s: 12 KB, one by one" "100 answers of 100, 100 $quick" \
        echo "${both[@]}" "${at[@]}" --count 100 --bytes 12000 --window 1
    run "$s: 100 KB, many at once" "60 answers of 60, 60 $quick" \
        echo "${both[@]}" "${tls[@]}" --count 60 --bytes 100000 --window 60
    run "$s: component to account" "1000 answers of 1000, 1000 $quick" \
        echo "${component[@]}" --count 1000 --bytes 500 --window 64
    run "$s: component to account, 100 KB" "20 answers of 20, 20 $quick" echo "${component[@]}" --count 20 --bytes 100000
}

# The server is killed while the link is up; then nobody is there; then it is there again.
test_kill()
{
    local s=$1 at=(--jid peer-a@localhost/rpc --password pw-peer-a --host 127.0.0.1 --port "$SWITCH_PORT" --ca "$SWITCH_CA")
    : > "$work/out"
    timeout 90 "$link" stay "${at[@]}" > "$work/out" 2>&1 &
    local stay=$! tries=0
    until grep -q up "$work/out" || [ $((tries += 1)) -gt 200 ]; do
        sleep 0.05
    done
    "$switch" kill --dir "$SWITCH_DIR" > /dev/null 2>&1
    wait "$stay"
    check "$s: killed while we are online" "down DISCONNECTED"
    run "$s: nobody there any more" "down NO_CONNECTION .*Connection refused" login "${at[@]}"
    "$switch" restart --dir "$SWITCH_DIR" > /dev/null 2>&1
    run "$s: there again" "a up peer-a@localhost/rpc" login "${at[@]}"
}

test_conflict()
{
    local s=$1 at=(--jid peer-a@localhost/rpc --password pw-peer-a --host 127.0.0.1 --port "$SWITCH_PORT" --ca "$SWITCH_CA")
    : > "$work/first"
    timeout 90 "$link" stay "${at[@]}" > "$work/first" 2>&1 &
    local stay=$! tries=0
    until grep -q up "$work/first" || [ $((tries += 1)) -gt 200 ]; do
        sleep 0.05
    done
    timeout 90 "$link" login "${at[@]}" > "$work/out" 2>&1
    if grep -q "a up" "$work/out"; then
        wait "$stay"
        cp "$work/first" "$work/out"
    else
        kill "$stay" 2> /dev/null
        wait "$stay" 2> /dev/null
    fi
    check "$s: the same address twice" "down CONFLICT"
}

test_server()
{
    local s=$1
    start --server "$s" --component calc.localhost --secret s3cret || return
    add_accounts
    test_logins "$s"
    test_data "$s"
    test_conflict "$s"
    test_kill "$s"
    stop
    start --server "$s" --cert-host other.example || return
    add_accounts
    run "$s: a certificate for another host" "down CERT_WRONG_HOST .*other.example, not for localhost" \
        login --jid peer-a@localhost --password pw-peer-a --host 127.0.0.1 --port "$SWITCH_PORT" --ca "$SWITCH_CA"
    stop
    start --server "$s" --mechanisms PLAIN || return
    add_accounts
    local at=(--jid peer-a@localhost/rpc --password pw-peer-a --host 127.0.0.1 --port "$SWITCH_PORT" --ca "$SWITCH_CA")
    run "$s: only PLAIN, refused" "down NO_MECHANISM .*the server offers PLAIN" login "${at[@]}"
    run "$s: only PLAIN, allowed" "a up peer-a@localhost/rpc" login "${at[@]}" --allow-plain
    stop
    start --server "$s" --no-tls || return
    add_accounts
    at=(--jid peer-a@localhost/rpc --password pw-peer-a --host 127.0.0.1 --port "$SWITCH_PORT")
    run "$s: no TLS, refused" "down NO_TLS" login "${at[@]}"
    run "$s: no TLS, allowed on loopback" "a up peer-a@localhost/rpc" login "${at[@]}" --insecure
    stop
}

for server in prosody ejabberd; do
    if [ "$server" = prosody ]; then command=prosody; else command=ejabberdctl; fi
    if PATH=$PATH:/usr/sbin:/sbin command -v "$command" > /dev/null; then
        test_server "$server"
    else
        count=$((count + 1))
        echo "ok $count - $server # SKIP it is not installed"
    fi
done
echo "1..$count"
[ "$failures" -eq 0 ]
