#!/usr/bin/env bats
# What scripts/bench computes: medians, ratios and processor time. Nothing is started.

load helpers
# shellcheck source=Tests/Benchmark/processor.bash
source "$BATS_TEST_DIRNAME/../Benchmark/processor.bash"
# shellcheck source=Tests/Benchmark/rounds.bash
source "$BATS_TEST_DIRNAME/../Benchmark/rounds.bash"

@test "processor time is a process's and its descendants', whatever their names are" {
    run add_processor_time 10 100 <<'STAT'
10 (nginx: a) b) S 1 10 10 0 -1 0 0 0 0 0 1 2 3 4 20 0 1
11 (nginx) S 10 10 10 0 -1 0 0 0 0 0 10 20 0 0 20 0 1
12 (worker) S 11 10 10 0 -1 0 0 0 0 0 100 200 0 0 20 0 1
13 (other) S 1 10 10 0 -1 0 0 0 0 0 1000 2000 0 0 20 0 1
STAT
    expect_equal "$output" 3400
}

@test "a row has the median of its rounds, and of their ratios" {
    work=$BATS_TEST_TMPDIR
    mkdir "$work/figures"
    printf '10\n30\n20\n' >"$work/figures/proxy-get-1k.own"
    printf '100\n100\n400\n' >"$work/figures/proxy-get-1k.reference"
    printf '20\n30\n40\n' >"$work/figures/proxy-get-1k.forwarder"
    local file
    for file in own.service own.gateway reference.gateway forwarder.forwarder forwarder.gateway; do
        printf '1\n3\n2\n' >"$work/figures/proxy-get-1k.$file"
    done
    expect_equal "$(report proxy-get-1k | jq -cS .)" "$(jq -cS . <<'JSON'
{"proxy-get-1k": {"median": 20, "reference": 100, "ratio": 0.1,
    "processor-us": {"service": 2, "nginx": 2}, "reference-processor-us": {"nginx": 2},
    "forwarder": {"median": 30, "ratio": 0.5, "processor-us": {"forwarder": 2, "nginx": 2}}}}
JSON
    )"
}
