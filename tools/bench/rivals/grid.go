// SPDX-License-Identifier: GPL-3.0-or-later

// grid channel|batch GRAPH ROUNDS: a goroutine per node. Its inbox is a buffered
// channel, as programs in Go are usually written, or a slice behind a mutex that
// is taken whole, which is tuned by hand for this work. On each link messages
// keep their order and a flood goes out before the wave, so when all own waves
// are back nothing is left.
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

// An inbox takes messages from anyone and gives them to its node in order.
type inbox interface {
	// put never waits for ever, whatever sender (nil: none) has in its own inbox.
	put(m message, sender *node)
	// serve handles messages until one says stop.
	serve(n *node)
}

// Nodes that wait for room in each other's channels would wait for ever. So who
// finds a channel full takes in what comes meanwhile, to handle it later.
type channel struct {
	messages chan message
	pending  []message // came before all that is in the channel
}

// A channel that could never fill is no larger than it need be; a larger one
// than this made nothing faster.
const channelMost = 4096

func newChannel(degree, nodes int) *channel {
	most := degree*(2*nodes+1) + 1
	if most > channelMost {
		most = channelMost
	}
	return &channel{messages: make(chan message, most)}
}

func (c *channel) put(m message, sender *node) {
	select {
	case c.messages <- m:
		return
	default:
	}
	if sender == nil {
		c.messages <- m
		return
	}
	own := sender.inbox.(*channel)
	for {
		select {
		case c.messages <- m:
			return
		case other := <-own.messages:
			own.pending = append(own.pending, other)
		}
	}
}

func (c *channel) serve(n *node) {
	var spare []message
	for m := range c.messages {
		if m.kind == stop {
			return
		}
		n.handle(&m)
		for len(c.pending) > 0 {
			batch := c.pending
			c.pending = spare
			n.handleAll(batch)
			spare = batch[:0]
		}
	}
}

// A batch takes messages one by one and gives all that it has at once.
type batch struct {
	mutex  sync.Mutex
	filled *sync.Cond
	queue  []message
}

func newBatch() *batch {
	b := &batch{}
	b.filled = sync.NewCond(&b.mutex)
	return b
}

func (b *batch) put(m message, _ *node) {
	b.mutex.Lock()
	b.queue = append(b.queue, m)
	first := len(b.queue) == 1
	b.mutex.Unlock()
	if first {
		b.filled.Signal()
	}
}

// take exchanges what is in the inbox for an empty queue.
func (b *batch) take(empty []message) []message {
	b.mutex.Lock()
	for len(b.queue) == 0 {
		b.filled.Wait()
	}
	queue := b.queue
	b.queue = empty
	b.mutex.Unlock()
	return queue
}

func (b *batch) serve(n *node) {
	var queue []message
	for going := true; going; {
		queue = b.take(queue[:0])
		going = n.handleAll(queue)
	}
}

type wave struct {
	parent    *node  // nil: it is the node's own
	open      uint32 // Asks that are not answered yet
	due       int32  // whoever answers with nothing asks too: so many Asks are still to come
	collected *nets
}

type node struct {
	inbox         inbox
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

// handleAll says whether to go on.
func (n *node) handleAll(queue []message) bool {
	for i := range queue {
		if queue[i].kind == stop {
			return false
		}
		n.handle(&queue[i])
		queue[i].from, queue[i].nets = nil, nil
	}
	return true
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
	to.inbox.put(m, n)
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
		g.nodes[i] = &node{grid: g, self: uint32(i), net: startNet(i), waves: map[uint64]*wave{}}
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
	g.nodes[0].inbox.put(message{kind: update, round: round, net: net}, nil)
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

func (g *grid) start(kind string) error {
	g.ended.Add(len(g.nodes))
	for _, n := range g.nodes {
		switch kind {
		case "channel":
			n.inbox = newChannel(len(n.siblings), len(g.nodes))
		case "batch":
			n.inbox = newBatch()
		default:
			return fmt.Errorf("no inbox is called %s", kind)
		}
	}
	for _, n := range g.nodes {
		go func(n *node) {
			n.inbox.serve(n)
			g.ended.Done()
		}(n)
	}
	return nil
}

func (g *grid) end() {
	for _, n := range g.nodes {
		n.inbox.put(message{kind: stop}, nil)
	}
	g.ended.Wait()
}

func run(kind, path, repeat string) error {
	rounds, err := strconv.ParseUint(repeat, 10, 32)
	if err != nil {
		return err
	}
	g, err := newGrid(path)
	if err != nil {
		return err
	}
	if err = g.start(kind); err != nil {
		return err
	}
	for round := uint32(1); round <= uint32(rounds); round++ {
		g.runRound(round)
	}
	g.end()
	return nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: grid channel|batch GRAPH ROUNDS")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "grid:", err)
		os.Exit(2)
	}
}
