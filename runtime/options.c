/* SPDX-License-Identifier: MIT */
/* Connection options. */
#include <jrpc/options.h>

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/secret-file.h"
#include "hint.h"

enum {
    JID,
    PASSWORD_FILE,
    HOST,
    PORT,
    CA_FILE,
    CA_PATH,
    PIN,
    CERT_FILE,
    KEY_FILE,
    DIRECT_TLS,
    COMPONENT,
    SECRET_FILE,
    TIMEOUT,
    KEEPALIVE,
    LOG_LEVEL,
    LOG_PAYLOADS,
    INSECURE_PLAINTEXT,
    ALLOW_PLAIN,
    PROXY,
    PROXY_PASSWORD_FILE,
    PROXY_PASSWORD, /* as PASSWORD */
    PASSWORD, /* from the environment alone: a command line is there for all to see */
    KNOWN
};

struct jrpc_options {
    char *strings[KNOWN];     /* by option: command line first, then environment, then file */
    jrpc_session_options out; /* what jrpc_options_finish() makes of them */
    const char *jid;
};

typedef struct known_option {
    const char *name;
    const char *variable;
    bool has_value;
} known_option;

static const known_option known[KNOWN] = {
    [JID] = { "jid", "JRPC_JID", true },
    [PASSWORD_FILE] = { "password-file", "JRPC_PASSWORD_FILE", true },
    [HOST] = { "host", "JRPC_HOST", true },
    [PORT] = { "port", "JRPC_PORT", true },
    [CA_FILE] = { "ca-file", "JRPC_CA_FILE", true },
    [CA_PATH] = { "ca-path", "JRPC_CA_PATH", true },
    [PIN] = { "pin", "JRPC_PIN", true },
    [CERT_FILE] = { "cert-file", "JRPC_CERT_FILE", true },
    [KEY_FILE] = { "key-file", "JRPC_KEY_FILE", true },
    [DIRECT_TLS] = { "direct-tls", "JRPC_DIRECT_TLS", false },
    [COMPONENT] = { "component", "JRPC_COMPONENT", true },
    [SECRET_FILE] = { "secret-file", "JRPC_SECRET_FILE", true },
    [TIMEOUT] = { "timeout", "JRPC_TIMEOUT", true },
    [KEEPALIVE] = { "keepalive", "JRPC_KEEPALIVE", true },
    [LOG_LEVEL] = { "log-level", "JRPC_LOG_LEVEL", true },
    [LOG_PAYLOADS] = { "log-payloads", "JRPC_LOG_PAYLOADS", false },
    [INSECURE_PLAINTEXT] = { "insecure-plaintext", "JRPC_INSECURE_PLAINTEXT", false },
    [ALLOW_PLAIN] = { "allow-plain", "JRPC_ALLOW_PLAIN", false },
    [PROXY] = { "proxy", "JRPC_PROXY", true },
    [PROXY_PASSWORD_FILE] = { "proxy-password-file", "JRPC_PROXY_PASSWORD_FILE", true },
    [PROXY_PASSWORD] = { NULL, "JRPC_PROXY_PASSWORD", true },
    [PASSWORD] = { NULL, "JRPC_PASSWORD", true },
};

const char *jrpc_options_help(void)
{
    return "Connection (each also as JRPC_NAME in the environment, or name = value in a configuration file):\n"
           "  --jid JID             account and resource: node@domain/resource\n"
           "  --password-file FILE  the password is its first line; nobody else may read it (or JRPC_PASSWORD)\n"
           "  --host NAME           the Jabber server; otherwise its SRV records, then the JID's domain\n"
           "  --port N              5222, or 5223 with --direct-tls, or 5347 with --component\n"
           "  --ca-file FILE        certificate authorities to trust besides the system's (PEM)\n"
           "  --ca-path FOLDER      the same, a folder as c_rehash(1) makes\n"
           "  --pin SHA256          trust the certificate with this fingerprint, and no other; may be repeated\n"
           "  --cert-file FILE      log in with this certificate (SASL EXTERNAL) instead of a password\n"
           "  --key-file FILE       its key, not encrypted; nobody else may read it\n"
           "  --direct-tls          TLS from the first byte instead of STARTTLS\n"
           "  --component NAME      be an external component (XEP-0114) of that name\n"
           "  --secret-file FILE    its secret\n"
           "  --proxy URL           go through socks5://[user@]host[:port] or http://[user@]host[:port]\n"
           "  --proxy-password-file FILE  its password (or JRPC_PROXY_PASSWORD)\n"
           "  --timeout TIME        of connecting and of a call: 5, 5s, 500ms, 2m (default 30s)\n"
           "  --keepalive TIME      notice within this time that the connection is dead (default 80s)\n"
           "  --allow-plain         let SASL PLAIN be used inside verified TLS\n"
           "  --insecure-plaintext  no TLS, PLAIN allowed: for a server on this machine only\n"
           "  --log-level LEVEL     debug, info, warning (default) or error\n"
           "  --log-payloads        level debug, with the arguments and results of calls, which are not logged otherwise\n";
}

