/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <chrono>
#include <memory>
#include <unordered_map>

#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include "tools/bench/peers/graph.hpp"

/*
 * simgrid GRAPH ROUNDS: a message is a timer of SimGrid's engine that goes off
 * after the latency. Not its mailboxes: in 3.32 they cost time proportional to
 * the messages that are under way, which says nothing of its engine.
 */

static const double latency_s = 1e-3;

/* Nets by id, as a tree: whoever responds puts one piece above what it collected. */
struct Nets {
  int64_t id, net, sum;
  std::unique_ptr<Nets> first, next;
};
using NetsPtr = std::unique_ptr<Nets>;

class Node {
public:
  explicit Node(uint32_t self) : self(self), net(peer::start_net(self)) {}

  int64_t gridnet = 0;
  uint64_t sent = 0;
  std::vector<Node *> siblings;

  void update(int64_t value, uint32_t round) {
    net = value;
    flood(nullptr, round);
  }

private:
  struct Wave {
    Node *parent;      /* none: it is the node's own */
    uint32_t open = 0; /* Asks that are not answered yet */
    int32_t due = 0;   /* whoever answers with nothing asks too: so many Asks are still to come */
    NetsPtr collected;
    explicit Wave(Node *parent) : parent(parent) {}
  };

  uint32_t self, flooded = 0;
  int64_t net;
  std::unordered_map<uint64_t, Wave> waves;

  /* `handle` gets the receiver when the message arrives. */
  template <class Handle> void tell(Node *receiver, Handle handle) {
    sent++;
    simgrid::kernel::timer::Timer::set(
        simgrid::s4u::Engine::get_clock() + latency_s,
        [receiver, handle = std::move(handle)]() mutable { handle(receiver); });
  }

  void respond(Node *to, uint64_t wave, NetsPtr nets) {
    tell(to, [wave, nets = std::move(nets)](Node *node) mutable {
      node->on_response(wave, std::move(nets));
    });
  }

  void flood(Node *from, uint32_t round) {
    if (flooded == round)
      return;
    flooded = round;
    for (Node *sibling : siblings) {
      if (sibling != from)
        tell(sibling, [from = this, round](Node *node) { node->flood(from, round); });
    }
    join(peer::wave_of(round, self), nullptr);
  }

  /* Asks all but the parent. */
  void join(uint64_t id, Node *parent) {
    auto at = waves.emplace(id, parent).first;
    for (Node *sibling : siblings) {
      if (sibling == parent)
        continue;
      at->second.open++;
      tell(sibling, [from = this, id](Node *node) { node->on_ask(from, id); });
    }
    if (!at->second.open)
      finish(id, at->second);
    forget(at);
  }

  void on_ask(Node *from, uint64_t id) {
    auto at = waves.find(id);
    if (at == waves.end()) {
      join(id, from);
      return;
    }
    at->second.due--;
    respond(from, id, nullptr);
    forget(at);
  }

  void on_response(uint64_t id, NetsPtr nets) {
    auto at = waves.find(id);
    Wave &wave = at->second;
    if (nets) {
      nets->next = std::move(wave.collected);
      wave.collected = std::move(nets);
    } else {
      wave.due++;
    }
    if (!--wave.open)
      finish(id, wave);
    forget(at);
  }

  /* Once all is answered and no Ask of it is to come. */
  void forget(std::unordered_map<uint64_t, Wave>::iterator at) {
    if (!at->second.open && !at->second.due)
      waves.erase(at);
  }

  void finish(uint64_t id, Wave &wave) {
    NetsPtr nets(new Nets{self + 1, net, net, nullptr, nullptr});
    for (const Nets *part = wave.collected.get(); part; part = part->next.get())
      nets->sum += part->sum;
    nets->first = std::move(wave.collected);
    if (wave.parent)
      respond(wave.parent, id, std::move(nets));
    else
      gridnet = nets->sum;
  }
};

static void run_round(simgrid::s4u::Engine &engine, const peer::Graph &graph,
                      std::vector<Node> &nodes, uint32_t round) {
  auto before = std::chrono::steady_clock::now();
  simgrid::kernel::timer::Timer::set(
      simgrid::s4u::Engine::get_clock() + latency_s,
      [&nodes, round] { nodes[0].update(peer::updated_net(round), round); });
  engine.run();
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - before;

  uint64_t messages = 0;
  bool right = true;
  for (Node &node : nodes) {
    messages += node.sent;
    node.sent = 0;
    right = right && node.gridnet == peer::true_net(graph, round);
  }
  peer::print_round(messages, seconds.count(), right);
}

int main(int argc, char **argv) {
  simgrid::s4u::Engine engine(&argc, argv);
  if (argc != 3) {
    std::fprintf(stderr, "usage: simgrid GRAPH ROUNDS\n");
    return 2;
  }
  auto *zone = simgrid::s4u::create_full_zone("grid");
  zone->create_host("machine", 1e9);
  zone->seal();
  peer::Graph graph = peer::read_graph(argv[1]);
  std::vector<Node> nodes;
  nodes.reserve(graph.nodes);
  for (uint32_t i = 0; i < graph.nodes; i++)
    nodes.emplace_back(i);
  for (uint32_t i = 0; i < graph.nodes; i++) {
    for (uint32_t sibling : graph.siblings[i])
      nodes[i].siblings.push_back(&nodes[sibling]);
  }
  uint32_t rounds = static_cast<uint32_t>(std::atoi(argv[2]));
  for (uint32_t round = 1; round <= rounds; round++)
    run_round(engine, graph, nodes, round);
  return 0;
}
