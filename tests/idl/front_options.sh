#!/bin/sh
# The command line of idlgen: outputs, dependencies, formats of messages, exit statuses.
# shellcheck source=tests/idl/options.sh
. "$(dirname "$0")/options.sh"

mkdir inc 'odd dir'
printf 'struct Point { long x; };\n' >inc/point.idl
printf '#include <point.idl>\n#include <jrpc.idl>\ninterface Shape { Point centre(in jrpc::DateTime when); };\n' >shape.idl
printf 'struct S { int x; };\n' >bad.idl
printf 'struct A { long x; };\n' >'odd dir/a #1$%:b.idl'

check 'no mistakes: status 0' exits 0 "$idlgen" --check -Iinc shape.idl
check 'and nothing is said' test ! -s err
check 'and nothing is made' test ! -e shape.h
check 'mistakes: status 1' exits 1 "$idlgen" --check bad.idl
check 'no file: status 2' exits 2 "$idlgen" --check nowhere.idl
check 'a folder: status 2' exits 2 "$idlgen" --check inc
check 'no argument: status 2' exits 2 "$idlgen"
check 'two files: status 2' exits 2 "$idlgen" shape.idl bad.idl
check 'unknown option: status 2' exits 2 "$idlgen" --nonsense shape.idl
check 'missing value: status 2' exits 2 "$idlgen" shape.idl -o
check '-o with four outputs: status 2' exits 2 "$idlgen" -o x shape.idl
check 'no such rule: status 2' exits 2 "$idlgen" explain nonsense
check 'nowhere to write: status 2' exits 2 "$idlgen" -Iinc --outdir no/such/dir shape.idl
check '--help: status 0' exits 0 "$idlgen" --help
check '--version names the program' sh -c '"$1" --version | grep -q "^idlgen "' - "$idlgen"
check 'explain prints a page' sh -c '"$1" explain name-unknown | grep -q "^Right:"' - "$idlgen"
check 'explain lists the rules' sh -c '"$1" explain | grep -qx unsupported' - "$idlgen"
check 'standard input' sh -c '"$1" --check - <bad.idl 2>&1 | grep -q "^<stdin>:1:12: error: "' - "$idlgen"

exits 1 "$idlgen" --color=never bad.idl
check 'the message as clang has it' holds "bad.idl:1:12: error: 'int' is not IDL: use 'long' or 'int32' [type-habit]
    struct S { int x; };
               ^~~" err
printf 'struct S {\t/* \303\251\346\274\242 */ int\tx; };\n' >tabs.idl
exits 1 "$idlgen" --color=never tabs.idl
check 'carets under tabs and wide characters' holds "tabs.idl:1:21: error: 'int' is not IDL: use 'long' or 'int32' [type-habit]
    struct S {      /* é漢 */ int   x; };
                              ^~~" err
printf '#include "bad.idl"\n#define T int\nstruct U { T x; };\n' >deep.idl
exits 1 "$idlgen" --color=never deep.idl
check 'the include stack and the macro' holds "In file included from deep.idl:1:
bad.idl:1:12: error: 'int' is not IDL: use 'long' or 'int32' [type-habit]
    struct S { int x; };
               ^~~
deep.idl:3:12: error: 'int' is not IDL: use 'long' or 'int32' [type-habit]
    struct U { T x; };
               ^
deep.idl:2:11: note: expanded from macro 'T'
    #define T int
              ^~~" err
