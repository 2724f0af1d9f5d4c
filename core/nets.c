/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/nets.h"

bool gs_nets_foreach(GsNets *nets, GsNetsVisit visit, void *data) {
  if (!visit(nets->id, nets->net, data))
    return false;
  for (GsNets *piece = nets->first_part; piece; piece = piece->next) {
    if (!visit(piece->id, piece->net, data))
      return false;
    if (!piece->first_part)
      continue;
    /* Its parts move up to stand right after it. */
    piece->last_part->next = piece->next;
    piece->next = piece->first_part;
    if (nets->last_part == piece)
      nets->last_part = piece->last_part;
    piece->first_part = piece->last_part = NULL;
    piece->sum = piece->net;
    piece->count = 1;
    piece->text_bytes = gs_nets_piece_bytes(piece->id, piece->net);
  }
  return true;
}
