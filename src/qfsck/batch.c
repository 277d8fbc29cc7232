/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at many files with few system calls.
 *
 * io_submit reads all the envelopes of a batch in one call, and close_range closes them, so
 * a message of five files costs eight calls.  If the kernel lacks these calls, or a seccomp
 * filter refuses them, each file is read and closed by itself. */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#if __has_include(<linux/aio_abi.h>) /* musl-gcc sees no kernel headers */
#include <linux/aio_abi.h>
#define HAVE_AIO 1
#endif

#include "batch.h"

void begin_batches(struct batch *batch)
{
  enum { OTHER_FILES = 16 };
  struct rlimit files;

  batch->count = 0;
  batch->limit = BATCH_FILES;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < BATCH_FILES + OTHER_FILES)
    batch->limit = files.rlim_cur > 2 * OTHER_FILES ? files.rlim_cur - OTHER_FILES : 1;
  batch->aio = 0;
  if (syscall(SYS_io_setup, BATCH_FILES, &batch->aio) == -1)
    batch->aio = 0;
}

void end_batches(struct batch *batch)
{
  if (batch->aio)
    syscall(SYS_io_destroy, batch->aio);
}

/* A check leaves no trace: not even the time of access is changed, if that is allowed. */
static int open_quietly(int folder, const char *name)
{
  int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  int fd = openat(folder, name, flags | O_NOATIME);

  return fd == -1 && errno == EPERM ? openat(folder, name, flags) : fd;
}

static void look_at_entry(const struct batch *batch, struct entry *entry)
{
  int result;

  entry->error = 0;
  entry->fd = -1;
  entry->envelope = (struct envelope) { .kind = batch->kind };
  if (is_envelope(batch->kind))
    entry->fd = open_quietly(batch->folder, entry->name);
  if (entry->fd != -1) {
    result = look(entry->fd, "", &entry->look);
  } else {
    entry->error = is_envelope(batch->kind) ? errno : 0;
    result = look(batch->folder, entry->name, &entry->look);
  }
  entry->is_unknown = result == -1;
  if (result == -1)
    entry->error = errno;
}

static void read_rest(struct entry *entry, off_t from)
{
  char bytes[65536];
  ssize_t length = 1;

  while (from < entry->look.st.st_size && length > 0) {
    length = pread(entry->fd, bytes, sizeof bytes, from);
    if (length > 0)
      parse(&entry->envelope, bytes, (size_t) length);
    from += length;
  }
  if (length == -1)
    entry->error = errno;
}

#if HAVE_AIO
/* Reads the beginning of all files at once.  The LENGTHS of those that could not be read
 * that way stay 0. */
static void read_together(struct batch *batch, ssize_t lengths[BATCH_FILES])
{
  static struct iocb blocks[BATCH_FILES], *wanted[BATCH_FILES];
  static struct io_event events[BATCH_FILES];
  long count = 0, submitted, done;

  for (size_t i = 0; i < batch->count; i++)
    if (batch->entries[i].fd != -1 && batch->entries[i].look.st.st_size > 0) {
      blocks[count] = (struct iocb) { .aio_data = i,
                                      .aio_lio_opcode = IOCB_CMD_PREAD,
                                      .aio_fildes = (uint32_t) batch->entries[i].fd,
                                      .aio_buf = (uint64_t) (uintptr_t) batch->bytes[i],
                                      .aio_nbytes = BATCH_BYTES };
      wanted[count] = &blocks[count];
      count++;
    }
  if (!batch->aio || count == 0)
    return;
  submitted = syscall(SYS_io_submit, batch->aio, count, wanted);
  while (submitted > 0) {
    done = syscall(SYS_io_getevents, batch->aio, submitted, submitted, events, NULL);
    if (done == -1 && errno == EINTR)
      continue;
    if (done == -1)
      cannot("read", "a batch of files");
    for (long i = 0; i < done; i++)
      lengths[events[i].data] = events[i].res > 0 ? (ssize_t) events[i].res : 0;
    submitted -= done;
  }
}

#else
static void read_together(struct batch *batch, ssize_t lengths[BATCH_FILES])
{
  (void) batch;
  (void) lengths;
}
#endif

/* They were opened one after the other, so most of their numbers are consecutive. */
static void close_together(struct batch *batch)
{
  for (size_t i = 0; i < batch->count;) {
    int first = batch->entries[i].fd, last = first;

    for (i++; first != -1 && i < batch->count && batch->entries[i].fd == last + 1; i++)
      last++;
    if (first != -1 && syscall(SYS_close_range, first, last, 0) == -1)
      for (int fd = first; fd <= last; fd++)
        close(fd);
  }
}

void look_at_batch(struct batch *batch)
{
  ssize_t lengths[BATCH_FILES] = { 0 };

  for (size_t i = 0; i < batch->count; i++)
    look_at_entry(batch, &batch->entries[i]);
  if (is_envelope(batch->kind)) {
    read_together(batch, lengths);
    for (size_t i = 0; i < batch->count; i++)
      if (batch->entries[i].fd != -1) {
        parse(&batch->entries[i].envelope, batch->bytes[i], (size_t) lengths[i]);
        read_rest(&batch->entries[i], lengths[i]);
      }
    close_together(batch);
  }
}
