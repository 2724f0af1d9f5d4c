/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/graphml_xml.h"

#include <libxml/xmlreader.h>
#include <string.h>

#include "core/json/utf8.h"
#include "sim/import/graphml_tags.h"
#include "sim/import/readers.h"

/** Most bytes of what the parser says that are shown. */
#define PROBLEM_BYTES_MAX 160

#if LIBXML_VERSION >= 21200
typedef const xmlError *ParserError;
#else
typedef xmlErrorPtr ParserError;
#endif

static gsize xml_started;

struct GsXml {
  const GsDraft *draft;
  xmlTextReaderPtr reader;
  GsTags tags;     /**< goes along, for the lines */
  const char *tag; /**< of the last element that began */
  guint64 line;
  const xmlChar *space; /**< namespace of the root, or NULL */
  bool begun, close;    /**< the root has been there; the element was empty and ends now */
  GsXmlEvent last;
  GString *values; /**< of the attributes, each with a NUL behind it */
  GArray *attributes;
  guint unclosed; /**< elements that have no end */
  bool at_end;    /**< the problem was found at the end */
  char *problem;  /**< what stopped the parser, or NULL */
  guint64 problem_line;
};

static void take_problem(void *data, ParserError problem) {
  GsXml *xml = data;
  bool entity =
      problem->code == XML_ERR_UNDECLARED_ENTITY || problem->code == XML_WAR_UNDECLARED_ENTITY;
  /* What is odd but can be read, such as the name of a namespace, is no problem. */
  if (xml->problem || (problem->level != XML_ERR_FATAL && !entity))
    return;
  g_autofree char *valid = g_utf8_make_valid(problem->message ? problem->message : "", -1);
  for (char *at = valid; *at; at++)
    if (g_ascii_iscntrl(*at))
      *at = ' ';
  g_strstrip(valid);
  xml->problem = g_strndup(valid, (gsize)gs_utf8_bytes_up_to(valid, PROBLEM_BYTES_MAX));
  xml->at_end = problem->code == XML_ERR_DOCUMENT_END;
  xml->problem_line = (guint64)MAX(problem->line, 0);
}

GsXml *gs_xml_open(const GsDraft *draft, const char *text, gsize length, GError **error) {
  guint unclosed;
  /* Readers may be in several threads. */
  if (g_once_init_enter(&xml_started)) {
    xmlInitParser();
    g_once_init_leave(&xml_started, 1);
  }
  if (!gs_tags_check(draft, text, length, &unclosed, error))
    return NULL;
  GsXml *xml = g_new0(GsXml, 1);
  xml->draft = draft;
  xml->unclosed = unclosed;
  xml->tags = gs_tags_of(text, length);
  xml->values = g_string_new(NULL);
  xml->attributes = g_array_new(FALSE, FALSE, sizeof(GsXmlAttribute));
  xml->reader = xmlReaderForMemory(text, (int)length, NULL, NULL, XML_PARSE_NONET);
  if (!xml->reader) {
    gs_read_wrong(draft, 0, error, "XML cannot be read: not enough memory");
    gs_xml_free(xml);
    return NULL;
  }
  xmlTextReaderSetStructuredErrorHandler(xml->reader, (xmlStructuredErrorFunc)take_problem, xml);
  return xml;
}

void gs_xml_free(GsXml *xml) {
  if (!xml)
    return;
  xmlFreeTextReader(xml->reader);
  g_string_free(xml->values, TRUE);
  g_array_unref(xml->attributes);
  g_free(xml->problem);
  g_free(xml);
}

/** Without the prefix, which it has where no one declared the prefix. */
static const char *local_name(const xmlChar *name, bool *prefixed) {
  const char *text = (const char *)name, *colon = text ? strrchr(text, ':') : NULL;
  *prefixed |= colon != NULL;
  return colon ? colon + 1 : text;
}

static void read_attributes(GsXml *xml) {
  g_string_truncate(xml->values, 0);
  g_array_set_size(xml->attributes, 0);
  while (xmlTextReaderMoveToNextAttribute(xml->reader) == 1) {
    if (xmlTextReaderIsNamespaceDecl(xml->reader) == 1)
      continue;
    const xmlChar *value = xmlTextReaderConstValue(xml->reader);
    GsXmlAttribute one = {.prefixed = xmlTextReaderConstPrefix(xml->reader) != NULL};
    one.name = local_name(xmlTextReaderConstLocalName(xml->reader), &one.prefixed);
    g_array_append_val(xml->attributes, one);
    if (value)
      g_string_append(xml->values, (const char *)value);
    g_string_append_c(xml->values, '\0');
  }
  xmlTextReaderMoveToElement(xml->reader);
  /* Only now they stay where they are. */
  const char *at = xml->values->str;
  for (guint i = 0; i < xml->attributes->len; i++, at += strlen(at) + 1)
    g_array_index(xml->attributes, GsXmlAttribute, i).value = at;
}

