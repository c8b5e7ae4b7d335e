# shellcheck shell=bash
#
# Somebody else holds the write lock for 4 s while everything that writes is asked for: refreshes,
# sign-ins, connections made and ended. All of it waits, and nothing fails.

title="the write lock held for 4 s from outside"
full_rounds=20
users=8

row() {
    start_household
    add_integration mock
    local round user
    for ((user = 1; user <= users; user++)); do connect "user-$user" mock; done
    for ((round = 1; round <= $1; round++)); do locked_round; done
    check_database
}

locked_round() {
    local user answers asking=()
    rm -f -- "$work"/private/codes-*
    expire
    hold_lock
    for ((user = 1; user <= users; user++)); do
        write_and_read "user-$user" &
        asking+=("$!")
    done
    # The fault itself: so long is the lock held.
    sleep 4
    release_lock
    wait "${asking[@]}"
    answers=$(sort "$work"/private/codes-* | uniq -c | awk '{ print $1 "×" $2 }' | xargs)
    count answers "$(sort "$work"/private/codes-* | wc -l)"
    # Each user: the call, a GET connection, a session; the last one's connection is replaced.
    expect "round $round: answers" "$answers" "$((2 * users))×200 $((users + 1))×201"
}

# What one user does meanwhile, all at once.
write_and_read() {
    local codes=$work/private/codes-$1
    proxied "$1" >"$codes-proxied" &
    call "$1" api/integrations/mock/connection >"$codes-read" &
    api POST grantkeeper/sessions -o /dev/null -w '%{http_code}' \
        -H 'Content-Type: application/json' -d "{\"userId\": \"$1\"}" >"$codes-session" &
    if [[ $1 == "user-$users" ]]; then
        call another api/integrations/mock/connect -H 'Content-Type: application/json' \
            -d '{"accessToken": "one", "expiresIn": 3600}' >"$codes-connect" &
    fi
    wait
}
