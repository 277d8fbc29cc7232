/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers the hashes of blocks on a device.  Sums of many blocks are remembered
 * too, so a large file that has not changed is known after a few steps. */
#include "hashes.h"
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include "status.h"

/* So many blocks are a group, if they are at a multiple of it on the device. */
enum { GROUP = 256 };

/* A filesystem with smaller blocks puts those of a file between two blocks of the device. */
enum { PARTS = HASHED_BLOCK / HASHED_PART };

/* What lies further within its file is not remembered. */
#define MOST_NUMBERS (UINT32_MAX / PARTS - GROUP)

/* Of what is the block NUMBER of a file, and begins at OFFSET: never 0. */
static uint32_t place_of(uint64_t offset, uint64_t number)
{
  return (uint32_t) (1 + number * PARTS + offset % HASHED_BLOCK / HASHED_PART);
}

static uint64_t hashed;

uint64_t hashed_blocks(void)
{
  return hashed;
}

uint64_t hash_one(const char *block, size_t length, uint64_t number)
{
  static const char zeros[HASHED_BLOCK];
  hashed++;
  return memcmp(block, zeros, length) == 0 ? 0 : XXH3_64bits_withSeed(block, length, number);
}

static void *reserve(uint64_t count, size_t size)
{
  void *memory = calloc(count + 1, size);
  if (!memory)
    err(FAILED, "cannot hold the hashes of a disk in memory");
  return memory;
}

struct hashes open_hashes(const char *bytes, uint64_t size)
{
  uint64_t blocks = size / HASHED_BLOCK;
  struct hashes hashes = { .bytes = bytes, .blocks = blocks };
  hashes.hash = reserve(blocks, sizeof *hashes.hash);
  hashes.place = reserve(blocks, sizeof *hashes.place);
  hashes.group_hash = reserve(blocks / GROUP, sizeof *hashes.group_hash);
  hashes.group_place = reserve(blocks / GROUP, sizeof *hashes.group_place);
  return hashes;
}

void close_hashes(struct hashes *hashes)
{
  free(hashes->hash);
  free(hashes->place);
  free(hashes->group_hash);
  free(hashes->group_place);
}

static uint64_t hash_block(struct hashes *hashes, uint64_t offset, uint64_t number)
{
  uint64_t block = offset / HASHED_BLOCK;
  if (number >= MOST_NUMBERS)
    return hash_one(hashes->bytes + offset, HASHED_BLOCK, number);
  if (hashes->place[block] != place_of(offset, number)) {
    hashes->hash[block] = hash_one(hashes->bytes + offset, HASHED_BLOCK, number);
    hashes->place[block] = place_of(offset, number);
  }
  return hashes->hash[block];
}

static uint64_t hash_group(struct hashes *hashes, uint64_t offset, uint64_t number)
{
  uint64_t group = offset / HASHED_BLOCK / GROUP;
  if (hashes->group_place[group] != place_of(offset, number)) {
    hashes->group_hash[group] = 0;
    for (uint64_t i = 0; i < GROUP; i++)
      hashes->group_hash[group] += hash_block(hashes, offset + i * HASHED_BLOCK, number + i);
    hashes->group_place[group] = place_of(offset, number);
  }
  return hashes->group_hash[group];
}

uint64_t hash_blocks(struct hashes *hashes, uint64_t offset, uint64_t number, uint64_t count)
{
  uint64_t sum = 0;
  for (uint64_t step; count > 0; offset += step * HASHED_BLOCK, number += step, count -= step) {
    bool is_group = offset / HASHED_BLOCK % GROUP == 0 && count >= GROUP && number < MOST_NUMBERS;
    step = is_group ? GROUP : 1;
    sum += is_group ? hash_group(hashes, offset, number) : hash_block(hashes, offset, number);
  }
  return sum;
}

static void forget(struct hashes *hashes, uint64_t block)
{
  hashes->place[block] = 0;
  hashes->group_place[block / GROUP] = 0;
}

/* What begins in the block before may reach into it. */
void forget_block(struct hashes *hashes, uint64_t block)
{
  forget(hashes, block);
  if (block > 0)
    forget(hashes, block - 1);
}

void forget_all_blocks(struct hashes *hashes)
{
  memset(hashes->place, 0, hashes->blocks * sizeof *hashes->place);
  memset(hashes->group_place, 0, (hashes->blocks / GROUP + 1) * sizeof *hashes->group_place);
}
