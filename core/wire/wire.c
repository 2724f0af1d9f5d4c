/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/wire/wire.h"

#include <math.h>
#include <string.h>

#include "core/address.h"
#include "core/error.h"
#include "core/json/json.h"
#include "core/json/json_scan.h"
#include "core/json/json_writer.h"
#include "core/json/utf8.h"
#include "core/limits.h"
#include "core/name.h"

/** Most bytes of a wrong text that a message shows. */
#define SHOWN_BYTES_MAX 60

/** Most JSON values in a body: each costs many times the bytes that it has in the text. */
#define VALUES_MAX GS_JSON_VALUES_MAX
#define UUID_FORM "a UUID (8-4-4-4-12 hexadecimal digits)"
#define ADDRESS_FORM "an address " GS_ADDRESS_FORM
#define NAME_FORM "a string of " GS_NAME_FORM

/* ---- Texts ---- */

void gs_uuid_format(GsMasterId id, char text[GS_UUID_BYTES]) {
  static const char digits[] = "0123456789abcdef";
  char *at = text;
  for (int i = 0; i < 32; i++) {
    uint64_t half = i < 16 ? id.space : id.count;
    if (i == 8 || i == 12 || i == 16 || i == 20)
      *at++ = '-';
    *at++ = digits[half >> (60 - i % 16 * 4) & 15];
  }
  *at = '\0';
}

bool gs_uuid_parse(const char *text, GsMasterId *out) {
  uint64_t halves[2] = {0, 0};
  for (int i = 0; i < 32; i++) {
    if ((i == 8 || i == 12 || i == 16 || i == 20) && *text++ != '-')
      return false;
    int digit = g_ascii_xdigit_value(*text++);
    if (digit < 0)
      return false;
    halves[i / 16] = halves[i / 16] << 4 | (uint64_t)digit;
  }
  *out = (GsMasterId){halves[0], halves[1]};
  return *text == '\0';
}

/* ---- Decoding ---- */

/** Where members are read from: an object, and its JSON pointer for what is missing from it. */
typedef struct {
  const GsJsonDoc *doc;
  const GsJson *object;
  const char *pointer;
  GError **error;
} Reader;

/** A member that is there and not null. */
static const GsJson *find_member(const Reader *reader, const char *key) {
  const GsJson *member = gs_json_member(reader->object, key);
  return member && gs_json_type(member) != GS_JSON_NULL ? member : NULL;
}

static bool fail_missing(const Reader *reader, const char *key, const char *allowed) {
  return gs_json_fail(reader->doc, reader->object, reader->error, GS_ERROR_INPUT,
                      "the member %s/%s is missing; it must be %s", reader->pointer, key, allowed);
}

/** What a value is, for "found …": scalars as they are, the rest by type; free with g_free. */
static char *describe(const GsJson *value) {
  int64_t integer;
  char text[GS_JSON_DOUBLE_BYTES];
  if (gs_json_type(value) == GS_JSON_STRING)
    return g_strdup_printf("\"%.*s\"", gs_utf8_bytes_up_to(gs_json_string(value), SHOWN_BYTES_MAX),
                           gs_json_string(value));
  if (gs_json_integer(value, &integer))
    return g_strdup_printf("%" G_GINT64_FORMAT, integer);
  if (gs_json_type(value) == GS_JSON_NUMBER) {
    gs_json_double_text(text, gs_json_number(value));
    return g_strdup_printf("%s", text);
  }
  return g_strdup(gs_json_type_name(gs_json_type(value)));
}

static bool fail_value(const Reader *reader, const GsJson *value, const char *allowed) {
  g_autofree char *found = describe(value);
  return gs_json_fail(reader->doc, value, reader->error, GS_ERROR_INPUT, "must be %s, found %s",
                      allowed, found);
}

