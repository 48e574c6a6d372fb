/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * CPU quotas, on saved trees of the kernel's files. */
#include "affinity/quota.h"
#include "tests/affinity/saved.h"

#define MOUNTS "22 1 0:21 / /proc rw,nosuid - proc proc rw\n23 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
#define MOUNT_V2 MOUNTS "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
#define MOUNT_V1 MOUNTS "32 31 0:28 / /sys/fs/cgroup/cpuset rw shared:11 - cgroup cgroup rw,cpuset\n" \
                        "33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:12 - cgroup cgroup rw,cpu,cpuacct\n"

START_TEST(no_files_mean_no_quota)
{
    ck_assert_uint_eq(gompx_quota_millicpus(root), 0);
    file("/proc/self/cgroup", "0::/user.slice\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 0);
    file("/proc/self/mountinfo", MOUNT_V2);
    ck_assert_uint_eq(gompx_quota_millicpus(root), 0);
    file("/sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 0);
}
END_TEST

START_TEST(version_2_quota_of_the_own_group_counts)
{
    file("/proc/self/cgroup", "0::/user.slice/job\n");
    file("/proc/self/mountinfo", MOUNT_V2);
    file("/sys/fs/cgroup/user.slice/job/cpu.max", "150000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 1500);
    file("/sys/fs/cgroup/user.slice/job/cpu.max", "1000 300000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 4);  /* 3.33 rounded up */
}
END_TEST

START_TEST(quota_of_an_outer_cgroup_counts)
{
    file("/proc/self/cgroup", "0::/a/b/c\n");
    file("/proc/self/mountinfo", MOUNT_V2);
    file("/sys/fs/cgroup/a/b/c/cpu.max", "800000 100000\n");
    file("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
    file("/sys/fs/cgroup/a/cpu.max", "200000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 2000);
    file("/sys/fs/cgroup/a/b/cpu.max", "50000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 500);
    file("/sys/fs/cgroup/cpu.max", "10000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 100);
}
END_TEST

START_TEST(version_1_quota_is_found_among_several_hierarchies)
{
    file("/proc/self/cgroup", "12:cpuset:/x\n5:cpuacct,cpu:/docker/abc\n1:name=systemd:/x\n0::/x\n");
    file("/proc/self/mountinfo", MOUNT_V1);
    file("/sys/fs/cgroup/cpuset/x/cpu.cfs_quota_us", "1000\n");
    file("/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "-1\n");
    file("/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 0);
    file("/sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us", "250000\n");
    file("/sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us", "100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 2500);
    file("/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "120000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 1200);
}
END_TEST

/* Version 1 holds the cpu controller, version 2 is mounted without one. */
START_TEST(both_versions_side_by_side_are_looked_at)
{
    file("/proc/self/cgroup", "4:cpu:/g\n0::/h\n");
    file("/proc/self/mountinfo", MOUNT_V1 "40 31 0:40 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
    file("/sys/fs/cgroup/cpu,cpuacct/g/cpu.cfs_quota_us", "300000\n");
    file("/sys/fs/cgroup/cpu,cpuacct/g/cpu.cfs_period_us", "100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 3000);
    file("/sys/fs/cgroup/unified/h/cpu.max", "100000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 1000);
}
END_TEST

/* A container that sees the host's paths, while its mount shows only its own part of the tree. */
START_TEST(the_root_of_the_mount_is_taken_off_the_path)
{
    file("/proc/self/cgroup", "0::/docker/abc/inner\n");
    file("/proc/self/mountinfo", MOUNTS "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
    file("/sys/fs/cgroup/inner/cpu.max", "max 100000\n");
    file("/sys/fs/cgroup/cpu.max", "400000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 4000);
    file("/sys/fs/cgroup/inner/cpu.max", "300000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 3000);
    file("/proc/self/cgroup", "0::/docker/abcdef\n");   /* not below /docker/abc */
    ck_assert_uint_eq(gompx_quota_millicpus(root), 4000);
}
END_TEST

START_TEST(a_namespace_s_root_is_looked_at)
{
    file("/proc/self/cgroup", "0::/\n");
    file("/proc/self/mountinfo", MOUNT_V2);
    file("/sys/fs/cgroup/cpu.max", "250000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 2500);
    file("/proc/self/cgroup", "0::/../outside\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 2500);
}
END_TEST

START_TEST(escaped_blanks_in_mount_points_are_read)
{
    file("/proc/self/cgroup", "0::/a b\n");
    file("/proc/self/mountinfo", MOUNTS "30 23 0:26 / /my\\040groups rw - cgroup2 none rw\n");
    file("/my groups/a b/cpu.max", "700000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 7000);
}
END_TEST

START_TEST(long_lines_of_other_mounts_do_not_disturb)
{
    static char mounts[16384];

    strcpy(mounts, "29 1 0:25 / / rw - overlay overlay rw,lowerdir=");
    memset(mounts + strlen(mounts), 'x', 8000);
    strcat(mounts, "\n" MOUNT_V2);
    file("/proc/self/cgroup", "0::/g\n");
    file("/proc/self/mountinfo", mounts);
    file("/sys/fs/cgroup/g/cpu.max", "100000 100000\n");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 1000);
}
END_TEST

START_TEST(nonsense_means_no_quota)
{
    static const char *const texts[] = { "", "\n", "x", "100000", "100000 0", "0 100000",
                                         "-5 100000", "99999999999999999999 1" };

    file("/proc/self/cgroup", "nonsense\n0:/g\n0::/g\n");
    file("/proc/self/mountinfo", "\nx\n1 2 - cgroup2\n" MOUNT_V2);
    file("/sys/fs/cgroup/g/cpu.max", texts[_i]);
    ck_assert_uint_eq(gompx_quota_millicpus(root), 0);
    file("/sys/fs/cgroup/cpu.max", "600000 100000");
    ck_assert_uint_eq(gompx_quota_millicpus(root), 6000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("quota");
    TCase *tcase = tcase_create("quota");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, saved_setup, saved_teardown);
    tcase_add_test(tcase, no_files_mean_no_quota);
    tcase_add_test(tcase, version_2_quota_of_the_own_group_counts);
    tcase_add_test(tcase, quota_of_an_outer_cgroup_counts);
    tcase_add_test(tcase, version_1_quota_is_found_among_several_hierarchies);
    tcase_add_test(tcase, both_versions_side_by_side_are_looked_at);
    tcase_add_test(tcase, the_root_of_the_mount_is_taken_off_the_path);
    tcase_add_test(tcase, a_namespace_s_root_is_looked_at);
    tcase_add_test(tcase, escaped_blanks_in_mount_points_are_read);
    tcase_add_test(tcase, long_lines_of_other_mounts_do_not_disturb);
    tcase_add_loop_test(tcase, nonsense_means_no_quota, 0, 8);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
