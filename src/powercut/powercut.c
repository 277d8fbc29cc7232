/* SPDX-License-Identifier: GPL-2.0-or-later */
/* powercut: cuts the power between any two writes of a filesystem, and compares
 * what is left with what was promised. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "process.h"
#include "common/message.h"
#include "filesystem.h"
#include "json_report.h"
#include "options.h"
#include "record.h"
#include "replay.h"
#include "report.h"
#include "status.h"

const char program_name[] = "powercut";

/* How long the rest takes, as the states did until now. */
static void print_rest(size_t done, size_t all, time_t passed)
{
  double rest = (double) passed * (double) (all - done) / (double) done;
  if (rest >= 90)
    fprintf(stderr, ", %.0f minutes left", rest / 60);
  else
    fprintf(stderr, ", %.0f seconds left", rest);
}

static void show_progress(size_t done, size_t all)
{
  static time_t last, first;
  time_t now = time(NULL);
  if (!isatty(2) || (now == last && done < all))
    return;
  if (first == 0 || done == 0)
    first = now;
  last = now;
  fprintf(stderr, "\r%zu of %zu states", done, all);
  if (done < all && done > 0 && now - first >= 5)
    print_rest(done, all, now - first);
  fprintf(stderr, "%s", done < all ? "\033[K" : "\r\033[K");
  first = done < all ? first : 0;
}

static const char *temporary_folder(void)
{
  const char *folder = getenv("TMPDIR");
  return folder && *folder != '\0' ? folder : "/tmp";
}

/* Makes it unless it is there, and says if nothing can be written into it. */
static bool make_folder(const char *path)
{
  char itself[PATH_MAX + 2];
  snprintf(itself, sizeof itself, "%s/.", path);
  if (mkdir(path, 0777) == -1 && errno != EEXIST) {
    warn("cannot make the directory %s", path);
    return false;
  }
  if (access(itself, W_OK | X_OK) == -1) {
    warn("cannot keep anything in %s", path);
    return false;
  }
  return true;
}

/* Where recordings stay, in BUFFER, or NULL after a sentence. */
static const char *make_kept(const struct options *options, const char *filesystem, char *buffer)
{
  char path[PATH_MAX];
  if (options->keep) {
    snprintf(path, sizeof path, "%s/%s", options->keep, filesystem);
    if (!make_folder(options->keep) || !make_folder(path))
      return NULL;
  } else {
    snprintf(path, sizeof path, "%s/powercut-kept.XXXXXX", temporary_folder());
    if (!mkdtemp(path)) {
      warn("cannot make the directory %s", path);
      return NULL;
    }
  }
  return realpath(path, buffer);
}

/* Copies the recording from FOLDER, which is held in memory, to where it stays.
 * Returns that place, or NULL after a sentence. */
static const char *keep(const struct options *options, const char *folder, const char *filesystem)
{
  static const char *const files[] = { "base", "events", "data" };
  static char kept[PATH_MAX];
  if (!make_kept(options, filesystem, kept))
    return NULL;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char from[4096], to[PATH_MAX + 16];
    snprintf(from, sizeof from, "%s/%s", folder, files[i]);
    snprintf(to, sizeof to, "%s/%s", kept, files[i]);
    if (!copy_file(from, to)) {
      warnx("the recording is not kept in %s", kept);
      return NULL;
    }
  }
  return kept;
}

/* A whole run would be lost on a place for its results that is none. */
static void check_places(const struct options *options)
{
  char kept[PATH_MAX];
  bool to_keep = options->run && options->keep && strcmp(options->keep, "none") != 0;
  for (size_t i = 0; to_keep && options->filesystems[i]; i++)
    if (!make_kept(options, options->filesystems[i]->name, kept))
      exit(FAILED);
  if (options->report)
    fclose(report_open(options->report));
  if (options->json)
    begin_json(options->json);
}

static void record_in(const char *folder, const struct options *options,
                      const struct filesystem *filesystem)
{
  struct about about = { .format = RECORDING_FORMAT,
                         .seed = options->seed,
                         .choices = options->choices,
                         .concurrent = options->concurrent,
                         .size = options->size != 0 ? options->size : filesystem->size };
  snprintf(about.filesystem, sizeof about.filesystem, "%s", filesystem->name);
  if ((size_t) snprintf(about.mount_options, sizeof about.mount_options, "%s", options->mount)
      >= sizeof about.mount_options)
    errx(FAILED, "the mount options are too long");
  record(folder, about, options->mkfs, options->run);
}

/* The worse of what two recordings have shown. */
static enum status worse(enum status one, enum status other)
{
  return one == VIOLATIONS || other == NOTHING_LOST ? one : other;
}

static enum status status_of(const struct recording *recording, size_t violations)
{
  return violations > 0 ? VIOLATIONS : recording->note_count > 0 ? CANNOT_TELL : NOTHING_LOST;
}

/* Cuts the recording in FOLDER, working in WORK, and tells what was found. */
static enum status cut_recording(const struct options *options, const char *folder,
                                 const char *work)
{
  static char replayed[PATH_MAX];
  const char *kept = options->replay ? realpath(options->replay, replayed) : NULL;
  struct recording recording = load_recording(folder);
  if (recording.mark_count == 0)
    errx(FAILED, "nothing was marked in $POWERCUT_MARKS, so nothing can be judged");
  if (recording.tree_count == 0 && !options->cuts.check)
    errx(FAILED, "no call was marked and there is no --check, so nothing can be judged");
  const struct listener listener = { .progress = show_progress, .violation = report_first };
  struct results results = replay(&recording, &options->cuts, work, &listener);
  size_t violations = count_violations(&recording, &results);
  bool to_keep = !kept && (options->keep ? strcmp(options->keep, "none") != 0 : violations > 0);
  if (to_keep)
    kept = keep(options, folder, recording.about.filesystem);
  report(&recording, &results, kept, options->cuts.check);
  if (options->report)
    report_calls(&recording, &results, options->report);
  if (options->json)
    add_json(&recording, &results, kept);
  free_results(&results, &recording);
  if (!output_was_written() || (to_keep && !kept && violations == 0))
    exit(FAILED);
  return status_of(&recording, violations);
}

