#!/usr/bin/env bats
# Backups under load, and restoring them.

load helpers
load mock

setup_file() {
    start_stack
}

teardown_file() {
    stop_stack
}

setup() {
    is_running service || start_service
    backup=$work/private/backup-$BATS_TEST_NUMBER.db
}

teardown() {
    mock_reset
}

database() {
    printf '%s\n' "$work/private/grantkeeper.db"
}

@test "RELIABILITY 11: a backup under load is whole, and a restored copy serves" {
    sign_in alice
    add_integration
    connect alice "$slug"
    # Writers: sessions, and a refresh with nearly every call.
    seq 300 | xargs -P 4 -I{} curl -s -o /dev/null -w '%{http_code}\n' \
        -H "Authorization: Bearer $admin_key" -H 'Content-Type: application/json' \
        "$base/grantkeeper/sessions" -d '{"userId": "load-{}"}' >"$BATS_TEST_TMPDIR/codes" &
    local writers=$! i
    for i in 1 2 3 4 5; do
        grantkeeper backup "$backup.$i"
        expect_equal "$(stat -c %a "$backup.$i")" 600
        expect_equal "$(sqlite3 "$backup.$i" 'PRAGMA integrity_check')" ok
        [[ ! -e $backup.$i-wal ]]
        expire_connection
        as alice GET "/api/integrations/$slug/request/files"
        expect_status 200
    done
    wait "$writers"
    expect_equal "$(sort -u "$BATS_TEST_TMPDIR/codes")" 201
    expect_equal "$(mock_count refresh.reused)" 0

    stop_process service
    rm -f -- "$(database)" "$(database)-wal" "$(database)-shm"
    mv -- "$backup.5" "$work/elsewhere.db"
    run grantkeeper restore "$work/elsewhere.db"
    expect_equal "$status" 0
    expect_match "$output" 'tokens that were refreshed are lost'
    rm -f -- "$work/elsewhere.db"
    start_service
    as alice GET "/api/integrations/$slug/connection"
    expect_problem 401
    sign_in alice
    as alice GET "/api/integrations/$slug/connection"
    expect_status 200
    grantkeeper check --deep
}

@test "a backup overwrites nothing" {
    printf 'mine' >"$backup"
    run grantkeeper backup "$backup"
    expect_equal "$status" 1
    expect_match "$output" 'exists already'
    expect_equal "$(cat "$backup")" mine
}

@test "a backup that is killed leaves no file under its name" {
    start_process backup "$binaries/grantkeeper" backup "$backup" --config "$settings"
    stop_process backup KILL
    [[ ! -e $backup || $(sqlite3 "$backup" 'PRAGMA integrity_check') == ok ]]
    rm -f -- "$backup"
    grantkeeper backup "$backup"
}

@test "nothing is restored under a service that runs" {
    grantkeeper backup "$backup"
    local before
    before=$(stat -c %i "$(database)")
    run grantkeeper restore "$backup"
    expect_equal "$status" 1
    expect_match "$output" 'in use'
    expect_equal "$(stat -c %i "$(database)")" "$before"
    sign_in alice
}

@test "what came after the backup is taken over: tokens, endings, keys" {
    sign_in alice bob
    add_integration
    connect alice "$slug"
    connect bob "$slug"
    local key
    key=$(grantkeeper key create --user app)
    grantkeeper backup "$backup"
    expire_connection
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    as bob DELETE "/api/integrations/$slug/connection"
    expect_status 204
    grantkeeper key revoke "$(grantkeeper key list | awk '$2 == "app" { print $1 }')"
    stop_process service
    run grantkeeper restore "$backup"
    expect_equal "$status" 0
    expect_match "$output" 'taken over'
    expect_match "$output" "$(database).replaced-[0-9]+"
    start_service
    sign_in alice bob
    expire_connection
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    expect_equal "$(mock_count refresh.reused)" 0
    as bob GET "/api/integrations/$slug/request/files"
    expect_problem 409 reauthorization_required
    by "$key" GET /grantkeeper/session
    expect_problem 401
}

@test "a damaged backup, one without its key, and no database are refused" {
    stop_process service
    printf 'no database, and long enough to be looked at closely' >"$backup"
    run grantkeeper restore "$backup"
    expect_equal "$status" 1
    run grantkeeper restore "$work/private/none.db"
    expect_equal "$status" 1
    start_service
    rm -f -- "$backup"
    grantkeeper backup "$backup"
    local old
    old=$(grep -v '^#' "$work/private/grantkeeper.keyring" | cut -d ' ' -f 1)
    grantkeeper vault rotate
    grantkeeper vault retire "$old"
    stop_process service
    run grantkeeper restore "$backup"
    expect_equal "$status" 1
    expect_match "$output" "$old"
    expect_match "$output" 'retired'
    start_service
    sign_in alice
}

@test "RELIABILITY 12: a newer database is refused with a sentence" {
    stop_process service
    local version
    version=$(sql 'PRAGMA user_version')
    sql "PRAGMA user_version = $((version + 1))"
    run grantkeeper serve
    expect_equal "$status" 1
    expect_match "$output" 'newer version'
    run grantkeeper check
    expect_match "$output" 'newer version'
    sql "PRAGMA user_version = $version"
    start_service
}
