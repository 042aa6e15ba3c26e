#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A private Jabber server ("switch") on loopback, for the samples and the tests.

set -euo pipefail

usage()
{
    cat <<'END'
usage: switch.sh start [options]             start a server; prints its SWITCH_... variables
       switch.sh adduser USER [PASSWORD]     PASSWORD, @FILE or - (one line of standard input; the default)
       switch.sh passwd USER [PASSWORD]      give an account another password
       switch.sh deluser USER                remove an account
       switch.sh status | env                is it running? | print the variables again
       switch.sh kill                        end it without warning (SIGKILL); its data stays
       switch.sh restart                     start it again: same ports, same data, same options
       switch.sh stop                        end it and remove its folder
All but start take --dir DIR, or the server's folder from the variable SWITCH_DIR.

Options of start:
  --server prosody|ejabberd   the software (default: prosody)
  --dir DIR                   the folder to use: a new or an empty one (default: a new temporary one)
  --domain NAME               the Jabber domain (default: localhost)
  --cert-host NAME            whom the certificate names (default: the domain)
  --mechanisms "NAME..."      SASL mechanisms to offer (default: SCRAM only)
  --no-tls                    no encryption at all
  --client-certs              let clients log in with certificates of its authority, whose key is DIR/ca.key
  --component NAME            accept an external component (XEP-0114) of that name; may be repeated
  --secret SECRET|@FILE       the secret of the components
  --allow-register            let clients make their own accounts (XEP-0077)
  --register-options TEXT     how it does that, as the software writes it in its configuration
  --stock-limits              the rate limits that the server ships with (default: none)
  --stanza-size BYTES         the largest stanza accepted from clients (default: 262144)
  --lifetime SECONDS          end after this time at the latest (default: 3600; 0: never)
  --log-level info|debug      how much DIR/log tells (default: info)

Its authority's certificate is DIR/ca.pem, its log DIR/log. In a script:
  vars=$(switch.sh start) && eval "$vars"
  switch.sh adduser --dir "$SWITCH_DIR" peer-a @password-file
END
}

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
for part in certificate process prosody ejabberd; do
    # shellcheck source=/dev/null
    . "$here/switch/$part.sh"
done

fail()
{
    printf 'switch.sh: %s\n' "$*" >&2
    exit 1
}

fail_usage()
{
    printf "switch.sh: %s; see 'switch.sh --help'\n" "$*" >&2
    exit 2
}

# --- What a server is: its options, kept in DIR/options, and its state, published in DIR/env. ---

option_names=(server domain cert_host mechanisms tls client_certs components secret allow_register register_options stock_limits stanza_size
    lifetime log_level port tls_port component_port control_port control_path made_dir)

# shellcheck disable=SC2034     # several are for the parts only
set_defaults()
{
    server=prosody domain=localhost cert_host='' tls=yes client_certs=no secret='' allow_register=no register_options='' stock_limits=no
    mechanisms='SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-512'
    mechanisms+=' SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS SCRAM-SHA-512-PLUS'
    stanza_size=262144 lifetime=3600 log_level=info
    components=''                       # separated by spaces
    dir='' made_dir=no
    port='' tls_port='' component_port='' control_port='' control_path=''
}

save_options()
{
    local name
    (
        umask 077
        for name in "${option_names[@]}"; do
            printf '%s=%q\n' "$name" "${!name}"
        done > "$dir/options"
    )
}

write_env()
{
    {
        printf 'SWITCH_DIR=%q\n' "$dir"
        printf 'SWITCH_SERVER=%s\n' "$server"
        printf 'SWITCH_PID=%s\n' "$(process_id server)"
        printf 'SWITCH_HOST=127.0.0.1\n'
        printf 'SWITCH_PORT=%s\n' "$port"
        printf 'SWITCH_TLS_PORT=%s\n' "$tls_port"
        printf 'SWITCH_COMPONENT_PORT=%s\n' "$component_port"
        printf 'SWITCH_CA=%q\n' "$dir/ca.pem"
        printf 'SWITCH_DOMAIN=%s\n' "$domain"
    } > "$dir/env.new"
    mv "$dir/env.new" "$dir/env"
}

# Finds the server that --dir or SWITCH_DIR names, and reads its options.
load()
{
    dir=${dir:-${SWITCH_DIR-}}
    [ -n "$dir" ] || fail_usage "which server? give --dir DIR or set SWITCH_DIR"
    [ -f "$dir/options" ] || fail "$dir: no server was started there"
    dir=$(readlink -f "$dir")
    # shellcheck source=/dev/null
    . "$dir/options"
}

check_name()
{
    [[ $2 =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || fail_usage "$1: '$2' is not a host name"
}

check_number()
{
    [[ $2 =~ ^[0-9]{1,9}$ ]] || fail_usage "$1: '$2' is not a number"
}

# Sets `value` to the text that $1 stands for: itself, or a line of a file (@FILE) or of standard input (-).
read_secret()
{
    case $1 in
        -)  IFS= read -r value || [ -n "$value" ] || fail "standard input: no password there" ;;
        @*) [ -r "${1#@}" ] || fail "${1#@}: cannot be read"
            IFS= read -r value < "${1#@}" || true ;;
        *)  value=$1 ;;
    esac
    [ -n "$value" ] || fail "an empty password or secret is not allowed"
    [[ $value != *[[:cntrl:]]* ]] || fail "a password or secret may not have control characters"
}

