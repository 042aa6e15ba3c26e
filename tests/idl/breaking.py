#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""idlgen breaking against the truth. Every pair of files in breaking/old and breaking/new says which rules it is about
and what it breaks; that must be what idlgen says, what the codec of the library does with the messages of the one in the
hands of the other (breaking_truth.c), and what the C compiler says of a program written for the old header. TAP."""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.path.abspath(os.environ.get("JRPC_SRCDIR", "."))
BUILD = os.path.abspath(os.environ.get("JRPC_BUILDDIR", "."))
PAIRS = os.path.join(SOURCE, "tests/idl/breaking")
IDLGEN = os.path.join(BUILD, "idlgen/idlgen")
INCLUDES = ["-I" + os.path.join(SOURCE, "include"), "-I" + os.path.join(BUILD, "include")]
COMPILER = os.environ.get("CC", "cc").split()
number = 0


def report(good, title, *details):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {title}")
    for line in () if good else details:
        print("# " + str(line).replace("\n", "\n# "))


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


# ---- what each pair says of itself ----

class Pair:
    def __init__(self, name):
        self.name = name
        self.old, self.new = (os.path.join(PAIRS, side, name + ".idl") for side in ("old", "new"))
        with open(self.new, encoding="utf-8") as file:
            first, second = file.readline(), file.readline()
        said = re.match(r"// Breaks (.*?)[:.]", first)
        self.breaks = set(re.findall("wire|source", said.group(1)))
        self.rules = set(second.removeprefix("// Rules: ").split()) - {"none"}

    def verdict(self):
        """What idlgen says: the rules, and what they break."""
        done = subprocess.run([IDLGEN, "breaking", "--diagnostics=json", self.old, self.new], capture_output=True,
                              text=True, check=False)
        found = json.loads(done.stdout)["diagnostics"]
        breaks = {word for diagnostic in found for word in diagnostic["breaks"]}
        assert done.returncode == (1 if found else 0), done.stderr
        return {diagnostic["rule"] for diagnostic in found}, breaks


# ---- the codec ----

def generate(pairs, side, folder):
    for pair in pairs:
        run(IDLGEN, "--header", "--types", "--prefix", pair.name + "_", "--outdir", folder, getattr(pair, side))


def library(pairs, folder):
    """All tables of one side in a shared object, with the list that breaking_truth expects."""
    entries = []
    for pair in pairs:
        with open(os.path.join(folder, pair.name + ".h"), encoding="utf-8") as file:
            entries += [(pair.name, name) for name in re.findall(r"extern const jrpc_interface (\w+);", file.read())]
    with open(os.path.join(folder, "pairs.c"), "w", encoding="utf-8") as file:
        file.write("#include <jrpc/jrpc.h>\n")
        file.writelines(f"extern const jrpc_interface {name};\n" for _, name in entries)
        file.write("JRPC_EXPORT const struct { const char *pair; const jrpc_interface *interface_; } pairs[] = {\n")
        file.writelines(f'    {{ "{pair}", &{name} }},\n' for pair, name in entries)
        file.write("    { 0, 0 }\n};\n")
    sources = sorted(name for name in os.listdir(folder) if name.endswith(".c"))
    half = (len(sources) + 1) // 2
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(lambda part: compile_objects(folder, part), (sources[:half], sources[half:])))
    output = os.path.join(folder, "pairs.so")
    run(*COMPILER, "-shared", "-o", output, *(os.path.join(folder, name[:-1] + "o") for name in sources))
    return output


def compile_objects(folder, sources):
    subprocess.run([*COMPILER, "-std=gnu11", "-O0", "-w", "-fPIC", "-c", *INCLUDES, *sources], cwd=folder, check=True)


def true_wire(pairs, folders):
    """From the name of a pair: whether the wire breaks, and whether initialised values differ."""
    truth = {}
    lines = run(os.path.join(BUILD, "tests/idl/breaking_truth"), *(library(pairs, folder) for folder in folders))
    for line in lines.splitlines():
        name, *words = line.split()
        truth[name] = ("to-new" in words or "to-old" in words, "defaults" in words)
    return truth


# ---- C source ----

def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def functions(header):
    """(result, name, parameters) of every function that is declared or defined."""
    pattern = r"^(?:JRPC_MUST_CHECK |static inline )*(jrpc_status|void|bool) (\w+)\(([^;{]*?)\)\s*[;{]"
    return [f for f in re.findall(pattern, header, flags=re.M | re.S) if "_module_" not in f[1]]


def member_names(body):
    body = re.sub(r"union \{(.*?)\} _u;", lambda m: re.sub(r"(\w+)((\[\d+\])*;)", r"_u.\1\2", m.group(1)), body, flags=re.S)
    names = []
    for declaration in body.split(";"):
        name = re.search(r"\(\*(\w+)\)", declaration) or re.search(r"([\w.]+)(\[\d+\])*\s*$", declaration)
        names += [name.group(1)] if name and name.group(1) != "empty_" else []
    return names


def program(header, name):
    """One that uses all that the header of the old interface declares, by the types that it has there."""
    lines = [f'#include "{name}.h"']
    header = without_comments(header)
    for i, (result, function, params) in enumerate(functions(header)):
        lines.append(f"{result} (*const use_{i})({params}) = {function};")
    for struct, body in re.findall(r"^typedef struct (\w+) \{\n(.*?)\n\} \1;", header, flags=re.M | re.S):
        lines.append(f"struct old_{struct} {{\n{body}\n}};")
        lines += [same_type(f"((struct old_{struct} *)0)->{m}", f"(({struct} *)0)->{m}") for m in member_names(body)]
    for enum, body in re.findall(r"^typedef enum (\w+) \{(.*?)\n\} \1;", header, flags=re.M | re.S):
        lines += [f"const {enum} use_{e} = {e};" for e in re.findall(r"(\w+)(?: = -?\d+)?,?$", body, flags=re.M)]
    for type_, alias in re.findall(r"^typedef (?!struct \w+ \{|enum )(.*?)(\w+);", header, flags=re.M):
        lines += [f"typedef {type_} old_{alias};", same_type(f"*(old_{alias} *)0", f"*({alias} *)0")]
    for macro, value in re.findall(r"^#define (\w+) (.+)$", header, flags=re.M):
        equal = f"__builtin_strcmp({macro}, {value}) == 0" if value[0] == '"' else f"({macro}) == ({value})"
        lines += [same_type(f"(({macro}))", f"(({value}))"), f"char equal_{macro}[{equal} ? 1 : -1];"]
    for exception in re.findall(r"^JRPC_DECLARE_EXCEPTION\((\w+)\)", header, flags=re.M):
        lines.append(f"const {exception} *(*const use_{exception})(const jrpc_error *) = {exception}_of;")
    return "\n".join(lines) + "\n"


def same_type(a, b):
    return f'_Static_assert(__builtin_types_compatible_p(__typeof__({a}), __typeof__({b})), "{b.replace(chr(34), "")}");'


def places_of(header):
    names = {}
    for _, function, params in functions(without_comments(header)):
        names[function] = [re.search(r"(\w+)\s*$", param).group(1) for param in params.split(",") if param.strip()]
    return names


def has_other_places(old, new):
    """Compiles, but a value goes where another was."""
    after = places_of(new)
    for function, names in places_of(old).items():
        others = after.get(function, names)
        if any(a != b and a in others and b in names for a, b in zip(names, others)):
            return True
    return False


def true_source(pair, folders):
    """Whether a program of the old header is broken; and the compiler's words."""
    headers = []
    for folder in folders:
        with open(os.path.join(folder, pair.name + ".h"), encoding="utf-8") as file:
            headers.append(file.read())
    done = []
    for folder in folders:
        done.append(subprocess.run(
            [*COMPILER, "-std=gnu11", "-fsyntax-only", "-Werror", "-Wno-deprecated-declarations", "-I" + folder,
             *INCLUDES, "-x", "c", "-"],
            input=program(headers[0], pair.name), capture_output=True, text=True, check=False))
    if done[0].returncode != 0:
        raise SystemExit(f"{pair.name}: the program does not fit the old header either\n{done[0].stderr}")
    return done[1].returncode != 0 or has_other_places(*headers), done[1].stderr


