#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-comments.py FILE…: fails when a comment in C has not the one form that is
described in docs/ARCHITECTURE.md, Comments. Reads the formatter's layout."""

import re
import sys

# Texts in quotes are no comments; what follows // is one, and must not be.
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:\\.|[^\'\\\n])+\'|/\*.*?\*/|//[^\n]*', re.S)
SECTION = re.compile(r"/\* ---- (?=[^-a-z]|[a-z_]+\.c).*[^-] ---- \*/")
# Names that begin small where a sentence begins with them.
NAMES = {"cJSON's", "igraph", "libFuzzer's", "libmicrohttpd", "libcurl", "yEd's", "yFiles", "printf"}
BODY = re.compile(r"^(\s*)(?:typedef |static |const )*(?:struct|union|enum)\b[^;=()]*\{$")
LIST = re.compile(r"^(\s*)(?:typedef )?enum\b[^;=()]*\{$")


def bodies(lines):
    """For each line, whether it is inside the braces of a struct, union or enum."""
    inside, ends = [], []
    for line in lines:
        if ends and re.match(re.escape(ends[-1]) + r"\}", line):
            ends.pop()
        inside.append(bool(ends))
        opens = BODY.match(line.split("/*")[0].rstrip())
        if opens:
            ends.append(opens[1])
        elif ends and line.split("/*")[0].rstrip().endswith("{") and "}" not in line:
            ends.append(re.match(r"\s*", line)[0])
    return inside


def words_of(comment):
    body = re.sub(r"^/\*+<?|\*/$", "", comment)
    body = re.sub(r"\n\s*\* ?", "\n", body)
    return " ".join(body.split())


def sentence_problem(text):
    first = re.match(r"[A-Za-z]\S*", text)
    if not first:
        return None  # an example, a formula, the name of something in quotes
    plain = re.fullmatch(r"[a-z]{2,}[,:;]?", first[0])
    if plain and first[0] not in NAMES:
        return "begins small: a comment on a line of its own is a sentence"
    if text.rstrip(")\"")[-1:] not in (".", ":", "?", "!", "…"):
        return "has no full stop: a comment on a line of its own is a sentence"
    return None


def problem_of(path, text, inside, match):
    comment = match[0]
    number = text.count("\n", 0, match.start())
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    behind = text[match.end() :].split("\n", 1)[0]
    if comment.startswith("//"):
        return "comments are /* */"
    if number == 0 or not words_of(comment):
        return None
    if comment.startswith("/* --"):
        return None if SECTION.fullmatch(comment) else "a section is /* ---- Title ---- */"
    star = " " * (match.start() - text.rfind("\n", 0, match.start())) + "*"
    if not before.strip() and not all(line.startswith(star) for line in comment.split("\n")[1:]):
        return "its lines begin with a star below the first one"
    documents = comment.startswith("/**")
    if before.strip():
        if behind.strip(" \\"):
            return "within a line it is /* */" if documents else None
        if before.startswith("extern "):
            return None
        member = inside[number] and not before.startswith("#")
        if member != comment.startswith("/**<"):
            return "of a member, behind it, it is /**< */" if member else "behind code it is /* */"
        words = words_of(comment)
        if words.endswith(".") and ". " not in words and not words.endswith("etc."):
            return "behind code it has no full stop"
        return None
    if comment.startswith("/**<"):
        return "/**< */ is behind a member"
    if before:
        if documents and not inside[number] and not text[match.end() :].lstrip("\n ").startswith("#"):
            return "within a function it is /* */"
    elif text.startswith("\n\n", match.end()):
        if documents != path.endswith(".h"):
            return f"by itself in a {'header it is /**' if not documents else 'file it is /*'} */"
    elif not documents:
        return "above a declaration it is /** */"
    # What ends in an example, or in what a function is given, ends as that does.
    if re.search(r"\n\s*\* (?: +|@)[^\n]*(?:\n\s*)?\*/$", comment):
        return None
    return sentence_problem(words_of(comment))


def check(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    inside = bodies(text.split("\n"))
    good = True
    for match in TOKEN.finditer(text):
        if match[0][0] == "/":
            problem = problem_of(path, text, inside, match)
            if problem:
                print(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {problem}")
                good = False
    return good


sys.exit(0 if all([check(path) for path in sys.argv[1:]]) else 1)
