/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/client.h"

#include <curl/curl.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "core/address.h"
#include "core/error.h"
#include "sim/base/clock.h"
#include "sim/base/quote.h"
#include "sim/base/thread.h"
#include "sim/http/limits.h"
#include "sim/http/peer.h"

/** Peers that wait for their pause to end are looked through at most this often. */
#define PAUSES_EVERY_S 0.005
#define POLL_MOST_MS 1000
#define TURNS_IN_A_ROW 32

/** One try that is under way. Only the client's thread uses it. */
typedef struct {
  CURL *easy;
  GsHttpClient *client;
  GsHttpPeer *peer;
  gsize answer_bytes;
  guint opened, forbidden; /**< sockets that were, and that the allow list did not let be */
  bool was_down;
  char error[CURL_ERROR_SIZE];
} Transfer;

struct GsHttpClient {
  GsHttpAllow *allow;
  char *path;
  GsHttpClientLimits limits;
  GsHttpDone done;
  void *data;
  pthread_t thread;
  bool joined; /**< of the thread that stops */

  /* Only the client's thread uses these. */
  CURLM *multi;
  struct curl_slist *headers;
  guint flying, flying_down;

  pthread_mutex_t mutex;
  pthread_cond_t all_done;
  /* The rest is under the mutex. */
  GHashTable *by_address;
  GPtrArray *peers;
  GQueue ready[2]; /**< of peers that work, and of those whose last try failed */
  GQueue pausing;
  double next_due_s;   /**< when to look at those that pause */
  uint64_t unfinished; /**< messages of all peers whose outcome was not told */
  bool asleep;         /**< the thread waits for something to happen */
  bool stopping;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void start_curl(void) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* ---- Peers. Everything here is called with the mutex held. ---- */

/** A peer that works keeps its turn for a while, since others may need its connection. */
static void make_ready(GsHttpClient *client, GsHttpPeer *peer) {
  GQueue *ready = &client->ready[peer->failures > 0];
  bool stays = peer->state == GS_HTTP_PEER_BUSY && peer->failures == 0 &&
               ++peer->turns % TURNS_IN_A_ROW != 0;
  peer->state = GS_HTTP_PEER_READY;
  if (stays)
    g_queue_push_head_link(ready, &peer->link);
  else
    g_queue_push_tail_link(ready, &peer->link);
}

static void make_pausing(GsHttpClient *client, GsHttpPeer *peer) {
  peer->state = GS_HTTP_PEER_PAUSING;
  g_queue_push_tail_link(&client->pausing, &peer->link);
  client->next_due_s = MIN(client->next_due_s, peer->due_s);
}

static void await_turn(GsHttpClient *client, GsHttpPeer *peer) {
  if (!peer->first)
    peer->state = GS_HTTP_PEER_IDLE;
  else if (peer->failures > 0 && peer->due_s > gs_clock_s())
    make_pausing(client, peer);
  else
    make_ready(client, peer);
}

static void end_pauses(GsHttpClient *client) {
  if (g_queue_is_empty(&client->pausing))
    return;
  double now = gs_clock_s(), next = INFINITY;
  if (now < client->next_due_s)
    return;
  for (GList *at = client->pausing.head, *after; at; at = after) {
    after = at->next;
    GsHttpPeer *peer = at->data;
    if (peer->due_s <= now) {
      g_queue_unlink(&client->pausing, at);
      make_ready(client, peer);
    } else {
      next = MIN(next, peer->due_s);
    }
  }
  client->next_due_s = MAX(next, now + PAUSES_EVERY_S);
}

/** The first message of a BUSY peer has its outcome. The mutex is let go of meanwhile. */
static void conclude(GsHttpClient *client, GsHttpPeer *peer, GsHttpOutcome outcome, guint status) {
  GsHttpMessage *message = gs_http_peer_take_first(peer, outcome, status);
  bool tell = client->done && !message->probe;
  void *about = message->about;
  pthread_mutex_unlock(&client->mutex);
  gs_http_message_free(message);
  if (tell)
    client->done(peer, outcome, status, about, client->data);
  pthread_mutex_lock(&client->mutex);
  if (--client->unfinished == 0)
    pthread_cond_broadcast(&client->all_done);
}

/* ---- Tries, on the client's thread ---- */

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)purpose;
  Transfer *transfer = data;
  if (!gs_http_allow_socket(transfer->client->allow, transfer->peer->address, &address->addr,
                            address->addrlen)) {
    transfer->forbidden++;
    return CURL_SOCKET_BAD;
  }
  transfer->opened++;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/** Head and body alike: only their length matters. */
