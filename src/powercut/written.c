/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the trace of the block layer.  A request that the trace has lost would make us
 * take an old block for the new one, so each time the sectors of the trace are held
 * against those that the kernel has counted for the device. */
#include "written.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* Of each processor; a page holds some 45 requests.  With many processors a device has
 * so many pages at most, unless each gets only the least. */
enum { MOST_RING_PAGES = 128, LEAST_RING_PAGES = 8, MOST_PAGES = 1024 };

/* Requests under way have ended after so many tries, of 100 us and more. */
enum { MOST_TRIES = 5000 };

/* "field:sector_t sector;\toffset:16;\tsize:8;" */
static size_t find_field(const char *text, const char *field)
{
  size_t offset = 0;
  const char *found = strstr(text, field);
  if (!found || sscanf(found + strlen(field), "\toffset:%zu;", &offset) != 1)
    return 0;
  return offset;
}

/* The start of the file NAME of the event's folder below FOLDER, as a string. */
static bool read_description(const char *folder, const char *name, char *text, size_t size)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/events/block/block_rq_issue/%s", folder, name);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = file == -1 ? -1 : read(file, text, size - 1);
  if (file != -1)
    close(file);
  text[length < 0 ? 0 : length] = '\0';
  return length > 0;
}

struct request_format find_request_format(const char *folder)
{
  struct request_format format = { 0 };
  char event[32], text[4096];
  if (mkdir(folder, 0700) == -1 || mount("tracefs", folder, "tracefs", 0, NULL) == -1) {
    rmdir(folder);
    return format;
  }
  if (read_description(folder, "id", event, sizeof event)
      && read_description(folder, "format", text, sizeof text)) {
    format.sector = find_field(text, "sector_t sector;");
    format.sectors = find_field(text, "unsigned int nr_sector;");
  }
  if (format.sector != 0 && format.sectors != 0)
    format.event = strtoull(event, NULL, 10);
  umount2(folder, MNT_DETACH);
  rmdir(folder);
  return format;
}

/* What the kernel has counted: sectors written, and sectors discarded.
 * linux/Documentation/block/stat.rst. */
static bool count_sectors(const struct written *written, uint64_t *sectors)
{
  char text[512];
  unsigned long long out, discarded = 0;
  ssize_t length = pread(written->statistics, text, sizeof text - 1, 0);
  text[length < 0 ? 0 : length] = '\0';
  int fields = sscanf(text, "%*u %*u %*u %*u %*u %*u %llu %*u %*u %*u %*u %*u %*u %llu", &out,
                      &discarded);
  *sectors = out + discarded;
  return fields == 2;
}

/* The kernel can be told not to count. */
static bool turn_counting_on(const struct device *device)
{
  char path[64];
  snprintf(path, sizeof path, "/sys/block/%s/queue/iostats", device->path + strlen("/dev/"));
  int file = open(path, O_RDWR | O_CLOEXEC);
  bool done = file != -1 && write(file, "1", 1) == 1;
  if (file != -1)
    close(file);
  return done;
}

/* A power of 2, and one page more, as the kernel wants it. */
static size_t ring_size(void)
{
  long pages = MOST_RING_PAGES, processors = sysconf(_SC_NPROCESSORS_CONF);
  while (pages > LEAST_RING_PAGES && pages * processors > MOST_PAGES)
    pages /= 2;
  return (size_t) ((pages + 1) * sysconf(_SC_PAGESIZE));
}

static bool watch_processor(struct written *written, int processor)
{
  struct perf_event_attr about = {
    .type = PERF_TYPE_TRACEPOINT,
    .size = sizeof about,
    .config = written->format->event,
    .sample_period = 1,
    .sample_type = PERF_SAMPLE_RAW,
    .disabled = 1, /* or requests to other devices would be in the trace before the filter */
  };
  char filter[64];
  long file = syscall(SYS_perf_event_open, &about, -1, processor, -1, PERF_FLAG_FD_CLOEXEC);
  if (file == -1)
    return errno == ENODEV;
  void *ring = mmap(NULL, ring_size(), PROT_READ | PROT_WRITE, MAP_SHARED, (int) file, 0);
  /* Reads are most of the requests. */
  snprintf(filter, sizeof filter, "dev == %llu && !(rwbs ~ \"R*\")",
           (unsigned long long) written->device);
  if (ring == MAP_FAILED || ioctl((int) file, PERF_EVENT_IOC_SET_FILTER, filter) == -1
      || ioctl((int) file, PERF_EVENT_IOC_ENABLE, 0) == -1) {
    close((int) file);
    return false;
  }
  written->processors[written->processor_count].file = (int) file;
  written->processors[written->processor_count++].ring = ring;
  return true;
}

