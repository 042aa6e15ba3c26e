/* SPDX-License-Identifier: MIT */
/* rpc-server: the daemon that hosts the methods of modules. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jrpc/jrpc.h>

#include "program/config.h"
#include "rpc-server/host.h"
#include "rpc-server/observe.h"

static const char usage[] =
    "Usage: rpc-server --jid JID --password-file FILE --module FILE... {--allow WHO|--acl FILE}... [OPTION]...\n"
    "Hosts the methods of modules (shared objects made with idlgen --module) on a Jabber account.\n"
    "\n"
    "  --module FILE         a module to load; may be repeated\n"
    "  --allow WHO           who may call: node@domain, node@domain/resource, domain, *@domain or *; may be repeated.\n"
    "                        Nobody may unless allowed\n"
    "  --acl FILE            an access list: who may call which methods; read again at SIGHUP (see rpc-server(8))\n"
    "  --audit               log each call that is let in or refused, with the rule that decided\n"
    "  --commands WAYS       how people may run methods from a chat client: forms (ad-hoc commands), lines (typed to this\n"
    "                        account: help, METHOD ARGUMENT...), all (the default) or none\n"
    "  --workers N           threads that run methods (default 4)\n"
    "  --inline              run methods on the thread that reads the stream: only if none ever blocks\n"
    "  --max-queued N        calls that may wait for a worker (default 2048; half of them by one caller)\n"
    "  --drain-timeout N     seconds that calls have to end when it is told to (default 30)\n"
    "  --caller-limit LIMIT  of each account: 100/s or 30/m,burst=5 (s, m, h, d); at-once=4: calls in progress; or both\n"
    "  --domain-limit LIMIT  the same of all accounts of a domain together\n"
    "  --method-limit METHOD=LIMIT  the same of one method; may be repeated\n"
    "  --metrics-file FILE   counters and latencies for Prometheus (node_exporter's textfile collector), written there\n"
    "  --metrics-interval N  every so many seconds (default 15), and when it ends\n"
    "  --dump-file FILE      where SIGUSR1 appends its state and its last 256 calls; the log by default\n"
    "  --config FILE         settings as name = value lines, one for each option above or below\n"
    "  --version, --help\n"
    "\n";

enum { OPTION_MODULE = 1, OPTION_ALLOW, OPTION_WORKERS, OPTION_INLINE, OPTION_MAX_QUEUED, OPTION_DRAIN_TIMEOUT, OPTION_CONFIG,
       OPTION_ACL, OPTION_AUDIT, OPTION_COMMANDS, OPTION_CALLER_LIMIT, OPTION_DOMAIN_LIMIT, OPTION_METHOD_LIMIT,
       OPTION_METRICS_FILE, OPTION_METRICS_INTERVAL, OPTION_DUMP_FILE,
       OPTION_VERSION, OPTION_HELP };

enum { CLOSE_MOST_S = 3 };

typedef struct text_list {
    char **items;
    size_t len;
} text_list;

typedef struct settings {
    jrpc_options *connection;
    text_list modules, allowed, method_limits;
    jrpc_limit caller_limit, domain_limit;
    uint32_t workers, max_queued, drain_s;
    unsigned commands; /* JRPC_COMMANDS_... */
    bool inline_handlers, audit;
    char *acl;
    observe observe;
} settings;

/* For the signal handler: */
static jrpc_session *running;
static volatile sig_atomic_t reload_wanted, dump_wanted, end_wanted;

static void on_signal(int number)
{
    if (number == SIGHUP)
        reload_wanted = 1;
    else if (number == SIGUSR1)
        dump_wanted = 1;
    else
        end_wanted = 1;
    if (running)
        jrpc_session_interrupt(running);
}

static jrpc_status add_text(text_list *list, const char *text, jrpc_error *error)
{
    char **items = realloc(list->items, (list->len + 1) * sizeof *items);
    char *copy = strdup(text);
    if (items)
        list->items = items;
    if (!items || !copy) {
        free(copy);
        return jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    }
    list->items[list->len++] = copy;
    return JRPC_OK;
}

static void free_texts(text_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        free(list->items[i]);
    free(list->items);
}

