/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json_writer.h"
#include "core/limits.h"
#include "core/wire/wire.h"
#include "sim/base/duration.h"
#include "sim/base/quote.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/option_recovery.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/warn.h"
#include "sim/report/style.h"
#include "sim/report/watch.h"
#include "sim/serve/serve.h"

#define BLUE "\033[34m"
#define RED "\033[31m"
#define PLAIN "\033[0m"

typedef struct {
  gboolean help, listen_any, require_token;
  char *host, *port, *name, *id, *token, *token_file, *pace, *recovery, *limit, *resync, *color;
  char **sibling, **allow_peer, **allow_host, **operands;
} NodeArgs;

#define NODE_OPTIONS 19
static void list_options(NodeArgs *args, GOptionEntry entries[NODE_OPTIONS]) {
  const GOptionEntry all[NODE_OPTIONS] = {
      {"host", 's', 0, G_OPTION_ARG_FILENAME, &args->host,
       "address to listen on (default: 127.0.0.1)", "HOST"},
      {"port", 'p', 0, G_OPTION_ARG_FILENAME, &args->port, "port to listen on", "PORT"},
      {"name", 'n', 0, G_OPTION_ARG_FILENAME, &args->name, "name of the node", "NAME"},
      {"id", 'i', 0, G_OPTION_ARG_FILENAME, &args->id, "number of the node, unique in its grid",
       "ID"},
      {"token", 't', 0, G_OPTION_ARG_FILENAME, &args->token,
       "token of the node; checked with --require-token only. Whoever lists processes sees it: "
       "--token-file and $GRIDSIM_TOKEN keep it to themselves",
       "TOKEN"},
      {"token-file", 0, 0, G_OPTION_ARG_FILENAME, &args->token_file,
       "the first line of this file is the token", "FILE"},
      {"require-token", 0, 0, G_OPTION_ARG_NONE, &args->require_token,
       "answer only requests with the token: Authorization: Bearer TOKEN", NULL},
      {"pace", 0, 0, G_OPTION_ARG_FILENAME, &args->pace,
       "original: about a second per message; none: at once; or a DURATION for each message "
       "received, twice that for each one sent (default: original)",
       "PACE"},
      {"sibling", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->sibling,
       "ask the node at this address to be its sibling, as it begins; may be given again",
       "HOST:PORT"},
      GS_ROWS_RECOVERY(args, "it does", "standard", "auto", "1min"),
      {"listen-any", 0, 0, G_OPTION_ARG_NONE, &args->listen_any,
       "allow an address to listen on that others on the network can reach", NULL},
      GS_ROW_ALLOW_PEER(args),
      GS_ROW_ALLOW_HOST(args),
      GS_ROW_COLOR(args),
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

static void clear_args(NodeArgs *args) {
  GOptionEntry entries[NODE_OPTIONS];
  list_options(args, entries);
  gs_options_clear(entries);
}

void gs_cmd_node_help(GString *out) {
  NodeArgs args = {0};
  GOptionEntry entries[NODE_OPTIONS];
  list_options(&args, entries);
  g_string_append(
      out, "Usage: gridsim node -s HOST -p PORT -n NAME -i ID [-t TOKEN] [OPTION]…\n"
           "\n"
           "Runs one node that answers HTTP, with the command line of the original program:\n"
           "it prints its state every second, and each message that it handles and sends.\n"
           "\n"
           "Examples\n"
           "  gridsim node -s 127.0.0.1 -p 8081 -n A -i 1 -t t1\n"
           "  gridsim node -s 127.0.0.1 -p 8082 -n B -i 2 -t t2\n"
           "      two nodes, in two terminals; make them siblings:\n"
           "  curl http://127.0.0.1:8081/messaging --data-raw '{\"envType\": \"Tell\",\n"
           "    \"msgType\": \"AddSibling\", \"msg\": {\"siblingName\": \"B\",\n"
           "    \"siblingAddress\": \"127.0.0.1:8082\", \"siblingId\": \"2\"}}'\n"
           "  gridsim node -s 127.0.0.1 -p 8082 -n B -i 2 -t t2 --sibling 127.0.0.1:8081\n"
           "      B, which asks A itself: also when it was ended and is started again\n"
           "\n"
           "Options\n");
  gs_options_describe(entries, out);
  g_string_append(out, "\n"
                       "Exit status, also after Ctrl-C: 0 done; 2 wrong usage, or an address that "
                       "cannot be\n"
                       "listened on.\n");
}

typedef struct {
  NodeArgs args;
  GsExposures exposures;
  GsHttpAllow *allow;
  char *token;
  GsServeOptions options;
  GsScenario *scenario;
  bool color;
  GsInterrupt interrupt;
} Node;

static void clear_node(Node *node) {
  clear_args(&node->args);
  gs_exposures_clear(&node->exposures);
  gs_http_allow_free(node->allow);
  g_free(node->token);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Node, clear_node)

static bool on_interrupted(void *data) {
  return gs_interrupt_poll(&((Node *)data)->interrupt) != 0 || ferror(stdout);
}

static void print_line(const Node *node, const char *color, const char *label,
                       const GString *text) {
  g_autofree char *clean = gs_text_clean(text->str);
  printf("%s%s: %s%s\n", node->color ? color : "", label, clean, node->color ? PLAIN : "");
  fflush(stdout);
}

static void on_receiving(const GString *envelope, void *data) {
  print_line(data, BLUE, "RECEIVING", envelope);
}

static void on_sending(const GString *envelope, void *data) {
  print_line(data, RED, "SENDING", envelope);
}

/** With -p 0 the port is known only now. */
static void on_started(const GArray *served, void *data) {
  GsScenarioNode *node = &((Node *)data)->scenario->nodes[0];
  g_free(node->http);
  node->http = g_strdup(g_array_index(served, GsServed, 0).address);
  gs_warn_addresses(served);
}

static void on_watch(const GsResults *so_far, int64_t now_ns, void *data) {
  (void)now_ns;
  (void)data;
  g_autoptr(GString) text = g_string_new(NULL);
  gs_watch_print_node(so_far, 0, text);
  gs_output_write(stdout, text);
}

/** "receive" and "send" in nanoseconds; 0: none. */
static bool read_pace(const char *text, int64_t *receive_ns, int64_t *send_ns, GError **error) {
  *receive_ns = GS_PACE_ORIGINAL_RECEIVE_NS;
  *send_ns = GS_PACE_ORIGINAL_SEND_NS;
  if (!text || g_str_equal(text, "original"))
    return true;
  *receive_ns = *send_ns = 0;
  if (g_str_equal(text, "none"))
    return true;
  /* What begins as no number is a word, of which there are two. */
  if (!strchr("0123456789.+-", *text) || !*text) {
    g_autofree char *quoted = gs_quote(text);
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "--pace: %s is not allowed; give original, none or a duration, such as 1.5s",
                quoted);
    return false;
  }
  if (!gs_option_duration("--pace", text, receive_ns, error))
    return false;
  *send_ns = MIN(2 * *receive_ns, GS_TIME_MAX_NS);
  return true;
}

/** A scenario of this one node; NULL after an error was said. */
static GsScenario *make_scenario(const NodeArgs *args, GError **error) {
  uint64_t port, id;
  int64_t receive_ns, send_ns;
  if (!gs_option_number("--port", args->port, 0, UINT16_MAX, &port, error) ||
      !gs_option_number("--id", args->id, 0, GS_NODE_ID_MAX, &id, error) ||
      !read_pace(args->pace, &receive_ns, &send_ns, error))
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 0);
  gs_json_begin_object(json);
  gs_json_write_key(json, "nodes");
  gs_json_begin_array(json);
  gs_json_begin_object(json);
  gs_json_member_int(json, "id", (int64_t)id);
  gs_json_member_string(json, "name", args->name);
  gs_json_end_object(json);
  gs_json_end_array(json);
  gs_json_end_object(json);
  g_autoptr(GsScenario) scenario = gs_scenario_parse(text->str, text->len, "node", NULL, 0, error);
  GsRecoveryOptions recovery;
  if (!scenario ||
      !gs_recovery_options_read(&recovery, args->recovery, args->limit, args->resync, error) ||
      !gs_recovery_options_apply(&recovery, scenario, error))
    return NULL;
  scenario->receive_every_ns = receive_ns;
  scenario->send_every_ns = send_ns;
  scenario->paced_from_start = true;
  const char *host = args->host ? args->host : "127.0.0.1";
  bool bare_ipv6 = strchr(host, ':') && *host != '[';
  scenario->nodes[0].http = g_strdup_printf(bare_ipv6 ? "[%s]:%u" : "%s:%u", host, (guint)port);
  return g_steal_pointer(&scenario);
}

