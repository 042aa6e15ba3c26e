#!/bin/sh
# SPDX-License-Identifier: MIT
# The command line of idlgen breaking: files, folders, git; levels, forms, exit statuses. TAP.
# shellcheck disable=SC2016  # what sh -c expands
# shellcheck source=tests/idl/options.sh
. "$(dirname "$0")/options.sh"

# breaking STATUS ARGUMENTS...: of idlgen breaking
breaking() {
    status=$1
    shift
    exits "$status" "$idlgen" breaking "$@" </dev/null
}
says() {
    grep -qF -- "$1" "$2" && return 0
    cat "$2"
    return 1
}
# one_line FILE
one_line() {
    [ "$(wc -l <"$1")" -eq 1 ] && return 0
    cat "$1"
    return 1
}

# Nobody's settings, and no repository around the folder.
export GIT_CONFIG_NOSYSTEM=1 HOME="$work" GIT_CEILING_DIRECTORIES="$work"
unset GIT_DIR GIT_WORK_TREE

printf 'interface I { void f(in long a); };\n' >a.idl
printf 'interface I { void f(in string a); };\n' >wire.idl
printf 'interface I { @wire_name("I.f") void g(in long a); };\n' >source.idl
printf 'interface I { void f(in int a); };\n' >bad.idl

check 'the same: status 0' breaking 0 a.idl a.idl
check 'and nothing is said' sh -c 'test ! -s out && test ! -s err'
check 'the wire breaks: status 1' breaking 1 a.idl wire.idl
check 'it says where' says "wire.idl:1:32: error: parameter 'a' of 'I::f' was 'long' and is 'string' now" out
check 'what it was' says 'a.idl:1:30: note: it was here' out
check 'which rule' says '[param-type]' out
check 'and how many' says '1 breaks the wire, 0 only C source' out
check 'C source breaks: status 1' breaking 1 a.idl source.idl
check 'with --level source too' breaking 1 --level=source a.idl source.idl
check 'with --level wire: status 0' breaking 0 --level wire a.idl source.idl
check 'and it is a warning' says 'source.idl:1:38: warning: ' out
check 'the wire with --level wire: status 1' breaking 1 --level wire a.idl wire.idl
check '--help: status 0' breaking 0 --help
check 'it fits a screen' sh -c '[ "$(wc -l <out)" -le 30 ]'
check '--help after files' breaking 0 a.idl wire.idl --help
check 'JSON: status 1' breaking 1 --diagnostics=json a.idl wire.idl
check 'it is JSON' /usr/bin/python3 -c '
import json
document = json.load(open("out"))
[found] = document["diagnostics"]
assert found["breaks"] == ["wire", "source"] and found["rule"] == "param-type" and found["severity"] == "error"
assert found["notes"][0]["file"] == "a.idl" and document["errors"] == 1, document'
check 'JSON of nothing: status 0' breaking 0 --diagnostics=json a.idl a.idl
check 'is JSON' /usr/bin/python3 -c 'import json; assert json.load(open("out"))["diagnostics"] == []'
check '--color=always colours' sh -c '"$1" breaking --color=always a.idl wire.idl | grep -q "$(printf "\033")"' - "$idlgen"

check 'one file: status 2' breaking 2 a.idl
check 'it says what to do' says 'nothing to compare it with' err
check 'no file: status 2' breaking 2
check 'three files: status 2' breaking 2 a.idl a.idl a.idl
check 'an unknown option: status 2' breaking 2 --nonsense a.idl a.idl
check 'an option without value: status 2' breaking 2 a.idl a.idl --level
check 'an unknown level: status 2' breaking 2 --level nonsense a.idl a.idl
check 'an unknown form: status 2' breaking 2 --diagnostics=xml a.idl a.idl
check 'an unknown colour: status 2' breaking 2 --color=red a.idl a.idl
check 'no such file: status 2' breaking 2 a.idl nowhere.idl
check 'in one line' one_line err
check 'mistakes in the IDL: status 2' breaking 2 a.idl bad.idl
check 'they are shown' says 'bad.idl:1:25: error:' err
check 'mistakes on both sides are' sh -c '"$1" breaking bad.idl bad.idl 2>&1 | grep -c "error:" | grep -qx 2' - "$idlgen"
check 'standard input twice: status 2' breaking 2 - -
check 'standard input' sh -c '"$1" breaking - wire.idl <a.idl | grep -q "^<stdin>:1:30: note"' - "$idlgen"

