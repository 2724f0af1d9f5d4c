/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/graphml_notes.h"

void gs_graphml_note(GsDraft *draft, const GsGraphmlOccurrences *occurrences) {
  const struct {
    const char *kind;
    GsOccurrences occurrences;
    const char *one, *many;
  } notes[] = {
      {"not-used", occurrences->more_graphs, "a further graph of the file was left out",
       "%s further graphs of the file were left out"},
      {"groups", occurrences->groups,
       "a node that holds a graph (a group) is a node beside those that it holds",
       "%s nodes that hold graphs (groups) are nodes beside those that they hold"},
      {"hyperedges", occurrences->hyperedges,
       "a hyperedge became links between each two of its nodes",
       "%s hyperedges became links between each two of their nodes"},
      {"hyperedges", occurrences->small_hyperedges,
       "a hyperedge of fewer than two nodes was left out",
       "%s hyperedges of fewer than two nodes were left out"},
      {"not-used", occurrences->ports, "a port of a node is not used",
       "%s ports of nodes are not used"},
      {"not-used", occurrences->port_links, "a link to a port of a node is one to the node",
       "%s links to ports of nodes are ones to the nodes"},
      {"not-used", occurrences->no_key, "<data> with a key that no <key> declares was left out",
       "%s <data> with keys that no <key> declares were left out"},
      {"not-used", occurrences->repeated_keys,
       "a <key> with an id that another has, too, was left out",
       "%s <key>s with ids that others have, too, were left out"},
      {"not-used", occurrences->lost_data,
       "what is said of a hyperedge or of a graph in another was left out",
       "%s <data> of hyperedges or of graphs in others were left out"},
      {"not-used", occurrences->drawings,
       "of how a node is drawn only its label and its place are used",
       "of how %s nodes are drawn only their labels and their places are used"},
      {"not-used", occurrences->more_labels, "a further label of a node was left out",
       "%s further labels of nodes were left out"},
      {"not-used", occurrences->descriptions, "a <desc> was left out", "%s <desc>s were left out"},
      {"not-used", occurrences->locators, "a <locator> is not followed",
       "%s <locator>s are not followed"},
      {"not-used", occurrences->unknown,
       "an element that GraphML has not in this place was left out, with all that is in it",
       "%s elements that GraphML has not in these places were left out, with all that is in them"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(notes); i++)
    gs_draft_note(draft, notes[i].kind, notes[i].occurrences, notes[i].one, notes[i].many);
}
