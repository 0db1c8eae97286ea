# 100,000 addresses that lead nowhere beside a hot page: memory stays bounded, the page stays fast.

compare() {
    need wrk
    need curl
    local metrics page quiet flooded run flood before after
    metrics=127.0.0.1:$(free_port)
    start_atlas ATLAS_METRICS="$metrics" ATLAS_CACHE_SIZE=64MiB
    page=$(sample_page)
    quiet=$(mktemp -p "$made") flooded=$(mktemp -p "$made")
    # Thousands of requests a second from 16 clients that pause, as a page is asked for on a busy day.
    cat >"$made/hot.lua" <<'LUA'
function delay() return math.random(1, 5) end
LUA
    cat >"$made/flood.lua" <<'LUA'
local seed = os.time()
function init(args) math.randomseed(seed + tonumber(args[1] or 0)) end
function request() return wrk.format("GET", string.format("/nowhere/%08x%08x", math.random(0, 2^31 - 1), math.random(0, 2^31 - 1))) end
LUA
    hot "$page" 2 >/dev/null
    before=$(resident "$atlas_pid")
    for ((run = 0; run < runs; run++)); do
        hot "$page" "$seconds" >>"$quiet"
    done
    local asked=0 at_most=0 now
    run=0
    while ((asked < 100000 || run < runs)); do
        taskset -c "$load_core" wrk -t1 -c8 -d"$((seconds + 1))s" -s "$made/flood.lua" "$atlas" -- "$run" >"$made/flood.out" &
        flood=$!
        sleep 0.5
        hot "$page" "$seconds" >>"$flooded"
        wait "$flood"
        asked=$((asked + $(awk '/requests in/ { print $1 }' "$made/flood.out")))
        now=$(resident "$atlas_pid")
        ((now > at_most)) && at_most=$now
        run=$((run + 1))
    done
    after=$(resident "$atlas_pid")
    local alone beside
    alone=$(median 3 "$quiet") beside=$(median 3 "$flooded")
    echo '| hot page | /s | p50 µs | p99 µs | ratio of p99 |'
    echo '|---|---|---|---|---|'
    printf '| alone | %s | %s | %s | 1.00 |\n' "$(median 1 "$quiet")" "$(median 2 "$quiet")" "$alone"
    printf '| beside the flood | %s | %s | %s | **%s** |\n' "$(median 1 "$flooded")" "$(median 2 "$flooded")" "$beside" "$(ratio "$beside" "$alone")"
    printf '\n%s addresses asked for. Resident memory: %s KiB before, %s KiB at most, %s KiB after.\n' "$asked" "$before" "$at_most" "$after"
    printf 'In the cache afterwards: %s bytes of pages, %s of others (5 %% of 64 MiB at most).\n' \
        "$(metric "$metrics" 'atlas_cache_bytes{part="pages"}')" "$(metric "$metrics" 'atlas_cache_bytes{part="others"}')"
}

hot() {
    taskset -c "$load_core" wrk -t1 -c16 -d"${2}s" --latency -s "$made/hot.lua" "$atlas$1" | awk '
        function us(text) {
            if (text ~ /us$/) return text + 0
            if (text ~ /ms$/) return text * 1000
            return text * 1000000
        }
        $1 == "50%" { p50 = us($2) }
        $1 == "99%" { p99 = us($2) }
        /^Requests\/sec/ { rate = $2 }
        END { printf "%.0f %.0f %.0f\n", rate, p50, p99 }'
}
