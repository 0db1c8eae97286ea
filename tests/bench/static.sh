# Static files and media against nginx serving the same bytes.

compare() {
    need wrk
    need nginx
    need curl
    start_atlas
    local style media
    style=$(curl -s "$atlas/" | grep -o '/static/[0-9a-f]*/[^"]*\.css' | head -n 1)
    media=$(cd "$made/data" && find media -type f -size +20k | head -n 1)
    [[ -n $style && -n $media ]] || give_up "the sample has no style sheet or no picture"
    mkdir -p "$made/www$(dirname "$style")" "$made/www/$(dirname "$media")"
    curl -s "$atlas$style" >"$made/www$style"
    curl -s -H 'Accept-Encoding: gzip' "$atlas$style" >"$made/www$style.gz"
    cp "$made/data/$media" "$made/www/$media"
    mapfile -t headers < <(same_headers "$atlas$style")
    start_nginx "$made/www" "${headers[@]}"
    must_be_equal "$style"
    must_be_equal "$style" -H 'Accept-Encoding: gzip'
    must_be_equal "/$media"
    printf 'Style sheet: %s bytes, %s as gzip. Picture: %s bytes.\n\n' "$(wc -c <"$made/www$style")" \
        "$(wc -c <"$made/www$style.gz")" "$(wc -c <"$made/www/$media")"
    against_nginx_header
    against_nginx 'style sheet, identity' "$style"
    against_nginx 'style sheet, gzip' "$style" -H 'Accept-Encoding: gzip'
    against_nginx 'picture' "/$media"
}
