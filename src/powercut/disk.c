/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the images that a power cut may leave. */
#include "disk.h"
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators". */
uint64_t next_random(uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static void *reserve(size_t count, size_t size)
{
  void *memory = calloc(count + 1, size);
  if (!memory)
    err(2, "cannot hold a disk in memory");
  return memory;
}

static char *map_disk(uint64_t size, int flags, int file)
{
  void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, file, 0);
  if (mapped == MAP_FAILED)
    err(2, "cannot map a disk of %llu bytes", (unsigned long long) size);
  return mapped;
}

struct disk open_disk(const struct recording *recording, int file)
{
  char path[4096];
  uint64_t size = recording->about.size, blocks = size / BLOCK;
  snprintf(path, sizeof path, "%s/base", recording->folder);
  int base = open(path, O_RDWR | O_CLOEXEC);
  if (base == -1)
    err(2, "cannot open %s", path);
  struct disk disk = {
    .recording = recording,
    .durable = map_disk(size, MAP_PRIVATE, base),
    .shown = file == -1 ? map_disk(size, MAP_PRIVATE, base) : map_disk(size, MAP_SHARED, file),
    .file = file,
    .base = base,
    .ended = reserve(recording->count, sizeof *disk.ended),
    .hashes = reserve(blocks, sizeof *disk.hashes),
    .touched = reserve(blocks, sizeof *disk.touched),
    .stamps = reserve(blocks, sizeof *disk.stamps),
  };
  return disk;
}

void close_disk(struct disk *disk)
{
  close(disk->base);
  munmap(disk->durable, disk->recording->about.size);
  munmap(disk->shown, disk->recording->about.size);
  free(disk->pending);
  free(disk->ended);
  free(disk->hashes);
  free(disk->touched);
  free(disk->stamps);
}

static void put(char *image, const struct piece *piece)
{
  if (!piece->data)
    memset(image + piece->offset, 0, piece->length);
  else
    memcpy(image + piece->offset, piece->data, piece->length);
}

/* 0 is for a block that never changed. */
static uint64_t hash_block(const char *image, uint64_t block)
{
  return XXH3_64bits_withSeed(image + block * BLOCK, BLOCK, block) | 1;
}

static void make_durable(struct disk *disk, const struct piece *piece)
{
  uint64_t block = piece->offset / BLOCK;
  put(disk->durable, piece);
  put(disk->shown, piece);
  disk->hash ^= disk->hashes[block];
  disk->hashes[block] = hash_block(disk->durable, block);
  disk->hash ^= disk->hashes[block];
}

/* Makes the pending pieces durable whose writes had ended before event LIMIT. */
static void flush_before(struct disk *disk, uint32_t limit)
{
  size_t kept = 0;
  for (size_t i = 0; i < disk->pending_count; i++) {
    uint32_t ended = disk->ended[disk->pending[i].write];
    if (ended != 0 && ended < limit)
      make_durable(disk, &disk->pending[i]);
    else
      disk->pending[kept++] = disk->pending[i];
  }
  disk->pending_count = kept;
}

static void add_pieces(struct disk *disk, uint32_t number)
{
  const struct event *write = &disk->recording->events[number];
  for (uint64_t done = 0; done < write->length;) {
    uint64_t offset = write->offset + done, room = BLOCK - offset % BLOCK;
    uint64_t length = write->length - done < room ? write->length - done : room;
    if (disk->pending_count == disk->pending_room) {
      disk->pending_room = disk->pending_room == 0 ? 1024 : 2 * disk->pending_room;
      disk->pending = realloc(disk->pending, disk->pending_room * sizeof *disk->pending);
      if (!disk->pending)
        err(2, "cannot hold the pending writes in memory");
    }
    disk->pending[disk->pending_count++] = (struct piece){
      .offset = offset,
      .length = (uint32_t) length,
      .write = number,
      .data = write->data == ZEROS ? NULL : disk->recording->data + write->data + done
    };
    done += length;
  }
}

void advance_disk(struct disk *disk, uint32_t position)
{
  bool cached = disk->recording->about.choices > 0;
  for (; disk->position < position; disk->position++) {
    const struct event *event = &disk->recording->events[disk->position];
    switch (event->type) {
      case WRITE_STARTS: add_pieces(disk, disk->position); break;
      case WRITE_ENDS:
        disk->ended[event->start] = disk->position;
        if (!cached)
          flush_before(disk, disk->position + 1);
        break;
      case FLUSH_ENDS: flush_before(disk, event->start); break;
    }
  }
}

/* Marks the pieces that a choice keeps: half of them, most, few, all but one. */
static void choose(const struct disk *disk, uint32_t choice, bool *kept)
{
  static const unsigned percent[] = { 50, 75, 25 };
  uint64_t state = disk->recording->about.seed ^ (uint64_t) disk->position << 32 ^ choice;
  if (disk->pending_count == 0)
    return;
  size_t dropped = next_random(&state) % disk->pending_count;
  for (size_t i = 0; i < disk->pending_count; i++)
    if (choice < 2)
      kept[i] = choice == 1;
    else if (choice % 4 == 1)
      kept[i] = i != dropped;
    else
      kept[i] = next_random(&state) % 100 < percent[choice % 4 == 0 ? 2 : choice % 4 - 2];
}

static void show_piece(struct disk *disk, const struct piece *piece)
{
  uint64_t block = piece->offset / BLOCK;
  put(disk->shown, piece);
  if (disk->stamps[block] == disk->stamp)
    return;
  disk->stamps[block] = disk->stamp;
  disk->touched[disk->touched_count++] = (uint32_t) block;
}

uint64_t show_image(struct disk *disk, uint32_t choice)
{
  uint64_t hash = disk->hash;
  bool *kept = reserve(disk->pending_count, sizeof *kept);
  choose(disk, choice, kept);
  disk->stamp++;
  disk->touched_count = 0;
  for (size_t i = 0; i < disk->pending_count; i++)
    if (kept[i])
      show_piece(disk, &disk->pending[i]);
  free(kept);
  for (size_t i = 0; i < disk->touched_count; i++) {
    uint64_t block = disk->touched[i];
    hash ^= disk->hashes[block] ^ hash_block(disk->shown, block);
  }
  return hash;
}

void restore_disk(struct disk *disk)
{
  for (size_t i = 0; i < disk->touched_count; i++) {
    uint64_t offset = (uint64_t) disk->touched[i] * BLOCK;
    memcpy(disk->shown + offset, disk->durable + offset, BLOCK);
  }
}

static void restore_block(struct disk *disk, off_t offset)
{
  if (memcmp(disk->shown + offset, disk->durable + offset, BLOCK) != 0)
    memcpy(disk->shown + offset, disk->durable + offset, BLOCK);
}

/* What is a hole in FILE was not written. */
static void restore_data(struct disk *disk, int file)
{
  off_t end = 0, start;
  while ((start = lseek(file, end, SEEK_DATA)) != -1) {
    end = lseek(file, start, SEEK_HOLE);
    for (off_t offset = start; offset < end; offset += BLOCK)
      restore_block(disk, offset);
  }
}

/* A filesystem may also have made holes, by a discard, where there was data. */
void restore_written_disk(struct disk *disk)
{
  restore_data(disk, disk->file);
  restore_data(disk, disk->base);
  for (uint64_t block = 0; block < disk->recording->about.size / BLOCK; block++)
    if (disk->hashes[block] != 0)
      restore_block(disk, (off_t) (block * BLOCK));
}