static bool read_integer(const Reader *reader, const GsJson *value, int64_t least, int64_t most,
                         int64_t *out) {
  if (gs_json_integer_or_numeric_string(value, out) && *out >= least && *out <= most)
    return true;
  g_autofree char *allowed =
      g_strdup_printf("an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, least, most);
  return fail_value(reader, value, allowed);
}

static bool read_optional_integer(const Reader *reader, const char *key, int64_t most, bool *has,
                                  int64_t *out) {
  const GsJson *value = find_member(reader, key);
  *has = value != NULL;
  return !value || read_integer(reader, value, 0, most, out);
}

static bool read_optional_uuid(const Reader *reader, const char *key, bool *has, GsMasterId *out) {
  const GsJson *value = find_member(reader, key);
  *has = value != NULL;
  const char *text = value ? gs_json_string(value) : NULL;
  return !value || (text && gs_uuid_parse(text, out)) || fail_value(reader, value, UUID_FORM);
}

static bool read_address(const Reader *reader, const GsJson *value, char **out) {
  const char *text = gs_json_string(value);
  if (!text || !gs_address_split(text, 1, NULL, NULL))
    return fail_value(reader, value, ADDRESS_FORM);
  *out = g_strdup(text);
  return true;
}

/** A required word out of a few; its index. */
static bool read_word(const Reader *reader, const char *key, const char *const *words, int *out) {
  const GsJson *value = find_member(reader, key);
  const char *word = value ? gs_json_string(value) : NULL;
  for (int i = 0; word && words[i]; i++)
    if (strcmp(word, words[i]) == 0) {
      *out = i;
      return true;
    }
  g_autoptr(GString) allowed = g_string_new("one of");
  for (int i = 0; words[i]; i++)
    g_string_append_printf(allowed, "%s %s", i ? "," : "", words[i]);
  if (!value)
    return fail_missing(reader, key, allowed->str);
  const char *meant = word ? gs_nearest_word(word, words) : NULL;
  if (!meant)
    return fail_value(reader, value, allowed->str);
  return gs_json_fail(reader->doc, value, reader->error, GS_ERROR_INPUT,
                      "must be %s, found \"%s\" (did you mean %s?)", allowed->str, word, meant);
}

static bool read_types(const Reader *reader, GsWireEnvelope *envelope) {
  const char *envelopes[GS_ENVELOPE_TYPES + 1] = {NULL};
  const char *messages[GS_MESSAGE_TYPES + 1] = {NULL};
  int env = 0, type = 0;
  for (int i = 0; i < GS_ENVELOPE_TYPES; i++)
    envelopes[i] = gs_envelope_type_name((GsEnvelopeType)i);
  for (int i = 0; i < GS_MESSAGE_TYPES; i++)
    messages[i] = gs_message_type_name((GsMessageType)i);
  if (!read_word(reader, "envType", envelopes, &env) ||
      !read_word(reader, "msgType", messages, &type))
    return false;
  envelope->env = (GsEnvelopeType)env;
  envelope->type = (GsMessageType)type;
  return true;
}

static bool read_timestamp(const Reader *reader, GsWireEnvelope *envelope) {
  const GsJson *value = find_member(reader, "timestamp");
  if (!value)
    return true;
  double seconds = gs_json_number(value);
  const char *text = gs_json_string(value);
  if (text) {
    gsize length = strlen(text);
    GsJsonNumber number = gs_json_scan_number(text, text + length);
    bool is_number = !number.problem && number.end == text + length;
    seconds = is_number && length <= GS_JSON_NUMBER_BYTES_MAX ? gs_json_number_value(text, length)
                                                              : (double)NAN;
  }
  if (!(seconds >= 0 && seconds <= (double)GS_NODE_ID_MAX))
    return fail_value(reader, value, "a time in seconds since 1970 (a number, or a string of one)");
  envelope->timestamp = fabs(seconds); /* not -0 */
  envelope->has_timestamp = true;
  return true;
}

static bool read_sibling(const Reader *reader, GsWireEnvelope *envelope) {
  const GsJson *id = find_member(reader, "siblingId");
  const GsJson *name = find_member(reader, "siblingName");
  const GsJson *address = find_member(reader, "siblingAddress");
  if (!id)
    return fail_missing(reader, "siblingId", "a node's id");
  if (!name)
    return fail_missing(reader, "siblingName", NAME_FORM);
  if (!address)
    return fail_missing(reader, "siblingAddress", ADDRESS_FORM);
  const char *text = gs_json_string(name);
  if (!read_integer(reader, id, 0, GS_NODE_ID_MAX, &envelope->sibling_id))
    return false;
  if (!text || gs_name_problem(text))
    return fail_value(reader, name, NAME_FORM);
  envelope->sibling_name = g_strdup(text);
  return read_address(reader, address, &envelope->sibling_address);
}

typedef struct {
  int64_t id;
  guint ordinal;
} NetKey;

static int compare_net_keys(const void *left, const void *right) {
  const NetKey *a = left, *b = right;
  if (a->id != b->id)
    return a->id < b->id ? -1 : 1;
  return a->ordinal < b->ordinal ? -1 : a->ordinal > b->ordinal;
}

/** "1" and "1.0" are different keys and the same id. */
static bool check_repeated_ids(const Reader *reader, const GsJson *object, const GArray *nets) {
  const GsWireNet *net = (const GsWireNet *)(void *)nets->data;
  guint count = nets->len, ascending = 1, repeated = 0, earlier = 0;
  while (ascending < count && net[ascending - 1].id < net[ascending].id)
    ascending++;
  if (ascending >= count)
    return true;
  NetKey *keys = g_new(NetKey, count);
  for (guint i = 0; i < count; i++)
    keys[i] = (NetKey){net[i].id, i};
  qsort(keys, count, sizeof *keys, compare_net_keys);
  for (guint i = 1; i < count; i++)
    if (keys[i].id == keys[i - 1].id && (!repeated || keys[i].ordinal < repeated)) {
      repeated = keys[i].ordinal;
      earlier = keys[i - 1].ordinal;
    }
  g_free(keys);
  if (!repeated)
    return true;
  const GsJson *value = gs_json_first(object), *first = NULL;
  for (guint i = 0; i < repeated; i++, value = gs_json_next(value))
    first = i == earlier ? value : first;
  return gs_json_fail(reader->doc, value, reader->error, GS_ERROR_INPUT,
                      "the node id %" G_GINT64_FORMAT " is given twice, first as \"%s\"",
                      net[repeated].id, gs_json_key(first));
}

static bool read_net(const Reader *reader, const GsJson *value, GsWireNet *out) {
  const char *key = gs_json_key(value), *end = key + strlen(key);
  GsJsonNumber id = gs_json_scan_number(key, end);
  if (id.problem || id.end != end || !id.is_integer || id.integer < 0 ||
      id.integer > GS_NODE_ID_MAX || end - key > GS_JSON_NUMBER_BYTES_MAX)
    return gs_json_fail(
        reader->doc, value, reader->error, GS_ERROR_INPUT,
        "a member's name must be a node's id, an integer from 0 to %" G_GINT64_FORMAT
        ", found \"%.*s\"",
        GS_NODE_ID_MAX, gs_utf8_bytes_up_to(key, SHOWN_BYTES_MAX), key);
  out->id = id.integer;
  return read_integer(reader, value, -GS_ENERGY_MAX, GS_ENERGY_MAX, &out->net);
}

static bool read_nets(const Reader *reader, GsWireEnvelope *envelope) {
  const GsJson *object = find_member(reader, "nets");
  if (!object)
    return true;
  if (gs_json_type(object) != GS_JSON_OBJECT)
    return fail_value(reader, object, "an object of node ids and nets, or null");
  guint count = gs_json_count(object);
  if (count > GS_NETS_MAX)
    return gs_json_fail(reader->doc, object, reader->error, GS_ERROR_LIMIT,
                        "has %u members, at most %u are allowed", count, GS_NETS_MAX);
  envelope->has_nets = true;
  if (count == 0)
    return true;
  envelope->nets = g_array_sized_new(FALSE, FALSE, sizeof(GsWireNet), count);
  for (const GsJson *value = gs_json_first(object); value; value = gs_json_next(value)) {
    GsWireNet net;
    if (!read_net(reader, value, &net))
      return false;
    g_array_append_val(envelope->nets, net);
  }
  return check_repeated_ids(reader, object, envelope->nets);
}

static bool read_msg(const Reader *reader, GsWireEnvelope *envelope) {
  const GsJson *msg = find_member(reader, "msg");
  bool may_be_missing = envelope->type == GS_SYNC_GRID || envelope->type == GS_UPDATE_NET;
  if (!msg)
    return may_be_missing || fail_missing(reader, "msg", "an object");
  if (gs_json_type(msg) != GS_JSON_OBJECT)
    return fail_value(reader, msg, "an object");
  Reader inner = {reader->doc, msg, "/msg", reader->error};
  if (!read_optional_uuid(&inner, "id", &envelope->has_msg_id, &envelope->msg_id))
    return false;
  switch (envelope->type) {
  case GS_ADD_SIBLING:
    return read_sibling(&inner, envelope);
  case GS_UPDATE_ENERGY:
    return read_optional_integer(&inner, "production", GS_ENERGY_MAX, &envelope->has_production,
                                 &envelope->production) &&
           read_optional_integer(&inner, "consumption", GS_ENERGY_MAX, &envelope->has_consumption,
                                 &envelope->consumption);
  case GS_UPDATE_NET:
    return read_nets(&inner, envelope);
  case GS_SYNC_GRID:
    break;
  }
  return true;
}

static bool read_envelope(const Reader *reader, GsWireEnvelope *envelope) {
  if (gs_json_type(reader->object) != GS_JSON_OBJECT)
    return fail_value(reader, reader->object, "an object with envType, msgType and msg");
  const GsJson *to = find_member(reader, "to");
  return read_types(reader, envelope) && (!to || read_address(reader, to, &envelope->to)) &&
         read_optional_uuid(reader, "id", &envelope->has_id, &envelope->id) &&
         read_timestamp(reader, envelope) &&
         (envelope->env == GS_RESPONSE ||
          read_optional_integer(reader, "returnId", GS_NODE_ID_MAX, &envelope->has_return_id,
                                &envelope->return_id)) &&
         read_optional_uuid(reader, "reqId", &envelope->has_req_id, &envelope->req_id) &&
         read_optional_uuid(reader, "masterReqId", &envelope->has_master_req_id,
                            &envelope->master_req_id) &&
         read_msg(reader, envelope);
}

bool gs_wire_decode(GsWireEnvelope *envelope, const char *body, gsize length, GError **error) {
  static const GsJsonLimits limits = {.max_bytes = GS_ENVELOPE_BYTES_MAX,
                                      .max_depth = GS_JSON_DEPTH_MAX};
  *envelope = (GsWireEnvelope){0};
  /* Only a large body can hold so many: small ones are not counted. */
  if (length / 2 > VALUES_MAX && length <= limits.max_bytes &&
      gs_json_count_values(body, length) > VALUES_MAX) {
    g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
                "line 1, column 1: the document has more than %" G_GUINT64_FORMAT " values",
                VALUES_MAX);
    return false;
  }
  g_autoptr(GsJsonDoc) doc = gs_json_parse(body, length, NULL, &limits, error);
  if (!doc)
    return false;
  Reader reader = {doc, gs_json_root(doc), "", error};
  if (read_envelope(&reader, envelope))
    return true;
  gs_wire_envelope_clear(envelope);
  return false;
}

