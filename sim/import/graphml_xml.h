/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/draft.h"

/**
 * An XML text, piece by piece, by libxml2's reader, of which only this file
 * knows. Nothing is fetched; entities are not expanded but refused; depth and
 * tags are bounded (see graphml_tags.h) before anything is parsed.
 */
typedef struct GsXml GsXml;

typedef enum { GS_XML_START, GS_XML_END, GS_XML_TEXT, GS_XML_DONE } GsXmlKind;

typedef struct {
  GsXmlKind kind;
  guint depth;      /**< of the element, 0 of the root; of text: one more than its element's */
  const char *name; /**< of the element, without a prefix */
  bool foreign;     /**< the element is in another namespace than the root */
  const char *text; /**< of GS_XML_TEXT: all or a part of it */
  const char *tag;  /**< where in the text the last element began */
  guint64 line;     /**< of that */
} GsXmlEvent;

typedef struct {
  const char *name;  /**< without a prefix */
  const char *value; /**< until the next event */
  bool prefixed;
} GsXmlAttribute;

/** The text must live as long. NULL: it may not be parsed, GS_ERROR_INPUT. */
GsXml *gs_xml_open(const GsDraft *draft, const char *text, gsize length, GError **error);
void gs_xml_free(GsXml *xml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsXml, gs_xml_free)

/** The next piece; what it points to is until the one after. Errors: GS_ERROR_INPUT with the line.
 */
bool gs_xml_next(GsXml *xml, GsXmlEvent *event, GError **error);
/** Those of the element that has just begun, but for what declares namespaces. */
const GsXmlAttribute *gs_xml_attributes(const GsXml *xml, guint *count);
/** The value of the one without prefix, or NULL. */
const char *gs_xml_attribute(const GsXml *xml, const char *name);