static jrpc_status set(jrpc_options *c, int i, const char *value, jrpc_error *error)
{
    char *copy = strdup(value);
    if (!copy)
        return error_nomem(error);
    free(c->strings[i]);
    c->strings[i] = copy;
    return JRPC_OK;
}

jrpc_options *jrpc_options_new(void)
{
    return calloc(1, sizeof(jrpc_options));
}

void jrpc_options_free(jrpc_options *c)
{
    if (!c)
        return;
    for (int i = 0; i < KNOWN; i++) {
        if (i == PASSWORD || i == PROXY_PASSWORD || i == PROXY)
            secret_free(c->strings[i]);
        else
            free(c->strings[i]);
    }
    free(c);
}

static int find(const char *name, size_t len)
{
    for (int i = 0; i < KNOWN; i++) {
        if (known[i].name && strlen(known[i].name) == len && memcmp(known[i].name, name, len) == 0)
            return i;
    }
    return -1;
}

/* What may be repeated on the command line is a list. */
static jrpc_status add(jrpc_options *c, int i, const char *value, jrpc_error *error)
{
    if (i != PIN || !c->strings[i])
        return set(c, i, value, error);
    AUTO(buf_done) buf list = BUF_INIT;
    buf_printf(&list, "%s,%s", c->strings[i], value);
    return buf_failed(&list) ? error_nomem(error) : set(c, i, list.data, error);
}

/* What is there for others to see holds no password; the value is not repeated. */
static jrpc_status check_public(int i, const char *value, jrpc_error *error)
{
    const char *at = i == PROXY ? strrchr(value, '@') : NULL;
    const char *scheme = strstr(value, "://");
    const char *user = scheme ? scheme + 3 : value;
    if (!at || at < user || !memchr(user, ':', (size_t)(at - user)))
        return JRPC_OK;
    return jrpc_error_set(error, JRPC_E_INVALID,
                          "--proxy: there is a password in it, for others to see: use --proxy-password-file FILE");
}

/* One argument; *ret_used is how many it and its value are: 0 when it is not ours. */
static jrpc_status take_one(jrpc_options *c, char **argv, int left, int *ret_used, jrpc_error *error)
{
    *ret_used = 0;
    if (strncmp(argv[0], "--", 2) != 0)
        return JRPC_OK;
    const char *name = argv[0] + 2;
    size_t len = strcspn(name, "=");
    int i = find(name, len);
    if (i < 0)
        return JRPC_OK;
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    *ret_used = 1;
    if (!known[i].has_value)
        return set(c, i, value ? value : "yes", error);
    if (!value && left < 2)
        return jrpc_error_set(error, JRPC_E_INVALID, "--%s: its value is missing", known[i].name);
    if (!value) {
        *ret_used = 2;
        value = argv[1];
    }
    jrpc_status status = check_public(i, value, error);
    return status == JRPC_OK ? add(c, i, value, error) : status;
}

jrpc_status jrpc_options_take(jrpc_options *c, int *argc, char **argv, jrpc_error *error)
{
    int kept = *argc > 0 ? 1 : 0;
    int at = kept;
    while (at < *argc && strcmp(argv[at], "--") != 0) {
        int used;
        jrpc_status status = take_one(c, argv + at, *argc - at, &used, error);
        if (status != JRPC_OK)
            return status;
        if (used == 0)
            argv[kept++] = argv[at++];
        at += used;
    }
    while (at < *argc)
        argv[kept++] = argv[at++];
    argv[kept] = NULL;
    *argc = kept;
    return JRPC_OK;
}

/* A variable that is set to nothing is as good as none. */
static const char *environment(int i)
{
    const char *value = getenv(known[i].variable);
    return value && *value ? value : NULL;
}

jrpc_status jrpc_options_set(jrpc_options *c, const char *name, const char *value, jrpc_error *error)
{
    int i = find(name, strlen(name));
    if (i < 0)
        return jrpc_error_set(error, JRPC_E_NOT_FOUND, "no such setting: %s", name);
    /* A password of the environment goes before a file of the configuration's. */
    if ((i == PASSWORD_FILE && environment(PASSWORD)) || (i == PROXY_PASSWORD_FILE && environment(PROXY_PASSWORD)))
        return JRPC_OK;
    jrpc_status status = check_public(i, value, error);
    if (status != JRPC_OK)
        return status;
    /* The command line was there first, and the environment goes before a file as well. */
    return c->strings[i] || environment(i) ? JRPC_OK : set(c, i, value, error);
}

