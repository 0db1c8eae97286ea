# Publishing an entry, at 1,000 entries and at a million.

source tests/bench/sites.bash

compare() {
    need python3
    prepare_sites
    echo '| entries | publications | median ms | p95 | p99 | longest |'
    echo '|---|---|---|---|---|---|'
    for size in small large; do
        of_size "$size" "$binary" bench publish --times 300 --json >"$made/took"
        python3 - "$size" "$made/took" <<'PYTHON'
import json, sys
took = json.load(open(sys.argv[2]))
name = {"small": "1,000", "large": "the large site"}[sys.argv[1]]
print(f"| {name} | {took['publications']} | {took['median']:.2f} | {took['p95']:.2f} | {took['p99']:.2f} | {took['longest']:.2f} |")
PYTHON
    done
}
