/* SPDX-License-Identifier: MIT */
/* Sources. */
#include "front/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LONGEST_SHOWN = 4096 }; /* bytes of a line behind a place that are worth showing */

static const char builtin_name[] = "jrpc.idl", builtin_path[] = "<jrpc.idl>";
static const char builtin_text[] =
    "/// What every jabber-rpc program knows.\n"
    "module jrpc {\n"
    "    /// A moment of the calendar without time zone: <dateTime.iso8601>.\n"
    "    native DateTime;\n"
    "\n"
    "    /// What a server says of itself: every one of ours, and many others.\n"
    "    @wire_name(\"system\") interface System {\n"
    "        /// The names of all methods.\n"
    "        @idempotent sequence<string> listMethods();\n"
    "        /// What the named method does, for people.\n"
    "        @idempotent string methodHelp(in string name);\n"
    "        /// A list of signatures, each a list of types with the result's first; or the string \"undef\".\n"
    "        @idempotent any methodSignature(in string name);\n"
    "        /// The specifications that it follows: a struct of { specUrl, specVersion } by name.\n"
    "        @idempotent any getCapabilities();\n"
    "    };\n"
    "};\n";

static void index_lines(sources *s, source_file *file)
{
    file->line_count = 1;
    for (uint32_t i = 0; i < file->len; i++)
        file->line_count += file->text[i] == '\n';
    file->lines = env_alloc(s->env, file->line_count * sizeof *file->lines);
    uint32_t line = 1;
    for (uint32_t i = 0; i < file->len; i++) {
        if (file->text[i] == '\n')
            file->lines[line++] = i + 1;
    }
}

static source_file *new_file(sources *s, const char *path, char *text, size_t len)
{
    source_file *file = ENV_NEW(s->env, source_file);
    file->path = env_strdup(s->env, path);
    file->text = text;
    file->len = (uint32_t)len;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        file->text += 3;
        file->len -= 3;
        file->skipped = 3;
    }
    index_lines(s, file);
    file->id = s->files ? s->files->id + 1 : 1;
    file->next = s->files;
    s->files = file;
    return file;
}

static source_file *known(const sources *s, const char *path)
{
    for (source_file *file = s->files; file; file = file->next) {
        if (!file->builtin && strcmp(file->path, path) == 0)
            return file;
    }
    return NULL;
}

source_file *source_add(sources *s, const char *name, const char *text, size_t len)
{
    if (len > LIMIT_FILE)
        len = LIMIT_FILE;
    return new_file(s, name, env_strndup(s->env, text, len), len);
}

/* Reads all of the stream into the arena; NULL with *ret_errno on failure. */
static char *slurp(sources *s, FILE *stream, size_t *ret_len, int *ret_errno)
{
    size_t len = 0, cap = 0;
    char *text = NULL;
    for (;;) {
        if (len + 1 >= cap) {
            size_t want = cap ? cap * 2 : 65536;
            char *bigger = arena_alloc(&s->env->memory, want);
            if (!bigger) {
                *ret_errno = ENOMEM;
                return NULL;
            }
            if (len)
                memcpy(bigger, text, len);
            text = bigger;
            cap = want;
        }
        size_t got = fread(text + len, 1, cap - 1 - len, stream);
        len += got;
        if (len > LIMIT_FILE) {
            *ret_errno = EFBIG;
            return NULL;
        }
        if (got == 0)
            break;
    }
    if (ferror(stream)) {
        *ret_errno = EIO;
        return NULL;
    }
    text[len] = '\0';
    *ret_len = len;
    return text;
}

static source_file *open_builtin(sources *s);

/* A file that the caller reads for us; *ret_file NULL: it could not. False: it is not such a file. */
static bool open_other(sources *s, const char *path, source_file **ret_file, int *ret_errno)
{
    char *text = NULL;
    size_t len = 0;
    if (!s->read_other || !s->read_other(path, &text, &len, ret_errno))
        return false;
    *ret_file = NULL;
    if (text && len > LIMIT_FILE) {
        *ret_errno = EFBIG;
        free(text);
    } else if (text) {
        char *copy = arena_strndup(&s->env->memory, text, len);
        free(text);
        if (!copy)
            env_nomem(s->env);
        *ret_file = new_file(s, path, copy, len);
    }
    return true;
}

source_file *source_open(sources *s, const char *path, int *ret_errno)
{
    if (strcmp(path, builtin_path) == 0)
        return open_builtin(s);
    source_file *file = known(s, path);
    *ret_errno = ENOENT;
    if (file || s->no_files || open_other(s, path, &file, ret_errno))
        return file;
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *stream = is_stdin ? stdin : fopen(path, "rb");
    struct stat status;
    if (!stream || fstat(fileno(stream), &status) < 0) {
        *ret_errno = errno;
        if (stream && !is_stdin)
            fclose(stream);
        return NULL;
    }
    size_t len = 0;
    char *text = NULL;
    if (S_ISDIR(status.st_mode))
        *ret_errno = EISDIR;
    else
        text = slurp(s, stream, &len, ret_errno);
    if (!is_stdin)
        fclose(stream);
    if (!text && *ret_errno == ENOMEM)
        env_nomem(s->env);
    if (!text)
        return NULL;
    file = new_file(s, path, text, len);
    file->listed = !is_stdin;
    return file;
}

