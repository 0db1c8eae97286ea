#!/usr/bin/env python3
"""What sitemaps cost on a filled site: a build of all, one edit, and what visitors notice of it.

    tests/bench/sitemaps.py target/release/atlas DATA [DATABASE_URL]

DATA is the data folder of a site that `atlas bench seed` has filled; with PostgreSQL its database is
named as well. The site is changed: an article is imported a few times, and its sitemaps go. Needs `wrk`
and two processors: the server gets the first, the load the second.
"""

import gzip
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

PORT = 18473
RUNS = 5
SECONDS = 8


def main():
    binary, data = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    environment = {**os.environ, "ATLAS_DATA": data, "ATLAS_SAMPLE": "false", "ATLAS_LISTEN": f"127.0.0.1:{PORT}"}
    if len(sys.argv) > 3:
        environment["DATABASE_URL"] = sys.argv[3]
    site = Site(binary, data, environment)
    site.builds()
    site.memory()
    site.edits()
    site.visitors()


class Site:
    def __init__(self, binary, data, environment):
        self.binary, self.data, self.environment = binary, data, environment
        self.sitemaps = os.path.join(data, "sitemaps")

    def forget(self):
        shutil.rmtree(self.sitemaps, ignore_errors=True)

    def command(self, *arguments):
        return subprocess.run([self.binary, *arguments], env=self.environment, capture_output=True, text=True, check=True).stdout

    def builds(self):
        """A build of all, from nothing."""
        seconds = []
        for _ in range(RUNS):
            self.forget()
            began = time.monotonic()
            report = json.loads(self.command("sitemap", "build", "--json"))
            seconds.append(time.monotonic() - began)
        size = sum(os.path.getsize(os.path.join(at, file)) for at, _, files in os.walk(self.sitemaps) for file in files)
        print(f"build of all: {report['urls']} URLs in {report['shards']} shards, {size / 1e6:.1f} MB")
        print(f"  {spread(seconds)} s with the start of the program")

    def memory(self):
        """The largest memory of a server while it builds all, above one that builds nothing."""
        idle = []
        with self.server("--workers", "false") as server:
            time.sleep(3)
            idle.append(memory(server.pid, "VmRSS"))
        self.forget()
        with self.server() as server:
            self.until_built(server)
            busy = memory(server.pid, "VmHWM")
        print(f"memory: {idle[0]:.0f} MiB without work, at most {busy:.0f} MiB at the end of the first build")

    def edits(self):
        """One article, changed again and again while a server runs."""
        self.environment["ATLAS_LOG_LEVEL"] = "debug"
        with self.server() as server, tempfile.TemporaryDirectory() as folder:
            self.until_built(server)
            time.sleep(2)
            told = {"sitemap": [], "feed": []}
            for number in range(RUNS):
                words = f"measured {number} {time.time()}"
                with open(os.path.join(folder, "measured.md"), "w") as file:
                    file.write(f"---\ntitle: Measured\nsummary: {words}\n---\nThis is {words}.\n")
                before = self.dates()
                self.command("import", "markdown", folder, "--type", "article")
                committed = time.monotonic()
                waits = {"sitemap": lambda: self.dates() != before, "feed": lambda: words in read("/feed.xml")}
                for what, is_told in waits.items():
                    while not is_told():
                        time.sleep(0.02)
                    told[what].append(time.monotonic() - committed)
                time.sleep(1.5)
        took = re.findall(r"written=(\d+) took=([\d.]+)(ms|s|µs)", self.log())
        took = [float(time) * {"µs": 0.001, "ms": 1, "s": 1000}[unit] for written, time, unit in took[1:] if written != "0"]
        del self.environment["ATLAS_LOG_LEVEL"]
        print(f"one edit: shard and index written in {spread(took)} ms")
        for what, seconds in told.items():
            print(f"  {what} tells it {spread(seconds)} s after the import has ended")

    def visitors(self):
        """The slowest hundredth of requests for a kept page, without a build and during one."""
        figures = {}
        for what in ["alone", "during a build of all"]:
            runs = []
            for _ in range(3):
                if what != "alone":
                    self.forget()
                with self.server() as server:
                    if what == "alone":
                        self.until_built(server)
                        time.sleep(2)
                    read("/")
                    load = ["taskset", "-c", "1", "wrk", "-t1", "-c16", f"-d{SECONDS}s", "--latency", f"http://127.0.0.1:{PORT}/"]
                    said = subprocess.run(load, capture_output=True, text=True, check=True).stdout
                    unbuilt = not os.path.exists(os.path.join(self.sitemaps, "current"))
                runs.append((milliseconds(said, "99%"), float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), unbuilt))
            figures[what] = runs
        for what, runs in figures.items():
            p99, rate, unbuilt = zip(*runs)
            still = f", still building at the end of {sum(unbuilt)} of {len(runs)} runs" if what != "alone" else ""
            print(f"visitors {what}: p99 {spread(p99)} ms at {statistics.median(rate):.0f} requests a second{still}")

    def dates(self):
        return read("/sitemap.xml")

    def server(self, *arguments):
        return Server([self.binary, "serve", *arguments], self.environment, self.log_file())

    def log_file(self):
        return os.path.join(self.data, "bench.log")

    def log(self):
        with open(self.log_file()) as file:
            return file.read()

    def until_built(self, server):
        while not os.path.exists(os.path.join(self.sitemaps, "current")):
            assert server.poll() is None, self.log()
            time.sleep(0.05)


class Server:
    """`atlas serve` on the first processor, until the end of a `with`."""

    def __init__(self, command, environment, log):
        self.command, self.environment, self.log = ["taskset", "-c", "0", *command], environment, log

    def __enter__(self):
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=log)
        for _ in range(2000):
            try:
                read("/robots.txt")
                return self.process
            except OSError:
                time.sleep(0.02)
        raise SystemExit("the server does not start; see " + self.log)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def read(path):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        return (gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body).decode()


def memory(pid, what):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(what + r":\s+(\d+)", file.read())[1]) / 1024


def milliseconds(said, line):
    number, unit = re.search(re.escape(line) + r"\s+([\d.]+)(us|ms|s)", said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def spread(numbers):
    digits = 3 if max(numbers) < 1 else 2 if max(numbers) < 100 else 0
    low, middle, high = min(numbers), statistics.median(numbers), max(numbers)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


main()
