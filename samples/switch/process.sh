# shellcheck shell=bash disable=SC2034,SC2154  # the variables are of switch.sh
# SPDX-License-Identifier: MIT
#
# Part of switch.sh: the server's process: its ports, its start, whether it answers, its end.
#
# Two processes are known by name: `keeper`, which limits the lifetime, and `server`, its child. DIR/NAME.pid
# holds the process id and the start time: a number that the kernel has given to another process is not hit.

# The start time of process $1 in the kernel's ticks; fails if there is none, or only its dead body.
process_birth()
{
    local stat fields
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -r -a fields <<< "${stat##*) }"    # what follows the name, which may itself hold anything
    [ "${fields[0]}" != Z ] || return 1
    printf '%s\n' "${fields[19]}"
}

process_id()
{
    local id=''
    read -r id _ < "$dir/$1.pid" 2>/dev/null || true
    printf '%s\n' "$id"
}

process_runs()
{
    local id birth
    [ -f "$dir/$1.pid" ] || return 1
    read -r id birth < "$dir/$1.pid" || return 1
    [ "$(process_birth "$id")" = "$birth" ]
}

# Below the range from which the kernel takes ports for outgoing connections: a restart shall find them free.
process_choose_ports()
{
    local low chosen
    read -r low _ < /proc/sys/net/ipv4/ip_local_port_range
    if [ "$low" -lt 12000 ]; then
        low=32768
    fi
    chosen=$(shuf -i "10000-$((low - 1))" -n 40 | process_free_ports 4)
    # shellcheck disable=SC2086
    set -- $chosen
    [ $# = 4 ] || fail "no free ports on 127.0.0.1"
    port=$1 tls_port='' component_port='' control_port=$4
    if [ "$tls" = yes ]; then
        tls_port=$2
    fi
    if [ -n "$components" ]; then
        component_port=$3
    fi
}

# Passes on the first $1 of the port numbers it reads on which nobody listens.
process_free_ports()
{
    local number left=$1
    while [ "$left" -gt 0 ] && read -r number; do
        if ! process_accepts "$number"; then
            printf '%s\n' "$number"
            left=$((left - 1))
        fi
    done
}

process_accepts()
{
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Does a Jabber server for our domain answer on the port?
process_answers()
(
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
    printf "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='%s' version='1.0' %s>" "$domain" \
        "xmlns:stream='http://etherx.jabber.org/streams'" >&3
    while IFS= read -r -t 2 -d '>' -u 3 tag; do
        if [[ $tag == *'</stream:features' ]]; then
            exit 0
        fi
    done
    exit 1
) 2>/dev/null

# The keeper's life, in the background: it ends the server after the lifetime, so that a crashed test leaves
# none running for ever. Nothing of the caller's may stay open: a pipe's reader would wait for the server.
process_keep()
{
    local fd status=0
    for fd in /proc/self/fd/*; do
        fd=${fd##*/}
        if [ "$fd" -gt 2 ]; then
            eval "exec $fd>&-"
        fi
    done
    trap - EXIT INT TERM
    cd "$dir" || exit
    printf '%s %s\n' "$BASHPID" "$(process_birth "$BASHPID")" > keeper.pid
    # shellcheck disable=SC2016
    setsid timeout --kill-after=10 "$lifetime" bash -c '
        read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ birth _ < /proc/$$/stat
        printf "%s %s\n" $$ "$birth" > server.pid.new && mv server.pid.new server.pid
        exec "$@"' bash "${server_command[@]}" || status=$?
    if [ $status = 124 ]; then
        remove_dir
    fi
}

# Starts the server and waits until it answers. Status 1: one of its ports belongs to another program.
process_start()
{
    local log_start state server_command=() deadline=$((SECONDS + 60))
    log_start=$(($(stat -c %s "$dir/log" 2>/dev/null || echo 0) + 1))
    rm -f "$dir/server.pid" "$dir/keeper.pid"
    "${server}_command"
    process_keep > /dev/null 2>> "$dir/log" < /dev/null &
    launched=$!
    disown
    while :; do
        state=$(tail -c "+$log_start" "$dir/log" | "${server}_state")
        if [ "$state" = up ] && process_answers; then
            return 0
        elif [ "$state" = taken ]; then
            process_end
            return 1
        elif [ -f "$dir/server.pid" ] && ! process_runs server; then
            process_explain "ended at once"
        elif [ $SECONDS -ge $deadline ]; then
            process_explain "did not answer within 60 seconds"
        fi
        sleep 0.05
    done
}

process_explain()
{
    tail -n 20 "$dir/log" >&2
    fail "$server $1; its log ends as above"
}

# Waits up to $1 seconds for the end of both processes.
process_wait()
{
    local deadline=$((SECONDS + $1))
    while process_runs server || process_runs keeper; do
        [ $SECONDS -lt $deadline ] || return 1
        sleep 0.02
    done
}

process_signal()
{
    if process_runs server; then
        kill -s "$1" "$(process_id server)" 2>/dev/null || true
    fi
}

process_kill()
{
    process_signal KILL
    process_wait 10 || fail "$server (process $(process_id server)) does not die"
}

process_end()
{
    # A start that was interrupted may be about to have a server.
    while [ ! -f "$dir/server.pid" ] && [ -n "${launched-}" ] && process_birth "$launched" > /dev/null; do
        sleep 0.02
    done
    process_signal TERM
    process_wait 10 || process_kill
}