static source_file *open_builtin(sources *s)
{
    for (source_file *file = s->files; file; file = file->next) {
        if (file->builtin)
            return file;
    }
    source_file *file = source_add(s, builtin_path, builtin_text, sizeof builtin_text - 1);
    file->builtin = true;
    return file;
}

/* "git:REV:folder/file.idl": the path is what follows the second colon, and REV may have slashes too. */
static bool is_other(const char *path)
{
    return strncmp(path, "git:", 4) == 0 && strchr(path + 4, ':');
}

/* Of the folder in a path, with what separates it from the name. */
static size_t folder_length(const char *path)
{
    const char *start = is_other(path) ? strchr(path + 4, ':') + 1 : path;
    const char *slash = strrchr(start, '/');
    return (size_t)((slash ? slash + 1 : start) - path);
}

static source_file *open_in(sources *s, const char *dir, size_t dir_len, const char *name, int *ret_errno)
{
    if (dir_len == 0)
        return source_open(s, name, ret_errno);
    char last = dir[dir_len - 1];
    const char *slash = last == '/' || (last == ':' && is_other(dir)) ? "" : "/";
    const char *path = env_format(s->env, "%.*s%s%s", (int)dir_len, dir, slash, name);
    return source_open(s, path, ret_errno);
}

/* A file that is there but cannot be read ends the search: its error is the one to show. */
static bool is_missing(int error)
{
    return error == ENOENT || error == ENOTDIR;
}

source_file *source_include(sources *s, const source *from, const char *name, bool angled, int *ret_errno)
{
    if (strcmp(name, builtin_name) == 0)
        return open_builtin(s);
    if (name[0] == '/')
        return source_open(s, name, ret_errno);
    *ret_errno = ENOENT;
    if (strcmp(name, "-") == 0)
        return NULL;
    if (!angled) {
        size_t dir_len = folder_length(from->file->path);
        source_file *file = open_in(s, from->file->path, dir_len, name, ret_errno);
        if (file || !is_missing(*ret_errno))
            return file;
    }
    for (size_t i = 0; i < s->include_dir_count; i++) {
        const char *dir = s->include_dirs[i];
        source_file *file = open_in(s, dir, strcmp(dir, ".") == 0 ? 0 : strlen(dir), name, ret_errno);
        if (file || !is_missing(*ret_errno))
            return file;
    }
    return s->no_files ? known(s, name) : NULL;
}

source *source_new(sources *s, source_file *file, place included_from, const ast_include *include)
{
    source *reading = ENV_NEW(s->env, source);
    reading->file = file;
    file->readings++;
    reading->included_from = included_from;
    reading->include = include;
    reading->depth = included_from.source ? included_from.source->depth + 1 : 0;
    s->total += file->len;
    return reading;
}

/* The line an offset is on, from 0. */
static uint32_t find_line(const source *s, uint32_t offset, uint32_t *ret_start)
{
    const source_file *file = s->file;
    uint32_t low = 0, high = file->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (file->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    *ret_start = file->lines[low];
    return low;
}

uint32_t source_real_line(const source *s, uint32_t offset)
{
    uint32_t start = 0;
    return find_line(s, offset, &start) + 1;
}

const char *source_line(place p, uint32_t *ret_len, uint32_t *ret_offset_in_line)
{
    const source_file *file = p.source->file;
    uint32_t start = 0;
    p.offset = p.offset < file->len ? p.offset : file->len;
    find_line(p.source, p.offset, &start);
    uint32_t most = file->len - p.offset > LONGEST_SHOWN ? p.offset + LONGEST_SHOWN : file->len;
    const char *newline = memchr(file->text + p.offset, '\n', most - p.offset);
    uint32_t end = newline ? (uint32_t)(newline - file->text) : most;
    while (end > start && file->text[end - 1] == '\r')
        end--;
    *ret_len = end - start;
    *ret_offset_in_line = p.offset > end ? end - start : p.offset - start;
    return file->text + start;
}

/* Characters, not bytes: continuation bytes of UTF-8 do not count. Goes on from the last answer where it can.
 */
static uint32_t count_chars(source_file *file, uint32_t start, uint32_t end)
{
    if (file->counted_start != start || file->counted_end > end || file->counted_end < start) {
        file->counted_start = file->counted_end = start;
        file->counted = 0;
    }
    for (uint32_t i = file->counted_end; i < end; i++)
        file->counted += ((unsigned char)file->text[i] & 0xC0) != 0x80;
    file->counted_end = end;
    return file->counted;
}

/* The #line that holds at an offset, or NULL. */
static const source_mark *find_mark(const source *s, uint32_t offset)
{
    size_t low = 0, high = s->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->marks[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &s->marks[low - 1] : NULL;
}

place_position place_find(place p)
{
    if (!p.source)
        return (place_position){ "<built-in>", 0, 0 };
    uint32_t start = 0;
    uint32_t line = find_line(p.source, p.offset, &start) + 1;
    uint32_t offset = p.offset < p.source->file->len ? p.offset : p.source->file->len;
    place_position found = { p.source->file->path, line, 1 + count_chars(p.source->file, start, offset) };
    const source_mark *mark = find_mark(p.source, p.offset);
    if (mark) {
        found.line = line - mark->real_line + mark->line;
        found.file = mark->file ? mark->file : found.file;
    }
    if (strcmp(found.file, "-") == 0)
        found.file = "<stdin>";
    return found;
}
