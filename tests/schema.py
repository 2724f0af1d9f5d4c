#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""schema.py GRIDSIM SCENARIOS WORK: the JSON Schemas say what the readers take.

Walks through a schema and asks the reader at every place which members it allows
there, by giving it one that nobody has; so a member that only one of the two
knows is found, whichever it is, and likewise a word to choose from. Where
jsonschema is installed, every member goes with every form of its object, and
both must say the same of it; so must they of the scenarios that ship, and of
those that tests/sim/scenario/bad_scenarios_*.c hold to be wrong in form.

Prints a line per check, "ok: …", "FAILED: …" or "skipped: …".
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

STRANGER = "zzzzzzzz"
# A value of each kind that the reader takes, where the schema does not say one.
SAMPLES = {
    "duration": "1s", "period": "1s", "latency": "1ms", "jitter": "1ms", "label": "A",
    "nodeName": "A", "nodeChoice": "A", "nodesTold": "A", "pair": ["A", "B"], "size": 2,
    "energyAmount": 1, "energyDraw": 1, "energyDrawOrRamp": 1, "seed": 1, "count": 0, "gridnet": 0,
    "partition": [["A"], "*rest"], "linksChosen": ["A", "B"],
    "http": "127.0.0.1:8081", "wholeNumbers": [8], "scalar": 1, "precision": "5%",
}
# Values that must fit each other: of 2 nodes none has 3 siblings.
FITTING = {"m": 1, "k": 2, "nodes": 6, "radius": 0.5, "p": 0.5}

# Where neither takes an object, and the reader speaks of what it takes elsewhere: no range
# of topologies, and no scenario as one of several; and links of faults, which are names as well.
UNEVEN = ["/axes/topology", "/scenario", "/scenario/0", "/schedule/0/links", "/faults/0/links"]
# Where the reader, refusing a word, speaks of examples.
EXEMPLIFIED = ["/schedule/0/cut", "/schedule/0/partition/0", "/schedule/0/heal", "/faults/0/cut",
               "/faults/0/partition/0", "/recovery/resync", "/recovery/limit", *UNEVEN]


class Schema:
    def __init__(self, path):
        self.root = json.load(open(path))
        self.folder = os.path.dirname(path)

    def resolve(self, node):
        while "$ref" in node and node["$ref"].startswith("#/"):
            name = node["$ref"].split("/")[-1]
            rest = {key: value for key, value in node.items() if key != "$ref"}
            node = {**self.root["$defs"][name], **rest}
        return node

    def forms(self, node):
        """The alternatives of a value, as schemas without alternatives."""
        node = self.resolve(node)
        choices = node.get("oneOf") or node.get("anyOf") or node.get("allOf")
        if choices and "properties" not in node:
            return [form for choice in choices for form in self.forms(choice)]
        return [node]

    def sample(self, node, key=None):
        if "examples" in node:
            return node["examples"][0]
        if key in FITTING and "enum" not in node and node.get("type") != "object":
            return FITTING[key]
        if key in SAMPLES:
            return SAMPLES[key]
        named = node
        while "$ref" in named:
            name = named["$ref"].split("/")[-1]
            if name in SAMPLES:
                return SAMPLES[name]
            named = self.root["$defs"][name]
        form = self.forms(node)[0]
        if "const" in form or "enum" in form:
            return form.get("const", form.get("enum", [None])[0])
        kind = form.get("type")
        if kind == "object":
            return self.least(form)
        if kind == "array":
            return [self.sample(form["items"])] * form.get("minItems", 1)
        return {"integer": form.get("minimum", 1), "number": form.get("minimum", 1),
                "boolean": True}.get(kind, "text")

    def needed(self, form):
        if form is self.root or form.get("maxProperties") == 1:
            return []
        needed = list(form.get("required", []))
        for choice in (form.get("oneOf") or form.get("anyOf") or [])[:1]:
            needed += choice.get("required", [])
        return needed

    def least(self, form):
        """An object of this form with no more than it needs."""
        return {key: self.sample(form["properties"][key], key) for key in self.needed(form)}

    def with_member(self, form, key, value):
        made = self.least(form)
        made[key] = value
        for other in form.get("dependentRequired", {}).get(key, []):
            made[other] = self.sample(form["properties"][other], other)
        return made


