#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""idlgen from-introspection: what servers say, well-meaning and hostile ones, becomes an .idl that compiles, and its
methods keep their names on the wire. TAP."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile

SOURCE = os.path.abspath(os.environ.get("JRPC_SRCDIR", "."))
BUILD = os.path.abspath(os.environ.get("JRPC_BUILDDIR", "."))
IDLGEN = os.path.join(BUILD, "idlgen/idlgen")
INCLUDES = ["-I" + os.path.join(SOURCE, "include"), "-I" + os.path.join(BUILD, "include")]
COMPILER = os.environ.get("CC", "cc").split()
number = 0


def report(good, title, *details):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {title.replace('#', 'no.')}")
    for line in () if good else details:
        print("# " + str(line).replace("\n", "\n# "))
    return good


def idlgen(*arguments, text=""):
    text = text if isinstance(text, bytes) else text.encode()
    return subprocess.run([IDLGEN, *arguments], input=text, capture_output=True, check=False)


def method(name, signatures="undef", help_=""):
    return {"name": name, "signatures": signatures, "help": help_}


def make(methods, *options):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.idl")
        done = idlgen("from-introspection", *options, "-o", path, "-", text=json.dumps(methods))
        if done.returncode != 0:
            raise SystemExit(f"status {done.returncode}\n{done.stderr.decode()}")
        with open(path, encoding="utf-8") as file:
            return file.read()


def wire_names(folder, path):
    """From the tree: all names on the wire of the file's own methods."""
    found = []

    def walk(nodes):
        for node in nodes:
            if node["kind"] == "operation" and "include" not in node:
                found.append(node.get("wireName", node["name"]))
            walk(node.get("definitions", []) + node.get("body", []))
    walk(json.loads(subprocess.run([IDLGEN, "--dump=json", path], cwd=folder, capture_output=True,
                                   check=True).stdout)["definitions"])
    return found


def compiles(title, methods, options=(), compile_c=True):
    """The .idl is right, its C compiles, and every method is called as the server calls it."""
    text = make(methods, *options)
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "made.idl"), "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run([IDLGEN, "made.idl"], cwd=folder, capture_output=True, text=True, check=False)
        if not report(done.returncode == 0, title + ": is IDL", done.stderr[:2000], text[:3000]):
            return text
        wanted = {one["name"] if isinstance(one, dict) else one for one in methods}
        wanted = {name for name in wanted if re.fullmatch(r"[A-Za-z0-9_.:/]{1,255}", name)}
        wanted -= {"system." + name for name in ("listMethods", "methodHelp", "methodSignature", "getCapabilities")}
        found = set(wire_names(folder, "made.idl"))
        report(found == wanted, title + ": names on the wire", f"lost {wanted - found}", f"more {found - wanted}", text[:2000])
        sources = [name for name in os.listdir(folder) if name.endswith(".c")]
        if compile_c:
            done = subprocess.run([*COMPILER, "-std=c11", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", *INCLUDES,
                                   *sources], cwd=folder, capture_output=True, text=True, check=False)
            report(done.returncode == 0, title + ": compiles", done.stderr[:3000])
    return text


def contains(title, text, *pieces):
    for piece in pieces:
        report(piece in text, f"{title}: {piece.strip()[:60]!r}", text[:4000])


# ---- well-meaning ----

def test_types():
    named = ["int", "i4", "i8", "boolean", "string", "double", "base64", "dateTime.iso8601", "array", "struct", "any"]
    text = compiles("all types", [method("M.I.f", [["int", *named]], "Takes all.")])
    contains("all types", text, "#include <jrpc.idl>", "    interface I {", "        /// Takes all.",
             "long long f(in long arg1, in long arg2, in long long arg3, in boolean arg4, in string arg5, in double arg6, "
             "in sequence<octet> arg7, in jrpc::DateTime arg8, in sequence<any> arg9, in map<string, any> arg10, "
             "in any arg11);")
    report("TODO" not in text, "nothing to do where all is said", text)
    text = compiles("unknown types", [method("I.f", [["colour", "int*/", None, 5]], "x"), method("I.g", "undef", "y"),
                                      method("I.h", None), method("I.i", []), method("I.j", [[]]), "I.k"])
    contains("unknown types", text, "any f(in any arg1, in any arg2, in any arg3);",
             "// The type of the result is called 'colour' by the server.",
             "// The type of arg1 is called 'int*/' by the server.", "// The type of arg2 is not said.",
             "// TODO: its types; the server does not say.\n    any g();", "any k();",
             "// TODO: what it does; the server does not say.")
    text = compiles("void", [method("I.f", [["nil", "nil"]], "x")])
    contains("void", text, "void f(in any arg1);")


