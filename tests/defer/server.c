/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A FUSE filesystem of a few files that writes down each request, and whether a change
 * was pending then: the name is there, and the trace of its flush is empty.
 *
 *   server MOUNTPOINT NAME TRACE LOG */
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *name, *trace;
static int log_file;

static bool is_pending(void)
{
  struct stat st;

  return access(name, F_OK) == 0 && (stat(trace, &st) == -1 || st.st_size == 0);
}

static void asked(const char *what, const char *path)
{
  dprintf(log_file, "%s %s%s\n", what, path ? path : "", is_pending() ? " PENDING" : "");
}

static int get_attributes(const char *path, struct stat *st, struct fuse_file_info *info)
{
  (void) info;
  asked("getattr", path);
  memset(st, 0, sizeof *st);
  st->st_nlink = 1;
  st->st_mode = S_IFDIR | 0700;
  if (strcmp(path, "/") == 0 || strcmp(path, "/folder") == 0)
    return 0;
  st->st_mode = strcmp(path, "/link") == 0 ? S_IFLNK | 0777 : S_IFREG | 0700;
  st->st_size = 4;
  return strcmp(path, "/file") == 0 || strcmp(path, "/link") == 0 ? 0 : -ENOENT;
}

static int read_link(const char *path, char *target, size_t size)
{
  asked("readlink", path);
  return snprintf(target, size, "file") < 0 ? -EIO : 0;
}

static int open_file(const char *path, struct fuse_file_info *info)
{
  asked("open", path);
  info->direct_io = 1;
  return 0;
}

static int read_file(const char *path, char *bytes, size_t size, off_t at,
                     struct fuse_file_info *info)
{
  (void) info, (void) at;
  asked("read", path);
  if (at > 0)
    return 0;
  memcpy(bytes, "text", size < 4 ? size : 4);
  return size < 4 ? (int) size : 4;
}

static int write_file(const char *path, const char *bytes, size_t size, off_t at,
                      struct fuse_file_info *info)
{
  (void) bytes, (void) at, (void) info;
  asked("write", path);
  return (int) size;
}

static int list(const char *path, void *buffer, fuse_fill_dir_t fill, off_t at,
                struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
  (void) at, (void) info, (void) flags;
  asked("readdir", path);
  fill(buffer, "file", NULL, 0, 0);
  return 0;
}

static int tell_of_filesystem(const char *path, struct statvfs *st)
{
  asked("statfs", path);
  memset(st, 0, sizeof *st);
  return 0;
}

static int get_attribute(const char *path, const char *which, char *value, size_t size)
{
  (void) which, (void) value, (void) size;
  asked("getxattr", path);
  return -ENODATA;
}

/* clang-format off */
static int may_use(const char *path, int how)      { (void) how;  asked("access", path);   return 0; }
static int make_node(const char *path, mode_t mode, dev_t device)
                                   { (void) mode, (void) device;  asked("mknod", path);    return -EROFS; }
static int make_folder(const char *path, mode_t mode) { (void) mode; asked("mkdir", path); return -EROFS; }
static int remove_name(const char *path)                        { asked("unlink", path);   return -EROFS; }
static int remove_folder(const char *path)                      { asked("rmdir", path);    return -EROFS; }
static int close_file(const char *path, struct fuse_file_info *info)
                                                   { (void) info; asked("release", path);  return 0; }
static int flush_file(const char *path, struct fuse_file_info *info)
                                                   { (void) info; asked("flush", path);    return 0; }
static int sync_file(const char *path, int data, struct fuse_file_info *info)
                                     { (void) data, (void) info;  asked("fsync", path);    return 0; }
static int touch(const char *path, const struct timespec *times, struct fuse_file_info *info)
                                    { (void) times, (void) info;  asked("utimens", path);  return 0; }
static int change_mode(const char *path, mode_t mode, struct fuse_file_info *info)
                                     { (void) mode, (void) info;  asked("chmod", path);    return 0; }
/* clang-format on */

static void *keep_nothing(struct fuse_conn_info *connection, struct fuse_config *config)
{
  (void) connection;
  config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
  return NULL;
}

int main(int count, char **arguments)
{
  static const struct fuse_operations operations = {
    .init = keep_nothing,
    .getattr = get_attributes,
    .readlink = read_link,
    .open = open_file,
    .read = read_file,
    .write = write_file,
    .readdir = list,
    .statfs = tell_of_filesystem,
    .getxattr = get_attribute,
    .access = may_use,
    .mknod = make_node,
    .mkdir = make_folder,
    .unlink = remove_name,
    .rmdir = remove_folder,
    .release = close_file,
    .flush = flush_file,
    .fsync = sync_file,
    .utimens = touch,
    .chmod = change_mode,
  };
  /* One after the other, as they came: nobody waits for the release of a file, and that of
   * the last asker must not be seen beside the change of the next. */
  char foreground[] = "-f", one_thread[] = "-s",
       *fuse_arguments[] = { arguments[0], foreground, one_thread, arguments[count > 1], NULL };

  if (count != 5)
    return 2;
  name = arguments[2];
  trace = arguments[3];
  log_file = open(arguments[4], O_WRONLY | O_CREAT | O_APPEND, 0600);
  return log_file == -1 ? 1 : fuse_main(4, fuse_arguments, &operations, NULL);
}