/* An account of the environment gives way to a component of the command line, and the other way round. */
static jrpc_status add_environment(jrpc_options *c, jrpc_error *error)
{
    bool has_identity = c->strings[JID] || c->strings[COMPONENT];
    for (int i = 0; i < KNOWN; i++) {
        const char *value = c->strings[i] ? NULL : environment(i);
        if (!value || (has_identity && (i == JID || i == COMPONENT)))
            continue;
        jrpc_status status = set(c, i, value, error);
        if (status != JRPC_OK)
            return status;
    }
    return JRPC_OK;
}

static jrpc_status invalid(int i, const char *value, const char *why, jrpc_error *error)
{
    return jrpc_error_set(error, JRPC_E_INVALID, "--%s %s: %s", known[i].name, value, why);
}

static jrpc_status read_flag(jrpc_options *c, int i, bool *ret_flag, jrpc_error *error)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = { { "yes", true }, { "true", true }, { "1", true }, { "no", false }, { "false", false }, { "0", false } };
    const char *value = c->strings[i];
    for (size_t w = 0; value && w < sizeof words / sizeof words[0]; w++) {
        if (strcasecmp(value, words[w].word) == 0) {
            *ret_flag = words[w].value;
            return JRPC_OK;
        }
    }
    return value ? invalid(i, value, "expected yes or no", error) : JRPC_OK;
}

static jrpc_status read_port(jrpc_options *c, jrpc_error *error)
{
    const char *value = c->strings[PORT];
    if (!value)
        return JRPC_OK;
    char *end;
    errno = 0;
    unsigned long port = strtoul(value, &end, 10);
    if (errno || *end || end == value || !isdigit((unsigned char)*value) || port == 0 || port > 65535)
        return invalid(PORT, value, "expected a number from 1 to 65535", error);
    c->out.port = (uint16_t)port;
    return JRPC_OK;
}

/* "5", "5s", "500ms", "2m". */
static bool parse_time(const char *text, uint32_t *ret_ms)
{
    static const struct {
        const char *unit;
        uint32_t ms;
    } units[] = { { "", 1000 }, { "s", 1000 }, { "ms", 1 }, { "m", 60000 } };
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    for (size_t u = 0; !errno && end != text && isdigit((unsigned char)*text) && u < sizeof units / sizeof units[0]; u++) {
        if (strcmp(end, units[u].unit) == 0 && number > 0 && number < (UINT32_MAX - 1) / units[u].ms) {
            *ret_ms = (uint32_t)number * units[u].ms;
            return true;
        }
    }
    return false;
}

static jrpc_status read_timeout(jrpc_options *c, jrpc_error *error)
{
    if (!c->strings[TIMEOUT])
        return JRPC_OK;
    uint32_t ms;
    if (!parse_time(c->strings[TIMEOUT], &ms))
        return invalid(TIMEOUT, c->strings[TIMEOUT], "expected a time such as 5, 5s, 500ms or 2m", error);
    c->out.connect_timeout_ms = c->out.call_timeout_ms = ms;
    return JRPC_OK;
}

/* Three parts silence, one part waiting for the answer to a ping. */
static jrpc_status read_keepalive(jrpc_options *c, jrpc_error *error)
{
    if (!c->strings[KEEPALIVE])
        return JRPC_OK;
    uint32_t ms;
    if (!parse_time(c->strings[KEEPALIVE], &ms) || ms < 4)
        return invalid(KEEPALIVE, c->strings[KEEPALIVE], "expected a time such as 30s or 2m", error);
    c->out.keepalive_timeout_ms = ms / 4;
    c->out.keepalive_ms = ms - ms / 4;
    return JRPC_OK;
}

static void log_to_stderr(jrpc_log_level level, const char *message, void *userdata)
{
    UNUSED(userdata);
    static const char *const names[] = { "debug", "info", "warning", "error" };
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, names[level], message);
}

static jrpc_status read_log_level(jrpc_options *c, jrpc_error *error)
{
    static const char *const names[] = { "debug", "info", "warning", "error" };
    const char *value = c->strings[LOG_LEVEL] ? c->strings[LOG_LEVEL] : "warning";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(value, names[i]) == 0) {
            c->out.log_level = (jrpc_log_level)i;
            c->out.log = log_to_stderr;
            return JRPC_OK;
        }
    }
    return invalid(LOG_LEVEL, value, "expected debug, info, warning or error", error);
}

