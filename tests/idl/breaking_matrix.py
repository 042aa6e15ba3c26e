#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""idlgen breaking against the truth, for every kind of type: a parameter of each becomes one of each other. What idlgen
says of the wire must be what the codec does with an old client's calls (breaking_truth.c). TAP, a point for each type."""

import json
import os
import re
import subprocess
import sys
import tempfile

from breaking import BUILD, COMPILER, IDLGEN, INCLUDES, SOURCE, report, run

DEFINITIONS = """#include <jrpc.idl>
enum Letters { a, b };
enum Words { red, a2 };
@wire("int") enum Numbers { n0, n1 };
@wire("int") enum High { @value(2) h2, @value(3) h3 };
bitmask Bits { x, y };
@bit_bound(8) bitmask Eight { c0, c1, c2, c3, c4, c5, c6, c7 };
struct Both { long a; long b; };
struct Some { @optional long a; @optional long b; };
struct Mixed { @optional long a; @optional string text; };
struct More : Both { @optional Both more; };
union Choice switch (long) { case 0: long left; case 1: string right; };
union Either switch (Letters) { case a: long p; case b: long q; };
typedef long Three[3];
typedef octet Four[4];
"""
TYPES = [
    "boolean", "octet", "short", "long", "unsigned long", "long long", "unsigned long long", "float", "double",
    "char", "wchar", "string", "string<1>", "string<11>", "any", "jrpc::DateTime", "Letters", "Words", "Numbers", "High",
    "Bits", "Eight", "Both", "Some", "Mixed", "More", "Choice", "Either", "Three", "Four", "sequence<long>",
    "sequence<long, 2>", "sequence<octet>", "sequence<string>", "sequence<any>", "sequence<Both>", "map<string, long>",
    "map<string, long, 1>", "map<string<1>, long>", "map<string, any>", "map<string, double>", "map<long, long>",
    "map<Letters, long>", "map<High, long>", "map<boolean, long>", "map<char, long>", "map<string, Both>",
    '@wire("string") in long long', '@wire("string") in octet', "@range(min=0, max=9) in long",
    "@range(min=0, max=255) in short",
]
PAIRS = [(old, new) for old in range(len(TYPES)) for new in range(len(TYPES)) if old != new]


def parameter(type_):
    return f"{type_} p" if " in " in type_ else f"in {type_} p"


def write_side(side, folder):
    """The interface of each pair, on a line of its own; and the tables of all, in a shared object."""
    names = [f"I_{old}_to_{new}" for old, new in PAIRS]
    path = os.path.join(folder, side + ".idl")
    with open(path, "w", encoding="utf-8") as file:
        file.write(DEFINITIONS)
        for name, pair in zip(names, PAIRS):
            file.write(f"interface {name} {{ void f({parameter(TYPES[pair[side == 'new']])}); }};\n")
    out = os.path.join(folder, side)
    os.mkdir(out)
    run(IDLGEN, "--header", "--types", "--outdir", out, path)
    with open(os.path.join(out, "pairs.c"), "w", encoding="utf-8") as file:
        file.write(f'#include "{side}.h"\n')
        file.write("JRPC_EXPORT const struct { const char *pair; const jrpc_interface *interface_; } pairs[] = {\n")
        file.writelines(f'    {{ "{name}", &{name}_interface }},\n' for name in names)
        file.write("    { 0, 0 }\n};\n")
    library = os.path.join(out, "pairs.so")
    run(*COMPILER, "-std=gnu11", "-O0", "-w", "-fPIC", "-shared", "-o", library, *INCLUDES,
        os.path.join(out, "pairs.c"), os.path.join(out, side + "-types.c"))
    return path, library


def said(old, new):
    """The interfaces whose wire breaks, as idlgen says."""
    done = subprocess.run([IDLGEN, "breaking", "--diagnostics=json", old, new], capture_output=True, text=True, check=False)
    if done.returncode != 1:
        raise SystemExit(done.stdout + done.stderr)
    found = [one for one in json.loads(done.stdout)["diagnostics"] if "wire" in one["breaks"]]
    return {re.search(r"'(\w+)::f'", one["message"]).group(1) for one in found}


def main():
    with tempfile.TemporaryDirectory() as work:
        (old, old_tables), (new, new_tables) = (write_side(side, work) for side in ("old", "new"))
        lines = run(os.path.join(BUILD, "tests/idl/breaking_truth"), old_tables, new_tables).splitlines()
        broken = said(old, new)
    truth = {name: "to-new" in words for name, *words in map(str.split, lines)}
    for old_type, text in enumerate(TYPES):
        wrong = []
        for pair in PAIRS:
            name = "I_%d_to_%d" % pair
            if pair[0] == old_type and (name in broken) != truth[name]:
                wrong.append(f"as {TYPES[pair[1]]}: the codec {'refuses or changes' if truth[name] else 'reads'} it")
        report(not wrong, f"{text} as any other type", *wrong)
    report(len(broken) > len(TYPES), f"{len(PAIRS)} pairs, {len(broken)} break the wire")
    print(f"1..{len(TYPES) + 1}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
