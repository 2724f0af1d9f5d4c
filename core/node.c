/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/node.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "core/nets.h"
#include "core/node_internal.h"

/** Up to here a walk along the siblings is faster than a hash. */
#define SIBLINGS_WALKED 12

/** A node adds its own piece to nets far more often than its energy changes. */
static void set_piece_bytes(GsNode *node) {
  node->piece_bytes = gs_nets_piece_bytes(node->id, gs_node_net(node));
}

void gs_node_init(GsNode *node, const GsNodeConfig *config) {
  g_assert(config->id >= 0 && config->id <= GS_NODE_ID_MAX);
  *node = (GsNode){.id = config->id,
                   .name = config->name,
                   .endpoint = config->endpoint,
                   .id_space = config->id_space,
                   .last_master = config->first_master,
                   .latest_wave = config->first_master,
                   .waves = {.factor = gs_wave_table_factor(config->hash_salt)},
                   .open_waves_max = config->open_waves_max ? config->open_waves_max : UINT32_MAX,
                   .may_answer_twice = config->may_answer_twice,
                   .directory = config->directory,
                   .protocol = (uint8_t)config->protocol,
                   .sync = (uint8_t)config->sync};
  set_piece_bytes(node);
  if (config->recovery)
    gs_node_init_recovery(node, config->recovery, config->is_paced);
}

void gs_node_forget_waves(GsNode *node, GsPool *pool) {
  gs_wave_table_clear(&node->waves, pool);
}

void gs_node_clear(GsNode *node, GsPool *pool) {
  if (pool) {
    gs_node_give_back_nets(node, pool);
    gs_node_forget_waves(node, pool);
  }
  g_clear_pointer(&node->slot_of_endpoint, g_hash_table_unref);
  g_clear_pointer(&node->retired_floods, g_free);
  g_clear_pointer(&node->identities, g_free);
  gs_node_clear_recovery(node);
  if (!node->siblings_lent)
    g_free(node->siblings);
  node->siblings = NULL;
  node->siblings_lent = false;
  node->sibling_count = node->sibling_room = 0;
}

void gs_node_set_start(GsNode *node, int64_t production, int64_t consumption, int64_t gridnet) {
  g_assert(production >= 0 && production <= GS_ENERGY_MAX);
  g_assert(consumption >= 0 && consumption <= GS_ENERGY_MAX);
  gs_node_set_energies(node, production, consumption);
  node->gridnet = gridnet;
}

void gs_node_set_energies(GsNode *node, int64_t production, int64_t consumption) {
  node->production = production;
  node->consumption = consumption;
  set_piece_bytes(node);
}

void gs_node_forget_siblings(GsNode *node) {
  g_clear_pointer(&node->slot_of_endpoint, g_hash_table_unref);
  node->sibling_count = 0;
}

void gs_node_lend_siblings(GsNode *node, GsSibling *room, uint32_t count) {
  g_assert(!node->siblings);
  node->siblings = room;
  node->sibling_room = count;
  node->siblings_lent = true;
}

/** Makes room for siblings that are known in advance. */
static void reserve_siblings(GsNode *node, uint32_t count) {
  if (count <= node->sibling_room)
    return;
  GsSibling *lent = node->siblings_lent ? node->siblings : NULL;
  node->siblings = g_renew(GsSibling, lent ? NULL : node->siblings, count);
  if (lent)
    memcpy(node->siblings, lent, node->sibling_count * sizeof *lent);
  if (node->identities)
    node->identities = g_renew(GsIdentity, node->identities, count);
  node->siblings_lent = false;
  node->sibling_room = count;
}

/** Who the directory says is at an endpoint, or NULL. */
static const GsIdentity *directory_at(const GsNode *node, GsEndpoint endpoint) {
  const GsDirectory *directory = node->directory;
  if (!directory || endpoint >= directory->count)
    return NULL;
  return (const GsIdentity *)(const void *)((const char *)directory->first +
                                            endpoint * directory->stride);
}

const GsIdentity *gs_node_sibling(const GsNode *node, uint32_t slot) {
  return node->identities ? &node->identities[slot]
                          : directory_at(node, node->siblings[slot].endpoint);
}

/** Puts a contact into a slot below sibling_room; one that the directory does not know is
 * remembered.
 */
