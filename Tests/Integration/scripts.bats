#!/usr/bin/env bats
# Each script that README names, called by itself from a clone that nothing was built in, as a user
# does: it ends well, and leaves nothing behind.
#
# Building a clone takes minutes. So the scripts take their own way to the build, but the `swift`
# that they find there puts in what the tests run with already, and reports three unit tests of its own;
# formatting it leaves to the real one.

load helpers

setup_file() {
    need_swift
    find_binaries
    swift=$(command -v swift)
    place=$(mktemp -d /tmp/grantkeeper-clone.XXXXXX)
    clone=$place/clone
    export binaries swift place clone
    mkdir "$clone" "$place/bin" "$place/elsewhere"
    copy_what_is_cloned
    make_swift
    make_unit_tests
}

teardown_file() {
    rm -rf -- "$place"
}

setup() {
    # Short, because a path to a socket goes three such folders deep.
    outer=$(mktemp -d /tmp/gk.XXXX)
    chmod 0755 "$outer"
    rm -rf -- "$clone/.build"
}

teardown() {
    rm -rf -- "$outer"
}

# The files that a clone would have, as they are now.
copy_what_is_cloned() {
    local list=(git -C "$repository" ls-files -z --cached --others --exclude-standard)
    if [[ ! -e $repository/.git ]]; then
        list=(find "$repository" -name .build -prune -o -type f -printf '%P\0')
    fi
    "${list[@]}" | tar -C "$repository" --null --files-from=- --ignore-failed-read -cf - |
        tar -C "$clone" -xf -
}

make_swift() {
    cat >"$place/bin/swift" <<SWIFT
#!/bin/sh
case "\$*" in
    format*) exec $swift "\$@" ;;
    "test "*"--package-path $clone"*) exec $place/unit-tests "\$@" ;;
    "build "*"--package-path $clone"*) ;;
    *) echo "unexpected: swift \$*" >&2; exit 1 ;;
esac
mkdir -p $clone/.build && ln -sfn $binaries $clone/.build/release
case "\$*" in
    *--show-bin-path*) echo $clone/.build/release ;;
esac
SWIFT
    chmod 0755 "$place/bin/swift"
}

# Three unit tests in Swift's place, of which one fails. The filter and the report are those of
# `swift test`: a regular expression, and a file beside the one that was asked for.
make_unit_tests() {
    cat >"$place/unit-tests" <<'TESTS'
#!/bin/sh
filter=. status=0
while [ $# -gt 0 ]; do
    case $1 in
        --filter) filter=$2 ;;
        --xunit-output) report=${2%.xml}-swift-testing.xml ;;
    esac
    shift
done
for name in A.First/works A.Second/works B.Third/breaks; do
    echo "$name" | grep -qE -- "$filter" || continue
    echo "<testcase name=\"$name\">"
    case $name in *breaks) echo '<failure message="it broke" />'; status=1 ;; esac
    echo '</testcase>'
done >"$report"
if [ "$status" = 1 ]; then grep failure "$report"; fi
exit "$status"
TESTS
    chmod 0755 "$place/unit-tests"
}

# bats puts the folder with its parts first, where `bats` is not the one that users call.
path_without_bats() {
    tr ':' '\n' <<<"$PATH" | grep -v '/bats' | paste -sd :
}

# by_itself SCRIPT [ARGUMENT...]: from a folder that is neither the clone nor the script's, without
# anything of this test's in its environment but where it may put what is temporary.
by_itself() {
    cd -- "$place/elsewhere" || return
    env -i HOME="$HOME" PATH="$place/bin:$(path_without_bats)" LANG=C.UTF-8 OUTER_WORK="$outer" \
        "$clone/scripts/$1" "${@:2}" 3>&-
}

# Neither files, in the clone or elsewhere, nor processes.
expect_nothing_left() {
    expect_equal "$(find "$outer" "$place/elsewhere" -mindepth 1 | head -n 3)" ''
    expect_equal "$(find "$clone" -newer "$place/bin/swift" -type f -not -path "$clone/.build/*" | head -n 3)" ''
    await 5 no_process_left
}

no_process_left() {
    local file words
    for file in /proc/[0-9]*/cmdline; do
        readarray -d '' words 2>/dev/null <"$file" || continue
        if [[ "${words[*]}" == *"$outer"* || "${words[*]}" == *"$clone"* ]]; then return 1; fi
    done
}

# succeeds SCRIPT [ARGUMENT...]
succeeds() {
    run by_itself "$@"
    # shellcheck disable=SC2154 # set by run
    if ((status)); then
        printf '%s ended with %s:\n%s\n' "$1" "$status" "$output" >&2
        return 1
    fi
    expect_nothing_left
}

