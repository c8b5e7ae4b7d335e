#!/usr/bin/env bats
# The vault: a new key while two services serve, a rotation that is killed, and what does not open.

load helpers
load mock

setup_file() {
    start_stack
    start_second_service
}

teardown_file() {
    stop_stack
}

teardown() {
    mock_reset
}

# Another service on the same database and key ring, behind an nginx of its own.
start_second_service() {
    second_settings=$work/private/second.yaml
    sed "s|grantkeeper.sock|second.sock|" "$settings" >"$second_settings"
    start_process second "$binaries/grantkeeper" serve --config "$second_settings"
    await 15 test -S "$work/run/second.sock"
    first_base=$base
    start_nginx second-gateway second_host
    second_base=http://127.0.0.1:$nginx_port
    await 15 curl -sf -o /dev/null "$second_base/grantkeeper/readyz"
    export second_settings second_base first_base
}

second_host() {
    install_nginx_files "$work/second-nginx-files" "$work/run/second.sock" >&2
    cat <<HOST
    include $work/second-nginx-files/grantkeeper-upstream.conf;
    server {
        listen 127.0.0.1:$1;
        include $work/second-nginx-files/grantkeeper.conf;
    }
HOST
}

key_ring() {
    printf '%s\n' "$work/private/grantkeeper.keyring"
}

# The id of the key that seals.
current_key() {
    grep -v '^#' "$(key_ring)" | tail -n 1 | cut -d ' ' -f 1
}

# How many stored secrets say that they are sealed with that key.
sealed_with() {
    sql "SELECT count(*) FROM (
             SELECT credential AS value FROM connection
             UNION ALL SELECT clientSecret FROM integration
             UNION ALL SELECT codeVerifier FROM pendingAuthorization
             UNION ALL SELECT clientSecret FROM revocation
             UNION ALL SELECT credential FROM revocation)
         WHERE CAST(substr(value, 3, length('$1')) AS TEXT) = '$1'"
}

generations() {
    sql 'SELECT group_concat(id || generation) FROM (SELECT * FROM connection ORDER BY id)'
}

# As many connections as it takes a moment to seal anew: copies of rows would not open, so they are
# made one by one.
make_connections() {
    add_integration '.authType = "apikey" | del(.authUri, .tokenUri, .revocationUri)'
    seq "$1" | xargs -P 4 -I{} curl -sf -o /dev/null -H "Authorization: Bearer $admin_key" \
        -H 'On-Behalf-Of: filler-{}' -H 'Content-Type: application/json' \
        "$base/api/integrations/$slug/connect" -d '{"apiKey": "filler"}'
}

# call_all COUNT: calls through both services, four at a time; prints each status.
call_all() {
    local bases=("$first_base" "$second_base")
    seq "$1" | while read -r i; do printf '%s\n' "${bases[i % 2]}"; done |
        xargs -P 4 -I{} curl -s -o /dev/null -w '%{http_code}\n' -b "$(jar_of alice)" \
            "{}/api/integrations/$slug/request/files"
}

@test "SECURITY 39: a rotation during 200 calls and refreshes through two services loses none" {
    sign_in alice
    make_connections 150
    add_integration
    connect alice "$slug"
    local old before
    old=$(current_key)
    call_all 200 >"$BATS_TEST_TMPDIR/codes" &
    local calls=$!
    start_process rotate "$binaries/grantkeeper" vault rotate --config "$settings"
    # One call can bear one rejected token, so that only the keeper is told that tokens have ended.
    while is_running rotate; do expire_connection; done
    wait "$calls"
    (($(mock_count token.refresh_token) > 3))
    expect_equal "$(sort "$BATS_TEST_TMPDIR/codes" | uniq -c | tr -s ' ')" ' 200 200'
    expect_equal "$(mock_count refresh.reused)" 0
    expect_equal "$(sealed_with "$old")" 0
    expect_no_match "$(current_key)" "^$old\$"
    expect_match "$(cat "$work/logs/rotate.log")" "vault retire $old"
    before=$(generations)
    grantkeeper vault retire "$old"
    expect_equal "$(generations)" "$before"
    expect_equal "$(stat -c %a "$(key_ring)" "$(key_ring).retired" | sort -u)" 600
    expect_no_match "$(cat "$(key_ring)")" "$old"
    expire_connection
    call_all 4 >"$BATS_TEST_TMPDIR/codes"
    expect_equal "$(sort -u "$BATS_TEST_TMPDIR/codes")" 200
}

