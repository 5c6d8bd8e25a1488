/*
 * Records what a program does to the files under one folder, so that tests/it/powercut.rs can replay every moment at which the
 * power may go: which bytes were written, what was made safe by fsync or fdatasync, which names came, moved and went.
 *
 * Loaded with LD_PRELOAD. POWERCUT_DIR names the folder, POWERCUT_TRACE the file that is written. Everything still happens to
 * the real files; sync_file_range is let through and recorded as nothing, since it makes nothing safe.
 *
 * A record: one byte for what happened, then numbers (8 bytes, little-endian) and texts (a number for the length, the bytes).
 *   O path            a file is opened, and made if it was not there
 *   W path at bytes   bytes are written
 *   T path size       a file is cut or grown
 *   S path            a file, or a folder's names, are made safe
 *   R from to         a name moves
 *   U path            a name goes (of a file or folder)
 *   M path            a folder is made
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static const char *folder;

__attribute__((constructor)) static void begin(void)
{
    folder = getenv("POWERCUT_DIR");
    const char *path = getenv("POWERCUT_TRACE");
    if (folder && path)
        trace = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

/* Whether `path` lies in the folder. */
static int ours(const char *path)
{
    size_t length = folder ? strlen(folder) : 0;
    return trace >= 0 && length && !strncmp(path, folder, length) && path[length] == '/';
}

/* The path behind an open file; 0 when it is none of ours, or has no name any more. */
static int path_of(int fd, char *path, size_t size)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, size - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    if (length > 10 && !strcmp(path + length - 10, " (deleted)"))
        return 0;
    return ours(path) || (folder && trace >= 0 && !strcmp(path, folder));
}

/* The path that a call names: relative to an open folder, as the walk over a tree does it. */
static void resolve(int at, const char *name, char *path, size_t size)
{
    if (name[0] != '/' && at != AT_FDCWD && path_of(at, path, size)) {
        size_t length = strlen(path);
        snprintf(path + length, size - length, "/%s", name);
    } else {
        snprintf(path, size, "%s", name);
    }
}

static void put(const void *bytes, size_t length)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t written = syscall(SYS_write, trace, from, length);
        if (written <= 0)
            abort(); /* a trace with a hole would prove nothing */
        from += written;
        length -= written;
    }
}

static void put_number(uint64_t number) { put(&number, sizeof number); }

static void put_bytes(const void *bytes, size_t length)
{
    put_number(length);
    put(bytes, length);
}

static void note(char what, const char *path)
{
    put(&what, 1);
    put_bytes(path, strlen(path));
}

#define ALONE(body)                                \
    do {                                           \
        pthread_mutex_lock(&one_at_a_time);        \
        body;                                      \
        pthread_mutex_unlock(&one_at_a_time);      \
    } while (0)

static int open_any(int at, const char *name, int flags, mode_t mode)
{
    char path[4096];
    int fd;
    resolve(at, name, path, sizeof path);
    if (!ours(path) || !(flags & (O_CREAT | O_TRUNC)))
        return syscall(SYS_openat, at, name, flags, mode);
    ALONE({
        fd = syscall(SYS_openat, at, name, flags, mode);
        if (fd >= 0) {
            note('O', path);
            if (flags & O_TRUNC) {
                note('T', path);
                put_number(0);
            }
        }
    });
    return fd;
}

#define MODE(flags)                                \
    mode_t mode = 0;                               \
    if (flags & O_CREAT) {                         \
        va_list rest;                              \
        va_start(rest, flags);                     \
        mode = va_arg(rest, mode_t);               \
        va_end(rest);                              \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_any(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_any(at, path, flags, mode); }

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t at)
{
    char path[4096];
    ssize_t written;
    int known = path_of(fd, path, sizeof path);
    if (!known)
        return at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
    ALONE({
        off_t place = at;
        if (place < 0)
            place = syscall(SYS_lseek, fd, 0L, syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
        written = at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
        if (written > 0) {
            note('W', path);
            put_number(place);
            put_bytes(bytes, written);
        }
    });
    return written;
}

ssize_t write(int fd, const void *bytes, size_t length) { return write_at(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return write_at(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return write_at(fd, bytes, length, at); }

int ftruncate64(int fd, off64_t size)
{
    char path[4096];
    int result, known = path_of(fd, path, sizeof path);
    ALONE({
        result = syscall(SYS_ftruncate, fd, size);
        if (known && !result) {
            note('T', path);
            put_number(size);
        }
    });
    return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int sync_any(int fd, long number)
{
    char path[4096];
    int result, known = path_of(fd, path, sizeof path);
    ALONE({
        result = syscall(number, fd);
        if (known && !result)
            note('S', path);
    });
    return result;
}

int fsync(int fd) { return sync_any(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_any(fd, SYS_fdatasync); }

int rename(const char *from, const char *to)
{
    int result;
    ALONE({
        result = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
        if (!result && (ours(from) || ours(to))) {
            note('R', from);
            put_bytes(to, strlen(to));
        }
    });
    return result;
}

static int remove_any(int at, const char *name, int flags)
{
    char path[4096];
    int result;
    resolve(at, name, path, sizeof path);
    ALONE({
        result = syscall(SYS_unlinkat, at, name, flags);
        if (!result && ours(path))
            note('U', path);
    });
    return result;
}

int unlink(const char *path) { return remove_any(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return remove_any(AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int at, const char *path, int flags) { return remove_any(at, path, flags); }

int mkdir(const char *path, mode_t mode)
{
    int result;
    ALONE({
        result = syscall(SYS_mkdirat, AT_FDCWD, path, mode);
        if (!result && ours(path))
            note('M', path);
    });
    return result;
}
