#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Live servers say what they have, idlgen from-introspection makes an .idl of it, and C made of that calls them: our own
server, one written with slixmpp, and one of xmlrpc-c's behind a Jabber client."""
import os
import subprocess
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

# pylint: disable=wrong-import-position
from slixmpp.plugins.xep_0009 import XEP_0009
from slixmpp.plugins.xep_0009.binding import py2xml, xml2py

import live
from live import BUILD, SOURCE
from rawpeer import RPC, open_peer, reply_xml, response

XMLRPC_SERVER = os.path.join(BUILD, "tests", "interop", "xmlrpc_server")

# What the plugin does with errors is to print them, where our own results go.
XEP_0009._handle_error = lambda plugin, iq: None            # pylint: disable=protected-access

MAIN = """
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jrpc/xmlrpc.h>

#include "made.h"

int main(int argc, char **argv)
{
    jrpc_error error = JRPC_ERROR_INIT;
    jrpc_options *options = jrpc_options_new();
    jrpc_session *session = NULL;
    jrpc_peer *peer = NULL;
    if (jrpc_options_take(options, &argc, argv, &error) == JRPC_OK &&
        jrpc_options_open(options, &session, &error) == JRPC_OK &&
        jrpc_peer_new(session, argv[1], &peer, &error) == JRPC_OK) {
%s
    }
    if (error.status != JRPC_OK)
        jrpc_error_print(stderr, &error);
    int failed = error.status != JRPC_OK;
    jrpc_peer_free(peer);
    jrpc_session_close(session);
    jrpc_options_free(options);
    jrpc_error_done(&error);
    return failed;
}
"""


async def compile_and_call(test, switch, name, to, folder, calls, result):
    """A program of the generated stubs, and what it prints."""
    with open(os.path.join(folder, "main.c"), "w", encoding="utf-8") as file:
        file.write(MAIN % calls)
    libraries = os.path.join(BUILD, "runtime", ".libs")
    includes = ["-I" + os.path.join(SOURCE, "include"), "-I" + os.path.join(BUILD, "include")]
    compiler = os.environ.get("CC", "cc").split()
    warnings = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"]
    if live.is_instrumented():
        ran = await test.run(*compiler, *warnings, *includes, "-fsyntax-only", "main.c", "made-client.c", "made-types.c",
                             "made-server.c", cwd=folder)
        test.ok(ran.status == 0, name + ": its C compiles", ran)
        test.skip(name + ": what comes back", "a program without sanitizers cannot load the library")
        return
    ran = await test.run(*compiler, *warnings, *includes, "-o", "caller", "main.c", "made-client.c", "made-types.c",
                         "made-server.c", "-L" + libraries, "-ljrpc", "-lxmlrpc", "-Wl,-rpath," + libraries, cwd=folder, limit=60)
    if not test.ok(ran.status == 0, name + ": its C compiles", ran):
        return
    ran = await test.run(os.path.join(folder, "caller"), *switch.options("peer-a"), to)
    test.ok(ran.status == 0, name + ": it is called", ran)
    test.equal(ran.out, result, name + ": what comes back")


async def try_server(test, switch, name, to, wanted, calls, result):
    """Describes it, makes an .idl, checks that lines are in it, and makes calls."""
    name = "%s: %s" % (switch.server, name)
    folder = os.path.join(test.folder, name.replace(" ", "-").replace(":", ""))
    os.mkdir(folder)
    ran = await test.call("jrpc", "describe", "--json", *switch.options("peer-a"), to)
    if not test.ok(ran.status == 0, name + ": jrpc describe --json", ran):
        return
    with open(os.path.join(folder, "said.json"), "w", encoding="utf-8") as file:
        file.write(ran.out)
    ran = await test.call("idlgen", "from-introspection", "-o", "made.idl", "said.json", cwd=folder)
    if not test.ok(ran.status == 0, name + ": idlgen from-introspection", ran):
        return
    with open(os.path.join(folder, "made.idl"), encoding="utf-8") as file:
        text = file.read()
    for line in wanted:
        test.ok(line in text, "%s: %s" % (name, line.strip().splitlines()[-1]), text)
    ran = await test.call("idlgen", "made.idl", cwd=folder)
    if test.ok(ran.status == 0, name + ": idlgen takes it", ran, text):
        await compile_and_call(test, switch, name, to, folder, calls, result)


# --- our own ---

OURS = """
        char *text = NULL;
        int64_t sum = 0;
        if (Methods_Rot13(peer, "Hello", &text, &error) == JRPC_OK &&
            Calc_Calculator_add(peer, 2147483647, 5, &sum, &error) == JRPC_OK)
            printf("%s %" PRId64 "\\n", text, sum);
        jrpc_free(text);
        jrpc_seq_any kept;
        if (error.status == JRPC_OK && Calc_Calculator_memories(peer, &kept, &error) == JRPC_OK) {
            printf("%zu kept\\n", kept.len);
            jrpc_seq_any_clear(&kept);
        }
"""


