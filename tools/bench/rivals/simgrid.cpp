/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <unordered_map>

#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include "tools/bench/rivals/graph.hpp"

/*
 * simgrid GRAPH ROUNDS [NETWORK]: a message is a timer of SimGrid's engine that
 * goes off when it arrives. Not its mailboxes: in 3.32 they cost time
 * proportional to the messages that are under way, which says nothing of its
 * engine. NETWORK is uniform (1 ms), jitter (exponential, 1 ms more), latencies
 * (lognormal, median 1 ms, of each link its own) or both. On each link messages
 * keep their order.
 */

struct Network {
  bool jitter, latencies;
  std::mt19937_64 random;
  std::exponential_distribution<double> more_s{1e3};
  std::lognormal_distribution<double> latency_s{std::log(1e-3), 0.5};

  explicit Network(const char *name)
      : jitter(is(name, "jitter") || is(name, "both")),
        latencies(is(name, "latencies") || is(name, "both")) {
    if (jitter || latencies || is(name, "uniform"))
      return;
    std::fprintf(stderr, "no network is called %s\n", name);
    std::exit(2);
  }

  double draw_latency_s() {
    return latencies ? latency_s(random) : 1e-3;
  }
  double draw_jitter_s() {
    return jitter ? more_s(random) : 0;
  }

private:
  static bool is(const char *name, const char *other) {
    return !std::strcmp(name, other);
  }
};

/* Nets by id, as a tree: whoever responds puts one piece above what it collected. */
struct Nets {
  int64_t id, net, sum;
  std::unique_ptr<Nets> first, next;
};
using NetsPtr = std::unique_ptr<Nets>;

class Node;

/* One direction of a link; `back` is the other one. */
struct Way {
  Node *to;
  Way *back;
  double latency_s, last_due_s;
};

class Node {
public:
  Node(Network &network, uint32_t self)
      : network(network), self(self), net(rival::start_net(self)) {}

  int64_t gridnet = 0;
  uint64_t sent = 0;
  std::vector<Way> siblings;

  void update(int64_t value, uint32_t round) {
    net = value;
    flood(nullptr, round);
  }

private:
  struct Wave {
    Way *parent;       /* none: it is the node's own */
    uint32_t open = 0; /* Asks that are not answered yet */
    int32_t due = 0;   /* whoever answers with nothing asks too: so many Asks are still to come */
    NetsPtr collected;
    explicit Wave(Way *parent) : parent(parent) {}
  };

  Network &network;
  uint32_t self, flooded = 0;
  int64_t net;
  std::unordered_map<uint64_t, Wave> waves;

  /* `handle` gets the receiver when the message arrives. */
  template <class Handle> void tell(Way &way, Handle handle) {
    sent++;
    double due_s = simgrid::s4u::Engine::get_clock() + way.latency_s + network.draw_jitter_s();
    way.last_due_s = std::max(way.last_due_s, due_s);
    simgrid::kernel::timer::Timer::set(
        way.last_due_s,
        [receiver = way.to, handle = std::move(handle)]() mutable { handle(receiver); });
  }

  void respond(Way *to, uint64_t wave, NetsPtr nets) {
    tell(*to, [wave, nets = std::move(nets)](Node *node) mutable {
      node->on_response(wave, std::move(nets));
    });
  }

  void flood(Way *from, uint32_t round) {
    if (flooded == round)
      return;
    flooded = round;
    for (Way &way : siblings) {
      if (&way != from)
        tell(way, [back = way.back, round](Node *node) { node->flood(back, round); });
    }
    join(rival::wave_of(round, self), nullptr);
  }

  /* Asks all but the parent. */
  void join(uint64_t id, Way *parent) {
    auto at = waves.emplace(id, parent).first;
    for (Way &way : siblings) {
      if (&way == parent)
        continue;
      at->second.open++;
      tell(way, [back = way.back, id](Node *node) { node->on_ask(back, id); });
    }
    if (!at->second.open)
      finish(id, at->second);
    forget(at);
  }

  void on_ask(Way *from, uint64_t id) {
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

static void link_all(Network &network, const rival::Graph &graph, std::vector<Node> &nodes) {
  for (uint32_t i = 0; i < graph.nodes; i++) {
    for (uint32_t sibling : graph.siblings[i])
      nodes[i].siblings.push_back(Way{&nodes[sibling], nullptr, 0, 0});
  }
  for (Node &node : nodes) {
    for (Way &way : node.siblings) {
      if (way.back)
        continue;
      for (Way &other : way.to->siblings) {
        if (other.to == &node)
          way.back = &other;
      }
      way.back->back = &way;
      way.latency_s = way.back->latency_s = network.draw_latency_s();
    }
  }
}

static void run_round(simgrid::s4u::Engine &engine, const rival::Graph &graph,
                      std::vector<Node> &nodes, uint32_t round) {
  auto before = std::chrono::steady_clock::now();
  simgrid::kernel::timer::Timer::set(simgrid::s4u::Engine::get_clock() + 1e-3, [&nodes, round] {
    nodes[0].update(rival::updated_net(round), round);
  });
  engine.run();
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - before;

  uint64_t messages = 0;
  bool right = true;
  for (Node &node : nodes) {
    messages += node.sent;
    node.sent = 0;
    right = right && node.gridnet == rival::true_net(graph, round);
  }
  rival::print_round(messages, seconds.count(), right);
}

int main(int argc, char **argv) {
  simgrid::s4u::Engine engine(&argc, argv);
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "usage: simgrid GRAPH ROUNDS [NETWORK]\n");
    return 2;
  }
  Network network(argc == 4 ? argv[3] : "uniform");
  auto *zone = simgrid::s4u::create_full_zone("grid");
  zone->create_host("machine", 1e9);
  zone->seal();
  rival::Graph graph = rival::read_graph(argv[1]);
  std::vector<Node> nodes;
  nodes.reserve(graph.nodes);
  for (uint32_t i = 0; i < graph.nodes; i++)
    nodes.emplace_back(network, i);
  link_all(network, graph, nodes);
  uint32_t rounds = static_cast<uint32_t>(std::atoi(argv[2]));
  for (uint32_t round = 1; round <= rounds; round++)
    run_round(engine, graph, nodes, round);
  return 0;
}
