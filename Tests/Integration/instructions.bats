#!/usr/bin/env bats
# What a call costs: instructions and allocations a request, beside the figures that are kept in
# Tests/Benchmark/instructions.txt. callgrind counts them; the machine's speed is not in them.

load helpers
# shellcheck source=Tests/Benchmark/hosts.bash
source "$BATS_TEST_DIRNAME/../Benchmark/hosts.bash"
# shellcheck source=Tests/Benchmark/upstreams.bash
source "$BATS_TEST_DIRNAME/../Benchmark/upstreams.bash"
# shellcheck source=Tests/Benchmark/instructions.bash
source "$BATS_TEST_DIRNAME/../Benchmark/instructions.bash"

setup_file() {
    need_swift
    find_binaries
    make_work
    export work
    start_surroundings
    start_counted_service
    local name
    for name in "${counted_calls[@]}"; do count_call "$name"; done
}

teardown_file() {
    clean_up
}

# stays_within NAME: fails when the call takes more than it may, and says how to change that.
stays_within() {
    local figures grown
    instructions_are_comparable || skip "the kept figures are of another kind of processor"
    read -ra figures < <(per_request "$1")
    printf '# %s: %s instructions, %s allocations\n' "$1" "${figures[@]}" >&3
    grown=$(growth "$1" "${figures[@]}")
    [[ -z $grown ]] || {
        printf '%s\n' "$grown" \
            "scripts/bench --instructions shows where they are. If that is what the change is worth," \
            "run scripts/bench --instructions --keep, and say in the commit why." >&2
        return 1
    }
}

@test "GET connection takes no more than it did" {
    stays_within connection
}

@test "the list of connections takes no more than it did" {
    stays_within list
}

@test "a proxied GET of 1 KB takes no more than it did" {
    stays_within get-1k
}

@test "a proxied POST of 1 KB takes no more than it did" {
    stays_within post-1k
}