/* ---- Encoding ---- */

static void write_uuid(GsJsonWriter *writer, const char *key, bool has, GsMasterId id) {
  char text[GS_UUID_BYTES];
  if (!has)
    return;
  gs_uuid_format(id, text);
  gs_json_write_key(writer, key);
  gs_json_write_string(writer, text);
}

static void write_string(GsJsonWriter *writer, const char *key, const char *text) {
  gs_json_write_key(writer, key);
  gs_json_write_string(writer, text);
}

static void write_id(GsJsonWriter *writer, const char *key, int64_t id) {
  char text[24];
  g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, id);
  write_string(writer, key, text);
}

static void write_energy(GsJsonWriter *writer, const char *key, bool has, int64_t energy) {
  if (!has)
    return;
  gs_json_write_key(writer, key);
  gs_json_write_int(writer, energy);
}

static void write_timestamp(GsJsonWriter *writer, double seconds) {
  char text[GS_JSON_DOUBLE_BYTES + 2];
  gsize length = gs_json_double_text(text, seconds);
  if (!strpbrk(text, ".e"))
    memcpy(text + length, ".0", 3);
  write_string(writer, "timestamp", text);
}

static void write_msg(GsJsonWriter *writer, const GsWireEnvelope *envelope) {
  gs_json_write_key(writer, "msg");
  gs_json_begin_object(writer);
  write_uuid(writer, "id", envelope->has_msg_id, envelope->msg_id);
  switch (envelope->type) {
  case GS_ADD_SIBLING:
    write_id(writer, "siblingId", envelope->sibling_id);
    write_string(writer, "siblingName", envelope->sibling_name);
    write_string(writer, "siblingAddress", envelope->sibling_address);
    break;
  case GS_UPDATE_ENERGY:
    write_energy(writer, "production", envelope->has_production, envelope->production);
    write_energy(writer, "consumption", envelope->has_consumption, envelope->consumption);
    break;
  case GS_UPDATE_NET:
    if (!envelope->has_nets)
      break;
    gs_json_write_key(writer, "nets");
    gs_json_begin_object(writer);
    for (guint i = 0; envelope->nets && i < envelope->nets->len; i++) {
      GsWireNet net = g_array_index(envelope->nets, GsWireNet, i);
      char key[24];
      g_snprintf(key, sizeof key, "%" G_GINT64_FORMAT, net.id);
      gs_json_write_key(writer, key);
      gs_json_write_int(writer, net.net);
    }
    gs_json_end_object(writer);
    break;
  case GS_SYNC_GRID:
    break;
  }
  gs_json_end_object(writer);
}

