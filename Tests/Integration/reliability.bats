#!/usr/bin/env bats
# The faults of the article Reliability in their short form; `scripts/faults` alone runs them in
# full.

load helpers

setup_file() {
    need_swift
    find_binaries
    export binaries
}

# survives ROW
survives() {
    "$repository/scripts/faults" --short "$1"
}

@test "RELIABILITY 1: 1,000 calls at once at expiry, on four services, make one refresh" {
    survives 1
}

@test "RELIABILITY 2: a kill -9 loses no grant that was not being refreshed right then" {
    survives 2
}

@test "RELIABILITY 3: the late tokens of a process that was stopped are stored if nothing newer is" {
    survives 3
}

@test "RELIABILITY 4: a token endpoint out of order costs bounded time and no token" {
    survives 4
}

@test "RELIABILITY 6: a disk that is full, read-only or broken costs no token" {
    survives 6
}

@test "RELIABILITY 7: a write lock held for 4 s from outside is no error" {
    survives 7
}

@test "RELIABILITY 8: a clock that is moved makes no storm and brings nothing back" {
    survives 8
}

@test "RELIABILITY 11: a backup under load is whole, and serves" {
    survives 11
}

@test "RELIABILITY 12: older databases are brought up to date once, newer ones refused" {
    survives 12
}

@test "RELIABILITY 13: expired rows are purged in batches" {
    survives 13
}

@test "RELIABILITY 15: a connection ends at once, and is revoked when its provider is back" {
    survives 15
}

@test "RELIABILITY 16: tokens that come after a disconnect or a reconnect are not stored" {
    survives 16
}