static jrpc_status set_text(char **text, const char *value, jrpc_error *error)
{
    free(*text);
    *text = strdup(value);
    return *text ? JRPC_OK : jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
}

static jrpc_status parse_number(const char *name, const char *text, uint32_t least, uint32_t *ret_number, jrpc_error *error)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*end || end == text || *text == '-' || value < least || value > 65536)
        return jrpc_error_set(error, JRPC_E_INVALID, "--%s %s: expected a number from %u to 65536", name, text, least);
    *ret_number = (uint32_t)value;
    return JRPC_OK;
}

static jrpc_status parse_limit(const char *name, const char *text, jrpc_limit *ret_limit, jrpc_error *error)
{
    jrpc_error why = JRPC_ERROR_INIT;
    jrpc_status status = jrpc_limit_parse(text, ret_limit, &why);
    if (status != JRPC_OK)
        jrpc_error_set(error, status, "--%s %s", name, why.message);
    jrpc_error_done(&why);
    return status;
}

/* METHOD=LIMIT; *ret_method is new. */
static jrpc_status parse_method_limit(const char *text, char **ret_method, jrpc_limit *ret_limit, jrpc_error *error)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return jrpc_error_set(error, JRPC_E_INVALID, "--method-limit %s: expected METHOD=LIMIT", text);
    jrpc_status status = parse_limit("method-limit", equals + 1, ret_limit, error);
    if (status == JRPC_OK && !(*ret_method = strndup(text, (size_t)(equals - text))))
        status = jrpc_error_set(error, JRPC_E_NOMEM, "out of memory");
    return status;
}

static jrpc_status add_method_limit(settings *s, const char *text, jrpc_error *error)
{
    char *method = NULL;
    jrpc_limit limit;
    jrpc_status status = parse_method_limit(text, &method, &limit, error);
    free(method);
    return status == JRPC_OK ? add_text(&s->method_limits, text, error) : status;
}

/* A slip of the pen must not leave a method without its limit. */
static jrpc_status check_served(const char *method, jrpc_session *session, jrpc_error *error)
{
    jrpc_error why = JRPC_ERROR_INIT;
    jrpc_status status = jrpc_serves(session, method, &why);
    if (status != JRPC_OK)
        jrpc_error_set(error, status, "--method-limit: %s", why.message);
    jrpc_error_done(&why);
    return status;
}

static jrpc_status limit_method(const char *text, jrpc_session *session, jrpc_error *error)
{
    char *method = NULL;
    jrpc_limit limit;
    jrpc_status status = parse_method_limit(text, &method, &limit, error);
    if (status == JRPC_OK)
        status = check_served(method, session, error);
    if (status == JRPC_OK)
        status = jrpc_session_limit_method(session, method, &limit, error);
    free(method);
    return status;
}

static jrpc_status parse_commands(const char *text, unsigned *ret_ways, jrpc_error *error)
{
    static const struct {
        const char *name;
        unsigned ways;
    } all[] = { { "none", 0 },
                { "forms", JRPC_COMMANDS_FORMS },
                { "lines", JRPC_COMMANDS_LINES },
                { "all", JRPC_COMMANDS_FORMS | JRPC_COMMANDS_LINES } };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(text, all[i].name) != 0)
            continue;
        *ret_ways = all[i].ways;
        return JRPC_OK;
    }
    return jrpc_error_set(error, JRPC_E_INVALID, "--commands %s: expected forms, lines, all or none", text);
}