void gs_wire_encode(const GsWireEnvelope *envelope, GString *out) {
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(out, 0);
  gs_json_begin_object(writer);
  if (envelope->to)
    write_string(writer, "to", envelope->to);
  write_string(writer, "msgType", gs_message_type_name(envelope->type));
  write_string(writer, "envType", gs_envelope_type_name(envelope->env));
  write_msg(writer, envelope);
  write_uuid(writer, "id", envelope->has_id, envelope->id);
  if (envelope->has_timestamp)
    write_timestamp(writer, envelope->timestamp);
  if (envelope->has_return_id && envelope->env != GS_RESPONSE)
    write_id(writer, "returnId", envelope->return_id);
  write_uuid(writer, "reqId", envelope->has_req_id, envelope->req_id);
  write_uuid(writer, "masterReqId", envelope->has_master_req_id, envelope->master_req_id);
  gs_json_end_object(writer);
}

/* ---- The envelope ---- */

void gs_wire_envelope_clear(GsWireEnvelope *envelope) {
  g_free(envelope->to);
  g_free(envelope->sibling_name);
  g_free(envelope->sibling_address);
  if (envelope->nets)
    g_array_unref(envelope->nets);
  *envelope = (GsWireEnvelope){0};
}

void gs_wire_add_net(GsWireEnvelope *envelope, int64_t id, int64_t net) {
  GsWireNet entry = {id, net};
  if (!envelope->nets)
    envelope->nets = g_array_new(FALSE, FALSE, sizeof(GsWireNet));
  g_array_append_val(envelope->nets, entry);
  envelope->has_nets = true;
}
