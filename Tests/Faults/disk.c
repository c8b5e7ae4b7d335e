/*
 * A disk that fails on order, and a process that dies at a chosen moment: preloaded into the
 * service, so that the service itself needs no hook.
 *
 * FAULTS_DATABASE is the database's path. FAULTS_ORDER is a file that says `POINT ACTION SKIP`,
 * and holds for as long as it is there:
 *
 *   POINT   lock    the database's write lock is refused
 *           write   a write to its log (-wal)
 *           sync    a sync of its log
 *           disk    whatever changes the database or a file beside it
 *   ACTION  before, after             the process is killed before, or after, the call
 *           full, broken, readonly    (disk) the call fails with ENOSPC, EIO, EROFS
 *   SKIP    how many such calls pass first
 *
 * A full disk still takes writes to a process file, whose room was taken beforehand.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct order {
    char point[16];
    char action[16];
    long skip;
    /* When it was given, in nanoseconds: tells orders apart. */
    long given;
};

/* How many calls the order of that moment was about so far. */
static _Atomic long counted_order;
static _Atomic long counted;

static int read_order(struct order *order)
{
    const char *path = getenv("FAULTS_ORDER");
    char text[64] = "";
    struct stat status;
    int descriptor = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0) return 0;
    long count = syscall(SYS_read, descriptor, text, sizeof text - 1);
    int is_known = fstat(descriptor, &status) == 0;
    syscall(SYS_close, descriptor);
    order->given = status.st_mtim.tv_sec * 1000000000L + status.st_mtim.tv_nsec;
    return is_known && count > 0
        && sscanf(text, "%15s %15s %ld", order->point, order->action, &order->skip) == 3;
}

static int is(const char *text, const char *other)
{
    return strcmp(text, other) == 0;
}

/* What follows the database's path in the path of one of its files: "", "-wal", …; else NULL. */
static const char *suffix(const char *path)
{
    const char *database = getenv("FAULTS_DATABASE");
    size_t length = database ? strlen(database) : 0;
    return length && strncmp(path, database, length) == 0 ? path + length : NULL;
}

static const char *path_of(int descriptor, char *buffer, size_t size)
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, buffer, size - 1);
    buffer[length > 0 ? length : 0] = 0;
    return buffer;
}

static int is_its_turn(const struct order *order)
{
    if (atomic_exchange(&counted_order, order->given) != order->given) atomic_store(&counted, 0);
    return atomic_fetch_add(&counted, 1) >= order->skip;
}

static int disk_error(const struct order *order, const char *file)
{
    int has_room = strncmp(file, "-process-", 9) == 0 && !strstr(file, ".new");
    if (is(order->action, "full")) return has_room ? 0 : ENOSPC;
    return is(order->action, "readonly") ? EROFS : EIO;
}

/*
 * Carries out the order at a call to that path: the error that the call is to fail with, or 0.
 * `when` is "before" or "after" the call. Keeps errno.
 */
static int carry_out(const char *when, const char *point, const char *path)
{
    struct order order;
    int saved = errno, error = 0;
    const char *file = read_order(&order) ? suffix(path) : NULL;
    if (file && is(order.point, "disk")) {
        if (is(when, "before") && !is(point, "lock")) error = disk_error(&order, file);
    } else if (file && is(order.point, point) && is(order.action, when)) {
        if ((is(point, "lock") || is(file, "-wal")) && is_its_turn(&order))
            kill(getpid(), SIGKILL);
    }
    errno = saved;
    return error;
}

static int carry_out_on(const char *when, const char *point, int descriptor)
{
    char path[4096];
    return carry_out(when, point, path_of(descriptor, path, sizeof path));
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* A function that changes an open file. */
#define INTERPOSE(type, name, point, parameters, arguments)                    \
    type name parameters                                                       \
    {                                                                          \
        int error = carry_out_on("before", point, descriptor);                 \
        if (error) return errno = error, -1;                                   \
        type result = REAL(name) arguments;                                    \
        carry_out_on("after", point, descriptor);                              \
        return result;                                                         \
    }

INTERPOSE(ssize_t, pwrite, "write", (int descriptor, const void *bytes, size_t count, off_t at),
    (descriptor, bytes, count, at))
INTERPOSE(ssize_t, pwrite64, "write", (int descriptor, const void *bytes, size_t count, off64_t at),
    (descriptor, bytes, count, at))
INTERPOSE(int, fdatasync, "sync", (int descriptor), (descriptor))
INTERPOSE(int, fsync, "sync", (int descriptor), (descriptor))
INTERPOSE(int, ftruncate, "size", (int descriptor, off_t length), (descriptor, length))
INTERPOSE(int, ftruncate64, "size", (int descriptor, off64_t length), (descriptor, length))

/* Returns its error instead of setting errno. */
int posix_fallocate(int descriptor, off_t at, off_t length)
{
    int error = carry_out_on("before", "size", descriptor);
    return error ? error : REAL(posix_fallocate)(descriptor, at, length);
}

/* Making a file; opening one that is there is no change. */
#define INTERPOSE_OPEN(name)                                                   \
    int name(const char *path, int flags, ...)                                 \
    {                                                                          \
        va_list rest;                                                          \
        va_start(rest, flags);                                                 \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                          \
        int makes = flags & O_CREAT && access(path, F_OK) != 0;                \
        int error = makes ? carry_out("before", "make", path) : 0;             \
        if (error) return errno = error, -1;                                   \
        return REAL(name)(path, flags, mode);                                  \
    }

INTERPOSE_OPEN(open)
INTERPOSE_OPEN(open64)

/* In WAL mode the write lock is one byte of the shared memory's file. */
static int is_refusal(int command, const struct flock *lock, int result)
{
    const off_t write_lock = 120;
    return result != 0 && command == F_SETLK && lock->l_type == F_WRLCK
        && lock->l_start == write_lock && (errno == EAGAIN || errno == EACCES);
}

#define INTERPOSE_FCNTL(name)                                                  \
    int name(int descriptor, int command, ...)                                 \
    {                                                                          \
        va_list rest;                                                          \
        va_start(rest, command);                                               \
        void *argument = va_arg(rest, void *);                                 \
        va_end(rest);                                                          \
        int result = REAL(name)(descriptor, command, argument);                \
        if (is_refusal(command, argument, result))                             \
            carry_out_on("after", "lock", descriptor);                         \
        return result;                                                         \
    }

INTERPOSE_FCNTL(fcntl)
INTERPOSE_FCNTL(fcntl64)
