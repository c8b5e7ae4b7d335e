# shellcheck shell=bash
#
# What scripts/bench prints of its results, which are JSON. Sourced by it.
# shellcheck disable=SC2154 # the variables are common.bash's

# Prints a line for each figure: requests a second, beside others as ratios, and processor time.
print_figures() {
    local measured
    measured=$(cat)
    jq -r '
        def shown: . // "-";
        ["", "a second", "constant", "proxy_pass", "C forwarder", "mod_auth_openidc", "µs service",
            "µs nginx"],
        (to_entries[] | .key as $name | .value | select(.ratio) |
            [$name, (.median | round)]
            + (if $name == "connection" then [.ratio, "-"] else ["-", .ratio] end)
            + [(.forwarder.ratio | shown), (.peer.ratio | shown),
                ."processor-us".service, ."processor-us".nginx])
        | @tsv' <<<"$measured" | align
    cat <<'TEXT'
(constant … mod_auth_openidc: the service's share of their requests a second; constant: a FastCGI
answer in C. µs: processor time a request.)
TEXT
    jq -r '
        def times: to_entries | map("\(.key) \(.value) µs") | join(", ");
        to_entries[] | .key as $name | .value
        | if .ratio then "\($name), compared: \(.reference | round) a second (" +
            "\(."reference-processor-us" | times))" +
            (if .forwarder then ", C forwarder \(.forwarder.median | round) (" +
                "\(.forwarder."processor-us" | times))" else "" end) +
            (if .peer then ", mod_auth_openidc \(.peer.median | round) (" +
                "\(.peer."processor-us" | times))" else "" end)
          elif $name == "memory-mb" then
            "memory: \(."at-rest") MB at rest, \(."after-load") MB after the load"
          elif $name == "ready-ms" then "ready after \(.median) ms"
          else "\($name): \(.answered) answered, all with 200; \(."peak-mb") MB at most; p99 of " +
            "GET …/connection meanwhile \(."connection-p99-ms") ms"
          end' <<<"$measured"
}

# Prints the instructions by target, a column for each call: the service's own targets, then what
# they use.
print_instructions() {
    jq -r --arg own "$(ls -- "$repository/Sources")" '
        ($own | split("\n")) as $own
        | {swift: "Swift library and run time",
            "swift-specialized": "Swift library, specialized"} as $titles
        | def line($title; f): [$title] + [.[] | f | . // 0];
        def targets: [.[].targets | keys[]] | unique;
        def weight($target): [.[].targets[$target] // 0] | add;
        def lines($indent; select_one): . as $all
            | targets | map(select(select_one)) | sort_by(-(. as $one | $all | weight($one)))[]
            | . as $target | $all
            | line($indent + ($titles[$target] // $target); .targets[$target]);
        def is_own: . as $target | $own | index($target);
        [""] + keys_unsorted,
        line("instructions"; .instructions),
        line("  own targets"; [.targets | to_entries[] | select(.key | is_own) | .value] | add),
        lines("    "; is_own),
        lines("  "; is_own | not),
        line("allocations"; .allocations)
        | @tsv' | align
}

# Aligns a table of tab-separated values: the first column to the left, the others to the right.
# Titles may have letters of more than one byte, which awk may not know.
align() {
    local LC_ALL=C.UTF-8 lines=() widths=() cells line column padding
    readarray -t lines
    for line in "${lines[@]}"; do
        IFS=$'\x1f' read -ra cells <<<"${line//$'\t'/$'\x1f'}"
        for column in "${!cells[@]}"; do
            ((${#cells[column]} <= ${widths[column]:-0})) || widths[column]=${#cells[column]}
        done
    done
    for line in "${lines[@]}"; do
        IFS=$'\x1f' read -ra cells <<<"${line//$'\t'/$'\x1f'}"
        for column in "${!cells[@]}"; do
            padding=$((widths[column] - ${#cells[column]}))
            if ((column)); then
                printf '  %*s%s' "$padding" '' "${cells[column]}"
            else
                printf '%s%*s' "${cells[column]}" "$padding" ''
            fi
        done
        printf '\n'
    done
}