static jrpc_status read_identity(jrpc_options *c, jrpc_error *error)
{
    jrpc_session_options *o = &c->out;
    o->component = c->strings[COMPONENT] != NULL;
    if (o->component && c->strings[JID])
        return jrpc_error_set(error, JRPC_E_INVALID, "--jid and --component exclude each other");
    c->jid = c->strings[o->component ? COMPONENT : JID];
    if (!c->jid)
        return jrpc_error_set(error, JRPC_E_INVALID, "no account given: --jid node@domain/resource (or JRPC_JID)");
    o->password_file = c->strings[o->component ? SECRET_FILE : PASSWORD_FILE];
    if (!o->password_file)
        o->password = c->strings[PASSWORD];
    if (!o->password_file && !o->password && (o->component || !c->strings[CERT_FILE]))
        return jrpc_error_set(error, JRPC_E_INVALID, "no password given for %s: --%s FILE", c->jid,
                              o->component ? "secret-file" : "password-file");
    if (!c->strings[CERT_FILE] != !c->strings[KEY_FILE])
        return jrpc_error_set(error, JRPC_E_INVALID, "--cert-file and --key-file belong together");
    return JRPC_OK;
}

jrpc_status jrpc_options_finish(jrpc_options *c, const char **ret_jid, jrpc_session_options *ret_session_options,
                                jrpc_error *error)
{
    c->out = (jrpc_session_options)JRPC_SESSION_OPTIONS_INIT;
    jrpc_status status = add_environment(c, error);
    if (status == JRPC_OK)
        status = read_identity(c, error);
    if (status == JRPC_OK)
        status = read_port(c, error);
    if (status == JRPC_OK)
        status = read_timeout(c, error);
    if (status == JRPC_OK)
        status = read_keepalive(c, error);
    if (status == JRPC_OK)
        status = read_log_level(c, error);
    if (status == JRPC_OK)
        status = read_flag(c, DIRECT_TLS, &c->out.direct_tls, error);
    if (status == JRPC_OK)
        status = read_flag(c, INSECURE_PLAINTEXT, &c->out.insecure_plaintext, error);
    if (status == JRPC_OK)
        status = read_flag(c, ALLOW_PLAIN, &c->out.allow_plain, error);
    if (status == JRPC_OK)
        status = read_flag(c, LOG_PAYLOADS, &c->out.log_payloads, error);
    if (status != JRPC_OK)
        return status;
    if (c->out.log_payloads)
        c->out.log_level = JRPC_LOG_DEBUG;
    c->out.host = c->strings[HOST];
    c->out.ca_file = c->strings[CA_FILE];
    c->out.ca_path = c->strings[CA_PATH];
    c->out.pins = c->strings[PIN];
    c->out.cert_file = c->strings[CERT_FILE];
    c->out.key_file = c->strings[KEY_FILE];
    c->out.proxy = c->strings[PROXY];
    c->out.proxy_password_file = c->strings[PROXY_PASSWORD_FILE];
    if (!c->out.proxy_password_file)
        c->out.proxy_password = c->strings[PROXY_PASSWORD];
    if (c->out.insecure_plaintext)
        c->out.log(JRPC_LOG_WARNING, "--insecure-plaintext: passwords and calls can be read on the way", NULL);
    *ret_jid = c->jid;
    *ret_session_options = c->out;
    return JRPC_OK;
}

jrpc_status jrpc_options_open(jrpc_options *c, jrpc_session **ret_session, jrpc_error *error)
{
    const char *jid = NULL;
    jrpc_session_options session_options;
    jrpc_status status = jrpc_options_finish(c, &jid, &session_options, error);
    return status == JRPC_OK ? jrpc_session_open(jid, &session_options, ret_session, error) : status;
}

jrpc_status jrpc_open_loop(int *argc, char **argv, jrpc_session **ret_session, jrpc_error *error)
{
    jrpc_options *c = jrpc_options_new();
    if (!c)
        return error_nomem(error);
    const char *jid = NULL;
    jrpc_session_options session_options;
    jrpc_status status = jrpc_options_take(c, argc, argv, error);
    if (status == JRPC_OK)
        status = jrpc_options_finish(c, &jid, &session_options, error);
    if (status == JRPC_OK) {
        session_options.mode = JRPC_MODE_CALLER;
        session_options.inline_handlers = true;
        status = jrpc_session_open(jid, &session_options, ret_session, error);
    }
    jrpc_options_free(c);
    return status;
}

const char *jrpc_options_hint(const jrpc_options *c, const jrpc_error *error)
{
    static const jrpc_session_options none = JRPC_SESSION_OPTIONS_INIT;
    return hint_for(c ? &c->out : &none, error);
}

void jrpc_options_report(const jrpc_options *c, FILE *stream, const jrpc_error *error)
{
    const char *hint = jrpc_options_hint(c, error);
    fprintf(stream, "%s: ", program_invocation_short_name);
    jrpc_error_print(stream, error);
    if (hint)
        fprintf(stream, "%s: hint: %s\n", program_invocation_short_name, hint);
}
