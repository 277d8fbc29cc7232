/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the images that a power cut may leave, each from the one before it. */
#include "disk.h"
#include "hashes.h"
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>
#include "status.h"

static void *reserve(size_t count, size_t size)
{
  void *memory = calloc(count + 1, size);
  if (!memory)
    err(FAILED, "cannot hold a disk in memory");
  return memory;
}

static char *map_disk(uint64_t size, int flags, int file)
{
  void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, file, 0);
  if (mapped == MAP_FAILED)
    err(FAILED, "cannot map a disk of %llu bytes", (unsigned long long) size);
  return mapped;
}

static uint64_t block_count(const struct disk *disk)
{
  return disk->recording->about.size / BLOCK;
}

static void set(uint64_t *bits, uint64_t block)
{
  bits[block / 64] |= (uint64_t) 1 << block % 64;
}

static bool is_set(const uint64_t *bits, uint64_t block)
{
  return bits[block / 64] >> block % 64 & 1;
}

static void use_image(struct disk *disk)
{
  off_t end = 0, start;
  while ((start = lseek(disk->start->image, end, SEEK_DATA)) != -1) {
    end = lseek(disk->start->image, start, SEEK_HOLE);
    for (off_t offset = start; offset < end && offset / BLOCK < (off_t) block_count(disk);
         offset += BLOCK)
      set(disk->used, (uint64_t) offset / BLOCK);
  }
}

uint64_t find_used(const struct disk *disk, uint64_t *block, uint64_t most)
{
  uint64_t count = 0, end = block_count(disk);
  while (*block < end && !is_set(disk->used, *block))
    *block += *block % 64 == 0 && disk->used[*block / 64] == 0 ? 64 : 1;
  while (count < most && *block + count < end && is_set(disk->used, *block + count))
    count++;
  return count;
}

/* Adds the pending piece INDEX to those of its block. */
static void link_piece(struct disk *disk, size_t index)
{
  uint64_t block = disk->pending[index].offset / BLOCK;
  uint32_t *before = disk->first[block] == 0 ? &disk->first[block]
                                             : &disk->pending[disk->last[block] - 1].next;
  *before = disk->last[block] = (uint32_t) index + 1;
  disk->pending[index].next = 0;
}

/* Makes PIECE the last of those that are pending. */
static void add_piece(struct disk *disk, const struct piece *piece)
{
  if (disk->pending_count == disk->pending_room) {
    disk->pending_room = disk->pending_room == 0 ? 1024 : 2 * disk->pending_room;
    disk->pending = realloc(disk->pending, disk->pending_room * sizeof *disk->pending);
    if (!disk->pending)
      err(FAILED, "cannot hold the pending writes in memory");
  }
  disk->pending[disk->pending_count] = *piece;
  set(disk->used, piece->offset / BLOCK);
  set(disk->changed, piece->offset / BLOCK);
  link_piece(disk, disk->pending_count++);
}

void unsettle(struct disk *disk)
{
  disk->settled = disk->dropped = 0;
}

static void take_from_start(struct disk *disk)
{
  const struct start *start = disk->start;
  disk->position = start->position;
  disk->pending_count = disk->kept_count = 0;
  unsettle(disk);
  memcpy(disk->ended, start->ended, disk->recording->count * sizeof *disk->ended);
  for (size_t i = 0; i < start->pending_count; i++)
    add_piece(disk, &start->pending[i]);
}

struct disk open_disk(const struct start *start, int file)
{
  const struct recording *recording = start->recording;
  uint64_t size = recording->about.size, blocks = size / BLOCK;
  struct disk disk = {
    .start = start,
    .recording = recording,
    .durable = map_disk(size, MAP_PRIVATE | MAP_NORESERVE, start->image),
    .shown = file == -1 ? map_disk(size, MAP_PRIVATE | MAP_NORESERVE, start->image)
                        : map_disk(size, MAP_SHARED, file),
    .file = file,
    .ended = reserve(recording->count, sizeof *disk.ended),
    .first = reserve(blocks, sizeof *disk.first),
    .last = reserve(blocks, sizeof *disk.last),
    .used = reserve(blocks / 64 + 1, sizeof *disk.used),
    .changed = reserve(blocks / 64 + 1, sizeof *disk.changed),
    .stale = reserve(blocks, sizeof *disk.stale),
    .is_stale = reserve(blocks, sizeof *disk.is_stale),
    .hashes = file == -1 ? reserve(blocks, sizeof *disk.hashes) : NULL,
    .old_hashes = file == -1 ? reserve(blocks, sizeof *disk.old_hashes) : NULL,
  };
  use_image(&disk);
  take_from_start(&disk);
  return disk;
}

