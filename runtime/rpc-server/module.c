/* SPDX-License-Identifier: MIT */
/* Modules. */
#include "rpc-server/module.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A name without slash would be searched for in the system's folders: the file that was named is meant. */
static char *to_path(const char *text)
{
    if (strchr(text, '/'))
        return strdup(text);
    char *path = malloc(strlen(text) + 3);
    if (path) {
        strcpy(path, "./");
        strcat(path, text);
    }
    return path;
}

/* ---- loading ---- */

static bool copy_bytes(int from, int to)
{
    char block[65536];
    ssize_t len;
    while ((len = read(from, block, sizeof block)) > 0) {
        for (ssize_t done = 0, n; done < len; done += n) {
            if ((n = write(to, block + done, (size_t)(len - done))) <= 0)
                return false;
        }
    }
    return len == 0;
}

/*
 * A copy in memory: the file may be written to or replaced without pulling the code away under our feet, and dlopen(3),
 * which knows objects by path and inode, takes the next version for another object. -1 when there can be none.
 */
static int copy_file(const char *path, struct stat *ret_file)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    int to = from >= 0 ? memfd_create("jrpc-module", MFD_CLOEXEC) : -1;
    if (from < 0 || to < 0 || fstat(from, ret_file) != 0 || !copy_bytes(from, to)) {
        if (to >= 0)
            close(to);
        to = -1;
    }
    if (from >= 0)
        close(from);
    return to;
}

/*
 * By the number of the process, so that debuggers find it too. No path is used twice, whatever the descriptor: an object
 * that cannot be unloaded would be found by it again. The number of the copy is spelled in "/" and "./".
 */
static void *open_copy(int fd)
{
    static unsigned copies;
    char name[160];
    int len = snprintf(name, sizeof name, "/proc/%ld/fd/", (long)getpid());
    for (unsigned n = ++copies; n; n >>= 1)
        len += snprintf(name + len, sizeof name - (size_t)len, "%s", n & 1 ? "./" : "/");
    snprintf(name + len, sizeof name - (size_t)len, "%d", fd);
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

static jrpc_status check(const module *m, jrpc_error *error)
{
    const jrpc_module *entry = m->entry;
    if (entry->abi != JRPC_MODULE_ABI || entry->size < sizeof(jrpc_module))
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: built for module interface %u, this program has %u", m->path,
                              (unsigned)entry->abi, (unsigned)JRPC_MODULE_ABI);
    if (!entry->name || (entry->service_count && !entry->services))
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: jrpc_module_v1 names no services", m->path);
    return JRPC_OK;
}

static jrpc_status find_entry(module *m, jrpc_error *error)
{
    if (!(m->entry = dlsym(m->handle, "jrpc_module_v1")))
        return jrpc_error_set(error, JRPC_E_INVALID, "%s: no module: it exports no jrpc_module_v1 (idlgen --module)",
                              m->path);
    return check(m, error);
}

/* Whoever builds with libtool sees its .la file beside the source, and not the module. */
static jrpc_status not_loaded(const module *m, const char *why, jrpc_error *error)
{
    size_t len = strlen(m->path);
    bool is_libtool = len > 3 && strcmp(m->path + len - 3, ".la") == 0;
    return jrpc_error_set(error, JRPC_E_INVALID, "%s%s", why,
                          is_libtool ? ": libtool's own file; the module is the .so, in .libs before it is installed" : "");
}

jrpc_status module_load(const char *path, module *ret_module, jrpc_error *error)
{
    module m = MODULE_INIT;
    if (!(m.path = to_path(path)))
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    m.fd = copy_file(m.path, &m.file);
    m.handle = m.fd >= 0 ? open_copy(m.fd) : NULL;
    if (!m.handle) /* where copies are not allowed, and for what is wrong with the file, in its own name */
        m.handle = dlopen(m.path, RTLD_NOW | RTLD_LOCAL);
    jrpc_status status = m.handle ? find_entry(&m, error) : not_loaded(&m, dlerror(), error);
    if (status != JRPC_OK) {
        module_unload(&m);
        return status;
    }
    *ret_module = m;
    return JRPC_OK;
}

/* ---- serving ---- */

static jrpc_status initialise(module *m, jrpc_session *session, jrpc_error *error)
{
    jrpc_status status = m->entry->init ? m->entry->init(session, &m->userdata, error) : JRPC_OK;
    m->initialised = status == JRPC_OK;
    return status;
}

/* Its services come, those of the old one (may be NULL) go. */
static jrpc_status serve(module *m, const module *old, jrpc_session *session, jrpc_error *error)
{
    jrpc_error why = JRPC_ERROR_INIT;
    jrpc_status status =
        jrpc_serve_instead(session, old ? old->entry->services : NULL, old ? old->entry->service_count : 0,
                           m->entry->services, m->entry->service_count, m->userdata, &why);
    if (status != JRPC_OK)
        jrpc_error_set(error, status, "%s: %s", m->path, why.message);
    jrpc_error_done(&why);
    return status;
}

jrpc_status module_start(module *m, jrpc_session *session, jrpc_error *error)
{
    jrpc_status status = initialise(m, session, error);
    return status == JRPC_OK ? serve(m, NULL, session, error) : status;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

jrpc_status module_reload(module *m, jrpc_session *session, module *ret_old, jrpc_error *error)
{
    struct stat file;
    *ret_old = (module)MODULE_INIT;
    if (stat(m->path, &file) != 0)
        return jrpc_error_set(error, JRPC_E_IO, "%s: %s", m->path, strerror(errno));
    if (is_same_file(&file, &m->file))
        return JRPC_OK;
    module next = MODULE_INIT;
    jrpc_status status = module_load(m->path, &next, error);
    if (status == JRPC_OK && next.handle == m->handle)
        status = jrpc_error_set(error, JRPC_E_INVALID, "%s: this system allows no copy of it, so it cannot be reloaded",
                                m->path);
    if (status == JRPC_OK)
        status = initialise(&next, session, error);
    if (status == JRPC_OK)
        status = serve(&next, m, session, error);
    if (status != JRPC_OK) {
        module_unload(&next);
        return status;
    }
    *ret_old = *m;
    *m = next;
    return JRPC_OK;
}

bool module_release(module *old, jrpc_session *session)
{
    for (size_t i = 0; i < old->entry->service_count; i++) {
        if (jrpc_unserve_wait(session, old->entry->services[i].interface_, 0, NULL) != JRPC_OK)
            return false;
    }
    module_unload(old);
    return true;
}

void module_unload(module *m)
{
    if (m->initialised && m->entry->done)
        m->entry->done(m->userdata);
    if (m->handle)
        dlclose(m->handle);
    if (m->fd >= 0)
        close(m->fd);
    free(m->path);
    *m = (module)MODULE_INIT;
}