static size_t skip_answer(char *bytes, size_t size, size_t count_of, void *data) {
  (void)bytes;
  Transfer *transfer = data;
  transfer->answer_bytes += size * count_of;
  return transfer->answer_bytes > transfer->client->limits.answer_bytes_max ? 0 : size * count_of;
}

#define SET(option, value) (result = result ? result : curl_easy_setopt(easy, option, value))

/** What is the same for all tries. */
static CURLcode prepare(Transfer *transfer) {
  GsHttpClient *client = transfer->client;
  CURL *easy = transfer->easy;
  CURLcode result = CURLE_OK;
  SET(CURLOPT_PRIVATE, transfer);
  SET(CURLOPT_ERRORBUFFER, transfer->error);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_PROTOCOLS_STR, "http");
  SET(CURLOPT_PROXY, "");
  SET(CURLOPT_NOPROXY, "*");
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  SET(CURLOPT_CUSTOMREQUEST, "GET");
  SET(CURLOPT_HTTPHEADER, client->headers);
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  SET(CURLOPT_PATH_AS_IS, 1L);
  SET(CURLOPT_TIMEOUT_MS, (long)client->limits.timeout_ms);
  SET(CURLOPT_CONNECTTIMEOUT_MS, (long)client->limits.connect_timeout_ms);
  /* A name that is slow to look up must not hold up the thread when its time is over. */
  SET(CURLOPT_QUICK_EXIT, 1L);
  SET(CURLOPT_BUFFERSIZE, 4096L);
  SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
  SET(CURLOPT_OPENSOCKETDATA, transfer);
  SET(CURLOPT_WRITEFUNCTION, skip_answer);
  SET(CURLOPT_WRITEDATA, transfer);
  SET(CURLOPT_HEADERFUNCTION, skip_answer);
  SET(CURLOPT_HEADERDATA, transfer);
  return result;
}

/** The peer, and the message, which stays in the queue until its outcome. */
static CURLcode aim(Transfer *transfer, GsHttpPeer *peer, GBytes *body) {
  CURL *easy = transfer->easy;
  CURLcode result = CURLE_OK;
  gsize length;
  const void *bytes = g_bytes_get_data(body, &length);
  transfer->peer = peer;
  transfer->answer_bytes = 0;
  transfer->opened = transfer->forbidden = 0;
  transfer->error[0] = '\0';
  SET(CURLOPT_URL, peer->url);
  SET(CURLOPT_POSTFIELDS, bytes ? bytes : "");
  SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
  return result;
}

static void transfer_free(void *data) {
  Transfer *transfer = data;
  curl_easy_cleanup(transfer->easy);
  g_free(transfer);
}

/**
 * Each try has a handle of its own: libcurl 7.88 remembers the last header of an answer in it,
 * frees that, and reads it again when the next answer begins with a folded header. Connections are
 * kept by the multi handle.
 */
static Transfer *new_transfer(GsHttpClient *client) {
  Transfer *transfer = g_new0(Transfer, 1);
  transfer->client = client;
  transfer->easy = curl_easy_init();
  if (transfer->easy && prepare(transfer) == CURLE_OK)
    return transfer;
  transfer_free(transfer);
  return NULL;
}

/** The first message has its outcome, or the peer pauses before it is tried again. */
static void end_try(GsHttpClient *client, GsHttpPeer *peer, guint status, guint retry_after_ms) {
  bool again = status < 200 || status == 408 || status == 425 || status == 429 || status >= 500;
  if (status)
    peer->stats.last_status = status;
  peer->stats.silent = status == 0;
  if (!again) {
    gs_http_peer_note_success(peer);
    conclude(client, peer, status < 300 ? GS_HTTP_DELIVERED : GS_HTTP_REFUSED, status);
  } else {
    gs_http_peer_note_failure(peer, retry_after_ms, &client->limits);
    if (peer->first->tries >= (peer->first->probe ? 1 : client->limits.tries_max))
      conclude(client, peer, GS_HTTP_FAILED, status);
  }
  await_turn(client, peer);
}

