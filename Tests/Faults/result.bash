# shellcheck shell=bash
#
# What a row finds out: written to files in $work/result, because much of a row runs in subshells.
# shellcheck disable=SC2154 # $work is common.bash's

start_result() {
    mkdir "$work/result"
    : >"$work/result/failures"
    : >"$work/result/lost"
    : >"$work/result/seen"
}

# fail TEXT: the row has not passed.
fail() {
    if [[ -d $work/result ]]; then printf '%s\n' "$*" >>"$work/result/failures"; fi
    say "  failed: $*"
}

# In a row, as its failure.
die() {
    fail "$*"
    exit 1
}

# expect WHAT GOT REGEX
expect() {
    [[ $2 =~ ^($3)$ ]] || fail "$1: got $2, wanted $3"
}

# lose TEXT: a grant is gone. Whether it may be is the row's business.
lose() {
    printf '%s\n' "$*" >>"$work/result/lost"
}

# note NAME VALUE: a figure of the table, the last value of that name.
note() {
    printf '%s\t%s\n' "$1" "$2" >>"$work/result/seen"
}

# count NAME [BY]: a figure of the table that grows.
count() {
    printf '%s\t+%s\n' "$1" "${2:-1}" >>"$work/result/seen"
}

# The result as JSON, for so many rounds.
result() {
    jq -n --argjson rounds "$1" --rawfile failures "$work/result/failures" \
        --rawfile lost "$work/result/lost" --rawfile seen "$work/result/seen" '
        def lines: split("\n") | map(select(. != ""));
        ($seen | lines | map(split("\t")) | reduce .[] as [$name, $value] ({};
            .[$name] = if $value | startswith("+") then (.[$name] // 0) + ($value[1:] | tonumber)
                else ($value | tonumber? // $value) end)) as $figures
        | {$rounds, lost: ($lost | lines | length), ok: ($failures == ""), seen: $figures,
            failures: ($failures | lines | .[:20])}'
}
