#!/bin/sh
# SPDX-License-Identifier: MIT
# The reference that idlgen writes: golden/doc/ byte for byte, and what is in it. TAP.
#
#   tests/idl/emit_doc.sh            compares
#   tests/idl/emit_doc.sh --update   writes the files anew
#
# JRPC_SRCDIR and JRPC_BUILDDIR: top folders of the sources and of the build; both "." by default.
set -eu

top=${JRPC_SRCDIR:-.}
idlgen=${IDLGEN:-${JRPC_BUILDDIR:-.}/idlgen/idlgen}
golden=$top/tests/idl/golden
count=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# report NAME COMMAND...: ok when the command succeeds.
report()
{
    name=$1
    shift
    count=$((count + 1))
    if "$@" >"$work/log" 2>&1; then
        echo "ok $count - $name"
    else
        sed 's/^/# /' "$work/log"
        echo "not ok $count - $name"
    fi
}

# make_pages FOLDER
make_pages()
{
    for idl in "$top/samples/calc/calc.idl" "$golden/doc/reference.idl"; do
        "$idlgen" --markdown --html --outdir "$1" "$idl" || return 1
    done
}

# has FILE TEXT: a line with the text. lacks: no line.
has()
{
    grep -qF -- "$2" "$1" || { echo "not in $1: $2"; return 1; }
}

lacks()
{
    ! grep -nE -- "$2" "$1"
}

well_formed()
{
    if command -v xmllint >/dev/null; then
        xmllint --noout "$1"
    else
        python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1"
    fi
}

# Every link of a page has its heading, and no two headings have the same anchor.
links()
{
    sed -n 's/id="/\nid="/gp' "$1" | sed -n 's/^id="\([^"]*\)".*/\1/p' | sort >"$work/ids"
    sed -n 's/href="#/\nhref="#/gp' "$1" | sed -n 's/^href="#\([^"]*\)".*/\1/p' | sort -u >"$work/links"
    test -s "$work/links" && test -z "$(uniq -d "$work/ids")" && test -z "$(comm -13 "$work/ids" "$work/links")"
}

# The examples are XML of their own: cut out of the Markdown, all in one.
examples()
{
    { echo '<all>'; sed -n '/^```xml$/,/^```$/{/^```/!p}' "$1"; echo '</all>'; } >"$work/examples.xml"
    well_formed "$work/examples.xml"
}

if [ "${1:-}" = --update ]; then
    make_pages "$golden/doc"
    exit 0
fi

report 'idlgen writes the pages' make_pages "$work"
for page in calc.md calc.html reference.md reference.html; do
    report "$page is as before" diff -u "$golden/doc/$page" "$work/$page"
done
if command -v xmllint >/dev/null || command -v python3 >/dev/null; then
    for idl in "$golden"/*.idl "$golden"/doc/*.idl; do
        page=$work/$(basename "$idl" .idl)
        "$idlgen" --markdown --html --outdir "$work" "$idl" 2>"$work/stderr" || cat "$work/stderr"
        report "$(basename "$page").html is well-formed" well_formed "$page.html"
        report "$(basename "$page").md has well-formed examples" examples "$page.md"
    done
fi
html=$work/reference.html
md=$work/reference.md
report 'links have targets' links "$html"
report 'comments are text in HTML' has "$html" '&lt;b&gt;not bold&lt;/b&gt;, a_b_c, *stars*'
report 'comments are text in Markdown' has "$md" 'a\_b\_c, \*stars\*, a \| bar and \`ticks\`'
report 'comments make no headings' has "$md" '\# No heading'
report 'nothing is loaded' lacks "$html" '<script|<link|src=|https?://'
report 'light and dark' has "$html" 'prefers-color-scheme: dark'
# Backticks of Markdown, nothing to expand.
# shellcheck disable=SC2016
report 'inherited operations are marked' has "$md" '| [`open`](#Shop.Base.open) | `Shop.Base.open` | `Shop::Base` |'
report 'enumerators by name' has "$md" '<name>paint</name><value><string>RED</string>'
report 'enums by number' has "$md" '<name>stage</name><value><i4>0</i4>'
report 'in range' has "$md" '<name>size</name><value><i4>5</i4>'
report 'i8 beyond 32 bits' has "$md" '<name>large</name><value><i8>5000000000</i8>'
report 'integers as text' has "$md" '<name>serial</name><value><string>1</string>'
report 'octets' has "$md" '<name>hash</name><value><base64>AQI=</base64>'
report 'dates' has "$md" '<dateTime.iso8601>'
report 'result beside out parameters' has "$md" '<name>_result</name>'
report 'unions' has "$md" '<name>_d</name><value><string>RED</string>'
report 'what @param says is beside the parameter' has "$md" 'the things \| all of them, on two lines |'
report 'what @return says is beside the result' has "$md" '| | result | `long` | i4 | | How many boxes it took. |'
report 'what @throws says is beside the exception' has "$md" '(#Shop.SoldOut) | 42 | when there is no paper |'
report 'what has no row is a paragraph' has "$html" '<p>Parameter <code>ribbon</code>: there is no such parameter</p>'
report 'no command is left' lacks "$html" '[@\\](brief|param|returns?|throws) '
report 'fault codes' has "$md" '<name>faultCode</name><value><i4>42</i4>'
report 'time limits' has "$md" 'Timeout: 2000 ms.'
report 'listed' test "$("$idlgen" --list-outputs --markdown --html --stem x "$golden/doc/reference.idl" | tr '\n' ' ')" \
    = 'x.md x.html '
"$idlgen" --html -o - "$golden/doc/reference.idl" >"$work/stdout.html"
report 'to standard output' cmp "$work/stdout.html" "$html"
"$idlgen" --html -MD --outdir "$work" "$golden/doc/reference.idl"
report 'dependencies' has "$work/reference.d" 'reference.html:'
echo "1..$count"
