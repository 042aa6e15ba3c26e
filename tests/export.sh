#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Copies the sources, uncommitted changes included and build products left out, into a new folder.
#
#   tests/export.sh FOLDER

set -euo pipefail

[ $# = 1 ] || { echo "usage: tests/export.sh FOLDER" >&2; exit 2; }
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
mkdir -p "$1"
target=$(readlink -f "$1")
cd "$root"
git rev-parse --git-dir > /dev/null
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    if [ -e "$file" ] || [ -L "$file" ]; then       # a file may be deleted but not yet for git
        printf '%s\0' "$file"
    fi
done | tar -c --null --no-recursion -T - | tar -x -C "$target"
