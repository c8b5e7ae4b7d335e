# shellcheck shell=bash
#
# A connection ends while its provider is out of reach: the owner is told so at once, nothing can
# be called with it any more, and the provider hears of it when it is back, refresh token first,
# even when the service was killed meanwhile.

title="provider down at DELETE"
full_rounds=20
users=5

row() {
    start_household
    add_integration mock
    local round user
    for ((round = 1; round <= $1; round++)); do
        for ((user = 1; user <= users; user++)); do connect "user-$user" mock; done
        disconnect_all "$([[ $((round % 2)) == 0 ]] && printf killed || printf 'left alone')"
    done
    check_database
}

disconnect_all() {
    local before began
    before=$(mock_count revoke.refresh_token)
    stop_front
    for ((user = 1; user <= users; user++)); do
        began=${EPOCHREALTIME/./}
        expect "round $round: DELETE" "$(call "user-$user" api/integrations/mock/connection -X DELETE)" 204
        ((${EPOCHREALTIME/./} - began < 2000000)) || fail "round $round: DELETE took over 2 s"
        expect "round $round: GET" "$(call "user-$user" api/integrations/mock/connection)" 404
        expect "round $round: a call" "$(proxied "user-$user")" 409
    done
    expect "round $round: in the queue" "$(waiting)" "$users"
    if [[ $1 == killed ]]; then
        kill_keeper 1
        kill_keeper 2
        restart_keeper 1
        restart_keeper 2
    fi
    start_front
    # Half a minute is the pause after the first attempt; a short run does not wait for it.
    [[ -z $short ]] || make_due
    await 120 is_revoked || {
        fail "round $round: $(waiting) of $users wait still, $1"
        lose "revocations of round $round"
    }
    expect "round $round: grants revoked" "$(($(mock_count revoke.refresh_token) - before))" "$users"
    count revoked "$users"
}

make_due() {
    sql 'UPDATE revocation SET nextAttemptAt = unixepoch() - 1'
    kill_keeper 1
    kill_keeper 2
    restart_keeper 1
    restart_keeper 2
}

waiting() {
    sql 'SELECT count(*) FROM revocation'
}

is_revoked() {
    (($(waiting) == 0))
}
