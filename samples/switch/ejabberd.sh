# shellcheck shell=bash disable=SC2034,SC2154  # the variables are of switch.sh
# SPDX-License-Identifier: MIT
#
# Part of switch.sh: ejabberd's configuration and accounts.
#
# ejabberdctl insists on the user ejabberd, on a node name and so on epmd, a daemon that outlives it. So the
# Erlang machine is started here, nameless, and spoken to through ejabberd's HTTP API at a secret path.

ejabberd_require()
{
    command -v erl >/dev/null || fail "ejabberd is not installed; run samples/packages.sh test"
    command -v openssl >/dev/null || fail "openssl is not installed; run samples/packages.sh quickstart"
    ejabberd_find_library >/dev/null || fail "ejabberd is not installed; run samples/packages.sh test"
}

# Prints the folder that holds the Erlang libraries of the package.
ejabberd_find_library()
{
    local file
    for file in /usr/lib/*/ejabberd-*/ebin/ejabberd.app; do
        if [ -f "$file" ]; then
            printf '%s\n' "${file%/ejabberd-*}"
            return
        fi
    done
    return 1
}

ejabberd_prepare()
{
    control_path=$(openssl rand -hex 16)
    mkdir "$dir/data"
}

ejabberd_quote()
{
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

ejabberd_listeners()
{
    local shaper='' starttls='' verify='' name
    if [ "$stock_limits" = yes ]; then
        shaper='shaper: c2s_shaper'
    fi
    if [ "$tls" = yes ]; then
        starttls='starttls_required: true'
        if [ "$client_certs" = yes ]; then
            verify='tls_verify: true'
        fi
        printf '  - { port: %s, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: %s, tls: true%s%s }\n' \
            "$tls_port" "$stanza_size" "${verify:+, $verify}" "${shaper:+, $shaper}"
    fi
    printf '  - { port: %s, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: %s%s%s%s }\n' \
        "$port" "$stanza_size" "${starttls:+, $starttls}" "${verify:+, $verify}" \
        "${shaper:+, $shaper}"
    printf '  - { port: %s, ip: "127.0.0.1", module: ejabberd_http, ' "$control_port"
    printf 'request_handlers: { "/%s": mod_http_api } }\n' "$control_path"
    if [ -n "$components" ]; then
        printf '  - port: %s\n    ip: "127.0.0.1"\n' "$component_port"
        printf '    module: ejabberd_service\n    hosts:\n'
        for name in $components; do
            printf '      "%s": { password: %s }\n' "$name" "$(ejabberd_quote "$secret")"
        done
    fi
}

ejabberd_options()
{
    if [ "$tls" = yes ]; then
        printf 'certfiles: [ %s, %s ]\nca_file: %s\nc2s_cafile: %s\n' "$(ejabberd_quote "$dir/cert.pem")" \
            "$(ejabberd_quote "$dir/key.pem")" "$(ejabberd_quote "$dir/ca.pem")" "$(ejabberd_quote "$dir/ca.pem")"
    fi
    if [ "$stock_limits" = yes ]; then
        printf 'shaper: { normal: { rate: 3000, burst_size: 20000 } }\n'
        printf 'shaper_rules: { max_user_sessions: 10, c2s_shaper: { normal: all } }\n'
    else
        printf 'shaper_rules: { max_user_sessions: infinity }\n'
    fi
    printf 'disable_sasl_mechanisms: [ %s ]\n' "$(unwanted_mechanisms | sed 's/.*/"&"/' | paste -sd, -)"
    printf 'listen:\n'
    ejabberd_listeners
}

ejabberd_configure()
{
    cat > "$dir/ejabberd.yml" <<END
hosts: [ "$domain" ]
loglevel: $log_level
log_rotate_count: 0
auth_password_format: plain
registration_timeout: infinity
access_rules:
  register: { $([ "$allow_register" = yes ] && echo allow || echo deny): all }
api_permissions:
  control: { from: [ mod_http_api ], who: all, what: [ register, unregister, change_password ] }
$(ejabberd_options)
modules:
  mod_adhoc: {}
  mod_admin_extra: {}
  mod_disco: {}
  mod_ping: {}
  mod_register: { access: register, ip_access: all${register_options:+, $register_options} }
  mod_roster: {}
  mod_version: {}
END
}

# Mnesia flushes its log every two seconds or so; an account shall outlive a kill at any moment.
ejabberd_flusher='spawn(fun() ->
    ok = mnesia:wait_for_tables([passwd], 60000),
    {ok, _} = mnesia:subscribe({table, passwd, simple}),
    (fun Loop() -> receive _ -> mnesia:sync_log(), Loop() end end)()
end).'

ejabberd_command()
{
    server_command=(env HOME="$dir" ERL_LIBS="$(ejabberd_find_library)" ERL_CRASH_DUMP_BYTES=0
        EJABBERD_CONFIG_PATH="$dir/ejabberd.yml" EJABBERD_LOG_PATH="$dir/log"
        erl -noinput +K true +sbwt none +sbwtdcpu none +sbwtdio none
        -mnesia dir "$(ejabberd_quote "$dir/data")"
        -ejabberd quiet true -s ejabberd -eval "$ejabberd_flusher")
}

# What the log on standard input says of the listeners.
ejabberd_state()
{
    awk '
        /Failed to open socket/ { taken = 1 }
        /Start accepting .*connections/ { opened++ }
        /ejabberd .* is started in the node/ { started = 1 }
        END { print (taken ? "taken" : (started && opened ? "up" : "waiting")) }'
}

# A JSON string of a text without control characters.
ejabberd_json()
{
    ejabberd_quote "$1"
}

# ejabberd_api COMMAND JSON: the password travels in the body of the request, over loopback.
ejabberd_api()
(
    LC_ALL=C
    exec 3<>"/dev/tcp/127.0.0.1/$control_port" || fail "$dir: ejabberd does not run"
    {
        printf 'POST /%s/%s HTTP/1.0\r\nHost: localhost\r\n' "$control_path" "$1"
        printf 'Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' "${#2}" "$2"
    } >&3
    answer=$(timeout 10 cat <&3 || true)
    if [[ $answer != "HTTP/1."?" 200 "* ]]; then
        fail "ejabberd refused to $1: ${answer##*$'\r\n\r\n'}"
    fi
)

ejabberd_adduser()
{
    ejabberd_api register \
        "{\"user\":$(ejabberd_json "$1"),\"host\":\"$domain\",\"password\":$(ejabberd_json "$2")}"
}

ejabberd_passwd()
{
    ejabberd_api change_password \
        "{\"user\":$(ejabberd_json "$1"),\"host\":\"$domain\",\"newpass\":$(ejabberd_json "$2")}"
}

ejabberd_deluser()
{
    ejabberd_api unregister "{\"user\":$(ejabberd_json "$1"),\"host\":\"$domain\"}"
}
