/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stand-in for qmail-queue(8), written from its manual page and from qmail's
 * INTERNALS: message on descriptor 0, envelope on descriptor 1, exit code.
 *
 *   pid/PID.TIME.N   a new file, only to get an inode of its own: ID
 *   mess/SPLIT/ID    the message, after a Received line           state S2
 *   intd/ID          the envelope, being written                  state S3
 *   todo/ID          a link to it: the message is queued          state S4
 *
 * Like the original it flushes the two files and never a directory: it relies
 * on link and unlink being durable when they return. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "queue.h"

#ifndef QMAIL_HOME
#define QMAIL_HOME "/var/qmail"
#endif

/* The manual page's exit codes. */
enum {
  ADDRESS_TOO_LONG = 11,
  OUT_OF_MEMORY = 51,
  TIMEOUT = 52,
  WRITE_ERROR = 53,
  READ_ERROR = 54,
  NO_HOME = 61,
  NO_QUEUE = 62,
  NO_PID = 63,
  NO_MESS = 64,
  NO_INTD = 65,
  NO_TODO = 66,
  BUG = 81,
  BAD_ENVELOPE = 91
};

enum { ADDRESS_MAX = 1003, PID_TRIES = 10, SECONDS_TO_LIVE = 86400 };

/* Names in the queue, and whether a failure has to take them away again. */
static char pid_name[80], mess_name[80], intd_name[80], todo_name[80];
static bool made_mess, made_intd;

/* Only where the queue's state is known.  When link or open has failed, the
 * name may be there all the same (the change was made, its flush failed): to
 * remove mess/ID then could leave a todo/ID without its message.  qmail-send
 * collects such leftovers after 36 hours. */
static _Noreturn void clean_up_and_exit(int code)
{
  if (made_intd && unlink(intd_name) == -1)
    _exit(code);
  if (made_mess)
    unlink(mess_name);
  _exit(code);
}

static void on_alarm(int signal)
{
  (void) signal;
  _exit(TIMEOUT);
}

static void on_bug(int signal)
{
  (void) signal;
  _exit(BUG);
}

static void set_signals(void)
{
  static const int ignored[] = { SIGPIPE,   SIGHUP,  SIGINT,  SIGQUIT,
                                 SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ };
  static const int bugs[] = { SIGILL, SIGABRT, SIGFPE, SIGBUS, SIGSEGV, SIGSYS };

  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
    signal(ignored[i], SIG_IGN);
  for (size_t i = 0; i < sizeof bugs / sizeof *bugs; i++)
    signal(bugs[i], on_bug);
  signal(SIGALRM, on_alarm);
}

/* The caller of a set-uid program does not choose its queue. */
static void enter_queue(void)
{
  const char *home = secure_getenv("QMAIL_HOME");

  if (chdir(home ? home : QMAIL_HOME) == -1)
    _exit(NO_HOME);
  if (chdir("queue") == -1)
    _exit(NO_QUEUE);
}

static int create(const char *name)
{
  return open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
}

/* A new file in pid/, whose inode nobody else has. */
static int create_in_pid(void)
{
  int fd = -1;

  for (int n = 1; fd == -1 && n <= PID_TRIES; n++) {
    snprintf(pid_name, sizeof pid_name, "pid/%ld.%lld.%d", (long) getpid(), (long long) time(NULL),
             n);
    fd = create(pid_name);
    if (fd == -1 && errno != EEXIST)
      break;
  }
  if (fd == -1)
    _exit(NO_PID);
  return fd;
}

static void name_after_inode(int fd)
{
  struct stat st;
  unsigned long long id;

  if (fstat(fd, &st) == -1)
    _exit(NO_PID);
  id = st.st_ino;
  snprintf(mess_name, sizeof mess_name, "mess/%llu/%llu", id % CONF_SPLIT, id);
  snprintf(intd_name, sizeof intd_name, "intd/%llu", id);
  snprintf(todo_name, sizeof todo_name, "todo/%llu", id);
}

static FILE *stream(int fd, const char *mode)
{
  FILE *file = fdopen(fd, mode);

  if (!file)
    clean_up_and_exit(OUT_OF_MEMORY);
  return file;
}

static void put(int c, FILE *file)
{
  if (putc(c, file) == EOF)
    clean_up_and_exit(WRITE_ERROR);
}

static void flush(FILE *file)
{
  if (fflush(file) == EOF || fsync(fileno(file)) == -1)
    clean_up_and_exit(WRITE_ERROR);
}

static void write_message(int fd)
{
  FILE *mess = stream(fd, "w");
  time_t now = time(NULL);
  char date[64];
  int c;

  strftime(date, sizeof date, "%d %b %Y %H:%M:%S -0000", gmtime(&now));
  if (fprintf(mess, "Received: (qmail %ld invoked by uid %ld); %s\n", (long) getpid(),
              (long) getuid(), date)
      < 0)
    clean_up_and_exit(WRITE_ERROR);
  while ((c = getchar()) != EOF)
    put(c, mess);
  if (ferror(stdin))
    clean_up_and_exit(READ_ERROR);
  flush(mess);
}

/* The next byte of the envelope; its end comes too early. */
static int next_byte(FILE *envelope)
{
  int c = getc(envelope);

  if (c == EOF)
    clean_up_and_exit(READ_ERROR);
  return c;
}

static void copy_address(int kind, FILE *envelope, FILE *intd)
{
  int c, length = 0;

  put(kind, intd);
  do {
    if (length++ == ADDRESS_MAX)
      clean_up_and_exit(ADDRESS_TOO_LONG);
    c = next_byte(envelope);
    put(c, intd);
  } while (c != '\0');
}

/* F sender 0, then T recipient 0 for each, then 0. */
static void write_envelope(int fd)
{
  FILE *intd = stream(fd, "w"), *envelope = stream(1, "r");
  int c;

  if (fprintf(intd, "u%ld%cp%ld%c", (long) getuid(), 0, (long) getpid(), 0) < 0)
    clean_up_and_exit(WRITE_ERROR);
  if (next_byte(envelope) != 'F')
    clean_up_and_exit(BAD_ENVELOPE);
  copy_address('F', envelope, intd);
  while ((c = next_byte(envelope)) != '\0') {
    if (c != 'T')
      clean_up_and_exit(BAD_ENVELOPE);
    copy_address('T', envelope, intd);
  }
  flush(intd);
}

/* Wakes qmail-send, if there is one. */
static void pull_trigger(void)
{
  int fd = open("lock/trigger", O_WRONLY | O_NONBLOCK);

  if (fd != -1 && write(fd, "", 1) == 1)
    close(fd);
}

int main(void)
{
  int mess, intd;

  umask(033);
  enter_queue();
  set_signals();
  alarm(SECONDS_TO_LIVE);

  mess = create_in_pid();
  name_after_inode(mess);
  if (link(pid_name, mess_name) == -1)
    _exit(NO_MESS);
  if (unlink(pid_name) == -1)
    _exit(NO_PID);
  made_mess = true;
  write_message(mess);

  intd = create(intd_name);
  if (intd == -1)
    _exit(NO_INTD);
  made_intd = true;
  write_envelope(intd);

  if (link(intd_name, todo_name) == -1)
    _exit(NO_TODO);
  pull_trigger();
  _exit(0);
}