/** Starts a try of a BUSY peer's first message; the mutex is held, and let go of meanwhile. */
static void start_try(GsHttpClient *client, GsHttpPeer *peer) {
  if (!peer->allowed) {
    conclude(client, peer, GS_HTTP_FORBIDDEN, 0);
    await_turn(client, peer);
    return;
  }
  GsHttpMessage *message = peer->first;
  bool was_down = peer->failures > 0;
  if (message->tries++ > 0)
    peer->stats.retried++;
  pthread_mutex_unlock(&client->mutex);

  Transfer *transfer = new_transfer(client);
  bool started = transfer && aim(transfer, peer, message->body) == CURLE_OK &&
                 curl_multi_add_handle(client->multi, transfer->easy) == CURLM_OK;
  if (started) {
    transfer->was_down = was_down;
    client->flying++;
    client->flying_down += was_down;
  } else if (transfer) {
    transfer_free(transfer);
  }
  pthread_mutex_lock(&client->mutex);
  peer->transfer = started ? transfer : NULL;
  if (!started) {
    gs_http_peer_set_error(peer, "out of memory");
    end_try(client, peer, 0, 0);
  }
}

/**
 * Peers whose last try failed get half of the connections at most, so that many that
 * never answer leave the others room, and one at least, so that they come back.
 */
static GsHttpPeer *next_ready(const GsHttpClient *client) {
  guint most = client->limits.connections_max;
  if (client->flying >= most)
    return NULL;
  GList *link = client->ready[0].head;
  if (!link ? client->flying_down < MAX(most / 2, 1) : client->flying_down == 0 && most > 1)
    link = client->ready[1].head ? client->ready[1].head : link;
  return link ? link->data : NULL;
}

/** Each peer gets one turn at most, so that done() cannot keep this going by sending. */
static void start_ready(GsHttpClient *client) {
  pthread_mutex_lock(&client->mutex);
  end_pauses(client);
  guint turns = client->ready[0].length + client->ready[1].length;
  for (GsHttpPeer *peer; turns > 0 && (peer = next_ready(client)); turns--) {
    g_queue_unlink(&client->ready[peer->failures > 0], &peer->link);
    peer->state = GS_HTTP_PEER_BUSY;
    start_try(client, peer);
  }
  pthread_mutex_unlock(&client->mutex);
}

static void release(GsHttpClient *client, Transfer *transfer) {
  curl_multi_remove_handle(client->multi, transfer->easy);
  client->flying--;
  client->flying_down -= transfer->was_down;
  transfer_free(transfer);
}

/** Why a try without an answer failed. */
static void explain(const Transfer *transfer, CURLcode code, guint status) {
  if (status) {
    char text[64];
    g_snprintf(text, sizeof text, "answered with status %u", status);
    gs_http_peer_set_error(transfer->peer, text);
  } else {
    gs_http_peer_set_error(transfer->peer,
                           transfer->error[0] ? transfer->error : curl_easy_strerror(code));
  }
}

static void take_result(GsHttpClient *client, CURL *easy, CURLcode code) {
  void *private = NULL;
  long status = 0, connects = 0;
  curl_off_t retry_after_s = 0;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after_s);
  Transfer *transfer = private;
  GsHttpPeer *peer = transfer->peer;
  guint retry_after_ms = (guint)CLAMP(retry_after_s, 0, 86400) * 1000;
  bool forbidden = transfer->forbidden > 0 && transfer->opened == 0 && code != CURLE_OK;
  pthread_mutex_lock(&client->mutex);
  peer->transfer = NULL;
  peer->stats.connections += (uint64_t)connects;
  if (code != CURLE_OK || status < 200 || status >= 300)
    explain(transfer, code, (guint)status);
  if (forbidden) {
    gs_http_peer_set_error(peer, "the name stands for an address that may not be called");
    conclude(client, peer, GS_HTTP_FORBIDDEN, 0);
    await_turn(client, peer);
  } else {
    end_try(client, peer, (guint)status, retry_after_ms);
  }
  pthread_mutex_unlock(&client->mutex);
  release(client, transfer);
}

/* ---- The thread ---- */

/** How long to wait for something to happen; 0 when there is something to do. */
static int wait_ms(GsHttpClient *client) {
  pthread_mutex_lock(&client->mutex);
  int wait = POLL_MOST_MS;
  if (client->stopping || next_ready(client)) {
    wait = 0;
  } else if (!g_queue_is_empty(&client->pausing)) {
    double pause_ms = ceil((client->next_due_s - gs_clock_s()) * 1e3);
    wait = (int)CLAMP(pause_ms, 0, POLL_MOST_MS);
  }
  client->asleep = wait > 0;
  pthread_mutex_unlock(&client->mutex);
  return wait;
}

