# shellcheck shell=bash disable=SC2034,SC2154  # the variables are of switch.sh
# SPDX-License-Identifier: MIT
#
# Part of switch.sh: Prosody's configuration and accounts.

prosody_require()
{
    command -v prosody >/dev/null || fail "prosody is not installed; run samples/packages.sh quickstart"
    command -v openssl >/dev/null || fail "openssl is not installed; run samples/packages.sh quickstart"
}

prosody_prepare()
{
    mkdir "$dir/data" "$dir/certs"
}

# A Lua string with every odd byte written as a number.
prosody_quote()
{
    local LC_ALL=C text=$1 out='' i char
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        if [[ $char != [A-Za-z0-9/._-] ]]; then
            printf -v char '\\%03d' "$(($(printf '%d' "'$char") & 255))"
        fi
        out+=$char
    done
    printf '"%s"' "$out"
}

# The lines that depend on the options.
prosody_options()
{
    local name disabled='"s2s"'
    if [ "$tls" = yes ]; then
        printf 'c2s_direct_tls_ports = { %s }\n' "$tls_port"
        printf 'ssl = { certificate = %s; key = %s }\n' \
            "$(prosody_quote "$dir/cert.pem")" "$(prosody_quote "$dir/key.pem")"
        printf 'c2s_direct_tls_ssl = ssl\nc2s_require_encryption = true\n'
    else
        disabled+='; "tls"'
        printf 'c2s_require_encryption = false\nallow_unencrypted_plain_auth = true\n'
    fi
    if [ "$stock_limits" = yes ]; then
        printf 'limits = { c2s = { rate = "10kb/s" } }\n'
    else
        disabled+='; "limits"' # loaded, it limits by its defaults, also when no limit is set
    fi
    printf 'modules_disabled = { %s }\n' "$disabled"
    printf 'allow_registration = %s\n' "$([ "$allow_register" = yes ] && echo true || echo false)"
    printf '%s\n' "$register_options"
    printf 'disable_sasl_mechanisms = { %s }\n' "$(unwanted_mechanisms | sed 's/.*/"&";/' | tr '\n' ' ')"
    if [ -n "$components" ]; then
        printf 'component_ports = { %s }\ncomponent_interfaces = { "127.0.0.1" }\n' "$component_port"
    fi
    printf 'VirtualHost "%s"\n' "$domain"
    for name in $components; do
        printf 'Component "%s"\n    component_secret = %s\n' "$name" "$(prosody_quote "$secret")"
    done
}

prosody_configure()
{
    cat > "$dir/prosody.cfg.lua" <<END
run_as_root = true
data_path = $(prosody_quote "$dir/data")
log = { ${log_level} = $(prosody_quote "$dir/log") }
pidfile = $(prosody_quote "$dir/prosody.pid")
plugin_paths = {}
modules_enabled = { "roster"; "saslauth"; "tls"; "disco"; "ping"; "register"; "version"; "adhoc"; "limits"; "posix" }
authentication = "internal_plain" -- every SCRAM variant can be derived from it
storage = "internal"
interfaces = { "127.0.0.1" }
c2s_ports = { $port }
c2s_stanza_size_limit = $stanza_size
END
    prosody_options >> "$dir/prosody.cfg.lua"
}

prosody_command()
{
    server_command=(prosody -F --config "$dir/prosody.cfg.lua")
}

# What the log on standard input says of the listeners. (Prosody goes on when it cannot have a port.)
prosody_state()
{
    local listeners
    read -r -a listeners <<< "$port $tls_port $component_port"
    awk -v listeners=${#listeners[@]} '
        /Failed to open server port/ { taken = 1 }
        /Activated service .* on \[127/ { opened++ }
        END { print (taken ? "taken" : (opened >= listeners ? "up" : "waiting")) }'
}

# Prosody reads an account's file at every login, so writing it needs no running server and no password on a
# command line. Bytes other than letters and digits are written as %xx in names of files.
prosody_account_file()
{
    local text out=() i char part
    for text in "$domain" "$1"; do
        part=''
        for ((i = 0; i < ${#text}; i++)); do
            char=${text:i:1}
            if [[ $char != [A-Za-z0-9] ]]; then
                printf -v char '%%%02x' "'$char"
            fi
            part+=$char
        done
        out+=("$part")
    done
    printf '%s/data/%s/accounts/%s.dat\n' "$dir" "${out[0]}" "${out[1]}"
}

prosody_write_account()
{
    (
        umask 077
        mkdir -p "${1%/*}"
        printf 'return {\n\t["password"] = %s;\n};\n' "$(prosody_quote "$2")" > "$1.new"
        mv "$1.new" "$1"
    )
}

prosody_adduser()
{
    local file
    file=$(prosody_account_file "$1")
    [ ! -e "$file" ] || fail "$1@$domain: the account exists already"
    prosody_write_account "$file" "$2"
}

prosody_passwd()
{
    local file
    file=$(prosody_account_file "$1")
    [ -e "$file" ] || fail "$1@$domain: no such account"
    prosody_write_account "$file" "$2"
}

prosody_deluser()
{
    local file
    file=$(prosody_account_file "$1")
    [ -e "$file" ] || fail "$1@$domain: no such account"
    rm -f "$file" "${file/\/accounts\//\/roster\/}"
}
