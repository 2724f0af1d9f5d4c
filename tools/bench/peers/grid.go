// SPDX-License-Identifier: GPL-3.0-or-later

// grid GRAPH ROUNDS: a goroutine per node with an inbox without bounds. On each
// link messages keep their order and a flood goes out before the wave, so when
// all own waves are back nothing is left.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

// Nets by id, as a tree: whoever responds puts one piece above what it collected.
type nets struct {
	id, net, sum int64
	first, next  *nets
}

type kind uint8

const (
	update kind = iota
	flood
	ask
	response
	stop
)

type message struct {
	kind  kind
	from  *node
	round uint32
	wave  uint64
	net   int64 // of an update
	nets  *nets // of a response; nil is the empty one
}

// An inbox takes messages one by one and gives all that it has at once.
type inbox struct {
	mutex  sync.Mutex
	filled sync.Cond
	queue  []message
}

func (in *inbox) put(m message) {
	in.mutex.Lock()
	in.queue = append(in.queue, m)
	first := len(in.queue) == 1
	in.mutex.Unlock()
	if first {
		in.filled.Signal()
	}
}

// take exchanges what is in the inbox for an empty queue.
func (in *inbox) take(empty []message) []message {
	in.mutex.Lock()
	for len(in.queue) == 0 {
		in.filled.Wait()
	}
	queue := in.queue
	in.queue = empty
	in.mutex.Unlock()
	return queue
}

type wave struct {
	parent    *node  // nil: it is the node's own
	open      uint32 // Asks that are not answered yet
	due       int32  // whoever answers with nothing asks too: so many Asks are still to come
	collected *nets
}

type node struct {
	inbox
	grid          *grid
	self, flooded uint32
	siblings      []*node
	net, gridnet  int64
	sent          uint64
	waves         map[uint64]*wave
}

type grid struct {
	nodes []*node
	waves sync.WaitGroup // own waves that are out or still to start
	ended sync.WaitGroup
}

func (n *node) run() {
	defer n.grid.ended.Done()
	var queue []message
	for {
		queue = n.take(queue[:0])
		for i := range queue {
			if queue[i].kind == stop {
				return
			}
			n.handle(&queue[i])
			queue[i].from, queue[i].nets = nil, nil
		}
	}
}

func (n *node) handle(m *message) {
	switch m.kind {
	case update:
		n.net = m.net
		n.onFlood(nil, m.round)
	case flood:
		n.onFlood(m.from, m.round)
	case ask:
		n.onAsk(m.wave, m.from)
	case response:
		n.onResponse(m.wave, m.nets)
	}
}

func (n *node) tell(to *node, m message) {
	n.sent++
	to.put(m)
}

func (n *node) onFlood(from *node, round uint32) {
	if n.flooded == round {
		return
	}
	n.flooded = round
	for _, sibling := range n.siblings {
		if sibling != from {
			n.tell(sibling, message{kind: flood, from: n, round: round})
		}
	}
	n.join(uint64(round)<<32|uint64(n.self), nil)
}

// join asks all but the parent.
func (n *node) join(id uint64, parent *node) {
	w := &wave{parent: parent}
	n.waves[id] = w
	for _, sibling := range n.siblings {
		if sibling != parent {
			w.open++
			n.tell(sibling, message{kind: ask, from: n, wave: id})
		}
	}
	if w.open == 0 {
		n.finish(id, w)
	}
	n.forget(id, w)
}

func (n *node) onAsk(id uint64, from *node) {
	w := n.waves[id]
	if w == nil {
		n.join(id, from)
		return
	}
	w.due--
	n.tell(from, message{kind: response, wave: id})
	n.forget(id, w)
}

func (n *node) onResponse(id uint64, got *nets) {
	w := n.waves[id]
	if got != nil {
		got.next = w.collected
		w.collected = got
	} else {
		w.due++
	}
	if w.open--; w.open == 0 {
		n.finish(id, w)
	}
	n.forget(id, w)
}

// forget takes the wave out once all is answered and no Ask of it is to come.
func (n *node) forget(id uint64, w *wave) {
	if w.open == 0 && w.due == 0 {
		delete(n.waves, id)
	}
}

func (n *node) finish(id uint64, w *wave) {
	all := &nets{id: int64(n.self) + 1, net: n.net, sum: n.net, first: w.collected}
	for part := w.collected; part != nil; part = part.next {
		all.sum += part.sum
	}
	w.collected = nil
	if w.parent != nil {
		n.tell(w.parent, message{kind: response, wave: id, nets: all})
		return
	}
	n.gridnet = all.sum
	n.grid.waves.Done()
}

func startNet(i int) int64 { return int64(i % 11) }

func newGrid(path string) (*grid, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	in := bufio.NewReader(file)
	var count, links, a, b uint32
	if _, err = fmt.Fscan(in, &count, &links); err != nil {
		return nil, err
	}
	g := &grid{nodes: make([]*node, count)}
	for i := range g.nodes {
		n := &node{grid: g, self: uint32(i), net: startNet(i), waves: map[uint64]*wave{}}
		n.filled.L = &n.mutex
		g.nodes[i] = n
	}
	for ; links > 0; links-- {
		if _, err = fmt.Fscan(in, &a, &b); err != nil {
			return nil, err
		}
		x, y := g.nodes[a-1], g.nodes[b-1]
		x.siblings = append(x.siblings, y)
		y.siblings = append(y.siblings, x)
	}
	return g, nil
}

func (g *grid) runRound(round uint32) {
	g.waves.Add(len(g.nodes))
	net := int64(25 + round)
	before := time.Now()
	g.nodes[0].put(message{kind: update, round: round, net: net})
	g.waves.Wait()
	seconds := time.Since(before).Seconds()

	expected := net
	for i := 1; i < len(g.nodes); i++ {
		expected += startNet(i)
	}
	var sent uint64
	verdict := "right"
	for _, n := range g.nodes {
		sent += n.sent
		n.sent = 0
		if n.gridnet != expected {
			verdict = "wrong"
		}
	}
	fmt.Printf("%d %.6f %s\n", sent, seconds, verdict)
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: grid GRAPH ROUNDS")
		os.Exit(2)
	}
	rounds, err := strconv.Atoi(os.Args[2])
	if err == nil {
		var g *grid
		if g, err = newGrid(os.Args[1]); err == nil {
			g.ended.Add(len(g.nodes))
			for _, n := range g.nodes {
				go n.run()
			}
			for round := 1; round <= rounds; round++ {
				g.runRound(uint32(round))
			}
			for _, n := range g.nodes {
				n.put(message{kind: stop})
			}
			g.ended.Wait()
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "grid:", err)
		os.Exit(2)
	}
}