static bool wake_up(GsHttpClient *client) {
  pthread_mutex_lock(&client->mutex);
  client->asleep = false;
  bool stopping = client->stopping;
  pthread_mutex_unlock(&client->mutex);
  return !stopping;
}

static void abandon_all(GsHttpClient *client) {
  pthread_mutex_lock(&client->mutex);
  for (guint i = 0; i < client->peers->len; i++) {
    GsHttpPeer *peer = client->peers->pdata[i];
    if (peer->transfer)
      release(client, peer->transfer);
    peer->transfer = NULL;
    while (peer->first)
      conclude(client, peer, GS_HTTP_ABANDONED, 0);
  }
  pthread_mutex_unlock(&client->mutex);
}

static void *run(void *data) {
  GsHttpClient *client = data;
  while (wake_up(client)) {
    start_ready(client);
    int running = 0, left = 0;
    curl_multi_perform(client->multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(client->multi, &left));) {
      if (message->msg == CURLMSG_DONE)
        take_result(client, message->easy_handle, message->data.result);
    }
    int wait = wait_ms(client);
    if (wait > 0)
      curl_multi_poll(client->multi, NULL, 0, wait, NULL);
  }
  abandon_all(client);
  return NULL;
}

/* ---- For everybody ---- */

static bool path_is_good(const char *path) {
  for (const char *at = path; *at; at++)
    if (!g_ascii_isgraph(*at) || *at == '#')
      return false;
  return path[0] == '/';
}

/** The parts that need curl; false when there is no memory. */
static bool set_up_curl(GsHttpClient *client) {
  pthread_once(&curl_once, start_curl);
  client->multi = curl_multi_init();
  struct curl_slist *type = curl_slist_append(NULL, "Content-Type: application/json");
  client->headers = type ? curl_slist_append(type, "Expect:") : NULL;
  if (!client->headers)
    curl_slist_free_all(type);
  if (!client->multi || !client->headers)
    return false;
  long most = (long)client->limits.connections_max;
  return curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, most) == CURLM_OK &&
         curl_multi_setopt(client->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, most) == CURLM_OK;
}

static void clear(GsHttpClient *client) {
  if (client->multi)
    curl_multi_cleanup(client->multi);
  curl_slist_free_all(client->headers);
  g_hash_table_unref(client->by_address);
  g_ptr_array_unref(client->peers);
  pthread_cond_destroy(&client->all_done);
  pthread_mutex_destroy(&client->mutex);
  gs_http_allow_free(client->allow);
  g_free(client->path);
  g_free(client);
}

GsHttpClient *gs_http_client_new(const GsHttpAllow *allow, const char *path,
                                 const GsHttpClientLimits *limits, GsHttpDone done, void *data,
                                 GError **error) {
  if (!path_is_good(path)) {
    g_autofree char *quoted = gs_quote(path);
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s is not a path; write it as /messaging",
                quoted);
    return NULL;
  }
  GsHttpClient *client = g_new0(GsHttpClient, 1);
  client->allow = gs_http_allow_copy(allow);
  client->path = g_strdup(path);
  client->limits = gs_http_client_limits(limits);
  client->done = done;
  client->data = data;
  client->by_address = g_hash_table_new(g_str_hash, g_str_equal);
  client->peers = g_ptr_array_new_with_free_func((GDestroyNotify)gs_http_peer_free);
  client->next_due_s = INFINITY;
  pthread_mutex_init(&client->mutex, NULL);
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&client->all_done, &attributes);
  pthread_condattr_destroy(&attributes);
  bool ready = set_up_curl(client);
  if (!ready)
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "no memory for an HTTP client");
  if (ready && gs_thread_start(&client->thread, GS_WORKER_STACK_BYTES, run, client, error))
    return client;
  clear(client);
  return NULL;
}

