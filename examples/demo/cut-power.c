/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cut-power IMAGE FOLDER CUTS COUNT SEED <acknowledgements
 *
 * Cuts the power of the disk in IMAGE, CUTS times: at random moments while
 * COUNT messages are delivered, and right after the last acknowledgement.  Cut
 * N leaves FOLDER/N.img, the disk as it was at that one moment, and
 * FOLDER/N.acknowledged: how many messages had been acknowledged before.
 *
 * The moment is a reflink: the filesystem that holds IMAGE takes it between
 * two writes. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Of <linux/fs.h>, which not every C library has beside it: clone a file. */
#define FICLONE _IOW(0x94, 9, int)

static _Noreturn void fail(const char *what, const char *path)
{
  fprintf(stderr, "cut-power: cannot %s %s: %s\n", what, path, strerror(errno));
  exit(1);
}

/* Acknowledgements that have been read: messages 1 to this one. */
static int acknowledged = 0;

static void read_acknowledgements(void)
{
  char buffer[4096];
  ssize_t length = read(STDIN_FILENO, buffer, sizeof buffer);

  if (length == -1)
    fail("read", "the acknowledgements");
  if (length == 0) {
    fprintf(stderr, "cut-power: the deliveries ended after message %d\n", acknowledged);
    exit(1);
  }
  for (ssize_t i = 0; i < length; i++)
    acknowledged += buffer[i] == '\n';
}

static void read_what_is_there(void)
{
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

  while (poll(&input, 1, 0) == 1 && input.revents & POLLIN)
    read_acknowledgements();
}

static void cut(int image, const char *folder, int number)
{
  char path[4096];
  int clone;
  FILE *note;

  snprintf(path, sizeof path, "%s/%d.img", folder, number);
  clone = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (clone == -1)
    fail("create", path);
  read_what_is_there();
  if (ioctl(clone, FICLONE, image) == -1)
    fail("clone the disk to", path);
  /* What arrives from here on is not counted. */
  close(clone);

  snprintf(path, sizeof path, "%s/%d.acknowledged", folder, number);
  note = fopen(path, "w");
  if (!note || fprintf(note, "%d\n", acknowledged) < 0 || fclose(note) == EOF)
    fail("write", path);
}

static double now(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void sleep_for(double seconds)
{
  struct timespec t = { .tv_sec = seconds, .tv_nsec = (seconds - (int) seconds) * 1e9 };

  nanosleep(&t, NULL);
}

int main(int argc, char **argv)
{
  int image, cuts, count;
  double begin = now();

  if (argc != 6) {
    fprintf(stderr, "usage: cut-power IMAGE FOLDER CUTS COUNT SEED <acknowledgements\n");
    return 2;
  }
  cuts = atoi(argv[3]);
  count = atoi(argv[4]);
  srandom(atoi(argv[5]));
  image = open(argv[1], O_RDONLY);
  if (image == -1)
    fail("open", argv[1]);

  /* In each part of the deliveries one cut, after a message drawn by lot and
   * a part, drawn by lot, of the time that a delivery takes. */
  for (int number = 1; number < cuts; number++) {
    int part = count / cuts, after = (number - 1) * part + 1 + random() % part;
    double fraction = random() / (RAND_MAX + 1.0);

    while (acknowledged < after)
      read_acknowledgements();
    sleep_for(fraction * (now() - begin) / acknowledged);
    cut(image, argv[2], number);
  }
  while (acknowledged < count)
    read_acknowledgements();
  cut(image, argv[2], cuts);
  return 0;
}
