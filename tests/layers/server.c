/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server ROOT fsyncdir|nothing MOUNTPOINT [OPTION...]: a FUSE server that passes calls on
 * to the directory ROOT; fsync of a directory if it is told so, or it does not implement
 * it. */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int root;

/* Relative to ROOT, as the *at calls want it. */
static const char *at(const char *path)
{
  return path[1] ? path + 1 : ".";
}

static int answer(int result)
{
  return result == -1 ? -errno : 0;
}

static int get_attributes(const char *path, struct stat *st, struct fuse_file_info *file)
{
  (void) file;
  return answer(fstatat(root, at(path), st, AT_SYMLINK_NOFOLLOW));
}

static int read_link(const char *path, char *target, size_t size)
{
  ssize_t length = readlinkat(root, at(path), target, size - 1);

  if (length == -1)
    return -errno;
  target[length] = '\0';
  return 0;
}

static int read_directory(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
                          struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
  int fd = openat(root, at(path), O_RDONLY | O_DIRECTORY);
  DIR *directory = fd == -1 ? NULL : fdopendir(fd);
  struct dirent *entry;

  (void) offset, (void) file, (void) flags;
  if (!directory)
    return -errno;
  while ((entry = readdir(directory)))
    fill(buffer, entry->d_name, NULL, 0, 0);
  closedir(directory);
  return 0;
}

static int make_directory(const char *path, mode_t mode)
{
  return answer(mkdirat(root, at(path), mode));
}

static int remove_file(const char *path)
{
  return answer(unlinkat(root, at(path), 0));
}

static int remove_directory(const char *path)
{
  return answer(unlinkat(root, at(path), AT_REMOVEDIR));
}

static int make_symlink(const char *target, const char *path)
{
  return answer(symlinkat(target, root, at(path)));
}

static int make_link(const char *old, const char *new)
{
  return answer(linkat(root, at(old), root, at(new), 0));
}

static int move(const char *old, const char *new, unsigned int flags)
{
  return answer(renameat2(root, at(old), root, at(new), flags));
}

static int set_times(const char *path, const struct timespec times[2], struct fuse_file_info *file)
{
  (void) file;
  return answer(utimensat(root, at(path), times, AT_SYMLINK_NOFOLLOW));
}

static int open_it(const char *path, int flags, mode_t mode, struct fuse_file_info *file)
{
  int fd = openat(root, at(path), flags, mode);

  if (fd == -1)
    return -errno;
  file->fh = fd;
  return 0;
}

static int open_file(const char *path, struct fuse_file_info *file)
{
  return open_it(path, file->flags, 0, file);
}

static int create_file(const char *path, mode_t mode, struct fuse_file_info *file)
{
  return open_it(path, file->flags, mode, file);
}

static int open_directory(const char *path, struct fuse_file_info *file)
{
  return open_it(path, O_RDONLY | O_DIRECTORY, 0, file);
}

static int release(const char *path, struct fuse_file_info *file)
{
  (void) path;
  return answer(close(file->fh));
}

static int read_bytes(const char *path, char *bytes, size_t size, off_t offset,
                      struct fuse_file_info *file)
{
  ssize_t length = pread(file->fh, bytes, size, offset);

  (void) path;
  return length == -1 ? -errno : (int) length;
}

static int write_bytes(const char *path, const char *bytes, size_t size, off_t offset,
                       struct fuse_file_info *file)
{
  ssize_t length = pwrite(file->fh, bytes, size, offset);

  (void) path;
  return length == -1 ? -errno : (int) length;
}

static int flush(const char *path, int data_alone, struct fuse_file_info *file)
{
  (void) path, (void) data_alone;
  return answer(fsync(file->fh));
}

int main(int count, char **words)
{
  struct fuse_operations operations = {
    .getattr = get_attributes,
    .readlink = read_link,
    .readdir = read_directory,
    .mkdir = make_directory,
    .unlink = remove_file,
    .rmdir = remove_directory,
    .symlink = make_symlink,
    .link = make_link,
    .rename = move,
    .utimens = set_times,
    .open = open_file,
    .create = create_file,
    .read = read_bytes,
    .write = write_bytes,
    .release = release,
    .fsync = flush,
    .opendir = open_directory,
    .releasedir = release,
  };

  if (count < 4 || (root = open(words[1], O_PATH | O_DIRECTORY)) == -1) {
    fprintf(stderr, "usage: server ROOT fsyncdir|nothing MOUNTPOINT [OPTION...]\n");
    return 2;
  }
  if (strcmp(words[2], "fsyncdir") == 0)
    operations.fsyncdir = flush;
  words[2] = words[0];
  return fuse_main(count - 2, words + 2, &operations, NULL);
}
