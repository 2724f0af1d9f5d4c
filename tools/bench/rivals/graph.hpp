/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

/** What the rivals in C++ share: the graph, the energies and the line of a repetition. */

namespace rival {

struct Graph {
  uint32_t nodes = 0, links = 0;
  std::vector<std::vector<uint32_t>> siblings; /**< of nodes counted from 0 */
};

/** An edge list: "nodes links", then the ids (from 1) of both ends of each link. */
inline Graph read_graph(const char *path) {
  Graph graph;
  FILE *file = std::fopen(path, "r");
  bool good = file && std::fscanf(file, "%u %u", &graph.nodes, &graph.links) == 2;
  graph.siblings.resize(graph.nodes);
  for (uint32_t i = 0; good && i < graph.links; i++) {
    uint32_t a, b;
    good = std::fscanf(file, "%u %u", &a, &b) == 2 && a - 1 < graph.nodes && b - 1 < graph.nodes;
    if (good) {
      graph.siblings[a - 1].push_back(b - 1);
      graph.siblings[b - 1].push_back(a - 1);
    }
  }
  if (!good) {
    std::fprintf(stderr, "%s: no edge list\n", path);
    std::exit(2);
  }
  std::fclose(file);
  return graph;
}

/** The net of a node (from 0) at the start. */
inline int64_t start_net(uint32_t node) {
  return node % 11;
}

/** Names the wave of a node in a round. */
inline uint64_t wave_of(uint32_t round, uint32_t node) {
  return static_cast<uint64_t>(round) << 32 | node;
}

/** What node 0 is updated to. */
inline int64_t updated_net(uint32_t round) {
  return 25 + round;
}

inline int64_t true_net(const Graph &graph, uint32_t round) {
  int64_t sum = updated_net(round);
  for (uint32_t i = 1; i < graph.nodes; i++)
    sum += start_net(i);
  return sum;
}

inline void print_round(uint64_t messages, double seconds, bool right) {
  std::printf("%llu %.6f %s\n", static_cast<unsigned long long>(messages), seconds,
              right ? "right" : "wrong");
  std::fflush(stdout);
}

} // namespace rival