static void put_sibling(GsNode *node, uint32_t slot, const GsContact *contact,
                        uint32_t slot_there) {
  const GsIdentity *known = directory_at(node, contact->endpoint);
  bool told = known && known->id == contact->id &&
              (known->name == contact->name || strcmp(known->name, contact->name) == 0);
  if (!told && !node->identities) {
    node->identities = g_new(GsIdentity, node->sibling_room);
    for (uint32_t i = 0; i < node->sibling_count; i++)
      node->identities[i] = *directory_at(node, node->siblings[i].endpoint);
  }
  if (node->identities)
    node->identities[slot] = (GsIdentity){contact->id, contact->name};
  node->siblings[slot] = (GsSibling){contact->endpoint, slot_there};
}

static void remember_endpoint(GsNode *node, uint32_t slot) {
  if (!node->slot_of_endpoint)
    return;
  g_hash_table_insert(node->slot_of_endpoint, GUINT_TO_POINTER(node->siblings[slot].endpoint),
                      GUINT_TO_POINTER(slot));
}

static void append_sibling(GsNode *node, const GsContact *contact, uint32_t slot_there) {
  if (node->sibling_count == node->sibling_room)
    reserve_siblings(node, MAX(2, node->sibling_room * 2));
  put_sibling(node, node->sibling_count, contact, slot_there);
  remember_endpoint(node, node->sibling_count++);
}

void gs_node_add_start_sibling(GsNode *node, const GsContact *contact, uint32_t slot_there) {
  g_assert(contact->id != node->id && node->sibling_count < GS_SIBLINGS_MAX);
  append_sibling(node, contact, slot_there);
}

void gs_node_add_known_sibling(GsNode *node, GsEndpoint endpoint, uint32_t slot_there) {
  g_assert(endpoint < node->directory->count && node->sibling_count < node->sibling_room);
  g_assert(!node->identities && endpoint != node->endpoint);
  node->siblings[node->sibling_count++] = (GsSibling){endpoint, slot_there};
}

/** The map is made by whoever first needs it: links known from the start come with exact hints. */
static void make_endpoint_map(GsNode *node) {
  if (node->slot_of_endpoint || node->sibling_count <= SIBLINGS_WALKED)
    return;
  node->slot_of_endpoint = g_hash_table_new(g_direct_hash, g_direct_equal);
  for (uint32_t slot = 0; slot < node->sibling_count; slot++)
    remember_endpoint(node, slot);
}

uint32_t gs_node_find_endpoint(const GsNode *node, GsEndpoint endpoint) {
  gpointer slot;
  if (node->slot_of_endpoint) {
    if (g_hash_table_lookup_extended(node->slot_of_endpoint, GUINT_TO_POINTER(endpoint), NULL,
                                     &slot))
      return GPOINTER_TO_UINT(slot);
    return GS_SLOT_UNKNOWN;
  }
  for (uint32_t i = 0; i < node->sibling_count; i++) {
    if (node->siblings[i].endpoint == endpoint)
      return i;
  }
  return GS_SLOT_UNKNOWN;
}

uint32_t gs_node_find_id(const GsNode *node, int64_t id) {
  for (uint32_t i = 0; i < node->sibling_count; i++) {
    if (gs_node_sibling(node, i)->id == id)
      return i;
  }
  return GS_SLOT_UNKNOWN;
}

/** The same for who may be at an endpoint, which is O(1) where the directory says so. */
static uint32_t find_contact(const GsNode *node, int64_t id, GsEndpoint endpoint) {
  const GsIdentity *known = node->identities ? NULL : directory_at(node, endpoint);
  return known && known->id == id ? gs_node_find_endpoint(node, endpoint)
                                  : gs_node_find_id(node, id);
}

uint32_t gs_node_look_for_sender(const GsNode *node, GsEndpoint from) {
  return from == GS_ENDPOINT_NONE ? GS_SLOT_UNKNOWN : gs_node_find_endpoint(node, from);
}

static inline uint32_t cause_and_hops_after(const GsMessage *message) {
  return gs_cause_and_hops_after(message->cause_and_hops);
}

void gs_node_drop(GsEffects *effects, const GsMessage *message, GsDropReason reason) {
  gs_effects_add_note(effects, GS_NOTE_DROPPED, message->cause, reason, 0, message->master);
}

/**
 * A sibling that started anew: at another address, or as someone else at the
 * same address, or both, so that two entries turn out to be one. Who was at its
 * address is gone.
 */
