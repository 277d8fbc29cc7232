/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trace of the launcher's own, and what it comes to. */
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/message.h"
#include "preflight.h"
#include "summary.h"

/* The least that a file takes of its filesystem at a time. */
enum { BLOCK = 4096 };

/* Whether PATH is a directory that only we can write to. */
static bool is_ours(const char *path)
{
  struct stat st;

  return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid()
      && !(st.st_mode & 022);
}

/* Puts into BASE where the folder of a trace is made: a place where others can make nothing,
 * not even after the folder is removed.  That is /run for root, and for others a folder of
 * their own in /tmp, which stays. */
static bool find_base(char *base, size_t size)
{
  mode_t mask;

  if (geteuid() == 0 && is_ours("/run")) {
    snprintf(base, size, "/run");
    return true;
  }
  snprintf(base, size, "/tmp/syncdir-%u", (unsigned) geteuid());
  mask = umask(0);
  if (mkdir(base, 0711) == -1 && errno != EEXIST)
    size = 0;
  umask(mask);
  if (size && is_ours(base))
    return true;
  if (size)
    errno = EEXIST;
  return false;
}

bool make_private_trace(struct private_trace *trace)
{
  char base[32];

  trace->fd = -1;
  if (!find_base(base, sizeof base)) {
    complain("-s: no trace can be made in %s, which must be a folder of your own that nobody "
             "else can write in: %s",
             base, strerror(errno));
    return false;
  }
  snprintf(trace->folder, sizeof trace->folder, "%s/syncdir.XXXXXX", base);
  /* A child may have become another user.  It can write to the file, whose name it was given,
   * but neither read it nor list the folder. */
  if (mkdtemp(trace->folder)) {
    snprintf(trace->file, sizeof trace->file, "%s/trace", trace->folder);
    trace->fd = open(trace->file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0622);
  }
  if (trace->fd == -1 || fchmod(trace->fd, 0622) == -1 || chmod(trace->folder, 0711) == -1) {
    complain("-s: no trace can be made in %s: %s", trace->folder, strerror(errno));
    return false;
  }
  return true;
}

void remove_private_trace(const struct private_trace *trace)
{
  unlink(trace->file);
  rmdir(trace->folder);
}

/* The flushes of one call or of one directory. */
struct group {
  long long flushes, microseconds, longest;
  char name[];
};

/* Trees of tsearch(3).  They are global because twalk(3) passes no argument on. */
static struct {
  void *calls, *directories;
  void *ends, *reasons; /* of batches; why a change was not put off */
  const struct group *slowest;
  long long failed, written;
  long long batches, changes, most; /* changes in them, and in one */
} sums;

static int compare(const void *one, const void *other)
{
  return strcmp(((const struct group *) one)->name, ((const struct group *) other)->name);
}

static void add(void **groups, const char *name, long long microseconds)
{
  struct group *added = calloc(1, sizeof *added + strlen(name) + 1), **found;

  if (!added)
    return;
  strcpy(added->name, name);
  found = tsearch(added, groups, compare);
  if (!found || *found != added)
    free(added);
  if (!found)
    return;
  (*found)->flushes++;
  (*found)->microseconds += microseconds;
  if ((*found)->longest < microseconds)
    (*found)->longest = microseconds;
}

static void print_call(const void *node, VISIT visit, int depth)
{
  const struct group *call = *(const struct group *const *) node;

  (void) depth;
  if (visit == postorder || visit == leaf)
    fprintf(stderr, " %s %lld", call->name, call->flushes);
}

static void print_groups(const char *what, const void *groups)
{
  if (!groups)
    return;
  fprintf(stderr, "syncdir: %s:", what);
  twalk(groups, print_call);
  fprintf(stderr, "\n");
}

static void look_for_slowest(const void *node, VISIT visit, int depth)
{
  const struct group *directory = *(const struct group *const *) node;

  (void) depth;
  if ((visit == postorder || visit == leaf)
      && (!sums.slowest || sums.slowest->microseconds < directory->microseconds))
    sums.slowest = directory;
}

static void print_reason(const void *node, VISIT visit, int depth)
{
  const struct group *reason = *(const struct group *const *) node;

  (void) depth;
  if (visit == postorder || visit == leaf)
    complain("not put off, %lld times: %s", reason->flushes, reason->name);
}

/* "12 changes", of a batch that CALL has ended, or "strict: REASON". */
static bool is_batch(const char *call, const char *note)
{
  long long changes;

  if (strncmp(note, "strict: ", 8) == 0)
    add(&sums.reasons, note + 8, 0);
  if (sscanf(note, "%lld changes", &changes) != 1)
    return false;
  add(&sums.ends, call, 0);
  sums.batches++;
  sums.changes += changes;
  if (sums.most < changes)
    sums.most = changes;
  return true;
}

