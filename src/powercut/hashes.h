/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashes of what lies on a device in memory, each kept until that is written. */
#ifndef POWERCUT_HASHES_H
#define POWERCUT_HASHES_H

#include <stddef.h>
#include <stdint.h>

#define HASHED_BLOCK 4096

struct hashes {
  const char *bytes; /* of the device */
  uint64_t blocks;
  uint64_t *hash;        /* by block of the device */
  uint32_t *place;       /* for which it was hashed, see place_of; 0: not known */
  uint64_t *group_hash;  /* by so many blocks of the device: the sum of their hashes, */
  uint32_t *group_place; /* and the place of the first of them */
};

/* Each hash depends on the block's NUMBER in its file; holes and zeros, which read the
 * same, are 0. */
uint64_t hash_one(const char *block, size_t length, uint64_t number);

/* How often that was done in this process. */
uint64_t hashed_blocks(void);

struct hashes open_hashes(const char *bytes, uint64_t size);
void close_hashes(struct hashes *hashes);

/* The sum of the hashes of COUNT whole blocks, which a file has from NUMBER on and the
 * device from the byte OFFSET on, a multiple of HASHED_PART. */
#define HASHED_PART 512
uint64_t hash_blocks(struct hashes *hashes, uint64_t offset, uint64_t number, uint64_t count);

/* BLOCK of the device has another content, or will have. */
void forget_block(struct hashes *hashes, uint64_t block);
void forget_all_blocks(struct hashes *hashes);

#endif
