"""Figures of a run: kept under a name, written as JSON, shown as a table."""

import json
import statistics


def median(values):
    """The middle of some values, rounded as far as anybody reads."""
    return round(statistics.median(values), 3)


class Figures:
    """Figures by name, in the order in which they were taken."""

    def __init__(self):
        self.rows = []

    def add(self, name, value, unit, n=1, p50=None, p99=None, budget=None):
        """Keeps one figure. `budget` is what it should be, in words."""
        self.rows.append(
            {"name": name, "value": value, "unit": unit, "n": n, "p50": p50, "p99": p99, "budget": budget}
        )

    def add_rounds(self, name, rounds, unit, budget=None):
        """Keeps the median of rounds, each (value, n, p50, p99); latencies in ms."""
        values, counts, p50s, p99s = zip(*rounds)
        self.add(name, median(values), unit, sum(counts), median(p50s), median(p99s), budget)

    def value(self, name):
        """The value kept under a name; None where there is none."""
        return next((row["value"] for row in self.rows if row["name"] == name), None)

    def write(self, path):
        """Writes all as a list of objects."""
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.rows, file, indent=1, ensure_ascii=False)
            file.write("\n")

    def table(self):
        """All as lines of text."""
        heads = ("figure", "value", "unit", "n", "p50 ms", "p99 ms", "wanted")
        keys = ("name", "value", "unit", "n", "p50", "p99", "budget")
        lines = [heads] + [tuple(shown(row[key]) for key in keys) for row in self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
        text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
        return "\n".join(text)


def shown(value):
    """A cell of the table."""
    if value is None:
        return ""
    if isinstance(value, float) and value >= 100:
        return f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)
