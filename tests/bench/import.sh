# Imports: 34,006 cities, and a table of a million rows.
#
# ATLAS_TEST_SHARED    folder with cities.csv and countries.csv; unset: without that part
# ATLAS_TEST_ROWS      rows of the large table; 1000000
# ATLAS_TEST_POSTGRES  an empty PostgreSQL database for the same there; unset: SQLite alone

compare() {
    need python3
    need time
    local rows=${ATLAS_TEST_ROWS:-1000000}
    echo '| table | rows | database | seconds | rows a second | memory, MiB |'
    echo '|---|---|---|---|---|---|'
    table "$rows" >"$made/rows.csv"
    on SQLite "$made/sqlite"
    [[ -z ${ATLAS_TEST_POSTGRES:-} ]] || DATABASE_URL=$ATLAS_TEST_POSTGRES on PostgreSQL "$made/postgres"
}

on() {
    mkdir -p "$2"
    export ATLAS_DATA=$2 ATLAS_SAMPLE=false
    if [[ -n ${ATLAS_TEST_SHARED:-} ]]; then
        taken "$1" countries 252 "$ATLAS_TEST_SHARED/countries.csv" --type region --id iso \
            --map title=name --map country_code=iso
        taken "$1" cities 34006 "$ATLAS_TEST_SHARED/cities.csv" --type city --id geonameid \
            --map title=name --map region=country --map geo=latitude,longitude --map tie=admin1
    fi
    taken "$1" people "$rows" "$made/rows.csv" --type person --id number --map title=name --map job_title=job \
        --map telephone=telephone --map summary=about
}

taken() {
    local database=$1 what=$2 count=$3
    shift 3
    command time -f '%e %M' -o "$made/time" "$binary" import csv "$@" >/dev/null || give_up "$what"
    awk -v what="$what" -v rows="$count" -v database="$database" \
        '{ printf "| %s | %d | %s | %.1f | %.0f | %.0f |\n", what, rows, database, $1, rows / $1, $2 / 1024 }' "$made/time"
}

# Names of made-up syllables, so that hardly two are the same.
table() {
    python3 - "$1" <<'PYTHON'
import random, sys
random.seed(1)
syllables = "ba dar el fi gon ha ir jo ka lin mo nav or pel ra sen ti ur va wil yar zo mir tor".split()
name = lambda: "".join(random.choice(syllables) for _ in range(random.randint(2, 4))).capitalize()
jobs = "Baker Tailor Mason Guide Cook Potter Weaver Barber Painter Teacher".split()
print("number,name,job,telephone,about")
for number in range(int(sys.argv[1])):
    print(f"{number},{name()} {name()},{random.choice(jobs)},+98 21 {random.randint(20000000, 89999999)},"
          f"Works in {name()} and knows {name()} well.")
PYTHON
}
