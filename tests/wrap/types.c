/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each type of filesystem has its row in the table: types that the judge makes
 * the library believe. */
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "scene.h"

/* From the kernel's sources: <linux/magic.h> lacks them. */
enum { CONFIGFS = 0x62656570, FUSECTL = 0x65735543, MQUEUE = 0x19800202, RPC_PIPEFS = 0x67596969 };

static const struct {
  uint32_t type;
  const char *row;
  bool birth_is_believed;
} types[] = {
  { XFS_SUPER_MAGIC, "journaled", true },
  { BTRFS_SUPER_MAGIC, "btrfs", true },
  { F2FS_SUPER_MAGIC, "other", true },
  { OVERLAYFS_SUPER_MAGIC, "other", false },
  { FUSE_SUPER_MAGIC, "fuse", false },
  { NFS_SUPER_MAGIC, "other", false },
  { MSDOS_SUPER_MAGIC, "other", false },
  { TMPFS_MAGIC, "in-memory", true },
  { RAMFS_MAGIC, "in-memory", true },
  { PROC_SUPER_MAGIC, "in-memory", true },
  { SYSFS_MAGIC, "in-memory", true },
  { CGROUP_SUPER_MAGIC, "in-memory", true },
  { CGROUP2_SUPER_MAGIC, "in-memory", true },
  { DEVPTS_SUPER_MAGIC, "in-memory", true },
  { HUGETLBFS_MAGIC, "in-memory", true },
  { MQUEUE, "in-memory", true },
  { DEBUGFS_MAGIC, "in-memory", true },
  { TRACEFS_MAGIC, "in-memory", true },
  { SECURITYFS_MAGIC, "in-memory", true },
  { SELINUX_MAGIC, "in-memory", true },
  { SMACK_MAGIC, "in-memory", true },
  { CONFIGFS, "in-memory", true },
  { BPF_FS_MAGIC, "in-memory", true },
  { BINFMTFS_MAGIC, "in-memory", true },
  { FUSECTL, "in-memory", true },
  { RPC_PIPEFS, "in-memory", true },
  { NSFS_MAGIC, "in-memory", true },
};

/* The number at the beginning of the file PATH; 0 without one. */
static unsigned long long number_in(const char *path)
{
  unsigned long long number = 0;
  FILE *file = fopen(path, "r");

  if (file) {
    (void) !fscanf(file, "%llu", &number);
    fclose(file);
  }
  return number;
}

/* Whether an ext of the machine, of SIZE or larger, has no journal.  Only sysfs tells what
 * may lie below an overlay, and the machine's own root may be such a one. */
static bool an_ext_lacks_journal(unsigned long long size)
{
  glob_t found = { 0 };
  bool lacks = false;

  glob("/sys/fs/ext4/*/journal_task", 0, NULL, &found);
  for (size_t i = 0; i < found.gl_pathc && !lacks; i++) {
    char blocks[PATH_MAX];
    bool has = number_in(found.gl_pathv[i]) != 0;

    snprintf(blocks, sizeof blocks, "/sys/class/block/%s/size",
             basename(dirname(found.gl_pathv[i])));
    lacks = !has && 512 * number_in(blocks) >= size;
  }
  globfree(&found);
  return lacks;
}

/* Before row() is asked for the first time. */
static void pretend(int which, bool old)
{
  bool overlay = types[which].type == OVERLAYFS_SUPER_MAGIC;
  const char *row = types[which].row;
  struct statfs fs;

  ck_assert(statfs(".", &fs) == 0);
  /* An ext counts its inodes, and btrfs does not. */
  if (overlay && fs.f_files > 0
      && an_ext_lacks_journal((unsigned long long) fs.f_blocks * fs.f_bsize))
    row = "without-journal";
  /* A real overlay says itself what lies below it. */
  if (!overlay || fs.f_type != OVERLAYFS_SUPER_MAGIC)
    setenv("SYNCDIR_TEST_ROW", row, 1);
  judge_pretend(types[which].type, old);
}

START_TEST(each_type_of_filesystem_flushes_by_its_row)
{
  LAY_OUT("d/", "e/", "s");
  pretend(_i, false);
  judge_begin();
  ck_assert(CALL(mkdir)("d/new", 0755) == 0);
  judge_end();
  ck_flushed(made_directory("d/new"));
  pretend(_i, false);
  judge_begin();
  ck_assert(CALL(link)("s", "d/l") == 0);
  judge_end();
  ck_flushed(made_name("d/l"));
  pretend(_i, false);
  judge_begin();
  ck_assert(CALL(rename)("s", "e/s") == 0);
  judge_end();
  ck_flushed(moved("s", "e/s"));
}
END_TEST

START_TEST(each_type_of_filesystem_has_births_to_be_believed_or_not)
{
  LAY_OUT("d/", "d/f");
  pretend(_i, true);
  judge_begin();
  ck_assert(CALL(open)("d/f", O_CREAT | O_WRONLY, 0600) != -1);
  judge_end();
  /* A real overlay has its births from the filesystem below. */
  bool over_btrfs = types[_i].type == OVERLAYFS_SUPER_MAGIC && row() == BTRFS;
  ck_flushed(types[_i].birth_is_believed || over_btrfs ? "" : made_file("d/f"));
}
END_TEST

TCase *types_case(void)
{
  TCase *tests = new_case("types");

  EACH(each_type_of_filesystem_flushes_by_its_row, types);
  EACH(each_type_of_filesystem_has_births_to_be_believed_or_not, types);
  return tests;
}