# ---- includes, macros ----
mkdir inc-old inc-new
printf 'struct P { long x; };\n' >inc-old/p.idl
printf 'struct P { string x; };\n' >inc-new/p.idl
printf '#include "p.idl"\ninterface I { void f(in P p); };\n' >inc-old/i.idl
cp inc-old/i.idl inc-new/i.idl
check 'what an included file breaks' breaking 1 inc-old/i.idl inc-new/i.idl
check 'is told in that file' says 'inc-new/p.idl:1:19: error: ' out
printf '#include <p.idl>\ninterface I { TYPE f(in P p); };\n' >m.idl
check '-I and -D' breaking 0 -Iinc-old -D TYPE=long m.idl m.idl

# ---- folders ----
check 'folders: status 1' breaking 1 inc-old inc-new
check 'a struct that two files have is told once' says '1 breaks the wire, 0 only C source' out
check 'folders that are the same: status 0' breaking 0 inc-old inc-old
check 'a file and a folder: status 2' breaking 2 a.idl inc-new
check 'a folder without files: status 2' sh -c 'mkdir empty && ! "$1" breaking empty inc-new 2>err && grep -q "no .idl file" err' - "$idlgen"
mkdir gone
cp inc-old/p.idl gone
check 'a file is gone: status 1' breaking 1 inc-old gone
check 'and its methods with it' says "the file 'i.idl' is gone; breaks the wire (old client to new server) and C source" out
mkdir moved
printf '#include "p.idl"\ninterface I { void f(in P p); };\n' >moved/other.idl
cp inc-old/p.idl moved
check 'a file has another name: status 1' breaking 1 inc-old moved
check 'but its methods are there' says "the file 'i.idl' is gone; breaks C source" out
ln -s . inc-old/loop
check 'a folder that holds a link to itself' breaking 1 inc-old inc-new
rm inc-old/loop

# ---- git ----
git init -q repository
cd repository || exit 1
git config user.name Test
git config user.email test@localhost
mkdir -p idl/sub common
printf 'struct P { long x; };\n' >common/p.idl
printf '#include "../common/p.idl"\n#include <q.idl>\ninterface I { void f(in P p, in Q q); };\n' >idl/i.idl
printf 'struct Q { long x; };\n' >common/q.idl
cp common/q.idl top.idl
git add . && git commit -qm one && git tag v1
sed -i 's/long x/string x/' common/*.idl top.idl
git add . && git commit -qm two && git branch topic/x

check 'a revision and the working tree: status 1' breaking 1 -I common git:v1:idl idl
check 'included files of a revision are of that revision' says '2 break the wire' out
check 'the old place is in it' says 'git:v1:./common/q.idl:1:17: note' out
check 'so for an include beside it' says 'git:v1:idl/../common/p.idl:1:17: note' out
check 'two revisions' breaking 1 -I common git:v1:idl git:HEAD:idl
check 'the same twice: status 0' breaking 0 -I common git:v1:idl git:v1:idl
check 'a file at the top, a branch with a slash' breaking 0 git:topic/x:top.idl top.idl
check 'a file' breaking 1 git:HEAD~1:top.idl top.idl
cd idl || exit 1
check 'a path from where we are' breaking 1 git:v1:../common/p.idl ../common/p.idl
check 'or from the top' breaking 1 git:v1:common/p.idl ../common/p.idl
check 'a folder from where we are' breaking 1 -I ../common git:v1:. .
cd .. || exit 1
check 'no such revision: status 2' breaking 2 -I common git:nonsense:idl idl
check 'git says why, in one line' one_line err
check 'with the name' says "idlgen breaking: git:nonsense:idl: invalid object name 'nonsense'" err
check 'no such path: status 2' breaking 2 git:v1:nonsense idl
check 'no revision: status 2' breaking 2 git:idl idl
check 'a revision that looks like an option: status 2' breaking 2 git:--output=x:idl idl
check 'and is none' test ! -e x
check 'an include that the revision lacks: status 2' breaking 2 git:v1:idl idl
check 'is told' says "'q.idl'" err
check 'not in a repository: status 2' sh -c 'cd "$2" && ! "$1" breaking git:v1:idl a.idl 2>err && grep -q "not a git repository" err' - "$idlgen" "$work"
check 'without git: status 2' sh -c 'PATH=/nowhere "$1" breaking git:v1:idl idl 2>err; [ $? -eq 2 ] && grep -q "cannot run git" err' - "$idlgen"
echo "1..$n"
