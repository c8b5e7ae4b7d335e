# shellcheck shell=bash
#
# A service that has a lease is stopped while its answer is under way, and goes on after another one
# has taken the lease over. Its late tokens are stored if the generation stands: also when the
# second was told that the grant is dead, because the first had used its token already.

title="a process stopped past the deadline of its lease, then continued"
full_rounds=20
# The least that it can be: a lease lives for 15 s longer.
extra_settings="refresh:
  timeout: 1s"

row() {
    start_household
    add_integration mock
    quiet_background
    connect alice mock
    local round
    for ((round = 1; round <= $1; round++)); do
        late_after_death
        [[ -n $short ]] || late_after_success
    done
    check_database
}

# Keeper 1 stops, its answer comes, and keeper 2 serves the call. Sets $status, of that call.
overtake() {
    expire alice
    hold_answers
    proxied alice 1 >"$work/private/late" &
    caller=$!
    await_held || fail "round $round: no refresh was begun"
    kill -s STOP "$(process_id keeper-1)"
    release_answers
    status=$(proxied alice 2)
}

go_on() {
    kill -s CONT "$(process_id keeper-1)"
    wait "$caller" || true
}

# Without grace, the taker gets an invalid_grant; the provider does not end the grant for it.
late_after_death() {
    mock_set '{"gracePeriod": 0, "reuseDetection": false}'
    local before
    before=$(generation alice)
    overtake
    expect "round $round: the taker's answer" "$status" 409
    expect "round $round: meanwhile" "$(status_of alice 2)" reauthorization_required
    go_on
    expect "round $round: the late answer" "$(<"$work/private/late")" 200
    expect "round $round: afterwards" "$(status_of alice)" active
    expect "round $round: generations" "$(($(generation alice) - before))" 1
    expect "round $round: a call" "$(proxied alice 2)" 200
    if [[ $(status_of alice) == active ]]; then
        count undone
    else
        lose "alice, round $round"
        connect alice mock
    fi
}

# With grace, the taker stores the same tokens, or newer ones: the late ones are not stored.
late_after_success() {
    mock_set '{"gracePeriod": 60, "reuseDetection": true}'
    local before
    before=$(generation alice)
    overtake
    expect "round $round: the taker's answer, with grace" "$status" 200
    expect "round $round: generations, with grace" "$(($(generation alice) - before))" 1
    go_on
    expect "round $round: the late answer, with grace" "$(<"$work/private/late")" 200
    expect "round $round: generations afterwards, with grace" "$(($(generation alice) - before))" 1
    expect "round $round: a call, with grace" "$(proxied alice 2)" 200
    [[ $(status_of alice) == active ]] || lose "alice, round $round, with grace"
    count overtaken
}
