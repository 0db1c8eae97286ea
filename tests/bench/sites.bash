# Two sites of made-up entries, a small and a large one, for the comparisons that ask what size costs.
#
# ATLAS_TEST_ENTRIES   entries of the large one; 1000000. Filling it takes as long as an import of as many.
# ATLAS_TEST_LARGE     a data folder that is filled already (its files are changed by `publish`)
# ATLAS_TEST_DATABASE  a PostgreSQL database that is filled already, instead

entries=${ATLAS_TEST_ENTRIES:-1000000}

# prepare_sites: sets $small and $large, data folders.
prepare_sites() {
    small=$made/small large=${ATLAS_TEST_LARGE:-$made/large}
    mkdir -p "$small" "$large"
    fill "$small" 1000
    [[ -n ${ATLAS_TEST_LARGE:-}${ATLAS_TEST_DATABASE:-} ]] || fill "$large" "$entries"
}

fill() {
    ATLAS_DATA=$1 "$binary" bench seed --entries "$2" >/dev/null || give_up "the site of $2 entries was not made"
}

# of_size small|large COMMAND…: the command with the settings of that site.
of_size() {
    local size=$1
    shift
    if [[ $size == large && -n ${ATLAS_TEST_DATABASE:-} ]]; then
        DATABASE_URL=$ATLAS_TEST_DATABASE ATLAS_DATA=$large "$@"
    else
        ATLAS_DATA=${!size} "$@"
    fi
}

# serve_site small|large: starts it; its process is $atlas_pid, its address $atlas.
serve_site() {
    local port
    port=$(free_port)
    atlas=http://127.0.0.1:$port
    of_size "$1" keep_serving "$port"
    atlas_pid=$child
    wait_for "$atlas/healthz"
}

# at_rest: returns when the server has nothing to do. One that is asked for by another address than
# before first builds all its sitemaps, which is no part of what a page costs.
at_rest() {
    local before=0 now
    while :; do
        now=$(cat /proc/"$atlas_pid"/task/*/schedstat | awk '{ sum += $1 } END { printf "%d", sum / 1000000 }')
        ((now - before < 20)) && return
        before=$now
        sleep 1
    done
}

keep_serving() {
    ATLAS_LISTEN=127.0.0.1:$1 ATLAS_ORIGIN=$atlas ATLAS_SAMPLE=false ATLAS_LOG_LEVEL=warn \
        keep taskset -c "$server_core" "$binary" serve >"$made/log" 2>&1
}

# links LISTING PAGES: paths of the entries on the first pages of a listing.
links() {
    local page
    for ((page = 1; page <= $2; page++)); do
        curl -sL "$atlas$1?page=$page" | grep -o 'class="card-title"><a href="[^"]*"' | cut -d '"' -f 4
    done
}
