# shellcheck shell=bash disable=SC2034,SC2154  # the variables are of switch.sh
# SPDX-License-Identifier: MIT
#
# Part of switch.sh: a throw-away authority (ca.pem) and a server certificate made by it (cert.pem, key.pem).

# certificate_make HOST
certificate_make()
{
    local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    cat > "$dir/openssl.cnf" <<END
[req]
distinguished_name = name
prompt = no
[name]
CN = $1
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[host]
basicConstraints = critical, CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
extendedKeyUsage = serverAuth
subjectAltName = DNS:$1
END
    {
        openssl req -config "$dir/openssl.cnf" -x509 "${key[@]}" -days 30 -extensions ca \
            -subj "/CN=throw-away authority of a private switch" -keyout "$dir/ca.key" -out "$dir/ca.pem" &&
            openssl req -config "$dir/openssl.cnf" -x509 "${key[@]}" -days 30 -extensions host \
            -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -keyout "$dir/key.pem" -out "$dir/cert.pem"
    } >> "$dir/log" 2>&1 || {
        tail "$dir/log" >&2
        fail "openssl could not make a certificate for $1 (see above)"
    }
    rm -f "$dir/openssl.cnf"
    [ "$client_certs" = yes ] || rm -f "$dir/ca.key"
}
