#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plausible documents of `gridsim compare --format json`, to try report pages on.

page_samples.py NAME prints one: usual, few, many, category, latency, single, empty, sparse, hostile.
The figures are made up but obey the closed forms; the same each time.
page_samples.py huge PAGE.html prints the document of a run's page with energies beyond 2^53 and
long chains of messages.
"""
import json
import math
import pathlib
import random
import re
import statistics
import sys

METRICS = [
    ("convergence", "convergence time", "s"), ("messages", "messages", ""), ("tell", "Tells", ""),
    ("ask", "Asks", ""), ("response", "Responses", ""), ("add_sibling", "AddSibling", ""),
    ("update_energy", "UpdateEnergy", ""), ("sync_grid", "SyncGrid", ""),
    ("update_net", "UpdateNet", ""), ("wire_bytes", "bytes on the wire", "B"),
    ("largest_mailbox", "largest mailbox", "messages"), ("hops", "hops", ""),
    ("out_of_sync", "nodes out of sync × time", "node·s"),
]
TOPOLOGIES = ["ring", "line", "star", "complete", "tree", "grid", "torus", "erdos-renyi",
              "barabasi-albert", "watts-strogatz", "random-regular"]
LATENCY = 0.01


def links_of(topology, n, rng):
    """Links and places of a graph that is like the topology named."""
    if topology in ("line", "ring"):
        links = [[i, i + 1] for i in range(n - 1)] + ([[0, n - 1]] if topology == "ring" and n > 2 else [])
    elif topology == "star":
        links = [[0, i] for i in range(1, n)]
    elif topology == "complete":
        links = [[i, j] for i in range(n) for j in range(i + 1, n)]
    elif topology == "tree":
        links = [[(i - 1) // 2, i] for i in range(1, n)]
    elif topology in ("grid", "torus"):
        side = max(2, math.isqrt(n))
        links = [[i, i + 1] for i in range(n - 1) if (i + 1) % side] + [[i, i + side] for i in range(n - side)]
    else:
        links = [[rng.randrange(i), i] for i in range(1, n)]
        links += [sorted(rng.sample(range(n), 2)) for _ in range(n // 2)]
        links = [list(pair) for pair in sorted({tuple(pair) for pair in links})]
    if topology in ("star", "complete", "ring"):
        inner = 1 if topology == "star" else 0
        turn = lambda i: 2 * math.pi * (i - inner) / max(1, n - inner)
        places = [[0.5 + 0.5 * math.cos(turn(i)), 0.5 + 0.5 * math.sin(turn(i))] for i in range(n)]
        if inner:
            places[0] = [0.5, 0.5]
    elif topology in ("grid", "torus"):
        places = [[(i % side) / (side - 1), (i // side) / max(1, (n - 1) // side)] for i in range(n)]
    else:
        places = [[rng.random(), rng.random()] for _ in range(n)]
    return links, [[round(x, 4), round(y, 4)] for x, y in places]


def distances(n, links, start):
    near = [[] for _ in range(n)]
    for a, b in links:
        near[a].append(b)
        near[b].append(a)
    found = {start: 0}
    wave = [start]
    while wave:
        wave = [b for a in wave for b in near[a] if b not in found and not found.update({b: found[a] + 1})]
    return [found.get(i) for i in range(n)]


def spread(values):
    values = sorted(values)
    quantile = lambda p: values[min(len(values) - 1, int(p * len(values)))]
    sd = statistics.stdev(values) if len(values) > 1 else None
    mean = statistics.fmean(values)
    half = 2.09 * sd / math.sqrt(len(values)) if sd is not None else None
    return {"n": len(values), "mean": mean, "sd": sd,
            "ci_low": None if half is None else mean - half, "ci_high": None if half is None else mean + half,
            "min": values[0], "p5": quantile(.05), "p25": quantile(.25), "median": quantile(.5),
            "p75": quantile(.75), "p95": quantile(.95), "max": values[-1]}


def cell(values, topology, n, runs, rng, latency=LATENCY):
    label = " ".join(str(value) for value in values.values())
    key = ",".join(f"{path}={value}" for path, value in values.items())
    result = {"key": key, "values": values, "label": label, "runs": runs, "converged": runs, "problem": None,
              "best": False, "metrics": {}, "theory": None, "graph": None, "in_sync": None, "samples": []}
    if topology == "random-regular" and n % 2:
        result.update(runs=0, converged=0, problem=f"random-regular: {n} nodes and k 3; nodes × k must be even")
        return result, None
    links, places = links_of(topology, n, rng)
    hops = [hop for hop in distances(n, links, 0) if hop is not None]
    far = max(hops)
    flow = 2 * len(links) - n + 1
    messages = flow * (1 + 2 * n)
    times = [latency * (3 * far + 1 + rng.random() * (0.4 * far + 0.4)) for _ in range(runs)]
    metrics = {key: [flow] * runs for key, _, _ in METRICS}
    metrics.update(convergence=times, messages=[messages] * runs, tell=[flow + 1] * runs,
                   ask=[flow * n] * runs, response=[flow * n] * runs, update_net=[2 * flow * n] * runs,
                   add_sibling=[0] * runs, update_energy=[1] * runs, sync_grid=[flow] * runs,
                   wire_bytes=[messages * 310] * runs, hops=[3 * far] * runs,
                   out_of_sync=[n * value * .8 for value in times])
    mean = statistics.fmean(times)
    clock = [mean * i / 32 for i in range(33)]
    result["metrics"] = {key: spread(metrics[key]) for key, _, _ in METRICS}
    result["theory"] = {"messages": messages, "messages_equal": True, "convergence_low": latency * 3 * far,
                        "convergence_high": latency * (3.5 * far + 2), "hops_low": 2 * far,
                        "hops_high": 3 * far + 1, "within": True}
    degree = [sum(i in link for link in links) for i in range(n)]
    result["graph"] = {"nodes": n, "links": len(links), "components": 1,
                       "largest_island_diameter": far, "largest_island_radius": far / 2,
                       "mean_distance": statistics.fmean(hops), "degree_min": min(degree),
                       "degree_mean": statistics.fmean(degree), "degree_max": max(degree),
                       "clustering": None if topology == "tree" else .1, "algebraic_connectivity": 4 / (far * n)}
    result["in_sync"] = {"t": clock, "share": [round(min(1, (i / 32) ** 3), 4) for i in range(33)]}
    result["samples"] = times[:200]
    drawing = {"label": label, "group": values, "nodes": places, "links": links, "disturbed": [0],
               "in_sync_since": [None if hop is None else latency * (2 * far + hop + 1) for hop in distances(n, links, 0)]}
    return result, drawing


def document(axes, name="compare", about="", repeat=20, seed=1, drawings=12):
    """All combinations of axes: {path: (label, values)}; topology is a ring where no axis says it."""
    rng = random.Random(seed)
    combinations = [{}]
    for path, (_, values) in axes.items():
        combinations = [{**before, path: value} for before in combinations for value in values]
    made = [cell(values, values.get("topology", "ring"), values.get("nodes", 16), repeat, rng,
                 values.get("network.latency", LATENCY)) for values in combinations]
    cells = [one for one, _ in made]
    leader = "topology" if "topology" in axes else next(iter(axes))
    groups = {}
    for one in cells:
        if not one["problem"]:
            groups.setdefault(tuple((k, v) for k, v in one["values"].items() if k != leader), []).append(one)
    for group in groups.values():
        min(group, key=lambda one: one["metrics"]["convergence"]["mean"])["best"] = True
    sizes = axes.get("nodes", ("", []))[1]
    kinds = [one for one in axes.get("topology", ("", []))[1]] if len(sizes) > 1 else []
    growth = [{"group": {"topology": kind}, "label": kind, "metric": metric, "points": len(sizes),
               "exponent": 1.95 - (metric != "messages") * index * .12, "low": 1.93 - (metric != "messages") * index * .12,
               "high": 1.97 - (metric != "messages") * index * .12, "theory": 1.95 if metric == "messages" else None,
               "limit": 2 if metric == "messages" and kind == "ring" else None}
              for index, kind in enumerate(kinds) for metric in ("messages", "convergence")]
    facts = ["diameter", "radius", "mean distance", "mean degree", "largest degree", "clustering", "algebraic connectivity"]
    largest = max(sizes, default=16)
    return {
        "name": name, "about": about, "version": "0.1.0", "commit": "0123456789ab",
        "command": "gridsim compare " + " ".join(f"--{path} " + ",".join(str(v) for v in values)
                                                 for path, (_, values) in axes.items()) + f" --repeat {repeat}",
        "seeds": {"first": 1, "repeat": repeat, "most": repeat}, "precision": None, "sort": "convergence",
        "baseline": "Every run starts in sync; after 1 s one node changes its energy, over links of 10 ms in order.",
        "axes": [{"path": path, "label": label, "values": values} for path, (label, values) in axes.items()],
        "metrics": [{"key": key, "label": label, "unit": unit, "better": "low"} for key, label, unit in METRICS],
        "summary": ["The star converges fastest at the largest size: 44.1 ms, 95 % interval 42.8 ms to 45.3 ms.",
                    "Convergence time goes with the diameter: rank correlation 0.97 over all cells.",
                    "Every run sent exactly as many messages as the closed form says."],
        "cells": cells, "growth": growth,
        "correlations": [{"fact": fact.replace(" ", "_"), "label": fact, "rho": None if fact == "clustering" else .97 - .3 * i,
                          "cells": len(cells)} for i, fact in enumerate(facts)],
        "drawings": [drawing for one, drawing in made if drawing and
                     drawing["group"].get("nodes", largest) == largest][:drawings],
    }


def hostile():
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\u2028\u2029<!--"
    made = document({"topology": ("topology", [evil, "ring"]), "nodes": ("nodes", [8, 16])}, name=evil, about=evil)
    made["summary"] = [evil]
    made["command"] = "gridsim compare " + evil
    made["baseline"] = evil
    return made


def empty():
    made = document({"topology": ("topology", ["random-regular"]), "nodes": ("nodes", [5])}, drawings=0)
    made.update(summary=[], growth=[], correlations=[], drawings=[])
    return made


def sparse():
    """Whatever may be absent is."""
    made = document({"topology": ("topology", ["ring", "star", "tree"]), "nodes": ("nodes", [8, 16, 32])}, drawings=2)
    none = dict.fromkeys(spread([1, 2]), None)
    for index, one in enumerate(made["cells"]):
        if index % 3 == 0:
            one.update(converged=0, in_sync=None, samples=[], best=False)
            one["metrics"]["convergence"] = {**none, "n": 0}
        if index % 2:
            one["theory"] = dict.fromkeys(one["theory"], None)
            one["graph"] = {**dict.fromkeys(one["graph"], None), "nodes": one["graph"]["nodes"]}
        for figures in one["metrics"].values():
            figures.update(sd=None, ci_low=None, ci_high=None)
    made["cells"][4].update(theory=None, graph=None, failed=2)
    # Interrupted before it had a run.
    made["cells"][5].update(runs=0, converged=0, metrics=None, theory=None, graph=None, in_sync=None, samples=[], best=False)
    made["growth"] = [{**one, "exponent": None, "low": None, "high": None} for one in made["growth"]]
    made["correlations"] = [{**one, "rho": None} for one in made["correlations"]]
    made["drawings"][0]["in_sync_since"] = [None] * len(made["drawings"][0]["nodes"])
    made.update(about="", summary=[], precision=.05)
    return made


def huge(page):
    """Energies that hardly differ and that no double holds: as text, as all of them beyond 2^53.
    And chains of messages that are longer than what is counted."""
    text = pathlib.Path(page).read_text(encoding="utf-8")
    made = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])
    more = lambda value: str(int(value) + 2 ** 60)
    for node in made["nodes"]:
        node.update(gridnet=more(node["gridnet"]), true_net=more(node["true_net"]))
    for node in made["steps"]:
        for key in ("gridnet", "true_net"):
            node[key] = [[at, more(value)] for at, value in node[key]]
    for what in (made, *made["disturbances"]):
        what.update(hops=2 ** 18 - 1, hops_at_least=True)
    made["bands"] = [band[:2] + [more(value) for value in band[2:]] for band in made["bands"]]
    return made


SAMPLES = {
    "usual": lambda: document({"topology": ("topology", TOPOLOGIES), "nodes": ("nodes", [8, 16, 32, 64, 129])},
                              about="One node of a grid at rest changes its energy."),
    "few": lambda: document({"topology": ("topology", ["ring", "star", "tree"]), "nodes": ("nodes", [8, 16, 32, 64])}),
    "many": lambda: document({"topology": ("topology", TOPOLOGIES[:10]), "nodes": ("nodes", [8, 12, 16, 24, 32]),
                              "network.latency": ("latency", [.001, .002, .005, .01, .02]),
                              "protocol": ("protocol", ["echo", "original"])}, repeat=5),
    "category": lambda: document({"scenario": ("scenario", ["scenarios/readme.json", "scenarios/busy-day.json", "scenarios/four.json"]),
                                  "protocol": ("protocol", ["echo", "original"])}),
    "latency": lambda: document({"topology": ("topology", ["ring", "star"]),
                                 "network.latency": ("network latency", [.001, .01, .1])}),
    "single": lambda: document({"topology": ("topology", ["ring"]), "nodes": ("nodes", [8])}, repeat=1),
    "empty": empty,
    "sparse": sparse,
    "hostile": hostile,
}

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "huge":
        json.dump(huge(sys.argv[2]), sys.stdout, ensure_ascii=False)
    elif len(sys.argv) == 2 and sys.argv[1] in SAMPLES:
        json.dump(SAMPLES[sys.argv[1]](), sys.stdout, ensure_ascii=False)
    else:
        sys.exit("usage: page_samples.py " + "|".join(SAMPLES) + ", or huge PAGE.html")
