# shellcheck shell=bash
#
# 2,000 calls at once, for scripts/bench, which sources it.
# shellcheck disable=SC2154 # the variables are scripts/bench's

# 2,000 calls in flight, for as long as it takes to see them there and to measure beside them.
# Prints what that took.
run_crowd() {
    local cookie crowd_output output peak
    cookie="Cookie: grantkeeper=$(<"$work/private/session")"
    make_room_for_crowd
    start_process crowd wrk -t 2 -c 2000 -d "$((seconds + 8))s" --timeout 30s -H "$cookie" \
        "$base/api/integrations/api/request/slow"
    await 6 everybody_is_in_flight || die "there are not 2,000 calls in flight"
    output=$(wrk -t 1 -c 1 -d "${seconds}s" --latency -H "$cookie" \
        "$base/api/integrations/files/connection")
    refuse_errors connection "$output"
    peak=$(memory VmHWM)
    await 30 is_stopped crowd
    crowd_output=$(<"$work/logs/crowd.log")
    refuse_errors slow "$crowd_output"
    jq -n --arg name "$crowd" --argjson peak "$peak" \
        --argjson answered "$(awk '/requests in/ { print $1 }' <<<"$crowd_output")" \
        --argjson p99 "$(awk '$1 == "99%" { print $2 }' <<<"$output" | in_milliseconds)" \
        '{($name): {$answered, "peak-mb": $peak, "connection-p99-ms": $p99}}'
}

# The service once more, with workers for all of them, and all for one integration.
make_room_for_crowd() {
    printf 'workers:\n  max: 2100\n  integrationShare: 100\n  userShare: 100\n' >>"$settings"
    restart_service
}

everybody_is_in_flight() {
    (($(curl -s "$base/grantkeeper/metrics" |
        awk '$1 == "grantkeeper_workers_busy" { print $2 }') > 2000))
}

# A time as wrk writes it: 950.00us, 1.25ms, 2.00s.
in_milliseconds() {
    awk '/us$/ { print $1 / 1000; next } /ms$/ { print $1 + 0; next } { print $1 * 1000 }'
}
