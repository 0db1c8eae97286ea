# A cached article page against nginx serving the same bytes with the same headers.

compare() {
    need wrk
    need nginx
    need curl
    start_atlas
    local page
    page=$(sample_page)
    mkdir -p "$made/www$(dirname "$page")"
    curl -s "$atlas$page" >"$made/www$page"
    # Asked for again and again until its smallest form is there.
    settle "$page"
    curl -s -H 'Accept-Encoding: gzip' "$atlas$page" >"$made/www$page.gz"
    mapfile -t headers < <(same_headers "$atlas$page")
    start_nginx "$made/www" "${headers[@]}"
    must_be_equal "$page"
    must_be_equal "$page" -H 'Accept-Encoding: gzip'
    printf '`%s`: %s bytes, %s as gzip, %s as br; headers of %s and %s bytes.\n\n' "$page" \
        "$(wc -c <"$made/www$page")" "$(wc -c <"$made/www$page.gz")" \
        "$(curl -s -H 'Accept-Encoding: br' "$atlas$page" | wc -c)" \
        "$(curl -s -o /dev/null -D - "$atlas$page" | wc -c)" "$(curl -s -o /dev/null -D - "$nginx$page" | wc -c)"
    against_nginx_header
    against_nginx 'identity' "$page"
    against_nginx 'gzip' "$page" -H 'Accept-Encoding: gzip'
    against_nginx 'a browser (br; gzip from nginx)' "$page" -H 'Accept-Encoding: gzip, deflate, br, zstd'
    printf '\nMemory of atlas afterwards: %s KiB.\n' "$(resident "$atlas_pid")"
}

settle() {
    local attempt
    for attempt in {1..20}; do
        curl -s -o /dev/null "$atlas$1"
        sleep 0.1
    done
}
