"""Five real stations on one server: how long until every order of a rush is in the replica of its warehouse."""

import shutil
import signal
import sqlite3
import subprocess
import time

from programs import Server, prepare, storefront, wait_for

OPEN = ("BJ", "GZ", "SH", "SY", "WH")
CLOSED = ("CD", "JN", "XA")
PATIENCE_S = 300


class Station:
    """A `liangcang-station run` without devices, enrolled for a warehouse."""

    def __init__(self, bench, server, data, warehouse):
        self.dir = bench.work / f"station-{warehouse}"
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir()
        settings = self.dir / "station.toml"
        settings.write_text(
            f'data = "{self.dir}/data"\nserver = "{server.address}"\nlisten = "127.0.0.1:0"\nvoice = false\n',
            encoding="utf-8",
        )
        asked = [bench.program("liangcang-server"), "--data", str(data), "enrol-code", "--warehouse", warehouse]
        code = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        station = [bench.program("liangcang-station"), "--settings", str(settings)]
        enrol = station + ["enrol", code, "--name", f"bench-{warehouse}"]
        subprocess.run(enrol, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.log = open(self.dir / "station.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            station + ["run"], stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        wait_for(lambda: (self.dir / "data/station.db").exists(), "a station's start")
        self.replica = sqlite3.connect(f"file:{self.dir}/data/station.db?mode=ro", uri=True)

    def ready(self):
        """Whether the company is in its replica."""
        return self.replica.execute("SELECT COUNT(*) FROM bin").fetchone()[0] > 0

    def orders(self):
        """Orders a person at the station would see counted."""
        return self.replica.execute("SELECT COALESCE(SUM(orders), 0) FROM tally").fetchone()[0]

    def stop(self):
        """Ends it as a person would."""
        self.replica.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.log.close()


def measure(bench, orders):
    """Seconds from the first byte until all are visible, the storefront's summary, and the server's memory in MiB."""
    data = bench.work / f"stations-{orders}"
    prepare(bench, data, orders * 4)
    with Server(bench, data, slow=False) as server:
        for warehouse in CLOSED:
            server.close_warehouse(warehouse)
        stations = [Station(bench, server, data, warehouse) for warehouse in OPEN]
        try:
            wait_for(lambda: all(station.ready() for station in stations), "the stations' snapshots")
            return rush(bench, server, stations, orders)
        finally:
            for station in stations:
                station.stop()
            shutil.rmtree(data, ignore_errors=True)


def rush(bench, server, stations, orders):
    """One rush, watched from the stations' replicas."""
    sold = storefront(bench, [server], orders)
    accepted = sold["outcomes"]["accepted"]
    deadline = time.monotonic() + PATIENCE_S
    while sum(station.orders() for station in stations) < accepted:
        if time.monotonic() > deadline:
            raise SystemExit("bench-intake: the stations do not catch up")
        time.sleep(0.01)
    visible_s = time.time() - sold["began_at_ms"] / 1000
    return round(visible_s, 2), sold, server.memory_peak_mib()