static void start_element(GsXml *xml, GsXmlEvent *event) {
  GsTag tag;
  bool found, prefixed = false;
  do
    found = gs_tags_next(&xml->tags, &tag);
  while (found && tag.kind != GS_TAG_OPENS && tag.kind != GS_TAG_EMPTY);
  if (found) {
    xml->line = tag.line;
    xml->tag = tag.text;
  }
  const xmlChar *space = xmlTextReaderConstNamespaceUri(xml->reader);
  if (!xml->begun)
    xml->space = space;
  xml->begun = true;
  *event = (GsXmlEvent){.kind = GS_XML_START,
                        .depth = (guint)xmlTextReaderDepth(xml->reader),
                        .name = local_name(xmlTextReaderConstLocalName(xml->reader), &prefixed),
                        .tag = xml->tag,
                        .line = xml->line};
  event->foreign = prefixed || !xmlStrEqual(space, xml->space);
  xml->close = xmlTextReaderIsEmptyElement(xml->reader) == 1;
  read_attributes(xml);
}

static bool fail(const GsXml *xml, GError **error) {
  if (xml->at_end && xml->unclosed > 0)
    return gs_read_wrong(xml->draft, xml->problem_line, error,
                         "is cut off: it ends within %u element%s", xml->unclosed,
                         xml->unclosed == 1 ? "" : "s");
  return gs_read_wrong(xml->draft, xml->problem ? xml->problem_line : xml->line, error,
                       "is no XML that can be read: %s",
                       xml->problem ? xml->problem : "something in it is wrong");
}

/** One step of the parser; false with `*more`: nothing to tell. */
static bool step(GsXml *xml, GsXmlEvent *event, bool *more, GError **error) {
  int result = xmlTextReaderRead(xml->reader);
  *more = false;
  if (result < 0 || xml->problem)
    return fail(xml, error);
  if (result == 0) {
    *event = (GsXmlEvent){.kind = GS_XML_DONE, .line = xml->line};
    return true;
  }
  switch (xmlTextReaderNodeType(xml->reader)) {
  case XML_READER_TYPE_ELEMENT:
    start_element(xml, event);
    return true;
  case XML_READER_TYPE_END_ELEMENT:
    *event = (GsXmlEvent){
        .kind = GS_XML_END, .depth = (guint)xmlTextReaderDepth(xml->reader), .line = xml->line};
    return true;
  case XML_READER_TYPE_TEXT:
  case XML_READER_TYPE_CDATA:
    *event = (GsXmlEvent){.kind = GS_XML_TEXT,
                          .depth = (guint)xmlTextReaderDepth(xml->reader),
                          .text = (const char *)xmlTextReaderConstValue(xml->reader),
                          .line = xml->line};
    return true;
  case XML_READER_TYPE_ENTITY_REFERENCE:
    return gs_read_wrong(xml->draft, xml->line, error,
                         "holds an entity that is not expanded; write what it stands for");
  default:
    *more = true;
    return false;
  }
}

bool gs_xml_next(GsXml *xml, GsXmlEvent *event, GError **error) {
  bool more = true, good = true;
  if (xml->close) {
    xml->close = false;
    xml->last.kind = GS_XML_END;
    *event = xml->last;
    return true;
  }
  while (more)
    good = step(xml, event, &more, error);
  xml->last = *event;
  return good;
}

const GsXmlAttribute *gs_xml_attributes(const GsXml *xml, guint *count) {
  *count = xml->attributes->len;
  return (const GsXmlAttribute *)(const void *)xml->attributes->data;
}

const char *gs_xml_attribute(const GsXml *xml, const char *name) {
  for (guint i = 0; i < xml->attributes->len; i++) {
    const GsXmlAttribute *one = &g_array_index(xml->attributes, GsXmlAttribute, i);
    if (!one->prefixed && strcmp(one->name, name) == 0)
      return one->value;
  }
  return NULL;
}