async def our_own(test, switch):
    await test.serve(*switch.options("peer-b"), "--allow", "peer-a@localhost")
    await try_server(test, switch, "rpc-server", switch.jid("peer-b"), [
        '@wire_name("") interface Methods {\n', "    string Rot13(in string arg1);\n",
        "module Calc {\n    interface Calculator {\n", "        /// Adds two numbers.\n",
        "        long long add(in long arg1, in long arg2);\n",
        "        map<string, any> divide(in long arg1, in long arg2);\n",
        "        double run(in double arg1, in sequence<any> arg2);\n", "jrpc::System"],
        OURS, "Uryyb 2147483652\n0 kept\n")


# --- slixmpp's ---

METHODS = {
    "upper": ([["string", "string"]], "In capital letters.\nThat is all. */"),
    "list.sort": ([["array", "array"], ["array", "array", "string"]], "Sorts."),
    "list.Sort": ([["array", "array"]], ""),
    "list.when": ([["dateTime.iso8601"]], "The moment."),
    "interface": ("undef", ""),
    "odd-name": ([["int"]], "Nobody can call it so in C."),
}


def answer(method, parameters):
    if method == "system.listMethods":
        return list(METHODS)
    if method == "system.methodSignature":
        return METHODS[parameters[0]][0]
    if method == "system.methodHelp":
        return METHODS[parameters[0]][1]
    if method == "upper":
        return parameters[0].upper()
    return sorted(parameters[0]) if method == "list.sort" else 5


SLIXMPP = """
        char *text = NULL;
        if (Methods_upper(peer, "hello", &text, &error) == JRPC_OK)
            puts(text);
        jrpc_free(text);
        xmlrpc_value *five = NULL;
        if (error.status == JRPC_OK && Methods_interface_2(peer, &five, &error) == JRPC_OK) {
            printf("%s\\n", xmlrpc_value_type(five) == XMLRPC_TYPE_INT ? "an integer" : "something else");
            xmlrpc_DECREF(five);
        }
"""


async def slixmpps(test, switch):
    peer = await open_peer(test, switch, "peer-c", plugins=("xep_0030", "xep_0009"))
    plugin = peer.plugin["xep_0009"]

    def on_call(iq):
        call = iq["rpc_query"]["method_call"]
        parameters = xml2py(call["params"]) if call["params"] is not None else []
        plugin.make_iq_method_response(iq["id"], iq["from"], py2xml(answer(call["method_name"], parameters))).send()
    peer.add_event_handler("jabber_rpc_method_call", on_call)
    await try_server(test, switch, "slixmpp", switch.jid("peer-c"), [
        "    /// In capital letters.\n    /// That is all. */\n    string upper(in string arg1);\n",
        "#include <jrpc.idl>\n", "jrpc::DateTime when();\n", '@wire_name("list.Sort") sequence<any> Sort_2(',
        "    sequence<any> sort(in sequence<any> arg1);\n", '@c_name("interface_2") any _interface();\n', "name that IDL cannot give: 'odd-name'",
        "// TODO: its types; the server does not say.\n"], SLIXMPP, "HELLO\nan integer\n")
    await peer.close()


# --- xmlrpc-c's ---

XMLRPC = """
        int64_t sum = 0;
        jrpc_datetime moment;
        if (sample_add(peer, 40, 2, &sum, &error) == JRPC_OK && sample_string(peer, &moment, &error) == JRPC_OK)
            printf("%" PRId64 " %d\\n", sum, (int)moment.year);
"""


def relay(request):
    """What is in the query goes to the program as it is, and its answer comes back."""
    call = request.find("{%s}query/{%s}methodCall" % (RPC, RPC))
    for element in call.iter():
        element.tag = element.tag.split("}")[-1]
    done = subprocess.run([XMLRPC_SERVER], input=ET.tostring(call, encoding="utf-8", xml_declaration=True),
                          capture_output=True, check=True, timeout=30)
    inner = "".join(ET.tostring(part, encoding="unicode") for part in ET.fromstring(done.stdout))
    return reply_xml(request, response(inner))


async def xmlrpc_cs(test, switch):
    peer = await open_peer(test, switch, "peer-c")
    peer.answerer = relay
    await try_server(test, switch, "xmlrpc-c", switch.jid("peer-c"), [
        "interface sample {\n", "    /// Adds two numbers.\n    long long add(in long arg1, in long arg2);\n",
        "    /// Sorts a list,\n    /// or not. /* odd */\n    sequence<any> sort(in sequence<any> arg1);\n",
        "jrpc::DateTime _string();\n", "interface sample_way {\n", "interface system {\n", "multicall(in sequence<any> arg1);\n",
        "any unknown();\n"],
        XMLRPC, "42 2026\n")
    await peer.close()


async def body(test):
    for name in test.servers():
        switch = await test.switch(name, users=("peer-a", "peer-b", "peer-c"))
        for part in (our_own, slixmpps, xmlrpc_cs):
            await test.case("%s: %s" % (name, part.__name__), part, test, switch, limit=120)
        await switch.stop()


live.main(body)