check '--color=always colours' sh -c '"$1" --color=always bad.idl 2>&1 | grep -q "$(printf "\033")"' - "$idlgen"
check 'no colour but on a terminal' sh -c '! "$1" bad.idl 2>&1 | grep -q "$(printf "\033")"' - "$idlgen"
check '--max-errors stops' sh -c '"$1" --max-errors 1 deep.idl 2>&1 | grep -q "^too many errors (1)"' - "$idlgen"
check '--werror' sh -c 'printf "interface I;\n" | "$1" --werror --check - 2>&1 | grep -q " error: "' - "$idlgen"
check 'messages as JSON' sh -c '"$1" --diagnostics=json deep.idl 2>&1 | /usr/bin/python3 -c "
import json, sys
d = json.load(sys.stdin)
assert d[\"version\"] == 1 and d[\"errors\"] == 2, d
assert [x[\"rule\"] for x in d[\"diagnostics\"]] == [\"type-habit\"] * 2
assert d[\"diagnostics\"][0][\"includedFrom\"] == [{\"file\": \"deep.idl\", \"line\": 1}]
assert (d[\"diagnostics\"][1][\"line\"], d[\"diagnostics\"][1][\"column\"]) == (3, 12)"' - "$idlgen"
check '--dump=json' sh -c '"$1" -Iinc --dump=json shape.idl | /usr/bin/python3 -c "
import json, sys
d = json.load(sys.stdin)
assert d[\"version\"] == 1 and d[\"includes\"] == [\"point.idl\", \"jrpc.idl\"], d
shape = d[\"definitions\"][-1]
assert shape[\"kind\"] == \"interface\" and shape[\"operations\"] == [\"Shape::centre\"]
centre = shape[\"body\"][0]
assert centre[\"wireName\"] == \"Shape.centre\" and centre[\"result\"][\"ref\"] == \"Point\"
assert centre[\"params\"][0][\"type\"][\"kind\"] == \"dateTime\""' - "$idlgen"

cat >docs.idl <<'END'
/** A licence, and no doc. */

/// One.
///   Two, indented.
struct A {
    long x; ///< behind x
    /**
     * Before y,
     *
     * with a gap.
     */
    long y, z; /**< behind z */
    //! Bang.
    @optional string w;
    // plain
    long plain;
};
/*! caf\351 */
enum E {
    RED, ///< like blood
    GREEN ///< like grass
};
interface I {
    /// Does it.
    /// @param a is a word
    void f(in long a, ///< first
           in long b ///< second
          );
};
END
check 'doc comments' sh -c 'printf "$(cat docs.idl | sed "s/%/%%/g")" | "$1" --dump=json - | /usr/bin/python3 -c "
import json, sys
docs = {}
def walk(n):
    if isinstance(n, dict):
        if \"scoped\" in n: docs[n[\"scoped\"]] = n.get(\"doc\")
        for v in n.values(): walk(v)
    elif isinstance(n, list):
        for v in n: walk(v)
walk(json.load(sys.stdin))
want = {\"A\": [\"One.\", \"  Two, indented.\"], \"A::x\": [\"behind x\"],
        \"A::y\": [\"Before y,\", \"\", \"with a gap.\"], \"A::z\": [\"Before y,\", \"\", \"with a gap.\", \"behind z\"],
        \"A::w\": [\"Bang.\"], \"A::plain\": None, \"E\": [\"caf\u00e9\"], \"RED\": [\"like blood\"], \"GREEN\": [\"like grass\"],
        \"I\": None, \"I::f\": [\"Does it.\", \"@param a is a word\"], \"I::f::a\": [\"first\"], \"I::f::b\": [\"second\"]}
assert docs == want, docs"' - "$idlgen"

check 'macros of the command line' sh -c 'printf "#if A == 1 && B == 2 && !defined C\nstruct S { TYPE x; };\n#endif\n" |
    "$1" -DA -D B=2 -DC -UC -DTYPE=long --dump=json - | grep -q "\"name\": \"S\""' - "$idlgen"
check 'preprocessing' sh -c 'printf "#define T long\nstruct S { T x; };\n" | "$1" -E - | grep -q "^struct S { long x; };"' - "$idlgen"

"$idlgen" -Iinc --list-outputs --outdir gen shape.idl >out
check '--list-outputs' holds 'gen/shape.h
gen/shape-types.c
gen/shape-client.c
gen/shape-server.c' out
mkdir gen
check 'generation' exits 0 "$idlgen" -Iinc --outdir gen -MD -MP shape.idl
check 'makes what was listed' sh -c 'for f in $(cat out); do test -s "$f" || exit 1; done' -
"$idlgen" -Iinc --list-outputs --outdir gen shape.idl >out
check 'makes what was listed' sh -c 'while read -r f; do test -s "$f" || exit 1; done <out' -
check '-MD writes the dependencies' holds 'gen/shape.h gen/shape-types.c gen/shape-client.c gen/shape-server.c: \
  shape.idl \
  inc/point.idl

inc/point.idl:' gen/shape.d
check 'one output by name' exits 0 "$idlgen" -Iinc --header -o other.h -MD -MF other.dep -MT all shape.idl
check 'and its dependencies' holds 'all: \
  shape.idl \
  inc/point.idl' other.dep
check 'one output to standard output' sh -c '"$1" -Iinc --header -o - shape.idl | grep -q "Shape_centre"' - "$idlgen"
touch -d '2001-01-01' gen/shape.h
"$idlgen" -Iinc --outdir gen shape.idl
check 'an output that would not change is not touched' test gen/shape.h -ot shape.idl
check 'a mistake leaves the outputs alone' sh -c 'cp bad.idl shape2.idl; ! "$1" --outdir gen shape2.idl && test ! -e gen/shape2.h' - "$idlgen" 
"$idlgen" -M -MT 'my target' 'odd dir/a #1$%:b.idl' >odd.mk
check 'names with blanks, #, $ and : are escaped' holds 'my\ target: \
  odd\ dir/a\ \#1$$%\:b.idl' odd.mk
printf '\t@echo made\n' >>odd.mk
check 'as make reads them' sh -c 'make -s -f odd.mk "my target" | grep -qx made' -
check 'and remakes by them' sh -c 'touch "my target" && sleep 0.01 && touch -d "+1 minute" "odd dir/a #1\$%:b.idl" &&
    make -s -f odd.mk "my target" | grep -qx made' -
echo "1..$n"
