/* SPDX-License-Identifier: GPL-2.0-or-later */
/* deliver: delivers the message on standard input into a maildir.  Once deliver has
 * exited with 0, no power cut takes the message away.
 *
 *   deliver [-c] [-m] MAILDIR < message
 *
 *   -c: make the maildir if it is not there
 *   -m: the standard input is an mbox, and each message of it becomes a file
 *
 * Two things have to be on the disk, in this order:
 *   the bytes    by fsync, before the file gets its name in new/: or else a
 *                power cut could leave the name, and no bytes in it;
 *   the name     in new/, by syncdir_link: this is the delivery.
 * The name in tmp/ is made and removed by plain calls.  If a power cut brings
 * it back, it is a second name of the same file, which mail readers ignore and
 * remove after 36 hours.  That is not worth waiting for the disk.
 *
 * With -m nobody is told of any message before the last one is delivered, so
 * syncdir_hold and syncdir_release make one flush for all of them.  syncdir_link
 * writes the bytes of each file before it makes the name, so no message needs an
 * fsync of its own.
 *
 * Exit status, as that of qmail-local: 0, delivered; 111, try again later; 100,
 * do not try again.  After 111 the message may nevertheless be in new/, and so
 * come twice, which is better than not at all. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include <syncdir.h>

enum { DELIVERED = 0, NEVER = 100, TRY_AGAIN = 111 };

/* Long before a mail reader takes our file in tmp/ for a forgotten one. */
enum { PATIENCE = 24 * 60 * 60 };

static const char *maildir;
static char tmp[512], new[sizeof tmp]; /* tmp/NAME and new/NAME */
static volatile sig_atomic_t tmp_is_ours;

static const char *advice(int error)
{
  switch (error) {
    case ENOENT:
    case ENOTDIR: return "Is it a maildir?  deliver -c makes one.";
    case EACCES:
    case EPERM: return "Look at the owner and the mode of the maildir.";
    case ENOSPC:
    case EDQUOT: return "Make room; the message will be tried again.";
    case EIO:
    case EROFS: return "Look at the kernel's log: the disk may be failing.";
    case EFBIG: return "The message is larger than a file may be here.";
    default: return "The message will be tried again.";
  }
}

/* The way out where something failed: what, with which file, why, what helps. */
_Noreturn static void fail(const char *action, const char *object)
{
  int error = errno;

  fprintf(stderr, "deliver to %s: cannot %s %s: %s.  %s\n", maildir, action, object,
          strerror(error), advice(error));
  if (tmp_is_ours)
    unlink(tmp);
  exit(error == EFBIG ? NEVER : TRY_AGAIN);
}

/* A day has passed, or somebody wants us to stop. */
static void give_up(int signal)
{
  static const char text[] = "deliver: stopped; the message will be tried again.\n";

  (void) signal;
  if (tmp_is_ours)
    unlink(tmp);
  (void) !write(STDERR_FILENO, text, sizeof text - 1);
  _exit(TRY_AGAIN);
}

/* SIGPIPE and SIGXFSZ would end us without a word; write says the same. */
static void set_signals(void)
{
  signal(SIGALRM, give_up);
  signal(SIGTERM, give_up);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  alarm(PATIENCE);
}

/* A directory that is there already may be another delivery's, not flushed
 * yet: syncdir_sync_parent makes it durable, whoever made it. */
static void make_directory(const char *path)
{
  if (syncdir_mkdir(path, 0700) == 0)
    return;
  if (errno != EEXIST || syncdir_sync_parent(AT_FDCWD, path) == -1)
    fail("make the directory", path);
}

/* All names from here on are relative to the maildir. */
static void enter_maildir(int make)
{
  if (make)
    make_directory(maildir);
  if (chdir(maildir) == -1)
    fail("enter", "it");
  if (make) {
    make_directory("tmp");
    make_directory("new");
    make_directory("cur");
  }
}

