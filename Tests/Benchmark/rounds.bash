# shellcheck shell=bash
#
# The rounds of scripts/bench, which sources it: requests a second by wrk, and processor time a
# request, of the service and of what it is compared with.
# shellcheck disable=SC2154 # the variables are scripts/bench's

run_rounds() {
    local row round
    mkdir -p "$work/figures"
    make_scripts
    for ((round = 1; round <= rounds; round++)); do
        say "Round $round of $rounds ..."
        for row in "${rows[@]}"; do
            if is_wanted "$row"; then measure_row "$row"; fi
        done
    done
}

# measure_row ROW: measures the service, and one after the other what it is compared with.
measure_row() {
    local name=${1#proxy-} references='Host: references.test'
    measure "$1" own "$base$(call_target "$name")" \
        "Cookie: grantkeeper=$(<"$work/private/session")" service gateway
    if [[ $1 == connection ]]; then
        measure "$1" reference "$base/constant" "$references" constant-responder gateway
        return
    fi
    measure "$1" reference "$base/$name" "$references" gateway
    measure "$1" forwarder "$base/forwarded/$name" "$references" forwarder gateway
    if [[ $peer && $name == get-1k ]]; then
        measure "$1" peer "$peer_base/$name" "Cookie: $(<"$work/private/peer-cookie")" peer
    fi
}

# measure ROW LABEL URL HEADER PROCESS...: adds the requests a second to the figures of that label,
# and the processor time of each process in µs a request; refuses a run with an error.
measure() {
    local output options process requests before=()
    readarray -t options < <(load "$1")
    for process in "${@:5}"; do before+=("$(processor_time "$process")"); done
    output=$(wrk -t 2 -d "${seconds}s" --timeout 10s "${options[@]}" -H "$4" "$3")
    refuse_errors "$3" "$output"
    requests=$(awk '/ requests in / { print $1 }' <<<"$output")
    for process in "${@:5}"; do
        awk -v used="$(($(processor_time "$process") - before[0]))" -v requests="$requests" \
            'BEGIN { printf "%.1f\n", used * 1000 / requests }' >>"$work/figures/$1.$2.$process"
        before=("${before[@]:1}")
    done
    awk '/^Requests\/sec:/ { print $2 }' <<<"$output" >>"$work/figures/$1.$2"
}

# load ROW: prints the options of wrk for the row, one per line. Bodies of 10 MB fill the machine
# with eight connections.
load() {
    local count=$connections
    if [[ $1 == *10m ]] && ((count > 8)); then count=8; fi
    printf '%s\n' -c "$count"
    if [[ $1 == *-post-* ]]; then printf '%s\n' -s "$work/${1#proxy-}.lua"; fi
}

# Writes scripts for wrk, with the bodies that are posted.
make_scripts() {
    local name
    for name in get-1k get-100k get-10m; do
        cat >"$work/post-${name#get-}.lua" <<SCRIPT
local file = io.open("$work/files/$name")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "application/json"
SCRIPT
    done
}

# refuse_errors TARGET OUTPUT
refuse_errors() {
    if grep -Eq 'Non-2xx|Socket errors' <<<"$2"; then
        die "errors while measuring $1: $(grep -E 'Non-2xx|Socket errors' <<<"$2")"
    fi
}

median() {
    sort -n | awk '{ v[NR] = $1 }
        END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# report ROW: prints a row's figures as JSON: {ROW: {median, "processor-us", reference, ratio,
# "reference-processor-us", forwarder: {…}, peer: {…}}}. A ratio is the median of the rounds'.
report() {
    local label
    for label in own reference forwarder peer; do
        if [[ -f $work/figures/$1.$label ]]; then figures "$1" "$label"; fi
    done | jq -s --arg name "$1" '
        add as $all | {($name): (
            {median: $all.own.median, reference: $all.reference.median, ratio: $all.reference.ratio,
                "processor-us": $all.own."processor-us",
                "reference-processor-us": $all.reference."processor-us"}
            + ($all | del(.own, .reference)))}'
}

# figures ROW LABEL: prints {LABEL: {median, ratio, "processor-us": {PROCESS: …}}}.
figures() {
    local file=$work/figures/$1.$2 process
    for process in "$file".*; do
        jq -n --arg name "${process#"$file".}" --argjson median "$(median <"$process")" \
            '{(if $name == "gateway" then "nginx" else $name end): $median}'
    done | jq -s --arg name "$2" --argjson median "$(median <"$file")" \
        --argjson ratio "$(paste "$work/figures/$1.own" "$file" |
            awk '{ printf "%.3f\n", $1 / $2 }' | median)" \
        '{($name): {$median, $ratio, "processor-us": add}}'
}
