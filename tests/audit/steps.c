/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does what its arguments say, one after the other: small programs for the tests of the
 * auditor. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void must(int good, const char *what)
{
  if (good)
    return;
  perror(what);
  exit(99);
}

static void put(const char *path, int flags)
{
  int fd = open(path, O_WRONLY | flags, 0644);

  must(fd != -1 && write(fd, "text\n", 5) == 5 && close(fd) == 0, path);
}

static void flush(const char *path, int how(int))
{
  int fd = open(path, O_RDONLY);

  must(fd != -1 && how(fd) == 0 && close(fd) == 0, path);
}

static int sync_whole_range(int fd)
{
  return sync_file_range(
    fd, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

/* Gives it the length that it has, and room behind its end. */
static void make_room(const char *path)
{
  int fd = open(path, O_WRONLY);
  off_t length = lseek(fd, 0, SEEK_END);

  must(fd != -1 && fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, length + 4096) == 0
         && ftruncate(fd, length) == 0 && truncate(path, length) == 0,
       path);
}

static char *mapped;

static void map(const char *path, int protection)
{
  int fd = open(path, O_RDWR | O_CREAT, 0644);

  must(fd != -1 && (lseek(fd, 0, SEEK_END) > 0 || ftruncate(fd, 4096) == 0), path);
  mapped = mmap(NULL, 4096, protection, MAP_SHARED, fd, 0);
  must(mapped != MAP_FAILED && close(fd) == 0, "mmap");
}

/* Into the last mapping.  Older kernels give a file the time of the last tick. */
static void store(void)
{
  struct timespec before, after;

  clock_gettime(CLOCK_REALTIME_COARSE, &before);
  do
    clock_gettime(CLOCK_REALTIME_COARSE, &after);
  while (after.tv_sec == before.tv_sec && after.tv_nsec == before.tv_nsec);
  *mapped = 'x';
}

/* A file that has no name until it is whole. */
static void link_nameless(const char *path, int sync)
{
  int fd = open(".", O_WRONLY | O_TMPFILE, 0644);
  char itself[64];

  must(fd != -1 && write(fd, "text\n", 5) == 5 && (!sync || fsync(fd) == 0), "O_TMPFILE");
  snprintf(itself, sizeof itself, "/proc/self/fd/%d", fd);
  must(linkat(AT_FDCWD, itself, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0, path);
}

static void copy(const char *from, const char *to)
{
  int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT, 0644);

  must(in != -1 && out != -1 && copy_file_range(in, NULL, out, NULL, 4096, 0) > 0, to);
}

/* Through a pipe to itself: nobody else hears it. */
static void whisper(void)
{
  int ends[2];
  char byte;

  must(pipe(ends) == 0 && write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1, "pipe");
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && write(ends[1], "x", 1) == 1, "pair");
}

/* A message for whoever reads the queue. */
static void put_into_queue(void)
{
  const struct {
    long type;
    char byte;
  } message = { 1, 'x' };
  int queue = msgget(IPC_PRIVATE, 0600);

  must(queue != -1 && msgsnd(queue, &message, 1, 0) == 0, "msgsnd");
  must(msgctl(queue, IPC_RMID, NULL) == 0, "msgctl");
}

static void run(char **word);

static void *run_thread(void *words)
{
  run(words);
  return NULL;
}

/* The rest of the words, by another thread or process. */
static void let_do(char **word, const char *who)
{
  pthread_t thread;
  int status;
  pid_t child;

  if (strcmp(who, "thread") == 0) {
    must(pthread_create(&thread, NULL, run_thread, word) == 0, who);
    pthread_join(thread, NULL);
    return;
  }
  child = fork();
  if (child == 0) {
    run(word);
    _exit(0);
  }
  must(waitpid(child, &status, 0) == child && status == 0, who);
}