@test "every script that README names is here, and runs below" {
    local named
    named=$(grep -oE 'scripts/[a-z-]+' "$repository/README.md" | grep -v systemd | sort -u | xargs)
    expect_equal "$(find "$clone/scripts" -maxdepth 1 -type f -printf 'scripts/%f\n' | sort | xargs)" "$named"
    local script
    for script in $named; do
        grep -qE "(succeeds|by_itself) ${script#scripts/}( |$)" "$BATS_TEST_FILENAME"
    done
}

@test "scripts/demo connects and calls" {
    succeeds demo --once
    expect_match "$output" 'A connection was made, and it answered\.'
}

@test "scripts/mock-provider runs until it is told to stop" {
    (by_itself mock-provider --json "$BATS_TEST_TMPDIR/mock.json" >"$BATS_TEST_TMPDIR/out") &
    local process=$!
    await 20 test -s "$BATS_TEST_TMPDIR/mock.json"
    curl -sf -o /dev/null "$(jq -r .issuer "$BATS_TEST_TMPDIR/mock.json")/"
    kill "$(jq .processId "$BATS_TEST_TMPDIR/mock.json")"
    wait "$process"
    expect_nothing_left
    succeeds mock-provider --help
}

@test "a port that the mock provider cannot have is told of in one sentence" {
    local port
    port=$(free_port)
    python3 -c 'import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening", flush=True)
time.sleep(60)' "$port" >"$BATS_TEST_TMPDIR/listener" 3>&- &
    local listener=$!
    await 10 test -s "$BATS_TEST_TMPDIR/listener"
    run -1 --separate-stderr by_itself mock-provider --port "$port"
    kill "$listener"
    # shellcheck disable=SC2154 # set by run
    expect_equal "$(grep -vc '^Building' <<<"$stderr")" 1
    expect_match "$stderr" "mock-provider: port $port is in use: .* --port"
    expect_nothing_left
    for port in 0 65536 99999 x; do
        run -2 --separate-stderr by_itself mock-provider --port "$port"
        expect_equal "$stderr" 'mock-provider: --port must be a number from 1 to 65535; see --help'
    done
}

@test "scripts/test runs one file" {
    # bats would take a line that begins with @test for one of its own.
    sed 's/^ANOTHER/@/' >"$clone/Tests/Integration/one.bats" <<'TEST'
load helpers
load mock
setup_file() { start_stack; }
teardown_file() { stop_stack; }
ANOTHERtest "the service is ready" {
    request GET /grantkeeper/readyz
    expect_status 200
}
TEST
    touch -r "$place/bin/swift" "$clone/Tests/Integration/one.bats"
    succeeds test "$clone/Tests/Integration/one.bats"
    rm -- "$clone/Tests/Integration/one.bats"
    expect_match "$output" 'ok 1 the service is ready'
    expect_equal "${lines[-1]}" '1 passed, 0 failed'
}

@test "scripts/test --unit runs the unit tests that a filter finds, without a build before them" {
    succeeds test --unit 'First|Second'
    expect_equal "${lines[-1]}" '2 passed, 0 failed'
    [[ $output != *Building* ]]
    [[ ! -e $clone/.build ]]
    run -1 by_itself test --unit
    expect_match "$output" 'it broke'
    expect_equal "${lines[-1]}" '2 passed, 1 failed'
    expect_nothing_left
}

@test "a filter that finds no unit test is an error that says so" {
    run -1 by_itself test --unit 'Fourth'
    expect_equal "${lines[-1]}" "test: no unit test's name matches 'Fourth'"
    expect_nothing_left
}

@test "scripts/check finds all in order" {
    succeeds check
    expect_equal "${lines[-1]}" 'All in order.'
}

@test "scripts/bench measures" {
    succeeds bench --rounds 1 --seconds 1 --connections 4 --only connection
    expect_match "$output" "connection +[0-9]+ +[0-9.]+ "
}

@test "scripts/bench counts instructions and allocations" {
    succeeds bench --instructions
    expect_match "$output" 'instructions( +[0-9]{5,}){4}'
    expect_match "$output" 'allocations( +[0-9]+){4}'
}

@test "scripts/faults makes a fault" {
    succeeds faults --short 15
    expect_match "$output" 'row 15: passed'
}

@test "scripts/fuzz attacks, in each of its ways" {
    local kind
    for kind in fastcgi upstream provider; do succeeds fuzz "$kind" --seconds 2; done
}

@test "what a script does not know is told of, with how it is called" {
    local script
    for script in demo test check bench faults fuzz mock-provider; do
        run -2 by_itself "$script" --unheard-of
        expect_match "$output" 'usage:|see --help'
        expect_nothing_left
    done
    run -2 by_itself test --unit --unheard-of
    run -2 by_itself test --unit One Two
    expect_match "$output" 'scripts/test --unit \[FILTER\]'
}
