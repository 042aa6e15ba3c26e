#!/bin/sh
# Every rule in the sources has a page in `idlgen explain`, and every page a rule in the sources.
set -eu
src=${JRPC_SRCDIR:-.}
# Ids are the second argument of what reports, or the first member of a lexer's defect.
rules=$(cat "$src"/idlgen/front/*.c "$src"/idlgen/emit/*.c | tr '\n' ' ' |
    grep -oE '((parse_error|pp_error|pp_fatal)\([^"(]*|DIAG_(ERROR|WARNING|NOTE), *|defect [a-z_]+ = \{ *|is_error \? |: "error-directive" : )"[a-z]+(-[a-z]+)*",' |
    grep -oE '"[a-z-]+"' | tr -d '"' | sort -u)
rules="$rules $(sed -n 's/^    \[LINT_[A-Z_]*\] = { "\([a-z-]*\)",.*/\1/p' "$src"/idlgen/lint/rules.c)"
pages=$(sed -n 's/^    { "\([a-z-]*\)",$/\1/p' "$src"/idlgen/explain_*.c | sort -u)
n=0
for rule in $rules; do
    n=$((n + 1))
    if printf '%s\n' "$pages" | grep -qx -e "$rule"; then echo "ok $n - $rule has a page"
    else echo "not ok $n - $rule has no page"; fi
done
for page in $pages; do
    n=$((n + 1))
    if grep -qF "\"$page\"" "$src"/idlgen/*/*.c; then echo "ok $n - $page is a rule"
    else echo "not ok $n - $page is no rule of the sources"; fi
done
echo "1..$n"
[ "$n" -gt 100 ]
