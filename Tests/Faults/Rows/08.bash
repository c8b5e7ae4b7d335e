# shellcheck shell=bash
#
# The service's clock is set by an hour and by a day, forward and back, while users call: no token
# is refreshed more than once for it, and what has expired (a flow's state, a session) is not alive
# again when the clock goes back.

title="the clock moved by an hour, by a day, forward and back"
full_rounds=20
keepers=1
users=10
day=86400

row() {
    cc -O2 -Wall -shared -fPIC -o "$work/clock.so" "$repository/Tests/Faults/clock.c" -ldl
    set_clock 0
    start_household
    stop_process keeper-1
    restart_keeper 1 LD_PRELOAD="$work/clock.so" FAULTS_CLOCK="$work/run/clock"
    add_integration mock
    local user round
    if [[ -n $short ]]; then users=3; fi
    for ((user = 1; user <= users; user++)); do connect "user-$user" mock; done
    for ((round = 1; round <= $1; round++)); do
        moved 3600
        moved "$day"
        expired_stays_expired
        work_goes_on
    done
    check_database
}

# set_clock SECONDS: so much later than it is.
set_clock() {
    printf '%d\n' "$1" >"$work/run/clock.new"
    mv -- "$work/run/clock.new" "$work/run/clock"
}

# moved SECONDS: forward, where an hour ends every token; back to now; back further; to now.
moved() {
    everybody_calls "forward by $1 s" "$1" "$users"
    everybody_calls "back to now from $1 s ahead" 0 0
    everybody_calls "back by $1 s" "-$1" 0
    everybody_calls "to now from $1 s behind" 0 0
    # What was issued ahead of time is at its end by now, but for the service's clock.
    expire
    everybody_calls "tokens at their end after $1 s" 0 "$users"
}

# everybody_calls WHEN CLOCK MOST: three times, with the clock set like that, and with so many
# refreshes at most.
everybody_calls() {
    local before user time refreshes
    before=$(mock_count token.refresh_token)
    set_clock "$2"
    for time in 1 2 3; do
        for ((user = 1; user <= users; user++)); do
            expect "$1: user-$user, call $time" "$(proxied "user-$user")" 200
        done
    done
    refreshes=$(($(mock_count token.refresh_token) - before))
    ((refreshes <= $3)) || fail "$1: $refreshes refreshes, at most $3 expected"
    count refreshes "$refreshes"
    count calls "$((3 * users))"
}

# A session and a flow end while the clock is ahead: an hour is more than both have.
expired_stays_expired() {
    local session=$work/private/jars/session flow=$work/private/jars/flow callback
    set_clock 0
    sign_in session '"expiresIn": 1800'
    sign_in flow '"expiresIn": 86400'
    callback=$(curl -s -o /dev/null -w '%{redirect_url}' -b "$flow" -c "$flow" \
        "$base/api/integrations/mock/connect")
    callback=$(curl -s -o /dev/null -w '%{redirect_url}' "$callback")
    expect "the session" "$(with_jar "$session" "$base/grantkeeper/session")" 200
    set_clock 3600
    expect "the session, later" "$(with_jar "$session" "$base/grantkeeper/session")" 401
    expect "the flow, later" "$(with_jar "$flow" "$callback")" 302
    set_clock 0
    expect "the session, set back" "$(with_jar "$session" "$base/grantkeeper/session")" 401
    expect "the flow, set back" "$(with_jar "$flow" "$callback")" 302
    expect "connections by an expired flow" \
        "$(sql "SELECT count(*) FROM connection WHERE holder = 'flow'")" 0
    count expired 2
}

# What is done in the background does not wait for the day that was set back.
work_goes_on() {
    local before
    before=$(mock_count revoke.refresh_token)
    # An earlier session has ended while the clock was ahead.
    sign_in leaving
    connect leaving mock
    set_clock "-$day"
    call leaving api/integrations/mock/connection -X DELETE >/dev/null
    await 60 revoked_since "$before" || fail "no work in the background, the clock set back"
    set_clock 0
    sign_in leaving
    connect leaving mock
    call leaving api/integrations/mock/connection -X DELETE >/dev/null
    await 60 revoked_since "$((before + 1))" || fail "no work in the background afterwards"
}

revoked_since() {
    (($(mock_count revoke.refresh_token) > $1))
}

with_jar() {
    curl -s -o /dev/null -w '%{http_code}' -b "$1" "$2"
}
