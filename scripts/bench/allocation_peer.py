"""OR-Tools' minimum-cost flow on an instance of crates/planner/examples/allocation_speed.rs.

Prints one line of JSON: the median time to solve of 15 runs, and the cost. The same orders, counted by province, must
cost the same. Needs `ortools`. Usage: allocation_peer.py FILE
"""

import json
import statistics
import sys
import time

from ortools.graph.python import min_cost_flow


def read(path):
    """Costs by province and warehouse, orders by province, capacity by warehouse."""
    with open(path, encoding="ascii") as lines:
        rows = [[int(word) for word in line.split()] for line in lines]
    provinces, _ = rows[0]
    return rows[1 : provinces + 1], rows[provinces + 1], rows[provinces + 2]


def solve(costs, orders, capacity):
    """Seconds to build and solve, and the least cost."""
    start = time.perf_counter()
    flow = min_cost_flow.SimpleMinCostFlow()
    sink = len(orders) + len(capacity)
    for province, row in enumerate(costs):
        for warehouse, cost in enumerate(row):
            flow.add_arc_with_capacity_and_unit_cost(province, len(orders) + warehouse, orders[province], cost)
    for warehouse, limit in enumerate(capacity):
        flow.add_arc_with_capacity_and_unit_cost(len(orders) + warehouse, sink, limit, 0)
    for province, count in enumerate(orders):
        flow.set_node_supply(province, count)
    flow.set_node_supply(sink, -sum(orders))
    status = flow.solve()
    if status != flow.OPTIMAL:
        sys.exit(f"no optimum: status {status}; the capacity may be below the orders")
    return time.perf_counter() - start, flow.optimal_cost()


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: allocation_peer.py FILE")
    costs, orders, capacity = read(sys.argv[1])
    runs = [solve(costs, orders, capacity) for _ in range(15)]
    solve_ms = statistics.median(seconds for seconds, _ in runs) * 1000
    print(json.dumps({"orders": sum(orders), "solve_ms": round(solve_ms, 3), "cost_fen": runs[0][1]}))


if __name__ == "__main__":
    main()
