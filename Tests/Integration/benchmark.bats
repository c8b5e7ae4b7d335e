#!/usr/bin/env bats
# What scripts/bench computes: sums of callgrind's files, growth over the kept figures, processor
# time. Nothing is started.

load helpers
# shellcheck source=Tests/Benchmark/upstreams.bash
source "$BATS_TEST_DIRNAME/../Benchmark/upstreams.bash"
# shellcheck source=Tests/Benchmark/instructions.bash
source "$BATS_TEST_DIRNAME/../Benchmark/instructions.bash"
# shellcheck source=Tests/Benchmark/processor.bash
source "$BATS_TEST_DIRNAME/../Benchmark/processor.bash"
# shellcheck source=Tests/Benchmark/rounds.bash
source "$BATS_TEST_DIRNAME/../Benchmark/rounds.bash"
# shellcheck source=Tests/Benchmark/tables.bash
source "$BATS_TEST_DIRNAME/../Benchmark/tables.bash"

# What callgrind writes of a thread that took two requests: a call's cost stands below `calls=`, and
# again with what was called.
write_worker() {
    cat >"$BATS_TEST_TMPDIR/worker" <<'CALLGRIND'
# callgrind format
thread: 14
events: Ir
summary: 1000

ob=(1) /srv/bin/grantkeeper
fl=(1) ???
fn=(1) $s7FastCGI6ServerC5serveyyF
0 100
cob=(2) /usr/lib/libfcgi.so.0
cfi=(1)
cfn=(2) FCGX_Accept_r
calls=2 0
0 700
cob=(3) /opt/swift/libswiftCore.so
cfn=(3) swift_slowAlloc
calls=5 0
* 70

fn=(4) $sSS8EncodingE9asLowerSSvg
+3 20

fn=(5) $sSay7FastCGI6ServerCGMa
-2 30

fn=(6) $ss5SliceV7indices7IndicesQzvg
0 5

fn=(7) CCryptoBoringSSL_sha256_block_data_order_avx
0 7

fn=(1)
0 1

ob=(2)
fn=(2)
0 40
cob=(4) /usr/lib/x86_64-linux-gnu/libc.so.6
cfn=(8) malloc'2
calls=3 0
0 660

ob=(3)
fn=(3)
0 20
cob=(4)
cfn=(9) realloc
calls=5 0
0 50

ob=(4)
fn=(9)
0 15
cfn=(8)
calls=5 0
0 35

fn=(8)
0 35
CALLGRIND
}

# A thread in the background, which is left out.
write_other_thread() {
    cat >"$BATS_TEST_TMPDIR/other" <<'CALLGRIND'
thread: 7
events: Ir

ob=(1) /srv/bin/grantkeeper
fn=(1) $s6Keeper10BackgroundC3runyyF
0 999
cob=(2) /usr/lib/libc.so.6
cfn=(2) malloc
calls=9 0
0 99
CALLGRIND
}

# write_counted NAME INSTRUCTIONS ALLOCATIONS: as if ten requests had been counted.
write_counted() {
    printf '%s\n' "instructions API $(($2 * 4))" "instructions libc $(($2 * 6))" \
        "allocations $(($3 * 10))" 'requests 10' >"$work/$1.counted"
}

@test "instructions are summed by target, and only of threads that took requests" {
    write_worker
    write_other_thread
    run awk -f "$repository/Tests/Benchmark/instructions.awk" \
        "$BATS_TEST_TMPDIR/other" "$BATS_TEST_TMPDIR/worker" "$BATS_TEST_TMPDIR/other"
    # shellcheck disable=SC2154 # set by run
    expect_equal "$(sort <<<"$output" | grep -v '^allocations')" "$(sort <<'SUMS'
instructions FastCGI 101
instructions Encoding 20
instructions swift-specialized 35
instructions Crypto 7
instructions libfcgi 40
instructions swift 20
instructions libc 50
requests 2
SUMS
    )"
}

@test "an allocation is counted once, whichever of libc's functions others are called by" {
    write_worker
    run awk -f "$repository/Tests/Benchmark/instructions.awk" "$BATS_TEST_TMPDIR/worker"
    # Three by libfcgi, five by Swift; realloc's own calls of malloc are no further ones.
    expect_match "$output" 'allocations 8'
}

@test "the cheapest of several batches counts" {
    run cheapest <<'BATCHES'
instructions API 7
instructions libc 2
allocations 1
requests 10
instructions API 4
instructions libc 4
allocations 2
requests 10
instructions API 10
allocations 0
requests 10
BATCHES
    expect_equal "$output" $'instructions API 4\ninstructions libc 4\nallocations 2\nrequests 10'
}

@test "figures are a request's, and show as JSON and as a table" {
    work=$BATS_TEST_TMPDIR
    counted_count=10
    write_counted connection 1000 50
    expect_equal "$(per_request connection)" '1000 50'
    run --keep-empty-lines print_instructions < <(counted_as_json connection)
    expect_equal "$output" '               connection
instructions         1000
  own targets         400
    API               400
  libc                600
allocations            50
'
}

@test "a call may take as much more as is allowed, and any amount less" {
    printf '# comment\nconnection 1000 100\n' >"$BATS_TEST_TMPDIR/kept"
    expect_equal "$(growth connection 1150 115 "$BATS_TEST_TMPDIR/kept")" ''
    expect_equal "$(growth connection 10 1 "$BATS_TEST_TMPDIR/kept")" ''
}

@test "what takes more than that is told of, with how much" {
    printf 'list 1 1\nconnection 1000 100\n' >"$BATS_TEST_TMPDIR/kept"
    expect_equal "$(growth connection 1151 115 "$BATS_TEST_TMPDIR/kept")" \
        'connection: 1151 instructions a request, 15 % more than the 1000 that are kept'
    expect_equal "$(growth connection 1000 150 "$BATS_TEST_TMPDIR/kept")" \
        'connection: 150 allocations a request, 50 % more than the 100 that are kept'
    expect_equal "$(growth get-1k 1 1 "$BATS_TEST_TMPDIR/kept")" 'get-1k: no figures are kept'
}

@test "what is kept can be compared with again" {
    work=$BATS_TEST_TMPDIR
    local name
    for name in "${counted_calls[@]}"; do write_counted "$name" 1000 50; done
    instructions_to_keep >"$BATS_TEST_TMPDIR/kept"
    for name in "${counted_calls[@]}"; do
        expect_equal "$(growth "$name" 1000 50 "$BATS_TEST_TMPDIR/kept")" ''
    done
    kept_instructions=$BATS_TEST_TMPDIR/kept instructions_are_comparable
    sed -i 's/ on [^ ]*\. A test/ on pdp11. A test/' "$BATS_TEST_TMPDIR/kept"
    run ! env kept_instructions="$BATS_TEST_TMPDIR/kept" bash -c "$(declare -f \
        instructions_are_comparable); instructions_are_comparable"
}

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
