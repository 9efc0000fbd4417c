#!/usr/bin/python3
# SPDX-License-Identifier: MIT
#
# shedding-plot.py TABLE SVG: draws what bench/shedding found: what was served in time, and how long
# it took, by how much was asked for; with the limit and without.
import math
import sys

WIDTH, HEIGHT = 420, 250          # of one panel's inside
LEFT, TOP, ACROSS, DOWN = 62, 92, 100, 84
TITLES = {
    "worker": "A handler that takes 2 ms of its worker",
    "pool": "One that waits 2 ms on a pool of two threads",
}
STYLE = """
svg { font: 13px system-ui, sans-serif; --ink: #1f2328; --faint: #d0d7de; --dim: #59636e;
      --on: #0550ae; --off: #bc4c00; --ground: #ffffff; }
@media (prefers-color-scheme: dark) {
svg { --ink: #f0f6fc; --faint: #3d444d; --dim: #9198a1; --on: #58a6ff; --off: #f0883e;
      --ground: #0d1117; } }
.ground { fill: var(--ground); } text { fill: var(--ink); } .dim { fill: var(--dim); }
.title { font-size: 17px; font-weight: 600; } .panel { font-weight: 600; }
.grid { stroke: var(--faint); } .on, .off { fill: none; stroke-width: 2.5; }
.on { stroke: var(--on); } .off { stroke: var(--off); stroke-dasharray: 7 4; }
circle.on { fill: var(--on); } circle.off { fill: var(--off); stroke-dasharray: none; }
"""


def read(path):
    rows = {}
    for line in open(path, encoding="ascii"):
        if line.startswith("#"):
            continue
        kind, limit, *numbers = line.split()
        load, capacity, served, refused, lost, p50, p99 = map(float, numbers)
        rows.setdefault(kind, {}).setdefault(int(limit) > 0, []).append(
            {"load": load, "share": served / capacity, "p99": p99})
    return rows


class Panel:
    def __init__(self, column, row, maximum, y_of, marks):
        self.x0 = LEFT + column * (WIDTH + ACROSS)
        self.y0 = TOP + row * (HEIGHT + DOWN)
        self.maximum, self.y_of, self.marks = maximum, y_of, marks

    def x(self, load):
        return self.x0 + load / self.maximum * WIDTH

    def y(self, value):
        return self.y0 + (1 - self.y_of(value)) * HEIGHT

    def frame(self, title, unit):
        out = [f'<text class="panel" x="{self.x0}" y="{self.y0 - 26}">{title}</text>',
               f'<text class="dim" x="{self.x0}" y="{self.y0 - 9}">{unit}</text>']
        for value, text in self.marks:
            y = self.y(value)
            out.append(f'<path class="grid" d="M{self.x0} {y:.1f}h{WIDTH}"/>')
            out.append(f'<text class="dim" text-anchor="end" x="{self.x0 - 8}" '
                       f'y="{y + 4:.1f}">{text}</text>')
        for load in range(int(self.maximum) + 1):
            out.append(f'<text class="dim" text-anchor="middle" x="{self.x(load):.1f}" '
                       f'y="{self.y0 + HEIGHT + 18}">{load}×</text>')
        return out

    def line(self, points, name, of):
        found = [(self.x(p["load"]), self.y(p[of])) for p in points if not math.isnan(p[of])]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in found)
        return [f'<polyline class="{name}" points="{path}"/>'] + [
            f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="2"/>' for x, y in found]


def log_scale(low, high):
    return lambda v: (math.log(min(max(v, low), high)) - math.log(low)) / math.log(high / low)


def draw(rows):
    kinds = [kind for kind in TITLES if kind in rows]
    maximum = max(p["load"] for kind in kinds for p in rows[kind][True])
    width = LEFT + len(kinds) * (WIDTH + ACROSS) - 60
    height = TOP + 2 * (HEIGHT + DOWN) - 16
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
           f"<style>{STYLE}</style>", f'<rect class="ground" width="{width}" height="{height}"/>',
           f'<text class="title" x="{LEFT}" y="28">'
           "More than it can do: what is asked for, and what is served in time</text>"]
    for i, (name, text) in enumerate((("on", "queue-delay 50"), ("off", "no limit"))):
        x = width - 300 + i * 150
        out.append(f'<path class="{name}" d="M{x} 24h32"/>')
        out.append(f'<text x="{x + 40}" y="28">{text}</text>')
    for column, kind in enumerate(kinds):
        served = Panel(column, 0, maximum, lambda v: v / 1.25,
                       [(0, "0"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1, "100 %")])
        waits = Panel(column, 1, maximum, log_scale(1, 1500),
                      [(1, "1"), (10, "10"), (100, "100"), (1000, "1000")])
        out += served.frame(TITLES[kind], "answered within a second, of what it can do")
        out += waits.frame("", "99 of 100 of those answered came within so many ms")
        for is_on in (False, True):
            points = sorted(rows[kind][is_on], key=lambda p: p["load"])
            out += served.line(points, "on" if is_on else "off", "share")
            out += waits.line(points, "on" if is_on else "off", "p99")
    out.append(f'<text class="dim" text-anchor="middle" x="{width / 2:.0f}" y="{height - 10}">'
               "asked for, in multiples of what it can do</text></svg>")
    return "\n".join(out) + "\n"


with open(sys.argv[2], "w", encoding="utf-8") as svg:
    svg.write(draw(read(sys.argv[1])))
