#!/bin/sh
# The command line of `idlgen lint`: rules, files, forms of messages, exit statuses.
# shellcheck disable=SC2016 # what sh -c gets is expanded there
# shellcheck source=tests/idl/options.sh
. "$(dirname "$0")/options.sh"
# The rules found, in order.
finds() {
    printf '%s\n' "$1" >want
    sed -n 's/.*: [a-z]*: .*\[\([a-z-]*\)\]$/\1/p' err >got
    diff want got
}

printf '/// Clean.\nstruct S { long x; };\n' >clean.idl
printf 'struct s { long X; };\n' >ugly.idl
printf 'struct S { lng X; };\n' >bad.idl

check '--help' exits 0 "$idlgen" lint --help
check '--help fits a screen' sh -c 'test "$(wc -l <out)" -le 30 && test "$(wc -L <out)" -le 120' -
check '--help names the exit statuses' grep -q 'Exit status: 0' out
check '--rules' exits 0 "$idlgen" lint --rules
check 'lists them' sh -c 'test "$(wc -l <out)" -ge 18 && grep -q "^wire-optional .*off by default" out' -
check 'each has a page' sh -c 'sed "s/ .*//" out | while read -r rule; do "$1" explain "$rule" >/dev/null || exit 1; done' - "$idlgen"

check 'a clean file' exits 0 "$idlgen" lint clean.idl
check 'gives nothing' sh -c 'test ! -s out && test ! -s err' -
check 'another' exits 1 "$idlgen" lint ugly.idl
check 'gives all its findings' finds 'type-name
doc-missing
member-name'
check "in clang's form" grep -qx "ugly.idl:1:8: warning: struct 's' should be 'S': CapWords \[type-name\]" err
check '--disable' exits 1 "$idlgen" lint --disable type-name,doc-missing ugly.idl
check 'switches rules off' finds 'member-name'
check '--disable all' exits 0 "$idlgen" lint --disable=all ugly.idl
check '--disable all --enable' exits 1 "$idlgen" lint --disable all --enable type-name ugly.idl
check 'leaves one' finds 'type-name'
printf '// idl-lint: disable(all) enable(member-name)\n' | cat - ugly.idl >configured.idl
check 'the file configures' exits 1 "$idlgen" lint configured.idl
check 'what holds in it' finds 'member-name'
check 'and options come behind' exits 1 "$idlgen" lint --enable type-name --disable member-name configured.idl
check 'so that they win' finds 'type-name'
check '--werror' exits 1 "$idlgen" lint --werror ugly.idl
check 'shows errors' grep -q ': error: .*\[type-name\]' err
check '--diagnostics=json' exits 1 "$idlgen" lint --diagnostics=json ugly.idl
check 'is a document' /usr/bin/python3 -c 'import json
d = json.load(open("err"))
assert [(x["rule"], x["line"], x["column"], x["severity"]) for x in d["diagnostics"]] == [
    ("type-name", 1, 8, "warning"), ("doc-missing", 1, 8, "warning"), ("member-name", 1, 17, "warning")], d
assert d["warnings"] == 3'
check 'also of a clean file' sh -c '"$1" lint --diagnostics=json clean.idl 2>&1 | grep -q "\"warnings\": 0"' - "$idlgen"
check 'standard input' exits 1 with_input ugly.idl "$idlgen" lint --stdin-name in/put.idl -
check 'has the name it was given' grep -q '^in/put.idl:1:8: warning' err
check 'several files' exits 1 "$idlgen" lint clean.idl ugly.idl configured.idl
check 'all of them' finds 'type-name
doc-missing
member-name
member-name'
check 'mistakes come first' exits 1 "$idlgen" lint bad.idl
check 'and alone' finds 'name-unknown'

check 'no such file' exits 2 "$idlgen" lint none.idl
check 'says which' grep -q '^idlgen lint: none.idl: No such file' err
check 'no file' exits 2 "$idlgen" lint
check 'unknown rule' exits 2 "$idlgen" lint --enable no-such-rule clean.idl
check 'says which' grep -q "there is no rule 'no-such-rule'" err
check 'unknown option' exits 2 "$idlgen" lint --enble x clean.idl
check 'option without value' exits 2 "$idlgen" lint clean.idl --disable
echo "1..$n"
