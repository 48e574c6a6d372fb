/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * CPU quotas of control groups.
 *
 *   /proc/self/cgroup      id:controllers:path     version 2: "0::path"; version 1: controllers contain "cpu"
 *   /proc/self/mountinfo   ... root mount-point ... - type source options
 *   file                   mount-point + (path without the mount's root) + one of
 *                              cpu.max                                      version 2: "quota period" or "max period"
 *                              cpu.cfs_quota_us, cpu.cfs_period_us          version 1: quota -1 for none
 *
 * A quota limits all groups below it, so the group itself and each ancestor that the mount shows are looked at.  A
 * process in a cgroup namespace sees its own root as "/"; what lies above cannot be seen and is not counted.
 * Source: Linux Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/cgroups.rst and scheduler/sched-bwc.rst. */
#include "affinity/quota.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUOTA_PATH 1024                  /* longer paths do not occur; the stack may be a small one */

struct reader {
    int fd;
    size_t used, filled;
    char buf[1024];
};

static int reader_byte(struct reader *r)
{
    if (r->used == r->filled) {
        ssize_t n;
        while ((n = read(r->fd, r->buf, sizeof r->buf)) < 0 && errno == EINTR)
            ;
        if (n <= 0)
            return -1;
        r->used = 0;
        r->filled = (size_t)n;
    }
    return (unsigned char)r->buf[r->used++];
}

/* The next line without its end, cut to `size`. False: there is none. */
static bool reader_line(struct reader *r, char *line, size_t size)
{
    size_t length = 0;
    int c = reader_byte(r);

    if (c < 0)
        return false;
    for (; c >= 0 && c != '\n'; c = reader_byte(r))
        if (length + 1 < size)
            line[length++] = (char)c;
    line[length] = '\0';
    return true;
}

static bool reader_open(struct reader *r, const char *root, const char *path)
{
    char full[QUOTA_PATH];

    r->used = r->filled = 0;
    if ((size_t)snprintf(full, sizeof full, "%s%s", root, path) >= sizeof full)
        return false;
    r->fd = open(full, O_RDONLY | O_CLOEXEC);
    return r->fd >= 0;
}

/* True if the comma-separated `list` contains `word`. */
static bool list_has(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (strncmp(p, word, length) == 0 && (p[length] == ',' || p[length] == '\0'))
            return true;
    return false;
}

/* The process's group in one version of the interface. */
struct group {
    int version;
    bool known;                         /* the process belongs to one */
    size_t point;                       /* length of the mount point in `dir`; 0: there is no such mount */
    char path[QUOTA_PATH];              /* as /proc/self/cgroup has it */
    char dir[QUOTA_PATH];               /* its folder */
};

static void paths_find(const char *root, struct group *v1, struct group *v2)
{
    struct reader r;
    char line[QUOTA_PATH];

    if (!reader_open(&r, root, "/proc/self/cgroup"))
        return;
    while (reader_line(&r, line, sizeof line)) {
        char *controllers = strchr(line, ':'), *at = controllers ? strchr(controllers + 1, ':') : NULL;
        struct group *g;

        if (!at)
            continue;
        *controllers++ = *at++ = '\0';
        g = strcmp(line, "0") == 0 && *controllers == '\0' ? v2 : list_has(controllers, "cpu") ? v1 : NULL;
        if (g && !g->known) {
            snprintf(g->path, sizeof g->path, "%s", at);
            g->known = true;
        }
    }
    close(r.fd);
}

/* The kernel writes blanks and backslashes as \ooo. */
static void path_unescape(char *s)
{
    char *to = s;

    for (; *s; s++) {
        if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] && s[3]) {
            *to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
            s += 3;
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
}

/* Splits a line of mountinfo.  The version whose cpu controller is mounted there, or 0. */
static int mount_parse(char *line, char **mount_root, char **mount_point)
{
    char *tail = strstr(line, " - "), *save, *type, *options;
    int version;

    if (!tail)
        return 0;
    *tail = '\0';
    type = strtok_r(tail + 3, " ", &save);
    strtok_r(NULL, " ", &save);
    options = strtok_r(NULL, " ", &save);
    if (!type || strncmp(type, "cgroup", 6) != 0)
        return 0;
    version = strcmp(type, "cgroup2") == 0 ? 2 : 1;
    if (version == 1 && !(options && list_has(options, "cpu")))
        return 0;
    for (int i = 0; i < 3; i++)
        if (!strtok_r(i ? NULL : line, " ", &save))
            return 0;
    *mount_root = strtok_r(NULL, " ", &save);
    *mount_point = *mount_root ? strtok_r(NULL, " ", &save) : NULL;
    return *mount_point ? version : 0;
}

static void dir_set(struct group *g, char *mount_root, char *mount_point)
{
    size_t skip;
    bool below;
    const char *rest;

    path_unescape(mount_root);
    path_unescape(mount_point);
    skip = strcmp(mount_root, "/") == 0 ? 0 : strlen(mount_root);
    below = strncmp(g->path, mount_root, skip) == 0 && (g->path[skip] == '/' || g->path[skip] == '\0');
    rest = below && !strstr(g->path, "/..") ? g->path + skip : "";  /* else: a group that cannot be seen */
    if (strcmp(rest, "/") == 0)
        rest = "";
    if ((size_t)snprintf(g->dir, sizeof g->dir, "%s%s", mount_point, rest) < sizeof g->dir)
        g->point = strlen(mount_point);
}

static void dirs_find(const char *root, struct group *v1, struct group *v2)
{
    struct reader r;
    char line[QUOTA_PATH], *mount_root, *mount_point;

    if (!reader_open(&r, root, "/proc/self/mountinfo"))
        return;
    while (reader_line(&r, line, sizeof line)) {
        int version = mount_parse(line, &mount_root, &mount_point);
        struct group *g = version == 2 ? v2 : v1;

        if (version && g->known && g->point == 0)
            dir_set(g, mount_root, mount_point);
    }
    close(r.fd);
}

static bool file_read(const char *root, const char *dir, const char *name, char *text, size_t size)
{
    struct reader r;
    char path[QUOTA_PATH];
    bool read;

    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) >= sizeof path || !reader_open(&r, root, path))
        return false;
    read = reader_line(&r, text, size);
    close(r.fd);
    return read;
}