GsHttpPeer *gs_http_client_peer(GsHttpClient *client, const char *address, GError **error) {
  if (!gs_address_split(address, 1, NULL, NULL)) {
    g_autofree char *quoted = gs_quote(address);
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s is no address " GS_ADDRESS_FORM, quoted);
    return NULL;
  }
  g_autofree char *key = g_ascii_strdown(address, -1);
  pthread_mutex_lock(&client->mutex);
  GsHttpPeer *peer = g_hash_table_lookup(client->by_address, key);
  if (!peer && client->peers->len < client->limits.peers_max) {
    peer = gs_http_peer_new(client->allow, key, client->path);
    g_ptr_array_add(client->peers, peer);
    g_hash_table_insert(client->by_address, peer->address, peer);
  }
  pthread_mutex_unlock(&client->mutex);
  if (!peer)
    g_set_error(error, GS_ERROR, GS_ERROR_LIMIT, "\"%s\" is one peer too many; at most %u can be",
                key, client->limits.peers_max);
  return peer;
}

bool gs_http_client_forget(GsHttpClient *client, GsHttpPeer *peer) {
  pthread_mutex_lock(&client->mutex);
  bool idle = peer->state == GS_HTTP_PEER_IDLE;
  if (idle) {
    g_hash_table_remove(client->by_address, peer->address);
    g_ptr_array_remove_fast(client->peers, peer);
  }
  pthread_mutex_unlock(&client->mutex);
  return idle;
}

/** Puts a message into the queue; the mutex is held. */
static bool push(GsHttpClient *client, GsHttpPeer *peer, GsHttpMessage *message, bool *wake) {
  bool taken = !client->stopping && gs_http_peer_push(peer, message, &client->limits);
  if (taken) {
    client->unfinished++;
    if (peer->state == GS_HTTP_PEER_IDLE) {
      await_turn(client, peer);
      *wake = client->asleep;
      client->asleep = false;
    }
  }
  return taken;
}

bool gs_http_client_send(GsHttpClient *client, GsHttpPeer *peer, GBytes *body, void *about) {
  GsHttpMessage *message = gs_http_message_new(body);
  message->about = about;
  bool wake = false;
  pthread_mutex_lock(&client->mutex);
  bool taken = push(client, peer, message, &wake);
  pthread_mutex_unlock(&client->mutex);
  if (wake)
    curl_multi_wakeup(client->multi);
  if (!taken)
    gs_http_message_free(message);
  return taken;
}

bool gs_http_client_drops(GsHttpClient *client, GsHttpPeer *peer) {
  pthread_mutex_lock(&client->mutex);
  bool full = peer->stats.waiting >= client->limits.queue_max;
  peer->stats.dropped_full += full;
  pthread_mutex_unlock(&client->mutex);
  return full;
}

bool gs_http_client_probe(GsHttpClient *client, GsHttpPeer *peer) {
  g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
  GsHttpMessage *message = gs_http_message_new(nothing);
  message->probe = true;
  bool wake = false;
  pthread_mutex_lock(&client->mutex);
  bool under_way = peer->stats.probing;
  bool taken = !under_way && push(client, peer, message, &wake);
  pthread_mutex_unlock(&client->mutex);
  if (wake)
    curl_multi_wakeup(client->multi);
  if (!taken)
    gs_http_message_free(message);
  return under_way || taken;
}

void gs_http_client_peer_stats(GsHttpClient *client, const GsHttpPeer *peer, GsHttpPeerStats *out) {
  pthread_mutex_lock(&client->mutex);
  *out = peer->stats;
  pthread_mutex_unlock(&client->mutex);
}

bool gs_http_client_drain(GsHttpClient *client, guint timeout_ms) {
  double end_s = gs_clock_s() + (double)timeout_ms / 1e3;
  struct timespec end = {.tv_sec = (time_t)end_s, .tv_nsec = (long)((end_s - floor(end_s)) * 1e9)};
  pthread_mutex_lock(&client->mutex);
  int failure = 0;
  while (client->unfinished > 0 && !failure)
    failure = pthread_cond_timedwait(&client->all_done, &client->mutex, &end);
  bool drained = client->unfinished == 0;
  pthread_mutex_unlock(&client->mutex);
  return drained;
}

void gs_http_client_stop(GsHttpClient *client) {
  if (client->joined)
    return;
  pthread_mutex_lock(&client->mutex);
  client->stopping = true;
  pthread_mutex_unlock(&client->mutex);
  curl_multi_wakeup(client->multi);
  gs_thread_join(client->thread);
  client->joined = true;
}

void gs_http_client_free(GsHttpClient *client) {
  if (!client)
    return;
  gs_http_client_stop(client);
  clear(client);
}