static void meet_again(GsNode *node, const GsContact *contact, uint32_t slot, uint32_t there,
                       GsEffects *effects, uint32_t cause_and_hops) {
  uint32_t known = slot != GS_SLOT_UNKNOWN ? slot : there;
  GsEndpoint before = node->siblings[known].endpoint;
  bool moved = before != contact->endpoint;
  if (node->slot_of_endpoint)
    g_hash_table_remove(node->slot_of_endpoint, GUINT_TO_POINTER(before));
  put_sibling(node, known, contact, GS_SLOT_UNKNOWN);
  remember_endpoint(node, known);
  node->may_answer_twice = true; /* it may ask once more in a wave that was answered */
  gs_node_judge_anew(node, known, known);
  if (moved)
    gs_effects_add_note(effects, GS_NOTE_SIBLING, cause_and_hops & GS_CAUSE_MAX, contact->endpoint,
                        contact->id, (GsMasterId){0});
  if (slot == GS_SLOT_UNKNOWN || there == GS_SLOT_UNKNOWN)
    return;
  node->siblings[there] = node->siblings[--node->sibling_count];
  if (node->identities)
    node->identities[there] = node->identities[node->sibling_count];
  if (there < node->sibling_count)
    remember_endpoint(node, there);
  gs_node_judge_anew(node, there, node->sibling_count);
  gs_node_forget_slot(node, there, contact->endpoint, effects, cause_and_hops);
}

/** False when it cannot be a sibling. */
static bool meet(GsNode *node, const GsMessage *message, GsEffects *effects) {
  GsContact contact = {message->sibling.id, message->sibling.name, message->from};
  if (message->from == GS_ENDPOINT_NONE) {
    gs_node_drop(effects, message, GS_DROP_UNKNOWN_ASKER);
    return false;
  }
  if (contact.id == node->id || contact.endpoint == node->endpoint) {
    gs_node_drop(effects, message, GS_DROP_SELF_SIBLING);
    return false;
  }
  uint32_t slot = find_contact(node, contact.id, contact.endpoint);
  uint32_t there = gs_node_find_endpoint(node, contact.endpoint);
  if (slot != GS_SLOT_UNKNOWN || there != GS_SLOT_UNKNOWN) {
    if (slot != there)
      meet_again(node, &contact, slot, there, effects, cause_and_hops_after(message));
    return true;
  }
  if (node->sibling_count >= GS_SIBLINGS_MAX) {
    gs_node_drop(effects, message, GS_DROP_TOO_MANY);
    return false;
  }
  append_sibling(node, &contact, GS_SLOT_UNKNOWN);
  make_endpoint_map(node);
  /* Waves that passed before may now come along this link and be answered again. */
  node->may_answer_twice = true;
  gs_effects_add_note(effects, GS_NOTE_SIBLING, message->cause, contact.endpoint, contact.id,
                      (GsMasterId){0});
  return true;
}

static void introduce(const GsNode *node, GsMessage *message) {
  message->sibling.id = node->id;
  message->sibling.name = node->name;
}

GsMessage *gs_node_ask_to_be_sibling(GsNode *node, GsEffects *effects, GsEndpoint endpoint,
                                     uint32_t cause_and_hops) {
  GsMasterId master = {node->id_space, ++node->last_master};
  GsMessage *ask =
      gs_node_send(node, effects, endpoint, GS_ASK, GS_ADD_SIBLING, master, cause_and_hops);
  ask->req = ++node->last_req;
  introduce(node, ask);
  return ask;
}

static G_GNUC_NO_INLINE bool on_add_sibling_tell(GsNode *node, const GsMessage *message,
                                                 GsEffects *effects) {
  if (message->sibling.id == node->id || message->to_add == node->endpoint) {
    gs_node_drop(effects, message, GS_DROP_SELF_SIBLING);
    return true;
  }
  /* A sibling that is said to be elsewhere is asked there. */
  uint32_t slot = find_contact(node, message->sibling.id, message->to_add);
  if (slot != GS_SLOT_UNKNOWN && node->siblings[slot].endpoint == message->to_add) {
    gs_node_drop(effects, message, GS_DROP_KNOWN_SIBLING);
    return true;
  }
  gs_node_begin_handshake(node, effects, message->to_add, cause_and_hops_after(message));
  return true;
}

static G_GNUC_NO_INLINE bool on_add_sibling_ask(GsNode *node, const GsMessage *message,
                                                GsEffects *effects) {
  gs_node_heed(node, gs_node_find_endpoint(node, message->from), false, effects);
  if (!meet(node, message, effects))
    return true;
  GsMessage *response = gs_node_send(node, effects, message->from, GS_RESPONSE, GS_ADD_SIBLING,
                                     message->master, cause_and_hops_after(message));
  response->req = message->req;
  introduce(node, response);
  return true;
}

