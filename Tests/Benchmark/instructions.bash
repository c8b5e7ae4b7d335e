# shellcheck shell=bash
#
# Instructions and allocations a request, counted by callgrind: figures that hardly depend on the
# machine's speed, or on what else it does. For scripts/bench --instructions, and for the test that
# compares them with the kept ones. Sourced after upstreams.bash.
#
# Counted are the threads that took requests, in user space: instructions of the service and its
# libraries, and calls of malloc and its kin. The kernel's work is not in it.
# shellcheck disable=SC2034,SC2154 # some variables are read by other files, some are set there

instruction_packages=(binutils gcc libc6-dev valgrind)
# The calls that are counted, how often each is made before, and then in each of the batches.
counted_calls=(connection list get-1k post-1k)
floor_calls=(constant forwarded-get-1k forwarded-post-1k)
warm_up_count=60
counted_count=100
batches=3
kept_instructions=$repository/Tests/Benchmark/instructions.txt
# How much more than the kept figures a call may take, in percent.
allowed_growth=15

# Starts the service, and once more under callgrind, which counts nothing yet. It has one worker:
# else some calls would be the first of their kind for their worker, which prepares its statements.
start_counted_service() {
    printf 'workers:\n  min: 1\n  max: 1\n  integrationShare: 100\n  userShare: 100\n' >>"$settings"
    start_service
    connect_upstreams
    stop_process service
    # callgrind ends when it reads Swift's debugging information.
    objcopy --strip-debug "$binaries/grantkeeper" "$work/private/grantkeeper"
    start_counted service "$work/private/grantkeeper" serve --config "$settings"
    await 240 service_is_ready || {
        cat -- "$work/logs/service.log" >&2
        die "the service is not ready under callgrind"
    }
}

# Starts the programs in C once more, under callgrind.
start_counted_references() {
    local name socket
    for name in constant-responder:constant forwarder:forwarder; do
        socket=$work/run/${name#*:}.sock
        name=${name%:*}
        stop_process "$name"
        rm -f -- "$socket"
        start_counted "$name" "$work/$name" "$socket"
        await 60 test -S "$socket" || die "$name does not start under callgrind"
    done
}

# start_counted NAME COMMAND...: starts a process under callgrind. Swift's dictionaries have the same
# order each time.
start_counted() {
    start_process "$1" env SWIFT_DETERMINISTIC_HASHING=1 valgrind --tool=callgrind \
        --instr-atstart=no --separate-threads=yes --demangle=no --fair-sched=yes \
        --vgdb-prefix="$work/run/vgdb" --callgrind-out-file="$work/private/callgrind-$1" "${@:2}"
}

# counted_process NAME: prints which process the call is counted in.
counted_process() {
    case $1 in
        constant) printf 'constant-responder\n' ;;
        forwarded-*) printf 'forwarder\n' ;;
        *) printf 'service\n' ;;
    esac
}

# count_call NAME: makes the calls, and writes what instructions.awk says to $work/NAME.counted. That
# is the cheapest batch: now and then something else is done once, such as reading a row again that
# the background wrote.
count_call() {
    local batch process
    process=$(counted_process "$1")
    make_calls "$1" "$warm_up_count"
    callgrind "$process" instrumentation on
    for ((batch = 0; batch < batches; batch++)); do
        callgrind "$process" zero
        make_calls "$1" "$counted_count"
        callgrind "$process" dump "$1-$batch"
    done
    callgrind "$process" instrumentation off
    for ((batch = 0; batch < batches; batch++)); do
        add_up "$1-$batch"
    done | cheapest >"$work/$1.counted"
    grep -qx "requests $counted_count" "$work/$1.counted" ||
        die "$1: $(grep '^requests' "$work/$1.counted") were counted of $counted_count"
}

# Prints the batch with fewest instructions; each ends with the line of its requests.
cheapest() {
    awk '{ lines = lines $0 "\n" }
        $1 == "instructions" { sum += $3 }
        $1 == "requests" {
            if (best == "" || sum < least) { best = lines; least = sum }
            lines = ""
            sum = 0
        }
        END { printf "%s", best }'
}