bool open_written(struct written *written, const struct request_format *format,
                  const struct device *device)
{
  int processors = (int) sysconf(_SC_NPROCESSORS_CONF);
  char path[64];
  struct stat status;
  *written = (struct written) { .format = format, .statistics = -1 };
  if (format->event == 0 || fstat(device->descriptor, &status) == -1 || !turn_counting_on(device))
    return false;
  /* As the kernel has it: linux/kdev_t.h. */
  written->device = (uint64_t) major(status.st_rdev) << 20 | minor(status.st_rdev);
  snprintf(path, sizeof path, "/sys/block/%s/stat", device->path + strlen("/dev/"));
  written->statistics = open(path, O_RDONLY | O_CLOEXEC);
  written->processors = calloc((size_t) processors, sizeof *written->processors);
  bool done = written->statistics != -1 && written->processors
           && count_sectors(written, &written->before);
  for (int i = 0; i < processors && done; i++)
    done = watch_processor(written, i);
  if (!done)
    close_written(written);
  return done;
}

void close_written(struct written *written)
{
  for (size_t i = 0; i < written->processor_count; i++) {
    munmap(written->processors[i].ring, ring_size());
    close(written->processors[i].file);
  }
  free(written->processors);
  if (written->statistics != -1)
    close(written->statistics);
}

/* Copies LENGTH bytes of the ring, which has SIZE, from START on. */
static void copy_from_ring(const char *ring, uint64_t size, uint64_t start, void *to, size_t length)
{
  uint64_t from = start % size, first = length < size - from ? length : size - from;
  memcpy(to, ring + from, first);
  memcpy((char *) to + first, ring, length - first);
}

/* What a sample holds: linux/perf_event.h, PERF_SAMPLE_RAW. */
struct sample {
  struct perf_event_header header;
  uint32_t length;
  char request[4096];
};

/* One that only flushes has no sectors. */
static void take_request(struct written *written, const char *request,
                         void (*found)(void *, uint64_t, uint64_t), void *context)
{
  const struct request_format *format = written->format;
  uint64_t sector;
  uint32_t sectors;
  memcpy(&sector, request + format->sector, sizeof sector);
  memcpy(&sectors, request + format->sectors, sizeof sectors);
  if (sectors == 0)
    return;
  written->traced += sectors;
  found(context, sector, sectors);
}

/* Empties the ring of one processor.  Returns whether anything was in it. */
static bool drain(struct written *written, void *ring, void (*found)(void *, uint64_t, uint64_t),
                  void *context)
{
  struct perf_event_mmap_page *page = ring;
  uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), tail = page->data_tail;
  const char *data = (const char *) ring + page->data_offset;
  bool any = head != tail;
  while (tail != head) {
    struct sample sample = { 0 };
    copy_from_ring(data, page->data_size, tail, &sample, sizeof sample.header);
    size_t length = sample.header.size < sizeof sample ? sample.header.size : sizeof sample;
    copy_from_ring(data, page->data_size, tail, &sample, length);
    tail += sample.header.size;
    if (sample.header.type == PERF_RECORD_SAMPLE)
      take_request(written, sample.request, found, context);
    else
      written->has_lost |= sample.header.type == PERF_RECORD_LOST;
  }
  __atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
  return any;
}

static bool drain_all(struct written *written, void (*found)(void *, uint64_t, uint64_t),
                      void *context)
{
  bool any = false;
  for (size_t i = 0; i < written->processor_count; i++)
    any |= drain(written, written->processors[i].ring, found, context);
  return any;
}

/* A request is in the trace when it begins, and is counted when it has ended.  If no new
 * one has begun since the count, and both sums are the same, all that began have ended;
 * if more was counted, some were not traced. */
bool collect_written(struct written *written, void (*found)(void *, uint64_t, uint64_t),
                     void *context)
{
  drain_all(written, found, context);
  for (int tries = 0; tries < MOST_TRIES && !written->has_lost; tries++) {
    uint64_t now;
    if (!count_sectors(written, &now))
      return false;
    if (!drain_all(written, found, context) && now - written->before >= written->traced)
      return now - written->before == written->traced && !written->has_lost;
    nanosleep(&(const struct timespec) { .tv_nsec = 100000 }, NULL);
  }
  return false;
}

static void ignore(void *context, uint64_t sector, uint64_t count)
{
  (void) context, (void) sector, (void) count;
}

void forget_written(struct written *written)
{
  drain_all(written, ignore, NULL);
  written->has_lost = false;
  written->traced = 0;
  count_sectors(written, &written->before);
}
