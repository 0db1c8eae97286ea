# What comparisons share. A comparison is a file NAME.sh: its first line is a comment that says what it
# compares, and `compare` measures and prints the table. It may use $binary, $made (a folder of its own),
# $runs, $seconds, and what stands below.

runs=${ATLAS_TEST_RUNS:-5}
seconds=${ATLAS_TEST_SECONDS:-5}
read -r server_core load_core <<<"${ATLAS_TEST_CORES:-0 1}"

give_up() {
    echo "tests/bench: $1" >&2
    exit 1
}

# The binary and a folder for everything that is made here.
begin() {
    binary=${ATLAS_TEST_BINARY:-${CARGO_TARGET_DIR:-target}/release/atlas}
    if [[ ! -x $binary ]]; then
        [[ -z ${ATLAS_TEST_BINARY:-} ]] || give_up "$binary can't be run"
        "${CARGO:-cargo}" build --release --locked || give_up "the release build failed"
    fi
    binary=$(realpath "$binary")
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/atlas-bench.XXXXXX") || give_up "no folder for scratch files"
    # nginx's worker is another user.
    chmod 755 "$scratch"
    trap 'rm -rf "$scratch"' EXIT
    trap 'exit 130' INT TERM HUP
    printf 'Atlas %s, %s, %s runs of %s s\n' "$(git rev-parse --short HEAD 2>/dev/null)" "$(date -u +%F)" "$runs" "$seconds"
    printf '%s cores, Linux %s\n' "$(nproc)" "$(uname -r)"
}

# --- programs -------------------------------------------------------------------------------------

# need PROGRAM [PACKAGE]: installs what is not there.
need() {
    command -v "$1" >/dev/null && return
    local become=()
    ((EUID == 0)) || become=(sudo -n)
    command -v apt-get >/dev/null || give_up "missing: $1; there is no apt-get here, so install it by hand"
    echo "installing ${2:-$1}" >&2
    export DEBIAN_FRONTEND=noninteractive
    "${become[@]}" apt-get update -q >/dev/null && "${become[@]}" apt-get install -q -y --no-install-recommends "${2:-$1}" >/dev/null ||
        give_up "can't install ${2:-$1}"
}

children=()

# keep COMMAND…: in the background, ended with the comparison. Its process is $child.
keep() {
    "$@" &
    child=$!
    children+=("$child")
}

end_children() {
    local child
    for child in "${children[@]}"; do
        kill "$child" 2>/dev/null
    done
    for child in "${children[@]}"; do
        wait "$child" 2>/dev/null
    done
    children=()
}

free_port() {
    local port attempt
    for attempt in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    give_up "no free port"
}

