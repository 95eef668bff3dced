"""Line charts as SVG files: a few panels side by side, readable on light and dark pages."""
import html
import math

WIDTH, HEIGHT, GAP = 340, 230, 24
LEFT, RIGHT, TOP, BOTTOM = 56, 18, 60, 50
# The style follows the reader's preference; the background is the chart's own, so that it is never lost on the page's.
STYLE = """
    .back { fill: #ffffff } .text { fill: #24292f } .faint { fill: #57606a } .grid { stroke: #d8dee4 }
    .line { fill: none; stroke-width: 2 } .mark { stroke: #57606a; stroke-dasharray: 5 4 }
    .line0 { stroke: #0b62c4 } .fill0 { fill: #0b62c4 } .line1 { stroke: #b35900 } .fill1 { fill: #b35900 }
    .line2 { stroke: #1a7f37 } .fill2 { fill: #1a7f37 }
    @media (prefers-color-scheme: dark) {
      .back { fill: #0d1117 } .text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #30363d }
      .mark { stroke: #9198a1 } .line0 { stroke: #58a6ff } .fill0 { fill: #58a6ff } .line1 { stroke: #f0883e }
      .fill1 { fill: #f0883e } .line2 { stroke: #3fb950 } .fill2 { fill: #3fb950 }
    }
"""


class Panel:
    """One pair of axes.

    series: {name: [(x, y)]}, at most three. mark: the target as (value, words). log: both axes by powers of ten;
    else both begin at zero."""

    def __init__(self, title, x, series, mark=None, log=False):
        self.title, self.x, self.series, self.mark, self.log = title, x, series, mark, log
        points = [point for line in series.values() for point in line]
        ys = [y for _, y in points] + ([mark[0]] if mark else [])
        self.across = Axis([x for x, _ in points], WIDTH - LEFT - RIGHT, log)
        self.up = Axis(ys, HEIGHT - TOP - BOTTOM, log)

    def place(self, x, y):
        return LEFT + self.across.place(x), HEIGHT - BOTTOM - self.up.place(y)

    def draw(self):
        yield text(LEFT, 20, self.title, "text", weight="bold")
        for number, name in enumerate(self.series if len(self.series) > 1 else ()):
            before = sum(len(other) for other in list(self.series)[:number])
            left = LEFT + number * 22 + before * 6.3
            yield f'<rect class="fill{number}" x="{left:.0f}" y="34" width="10" height="10" rx="2"/>'
            yield text(left + 14, 43, name, "text")
        for value in self.up.ticks:
            _, y = self.place(self.across.low, value)
            yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
            yield text(LEFT - 8, y + 4, short(value), "faint", anchor="end")
        for value in self.across.ticks:
            x, _ = self.place(value, self.up.low)
            yield f'<path class="grid" d="M{x:.1f} {HEIGHT - BOTTOM}v5"/>'
            yield text(x, HEIGHT - BOTTOM + 18, short(value), "faint", anchor="middle")
        yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, self.x, "faint", anchor="middle")
        if self.mark:
            _, y = self.place(self.across.low, self.mark[0])
            yield f'<path class="mark" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
            yield text(LEFT + 6, y - 5, self.mark[1], "faint")
        for number, line in enumerate(self.series.values()):
            places = [self.place(x, y) for x, y in line]
            yield f'<path class="line line{number}" d="M' + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) + '"/>'
            for x, y in places:
                yield f'<circle class="fill{number}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


class Axis:
    """Values to places, and the round values to write beside it."""

    def __init__(self, values, length, log):
        self.length, self.log = length, log
        if log:
            powers = range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)
            self.ticks = [10.0 ** power for power in powers]
        else:
            least = max(values) / 4
            power = 10 ** math.floor(math.log10(least))
            step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= least)
            self.ticks = [step * number for number in range(math.ceil(max(values) / step) + 1)]
        self.low, self.high = self.ticks[0], self.ticks[-1]

    def place(self, value):
        if self.log:
            return self.length * math.log(value / self.low) / math.log(self.high / self.low)
        return self.length * (value - self.low) / (self.high - self.low)


def short(value):
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:.3g}"


def text(x, y, words, style, anchor="start", weight="normal"):
    return (f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">'
            f"{html.escape(words)}</text>")


def write(path, title, panels):
    """A file with the panels in rows of two; `title` is for those who cannot see it."""
    columns, rows = min(2, len(panels)), math.ceil(len(panels) / 2)
    width, height = columns * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP) + GAP
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-size="12" role="img"',
             '  font-family="Helvetica, Arial, sans-serif">', f"<title>{html.escape(title)}</title>",
             f"<style>{STYLE}</style>", f'<rect class="back" width="{width}" height="{height}" rx="8"/>']
    for number, panel in enumerate(panels):
        x, y = GAP + number % 2 * (WIDTH + GAP), GAP + number // 2 * (HEIGHT + GAP)
        lines += [f'<g transform="translate({x} {y})">', *panel.draw(), "</g>"]
    path.write_text("\n".join([*lines, "</svg>"]) + "\n")