/** Whether it may call all whom it is to ask. */
static bool check_siblings(const Node *node, GError **error) {
  for (char **at = node->args.sibling; at && *at; at++)
    if (!gs_http_allow_check(node->allow, *at, error)) {
      g_prefix_error(error, "--sibling: ");
      return false;
    }
  return true;
}

static bool read_values(Node *node, GError **error) {
  NodeArgs *args = &node->args;
  int color = GS_COLOR_AUTO;
  if (args->color && !gs_option_word("--color", args->color, gs_color_names, &color, error))
    return false;
  node->color = gs_style_for(stdout, (GsColor)color).color;
  node->allow = gs_option_allow(args->allow_peer, error);
  if (!node->allow || !gs_option_hosts(args->allow_host, error) || !check_siblings(node, error))
    return false;
  node->options = (GsServeOptions){
      .exposures = &node->exposures,
      .listen_any = args->listen_any,
      .allow = node->allow,
      .host_names = (const char *const *)args->allow_host,
      .token = node->token,
      .siblings = (const char *const *)args->sibling,
      .run = {.workers = 1, .watch_every_ns = GS_SECOND_NS, .watch = on_watch, .watch_data = node},
      .calls = {.interrupted = on_interrupted,
                .started = on_started,
                .receiving = on_receiving,
                .sending = on_sending,
                .warns = gs_warn_serving,
                .data = node}};
  return true;
}

