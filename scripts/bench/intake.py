"""How orders are taken in a show, in figures, beside PostgreSQL and OR-Tools.

The load generator, the server and the peers share the machine. Durable figures are taken twice: as the disk is, and
with 1 ms more for each flush. Contenders take turns, in the other order every other round; a figure is the median of
its rounds. Called by scripts/bench-intake.sh.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys

from figures import Figures
from programs import ROOT, Bench, Cluster, Server, pgbench, prepare, storefront
import stations

DISKS = (("as the disk is", False), ("1 ms a flush", True))


def http(bench, orders, slow, round_):
    """The server on its own file: (orders in a second, n, p50, p99)."""
    data = bench.work / f"http-{slow}-{round_}"
    prepare(bench, data, orders * 2)
    with Server(bench, data, slow) as server:
        sold = storefront(bench, [server], orders, verify=round_ == 0)
    shutil.rmtree(data)
    return of(sold)


def two_servers(bench, cluster, orders, slow, round_):
    """Two servers on one cluster, buyers evenly on both."""
    address = cluster.database("show")
    data = bench.work / f"cluster-{slow}-{round_}"
    prepare(bench, data, orders * 2, address)
    with Server(bench, data, False, address) as one, Server(bench, data, False, address) as other:
        sold = storefront(bench, [one, other], orders, verify=round_ == 0)
    shutil.rmtree(data)
    return of(sold)


def of(sold):
    """What a table wants of a storefront's summary."""
    refused = {word: count for word, count in sold["outcomes"].items() if word not in EXPECTED}
    if refused:
        print(f"bench-intake: unexpected answers: {refused}", file=sys.stderr)
    return sold["per_second"], sold["answers"], sold["p50_ms"], sold["p99_ms"]


EXPECTED = ("accepted", "duplicate", "review", "over_quota")


def rushes(bench, figures, options):
    """One hot bundle on our server, on two servers over PostgreSQL, and on PostgreSQL alone."""
    for disk, slow in DISKS:
        with Cluster(bench, slow) as cluster:
            contenders = {
                "http": lambda at: http(bench, options.orders, slow, at),
                "two servers": lambda at: two_servers(bench, cluster, options.orders, slow, at),
                "naive": lambda _: pgbench(cluster, "peer_naive.sql", 1, options.seconds, bench.work),
                "group": lambda _: pgbench(cluster, "peer_group.sql", 1000, options.seconds, bench.work),
            }
            rounds = {name: [] for name in contenders}
            for at in range(options.rounds):
                for name in list(contenders) if at % 2 == 0 else reversed(contenders):
                    rounds[name].append(contenders[name](at))
                    told = rounds[name][-1]
                    print(f"  {disk}, round {at + 1}, {name}: {told[0]:,.0f} orders/s", file=sys.stderr)
        wanted = "30,000" if slow else "40,000"
        unit = "orders/s"
        figures.add_rounds(f"HTTP, 512 connections, {disk}", rounds["http"], unit, wanted)
        figures.add_rounds(f"PostgreSQL, two servers, {disk}", rounds["two servers"], unit)
        figures.add_rounds(f"peer: pgbench, an order a transaction, {disk}", rounds["naive"], unit)
        figures.add_rounds(f"peer: pgbench, 1,000 a transaction, {disk}", rounds["group"], unit)
        naive = figures.value(f"peer: pgbench, an order a transaction, {disk}")
        ours = figures.value(f"HTTP, 512 connections, {disk}")
        both = figures.value(f"PostgreSQL, two servers, {disk}")
        figures.add(f"HTTP / naive PostgreSQL, {disk}", round(ours / naive, 1), "times", budget="40" if slow else None)
        figures.add(f"two servers / naive PostgreSQL, {disk}", round(both / naive, 1), "times", budget="10")


def visible(bench, figures, options):
    """From the first byte to five replicas; the server's memory; what an order weighs."""
    for orders, wanted in ((options.visible, "5"), (options.many, "60")):
        seconds, sold, memory_mib = stations.measure(bench, orders)
        name = f"{orders:,} orders to five stations"
        figures.add(name, seconds, "s", sold["answers"], sold["p50_ms"], sold["p99_ms"], wanted)
        figures.add(f"server's memory at most, {orders:,} orders", memory_mib, "MiB", budget="1,024")
        print(f"  {name}: {seconds} s", file=sys.stderr)
    burst = [bench.program("liangcang-server"), "--data", str(bench.work / "burst")]
    burst += ["simulate-burst", "--orders", str(options.many)]
    ran = subprocess.run(burst, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    said = lambda pattern: int(re.search(pattern, ran.stdout).group(1).replace(",", ""))
    figures.add("database, growth by an order", said(r"database +(\d+) bytes"), "bytes", options.many)
    figures.add("simulate-burst, in one process", said(r"in a second +([\d,]+)"), "orders/s", options.many)
    verdict = ran.stdout.splitlines()[-1]
    figures.add(f"simulate-burst: {verdict}", ran.returncode, "status", budget="0")


def routing(bench, figures, peers):
    """Routing of 100,000 orders to eight warehouses, the plan's cost beside OR-Tools'."""
    instance = str(bench.work / "allocation.txt")
    ours = [bench.program("examples/allocation_speed")]
    subprocess.run(ours + ["--write", instance], check=True)
    told = json.loads(subprocess.run(ours + [instance], check=True, stdout=subprocess.PIPE).stdout)
    figures.add("routing of 100,000 x 8, solve", told["solve_ms"], "ms", budget="5")
    figures.add("routing of 100,000 x 8, cost", told["cost_fen"], "fen", budget="as OR-Tools")
    peer = [peers, str(ROOT / "scripts/bench/allocation_peer.py"), instance]
    ran = subprocess.run(peer, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if ran.returncode == 0:
        told = json.loads(ran.stdout)
        figures.add("peer: OR-Tools, solve", told["solve_ms"], "ms")
        figures.add("peer: OR-Tools, cost", told["cost_fen"], "fen")


def judging(bench, figures):
    """Risk and address of one order."""
    told = json.loads(subprocess.run([bench.program("examples/judge_speed")], check=True, stdout=subprocess.PIPE).stdout)
    figures.add("risk and address of an order", told["us"], "us", told["orders"], budget="20")


def main():
    """Measures everything and tells."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--programs", required=True, help="the folder of the release build")
    options.add_argument("--work", required=True, help="a folder that is thrown away, with slow_fsync.so in it")
    options.add_argument("--peers", required=True, help="a Python that may have OR-Tools")
    options.add_argument("--figures", required=True, help="where the figures are written")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=int, default=10, help="of each run of pgbench")
    options.add_argument("--orders", type=int, default=200_000, help="of each rush")
    options.add_argument("--visible", type=int, default=100_000, help="of the first rush to the stations")
    options.add_argument("--many", type=int, default=1_000_000, help="of the second")
    options = options.parse_args()
    bench, figures = Bench(options.programs, options.work), Figures()
    judging(bench, figures)
    routing(bench, figures, options.peers)
    rushes(bench, figures, options)
    visible(bench, figures, options)
    figures.write(options.figures)
    print(figures.table())


if __name__ == "__main__":
    main()