static jrpc_status take_setting(int option, const char *value, settings *s, jrpc_error *error)
{
    switch (option) {
    case OPTION_MODULE:
        return add_text(&s->modules, value, error);
    case OPTION_ALLOW:
        return add_text(&s->allowed, value, error);
    case OPTION_WORKERS:
        return parse_number("workers", value, 1, &s->workers, error);
    case OPTION_MAX_QUEUED:
        return parse_number("max-queued", value, 1, &s->max_queued, error);
    case OPTION_DRAIN_TIMEOUT:
        return parse_number("drain-timeout", value, 0, &s->drain_s, error);
    case OPTION_INLINE:
        s->inline_handlers = true;
        return JRPC_OK;
    case OPTION_ACL:
        return set_text(&s->acl, value, error);
    case OPTION_CALLER_LIMIT:
        return parse_limit("caller-limit", value, &s->caller_limit, error);
    case OPTION_DOMAIN_LIMIT:
        return parse_limit("domain-limit", value, &s->domain_limit, error);
    case OPTION_METHOD_LIMIT:
        return add_method_limit(s, value, error);
    case OPTION_COMMANDS:
        return parse_commands(value, &s->commands, error);
    case OPTION_METRICS_FILE:
        return set_text(&s->observe.metrics_file, value, error);
    case OPTION_METRICS_INTERVAL:
        return parse_number("metrics-interval", value, 1, &s->observe.every_s, error);
    case OPTION_DUMP_FILE:
        return set_text(&s->observe.dump_file, value, error);
    case OPTION_AUDIT:
        s->audit = true;
        return JRPC_OK;
    default:
        return jrpc_error_set(error, JRPC_E_INTERNAL, "an option without meaning");
    }
}

/* A key of the file is an option's name. */
static jrpc_status take_key(const char *key, const char *value, void *userdata, jrpc_error *error)
{
    static const struct {
        const char *key;
        int option;
    } own[] = { { "module", OPTION_MODULE },
                { "allow", OPTION_ALLOW },
                { "workers", OPTION_WORKERS },
                { "max-queued", OPTION_MAX_QUEUED },
                { "drain-timeout", OPTION_DRAIN_TIMEOUT },
                { "acl", OPTION_ACL },
                { "caller-limit", OPTION_CALLER_LIMIT },
                { "domain-limit", OPTION_DOMAIN_LIMIT },
                { "method-limit", OPTION_METHOD_LIMIT },
                { "commands", OPTION_COMMANDS },
                { "metrics-file", OPTION_METRICS_FILE },
                { "metrics-interval", OPTION_METRICS_INTERVAL },
                { "dump-file", OPTION_DUMP_FILE } };
    settings *s = userdata;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (strcmp(own[i].key, key) == 0)
            return take_setting(own[i].option, value, s, error);
    }
    bool *flag = strcmp(key, "inline") == 0 ? &s->inline_handlers : strcmp(key, "audit") == 0 ? &s->audit : NULL;
    if (flag) {
        *flag = strcmp(value, "yes") == 0;
        return *flag || strcmp(value, "no") == 0
                   ? JRPC_OK
                   : jrpc_error_set(error, JRPC_E_INVALID, "%s = %s: expected yes or no", key, value);
    }
    return jrpc_options_set(s->connection, key, value, error);
}

/* Returns -1 to go on, else the exit status. */
static int parse_arguments(int argc, char **argv, settings *s, jrpc_error *error)
{
    static const struct option options[] = {
        { "module", required_argument, NULL, OPTION_MODULE },
        { "allow", required_argument, NULL, OPTION_ALLOW },
        { "workers", required_argument, NULL, OPTION_WORKERS },
        { "inline", no_argument, NULL, OPTION_INLINE },
        { "max-queued", required_argument, NULL, OPTION_MAX_QUEUED },
        { "drain-timeout", required_argument, NULL, OPTION_DRAIN_TIMEOUT },
        { "config", required_argument, NULL, OPTION_CONFIG },
        { "acl", required_argument, NULL, OPTION_ACL },
        { "caller-limit", required_argument, NULL, OPTION_CALLER_LIMIT },
        { "domain-limit", required_argument, NULL, OPTION_DOMAIN_LIMIT },
        { "method-limit", required_argument, NULL, OPTION_METHOD_LIMIT },
        { "commands", required_argument, NULL, OPTION_COMMANDS },
        { "audit", no_argument, NULL, OPTION_AUDIT },
        { "metrics-file", required_argument, NULL, OPTION_METRICS_FILE },
        { "metrics-interval", required_argument, NULL, OPTION_METRICS_INTERVAL },
        { "dump-file", required_argument, NULL, OPTION_DUMP_FILE },
        { "version", no_argument, NULL, OPTION_VERSION },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    if (jrpc_options_take(s->connection, &argc, argv, error) != JRPC_OK)
        return 2;
    const char *config = NULL;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == OPTION_HELP) {
            printf("%s%s", usage, jrpc_options_help());
            return 0;
        }
        if (option == OPTION_VERSION) {
            printf("rpc-server (jabber-rpc) %s\n", jrpc_version());
            return 0;
        }
        if (option == '?') {
            fputs("Try rpc-server --help\n", stderr);
            return 2;
        }
        if (option == OPTION_CONFIG)
            config = optarg;
        else if (take_setting(option, optarg, s, error) != JRPC_OK)
            return 2;
    }
    if (optind < argc) {
        jrpc_error_set(error, JRPC_E_INVALID, "%s: not an option", argv[optind]);
        return 2;
    }
    return config && config_read(config, take_key, s, error) != JRPC_OK ? 2 : -1;
}