@test "with the old key removed, a service that starts again serves everything" {
    sign_in alice
    add_integration
    connect alice "$slug"
    local old
    old=$(current_key)
    grantkeeper vault rotate
    grantkeeper vault retire "$old"
    restart_service
    expire_connection
    as alice GET "/api/integrations/$slug/request/files"
    expect_status 200
    grantkeeper check --deep
}

@test "SECURITY 39: a rotation that is killed in the middle goes on, with no further key" {
    make_connections 200
    local round keys old
    # So that there is a middle: each row takes some milliseconds.
    sql 'CREATE TRIGGER slowly BEFORE UPDATE OF credential ON connection BEGIN
             SELECT count(*) FROM connection a, connection b WHERE a.generation + b.generation < 0;
         END'
    for round in 1 2 3; do
        old=$(current_key)
        start_process "rotate-$round" "$binaries/grantkeeper" vault rotate --config "$settings"
        until is_in_the_middle "$(process_id "rotate-$round")" "$old"; do
            is_running "rotate-$round"
        done
        stop_process "rotate-$round" KILL
        keys=$(grep -vc '^#' "$(key_ring)")
        (($(sealed_with "$old") > 0))
        run grantkeeper vault retire "$old"
        expect_equal "$status" 1
        expect_match "$output" 'still needed'
        grantkeeper vault rotate
        expect_equal "$(sealed_with "$old")" 0
        expect_equal "$(grep -vc '^#' "$(key_ring)")" "$keys"
        grantkeeper vault retire "$old"
    done
    sql 'DROP TRIGGER slowly'
    grantkeeper check --deep
}

# Stops the process while that is looked at, and leaves it stopped when it is so.
is_in_the_middle() {
    kill -s STOP "$1" || return 1
    if [[ $(current_key) != "$2" ]] && (($(sealed_with "$2") > 0)) &&
        (($(sealed_with "$(current_key)") > 0)); then return; fi
    kill -s CONT "$1"
    return 1
}

@test "a service that cannot have the new key stops the rotation before anything is sealed" {
    local old third=$work/private/third
    old=$(current_key)
    mkdir -p "$third"
    cp -- "$(key_ring)" "$third/keyring"
    sed "s|grantkeeper.sock|third.sock|; s|^keyRing:.*|keyRing: $third/keyring|" "$settings" \
        >"$third/third.yaml"
    start_process third "$binaries/grantkeeper" serve --config "$third/third.yaml"
    await 15 test -S "$work/run/third.sock"
    await 5 third_is_known
    run grantkeeper vault rotate
    expect_equal "$status" 1
    expect_match "$output" "$(process_id third)"
    expect_equal "$(current_key)" "$old"
    stop_process third
    run grantkeeper vault rotate
    expect_equal "$status" 0
    grantkeeper vault retire "$old"
}

third_is_known() {
    [[ $(sql "SELECT count(*) FROM process WHERE pid = $(process_id third)") == 1 ]]
}

@test "SECURITY 38: a tampered row is refused and named, the others are served" {
    sign_in alice bob
    add_integration
    connect alice "$slug"
    connect bob "$slug"
    sql "UPDATE connection SET credential = (SELECT credential FROM connection
             WHERE holder = 'bob' AND integrationId = '$integration')
         WHERE holder = 'alice' AND integrationId = '$integration'"
    as alice GET "/api/integrations/$slug/request/files"
    expect_problem 500 secret_unreadable
    as bob GET "/api/integrations/$slug/request/files"
    expect_status 200
    run grantkeeper check --deep
    expect_equal "$status" 1
    expect_match "$output" 'connection conn-[0-9a-z]+ credential: changed, moved'
    run grantkeeper vault status
    expect_equal "$status" 1
    as alice DELETE "/api/integrations/$slug/connection"
    expect_status 204
    grantkeeper check --deep
}

@test "SECURITY 26: no command of the vault shows a key" {
    local secrets
    grantkeeper vault status >"$BATS_TEST_TMPDIR/out" 2>&1
    grantkeeper vault rotate >>"$BATS_TEST_TMPDIR/out" 2>&1
    secrets=$(grep -hv '^#' "$(key_ring)" | cut -d ' ' -f 2)
    while read -r secret; do
        run grep -F -- "$secret" "$BATS_TEST_TMPDIR/out" "$work"/logs/*.log
        expect_equal "$status" 1
    done <<<"$secrets"
}
