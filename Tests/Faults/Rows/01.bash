# shellcheck shell=bash
#
# Everybody calls at the moment when the token has ended: one of four services asks the provider,
# once, and keeps nobody's call waiting for longer than that. The answer is kept back until all
# 1,000 are under way, so that none of them comes late.

title="1,000 calls at once at expiry, 4 services, a provider that rotates without grace"
full_rounds=200
short_rounds=2
keepers=4
callers=1000
# curl has at most 300 transfers under way.
callers_a_curl=250

row() {
    ulimit -n 8192
    start_household
    add_integration mock
    connect alice mock
    write_calls >"$work/private/calls"
    local round before
    for ((round = 1; round <= $1; round++)); do
        before=$(mock_count token.refresh_token)
        storm_round "$round"
        expect "round $round: refreshes" "$(($(mock_count token.refresh_token) - before))" 1
        count refreshes "$(($(mock_count token.refresh_token) - before))"
    done
    note reused "$(mock_count refresh.reused)"
    expect "tokens used twice" "$(mock_count refresh.reused)" 0
    [[ $(status_of alice) == active ]] || lose alice
    expect "alice" "$(status_of alice)" active
    check_database
}

storm_round() {
    local curls=() number answers
    # In this order: the work in the background may be the one that asks.
    hold_answers
    expire alice
    rm -f -- "$work"/private/codes-*
    for ((number = 0; number < callers / callers_a_curl; number++)); do
        curl -s -Z --parallel-immediate --parallel-max "$callers_a_curl" --max-time 60 \
            -K "$work/private/calls" >"$work/private/codes-$number" 2>/dev/null &
        curls+=("$!")
    done
    await_held || fail "round $1: no refresh was begun"
    await 30 are_under_way || fail "round $1: only $(gauge grantkeeper_workers_busy) calls"
    release_answers
    wait "${curls[@]}" || true
    answers=$(sort "$work"/private/codes-* | uniq -c | awk '{ print $1 "×" $2 }' | xargs)
    expect "round $1: answers" "$answers" "$callers×200"
    count calls "$callers"
}

# The services work on all of them, and on the question how many these are.
are_under_way() {
    (($(gauge grantkeeper_workers_busy) >= callers))
}

write_calls() {
    local number
    for ((number = 0; number < callers_a_curl; number++)); do
        printf 'next\nurl = "%s"\noutput = /dev/null\nwrite-out = "%%{http_code}\\n"\n' \
            "$base/api/integrations/mock/request/files"
        printf 'header = "Authorization: Bearer %s"\nheader = "On-Behalf-Of: alice"\n' "$admin_key"
    done | tail -n +2
}
