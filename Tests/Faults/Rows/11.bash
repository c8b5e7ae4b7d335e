# shellcheck shell=bash
#
# A backup is taken while two services refresh and read; what it restores to is whole, and serves.

title="online backup under load"
full_rounds=20
users=8
# A round's, of which the last is served.
backups=5
# Sessions, so that the copying takes its time.
ballast=50000

row() {
    start_household
    add_integration mock
    local round user
    for ((user = 1; user <= users; user++)); do connect "user-$user" mock; done
    sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $ballast)
         INSERT INTO session (idHash, userId, isSuperuser, lastUsedAt, expiresAt, createdAt)
         SELECT randomblob(32), 'ballast', 0, unixepoch(), unixepoch() + 86400, unixepoch() FROM n"
    for ((round = 1; round <= $1; round++)); do backup_round; done
    check_database
}

backup_round() {
    local copy=$work/private/backup-$round.db user load number
    touch "$work/run/load"
    keep_calling &
    load=$!
    await 20 test -s "$work/private/load" || fail "round $round: no load"
    for ((number = 1; number <= backups; number++)); do
        rm -f -- "$copy"
        back_up "$copy" || fail "round $round: no backup was made"
        expect "round $round: integrity_check" "$(sqlite3 "$copy" 'PRAGMA integrity_check')" ok
        count backups
    done
    rm -f -- "$work/run/load"
    wait "$load" || true
    expect "round $round: answers under load" "$(sort -u "$work/private/load" | xargs)" 200
    count calls "$(wc -l <"$work/private/load")"
    rm -f -- "$work/private/load"
    serve_copy "$copy"
    rm -f -- "$copy"*
}

# Refreshes and calls, as long as the file is there.
keep_calling() {
    while [[ -e $work/run/load ]]; do
        expire
        for ((user = 1; user <= users; user++)); do
            printf '%s\n' "$(proxied "user-$user")" >>"$work/private/load"
        done
    done
}

back_up() {
    if has_care; then
        grantkeeper backup "$1" >>"$work/logs/backup.log" 2>&1
    else
        sql ".backup '$1'"
    fi
}

# The copy in a service of its own, in the place of the second: every connection there opens. Its
# refresh tokens have been used since, so they are not to be used again; its access tokens work.
serve_copy() {
    stop_process keeper-2
    sqlite3 "$1" "UPDATE connection SET tokenExpiresAt = unixepoch() + 3600"
    database=$1 restart_keeper 2 GRANTKEEPER_DATABASE="$1"
    for ((user = 1; user <= users; user++)); do
        expect "round $round: user-$user in the copy" "$(proxied "user-$user" 2)" 200
        count restored
    done
    stop_process keeper-2
    restart_keeper 2
}
