/* SPDX-License-Identifier: GPL-2.0-or-later */
/* feed [-e] [-p LIBRARY] COUNT COMMAND [ARGUMENT...]
 *
 * Hands COUNT messages to COMMAND, one after the other, and acknowledges each
 * by a line with its number, once COMMAND has exited 0.
 *
 *   -e          the envelope on descriptor 1 as well, as qmail-queue wants it
 *   -p LIBRARY  COMMAND, and nothing else, runs with LIBRARY preloaded */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"

static _Noreturn void fail(const char *what, const char *on)
{
  fprintf(stderr, "feed: %s %s: %s\n", what, on, strerror(errno));
  exit(1);
}

/* A pipe that holds BYTES and then ends. */
static int pipe_with(const char *bytes, size_t length)
{
  int ends[2];

  if (pipe(ends) == -1)
    fail("cannot make", "a pipe");
  if (write(ends[1], bytes, length) != (ssize_t) length)
    fail("cannot write to", "a pipe");
  close(ends[1]);
  return ends[0];
}

static _Noreturn void run(char **command, const char *library, int text, int other)
{
  if (dup2(text, 0) == -1 || dup2(other, 1) == -1)
    fail("cannot hand the message to", command[0]);
  close(text);
  close(other);
  if (library)
    setenv("LD_PRELOAD", library, 1);
  execvp(command[0], command);
  fail("cannot run", command[0]);
}

/* Whether COMMAND has taken message NUMBER. */
static bool delivered(int number, char **command, const char *library, bool with_envelope)
{
  char text[MESSAGE_MAX], envelope[ENVELOPE_MAX];
  int status, input, other;
  pid_t child;

  input = pipe_with(text, message_text(text, number));
  other = with_envelope ? pipe_with(envelope, message_envelope(envelope, number))
                        : open("/dev/null", O_WRONLY);
  if (other == -1)
    fail("cannot open", "/dev/null");
  child = fork();
  if (child == -1)
    fail("cannot fork for", command[0]);
  if (child == 0)
    run(command, library, input, other);
  close(input);
  close(other);
  if (waitpid(child, &status, 0) == -1)
    fail("cannot wait for", command[0]);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
  const char *library = NULL;
  bool with_envelope = false;
  int option, count;

  while ((option = getopt(argc, argv, "+ep:")) != -1)
    if (option == 'e')
      with_envelope = true;
    else if (option == 'p')
      library = optarg;
    else
      return 2;
  if (argc - optind < 2) {
    fprintf(stderr, "usage: feed [-e] [-p LIBRARY] COUNT COMMAND [ARGUMENT...]\n");
    return 2;
  }
  count = atoi(argv[optind]);
  for (int number = 1; number <= count; number++) {
    if (!delivered(number, argv + optind + 1, library, with_envelope)) {
      fprintf(stderr, "feed: %s did not take message %d\n", argv[optind + 1], number);
      return 1;
    }
    dprintf(STDOUT_FILENO, "%d\n", number);
  }
  return 0;
}