# ---- pages of idlgen explain ----

def rules_of_idlgen():
    rules = set()
    for name in ("calls", "types"):
        with open(os.path.join(SOURCE, f"idlgen/explain_breaking_{name}.c"), encoding="utf-8") as file:
            rules |= set(re.findall(r'^    \{ "([a-z-]+)",$', file.read(), flags=re.M))
    return rules


def rules_of_example(text, folder):
    """The old file is the one with OLD defined."""
    for side, line in (("old", "#define OLD"), ("new", "")):
        with open(os.path.join(folder, side + ".idl"), "w", encoding="utf-8") as file:
            file.write(f"{line}\n{text}\n")
    done = subprocess.run([IDLGEN, "breaking", "--diagnostics=json", "old.idl", "new.idl"], cwd=folder, text=True,
                          capture_output=True, check=False)
    if done.returncode == 2:
        return {done.stderr}
    return {diagnostic["rule"] for diagnostic in json.loads(done.stdout)["diagnostics"]}


def check_page(rule, folder):
    page = run(IDLGEN, "explain", rule)
    wrong, right = (re.sub("^    ", "", text, flags=re.M)
                    for text in re.search(r"\nWrong:\n(.*)\nRight:\n(.*)", page, flags=re.S).groups())
    if wrong.startswith("/*"):
        return
    found = rules_of_example(wrong, folder)
    report(rule in found, f"explain {rule}: the wrong example", found)
    found = rules_of_example(right, folder)
    report(not found, f"explain {rule}: the right example", found)


def check(pair, wire, source):
    rules, verdict = pair.verdict()
    report(rules == pair.rules, f"{pair.name}: {' '.join(sorted(pair.rules)) or 'nothing'}", f"idlgen found {rules}")
    report(verdict == pair.breaks, f"{pair.name}: breaks {' and '.join(sorted(pair.breaks)) or 'nothing'}",
           f"idlgen says {verdict}")
    report(("wire" in verdict) == wire[0], f"{pair.name}: so does the codec", f"the codec breaks: {wire[0]}")
    broken = source[0] or wire[1]
    report(("source" in verdict) == broken, f"{pair.name}: so does the compiler", f"C source breaks: {broken}", source[1])


def main():
    pairs = [Pair(name[:-4]) for name in sorted(os.listdir(os.path.join(PAIRS, "old")))]
    with tempfile.TemporaryDirectory() as work:
        folders = [os.path.join(work, side) for side in ("old", "new")]
        for side, folder in zip(("old", "new"), folders):
            os.mkdir(folder)
            generate(pairs, side, folder)
        wire = true_wire(pairs, folders)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            source = list(pool.map(lambda pair: true_source(pair, folders), pairs))
    for pair, broken in zip(pairs, source):
        check(pair, wire.get(pair.name, (False, False)), broken)
    known = rules_of_idlgen()
    with tempfile.TemporaryDirectory() as work:
        for rule in sorted(known):
            check_page(rule, work)
    shown = set().union(*(pair.rules for pair in pairs))
    report(len(pairs) >= 60, f"{len(pairs)} pairs")
    report(known - {"file-removed"} == shown, "every rule has a pair, and every rule of a pair a page",
           f"without a pair: {known - shown}", f"without a page: {shown - known}")
    print(f"1..{number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