/* Ends this process with its parent, which alone holds the other end of the pipe
 * PARENT.  A parent that was killed before prctl is told by that end: getppid is 0
 * here whether it lives or not, for it is in another namespace. */
static void end_with(int parent)
{
  struct pollfd other_end = { .fd = parent };
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
    err(FAILED, "cannot be ended with the parent");
  if (poll(&other_end, 1, 0) != 0)
    exit(FAILED);
  close(parent);
}

/* In namespaces of our own: nobody else sees our mounts, and they go, as do all
 * our processes, with this one, the first of its namespace. */
static int cut_all(const struct options *options, const char *work)
{
  enum status status = NOTHING_LOST;
  /* Ctrl-C is for the supervisor; a worker that it ended would complain. */
  setsid();
  if (unshare(CLONE_NEWNS) == -1) {
    warn("cannot have mounts of our own");
    return CANNOT_RUN_HERE;
  }
  /* EINVAL: in a chroot that is no mount point nothing can be made private. */
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 && errno != EINVAL)
    err(FAILED, "cannot make the mounts private");
  if (mount("proc", "/proc", "proc", 0, NULL) == -1
      || mount("tmpfs", work, "tmpfs", 0, "mode=0700") == -1)
    err(FAILED, "cannot mount in %s", work);
  if (options->replay)
    status = cut_recording(options, options->replay, work);
  for (size_t i = 0; !options->replay && options->filesystems[i]; i++) {
    char folder[PATH_MAX + 32];
    snprintf(folder, sizeof folder, "%s/%s", work, options->filesystems[i]->name);
    record_in(folder, options, options->filesystems[i]);
    status = worse(status, cut_recording(options, folder, folder));
  }
  if (options->json)
    end_json(status);
  return status;
}

/* Blocks what may end us, to wait for it; stores what was blocked before.  What
 * is ignored is never waited for: a shell ignores SIGINT for its background
 * jobs, but nohup's SIGHUP is meant. */
static sigset_t block_signals(sigset_t *before)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD };
  sigset_t ours;
  sigemptyset(&ours);
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    sigaddset(&ours, signals[i]);
  signal(SIGINT, SIG_DFL);
  signal(SIGQUIT, SIG_DFL);
  sigprocmask(SIG_BLOCK, &ours, before);
  return ours;
}

/* Ctrl-C ends the child, and with it all that it has made. */
static int supervise(pid_t child, const sigset_t *signals)
{
  int status, signal, fatal = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    sigwait(signals, &signal);
    if (signal == SIGCHLD)
      continue;
    fatal = signal;
    kill(child, SIGKILL);
  }
  if (fatal != 0)
    return 128 + fatal;
  if (WIFSIGNALED(status)) {
    warnx("the main process was killed by signal %d", WTERMSIG(status));
    return 2;
  }
  return WEXITSTATUS(status);
}

static void refuse_without(const char *device)
{
  if (access(device, R_OK | W_OK) == 0)
    return;
  warn("cannot run here: no %s", device);
  exit(CANNOT_RUN_HERE);
}

static int cut(const struct options *options)
{
  char name[2048], work[PATH_MAX];
  check_places(options);
  snprintf(name, sizeof name, "%s/powercut.XXXXXX", temporary_folder());
  if (!mkdtemp(name) || !realpath(name, work))
    err(FAILED, "cannot make the directory %s", name);
  if (unshare(CLONE_NEWPID) == -1) {
    warn("cannot have processes of our own");
    rmdir(work);
    return CANNOT_RUN_HERE;
  }
  sigset_t before, signals = block_signals(&before);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) == -1)
    err(FAILED, "cannot make a pipe");
  pid_t child = fork();
  if (child == -1)
    err(FAILED, "cannot start a process");
  if (child == 0) {
    close(ends[1]);
    end_with(ends[0]);
    sigprocmask(SIG_SETMASK, &before, NULL);
    exit(cut_all(options, work));
  }
  int status = supervise(child, &signals);
  rmdir(work);
  return status;
}

/* In the caller's own namespace, and left there. */
static int look(const struct options *options)
{
  char recorded[PATH_MAX], folder[PATH_MAX + 32];
  if (!realpath(options->look, recorded))
    err(FAILED, "cannot find the recording %s", options->look);
  struct recording recording = load_recording(recorded);
  snprintf(folder, sizeof folder, "%s/at-%u-%u", recorded, options->position, options->choice);
  if (access(folder, F_OK) == 0)
    errx(FAILED, "this state may still be mounted: unmount and remove %s", folder);
  struct outcome outcome = replay_one(&recording, options->position, options->choice,
                                      options->cuts.check, folder, report_place);
  report_state(stdout, &recording, &outcome);
  return status_of(&recording, is_violation(&recording.about, outcome.verdict));
}

int main(int count, char **arguments)
{
  struct options options = read_options(count, arguments);
  if (geteuid() != 0) {
    warnx("cannot run here: only root can mount filesystems");
    return CANNOT_RUN_HERE;
  }
  refuse_without("/dev/fuse");
  refuse_without("/dev/loop-control");
  return options.look ? look(&options) : cut(&options);
}