# callgrind PROCESS COMMAND...: gives a command to callgrind in that process.
callgrind() {
    vgdb --vgdb-prefix="$work/run/vgdb" --pid="$(process_id "$1")" "${@:2}" \
        >>"$work/logs/callgrind.log" 2>&1 || die "callgrind did not take the command: $*"
}

# make_calls NAME COUNT: one after the other, on one connection.
make_calls() {
    local options=() url answers header
    header="Cookie: grantkeeper=$(<"$work/private/session")"
    if [[ $(counted_process "$1") != service ]]; then header='Host: references.test'; fi
    url=$base$(call_target "$1")
    if [[ $1 == *post-* ]]; then
        options=(-H 'Content-Type: application/json' --data-binary "@$work/files/get-${1##*post-}")
    fi
    answers=$(curl -s -H "$header" "${options[@]}" \
        -w '%{http_code}\n' --config <(for ((number = 0; number < $2; number++)); do
            printf 'url = "%s"\noutput = "/dev/null"\n' "$url"
        done) | sort | uniq -c | xargs)
    [[ $answers == "$2 200" ]] || die "$1: $2 answers with 200 were expected: $answers"
}

# add_up NAME: adds up the dump that has this name.
add_up() {
    local files
    readarray -t files < <(grep -lx "desc: Trigger: dump $1" "$work"/private/callgrind*)
    awk -f "$repository/Tests/Benchmark/instructions.awk" "${files[@]}"
}

# per_request NAME: prints the instructions and the allocations of a call.
per_request() {
    awk '$1 == "instructions" { sum += $3 } $1 == "allocations" { allocations = $2 }
        $1 == "requests" { requests = $2 }
        END { printf "%.0f %.0f\n", sum / requests, allocations / requests }' "$work/$1.counted"
}

# counted_as_json NAME: prints {NAME: {instructions, allocations, targets: {TARGET: instructions}}}.
counted_as_json() {
    local instructions allocations
    read -r instructions allocations < <(per_request "$1")
    jq -Rn --arg name "$1" --argjson instructions "$instructions" \
        --argjson allocations "$allocations" --argjson count "$counted_count" '
        [inputs | split(" ") | select(.[0] == "instructions")
            | {(.[1]): ((.[2] | tonumber) / $count | round)}] | add as $targets
        | {($name): {$instructions, $allocations, $targets}}' "$work/$1.counted"
}

# The figures that are kept ------------------------------------------------------------------

# Prints the counted figures, as they are kept.
instructions_to_keep() {
    local name
    cat <<TEXT
# Instructions and allocations a request, as \`scripts/bench --instructions --keep\` counts and writes
# them, with $(swift_version) on $(uname -m). A test fails when a call takes over $allowed_growth % more.
TEXT
    for name in "${counted_calls[@]}"; do
        printf '%s %s\n' "$name" "$(per_request "$name")"
    done
}

swift_version() {
    swift --version 2>/dev/null | sed -n 's/.*\(Swift version [0-9.]*\).*/\1/p' | head -n 1
}

# Whether the kept figures are of this kind of processor.
instructions_are_comparable() {
    grep -q "^#.* on $(uname -m)[.]" "$kept_instructions"
}

# growth NAME INSTRUCTIONS ALLOCATIONS [FILE]: prints a sentence for each of the two figures that is
# too far over the kept one; nothing when all is well.
growth() {
    awk -v name="$1" -v instructions="$2" -v allocations="$3" -v allowed="$allowed_growth" '
        function compare(what, now, kept) {
            if ((now - kept) * 100 <= kept * allowed) return
            printf "%s: %d %s a request, %.0f %% more than the %d that are kept\n",
                name, now, what, (now / kept - 1) * 100, kept
        }
        $1 == name {
            compare("instructions", instructions, $2)
            compare("allocations", allocations, $3)
            is_kept = 1
        }
        END { if (!is_kept) printf "%s: no figures are kept\n", name }
    ' "${4:-$kept_instructions}"
}
