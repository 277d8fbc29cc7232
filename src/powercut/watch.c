/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each mark of a tree is kept with the live tree as it is at that moment; the
 * program under test waits meanwhile.  That is the oracle. */
#include "watch.h"
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "log.h"
#include "status.h"
#include "witness.h"

/* The server's: one mark at a time, after it has its place in the log. */
static pthread_mutex_t one_mark = PTHREAD_MUTEX_INITIALIZER;
static int watcher = -1;
static bool out_of_order;

/* What the watcher answers, before the text of a tree. */
struct answer {
  bool in_order;
  size_t size;
};

static bool transfer(ssize_t (*how)(int, void *, size_t), int socket, void *buffer, size_t size)
{
  for (char *next = buffer; size > 0;) {
    ssize_t done = how(socket, next, size);
    if (done <= 0)
      return false;
    next += done;
    size -= (size_t) done;
  }
  return true;
}

static ssize_t write_some(int socket, void *buffer, size_t size)
{
  return write(socket, buffer, size);
}

static int watch(int socket)
{
  char line[LINE_SIZE];
  while (transfer(read, socket, line, sizeof line)) {
    struct tree seen = { 0 };
    bool in_order = strcmp(line, END_OF_RUN) == 0 ? witness_end(&seen) : witness_mark(line, &seen);
    struct answer answer = { .in_order = in_order, .size = seen.size };
    if (!transfer(write_some, socket, &answer, sizeof answer)
        || !transfer(write_some, socket, seen.text, seen.size))
      err(FAILED, "cannot answer the block server");
  }
  const char *tree = find_unfinished_tree();
  if (tree)
    errx(FAILED, "the program under test ended within a call in the tree %s", tree);
  return 0;
}

void start_watcher(const char *trees, const struct about *of_device)
{
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == -1)
    err(FAILED, "cannot make a socket");
  pid_t child = fork();
  if (child == -1)
    err(FAILED, "cannot start the watcher");
  if (child == 0) {
    close(sockets[0]);
    start_witness(trees, of_device);
    exit(watch(sockets[1]));
  }
  close(sockets[1]);
  watcher = sockets[0];
}

/* Asks the watcher; the caller holds the lock, and frees the text of ANSWERED. */
static bool ask(char *line, struct tree *answered)
{
  struct answer answer;
  if (!transfer(write_some, watcher, line, LINE_SIZE)
      || !transfer(read, watcher, &answer, sizeof answer))
    errx(FAILED, "the watcher of the trees is gone");
  struct tree seen = { .text = malloc(answer.size + 1), .size = answer.size };
  if (!seen.text || !transfer(read, watcher, seen.text, seen.size))
    errx(FAILED, "the watcher of the trees is gone");
  *answered = seen;
  return answer.in_order;
}

/* Asks for the tree of a mark, and logs both. */
static bool ask_for_tree(uint32_t event, char *line)
{
  struct tree seen;
  bool in_order = ask(line, &seen);
  if (in_order)
    log_mark_text(event, line, &seen);
  free(seen.text);
  return in_order;
}

static void note_end(void)
{
  char line[LINE_SIZE] = END_OF_RUN;
  struct tree notes;
  pthread_mutex_lock(&one_mark);
  out_of_order |= !ask(line, &notes);
  for (const char *note = notes.text; note < notes.text + notes.size; note += strlen(note) + 1)
    log_note(note);
  free(notes.text);
  pthread_mutex_unlock(&one_mark);
}

int take_mark(const char *buffer, size_t size)
{
  char line[LINE_SIZE] = "";
  if (size == strlen(END_OF_RUN) && memcmp(buffer, END_OF_RUN, size) == 0) {
    note_end();
    return (int) size;
  }
  uint32_t event = log_mark();
  snprintf(line, sizeof line, "%.*s", (int) (size < sizeof line ? size : sizeof line), buffer);
  size_t length = strcspn(line, "\n");
  line[length] = '\0';
  const char *fault = size >= sizeof line        ? "it is too long"
                    : memchr(buffer, '\0', size) ? "it has a NUL in it"
                    : length + 1 < size ? "there is another line after it in the same write"
                                        : NULL;
  if (fault)
    refuse_mark(line, fault);
  pthread_mutex_lock(&one_mark);
  bool in_order = !fault && ask_for_tree(event, line);
  if (!in_order) {
    log_mark_text(event, "", NULL);
    out_of_order = true;
  }
  pthread_mutex_unlock(&one_mark);
  return in_order ? (int) size : -EINVAL;
}

void end_watcher(void)
{
  int status;
  close(watcher);
  if (wait(&status) == -1 || status != 0 || out_of_order)
    errx(FAILED, "the marks cannot be used");
}