static int read_command_line(Node *node, char **given) {
  GOptionEntry entries[NODE_OPTIONS];
  NodeArgs *args = &node->args;
  list_options(args, entries);
  g_auto(GStrv) words = g_strdupv(given);
  g_autoptr(GError) error = NULL;
  if (!gs_options_parse(&words, entries, false, &error))
    return gs_cli_usage_error("node", "node: %s", error->message);
  if (args->help)
    return GS_EXIT_DONE;
  if (args->operands)
    return gs_cli_usage_error("node", "node: '%s' is no option", args->operands[0]);
  if (!args->port || !args->name || !args->id)
    return gs_cli_usage_error("node", "node: %s is missing",
                              !args->port   ? "-p PORT"
                              : !args->name ? "-n NAME"
                                            : "-i ID");
  if (args->token && args->token_file)
    return gs_cli_usage_error("node", "node: -t and --token-file both give a token; give one");
  if (!gs_option_token(args->token_file, NULL, &node->token, &error) || !read_values(node, &error))
    return gs_cli_usage_error("node", "node: %s", error->message);
  if (args->token)
    node->options.token = args->token;
  if (args->require_token && !node->options.token)
    return gs_cli_usage_error(
        "node",
        "node: --require-token needs a token: --token-file FILE, GRIDSIM_TOKEN or -t TOKEN");
  if (!args->require_token)
    node->options.token = NULL;
  return GS_EXIT_DONE;
}

/** How it stood at its end, and what became of all it was told. */
static void say_last_word(const Node *node, const GsResults *results, const GsServeReport *served) {
  const GsServed *own = &g_array_index(served->served, GsServed, 0);
  on_watch(results, results->now_ns, NULL);
  fflush(stdout);
  gs_cli_error("node %s: ended%s%s; accepted %" PRIu64 " messages: %" PRIu64 " handled, %" PRIu64
               " lost, %" PRIu64 " left; to others %" PRIu64 " delivered, %" PRIu64 " not",
               node->args.name, node->interrupt.signal ? " by SIG" : "",
               node->interrupt.signal ? sigabbrev_np(node->interrupt.signal) : "", own->accepted,
               own->handled, own->lost, own->left, served->delivered,
               served->undelivered + served->unsent);
}

int gs_cmd_node(char **given) {
  g_auto(Node) node = {0};
  int status = read_command_line(&node, given);
  if (status != GS_EXIT_DONE)
    return status;
  if (node.args.help) {
    g_autoptr(GString) text = g_string_new(NULL);
    gs_cmd_node_help(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  g_autoptr(GError) error = NULL;
  gs_interrupt_prepare();
  g_autoptr(GsScenario) scenario = make_scenario(&node.args, &error);
  if (!scenario || !gs_exposures_read(&node.exposures, scenario, NULL, NULL, &error))
    return gs_cli_usage_error("node", "node: %s", error->message);
  node.scenario = scenario;
  g_auto(GsServeReport) served = {0};
  gs_interrupt_begin(&node.interrupt);
  g_autoptr(GsResults) results = gs_serve(scenario, &node.options, &served, &error);
  gs_interrupt_end(&node.interrupt);
  if (!results) {
    gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  say_last_word(&node, results, &served);
  return gs_output_finish(GS_EXIT_DONE, 0);
}
