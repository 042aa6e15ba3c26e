/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target once over each seed in the folders given, with TAP: what `make check` does without
 * libFuzzer. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static int run(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return -1;
    size_t cap = 1 << 20;
    uint8_t *data = malloc(cap);
    size_t len = data ? fread(data, 1, cap, stream) : 0;
    fclose(stream);
    if (!data)
        return -1;
    LLVMFuzzerTestOneInput(data, len);
    free(data);
    return 0;
}

static int test_folder(const char *folder, int number)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, NULL, alphasort);
    if (count < 0)
        printf("not ok %d - %s is no folder\n", ++number, folder);
    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.')
            printf("%s %d - %s\n", run(folder, names[i]->d_name) == 0 ? "ok" : "not ok", ++number,
                   names[i]->d_name);
        fflush(stdout);
        free(names[i]);
    }
    free(names);
    return number;
}

int main(int argc, char **argv)
{
    const char *source = getenv("JRPC_SRCDIR");
    int number = 0;
    char folder[4096];
    for (int i = 1; i < argc; i++)
        number = test_folder(argv[i], number);
    for (int i = 0; argc < 2 && fuzz_folders[i]; i++) {
        snprintf(folder, sizeof folder, "%s/tests/%s", source ? source : ".", fuzz_folders[i]);
        number = test_folder(folder, number);
    }
    printf("1..%d\n", number);
    return number > 0 ? 0 : 1;
}
