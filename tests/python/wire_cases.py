#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The cases of tests/wire through the Python codec: it takes and refuses what C does, with the same words. TAP."""
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

SOURCE = os.environ.get("JRPC_SRCDIR") or "."
BUILD = os.environ.get("JRPC_BUILDDIR") or SOURCE
FOLDER = os.path.join(SOURCE, "tests", "wire")

# Where Python differs, and what it says then.
DIFFERENT = {
    "y_datetime_leap_second.xml": "20170101T00:00:00",      # datetime has no such second: the next one
    "y_struct_options_any_nil.xml": "<value><struct></struct></value>",     # None is absent as well
    "y_struct_defaults.xml": None,                          # IDL gives no struct a default, the zoo in C does
    "y_struct_recursive.xml": None,                         # nor an optional member of the struct's own type
}

folder = tempfile.TemporaryDirectory()          # pylint: disable=consider-using-with
subprocess.run([os.path.join(BUILD, "idlgen", "idlgen"), "--python", "--outdir", folder.name,
                os.path.join(SOURCE, "tests", "python", "zoo.idl")], check=True)
sys.dont_write_bytecode = True
sys.path.insert(0, folder.name)

# pylint: disable=wrong-import-position,import-error,protected-access
import jrpc_messages as m
import jrpc_scalars as s
import jrpc_types as t
import jrpc_xml as w
import zoo


def member(owner, name):
    return next(one.type for one in owner.members if one.wire == name)


def zoo_member(name):
    return member(zoo.Zoo_type, name)


TYPES = {
    "any": t.ANY, "native_any": t.ANY, "boolean": s.BOOLEAN, "int8": s.INT8, "octet": s.OCTET, "short": s.SHORT,
    "ushort": s.UNSIGNED_SHORT, "long": s.LONG, "ulong": s.UNSIGNED_LONG, "llong": s.LONG_LONG,
    "ullong": s.UNSIGNED_LONG_LONG, "ullong_text": zoo_member("u64"), "llong_text": zoo_member("i64_text"),
    "float": s.FLOAT, "double": s.DOUBLE, "char": s.CHAR, "wchar": s.WCHAR, "string": s.STRING, "bytes": s.BYTES,
    "string5": member(zoo.Others_type, "string5"), "bytes4": member(zoo.Others_type, "bytes4"),
    "few_names": member(zoo.Others_type, "few_names"), "octets": zoo_member("octets"), "datetime": s.DATETIME,
    "colour": zoo.Colour_type, "level": zoo.Level_type, "access": zoo.Access_type, "features": zoo.Features_type,
    "point": zoo.Point_type, "disc": zoo.Disc_type, "pick": zoo.Pick_type, "choice": zoo.Choice_type,
    "longs": member(zoo.Options_type, "longs"), "strings": t.Sequence("sequence<string>", s.STRING),
    "few": member(zoo.Limits_type, "few"), "unique": member(zoo.Limits_type, "different"),
    "triple": zoo_member("triple"), "table": zoo_member("table"), "grid": zoo_member("matrix"),
    "points": zoo_member("path"), "by_name": zoo_member("names"), "by_number": zoo_member("numbers"),
    "by_colour": zoo_member("colours"), "by_truth": zoo_member("truths"), "options": zoo.Options_type,
    "defaults": zoo.Defaults_type, "limits": zoo.Limits_type, "node": zoo.Node_type,
}
METHODS = {name: getattr(zoo, "_ZooCalls_" + name) for name in ("ping", "add", "split", "get")}


def through_call(method, query):
    name, params = m.read_call(query)
    if method:
        return m.write_call(method, m.read_params(method, params))
    d = w.Decoder()
    texts = []
    for index, param in enumerate(m.list_params(d, params)):
        try:
            texts.append("<param>%s</param>" % t.ANY.encode(w.Encoder(), t.ANY.decode(d, d.only_child(param,
                                                                                                      "value"))))
        except w.Failure as failure:
            raise failure.inside("params[%d]" % index)
    return m.call_xml(name, "".join(texts))


def through_reply(method, query):
    reply = m.read_reply(query)
    if reply.is_fault:
        return m.write_fault(reply.fault_code, reply.fault_text)
    method = method or m.Method("any", result=t.ANY)
    if reply.value is None and method.result is t.ANY:
        return m.value_response("<value><nil/></value>")
    return m.write_result(method, m.read_result(method, reply))


def through(kind, tree):
    kind, _, name = kind.partition(":")
    if kind == "call":
        return through_call(METHODS[name] if name else None, tree)
    if kind == "reply":
        return through_reply(METHODS[name] if name else None, tree)
    return TYPES[kind].encode(w.Encoder(), TYPES[kind].decode(w.Decoder(), tree))


def result_of(kind, text):
    try:
        tree = ET.fromstring(text)
    except ET.ParseError:
        return "xml", False
    try:
        return through(kind, tree), True
    except w.Failure as failure:
        return str(failure), False


def line(head, key):
    found = re.search(r"%s: *([^\n]*)" % key, head)
    return found.group(1).replace("\\n", "\n") if found else None


def run(name):
    """What is wrong with a case, or None."""
    with open(os.path.join(FOLDER, name), encoding="utf-8", newline="") as file:
        text = file.read()
    head, _, xml = text.partition("-->")
    wanted = line(head, "gives") if name[0] == "y" else line(head, "fails")
    if name in DIFFERENT:
        if DIFFERENT[name] is None:
            return None
        wanted = DIFFERENT[name]
    for kind in line(head, "as").split():
        got, good = result_of(kind, xml.strip())
        same = wanted in got if name in DIFFERENT else got == wanted
        if good != (name[0] == "y") or not same:
            return "as %s %s\n%s\ninstead of\n%s" % (kind, "gives" if good else "fails with", got, wanted)
    return None


def main():
    names = sorted(name for name in os.listdir(FOLDER) if re.fullmatch(r"[yn]_.*\.xml", name))
    bad = 0
    for number, name in enumerate(names, 1):
        wrong = run(name)
        print("%s %d - %s" % ("not ok" if wrong else "ok", number, name))
        if wrong:
            bad += 1
            print("\n".join("# " + one for one in wrong.splitlines()))
    print("1..%d" % len(names))
    return 1 if bad or len(names) < 60 else 0


sys.exit(main())