/* Callers are let in last: before that, all methods are there. Modules that talk themselves are asked before lines are run. */
static jrpc_status start_services(const settings *s, host *h, jrpc_session *session, jrpc_error *error)
{
    jrpc_status status = host_start(h, session, error);
    for (size_t i = 0; i < s->method_limits.len && status == JRPC_OK; i++)
        status = limit_method(s->method_limits.items[i], session, error);
    if (status == JRPC_OK && s->commands)
        status = jrpc_commands_serve(session, s->commands, error);
    if (status == JRPC_OK && s->acl)
        status = jrpc_session_acl_load(session, s->acl, error);
    for (size_t i = 0; i < s->allowed.len && status == JRPC_OK; i++)
        status = jrpc_session_allow(session, s->allowed.items[i], error);
    if (status == JRPC_OK && s->allowed.len == 0 && !s->acl)
        fputs("rpc-server: warning: nobody may call: there is no --allow and no --acl\n", stderr);
    return status;
}

/* A list that cannot be read changes nothing: a slip of the pen must neither open the door nor lock everybody out. */
static void reload_acl(const settings *s)
{
    jrpc_error error = JRPC_ERROR_INIT;
    if (jrpc_session_acl_load(running, s->acl, &error) == JRPC_OK) {
        fprintf(stderr, "rpc-server: %s is in force\n", s->acl);
        return;
    }
    fputs("rpc-server: the old access list stays: ", stderr);
    jrpc_error_print(stderr, &error);
    jrpc_error_done(&error);
}

static void handle_signals(void (*end)(int number), void (*other)(int number))
{
    struct sigaction action = { .sa_handler = end };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = other;
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
}

/* The new modules may have other methods. Those that were limited are not served any more, or under another name. */
static void warn_of_limits(const settings *s)
{
    for (size_t i = 0; i < s->method_limits.len; i++) {
        jrpc_error error = JRPC_ERROR_INIT;
        char *method = NULL;
        jrpc_limit limit;
        jrpc_status status = parse_method_limit(s->method_limits.items[i], &method, &limit, &error);
        if (status != JRPC_OK || check_served(method, running, &error) != JRPC_OK)
            fprintf(stderr, "rpc-server: warning: %s\n", error.message);
        free(method);
        jrpc_error_done(&error);
    }
}

static void reload(const settings *s, host *h)
{
    if (!reload_wanted)
        return;
    reload_wanted = 0;
    if (s->acl)
        reload_acl(s);
    if (host_reload(h, running))
        warn_of_limits(s);
}

static void dump(const settings *s)
{
    if (!dump_wanted)
        return;
    dump_wanted = 0;
    observe_dump(&s->observe, running);
}

/* Modules that were replaced are looked at every so often, until the last call that uses them has ended. */
static int64_t next_look(const settings *s, bool retired)
{
    enum { RELEASE_MS = 200 };
    int64_t metrics = observe_timeout(&s->observe);
    return retired && (metrics < 0 || metrics > RELEASE_MS) ? RELEASE_MS : metrics;
}

