# shellcheck shell=bash
#
# The disk takes nothing: full (a small tmpfs really is, where it may be mounted), read-only, or
# broken. Reads go on, no provider is asked, and when the disk is well again so is the service.
# When the disk fails between the question and the answer, the tokens are used, and stored later,
# or by the next process.

title="disk full, read-only, I/O error"
full_rounds=20
keepers=1

row() {
    make_small_disk
    start_household
    add_integration mock
    quiet_background
    connect alice mock
    connect bob mock
    local round fault
    for ((round = 1; round <= $1; round++)); do
        for fault in $faults; do
            refused "$fault"
            late "$fault"
        done
        # What is kept in the process's file outlives the process, on a full disk.
        killed "${faults%% *}"
    done
    check_database
    note faults "$faults"
}

# refused FAULT: the disk fails before the refresh.
refused() {
    local before
    before=$(mock_count token.refresh_token)
    expire alice
    break_disk "$1"
    expect "$1, round $round: an expired token" "$(proxied alice)" 503
    expect "$1, round $round: refreshes" "$(($(mock_count token.refresh_token) - before))" 0
    expect "$1, round $round: GET connection" "$(status_of alice)" active
    expect "$1, round $round: a token that works" "$(proxied bob)" 200
    expect "$1, round $round: healthz" "$(call bob grantkeeper/healthz)" 200
    # A tmpfs that is full may still have a page somewhere, which is all that this one needs.
    [[ $1 == tmpfs ]] || expect "$1, round $round: readyz" "$(call bob grantkeeper/readyz)" 503
    mend_disk
    await 15 is_served alice || fail "$1, round $round: $(proxied alice) after the disk was mended"
    count refused
}

# late FAULT: the disk fails while the provider is asked.
late() {
    lose_commit "$1"
    expect "$1, round $round: a call with the tokens that are held" "$(proxied alice)" 200
    mend_disk
    await 15 is_stored || fail "$1, round $round: the late tokens are not stored"
    keeps_grant "$1, round $round"
    count late
}

# killed FAULT: … and so does the process.
killed() {
    lose_commit "$1"
    kill_keeper 1
    mend_disk
    restart_keeper 1
    await 15 is_stored || fail "$1, round $round: the kept tokens are not stored"
    keeps_grant "$1, round $round, killed"
    count killed
}

# The tokens have come, and the disk does not take them. Sets $before, the generation.
lose_commit() {
    expire alice
    before=$(generation alice)
    hold_answers
    proxied alice >"$work/private/late" &
    await_held || fail "$1, round $round: no refresh was begun"
    break_disk "$1"
    release_answers
    wait "$!" || true
    expect "$1, round $round: the call that refreshed" "$(<"$work/private/late")" 200
    expect "$1, round $round: generation while the disk fails" "$(generation alice)" "$before"
}

is_stored() {
    (($(generation alice) > before))
}

is_served() {
    [[ $(proxied "$1") == 200 ]]
}

# The refresh token that is stored is the newest one.
keeps_grant() {
    expire alice
    await 15 is_served alice || {
        fail "$1: $(proxied alice) with the tokens that were late"
        lose "$1"
        connect alice mock
    }
}

# The disk ----------------------------------------------------------------------------------------

# Sets $faults, and $database where there is a disk of its own.
make_small_disk() {
    mkdir -m 0700 "$work/private/disk"
    if ((EUID == 0)) && mount -t tmpfs -o size=8m,mode=0700 tmpfs "$work/private/disk" 2>/dev/null; then
        # The services, which are stopped later, still have it open.
        trap 'umount --lazy "$work/private/disk"' EXIT
        database=$work/private/disk/grantkeeper.db
        faults="tmpfs full readonly broken"
    else
        say "  no tmpfs can be mounted here (that takes root): ENOSPC is made by Tests/Faults/disk.c"
        faults="full readonly broken"
    fi
}

break_disk() {
    if [[ $1 == tmpfs ]]; then
        # The room that the log has taken would be used again.
        sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
        head -c 9000000 /dev/zero >"$work/private/disk/filler" 2>/dev/null || true
    else
        order 1 disk "$1"
    fi
}

mend_disk() {
    rm -f -- "$work/private/disk/filler"
    call_off 1
}
