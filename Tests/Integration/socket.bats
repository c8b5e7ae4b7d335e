#!/usr/bin/env bats
# The service's own socket, spoken to by what is no nginx.

load helpers
load mock

setup_file() {
    start_stack
}

teardown_file() {
    stop_stack
}

@test "SECURITY 41: thousands of wrong requests on the socket end nothing" {
    local before
    before=$(process_id service)
    python3 "$repository/Tests/Fuzzing/fastcgi.py" "$work/run/grantkeeper.sock" \
        --seed 12 --seconds 8 --key "$admin_key"
    is_running service
    expect_equal "$(process_id service)" "$before"
    request GET /grantkeeper/healthz
    expect_status 200
    run ! grep "Fatal error" "$work/logs/service.log"
}