# shellcheck disable=SC2034
parse_start()
{
    local value
    while [ $# -gt 0 ]; do
        case $1 in
            --no-tls)         tls=no; shift; continue ;;
            --client-certs)   client_certs=yes; shift; continue ;;
            --allow-register) allow_register=yes; shift; continue ;;
            --stock-limits)   stock_limits=yes; shift; continue ;;
        esac
        [ $# -ge 2 ] || fail_usage "$1: no such option, or its value is missing"
        case $1 in
            --server)      server=$2 ;;
            --dir)         dir=$2 ;;
            --domain)      check_name "$1" "$2"; domain=$2 ;;
            --cert-host)   check_name "$1" "$2"; cert_host=$2 ;;
            --mechanisms)  mechanisms=$2 ;;
            --component)   check_name "$1" "$2"; components+="${components:+ }$2" ;;
            --register-options) register_options=$2 ;;
            --secret)      read_secret "$2"; secret=$value ;;
            --stanza-size) check_number "$1" "$2"; stanza_size=$2 ;;
            --lifetime)    check_number "$1" "$2"; lifetime=$2 ;;
            --log-level)   log_level=$2 ;;
            *)             fail_usage "no such option: $1" ;;
        esac
        shift 2
    done
    [[ $server =~ ^(prosody|ejabberd)$ ]] || fail_usage "--server: '$server' is neither prosody nor ejabberd"
    [ $client_certs = no ] || mechanisms+=' EXTERNAL'
    [[ $log_level =~ ^(info|debug)$ ]] || fail_usage "--log-level: '$log_level' is neither info nor debug"
    [ -z "$components" ] || [ -n "$secret" ] || fail_usage "--component needs --secret"
}

# Prints those of all SASL mechanisms which are not to be offered.
unwanted_mechanisms()
{
    local name
    for name in PLAIN LOGIN DIGEST-MD5 ANONYMOUS EXTERNAL X-OAUTH2 SCRAM-SHA-{1,224,256,384,512}{,-PLUS}; do
        [[ " $mechanisms " == *" $name "* ]] || printf '%s\n' "$name"
    done
}

# --- Verbs ---

make_dir()
{
    umask 077
    if [ -z "$dir" ]; then
        dir=$(mktemp -d "${TMPDIR:-/tmp}/jabber-switch.XXXXXX")
        made_dir=yes
    elif [ ! -e "$dir" ]; then
        mkdir -p "$dir"
        made_dir=yes
    elif [ ! -d "$dir" ] || [ -n "$(ls -A "$dir")" ]; then
        fail "$dir: neither new nor an empty folder"
    fi
    dir=$(readlink -f "$dir")
}

# A folder that was there before stays, empty.
remove_dir()
{
    if [ "$made_dir" = yes ]; then
        rm -rf "$dir"
    else
        find "$dir" -mindepth 1 -delete
    fi
}

abandon_start()
{
    process_end || true
    remove_dir
}

# Ports are chosen here, not by the server: a start that finds one taken by somebody else tries others.
start_on_free_ports()
{
    local try
    for try in 1 2 3 4 5 6; do
        process_choose_ports
        save_options
        "${server}_configure"
        if process_start; then
            return 0
        fi
        printf 'switch.sh: a port was taken, attempt %d\n' "$try" >> "$dir/log"
    done
    fail "no free ports on 127.0.0.1 after $try attempts"
}

verb_start()
{
    set_defaults
    parse_start "$@"
    "${server}_require"
    make_dir
    trap abandon_start EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    if [ $tls = yes ]; then
        certificate_make "${cert_host:-$domain}"
    fi
    "${server}_prepare"
    start_on_free_ports
    write_env
    cat "$dir/env"
    trap - EXIT
}

verb_restart()
{
    process_end
    process_start || fail "a port of $dir is now in use by another program"
    write_env
    cat "$dir/env"
}

verb_status()
{
    if process_runs server; then
        printf '%s: %s runs (process %s)\n' "$dir" "$server" "$(process_id server)"
    else
        printf '%s: %s does not run\n' "$dir" "$server"
        return 1
    fi
}

verb_stop()
{
    process_end
    remove_dir
}

# adduser, passwd, deluser
verb_account()
{
    local verb=$1 user=${2-} value=''
    [[ $user =~ ^[a-z0-9._+=-]+$ ]] || fail_usage "'$user' is no user name for it (a-z 0-9 . _ + = -)"
    if [ "$verb" != deluser ]; then
        read_secret "${3--}"
    fi
    "${server}_${verb}" "$user" "$value"
}

main()
{
    local verb=${1-}
    case $verb in
        start)                    shift; verb_start "$@"; return ;;
        -h|--help|help)           usage; return ;;
        stop|kill|restart|status|env|adduser|passwd|deluser) shift ;;
        *)                        fail_usage "no such verb: '$verb'" ;;
    esac
    set_defaults
    if [ "${1-}" = --dir ]; then
        dir=${2-}
        shift 2 || fail_usage "--dir needs a folder"
    fi
    load
    case $verb in
        stop|restart|status)      "verb_$verb" ;;
        kill)                     process_kill ;;
        env)                      cat "$dir/env" ;;
        *)                        verb_account "$verb" "$@" ;;
    esac
}

main "$@"