/* A name that no other delivery has, here or on another host of the same file
 * server.  In the host's name maildir(5) wants octal for a slash and a colon. */
static void choose_name(void)
{
  static long delivery;
  char host[65] = "", safe[4 * sizeof host] = "";
  struct timeval now;

  gethostname(host, sizeof host - 1);
  for (char *from = host, *to = safe; *from; from++)
    to += sprintf(to, *from == '/' || *from == ':' ? "\\%03o" : "%c", *from);
  gettimeofday(&now, NULL);
  snprintf(tmp, sizeof tmp, "tmp/%lld.M%06ldP%ldQ%ld.%s", (long long) now.tv_sec,
           (long) now.tv_usec, (long) getpid(), ++delivery, safe);
  snprintf(new, sizeof new, "new/%s", tmp + strlen("tmp/"));
}

static int create_tmp(void)
{
  int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd == -1)
    fail("make the file", tmp);
  tmp_is_ours = 1;
  return fd;
}

static void write_all(int fd, const char *bytes, size_t size)
{
  while (size > 0) {
    ssize_t written = write(fd, bytes, size);

    if (written == -1 && errno != EINTR)
      fail("write", tmp);
    if (written > 0)
      bytes += written, size -= written;
  }
}

static void copy_message(int fd)
{
  char bytes[65536];
  ssize_t size;

  while ((size = read(STDIN_FILENO, bytes, sizeof bytes)) != 0)
    if (size > 0)
      write_all(fd, bytes, size);
    else if (errno != EINTR)
      fail("read", "the message from standard input");
  if (fsync(fd) == -1 || close(fd) == -1)
    fail("flush", tmp);
}

/* If it is the flush that fails, new/NAME is there, and stays there: the message may
 * come twice, but it is not lost. */
static void publish(void)
{
  if (syncdir_link(tmp, new) == -1)
    fail("give the message its name,", new);
  unlink(tmp);
  tmp_is_ours = 0;
}

static void publish_written(int fd)
{
  if (fd == -1)
    return;
  if (close(fd) == -1)
    fail("write", tmp);
  publish();
}

/* ">From ", with any number of ">", was given one more by whoever wrote the mbox. */
static bool is_quoted(const char *line)
{
  return *line == '>' && strncmp(line + strspn(line, ">"), "From ", 5) == 0;
}

/* The blank line before each "From " is the mbox's. */
static void deliver_each(void)
{
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  int fd = -1;
  bool blank = false;

  while ((length = getline(&line, &size, stdin)) != -1) {
    if (strncmp(line, "From ", 5) == 0) {
      publish_written(fd);
      choose_name();
      fd = create_tmp();
      blank = false;
      continue;
    }
    if (fd == -1) {
      fputs("deliver: the standard input is no mbox: it does not begin with \"From \"\n", stderr);
      exit(NEVER);
    }
    if (blank)
      write_all(fd, "\n", 1);
    blank = length == 1 && *line == '\n';
    if (!blank)
      write_all(fd, line + is_quoted(line), length - is_quoted(line));
  }
  if (ferror(stdin))
    fail("read", "the messages from standard input");
  publish_written(fd);
}

/* Where no hold is to be had each message is flushed when it gets its name. */
static void deliver_many(void)
{
  bool held = syncdir_hold() == 0;

  deliver_each();
  if (held && syncdir_release() == -1)
    fail("flush", "the messages");
}

int main(int argc, char **argv)
{
  bool make = false, many = false;
  int option;

  while ((option = getopt(argc, argv, "cm")) != -1)
    if (option == 'c')
      make = true;
    else if (option == 'm')
      many = true;
    else
      argc = 0;
  if (argc != optind + 1) {
    fputs("usage: deliver [-c] [-m] MAILDIR < message\n", stderr);
    return NEVER;
  }
  maildir = argv[optind];
  set_signals();
  enter_maildir(make);
  if (many) {
    deliver_many();
  } else {
    choose_name();
    copy_message(create_tmp());
    publish();
  }
  return DELIVERED;
}
