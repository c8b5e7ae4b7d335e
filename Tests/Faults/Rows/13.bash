# shellcheck shell=bash
#
# A million rows have expired at once. They go in batches, and who calls meanwhile hardly notices:
# the 99th percentile of GET connection is measured before and while they go, best of several
# windows each, since other work on the machine must not decide; the short form only looks at the
# batches.

title="1,000,000 expired rows"
full_rounds=3
packages=(wrk)
keepers=1
most_milliseconds=50

row() {
    local rows=1000000 seconds=2 windows=3 round before during
    if [[ -n $short ]]; then rows=20000 seconds=1 windows=1; fi
    start_household
    add_integration mock
    connect alice mock
    for ((round = 1; round <= $1; round++)); do
        before=$(best_of "$windows" window)
        insert_expired "$rows"
        during=$(while_they_go)
        note "p99-before-ms" "$before"
        note "p99-during-ms" "$during"
        [[ -n $short ]] || jq -en --argjson before "$before" \
            --argjson during "$during" --argjson most "$most_milliseconds" \
            '$during - $before < $most' >/dev/null ||
            fail "round $round: p99 moved from $before ms to $during ms"
        count purged "$rows"
    done
    check_database
}

insert_expired() {
    sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $(($1 / 2)))
         INSERT INTO session (idHash, userId, isSuperuser, lastUsedAt, expiresAt, createdAt)
         SELECT randomblob(32), 'gone', 0, 1000, 2000, 1000 FROM n"
    sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $(($1 / 2)))
         INSERT INTO pendingAuthorization (stateHash, browserHash, userId, isSuperuser,
             integrationId, codeVerifier, redirectUri, isPopup, expiresAt)
         SELECT randomblob(32), randomblob(32), 'gone', 0,
             (SELECT id FROM integration LIMIT 1), x'', 'x', 0, 2000 FROM n"
}

# Measures as long as there are any, and looks that they do not go all at once. Prints the best.
while_they_go() {
    local left last batches=0 measured=$work/private/windows
    : >"$measured"
    last=$(expired_left)
    while left=$(expired_left) && ((left > 0)); do
        if ((left < last)); then
            batches=$((batches + 1))
            window >>"$measured"
        fi
        last=$left
    done
    ((batches > 0)) || fail "round $round: they went all at once"
    sort -g "$measured" | head -n 1
}

expired_left() {
    sql "SELECT (SELECT count(*) FROM session WHERE expiresAt = 2000)
        + (SELECT count(*) FROM pendingAuthorization WHERE expiresAt = 2000)"
}

# The 99th percentile of some hundred GET connections, in ms.
window() {
    wrk -t 1 -c 4 -d "${seconds}s" --latency -H "Authorization: Bearer $admin_key" -H "On-Behalf-Of: alice" \
        "$base/api/integrations/mock/connection" | awk '$1 == "99%" {
            unit = $2; sub(/[0-9.]*/, "", unit); value = $2 + 0
            print unit == "us" ? value / 1000 : unit == "s" ? value * 1000 : value }'
}

# best_of COUNT MEASURE
best_of() {
    local number
    for ((number = 0; number < $1; number++)); do "$2"; done | sort -g | head -n 1
}
