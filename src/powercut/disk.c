/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the images that a power cut may leave, each from the one before it. */
#include "disk.h"
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>
#include "status.h"

/* So many of the latest pending pieces are chosen anew at each position; what is older
 * keeps what each choice has made of it, so that the next image costs little. */
#define RECENT 256

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

static void use(struct disk *disk, uint64_t block)
{
  disk->used[block / 64] |= (uint64_t) 1 << block % 64;
}

static bool is_used(const struct disk *disk, uint64_t block)
{
  return disk->used[block / 64] >> block % 64 & 1;
}

static void use_base(struct disk *disk)
{
  off_t end = 0, start;
  while ((start = lseek(disk->base, end, SEEK_DATA)) != -1) {
    end = lseek(disk->base, start, SEEK_HOLE);
    for (off_t offset = start; offset < end && offset / BLOCK < (off_t) block_count(disk);
         offset += BLOCK)
      use(disk, (uint64_t) offset / BLOCK);
  }
}

struct disk open_disk(const struct recording *recording, int file)
{
  char path[4096];
  uint64_t size = recording->about.size, blocks = size / BLOCK;
  snprintf(path, sizeof path, "%s/base", recording->folder);
  int base = open(path, O_RDWR | O_CLOEXEC);
  if (base == -1)
    err(FAILED, "cannot open %s", path);
  struct disk disk = {
    .recording = recording,
    .durable = map_disk(size, MAP_PRIVATE | MAP_NORESERVE, base),
    .shown = file == -1 ? map_disk(size, MAP_PRIVATE | MAP_NORESERVE, base)
                        : map_disk(size, MAP_SHARED, file),
    .file = file,
    .base = base,
    .ended = reserve(recording->count, sizeof *disk.ended),
    .first = reserve(blocks, sizeof *disk.first),
    .last = reserve(blocks, sizeof *disk.last),
    .used = reserve(blocks / 64 + 1, sizeof *disk.used),
    .stale = reserve(blocks, sizeof *disk.stale),
    .is_stale = reserve(blocks, sizeof *disk.is_stale),
    .hashes = file == -1 ? reserve(blocks, sizeof *disk.hashes) : NULL,
    .base_hashes = file == -1 ? reserve(blocks, sizeof *disk.base_hashes) : NULL,
  };
  use_base(&disk);
  return disk;
}

void close_disk(struct disk *disk)
{
  close(disk->base);
  munmap(disk->durable, disk->recording->about.size);
  munmap(disk->shown, disk->recording->about.size);
  free(disk->pending);
  free(disk->ended);
  free(disk->first);
  free(disk->last);
  free(disk->used);
  free(disk->stale);
  free(disk->is_stale);
  free(disk->hashes);
  free(disk->base_hashes);
}

static void put(char *block, const struct piece *piece)
{
  if (!piece->data)
    memset(block + piece->offset % BLOCK, 0, piece->length);
  else
    memcpy(block + piece->offset % BLOCK, piece->data, piece->length);
}

static void make_stale(struct disk *disk, uint64_t block)
{
  if (!disk->is_stale[block])
    disk->stale[disk->stale_count++] = (uint32_t) block;
  disk->is_stale[block] = true;
}

static void make_durable(struct disk *disk, const struct piece *piece)
{
  uint64_t block = piece->offset / BLOCK;
  put(disk->durable + block * BLOCK, piece);
  make_stale(disk, block);
  disk->kept_count -= piece->kept;
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
        err(FAILED, "cannot hold the pending writes in memory");
    }
    disk->pending[disk->pending_count] = (struct piece) {
      .offset = offset,
      .length = (uint32_t) length,
      .write = number,
      .data = write->data == ZEROS ? NULL : disk->recording->data + write->data + done,
    };
    use(disk, offset / BLOCK);
    link_piece(disk, disk->pending_count++);
    done += length;
  }
}

