/* A slower disk for any program, by LD_PRELOAD: every fsync and fdatasync that went well takes FLUSH_US microseconds
 * longer (1000 unless told otherwise). Built by scripts/bench-intake.sh. Leaves out msync and O_DSYNC, which neither
 * SQLite nor PostgreSQL is set up to use here. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

typedef int flush_fn(int);

static struct timespec pause_of(const char *us) {
    long wanted = us ? strtol(us, NULL, 10) : 1000;
    return (struct timespec){.tv_sec = wanted / 1000000, .tv_nsec = wanted % 1000000 * 1000};
}

static int slowed(const char *name, int fd) {
    flush_fn *real = (flush_fn *)dlsym(RTLD_NEXT, name);
    int result = real(fd);
    if (result == 0) {
        struct timespec left = pause_of(getenv("FLUSH_US"));
        while (nanosleep(&left, &left) != 0 && errno == EINTR) {
        }
    }
    return result;
}

int fsync(int fd) { return slowed("fsync", fd); }
int fdatasync(int fd) { return slowed("fdatasync", fd); }
