# shellcheck shell=bash
#
# What faults are made with: the database's write lock, a disk and a process that fail on order,
# answers of the provider that are kept back.
# shellcheck disable=SC2154 # $work, $repository, $database are household.bash's

# The database, from outside ----------------------------------------------------------------------

sql() {
    sqlite3 -cmd '.timeout 20000' "$(database_file)" "$1"
}

# expire [USER]: the access tokens of the user, or of everybody, are at an end, as far as the services
# know; those of the integration $slug, if that is set.
expire() {
    sql "UPDATE connection SET tokenExpiresAt = unixepoch() - 10
         WHERE '${1-}' IN ('', holder) AND ('${slug-}' = ''
             OR integrationId = (SELECT id FROM integration WHERE slug = '${slug-}'))"
}

# From now on no connection counts as lately used: a token is renewed by the call that needs it, and
# not just before that in the background, where another service might do it.
quiet_background() {
    sql 'CREATE TRIGGER quietBackground AFTER UPDATE ON connection BEGIN
             UPDATE connection SET lastUsedAt = NULL WHERE id = new.id;
         END;
         UPDATE connection SET lastUsedAt = NULL'
}

generation() {
    sql "SELECT generation FROM connection WHERE holder = '$1'"
}

# Holds the write lock, from now on until `release_lock`.
hold_lock() {
    mkfifo "$work/run/lock"
    start_process lock sqlite3 -cmd '.timeout 20000' "$(database_file)" \
        'BEGIN IMMEDIATE' ".shell touch $work/run/locked" ".shell cat $work/run/lock" ROLLBACK
    await 20 test -e "$work/run/locked" || die "the write lock could not be had"
}

release_lock() {
    : >"$work/run/lock"
    await 20 is_stopped lock
    rm -f -- "$work/run/lock" "$work/run/locked" "$work/pids/lock.pid"
}

# The file is whole, and every secret in it opens.
check_database() {
    local answer
    answer=$(sql 'PRAGMA integrity_check' 2>&1) || true
    [[ $answer == ok ]] || fail "integrity_check: $answer"
    has_care || return 0
    answer=$(GRANTKEEPER_DATABASE=$(database_file) grantkeeper check --deep 2>&1) ||
        fail "check --deep: $(tail -n 3 <<<"$answer" | xargs)"
}

# Whether this service has `backup` and `check --deep`.
has_care() {
    "$binaries/grantkeeper" help backup 2>/dev/null | grep -q '^USAGE: grantkeeper backup'
}

# The disk ----------------------------------------------------------------------------------------

build_disk() {
    cc -O2 -Wall -shared -fPIC -o "$work/disk.so" "$repository/Tests/Faults/disk.c" -ldl
}

# order KEEPER POINT ACTION [SKIP]: Tests/Faults/disk.c says what that means.
order() {
    printf '%s %s %s\n' "$2" "$3" "${4:-0}" >"$work/run/order.new"
    mv -- "$work/run/order.new" "$work/run/order-$1"
}

call_off() {
    rm -f -- "$work/run/order-$1"
}

# The provider's answers --------------------------------------------------------------------------

# hold_answers [COUNT]: the next refreshes take effect at the provider, and nobody hears of it.
hold_answers() {
    held_before=$(mock_count held)
    mock_order fail "{\"endpoint\": \"token\", \"grantType\": \"refresh_token\", \"mode\": \"hold\",
        \"milliseconds\": 60000, \"count\": ${1:-1}}"
}

# await_held [COUNT]: until so many are kept back.
await_held() {
    await 20 held_since "${1:-1}"
}

held_since() {
    (($(mock_count held) - held_before >= $1))
}

release_answers() {
    mock_order release
}

# Takes back what was ordered of the provider and did not happen.
answer_again() {
    curl -sf -o /dev/null -X DELETE "$mock/control/fail"
    release_answers
}