static jrpc_status wait_for_end(settings *s, host *h, jrpc_error *error)
{
    bool retired = false;
    while (!end_wanted) {
        jrpc_status status = jrpc_session_wait(running, next_look(s, retired), error);
        if (status == JRPC_E_TIMEOUT)
            jrpc_error_done(error);
        else if (status != JRPC_OK)
            return status;
        reload(s, h);
        dump(s);
        observe_tick(&s->observe, running);
        retired = host_release(h, running);
    }
    return JRPC_OK;
}

static void give_up(int number)
{
    (void)number;
    _exit(1);
}

/* Lets the calls that run end; a second signal ends the program at once. */
static int drain(const settings *s, jrpc_error *error)
{
    handle_signals(SIG_DFL, SIG_IGN);
    fprintf(stderr, "rpc-server: shutting down: calls that run have %u s to end\n", (unsigned)s->drain_s);
    jrpc_status status = jrpc_session_drain(running, (int64_t)s->drain_s * 1000, error);
    if (status == JRPC_OK)
        return 0;
    if (status != JRPC_E_TIMEOUT)
        return 3;
    /* A method that does not come back is not waited for any longer. */
    jrpc_options_report(s->connection, stderr, error);
    jrpc_error_done(error);
    struct sigaction action = { .sa_handler = give_up };
    sigaction(SIGALRM, &action, NULL);
    alarm(CLOSE_MOST_S);
    return 1;
}

static jrpc_status open_session(settings *s, jrpc_error *error)
{
    const char *jid = NULL;
    jrpc_session_options options;
    jrpc_status status = jrpc_options_finish(s->connection, &jid, &options, error);
    if (status != JRPC_OK)
        return status;
    options.workers = s->workers;
    options.max_queued = s->max_queued;
    options.inline_handlers = s->inline_handlers;
    options.caller_limit = s->caller_limit;
    options.domain_limit = s->domain_limit;
    options.audit_calls = s->audit;
    if (s->audit && options.log_level > JRPC_LOG_INFO)
        options.log_level = JRPC_LOG_INFO;
    return jrpc_session_open(jid, &options, &running, error);
}

static int serve(settings *s, host *h, jrpc_error *error)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGUSR1, &action, NULL); /* while it connects as well, it must not be deadly */
    jrpc_status status = open_session(s, error);
    if (status != JRPC_OK)
        return config_exit_status(status);
    handle_signals(on_signal, on_signal);
    int exit_status = 2;
    if (start_services(s, h, running, error) == JRPC_OK && observe_start(&s->observe, running, error) == JRPC_OK) {
        fprintf(stderr, "rpc-server: ready as %s\n", jrpc_session_jid(running));
        exit_status = wait_for_end(s, h, error) == JRPC_OK ? drain(s, error) : 3;
        observe_end(&s->observe, running);
    }
    handle_signals(SIG_DFL, SIG_IGN);
    jrpc_session_close(running);
    return exit_status;
}

static int run(settings *s, jrpc_error *error)
{
    host h = { .modules = NULL };
    int exit_status = host_load(&h, s->modules.items, s->modules.len, error) == JRPC_OK ? serve(s, &h, error) : 2;
    host_done(&h);
    return exit_status;
}

int main(int argc, char **argv)
{
    static char own_name[] = "rpc-server"; /* for the messages of getopt_long() */
    settings s = { .connection = jrpc_options_new(),
                   .drain_s = 30,
                   .commands = JRPC_COMMANDS_FORMS | JRPC_COMMANDS_LINES,
                   .observe = { .every_s = OBSERVE_EVERY_S } };
    if (!s.connection)
        return 1;
    if (argc > 0)
        argv[0] = own_name;
    jrpc_error error = JRPC_ERROR_INIT;
    int exit_status = parse_arguments(argc, argv, &s, &error);
    if (exit_status < 0)
        exit_status = run(&s, &error);
    if (error.status != JRPC_OK)
        jrpc_options_report(s.connection, stderr, &error);
    jrpc_error_done(&error);
    jrpc_options_free(s.connection);
    free_texts(&s.modules);
    free_texts(&s.allowed);
    free_texts(&s.method_limits);
    free(s.acl);
    free(s.observe.metrics_file);
    free(s.observe.dump_file);
    return exit_status;
}
