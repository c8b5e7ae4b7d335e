# shellcheck shell=bash
#
# Databases as older services left them (Tests/Faults/Schemas, written by make-schema): two services
# of today start on each at the same moment, and what was in it is in it still. A database of a
# newer service is refused, and left as it is.

title="every older schema, two services migrating at once, a newer database"
full_rounds=20

row() {
    start_household
    local round version newest
    newest=$(sql 'PRAGMA user_version')
    for ((round = 1; round <= $1; round++)); do
        for ((version = 1; version < newest; version++)); do migrate "$version"; done
        refuse_newer
    done
    note schemas "$((newest - 1))"
}

# Sets $database, to one of that version; $old keeps how it was.
take_old() {
    local file=$repository/Tests/Faults/Schemas/$1.sql
    [[ -f $file ]] || die "there is no database of schema $1: Tests/Faults/make-schema"
    stop_process keeper-1
    stop_process keeper-2
    database=$work/private/old-$1-$round.db
    old=$database.before
    sed "s|http://placeholder.test|$mock|g" "$file" | sqlite3 "$database" >/dev/null
    cp -- "$database" "$old"
    sed -n 's/^-- key ring: //p' "$file" >"$work/private/old.keyring"
    chmod 0600 "$work/private/old.keyring" "$database"
    admin_key=$(sed -n 's/^-- key of admin: //p' "$file")
}

start_on_old() {
    start_keeper "$1" GRANTKEEPER_DATABASE="$database" GRANTKEEPER_KEY_RING="$work/private/old.keyring"
}

migrate() {
    local keeper
    take_old "$1"
    start_on_old 1
    start_on_old 2
    for keeper in 1 2; do await_keeper "$keeper"; done
    expect "from $1: the schema" "$(sql 'PRAGMA user_version')" "$newest"
    GRANTKEEPER_KEY_RING=$work/private/old.keyring check_database
    compare "$1"
    slug=kept
    expect "from $1: a call with a kept token" "$(proxied alice)" 200
    slug=mock
    expect "from $1: alice" "$(status_of alice)" active
    expect "from $1: bob" "$(status_of bob)" reauthorization_required
    opens "$1"
    count migrated
}

# Every row of the old tables, in the columns that they had, but for rights that somebody has at the
# moment, and for who serves. What is still to be revoked is tried meanwhile, and that is noted in it.
compare() {
    local table columns
    for table in $(sqlite3 "$old" "SELECT name FROM sqlite_schema
        WHERE type = 'table' AND name NOT IN ('lease', 'process')"); do
        columns=$(sqlite3 "$old" "SELECT group_concat('quote(\"' || name || '\")')
            FROM pragma_table_info('$table')
            WHERE name NOT IN ('attempts', 'nextAttemptAt', 'lastError')")
        expect "from $1: $table" "$(sql "SELECT $columns FROM \"$table\" ORDER BY 1" | sha256sum)" \
            "$(sqlite3 "$old" "SELECT $columns FROM \"$table\" ORDER BY 1" | sha256sum)"
        count tables
    done
}

# A secret that is sealed opens: the refresh token leaves for the provider, which is not there.
opens() {
    expire alice
    expect "from $1: a refresh with a token that was sealed" "$(proxied alice)" 502
}

refuse_newer() {
    stop_process keeper-1
    local before status=0
    stop_process keeper-2
    sql "PRAGMA user_version = $((newest + 1))"
    before=$(sql .dump | sha256sum)
    GRANTKEEPER_DATABASE=$database GRANTKEEPER_KEY_RING=$work/private/old.keyring timeout 20 \
        "$binaries/grantkeeper" serve --config "$settings" >"$work/logs/newer.log" 2>&1 || status=$?
    ((status > 0 && status < 124)) || fail "a newer database: ended with $status"
    grep -q 'newer version' "$work/logs/newer.log" ||
        fail "a newer database: $(tail -n 1 "$work/logs/newer.log")"
    expect "a newer database afterwards" "$(sql .dump | sha256sum)" "$before"
    expect "its version" "$(sql 'PRAGMA user_version')" "$((newest + 1))"
    count refused
}