def test_overloads():
    text = compiles("overloads", [method("I.f", [["int", "int"], ["string", "string"], ["int"], ["int", "int", "int"]], "x"),
                                  method("I.g", [["int"], ["int", "int"]], "y")])
    contains("overloads", text, "any f(in any arg1);", "long long f();", "long long f(in long arg1, in long arg2);",
             'interface I_way {', 'interface I_way_2 {')


def test_names():
    compiles("no dots", [method("Rot13", [["string", "string"]])])
    contains("an interface for them", make(["Rot13"], "--interface", "Robot"), '@wire_name("") interface Robot {')
    compiles("a module that is an interface too", ["a.b", "a.b.c", "a.c", "a.b.c.d", "a"])
    compiles("names that differ in case", ["I.f", "I.F", "i.f", "i.F", "m.I.x", "M.i.x", "M.I.X"])
    compiles("reserved words", ["module.interface.string", "Object.Any.LONG", "int.void.class", "I.map", "I.errno", "I.NULL",
                                "I.default", "I.new", "I.int", "std.out.printf", "stdin", "struct"])
    compiles("names of the library", ["jrpc.call", "jrpc.session.open", "JRPC.OK", "jrpc_peer.new", "jrpc", "jrpcfoo.x",
                                      "Jrpc.x"])
    text = compiles("names of generated functions", ["I.f", "I.f_send", "I.f_finish", "I.f_reply", "I.f_send_2", "I_f.send",
                                                     "I.serve", "I.impl", "I.methods", "I.interface", "made.module_init",
                                                     "I.f_2", "made_module.init", "a_b.c", "a.b_c", "a.b.c"])
    contains("names of generated functions", text, '@c_name("')
    compiles("odd names", ["1a.2b.3c", "_x._y", "a..b", ".a", "a.", ".", "..", "...", "a/b", "a:b.c/d", "rot.rot", "a_.b_",
                           "x", "x_2", "X", ":", "/", "_", "a.x.x.x.x"])
    text = compiles("names that IDL cannot give", ["foo-bar", "Grüße", "a b", "x" * 300, "y" * 255, "q." + "z" * 250, "I.f",
                                                   "a\nb", "*/", "\"", "a\\"])
    contains("names that IDL cannot give", text, "// This one has a name that IDL cannot give: 'foo-bar'.")
    compiles("deep names", [".".join("abcdefgh" * 15), ".".join("abcdefgh" * 15) + ".x", "a." * 127 + "b"])
    text = compiles("what is built in", ["system.listMethods", "system.methodHelp", "system.multicall", "system.shutdown"])
    contains("what is built in", text, "jrpc::System")
    report("listMethods(" not in text, "and not made again")
    compiles("twice the same", [method("I.f", [["int"]]), method("I.f", [["string"]])])
    compiles("nothing", [], compile_c=False)


def test_help():
    words = "/* */ // \" ' \\ ??/ # %s @optional $ ` \t"
    lines = [words, "ends in a backslash \\", "*/ int main(void) { return 0; }", "\\", "  indented", "", "last"]
    text = compiles("comment ends in the help", [method("I.f", [["int"]], "\n".join(lines)), method("I.g", [["int"]], "*/")])
    contains("comment ends in the help", text, "/// ends in a backslash\n", "/// last\n    long long f();")
    long_text = "word " * 1000 + "x" * 100000
    text = compiles("a long help", [method("I.f", [["int"]], long_text)])
    report(max(map(len, text.split("\n"))) < 1100, "its lines are broken")
    compiles("many lines", [method("I.f", [["int"]], "line\n" * 5000)])
    controls = "".join(map(chr, range(1, 32))) + "\x7f\x85\x9b\u202e\u2028\u2066\ufeff\U0001f600"
    text = compiles("controls in the help", [method("I.f", [["int"]], controls)])
    report(not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text), "are not passed on", ascii(text))
    compiles("a help that is none", [{"name": "I.f", "help": 5}, {"name": "I.g", "help": None}, {"name": "I.h"}])


