/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/graphml_keys.h"

#include <string.h>

static void free_key(gpointer data) {
  g_free(((GsKey *)data)->name);
  g_free(data);
}

void gs_keys_init(GsKeys *keys) {
  *keys = (GsKeys){.by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_key)};
}

void gs_keys_clear(GsKeys *keys) {
  g_clear_pointer(&keys->by_id, g_hash_table_unref);
}

GsKey *gs_keys_find(const GsKeys *keys, const char *id) {
  return g_hash_table_lookup(keys->by_id, id);
}

/** yFiles has prefixes that are part of the name: yfiles.type. */
static const char *name_of(const GsXml *xml, const char *id) {
  const char *name = gs_xml_attribute(xml, "attr.name");
  name = name && *name ? name : gs_xml_attribute(xml, "yfiles.type");
  return name && *name ? name : id;
}

GsKey *gs_keys_declare(GsKeys *keys, const GsXml *xml, const GsXmlEvent *event) {
  const char *id = gs_xml_attribute(xml, "id");
  if (!id)
    return NULL;
  GsKey *known = gs_keys_find(keys, id);
  if (known) {
    if (known->tag != event->tag)
      gs_occurs(&keys->repeated, event->line);
    return NULL;
  }
  const char *type = gs_xml_attribute(xml, "attr.type"), *whose = gs_xml_attribute(xml, "for");
  GsKey *key = g_new0(GsKey, 1);
  *key = (GsKey){.name = g_strdup(name_of(xml, id)), .tag = event->tag};
  key->truth =
      type && (g_ascii_strcasecmp(type, "boolean") == 0 || g_ascii_strcasecmp(type, "bool") == 0);
  bool all = !whose || strcmp(whose, "all") == 0;
  key->of[GS_OF_NODES] = all || strcmp(whose, "node") == 0;
  key->of[GS_OF_LINKS] = all || strcmp(whose, "edge") == 0;
  key->of[GS_OF_GRAPH] = all || strcmp(whose, "graph") == 0;
  g_hash_table_insert(keys->by_id, g_strdup(id), key);
  return key;
}

guint gs_key_column(GsKey *key, GsDraft *draft, GsOf of) {
  if (key->columns[of] == 0)
    key->columns[of] =
        gs_draft_column(draft, of, key->name, key->truth ? GS_ROLE_UNUSED : GS_ROLE_BY_NAME) + 1;
  return key->columns[of] - 1;
}

void gs_key_say_default(GsKey *key, GsDraft *draft, const char *text, guint64 line) {
  for (GsOf of = GS_OF_NODES; of < GS_OFS; of++)
    if (key->of[of])
      gs_draft_say_otherwise(draft, of, gs_key_column(key, draft, of), text, strlen(text), line);
}
