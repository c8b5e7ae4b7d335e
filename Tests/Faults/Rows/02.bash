# shellcheck shell=bash
#
# One of two services is killed in the middle of a refresh: before it asks the provider, after,
# when the answer is there, and while that is being stored. Then either the other one, or the
# killed one started again, has to serve the call. A rotating provider with grace gives the same
# successor again; for one without, a refresh that was sent and not stored is the grant's end.

title="kill -9 before sending, after sending, after the answer, during the commit"
full_rounds=200

row() {
    start_household
    add_integration mock
    quiet_background
    connect bob mock
    local grace point round
    for grace in 60 0; do
        mock_set "{\"gracePeriod\": $grace}"
        for point in before-sending after-sending after-answer during-commit; do
            connect alice mock
            for ((round = 1; round <= $1; round++)); do kill_round; done
            check_database
            expect "$point, grace $grace: who is not concerned" "$(proxied bob)" 200
        done
    done
    note reused "$(mock_count refresh.reused)"
}

kill_round() {
    local before asked stored
    expire alice
    stored=$(generation alice)
    before=$(mock_count token.refresh_token)
    "die_${point/-/_}" || {
        fail "$point, round $round: the point was not reached"
        answer_again
        kill_keeper 1
    }
    asked=$(($(mock_count token.refresh_token) - before))
    call_off 1
    count "kills with grace $grace"
    after_death
}

# The answer of a call through keeper 1, which will not come.
begin_call() {
    proxied alice 1 >/dev/null &
    caller=$!
}

# Either just before the lease is written, or when it is, and nothing has been sent yet.
die_before_sending() {
    case $((round % 4)) in
        0) hold_lock; order 1 lock after ;;
        1) order 1 write before ;;
        2) order 1 write after 1 ;;
        3) order 1 sync after ;;
    esac
    begin_call
    reap_keeper 1
    if ((round % 4 == 0)); then release_lock; fi
}

die_after_sending() {
    hold_answers
    begin_call
    await_held || return 1
    kill_keeper 1
}

# When the answer is there and the write lock is somebody else's.
die_after_answer() {
    hold_answers
    begin_call
    await_held || return 1
    hold_lock
    order 1 lock after
    release_answers
    reap_keeper 1
    release_lock
}

# At one of the commit's writes, at its sync, or right behind it, when the call has its answer.
die_during_commit() {
    hold_answers
    begin_call
    await_held || return 1
    case $((round % 8)) in
        5) ;;
        6) order 1 sync before ;;
        7) order 1 sync after ;;
        *) order 1 write before "$((round % 8))" ;;
    esac
    release_answers
    await 20 has_ended || return 1
    kill_keeper 1
}

has_ended() {
    is_stopped keeper-1 || ! kill -0 "$caller"
}

# Who is to serve the next call: the survivor, or the one that comes back.
after_death() {
    local status keeper=$((1 + round % 2))
    stored=$(($(generation alice) - stored))
    start_keeper 1
    wait "$caller" || true
    if ((keeper == 1)); then await_keeper 1; fi
    status=$(proxied alice "$keeper")
    if [[ $status == 5* ]]; then
        await 15 is_served "$keeper" || true
        status=$(proxied alice "$keeper")
    fi
    judge "$status"
    await_keeper 1
}

is_served() {
    [[ $(proxied alice "$1") != 5* ]]
}

# A loss is allowed with a provider without grace, when it was asked and the answer is not stored.
judge() {
    local text="$point, grace $grace, round $round (asked $asked×, stored $stored×)"
    case $1 in
        200) count recovered ;;
        409)
            lose "$text"
            count "lost $point"
            if ((grace || stored || asked == 0)) || [[ $point == before-sending ]]; then
                fail "$text: lost"
            fi
            expect "$text: the connection" "$(status_of alice)" reauthorization_required
            connect alice mock
            ;;
        *) fail "$text: $1 stays" ;;
    esac
    expect "$text: asked" "$asked" "$([[ $point == before-sending ]] && printf 0 || printf 1)"
}