/** Whether it comes from a sibling that is who it was. */
static bool is_known(const GsNode *node, const GsMessage *message) {
  uint32_t slot = gs_node_find_endpoint(node, message->from);
  return slot != GS_SLOT_UNKNOWN && gs_node_sibling(node, slot)->id == message->sibling.id;
}

static G_GNUC_NO_INLINE bool on_add_sibling_response(GsNode *node, const GsMessage *message,
                                                     GsEffects *effects) {
  gs_node_heed(node, gs_node_find_endpoint(node, message->from), true, effects);
  if (node->recovers)
    gs_node_probe_answered(node, message->req, effects->now_ns);
  bool is_news = gs_node_end_handshake(node, message) || !is_known(node, message);
  if (!meet(node, message, effects) || !is_news)
    return true;
  gs_node_start_wave(node, effects, cause_and_hops_after(message));
  gs_node_start_flood(node, effects, cause_and_hops_after(message));
  return true;
}

static bool energy_in_range(int64_t value, const char *what, GError **error) {
  if (value >= 0 && value <= GS_ENERGY_MAX)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s is %" G_GINT64_FORMAT "; allowed are 0 to %" G_GINT64_FORMAT, what, value,
              GS_ENERGY_MAX);
  return false;
}

static G_GNUC_NO_INLINE bool on_update_energy(GsNode *node, const GsMessage *message,
                                              GsEffects *effects, GError **error) {
  if (message->has_production && !energy_in_range(message->energy.production, "production", error))
    return false;
  if (message->has_consumption &&
      !energy_in_range(message->energy.consumption, "consumption", error))
    return false;
  int64_t before = gs_node_net(node);
  if (message->has_production)
    node->production = message->energy.production;
  if (message->has_consumption)
    node->consumption = message->energy.consumption;
  set_piece_bytes(node);
  gs_effects_add_note(effects, GS_NOTE_ENERGY, message->cause, gs_node_net(node), before,
                      (GsMasterId){0});
  gs_node_start_wave(node, effects, cause_and_hops_after(message));
  gs_node_start_flood(node, effects, cause_and_hops_after(message));
  return true;
}

static G_GNUC_NO_INLINE bool on_net_tell(GsNode *node, const GsMessage *message,
                                         GsEffects *effects) {
  gs_node_start_wave(node, effects, cause_and_hops_after(message));
  return true;
}

static G_GNUC_NO_INLINE bool on_nonsense(const GsMessage *message, GsEffects *effects) {
  gs_node_drop(effects, message, GS_DROP_NOT_A_MESSAGE);
  return true;
}

/** All cases are calls in tail position, so that the frequent ones cost a jump. */
bool gs_node_step(GsNode *node, GsMessage *message, GsEffects *effects, GError **error) {
  switch (gs_message_kind(message)) {
  case GS_MESSAGE_KIND(GS_ASK, GS_UPDATE_NET):
    return gs_node_on_net_ask(node, message, effects);
  case GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET):
    return gs_node_on_net_response(node, message, effects);
  case GS_MESSAGE_KIND(GS_TELL, GS_UPDATE_NET):
    return on_net_tell(node, message, effects);
  case GS_MESSAGE_KIND(GS_TELL, GS_SYNC_GRID):
    return gs_node_on_sync_grid(node, message, effects);
  case GS_MESSAGE_KIND(GS_TELL, GS_UPDATE_ENERGY):
    return on_update_energy(node, message, effects, error);
  case GS_MESSAGE_KIND(GS_TELL, GS_ADD_SIBLING):
    return on_add_sibling_tell(node, message, effects);
  case GS_MESSAGE_KIND(GS_ASK, GS_ADD_SIBLING):
    return on_add_sibling_ask(node, message, effects);
  case GS_MESSAGE_KIND(GS_RESPONSE, GS_ADD_SIBLING):
    return on_add_sibling_response(node, message, effects);
  default:
    return on_nonsense(message, effects);
  }
}

gsize gs_node_heap_bytes(const GsNode *node) {
  return gs_wave_table_bytes(&node->waves) +
         (node->siblings_lent ? 0 : node->sibling_room * sizeof(GsSibling)) +
         (node->identities ? node->sibling_room * sizeof(GsIdentity) : 0) +
         (node->retired_floods ? GS_RETIRED_FLOODS * sizeof(GsMasterId) : 0) +
         gs_node_recovery_bytes(node) +
         (node->slot_of_endpoint ? node->sibling_room * 4 * sizeof(guint) : 0);
}
