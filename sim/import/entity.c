/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/entity.h"

#include <stdbool.h>
#include <string.h>

/** Longest that an entity can be, with its "&" and ";". */
#define ENTITY_BYTES_MAX 16
/** The first that Latin-1 has beyond ASCII. */
#define LATIN_FIRST 160

/** What HTML calls the characters of Latin-1 from 160, in their order. */
static const char *const latin[] = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml",
};

/** Others that names of places have. */
static const struct {
  const char *name;
  gunichar character;
} others[] = {
    {"amp", '&'},      {"quot", '"'},     {"lt", '<'},       {"gt", '>'},        {"apos", '\''},
    {"OElig", 0x152},  {"oelig", 0x153},  {"Scaron", 0x160}, {"scaron", 0x161},  {"Yuml", 0x178},
    {"Zcaron", 0x17d}, {"zcaron", 0x17e}, {"Ccaron", 0x10c}, {"ccaron", 0x10d},  {"Cacute", 0x106},
    {"cacute", 0x107}, {"Lstrok", 0x141}, {"lstrok", 0x142}, {"Nacute", 0x143},  {"nacute", 0x144},
    {"Sacute", 0x15a}, {"sacute", 0x15b}, {"Zacute", 0x179}, {"zacute", 0x17a},  {"Zdot", 0x17b},
    {"zdot", 0x17c},   {"Aogon", 0x104},  {"aogon", 0x105},  {"Eogon", 0x118},   {"eogon", 0x119},
    {"Ecaron", 0x11a}, {"ecaron", 0x11b}, {"Rcaron", 0x158}, {"rcaron", 0x159},  {"Dstrok", 0x110},
    {"dstrok", 0x111}, {"Odblac", 0x150}, {"odblac", 0x151}, {"Udblac", 0x170},  {"udblac", 0x171},
    {"Gbreve", 0x11e}, {"gbreve", 0x11f}, {"Scedil", 0x15e}, {"scedil", 0x15f},  {"ndash", 0x2013},
    {"mdash", 0x2014}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"sbquo", 0x201a},  {"ldquo", 0x201c},
    {"rdquo", 0x201d}, {"bdquo", 0x201e}, {"bull", 0x2022},  {"hellip", 0x2026}, {"euro", 0x20ac},
    {"trade", 0x2122}, {"minus", 0x2212},
};

/** 0: none of that name. */
static gunichar named(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(others); i++)
    if (strcmp(others[i].name, name) == 0)
      return others[i].character;
  for (guint i = 0; i < G_N_ELEMENTS(latin); i++)
    if (strcmp(latin[i], name) == 0)
      return LATIN_FIRST + i;
  return 0;
}

/** "#252", "#xfc", "uuml"; 0: none. */
static gunichar character_of(const char *name) {
  if (*name != '#')
    return named(name);
  bool hex = name[1] == 'x' || name[1] == 'X';
  const char *digits = name + (hex ? 2 : 1);
  guint64 number;
  return g_ascii_string_to_unsigned(digits, hex ? 16 : 10, 1, 0x10ffff, &number, NULL) &&
                 g_unichar_validate((gunichar)number)
             ? (gunichar)number
             : 0;
}

/** Length of what looks like an entity at the "&", with its ";"; 0: nothing does. */
static gsize entity_length(const char *at, const char *end) {
  gsize length = 1;
  while (at + length < end && length < ENTITY_BYTES_MAX &&
         (g_ascii_isalnum(at[length]) || (at[length] == '#' && length == 1)))
    length++;
  return length > 1 && length < ENTITY_BYTES_MAX && at + length < end && at[length] == ';'
             ? length + 1
             : 0;
}

gsize gs_entity(const char *at, const char *end, gunichar *character) {
  char name[ENTITY_BYTES_MAX];
  gsize length = entity_length(at, end);
  *character = 0;
  if (length == 0)
    return 0;
  g_strlcpy(name, at + 1, length - 1);
  *character = character_of(name);
  return length;
}