enum { FSYNC, SYNCFS, SYNC, HOW_MAX };

/* A line has the fields that libsyncdir(3) describes under SYNCDIR_TRACE. */
static void add_line(char *line, struct group how[HOW_MAX])
{
  enum { CALL = 1, DIRECTORY = 3, HOW, RESULT, MICROSECONDS, FIELDS };
  static const char *const names[HOW_MAX] = { "fsync", "syncfs", "sync" };
  char *field[FIELDS];
  long long microseconds;

  line[strcspn(line, "\n")] = '\0';
  for (int i = 0; i < FIELDS; i++)
    if (!(field[i] = strsep(&line, "\t")))
      return;
  microseconds = atoll(field[MICROSECONDS]);
  sums.failed += strcmp(field[RESULT], "0") != 0;
  if (strcmp(field[HOW], "sync_file_range") == 0 || strcmp(field[HOW], "fdatasync") == 0) {
    sums.written++;
    return;
  }
  if (!line || !is_batch(field[CALL], line))
    add(&sums.calls, field[CALL], microseconds);
  add(&sums.directories, field[DIRECTORY], microseconds);
  for (int i = 0; i < HOW_MAX; i++)
    if (strcmp(field[HOW], names[i]) == 0) {
      how[i].flushes++;
      how[i].microseconds += microseconds;
    }
}

static void sum_up(FILE *trace)
{
  struct group how[HOW_MAX] = { { 0 } };
  long long flushes, microseconds;
  char *line = NULL;
  size_t size = 0;

  while (getline(&line, &size, trace) != -1)
    add_line(line, how);
  free(line);
  flushes = how[FSYNC].flushes + how[SYNCFS].flushes + how[SYNC].flushes;
  microseconds = how[FSYNC].microseconds + how[SYNCFS].microseconds + how[SYNC].microseconds;
  complain("%lld flushes: %lld fsync, %lld syncfs, %lld sync; %lld failed", flushes,
           how[FSYNC].flushes, how[SYNCFS].flushes, how[SYNC].flushes, sums.failed);
  if (sums.written)
    complain("files whose bytes were written before a rename or link: %lld", sums.written);
  if (sums.batches)
    complain("%lld changes put off in %lld batches, up to %lld in one", sums.changes, sums.batches,
             sums.most);
  twalk(sums.reasons, print_reason);
  if (flushes == 0)
    return;
  print_groups("by call", sums.calls);
  print_groups("batches ended by", sums.ends);
  twalk(sums.directories, look_for_slowest);
  complain("%.6f s spent flushing", microseconds / 1e6);
  if (sums.slowest)
    complain("slowest directory: %s, %.6f s in %lld flushes, the longest %.6f s",
             sums.slowest->name, sums.slowest->microseconds / 1e6, sums.slowest->flushes,
             sums.slowest->longest / 1e6);
}

static FILE *open_for_append(const char *to)
{
  int fd;

  if (strcmp(to, "-") == 0)
    return stderr;
  fd = open_trace(to);
  return fd == -1 ? NULL : fdopen(fd, "a");
}

static void append(FILE *trace, const char *to)
{
  FILE *file = open_for_append(to);
  char bytes[4096];
  size_t length;

  rewind(trace);
  while (file && (length = fread(bytes, 1, sizeof bytes, trace)) > 0)
    fwrite(bytes, 1, length, file);
  if (!file || fflush(file) == EOF)
    complain("the trace %s cannot be written: %s", to, strerror(errno));
  if (file && file != stderr)
    fclose(file);
}

/* The library does not report a line that it could not write. */
static void tell_if_full(const struct private_trace *trace)
{
  off_t end = lseek(trace->fd, 0, SEEK_END);
  int error;

  signal(SIGXFSZ, SIG_IGN);
  error = end == -1 ? errno : posix_fallocate(trace->fd, end, BLOCK);
  if (error)
    complain("-s: the trace %s cannot grow (%s), so flushes may be missing from the summary",
             trace->file, strerror(error));
  else if (ftruncate(trace->fd, end) == -1)
    complain("-s: the trace %s: %s", trace->file, strerror(errno));
}

void finish_private_trace(const struct private_trace *trace, const char *to)
{
  FILE *file;

  tell_if_full(trace);
  file = fdopen(trace->fd, "r");

  if (!file) {
    complain("-s: the trace %s cannot be read: %s", trace->file, strerror(errno));
    return;
  }
  rewind(file);
  sum_up(file);
  if (*to)
    append(file, to);
  fclose(file);
}
