/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashes that are remembered are those of what is there now. */
#include <check.h>
#include <stdint.h>
#include "powercut/choice.h"
#include "powercut/hashes.h"
#include "../common/patience.h"
#include "../common/suite.h"

enum { HASHED = 1200 };

static char device[HASHED * HASHED_BLOCK];

static void fill_device(uint64_t *seed)
{
  for (size_t i = 0; i < sizeof device; i++)
    device[i] = (char) next_random(seed);
}

/* What nothing remembered can falsify. */
static uint64_t sum_of(uint64_t offset, uint64_t number, uint64_t count)
{
  uint64_t sum = 0;
  for (uint64_t i = 0; i < count; i++)
    sum += hash_one(device + offset + i * HASHED_BLOCK, HASHED_BLOCK, number + i);
  return sum;
}

START_TEST(only_what_was_written_is_hashed_again)
{
  struct hashes hashes = open_hashes(device, sizeof device);
  uint64_t seed = 1, before;
  fill_device(&seed);
  hash_blocks(&hashes, 0, 0, HASHED);
  before = hashed_blocks();
  hash_blocks(&hashes, 0, 0, HASHED);
  hash_blocks(&hashes, 700 * HASHED_BLOCK, 700, 300);
  ck_assert_uint_eq(hashed_blocks(), before);
  device[600 * HASHED_BLOCK + 7] ^= 1;
  forget_block(&hashes, 600);
  uint64_t sum = hash_blocks(&hashes, 0, 0, HASHED);
  /* The one before it may have reached into it. */
  ck_assert_uint_le(hashed_blocks(), before + 2);
  ck_assert_uint_eq(sum, sum_of(0, 0, HASHED));
  /* The same bytes elsewhere in a file are not the same content. */
  ck_assert_uint_eq(hash_blocks(&hashes, 0, 1, 500), sum_of(0, 1, 500));
  close_hashes(&hashes);
}
END_TEST

START_TEST(no_byte_is_taken_for_what_it_was)
{
  struct hashes hashes = open_hashes(device, sizeof device);
  uint64_t seed = 2;
  fill_device(&seed);
  for (int i = 0; i < 5000; i++) {
    uint64_t written = next_random(&seed) % HASHED;
    device[written * HASHED_BLOCK + next_random(&seed) % HASHED_BLOCK] ^= 1;
    forget_block(&hashes, written);
    /* Few places, each asked for often, in filesystems of large and of small blocks. */
    uint64_t start = next_random(&seed) % 4 * 250, part = next_random(&seed) % 3 * HASHED_PART;
    uint64_t number = next_random(&seed) % 2 * 250, count = next_random(&seed) % 2 * 400 + 40;
    if (start + count >= HASHED)
      count = HASHED - start - 1;
    uint64_t offset = start * HASHED_BLOCK + part;
    ck_assert_uint_eq(hash_blocks(&hashes, offset, number, count), sum_of(offset, number, count));
    if (i % 100 == 0)
      forget_all_blocks(&hashes);
  }
  close_hashes(&hashes);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("hashes");
  TCase *hashes = tcase_create("hashes");

  suite_add_tcase(suite, hashes);
  tcase_set_timeout(hashes, PATIENCE);
  tcase_add_test(hashes, only_what_was_written_is_hashed_again);
  tcase_add_test(hashes, no_byte_is_taken_for_what_it_was);
  return run_suite(suite);
}