# wait_for URL: until it is answered, at most 20 s.
wait_for() {
    local attempt
    for attempt in {1..400}; do
        curl -s -o /dev/null "$1" && return
        sleep 0.05
    done
    tail -n 5 "$made"/*.log >&2 2>/dev/null
    give_up "nothing answers at $1"
}

# start_atlas [VARIABLE=VALUE…]: on the server's core; sets $atlas (its URL) and $atlas_pid.
start_atlas() {
    local port
    port=$(free_port)
    atlas=http://127.0.0.1:$port
    keep env ATLAS_LISTEN="127.0.0.1:$port" ATLAS_DATA="$made/data" ATLAS_CONTENT= ATLAS_LOG_LEVEL=warn "$@" \
        taskset -c "$server_core" "$binary" serve >"$made/atlas.log" 2>&1
    atlas_pid=$child
    wait_for "$atlas/healthz"
    until_rested
}

# A site that has just been filled makes its pictures and sitemaps first, on the server's core.
until_rested() {
    local attempt
    for attempt in {1..600}; do
        [[ $(ATLAS_DATA="$made/data" "$binary" jobs list) == *variants* ]] || break
        sleep 0.5
    done
    sleep 3
}

# start_nginx ROOT [DIRECTIVE…]: serves a folder with one worker on the server's core; the directives go
# into its `location /`. Sets $nginx (its URL) and $nginx_pid (its worker).
start_nginx() {
    local root=$1 port
    shift
    port=$(free_port)
    nginx=http://127.0.0.1:$port
    sed -e "s|@PORT@|$port|g" -e "s|@MADE@|$made|g" -e "s|@ROOT@|$root|g" tests/bench/nginx.conf >"$made/nginx.conf"
    printf '%s\n' "$@" >"$made/nginx-location.conf"
    keep taskset -c "$server_core" "$(command -v nginx || echo /usr/sbin/nginx)" -c "$made/nginx.conf" -e "$made/nginx-error.log" -p "$made"
    local master=$child
    wait_for "$nginx/"
    nginx_pid=$(pgrep -P "$master" | head -n 1)
}

# --- load -----------------------------------------------------------------------------------------

# load PID URL [OPTION…]: one run of wrk with 64 connections against the process; prints
# "requests_per_second p50_us p99_us server_cpu_us_per_request". Answers that are no 2xx end everything.
load() {
    local pid=$1 url=$2 before after out
    shift 2
    before=$(cpu_ticks "$pid")
    out=$(taskset -c "$load_core" wrk -t1 -c64 -d"${seconds}s" --latency "$@" "$url")
    after=$(cpu_ticks "$pid")
    if grep -q -e 'Non-2xx' -e 'Socket errors' <<<"$out"; then
        echo "$out" >&2
        give_up "not every answer of $url was one"
    fi
    awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" '
        function us(text) {
            if (text ~ /us$/) return text + 0
            if (text ~ /ms$/) return text * 1000
            return text * 1000000
        }
        $1 == "50%" { p50 = us($2) }
        $1 == "99%" { p99 = us($2) }
        /requests in/ { requests = $1 }
        /^Requests\/sec/ { rate = $2 }
        END { printf "%.0f %.0f %.0f %.2f\n", rate, p50, p99, ticks * 1000000 / hertz / requests }' <<<"$out"
}

# Processor time of a process with all its threads, in ticks.
cpu_ticks() {
    sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# resident PID: its memory in KiB.
resident() {
    awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"
}

# median COLUMN FILE
median() {
    sort -n -k "$1,$1" "$2" | awk -v column="$1" '{ value[NR] = $column } END { print value[int((NR + 1) / 2)] }'
}

# ratio A B: A / B with two decimals.
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# --- against nginx --------------------------------------------------------------------------------

# against_nginx WHAT PATH [OPTION…]: interleaved runs of both, and a row of the table.
against_nginx() {
    local what=$1 path=$2 run one other
    shift 2
    one=$(mktemp -p "$made") other=$(mktemp -p "$made")
    # Warm both, and give what is compressed in the background the time for it.
    taskset -c "$load_core" wrk -t1 -c64 -d2s "$@" "$atlas$path" >/dev/null
    taskset -c "$load_core" wrk -t1 -c64 -d1s "$@" "$nginx$path" >/dev/null
    for ((run = 0; run < runs; run++)); do
        load "$atlas_pid" "$atlas$path" "$@" >>"$one" || exit 1
        load "$nginx_pid" "$nginx$path" "$@" >>"$other" || exit 1
    done
    local rate rate_nginx p99 p99_nginx
    rate=$(median 1 "$one") rate_nginx=$(median 1 "$other") p99=$(median 3 "$one") p99_nginx=$(median 3 "$other")
    printf '| %s | %s | %s | **%s** | %s | %s | %s | %s | %s |\n' "$what" "$rate" "$rate_nginx" \
        "$(ratio "$rate" "$rate_nginx")" "$p99" "$p99_nginx" "$(ratio "$p99" "$p99_nginx")" \
        "$(median 4 "$one")" "$(median 4 "$other")"
}

against_nginx_header() {
    echo '| what | atlas /s | nginx /s | ratio | atlas p99 µs | nginx p99 µs | ratio | atlas CPU µs | nginx CPU µs |'
    echo '|---|---|---|---|---|---|---|---|---|'
}

# sample_page: the path of an article of the sample.
sample_page() {
    local page
    page=$(curl -s "$atlas/articles" | grep -o 'href="/articles/[^"?#.]*"' | sed -n 2p | cut -d '"' -f 2)
    [[ -n $page ]] || give_up "the sample has no article"
    echo "$page"
}

# metric ADDRESS NAME: its present value.
metric() {
    curl -s "http://$1/metrics" | awk -v name="$2" '$1 == name { print $2 }'
}

# same_headers URL: nginx directives that add the headers of an answer that nginx doesn't make itself.
same_headers() {
    curl -s -o /dev/null -D - "$1" | tr -d '\r' | sed -n '2,$p' | awk -F ': ' '
        tolower($1) !~ /^(content-length|content-type|content-encoding|date|etag|vary|connection|last-modified|accept-ranges|server|x-request-id|)$/ {
            value = substr($0, length($1) + 3)
            gsub(/"/, "\\\"", value)
            printf "add_header %s \"%s\";\n", $1, value
        }'
}

# must_be_equal PATH [OPTION…]: both sides send the same body.
must_be_equal() {
    local path=$1
    shift
    cmp <(curl -s "$@" "$atlas$path") <(curl -s "$@" "$nginx$path") || give_up "the bodies of $path differ"
}
