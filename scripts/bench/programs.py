"""The programs that are measured: started, asked, stopped. Nothing of them outlives this."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

PRICE = "GIFT-A=12900"
CONNECTIONS = 512
# The scripts of this repository, wherever it is called from.
ROOT = Path(__file__).resolve().parents[2]


class Bench:
    """Where the programs are and where they may write."""

    def __init__(self, programs, work):
        self.programs = Path(programs).resolve()
        self.work = Path(work).resolve()

    def program(self, name):
        """The path of one of our programs."""
        return str(self.programs / name)

    def disk(self, slow):
        """The environment of a program whose disk is as it is, or takes 1 ms longer for each flush."""
        environment = dict(os.environ)
        if slow:
            environment.update(LD_PRELOAD=str(self.work / "slow_fsync.so"), FLUSH_US="1000")
        return environment


def wait_for(condition, what, seconds=60, every=0.02):
    """Waits until the condition holds and gives what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(every)
    raise SystemExit(f"bench-intake: {what} did not happen within {seconds} s")


class Server:
    """A `liangcang-server serve`, for as long as the `with` lasts."""

    def __init__(self, bench, data, slow, database=None):
        command = [bench.program("liangcang-server"), "--data", str(data)]
        command += ["--database", database] if database else []
        self.log = open(Path(data) / f"serve-{time.monotonic_ns()}.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            command + ["serve", "--listen", "127.0.0.1:0"],
            env=bench.disk(slow),
            stdout=self.log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        self.token = (Path(data) / "admin.token").read_text(encoding="ascii").strip()

    def __enter__(self):
        self.address = wait_for(self._listening, "a server's start")
        return self

    def _listening(self):
        if self.process.poll() is not None:
            raise SystemExit(f"bench-intake: the server ended: {Path(self.log.name).read_text(encoding='utf-8')}")
        said = re.search(r"listening on (http://\S+)", Path(self.log.name).read_text(encoding="utf-8"))
        return said and said.group(1)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.log.close()

    def memory_peak_mib(self):
        """The most memory it has had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) // 1024

    def close_warehouse(self, warehouse):
        """From now on the warehouse gets no order."""
        url = f"{self.address}/api/warehouses/{warehouse}/close"
        asked = urllib.request.Request(url, method="POST", headers={"authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            answer.read()


def prepare(bench, data, orders, database=None):
    """A company whose campaign is live, with stock for so many orders."""
    command = [bench.program("liangcang-server"), "--data", str(data)]
    command += ["--database", database] if database else []
    command += ["simulate-burst", "--orders", str(orders), "--prepare"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def storefront(bench, servers, orders, seed=1, verify=False):
    """Sends so many orders to the servers and gives the storefront's summary."""
    command = [bench.program("liangcang-emulator"), "storefront", "--token", servers[0].token]
    command += [word for server in servers for word in ("--server", server.address)]
    command += ["--connections", str(CONNECTIONS), "--orders", str(orders), "--code", PRICE, "--seed", str(seed)]
    command += ["--verify"] if verify else []
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if not ran.stdout:
        raise SystemExit("bench-intake: the storefront could not sell; see above")
    summary = json.loads(ran.stdout)
    if summary["lost"]:
        raise SystemExit(f"bench-intake: {summary['lost']} acknowledged orders are lost")
    return summary


class Cluster:
    """A PostgreSQL cluster of our own, for as long as the `with` lasts."""

    def __init__(self, bench, slow):
        self.dir = bench.work / ("postgres-slow" if slow else "postgres")
        self.environment = bench.disk(slow)

    def __enter__(self):
        start = [str(ROOT / "scripts/postgres.sh"), "start", str(self.dir)]
        ran = subprocess.run(start, env=self.environment, stdout=subprocess.PIPE, text=True, check=True)
        self.address = ran.stdout.strip()
        return self

    def __exit__(self, *_):
        stop = [str(ROOT / "scripts/postgres.sh"), "stop", str(self.dir)]
        subprocess.run(stop, check=True, stdout=subprocess.DEVNULL)

    def sql(self, *arguments):
        """Runs psql and fails with it."""
        command = ["psql", self.address, "-v", "ON_ERROR_STOP=1", "-q", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def database(self, name):
        """The address of a database of that name, new and empty."""
        self.sql("-c", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", "-c", f"CREATE DATABASE {name}")
        return self.address.rsplit("/", 1)[0] + f"/{name}"


def pgbench(cluster, script, orders_each, seconds, work):
    """Runs a peer's script with 16 clients: (orders in a second, transactions, p50 ms, p99 ms)."""
    address = cluster.database("peer")
    here = ROOT / "scripts/bench"
    tables = ["psql", address, "-v", "ON_ERROR_STOP=1", "-q", "-f", str(here / "peer_tables.sql")]
    subprocess.run(tables, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    binary = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    command = [str(binary[-1]) if binary else "pgbench", "-n", "-M", "prepared", "-c", "16", "-j", "2"]
    command += ["-T", str(seconds), "-l", "--log-prefix", str(work / "pgbench"), "-f", str(here / script), address]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took = []
    for log in work.glob("pgbench.*"):
        took += [int(line.split()[2]) / 1000 for line in log.read_text(encoding="ascii").splitlines()]
        log.unlink()
    took.sort()
    at = lambda part: took[min(int(len(took) * part), len(took) - 1)]
    return len(took) * orders_each / seconds, len(took), at(0.5), at(0.99)
