# A thousand simultaneous requests for one page that is not in memory: one render.

compare() {
    need curl
    need python3
    local metrics page run
    metrics=127.0.0.1:$(free_port)
    start_atlas ATLAS_METRICS="$metrics"
    page=$(sample_page)
    echo '| run | requests | answered 200 | renders | shared or from memory | slowest ms |'
    echo '|---|---|---|---|---|---|'
    for ((run = 1; run <= runs; run++)); do
        # Started anew, it has no page in memory.
        local before after
        end_children
        children=()
        start_atlas ATLAS_METRICS="$metrics"
        before=$(settled "$metrics")
        taskset -c "$load_core" python3 - "$atlas" "$page" 1000 >"$made/stampede" <<'PYTHON' || give_up "not every request was answered"
import asyncio, sys, time

url, page, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
host, port = url.removeprefix("http://").split(":")


async def one(gate):
    reader, writer = await asyncio.open_connection(host, int(port))
    await gate.wait()
    began = time.perf_counter()
    writer.write(f"GET {page} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer[9:12], (time.perf_counter() - began) * 1000


async def main():
    gate = asyncio.Event()
    asking = [asyncio.create_task(one(gate)) for _ in range(count)]
    await asyncio.sleep(2)
    gate.set()
    answers = await asyncio.gather(*asking)
    print(sum(status == b"200" for status, _ in answers), round(max(took for _, took in answers)))


asyncio.run(main())
PYTHON
        after=$(rendered "$metrics")
        local answered slowest renders
        read -r answered slowest <"$made/stampede"
        renders=$((after - before))
        printf '| %s | 1000 | %s | **%s** | %s | %s |\n' "$run" "$answered" "$renders" "$((answered - renders))" "$slowest"
        ((answered == 1000 && renders == 1)) || exit 1
    done
}

# The renders so far, once a starting site has looked at its own pages.
settled() {
    local last='' now
    while true; do
        now=$(rendered "$1")
        [[ $now != "$last" ]] || break
        last=$now
        sleep 3
    done
    echo "$now"
}

rendered() {
    metric "$1" 'atlas_cache_answers_total{outcome="miss"}'
}