class Asked:
    """Documents that the program is asked of, all at once."""

    def __init__(self, gridsim, work, command):
        self.gridsim, self.work, self.command = gridsim, work, command
        self.documents = []

    def add(self, document):
        self.documents.append(document)
        return len(self.documents) - 1

    def ask(self):
        paths = []
        for number, document in enumerate(self.documents):
            paths.append(os.path.join(self.work, "%d.json" % number))
            with open(paths[-1], "w") as out:
                out.write(document if isinstance(document, str) else json.dumps(document))
        said = ["" for _ in paths]
        batches = [paths] if self.command[0] == "check" else [[path] for path in paths]
        for batch in batches:
            run = subprocess.run([self.gridsim, *self.command, *batch], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            for line in run.stderr.splitlines():
                found = re.search(re.escape(self.work) + r"/(\d+)\.json:(.*)", line)
                if found and "warning" not in line.split(found.group(0))[0]:
                    said[int(found.group(1))] += found.group(2)
            if run.returncode not in (0, 2):
                sys.exit("%s ended with %d" % (self.command, run.returncode))
        return said


failures = 0


def check(name, wanted, found, words="the schema has %s, the reader %s"):
    global failures
    if wanted == found:
        print("ok:", name)
    else:
        failures += 1
        print("FAILED: %s: %s" % (name, words % (wanted, found)))


def walk(schema, node, place, build, visit, seen):
    """Visits each value that there can be, once for each definition in each kind of place."""
    forms = schema.forms(node)
    visit(place, forms, build)
    mark = (json.dumps(node, sort_keys=True), place.rsplit("/", 1)[-1])
    if mark in seen:
        return
    seen.add(mark)
    for form in forms:
        for key, child in form.get("properties", {}).items():
            if key == "$schema" or "$ref" in child and not child["$ref"].startswith("#/"):
                continue
            walk(schema, child, place + "/" + key,
                 lambda value, form=form, key=key: build(schema.with_member(form, key, value)),
                 visit, seen)
        if "items" in form and form.get("maxItems", 9) > 2:
            walk(schema, form["items"], place + "/0", lambda value: build([value]), visit, seen)
        others = form.get("additionalProperties")
        if isinstance(others, dict) and place == "/axes":
            walk(schema, others, place + "/network.latency",
                 lambda value: build({"network.latency": value}), visit, seen)


def members(schema, base, asked, label):
    """Members and words at each place, by the schema and by the reader."""
    places = {}

    def add(place, what, known, document):
        """What several forms of an object say of the same place is one; asked of the first that says
        something."""
        number, before = places.get((place, what)) or (None, [])
        if not before:
            number = asked.add(base(document))
        places[place, what] = number, sorted({*before, *known})

    def visit(place, forms, build):
        closed = [form for form in forms if form.get("additionalProperties") is False]
        free = [form for form in forms if isinstance(form.get("additionalProperties"), dict)]
        words = [word for form in forms for word in
                 form.get("enum", [form["const"]] if "const" in form else [])]
        if not free and place not in UNEVEN:
            add(place, "members", [key for form in closed for key in form["properties"]],
                build({**schema.least(closed[0] if closed else {}), STRANGER: 1}))
        if words and place not in EXEMPLIFIED and all(isinstance(word, str) for word in words):
            add(place, "words", words, build(STRANGER))

    walk(schema, schema.root, "", lambda value: value, visit, set())
    said = asked.ask()
    for (place, what), (number, known) in places.items():
        text = said[number]
        if what == "members":
            allowed = re.search(r"unknown member.*?allowed(?: are|:) (.*)", text)
            found = sorted(re.findall(r'"([^"]*)"', allowed.group(1))) if allowed else []
        else:
            found = sorted(set(re.findall(r'"([^"]*)"', text)) - {STRANGER})
        if not text:
            found = "takes anything"
        if known or found:
            check("%s %s: %s" % (label, place or "/", what), known, found)


def whole_scenario(value):
    """With what the reader needs before it comes to the rest."""
    if not isinstance(value, dict) or "topology" in value or "nodes" in value:
        return value
    rest = {"links": [["A", "B"]]} if "faults" in value or "schedule" in value else {}
    return {"nodes": [{"name": "A"}, {"name": "B"}], "until": "9s", **rest, **value}


def whole_sweep(value):
    if not isinstance(value, dict) or "axes" in value or "cells" in value:
        return value
    return {"axes": {"nodes": [4]}, **value}


def both_say(schema, asked, valid):
    """Every member in every form of its object: valid by the schema, and by the reader."""
    made = []

    def visit(place, forms, build):
        closed = [form for form in forms if form.get("additionalProperties") is False]
        every = {key: child for form in closed for key, child in form["properties"].items()}
        for form in closed:
            for key, child in every.items():
                document = whole_scenario(build(schema.with_member(form, key, schema.sample(child, key))))
                made.append((place or "/", form.get("title", ""), key, document, asked.add(document)))

    walk(schema, schema.root, "", lambda value: value, visit, set())
    said = asked.ask()
    differ = 0
    for place, title, key, document, number in made:
        if valid(document) != (not said[number]):
            differ += 1
            print("FAILED: %s %s with %s: valid by the schema: %s; the reader: %s: %s" %
                  (place, title, key, valid(document), said[number] or "valid", json.dumps(document)))
    global failures
    failures += differ
    if not differ:
        print("ok: schema and reader agree on %d objects" % len(made))


def shipped(scenarios, validator, sweep):
    wrong = [path for path in sorted(glob.glob(os.path.join(scenarios, "*.json")))
             if not path.endswith(".schema.json") and not validator.is_valid(json.load(open(path)))]
    wrong += [path for path in sorted(glob.glob(os.path.join(scenarios, "sweeps", "*.json")))
              if not sweep.is_valid(json.load(open(path)))]
    check("scenarios and sweeps that ship: those that are not valid", [], wrong,
          "should be %s, are %s")


# What only the reader knows: other values, other files, how large a whole grid is.
BEYOND = (r"two nodes have|no node has the name|linked already|already at|cannot be read|100 years"
          r"|must be even|can have at most|are allowed$|must be smaller than|would never end"
          r"|other nodes have places|at least the first|at or after|from 5 to|from 1 to 2$")


def bad(validator):
    """The reader says of each what is wrong; what a schema can say, this one does."""
    literal = r'"(?:[^"\\]|\\.)*"'
    entry = r"\{\s*" + r",\s*".join([r"((?:%s\s*)+)" % literal] * 3) + r"\s*\}"
    seen, wrong = 0, []
    for path in sorted(glob.glob("tests/sim/scenario/bad_scenarios_*.c")):
        for found in re.finditer(entry, open(path).read()):
            try:
                name, text, message = [
                    json.loads('"%s"' % "".join(part[1:-1] for part in re.findall(literal, group)))
                    for group in found.groups()]
                document = json.loads(text.replace("'", '"'))
            except ValueError:  # no JSON at all, which the reader says
                continue
            seen += 1
            if validator.is_valid(document) and not re.search(BEYOND, message):
                wrong.append(name)
    check("%s of the bad scenarios: those that the schema takes" %
          ("more than a hundred" if seen > 100 else seen), [], wrong,
          "should be %s, are %s")


def documented(schemas, scenarios):
    """What the schemas know and what ships is in README.md beside them."""
    text = open(os.path.join(scenarios, "README.md")).read()
    shown = set(re.findall(r"[`\"]([$A-Za-z0-9_.-]+)[`\"]", text))
    names = set()

    def collect(node):
        if isinstance(node, dict):
            names.update(node.get("properties", {}))
            node = list(node.values())
        if isinstance(node, list):
            for child in node:
                collect(child)

    for schema in schemas:
        collect(schema.root)
    check("members that README.md does not name", [], sorted(names - shown),
          "should be %s, are %s")
    files = [os.path.relpath(path, scenarios) for path in
             glob.glob(os.path.join(scenarios, "*.json")) + glob.glob(os.path.join(scenarios, "*/*.json"))]
    check("files that README.md does not name", [],
          sorted(name for name in files if name not in text),
          "should be %s, are %s")


def main(gridsim, scenarios, work):
    schema = Schema(os.path.join(scenarios, "scenario.schema.json"))
    sweep = Schema(os.path.join(scenarios, "sweep.schema.json"))
    shutil.copytree(os.path.join(scenarios, "graphs"), os.path.join(work, "graphs"))
    members(schema, whole_scenario, Asked(gridsim, work, ["check", "--quiet"]), "scenario")
    members(sweep, whole_sweep, Asked(gridsim, work, ["compare", "--quiet"]), "sweep")
    documented([schema, sweep], scenarios)
    try:
        import jsonschema
    except ImportError:
        print("skipped: python3-jsonschema is not installed: scenarios are not held against the schema")
        return
    jsonschema.Draft202012Validator.check_schema(schema.root)
    jsonschema.Draft202012Validator.check_schema(sweep.root)
    validator = jsonschema.Draft202012Validator(schema.root)
    both_say(schema, Asked(gridsim, work, ["check", "--quiet"]), validator.is_valid)
    # The scenario within a sweep is one for the other schema.
    sweep.root["properties"]["scenario"]["anyOf"][1] = {"type": "object"}
    shipped(scenarios, validator, jsonschema.Draft202012Validator(sweep.root))
    bad(validator)


main(*sys.argv[1:])
sys.exit(failures > 0)
