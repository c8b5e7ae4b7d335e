# shellcheck shell=bash
#
# Processor time by process, for scripts/bench, which sources it.
# shellcheck disable=SC2154 # the variables are common.bash's

# processor_time NAME: prints how long a process that was started has computed, in user space and in
# the kernel, with its children, in milliseconds.
processor_time() {
    # Processes may end while they are listed.
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } |
        add_processor_time "$(process_id "$1")" "$(getconf CLK_TCK)"
}

# add_processor_time PROCESS TICKS: reads lines of /proc/PID/stat, and prints the time of the process
# and of all its descendants, of those too that ended, in milliseconds; TICKS are a second.
add_processor_time() {
    awk -v root="$1" -v ticks="$2" '
        {
            process = $1
            sub(/.*\) /, "") # the name, in parentheses, may hold anything
            parent[process] = $2
            # utime, stime, cutime and cstime of proc(5): the fields 14 to 17 of the whole line.
            used[process] = $12 + $13 + $14 + $15
        }
        END {
            for (process in used) {
                ancestor = process
                while (ancestor in parent && ancestor != root) ancestor = parent[ancestor]
                if (ancestor == root) sum += used[process]
            }
            printf "%.0f\n", sum * 1000 / ticks
        }'
}
