/* SPDX-License-Identifier: MIT */
/* samples/build: which targets a build file declares. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "targets.h"

static char folder[] = "/tmp/targets.XXXXXX";

static int make_folder(void **state)
{
    UNUSED(state);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    UNUSED(state);
    return rmdir(folder);
}

/* The targets in one line: "name=help;". */
static const char *read_file(const char *name, const char *text, size_t len)
{
    static char line[4096];
    char path[64];
    targets t;
    const char *why = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
    bool fine = targets_read(&t, path, &why);
    unlink(path);
    if (!fine)
        return why;
    line[0] = '\0';
    for (size_t i = 0; i < t.count; i++) {
        size_t at = strlen(line);
        snprintf(line + at, sizeof line - at, "%s=%s;", t.list[i].name, t.list[i].help);
        assert_ptr_equal(targets_find(&t, t.list[i].name), &t.list[i]);
    }
    assert_null(targets_find(&t, "echo; reboot"));
    assert_null(targets_find(&t, ""));
    targets_done(&t);
    return line;
}

#define READ(NAME, TEXT) read_file(NAME, TEXT, sizeof TEXT - 1)

static void makefiles(void **state)
{
    UNUSED(state);
    assert_string_equal(READ("Makefile", "# echo: no\n.PHONY: echo\nX := y\nY = a:b\necho all: dep ## Prints <it>\n\techo x: y\n"
                                         "%.o: %.c\n\tcc\necho: more\n$(X): z\n-f: no\nlast_1.2-3:"),
                        "echo=Prints <it>;all=Prints <it>;last_1.2-3=;");
    /* A variable of several lines, and lines that go on, have no rules in them. */
    assert_string_equal(READ("Makefile", "define RULE\nno: $(1)\ndefine INNER\nnor:\nendef\nthis:\n  endef # RULE\nall:\n"
                                         "override export define X =\nno:\nendef\ndefined: y\nendef: z\nTEXT = a \\\nno: b\n"
                                         "two: c \\\n d\nlast:\n\tdefine\nend:"),
                        "all=;defined=;endef=;two=;last=;end=;");
    assert_string_equal(READ("Makefile", "all:\ndefine X\nno:\n"), "all=;"); /* make itself refuses that file */
    assert_string_equal(READ("Makefile", "ifeq ($(X),a:b)\none:\nelse\ntwo:\nendif\ninclude a:b\nvpath x a:b\n"), "one=;two=;"); /* both: see README */
    assert_string_equal(READ("Makefile", ""), "it declares no target");
    assert_string_equal(READ("Makefile", "a\0b:\n"), "it declares no target");
    assert_string_equal(READ("Makefile", ":::\n a:\n"), "it declares no target");
}

static void ant_files(void **state)
{
    UNUSED(state);
    assert_string_equal(READ("build.xml", "<?xml version='1.0'?><project><!-- <target name='no'/> -->\n"
                                          "<target\n name=\"echo\"\tdescription='Says \"x\"'><target2 name='no'/></target>"
                                          "<target description='none'/><target name='-internal'/><target name='a b'/>"
                                          "<target depends='name' name='two'/></project>"),
                        "echo=Says \"x\";two=;");
    assert_string_equal(READ("build.xml", "<target name='cut"), "it declares no target");
    assert_string_equal(READ("build.xml", "<!-- <target name='no'/>"), "it declares no target");
    assert_string_equal(READ("build.xml", "<target name='no>"), "it declares no target");
}

static void too_much_is_refused(void **state)
{
    UNUSED(state);
    const char *why = NULL;
    targets t;
    size_t len = 0, room = 2 << 20;
    autofree char *text = malloc(room);
    assert_non_null(text);
    for (int i = 0; i < 300; i++)
        len += (size_t)snprintf(text + len, room - len, "t%d:\n", i);
    assert_string_equal(read_file("Makefile", text, len), "it declares more than 256 targets, or there is no memory");
    memset(text, '\n', room);
    assert_string_equal(read_file("Makefile", text, room), "it cannot be read, or is larger than 1 MiB");
    assert_false(targets_read(&t, "/nonexistent/Makefile", &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makefiles),
        cmocka_unit_test(ant_files),
        cmocka_unit_test(too_much_is_refused),
    };
    return cmocka_run_group_tests_name("samples/build: targets", tests, make_folder, remove_folder);
}
