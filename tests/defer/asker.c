/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that makes the directory "one", and then asks "served", a filesystem with a
 * server, in one way: the server must not see that before the change is flushed.
 *
 *   asker WAY          asker: tells all ways */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

static struct stat st;
static struct statfs fs;
static char bytes[64];
static int file, folder;
static volatile char *mapped;

/* clang-format off */
static void ask_stat(void)       { stat("served/file", &st); }
static void ask_missing(void)    { stat("served/missing", &st); }
static void ask_root(void)       { stat("served", &st); }
static void ask_at(void)         { fstatat(folder, "file", &st, 0); }
static void ask_absolute(void)   { stat("/proc/self/cwd/served/file", &st); }
static void ask_way(void)        { stat("way/file", &st); }
static void ask_up(void)         { stat("served/folder/../../one", &st); }
static void ask_access(void)     { access("served/file", W_OK); }
static void ask_link(void)       { (void) !readlink("served/link", bytes, sizeof bytes); }
static void ask_statfs(void)     { statfs("served/file", &fs); }
static void ask_xattr(void)      { getxattr("served/file", "user.x", bytes, sizeof bytes); }
static void open_it(void)        { (void) !open("served/file", O_RDONLY); }
static void open_path(void)      { (void) !open("served/file", O_PATH); }
static void open_at(void)        { (void) !openat(folder, "file", O_RDONLY); }
static void open_missing(void)   { (void) !open("served/missing", O_RDONLY); }
static void open_new(void)       { (void) !open("served/new", O_WRONLY | O_CREAT | O_EXCL, 0600); }
static void open_new_at(void)    { (void) !openat(folder, "new", O_WRONLY | O_CREAT | O_EXCL, 0600); }
static void open_or_make(void)   { (void) !open("served/file", O_WRONLY | O_CREAT, 0600); }
static void open_stream(void)    { (void) !fopen("served/file", "a"); }
static void remove_any(void)     { remove("served/folder"); }
static void rename_to(void)      { rename("one", "served/renamed"); }
static void point_from(void)     { (void) !symlink("one", "served/pointer"); }
static void make_folder(void)    { mkdir("served/new", 0700); }
static void make_there(void)     { mkdir("served/folder/../../two", 0700); }
static void remove_it(void)      { unlink("served/file"); }
static void link_it(void)        { (void) !link("served/file", "linked"); }
static void link_to(void)        { (void) !link("one", "served/linked"); }
static void rename_it(void)      { rename("served/file", "renamed"); }
static void cut(void)            { (void) !truncate("served/file", 0); }
static void ask_fstat(void)      { fstat(file, &st); }
static void ask_empty(void)      { fstatat(file, "", &st, AT_EMPTY_PATH); }
static void ask_fstatfs(void)    { fstatfs(file, &fs); }
static void ask_fxattr(void)     { fgetxattr(file, "user.x", bytes, sizeof bytes); }
static void read_it(void)        { (void) !read(file, bytes, sizeof bytes); }
static void read_at(void)        { (void) !pread(file, bytes, sizeof bytes, 0); }
static void write_it(void)       { (void) !write(file, "text", 4); }
static void seek_end(void)       { lseek(file, 0, SEEK_END); }
static void close_it(void)       { close(file); }
static void close_folder(void)   { close(folder); }
static void sync_it(void)        { fsync(file); }
static void ask_terminal(void)   { isatty(file); }
static void advise(void)         { posix_fadvise(file, 0, 4, POSIX_FADV_WILLNEED); }
static void lock_it(void)        { flock(file, LOCK_EX | LOCK_NB); }
static void change_mode(void)    { fchmod(file, 0600); }
static void touch(void)          { futimens(file, NULL); }
static void send_it(void)        { sendfile(STDOUT_FILENO, file, NULL, 4); }
static void list(void)           { syscall(SYS_getdents64, folder, bytes, sizeof bytes); }
static void go_there(void)       { (void) !fchdir(folder); }
static void touch_mapped(void)   { bytes[0] = *mapped; }
static void map_it(void)
{
  mapped = mmap(NULL, 4, PROT_READ, MAP_PRIVATE, file, 0);
  if (mapped != MAP_FAILED)
    touch_mapped();
}
/* clang-format on */

static const struct way {
  const char *name;
  void (*ask)(void);
} ways[] = {
  { "stat", ask_stat },
  { "stat-missing", ask_missing },
  { "stat-root", ask_root },
  { "stat-at", ask_at },
  { "stat-absolute", ask_absolute },
  { "stat-by-symlink", ask_way },
  { "stat-through", ask_up },
  { "access", ask_access },
  { "readlink", ask_link },
  { "statfs", ask_statfs },
  { "getxattr", ask_xattr },
  { "open", open_it },
  { "open-path", open_path },
  { "open-at", open_at },
  { "open-missing", open_missing },
  { "open-new", open_new },
  { "open-new-at", open_new_at },
  { "open-or-make", open_or_make },
  { "fopen", open_stream },
  { "remove", remove_any },
  { "rename-to", rename_to },
  { "symlink", point_from },
  { "mkdir", make_folder },
  { "mkdir-through", make_there },
  { "unlink", remove_it },
  { "link-from", link_it },
  { "link-to", link_to },
  { "rename", rename_it },
  { "truncate", cut },
  { "fstat", ask_fstat },
  { "fstat-by-name", ask_empty },
  { "fstatfs", ask_fstatfs },
  { "fgetxattr", ask_fxattr },
  { "read", read_it },
  { "pread", read_at },
  { "write", write_it },
  { "seek-end", seek_end },
  { "close", close_it },
  { "close-folder", close_folder },
  { "fsync", sync_it },
  { "terminal", ask_terminal },
  { "advise", advise },
  { "lock", lock_it },
  { "chmod", change_mode },
  { "touch", touch },
  { "sendfile", send_it },
  { "readdir", list },
  { "chdir", go_there },
  { "map", map_it },
  { "touch-mapped", touch_mapped },
};

int main(int count, char **arguments)
{
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (count < 2) {
      puts(ways[i].name);
    } else if (strcmp(arguments[1], ways[i].name) == 0) {
      file = open("served/file", O_RDWR);
      folder = open("served", O_RDONLY | O_DIRECTORY);
      if (ways[i].ask == touch_mapped)
        mapped = mmap(NULL, 4, PROT_READ, MAP_PRIVATE, file, 0);
      if (file == -1 || folder == -1 || mapped == MAP_FAILED || mkdir("one", 0700) == -1)
        return 1;
      ways[i].ask();
      _exit(0);
    }
  return count < 2 ? 0 : 2;
}