struct start open_start(const struct recording *recording, uint32_t position, const char *image)
{
  struct start start = { .recording = recording,
                         .image = open(image, O_RDWR | O_CLOEXEC),
                         .ended = reserve(recording->count, sizeof *start.ended) };
  if (start.image == -1)
    err(FAILED, "cannot open %s", image);
  struct disk disk = open_disk(&start, start.image);
  move_disk(&disk, position);
  show_pieces(&disk);
  free(start.ended);
  start.position = position;
  start.ended = disk.ended;
  start.pending = disk.pending;
  start.pending_count = disk.pending_count;
  disk.ended = NULL;
  disk.pending = NULL;
  close_disk(&disk);
  return start;
}

void close_start(struct start *start)
{
  close(start->image);
  free(start->ended);
  free(start->pending);
}

void close_disk(struct disk *disk)
{
  munmap(disk->durable, disk->recording->about.size);
  munmap(disk->shown, disk->recording->about.size);
  free(disk->pending);
  free(disk->ended);
  free(disk->first);
  free(disk->last);
  free(disk->used);
  free(disk->changed);
  free(disk->stale);
  free(disk->is_stale);
  free(disk->hashes);
  free(disk->old_hashes);
}

static void put(char *block, const struct piece *piece)
{
  if (!piece->data)
    memset(block + piece->offset % BLOCK, 0, piece->length);
  else
    memcpy(block + piece->offset % BLOCK, piece->data, piece->length);
}

void make_stale(struct disk *disk, uint64_t block)
{
  if (!disk->is_stale[block])
    disk->stale[disk->stale_count++] = (uint32_t) block;
  disk->is_stale[block] = true;
}

void keep_piece(struct disk *disk, struct piece *piece, bool kept)
{
  if (piece->kept == kept)
    return;
  piece->kept = kept;
  disk->kept_count += kept ? 1 : -1;
  make_stale(disk, piece->offset / BLOCK);
}

static void make_durable(struct disk *disk, const struct piece *piece)
{
  uint64_t block = piece->offset / BLOCK;
  put(disk->durable + block * BLOCK, piece);
  make_stale(disk, block);
  disk->kept_count -= piece->kept;
}

/* Makes the pending pieces durable whose writes had ended before event LIMIT. */
static void flush_before(struct disk *disk, uint32_t limit)
{
  size_t kept = 0;
  for (size_t i = 0; i < disk->pending_count; i++)
    disk->first[disk->pending[i].offset / BLOCK] = 0;
  for (size_t i = 0; i < disk->pending_count; i++) {
    uint32_t ended = disk->ended[disk->pending[i].write];
    if (ended != 0 && ended < limit) {
      make_durable(disk, &disk->pending[i]);
    } else {
      disk->pending[kept] = disk->pending[i];
      link_piece(disk, kept++);
    }
  }
  disk->pending_count = kept;
  unsettle(disk);
}

static void add_pieces(struct disk *disk, uint32_t number)
{
  const struct event *write = &disk->recording->events[number];
  for (uint64_t done = 0; done < write->length;) {
    uint64_t offset = write->offset + done, room = BLOCK - offset % BLOCK;
    uint64_t length = write->length - done < room ? write->length - done : room;
    const struct piece piece = {
      .offset = offset,
      .length = (uint32_t) length,
      .write = number,
      .data = write->data == ZEROS ? NULL : disk->recording->data + write->data + done,
    };
    add_piece(disk, &piece);
    done += length;
  }
}

/* The disk at the start; all that has changed since is stale. */
static void begin_again(struct disk *disk)
{
  uint64_t size = disk->recording->about.size, blocks = block_count(disk);
  munmap(disk->durable, size);
  disk->durable = map_disk(size, MAP_PRIVATE | MAP_NORESERVE, disk->start->image);
  for (uint64_t block = 0; block < blocks; block += 64)
    for (uint64_t i = block; disk->changed[block / 64] != 0 && i < block + 64 && i < blocks; i++)
      if (is_set(disk->changed, i))
        make_stale(disk, i);
  for (size_t i = 0; i < disk->pending_count; i++)
    disk->first[disk->pending[i].offset / BLOCK] = 0;
  take_from_start(disk);
}

