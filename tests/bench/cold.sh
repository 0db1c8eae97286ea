# Pages that are not in memory, at 1,000 entries and at a million.

source tests/bench/sites.bash

compare() {
    need curl
    need python3
    prepare_sites
    local kind
    for size in small large; do
        serve_site "$size"
        make_lists >/dev/null
        # Started anew, it has no page in memory.
        end_children
        serve_site "$size"
        at_rest
        for kind in article place person city region landing home listing 'page 2 of 3' 'last page' nowhere; do
            python3 tests/bench/ask.py "$atlas_pid" "$atlas" <"$made/$kind.$size" >"$made/$kind.$size.took" ||
                give_up "$kind"
        done
        end_children
    done
    echo '| page | pages | ms | p99 ms | CPU µs | at 1,000: ms | CPU µs | ratio of CPU |'
    echo '|---|---|---|---|---|---|---|---|'
    for kind in article place person city region landing home listing 'page 2 of 3' 'last page' nowhere; do
        read -r pages ms p99 cpu <"$made/$kind.large.took"
        read -r _ small_ms _ small_cpu <"$made/$kind.small.took"
        echo "| $kind | $pages | $ms | $p99 | $cpu | $small_ms | $small_cpu | **$(ratio "$cpu" "$small_cpu")** |"
    done
}

# Which pages are asked for, a file a kind; of each kind at most some hundred.
make_lists() {
    links /articles 12 >"$made/article.$size"
    links /places 12 >"$made/place.$size"
    links /people 12 >"$made/person.$size"
    links /cities 5 >"$made/city.$size"
    links /regions 2 >"$made/region.$size"
    local city
    head -n 12 "$made/city.$size" | while read -r city; do
        curl -s "$atlas$city" | grep -o "href=\"$city/[^\"?#]*\"" | cut -d '"' -f 2 | sort -u | grep -E '/(cafes|restaurants|bakeries|hotels|shops|people|[a-z]+-salons)$'
    done >"$made/landing.$size"
    printf '%s\n' / /fa >"$made/home.$size"
    printf '%s\n' /articles /places /people /cities /services /authors /tags >"$made/listing.$size"
    : >"$made/page 2 of 3.$size"
    : >"$made/last page.$size"
    local listing last
    for listing in /articles /places /people /cities; do
        last=$(last_page "$listing")
        page_of "$listing" $((last * 2 / 3)) >>"$made/page 2 of 3.$size"
        page_of "$listing" "$last" >>"$made/last page.$size"
    done
    awk 'BEGIN { for (i = 0; i < 100; i++) printf "/the-garden-of-bread-%d\n/nowhere/x%d\n", i, i }' >"$made/nowhere.$size"
}

# The first page of a list has no number.
page_of() {
    if (($2 > 1)); then echo "$1?page=$2"; else echo "$1"; fi
}

last_page() {
    curl -s "$atlas$1" | grep -o "$1?page=[0-9]*" | cut -d = -f 2 | sort -n | tail -n 1 | grep . || echo 1
}