/* Thousandths of a CPU for one group, rounded up; ULONG_MAX: no quota. */
static unsigned long group_quota(const char *root, int version, const char *dir)
{
    char quota[64] = "", period[64] = "", *end;
    unsigned long long q, p;

    if (version == 2) {
        if (!file_read(root, dir, "cpu.max", quota, sizeof quota))
            return ULONG_MAX;
    } else if (!file_read(root, dir, "cpu.cfs_quota_us", quota, sizeof quota)
               || !file_read(root, dir, "cpu.cfs_period_us", period, sizeof period)) {
        return ULONG_MAX;
    }
    if (quota[0] < '0' || quota[0] > '9')
        return ULONG_MAX;                               /* "max", -1 */
    q = strtoull(quota, &end, 10);
    p = strtoull(version == 2 ? end : period, NULL, 10);
    if (q == 0 || p == 0 || q > ULLONG_MAX / 1000 - p)
        return ULONG_MAX;
    q = (q * 1000 + p - 1) / p;
    return q < ULONG_MAX ? (unsigned long)q : ULONG_MAX;
}

/* The tightest quota of the group and its ancestors. */
static unsigned long tree_quota(const char *root, struct group *g)
{
    unsigned long tightest = ULONG_MAX;

    while (g->point > 0) {
        unsigned long quota = group_quota(root, g->version, g->dir);
        if (quota < tightest)
            tightest = quota;
        char *slash = strrchr(g->dir + g->point, '/');
        if (!slash)
            break;
        *slash = '\0';
    }
    return tightest;
}

unsigned long gompx_quota_millicpus(const char *root)
{
    struct group v1, v2;
    unsigned long q1, q2;

    v1.version = 1, v1.known = false, v1.point = 0;
    v2.version = 2, v2.known = false, v2.point = 0;
    paths_find(root, &v1, &v2);
    if (v1.known || v2.known)
        dirs_find(root, &v1, &v2);
    q1 = tree_quota(root, &v1);
    q2 = tree_quota(root, &v2);
    if (q2 < q1)
        q1 = q2;
    return q1 == ULONG_MAX ? 0 : q1;
}