void move_disk(struct disk *disk, uint32_t position)
{
  bool cached = disk->recording->about.choices > 0;
  if (position < disk->position)
    begin_again(disk);
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

/* The content that BLOCK is shown with: where it lies in one piece, or in BUFFER. */
static const char *find_block(const struct disk *disk, uint64_t block, char *buffer)
{
  const char *content = disk->durable + block * BLOCK;
  for (uint32_t next = disk->first[block]; next != 0; next = disk->pending[next - 1].next) {
    const struct piece *piece = &disk->pending[next - 1];
    if (!piece->kept)
      continue;
    if (piece->data && piece->length == BLOCK) {
      content = piece->data;
      continue;
    }
    if (content != buffer)
      memcpy(buffer, content, BLOCK);
    put(buffer, piece);
    content = buffer;
  }
  return content;
}

/* 0 is for a block that is as it was at the start. */
static uint64_t hash_block(struct disk *disk, uint64_t block)
{
  char content[BLOCK];
  uint64_t hash = XXH3_64bits_withSeed(disk->shown + block * BLOCK, BLOCK, block);
  if (disk->old_hashes[block] == 0) {
    if (pread(disk->start->image, content, BLOCK, (off_t) (block * BLOCK)) != BLOCK)
      err(FAILED, "cannot read the disk at the start of its cuts");
    disk->old_hashes[block] = XXH3_64bits_withSeed(content, BLOCK, block);
  }
  return hash ^ disk->old_hashes[block];
}

static void make_hole(struct disk *disk, uint64_t block, uint64_t count)
{
  if (fallocate(disk->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t) (block * BLOCK),
                (off_t) (count * BLOCK))
      == -1)
    err(FAILED, "cannot make a hole in an image");
}

/* Shows BLOCK as it should be.  Returns whether it was not. */
static bool restore_block(struct disk *disk, uint64_t block)
{
  char buffer[BLOCK], *shown = disk->shown + block * BLOCK;
  const char *expected = find_block(disk, block, buffer);
  bool differs = memcmp(shown, expected, BLOCK) != 0;
  if (differs)
    memcpy(shown, expected, BLOCK);
  return differs;
}

static void rebuild_block(struct disk *disk, uint64_t block)
{
  disk->is_stale[block] = false;
  if (!is_set(disk->used, block))
    make_hole(disk, block, 1);
  else if (!restore_block(disk, block))
    return;
  if (disk->contents)
    forget_block(disk->contents, block);
  if (disk->hashes) {
    disk->hash ^= disk->hashes[block];
    disk->hashes[block] = hash_block(disk, block);
    disk->hash ^= disk->hashes[block];
  }
}

uint64_t show_pieces(struct disk *disk)
{
  for (size_t i = 0; i < disk->stale_count; i++)
    rebuild_block(disk, disk->stale[i]);
  disk->stale_count = 0;
  return disk->hash;
}

/* Of the data between START and END: what ought to be a hole becomes one again. */
static void restore_data(struct disk *disk, uint64_t start, uint64_t end)
{
  for (uint64_t block = start, next; block < end; block = next) {
    for (next = block; next < end && !is_set(disk->used, next);)
      next++;
    if (next > block)
      make_hole(disk, block, next - block);
    for (; next < end && is_set(disk->used, next); next++, disk->compared++)
      restore_block(disk, next);
  }
}

/* Of a hole between START and END, which somebody's discard may have made. */
static void restore_hole(struct disk *disk, uint64_t start, uint64_t end)
{
  for (uint64_t block = start; block < end; block++)
    if (block % 64 == 0 && disk->used[block / 64] == 0)
      block += 63;
    else if (is_set(disk->used, block))
      restore_block(disk, block);
}

void restore_image(struct disk *disk)
{
  uint64_t blocks = block_count(disk);
  off_t end = 0, start;
  while ((start = lseek(disk->file, end, SEEK_DATA)) != -1) {
    restore_hole(disk, (uint64_t) end / BLOCK, (uint64_t) start / BLOCK);
    end = lseek(disk->file, start, SEEK_HOLE);
    restore_data(disk, (uint64_t) start / BLOCK, (uint64_t) end / BLOCK);
  }
  restore_hole(disk, (uint64_t) end / BLOCK, blocks);
}
