#!/bin/sh
# The command line of `idlgen fmt`: files, standard input, --write, --check, mistakes, exit statuses.
# shellcheck disable=SC2016 # what sh -c gets is expanded there
# shellcheck source=tests/idl/options.sh
. "$(dirname "$0")/options.sh"

good='struct S { long x; };'
printf 'struct S{long x;};' >ugly.idl
printf '%s\n' "$good" >good.idl
printf 'struct S{lng x;};' >bad.idl
cp bad.idl bad.before

check '--help' exits 0 "$idlgen" fmt --help
check '--help fits a screen' sh -c 'test "$(wc -l <out)" -le 30 && test "$(wc -L <out)" -le 120' -
check '--help names the exit statuses' grep -q 'Exit status: 0' out
check 'a file to standard output' exits 0 "$idlgen" fmt ugly.idl
check 'is formatted' holds "$good" out
check 'and left alone' sh -c 'test "$(cat ugly.idl)" = "struct S{long x;};"' -
check 'standard input' exits 0 with_input ugly.idl "$idlgen" fmt -
check 'is formatted as well' holds "$good" out

check '--check of a good file' exits 0 "$idlgen" fmt --check good.idl
check 'says nothing' test ! -s out
check '--check of another' exits 1 "$idlgen" fmt --check good.idl ugly.idl
check 'shows the difference' holds '--- ugly.idl
+++ ugly.idl (formatted)
@@ -1,1 +1,1 @@
-struct S{long x;};
\ No newline at end of file
+struct S { long x; };' out
cp ugly.idl patched.idl
check 'which patch(1) takes, where there is one' sh -c 'command -v patch >/dev/null || exit 0
    patch -s patched.idl <out && diff good.idl patched.idl' -
check '--check changes nothing' sh -c 'test "$(cat ugly.idl)" = "struct S{long x;};"' -
seq 1 40 | sed 's/.*/const long N& = &;/' >long.idl
sed 's/ = 7;/=7;/; s/ = 12;/ =  12;/; s/ = 30;/\t= 30;/; s/ = 40;/ = 40 ;/' long.idl >long-ugly.idl
cp long-ugly.idl long-patched.idl
check '--check in several places' exits 1 "$idlgen" fmt --check long-ugly.idl
check 'shows only those' sh -c 'test "$(grep -c "^@@" out)" -eq 3 && test "$(grep -c "^-" out)" -eq 5' -
check 'as a patch' sh -c 'command -v patch >/dev/null || exit 0
    patch -s long-patched.idl <out && diff long.idl long-patched.idl' -

chmod 640 ugly.idl
ln -s ugly.idl link.idl
touch -d '2001-01-01' good.idl
check '--write' exits 0 "$idlgen" fmt --write good.idl link.idl
check 'says nothing either' test ! -s out
check 'puts the result into the file' holds "$good" ugly.idl
check 'keeps its mode' sh -c 'test "$(stat -c %a ugly.idl)" = 640' -
check 'follows a link' test -L link.idl
check 'touches no file that is right' test good.idl -ot ugly.idl
check 'leaves nothing else' sh -c 'test "$(ls ./*.idl.* 2>/dev/null | wc -l)" -eq 0' -
check 'now --check is content' exits 0 "$idlgen" fmt --check good.idl ugly.idl link.idl

check 'a file with mistakes is refused' exits 1 "$idlgen" fmt -w bad.idl good.idl
check 'with the diagnostic' grep -q "bad.idl:1:10: error: unknown type 'lng'.*\[name-unknown\]" err
check 'and untouched' cmp bad.idl bad.before
check 'to standard output it gives nothing' sh -c '"$1" fmt bad.idl 2>/dev/null | wc -c | grep -qx 0' - "$idlgen"
check '--diagnostics=json' exits 1 "$idlgen" fmt --diagnostics=json bad.idl
check 'is one document' /usr/bin/python3 -c 'import json; d = json.load(open("err")); assert d["errors"] == 1, d'
printf 'struct S { lng x; };' >stdin.idl
check '--stdin-name in messages' exits 1 with_input stdin.idl "$idlgen" fmt --stdin-name a/b.idl -
check 'is shown' grep -q '^a/b.idl:1:12: error' err
mkdir inc
printf 'struct P { long x; };\n' >inc/p.idl
printf '#include "p.idl"\nstruct Q{P p;};\n' >q.idl
check 'includes are looked for' exits 1 "$idlgen" fmt q.idl
check 'by -I' exits 0 "$idlgen" fmt -I inc q.idl
check 'and beside --stdin-name' exits 0 with_input q.idl "$idlgen" fmt --stdin-name inc/q.idl -
printf '\nconst long N = __LINE__;\n' >line.idl
cp line.idl line.before
check '__LINE__ would change' exits 2 "$idlgen" fmt -w line.idl
check 'as the message says' grep -q 'another layout would mean something else' err
check 'so the file stays' cmp line.idl line.before
printf 'valuetype V { public long x; };\n' >value.idl
check 'what XML-RPC cannot carry is formatted' exits 0 "$idlgen" fmt value.idl

check 'no such file' exits 2 "$idlgen" fmt none.idl
check 'says which' grep -q '^idlgen fmt: none.idl: No such file' err
check 'a folder' exits 2 "$idlgen" fmt inc
check 'no file' exits 2 "$idlgen" fmt
check 'unknown option' exits 2 "$idlgen" fmt --chek good.idl
check 'says which' grep -q "unknown option '--chek'" err
check 'option without value' exits 2 "$idlgen" fmt good.idl --stdin-name
check '--check and --write' exits 2 "$idlgen" fmt --check --write good.idl
check 'several files to standard output' exits 2 "$idlgen" fmt good.idl ugly.idl
check 'bad number' exits 2 "$idlgen" fmt --max-errors x good.idl
check 'bad form' exits 2 "$idlgen" fmt --diagnostics=xml good.idl
mkdir locked
cp stdin.idl locked/a.idl
printf 'struct S{long x;};' >locked/a.idl
chmod 555 locked
if [ "$(id -u)" -ne 0 ]; then
    check 'a folder that cannot be written' exits 2 "$idlgen" fmt -w locked/a.idl
    check 'leaves the file whole' sh -c 'test "$(cat locked/a.idl)" = "struct S{long x;};"' -
else
    n=$((n + 1))
    echo "ok $n # SKIP a folder that cannot be written: root can write everywhere"
fi
check 'full standard output' sh -c '"$1" fmt good.idl >/dev/full 2>/dev/null; test $? -eq 2' - "$idlgen"
echo "1..$n"
