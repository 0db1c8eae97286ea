"""Asks a site for pages, each once and one after the other, and prints what they took:
pages, median and 99th percentile in ms, and the server's processor time a page in µs.

    ask.py PID http://127.0.0.1:PORT < paths
"""
import glob
import http.client
import statistics
import sys
import time
from urllib.parse import urlsplit

pid, site = sys.argv[1], urlsplit(sys.argv[2])


def processor():
    """Nanoseconds that all threads of the server have run."""
    total = 0
    for file in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            total += int(open(file).read().split()[0])
        except OSError:
            pass
    return total


paths = [line.strip() for line in sys.stdin if line.strip()]
connection = http.client.HTTPConnection(site.hostname, site.port)
took = []
before = processor()
for path in paths:
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Host": site.netloc})
    answer = connection.getresponse()
    answer.read()
    took.append((time.perf_counter() - begun) * 1000)
    if answer.status not in (200, 404):
        sys.exit(f"{path}: {answer.status}")
after = processor()
took.sort()
print(len(took), f"{statistics.median(took):.2f}", f"{took[int(len(took) * 0.99)]:.2f}",
      f"{(after - before) / 1000 / len(took):.0f}")
