# shellcheck shell=bash
#
# The owner ends the connection, or makes it anew, while its refresh is under way. The late tokens
# belong to nothing then: they are never stored, and are revoked; after a reconnect only when the
# new connection ends too, since many providers end all of a user's grants with one token.

title="disconnect or reconnect while a refresh is under way"
full_rounds=50

row() {
    start_household
    add_integration mock
    quiet_background
    local round
    for ((round = 1; round <= $1; round++)); do
        disconnected
        reconnected
    done
    check_database
}

# A refresh through one service, kept back, and then $@ through the other.
meanwhile() {
    connect alice mock
    expire alice
    hold_answers
    proxied alice "$((1 + round % 2))" >"$work/private/late" &
    caller=$!
    await_held || fail "round $round: no refresh was begun"
    "$@"
    release_answers
    wait "$caller" || true
}

disconnect() {
    expect "round $round: DELETE" \
        "$(call alice api/integrations/mock/connection -X DELETE -H "Host: keeper-$((2 - round % 2))")" 204
}

disconnected() {
    meanwhile disconnect
    expect "round $round: the call that refreshed" "$(<"$work/private/late")" '40[49]'
    expect "round $round: GET connection" "$(call alice api/integrations/mock/connection)" 404
    await 60 has_no_grant || fail "round $round: $(grants) grants live on after a disconnect"
    count disconnected
}

reconnected() {
    meanwhile connect alice mock
    local stored
    stored=$(generation alice)
    expect "round $round: the call that refreshed, reconnected" "$(<"$work/private/late")" 200
    expect "round $round: generations after the reconnect" "$(($(generation alice) - stored))" 0
    # Not the late refresh token, and not one whose grant was revoked with it.
    expire alice
    expect "round $round: a call of the new connection" "$(proxied alice)" 200
    expect "round $round: the old grant and the new one" "$(grants)" 2
    call alice api/integrations/mock/connection -X DELETE >/dev/null
    await 60 has_no_grant || fail "round $round: $(grants) grants live on after a reconnect"
    count reconnected
}

grants() {
    curl -sf "$mock/control/grants" | jq '[.grants[] | select(.refreshToken != null)] | length'
}

has_no_grant() {
    (($(grants) == 0))
}
