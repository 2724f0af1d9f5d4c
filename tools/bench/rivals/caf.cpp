/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "caf/all.hpp"
#include "tools/bench/rivals/graph.hpp"

/*
 * caf GRAPH ROUNDS: an event-based actor per node, on the default scheduler. On
 * each link messages keep their order and a flood goes out before the wave, so
 * when all own waves are back nothing is left.
 */

/* Nets by id, as a tree: whoever responds puts one piece above what it collected. */
struct Nets : caf::ref_counted {
  int64_t id, net, sum;
  caf::intrusive_ptr<Nets> first, next;
  Nets(int64_t id, int64_t net) : id(id), net(net), sum(net) {}
};
using NetsPtr = caf::intrusive_ptr<Nets>;

/* A sibling, and which of its siblings this node is. */
struct Sibling {
  caf::actor node;
  uint32_t slot;
};
static const uint32_t no_slot = UINT32_MAX;

struct Siblings {
  std::vector<Sibling> list;
};
/* Messages say which of the receiver's siblings sends them. */
struct Update {
  int64_t net;
  uint32_t round;
};
struct Flood {
  uint32_t slot, round;
};
struct Ask {
  uint64_t wave;
  uint32_t slot;
};
struct Response {
  uint64_t wave;
  NetsPtr nets;
};
struct Done {};
struct Report {};
struct Figures {
  uint64_t sent;
  int64_t gridnet;
};
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Siblings)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Update)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Flood)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Ask)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Response)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(Figures)

class Node : public caf::event_based_actor {
public:
  Node(caf::actor_config &config, caf::actor observer, uint32_t self)
      : event_based_actor(config), observer(std::move(observer)), self(self),
        net(rival::start_net(self)) {}

  caf::behavior make_behavior() override {
    return {
        [this](Siblings &message) { siblings = std::move(message.list); },
        [this](const Update &update) {
          net = update.net;
          flood(no_slot, update.round);
        },
        [this](const Flood &message) { flood(message.slot, message.round); },
        [this](const Ask &ask) { on_ask(ask); },
        [this](Response &response) { on_response(response.wave, std::move(response.nets)); },
        [this](const Report &) {
          Figures figures{sent, gridnet};
          sent = 0;
          return figures;
        },
    };
  }

private:
  struct Wave {
    uint32_t parent;   /* no_slot: it is the node's own */
    uint32_t open = 0; /* Asks that are not answered yet */
    int32_t due = 0;   /* whoever answers with nothing asks too: so many Asks are still to come */
    NetsPtr collected;
    explicit Wave(uint32_t parent) : parent(parent) {}
  };

  caf::actor observer;
  std::vector<Sibling> siblings;
  uint32_t self, flooded = 0;
  int64_t net, gridnet = 0;
  uint64_t sent = 0;
  std::unordered_map<uint64_t, Wave> waves;

  template <class T> void tell(const Sibling &to, T message) {
    sent++;
    send(to.node, std::move(message));
  }

  void flood(uint32_t from, uint32_t round) {
    if (flooded == round)
      return;
    flooded = round;
    for (uint32_t slot = 0; slot < siblings.size(); slot++) {
      if (slot != from)
        tell(siblings[slot], Flood{siblings[slot].slot, round});
    }
    join(rival::wave_of(round, self), no_slot);
  }

  /* Asks all but the parent. */
  void join(uint64_t id, uint32_t parent) {
    auto at = waves.emplace(id, parent).first;
    for (uint32_t slot = 0; slot < siblings.size(); slot++) {
      if (slot == parent)
        continue;
      at->second.open++;
      tell(siblings[slot], Ask{id, siblings[slot].slot});
    }
    if (!at->second.open)
      finish(id, at->second);
    forget(at);
  }

  void on_ask(const Ask &ask) {
    auto at = waves.find(ask.wave);
    if (at == waves.end()) {
      join(ask.wave, ask.slot);
      return;
    }
    at->second.due--;
    tell(siblings[ask.slot], Response{ask.wave, nullptr});
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
    auto nets = caf::make_counted<Nets>(self + 1, net);
    for (const Nets *part = wave.collected.get(); part; part = part->next.get())
      nets->sum += part->sum;
    nets->first = std::move(wave.collected);
    if (wave.parent != no_slot) {
      tell(siblings[wave.parent], Response{id, std::move(nets)});
      return;
    }
    gridnet = nets->sum;
    send(observer, Done{});
  }
};

/* Tells each node its siblings. A node's siblings are numbered in the order of the links. */
static void connect(caf::scoped_actor &self, const rival::Graph &graph,
                    const std::vector<caf::actor> &nodes) {
  for (uint32_t i = 0; i < graph.nodes; i++) {
    Siblings siblings;
    for (uint32_t other : graph.siblings[i]) {
      const std::vector<uint32_t> &back = graph.siblings[other];
      uint32_t slot = std::find(back.begin(), back.end(), i) - back.begin();
      siblings.list.push_back({nodes[other], slot});
    }
    self->send(nodes[i], std::move(siblings));
  }
}

static void run_round(caf::scoped_actor &self, const rival::Graph &graph,
                      const std::vector<caf::actor> &nodes, uint32_t round) {
  auto before = std::chrono::steady_clock::now();
  self->send(nodes[0], Update{rival::updated_net(round), round});
  uint32_t done = 0;
  self->receive_while([&] { return done < graph.nodes; })([&](const Done &) { done++; });
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - before;

  uint64_t messages = 0;
  bool right = true;
  int64_t expected = rival::true_net(graph, round);
  for (const auto &node : nodes) {
    self->request(node, caf::infinite, Report{})
        .receive(
            [&](const Figures &figures) {
              messages += figures.sent;
              right = right && figures.gridnet == expected;
            },
            [&](caf::error &) { right = false; });
  }
  rival::print_round(messages, seconds.count(), right);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: caf GRAPH ROUNDS\n");
    return 2;
  }
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  rival::Graph graph = rival::read_graph(argv[1]);
  std::vector<caf::actor> nodes;
  for (uint32_t i = 0; i < graph.nodes; i++)
    nodes.push_back(system.spawn<Node>(caf::actor_cast<caf::actor>(self), i));
  connect(self, graph, nodes);
  uint32_t rounds = static_cast<uint32_t>(std::atoi(argv[2]));
  for (uint32_t round = 1; round <= rounds; round++)
    run_round(self, graph, nodes, round);
  for (const auto &node : nodes)
    self->send_exit(node, caf::exit_reason::user_shutdown);
  self->await_all_other_actors_done();
  return 0;
}