/* The disk before the first event; all that ever changed is stale. */
static void begin_again(struct disk *disk)
{
  uint64_t size = disk->recording->about.size, blocks = block_count(disk);
  munmap(disk->durable, size);
  disk->durable = map_disk(size, MAP_PRIVATE | MAP_NORESERVE, disk->base);
  for (uint64_t block = 0; block < blocks; block += 64)
    for (uint64_t i = block; disk->used[block / 64] != 0 && i < block + 64 && i < blocks; i++)
      if (is_used(disk, i))
        make_stale(disk, i);
  for (size_t i = 0; i < disk->pending_count; i++)
    disk->first[disk->pending[i].offset / BLOCK] = 0;
  memset(disk->ended, 0, disk->recording->count * sizeof *disk->ended);
  disk->pending_count = disk->kept_count = 0;
  disk->position = 0;
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

/* By what PIECE is, and not by where the disk is. */
static uint64_t lasting_random(const struct disk *disk, uint32_t choice, const struct piece *piece)
{
  uint64_t state = disk->recording->about.seed ^ (uint64_t) piece->write << 32 ^ choice;
  state ^= next_random(&state) ^ piece->offset;
  return next_random(&state);
}

static void keep_piece(struct disk *disk, struct piece *piece, bool kept)
{
  if (piece->kept == kept)
    return;
  piece->kept = kept;
  disk->kept_count += kept ? 1 : -1;
  make_stale(disk, piece->offset / BLOCK);
}

/* Keeps the pieces of a choice: half of them, most, few, all but one. */
static void choose(struct disk *disk, uint32_t choice)
{
  static const unsigned percent[] = { [0] = 25, [2] = 50, [3] = 75 };
  uint64_t state = disk->recording->about.seed ^ (uint64_t) disk->position << 32 ^ choice;
  size_t count = disk->pending_count;
  if (count == 0)
    return;
  size_t dropped = next_random(&state) % count;
  for (size_t i = 0; i < count; i++) {
    struct piece *piece = &disk->pending[i];
    if (choice < 2)
      keep_piece(disk, piece, choice == 1);
    else if (choice % 4 == 1)
      keep_piece(disk, piece, i != dropped);
    else if (i + RECENT < count)
      keep_piece(disk, piece, lasting_random(disk, choice, piece) % 100 < percent[choice % 4]);
    else
      keep_piece(disk, piece, next_random(&state) % 100 < percent[choice % 4]);
  }
}

/* Builds the content that BLOCK is shown with. */
static void build_block(const struct disk *disk, uint64_t block, char *content)
{
  memcpy(content, disk->durable + block * BLOCK, BLOCK);
  for (uint32_t next = disk->first[block]; next != 0; next = disk->pending[next - 1].next)
    if (disk->pending[next - 1].kept)
      put(content, &disk->pending[next - 1]);
}

/* 0 is for a block that is as it was in the beginning. */
static uint64_t hash_block(struct disk *disk, uint64_t block)
{
  char content[BLOCK];
  uint64_t hash = XXH3_64bits_withSeed(disk->shown + block * BLOCK, BLOCK, block);
  if (disk->base_hashes[block] == 0) {
    if (pread(disk->base, content, BLOCK, (off_t) (block * BLOCK)) != BLOCK)
      err(FAILED, "cannot read the disk before the run");
    disk->base_hashes[block] = XXH3_64bits_withSeed(content, BLOCK, block);
  }
  return hash ^ disk->base_hashes[block];
}

uint64_t show_image(struct disk *disk, uint32_t choice)
{
  choose(disk, choice);
  for (size_t i = 0; i < disk->stale_count; i++) {
    uint64_t block = disk->stale[i];
    build_block(disk, block, disk->shown + block * BLOCK);
    disk->is_stale[block] = false;
    if (!disk->hashes)
      continue;
    disk->hash ^= disk->hashes[block];
    disk->hashes[block] = hash_block(disk, block);
    disk->hash ^= disk->hashes[block];
  }
  disk->stale_count = 0;
  return disk->hash;
}

static void restore_block(struct disk *disk, uint64_t block)
{
  char content[BLOCK], *shown = disk->shown + block * BLOCK, *expected = content;
  if (disk->first[block] == 0)
    expected = disk->durable + block * BLOCK;
  else
    build_block(disk, block, content);
  if (memcmp(shown, expected, BLOCK) != 0)
    memcpy(shown, expected, BLOCK);
}

/* Of the data between START and END: what ought to be a hole becomes one again. */
static void restore_data(struct disk *disk, uint64_t start, uint64_t end)
{
  for (uint64_t block = start, next; block < end; block = next) {
    for (next = block; next < end && !is_used(disk, next);)
      next++;
    if (next > block
        && fallocate(disk->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                     (off_t) (block * BLOCK), (off_t) ((next - block) * BLOCK))
             == -1)
      err(FAILED, "cannot make a hole in an image");
    for (; next < end && is_used(disk, next); next++)
      restore_block(disk, next);
  }
}

/* Of a hole between START and END, which somebody's discard may have made. */
static void restore_hole(struct disk *disk, uint64_t start, uint64_t end)
{
  for (uint64_t block = start; block < end; block++)
    if (block % 64 == 0 && disk->used[block / 64] == 0)
      block += 63;
    else if (is_used(disk, block))
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
