# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots of the benchmark's figures, by gnuplot where it is installed."""

import os
import shutil
import subprocess

import figures as fig
import tables


def draw(out, name, data, script):
    """Writes NAME.dat and draws NAME.svg. Returns the picture's path, or None."""
    with open(os.path.join(out, name + ".dat"), "w", encoding="utf-8") as file:
        file.write(data)
    head = ("set terminal svg size 1100,480 noenhanced background 'white'\n"
            f"set output '{name}.svg'\nset grid\nset key outside right top\nset logscale y\n"
            "set ylabel 'millions of messages a second'\n"
            # gnuplot has eight colours of its own.
            "set linetype 9 lc rgb '#808080'\nset linetype 10 lc rgb '#8b4513'\n")
    done = subprocess.run(["gnuplot"], input=(head + script).encode(), cwd=out, check=False)
    return os.path.join(out, name + ".svg") if done.returncode == 0 else None


def rivals(out, summaries):
    """A group of bars for each graph."""
    names = [name for name in tables.names_of(summaries) if any(name in s.rate for s in summaries)]
    lines = ["graph " + " ".join(f'"{name}"' for name in names)]
    lines += [f'"{s.subject}" ' + " ".join(str(s.rate[name] / 1e6) if name in s.rate else "NaN"
                                          for name in names) for s in summaries]
    return draw(out, "rivals", "\n".join(lines) + "\n",
                "set style data histogram\nset style histogram cluster gap 2\n"
                "set style fill solid 0.9 noborder\nset xtics rotate by -20 scale 0\n"
                f"plot for [column=2:{len(names) + 1}] 'rivals.dat' using column:xtic(1) "
                "title columnheader(column)\n")


def scaling(out, waves, updates):
    """A line for each contestant over the number of nodes; waves and updates are far apart."""
    blocks, titles = [], []
    for what, summaries in (("wave", waves), ("update", updates)):
        for name in tables.names_of(summaries):
            points = [f"{s.nodes} {s.rate[name] / 1e6}" for s in summaries if name in s.rate]
            if points:
                titles.append(f"{what}, {name}")
                blocks.append("\n".join(points))
    lines = ", ".join(f"'scaling.dat' index {i} using 1:2 with linespoints lw 2 title '{title}'"
                      for i, title in enumerate(titles))
    return draw(out, "scaling", "\n\n\n".join(blocks) + "\n",
                f"set logscale x\nset xlabel 'nodes'\nplot {lines}\n")


def all_plots(out, figures):
    """Returns the paths of the pictures that were drawn."""
    if not shutil.which("gnuplot"):
        return []
    pictures = []
    beside = fig.summaries(figures, "rivals")
    if any(s.rate for s in beside):
        pictures.append(rivals(out, beside))
    waves, updates = fig.summaries(figures, "waves"), fig.summaries(figures, "updates")
    if any(s.rate for s in waves + updates):
        pictures.append(scaling(out, waves, updates))
    return [picture for picture in pictures if picture]
