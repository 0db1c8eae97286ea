# From the start of the process to its first page, and what it holds when idle.

source tests/bench/sites.bash

compare() {
    need curl
    need python3
    prepare_sites
    echo '| entries | first page after, ms (median) | slowest | idle memory, MiB |'
    echo '|---|---|---|---|'
    for size in small large; do
        of_size "$size" start_again "$size"
    done
}

# Starts it as often as there are runs; the page is the listing of articles, which asks the database.
start_again() {
    ATLAS_SAMPLE=false ATLAS_LOG_LEVEL=warn ATLAS_WORKERS=${ATLAS_TEST_WORKERS:-true} \
        python3 - "$binary" "$(free_port)" "$runs" "$1" <<'PYTHON'
import http.client, os, statistics, subprocess, sys, time

binary, port, runs, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
environment = dict(os.environ, ATLAS_LISTEN=f"127.0.0.1:{port}", ATLAS_ORIGIN=f"http://127.0.0.1:{port}")
took, memory = [], []
for _ in range(runs):
    begun = time.perf_counter()
    server = subprocess.Popen([binary, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/articles")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                break
        except (ConnectionError, OSError):
            if server.poll() is not None:
                sys.exit("the server ended")
        time.sleep(0.001)
    took.append((time.perf_counter() - begun) * 1000)
    time.sleep(3)
    status = open(f"/proc/{server.pid}/status").read()
    memory.append(int(status.split("VmRSS:")[1].split()[0]) / 1024)
    server.terminate()
    server.wait()
name = {"small": "1,000", "large": "the large site"}[size]
print(f"| {name} | {statistics.median(took):.0f} | {max(took):.0f} | {statistics.median(memory):.1f} |")
PYTHON
}
