# Adds up what callgrind wrote of a process, one file for each of its threads: instructions by
# target, allocations and requests. Only threads that took a request from libfcgi are counted, so
# that it does not matter what others do in the background, or for how long.
#
#   awk -f instructions.awk FILE...        prints lines: instructions TARGET N, allocations N,
#                                          requests N
#
# Names are written once in each file, with a number that stands for them after that: `fn=(3) name`,
# then `fn=(3)`. A line of digits is a function's own cost; the one after `calls=` is that of what it
# called, and is counted there. The service's own functions are told apart by the module in their
# mangled name.

FNR == 1 { add_file() }

/^ob=/ { object = named("ob", substr($0, 4)); next }
/^fn=/ { caller = named("fn", substr($0, 4)); target = target_of(object, caller); next }
/^cob=/ { named("ob", substr($0, 5)); next }
/^cfn=/ { callee = named("fn", substr($0, 5)); next }
/^calls=/ { count_calls(substr($1, 7)); is_inclusive = 1; next }
/^[-+*0-9]/ {
    if (!is_inclusive) own[target] += $2
    is_inclusive = 0
}

END {
    add_file()
    for (target in instructions) printf "instructions %s %.0f\n", target, instructions[target]
    printf "allocations %.0f\n", allocations
    printf "requests %.0f\n", requests
}

# Adds what was read of a file, and forgets it before the next one.
function add_file() {
    if (taken) {
        for (target in own) instructions[target] += own[target]
        allocations += allocated
        requests += taken
    }
    split("", names)
    split("", own)
    allocated = taken = is_inclusive = 0
}

# The name in `(number) name` or behind `(number)`, without the mark of a recursion: `malloc'2`.
function named(kind, text, number, name) {
    number = text
    sub(/\).*/, "", number)
    name = substr(text, length(number) + 3)
    sub(/'[0-9]+$/, "", name)
    if (name != "") names[kind, number] = name
    return names[kind, number]
}

# An allocation is a call of one of libc's functions, whoever calls it: swift_slowAlloc does, too.
function count_calls(count) {
    if (callee == "FCGX_Accept_r") taken += count
    if (allocates(callee) && !allocates(caller)) allocated += count
}

function allocates(name) {
    return name ~ /^(malloc|calloc|realloc|reallocarray|memalign|aligned_alloc|posix_memalign)$/
}

function target_of(object, name) {
    sub(/.*\//, "", object)
    if (object ~ /^(libc|ld-linux[^.]*|libpthread|libm)[.]/) return "libc"
    if (object ~ /^lib(swift|_?Foundation|dispatch|Blocks|stdc)/) return "swift"
    if (object ~ /^lib/) {
        sub(/[-.].*/, "", object)
        return object
    }
    return module_of(name)
}

# `$s7FastCGI…` is FastCGI's; so is `$sSS7FastCGIE…`, its extension of a type of the standard
# library. A generic function of the standard library that the compiler specialized stays its own.
function module_of(name, rest, digits) {
    if (name ~ /^CCryptoBoringSSL/) return "Crypto"
    if (name !~ /^\$s/) return "other"
    rest = substr(name, 3)
    if (match(rest, /^S[a-zA-Z][1-9][0-9]*[A-Za-z_]+/)) rest = extended(rest)
    if (rest !~ /^[1-9]/) return "swift-specialized"
    digits = rest + 0
    return substr(rest, length(digits) + 1, digits)
}

# The rest of the name from the extension's module on; the whole name when it is no extension.
function extended(rest, digits) {
    digits = substr(rest, 3) + 0
    return substr(rest, 3 + length(digits) + digits, 1) == "E" ? substr(rest, 3) : rest
}
