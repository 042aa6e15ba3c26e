#!/bin/sh
# IDL that no one here wrote: the files of Debian's omniorb-idl, where installed. They must be read to the end, with no
# other errors than "not supported", and names that the files themselves lack (omniidl misses the same ones).
set -eu
folder=/usr/share/idl/omniORB
idlgen=${JRPC_BUILDDIR:-.}/idlgen/idlgen
if [ ! -d "$folder" ]; then
    echo "1..0 # SKIP Debian package omniorb-idl is not installed"
    exit 0
fi
# Files that omniidl refuses, or reads only with files of other services.
broken=' CosTSPortability DCE_CIOPSecurity NRService SECIOP SSLIOP Security SecurityAdmin SecurityLevel1'
broken="$broken SecurityLevel2 SecurityReplaceable CosTradingRepos "
n=0
for file in "$folder"/*.idl "$folder"/COS/*.idl; do
    n=$((n + 1))
    name=$(basename "$file" .idl)
    status=0
    out=$(timeout 10 "$idlgen" --check --max-errors 0 --color=never -D__OMNIIDL__ -I"$folder" -I"$folder/COS" "$file" 2>&1) ||
        status=$?
    others=$(printf '%s\n' "$out" | grep ': error: ' | grep -v -e '\[unsupported\]$' || true)
    case $broken in *" $name "*) others= ;; esac
    if [ "$status" -le 1 ] && [ -z "$others" ]; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name: status $status"
        printf '%s\n' "$others" | head -5 | sed 's/^/#   /'
    fi
done
echo "1..$n"
