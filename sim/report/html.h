/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * Appends a page: one HTML file that needs no other, asks for nothing from
 * anywhere, and is the same for the same data.
 *
 * `page` is "compare" or "run": the script PAGE.js of sim/report/web/ turns the
 * document into what is seen, with the help of those that all pages share.
 * `data_json` is that document, valid JSON in UTF-8; nothing in it can end the
 * element that it stands in. `title` is plain text.
 */
void gs_html_page(GString *out, const char *title, const char *page, const char *data_json);