/* Does one step, and returns the next word. */
static char **step(char **word)
{
  const char *what = *word++;

  if (strcmp(what, "put") == 0)
    put(*word++, O_CREAT | O_TRUNC);
  else if (strcmp(what, "put-sync") == 0)
    put(*word++, O_CREAT | O_SYNC);
  else if (strcmp(what, "touch") == 0)
    must(close(open(*word, O_WRONLY | O_CREAT, 0644)) == 0, *word), word++;
  else if (strcmp(what, "append") == 0)
    put(*word++, O_APPEND);
  else if (strcmp(what, "append-sync") == 0)
    put(*word++, O_APPEND | O_SYNC);
  else if (strcmp(what, "map") == 0)
    map(*word++, PROT_READ | PROT_WRITE);
  else if (strcmp(what, "map-to-read") == 0)
    map(*word++, PROT_READ);
  else if (strcmp(what, "allow") == 0)
    must(mprotect(mapped, 4096, PROT_READ | PROT_WRITE) == 0, "mprotect");
  else if (strcmp(what, "store") == 0)
    store();
  else if (strcmp(what, "msync") == 0)
    must(msync(mapped, 4096, MS_SYNC) == 0, "msync");
  else if (strcmp(what, "truncate") == 0)
    must(close(open(*word, O_WRONLY | O_TRUNC)) == 0, *word), word++;
  else if (strcmp(what, "room") == 0)
    make_room(*word++);
  else if (strcmp(what, "range") == 0)
    flush(*word++, sync_whole_range);
  else if (strcmp(what, "nameless") == 0)
    link_nameless(*word++, 0);
  else if (strcmp(what, "nameless-sync") == 0)
    link_nameless(*word++, 1);
  else if (strcmp(what, "copy") == 0)
    copy(word[0], word[1]), word += 2;
  else if (strcmp(what, "exchange") == 0)
    must(renameat2(AT_FDCWD, word[0], AT_FDCWD, word[1], RENAME_EXCHANGE) == 0, *word), word += 2;
  else if (strcmp(what, "rmdir") == 0)
    must(rmdir(*word) == 0, *word), word++;
  else if (strcmp(what, "fsync") == 0)
    flush(*word++, fsync);
  else if (strcmp(what, "fdatasync") == 0)
    flush(*word++, fdatasync);
  else if (strcmp(what, "syncfs") == 0)
    flush(*word++, syncfs);
  else if (strcmp(what, "sync") == 0)
    sync();
  else if (strcmp(what, "unlink") == 0)
    must(unlink(*word) == 0, *word), word++;
  else if (strcmp(what, "mkdir") == 0)
    must(mkdir(*word, 0755) == 0, *word), word++;
  else if (strcmp(what, "rename") == 0)
    must(rename(word[0], word[1]) == 0, *word), word += 2;
  else if (strcmp(what, "link") == 0)
    must(link(word[0], word[1]) == 0, *word), word += 2;
  else if (strcmp(what, "symlink") == 0)
    must(symlink(word[0], word[1]) == 0, *word), word += 2;
  else if (strcmp(what, "chdir") == 0)
    must(chdir(*word) == 0, *word), word++;
  else if (strcmp(what, "chroot") == 0)
    must(chroot(*word) == 0 && chdir("/") == 0, *word), word++;
  else if (strcmp(what, "say") == 0)
    must(write(1, "done\n", 5) == 5, "say");
  else if (strcmp(what, "queue") == 0)
    put_into_queue();
  else if (strcmp(what, "signal") == 0) /* it is ignored there */
    must(kill(getppid(), SIGURG) == 0, "kill");
  else if (strcmp(what, "daemon") == 0)
    must(daemon(1, 1) == 0, "daemon");
  else if (strcmp(what, "whisper") == 0)
    whisper();
  else
    must(0, what);
  return word;
}

static void run(char **word)
{
  while (*word) {
    if (strcmp(*word, "thread") == 0 || strcmp(*word, "child") == 0) {
      /* Up to the word "then". */
      char **end = word + 1;

      while (*end && strcmp(*end, "then") != 0)
        end++;
      if (!*end) {
        let_do(word + 1, *word);
        return;
      }
      *end = NULL;
      let_do(word + 1, *word);
      word = end + 1;
    } else {
      word = step(word);
    }
  }
}

int main(int count, char **arguments)
{
  (void) count;
  run(arguments + 1);
  return 0;
}