def test_at_random():
    """Any names from few letters, so that they clash in all ways."""
    source = random.Random(4711)
    for i in range(12):
        methods = []
        for _ in range(60):
            name = ".".join("".join(source.choice(["a", "A", "b", "_", "send", "_send", "1", "int", "I", "jrpc", ":"])
                                    for _ in range(source.randint(0, 3))) for _ in range(source.randint(1, 4)))
            signatures = [[source.choice(["int", "string", "nil", "dateTime.iso8601", "?", "struct"])
                           for _ in range(source.randint(0, 4))] for _ in range(source.randint(0, 3))]
            if name:
                methods.append(method(name, signatures, source.choice(["", "x", "*/"])))
        compiles(f"names at random {i}", methods)


# ---- hostile, wrong ----

def refuses(title, text, message, status=1):
    done = idlgen("from-introspection", "-", text=text)
    said = done.stderr.decode("utf-8", "replace")
    report(done.returncode == status and message in said and said.count("\n") == 1 and not done.stdout, title,
           f"status {done.returncode}", said[:1000], done.stdout[:500])
    report(not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", said), title + ": in plain text", ascii(said))


def test_hostile():
    refuses("no JSON", "", "not JSON")
    refuses("half of it", '[{"name": "a', "not JSON")
    refuses("an object", "{}", "expected a list of methods, as jrpc describe --json prints it, got an object")
    refuses("a text", '"a"', "got a text")
    refuses("a number in the list", "[5]", "element 0: expected an object or a name, got a number")
    refuses("a list in the list", '["a", ["b"]]', "element 1: expected an object or a name, got a list")
    refuses("an object without name", "[{}]", 'element 0: expected a "name" that is a text, got none')
    refuses("a name that is no text", '[{"name": []}]', 'element 0: expected a "name" that is a text, got a list')
    refuses("an empty name", '[{"name": ""}]', 'element 0: the "name" is empty')
    refuses("U+0000 in a name", '[{"name": "a\\u0000b"}]', "not JSON")
    refuses("controls in what is quoted", '[\x1b[31m', "not JSON")
    refuses("no UTF-8", b'[{"name": "a\xff"}]', "not JSON")
    refuses("deep", "[" * 100000, "not JSON: maximum parsing depth")
    refuses("deep and closed", "[" * 3000 + "]" * 3000, "not JSON: maximum parsing depth")
    refuses("large", " " * (17 << 20), "more than 16 MiB")
    many = [["int"] * 300, ["int"] * 3]
    text = compiles("too many parameters", [method("I.f", many), method("I.g", [["int"] * 200])])
    contains("too many parameters", text, "long long f(in long arg1, in long arg2);")
    compiles("many signatures", [method("I.f", [["int"] * i for i in range(1, 120)])])
    compiles("many methods", [method(f"m{i % 50}.i{i % 7}.op{i}", [["int", "int"]], "x") for i in range(5000)], compile_c=False)


def test_command_line():
    def exits(status, title, *arguments):
        done = idlgen("from-introspection", *arguments)
        report(done.returncode == status, title, done.returncode, done.stderr.decode())
        return done
    report(len(exits(0, "--help", "--help").stdout.splitlines()) <= 30, "it fits a screen")
    exits(2, "no file: status 2")
    exits(2, "two files: status 2", "a", "b")
    exits(2, "no such file: status 2", "/no/such/file")
    exits(2, "an unknown option: status 2", "--nonsense", "-")
    exits(2, "--interface with no name: status 2", "--interface", "a.b", "-")
    exits(2, "an option without value: status 2", "-", "-o")
    with tempfile.TemporaryDirectory() as folder:
        path, output = os.path.join(folder, "in.json"), os.path.join(folder, "out.idl")
        with open(path, "w", encoding="utf-8") as file:
            json.dump([method("I.f", [["int"]])], file)
        exits(0, "-o: status 0", "-o", output, path)
        with open(output, encoding="utf-8") as file:
            report("interface I {" in file.read(), "the output is there")
        exits(2, "nowhere to write: status 2", "-o", "/no/such/folder/x.idl", path)
        exits(2, "a folder: status 2", folder)


def main():
    for test in (test_types, test_overloads, test_names, test_help, test_at_random, test_hostile, test_command_line):
        test()
    print(f"1..{number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
