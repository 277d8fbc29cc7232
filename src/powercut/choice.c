/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses at random, but the same each time, which of its pending pieces a disk keeps. */
#include "choice.h"

/* So many of the latest pending pieces are chosen anew at each position; what is older
 * keeps what each choice has made of it, so that the next image costs little. */
#define RECENT 256

/* How much of it, by choice % 4: 1 is all but one. */
static const unsigned percent[] = { [0] = 25, [2] = 50, [3] = 75 };

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators". */
uint64_t next_random(uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

/* By what PIECE is, and not by where the disk is. */
static uint64_t lasting_random(const struct disk *disk, uint32_t choice, const struct piece *piece)
{
  uint64_t state = disk->recording->about.seed ^ (uint64_t) piece->write << 32 ^ choice;
  state ^= next_random(&state) ^ piece->offset;
  return next_random(&state);
}

/* Whether CHOICE keeps PIECE, which is none of the latest and is not dropped. */
static bool keeps_for_ever(const struct disk *disk, uint32_t choice, const struct piece *piece)
{
  if (choice == 0 || choice % 4 == 1)
    return choice != 0;
  return lasting_random(disk, choice, piece) % 100 < percent[choice % 4];
}

/* What a choice wants of the older pieces does not change while they are pending, so only
 * those are looked at that have become older since the last time. */
static void choose_pieces(struct disk *disk, uint32_t choice)
{
  uint64_t state = disk->recording->about.seed ^ (uint64_t) disk->position << 32 ^ choice;
  size_t count = disk->pending_count;
  size_t recent = choice == 0 || choice % 4 == 1 ? 0 : count < RECENT ? count : RECENT;
  if (disk->choice != choice)
    unsettle(disk);
  disk->choice = choice;
  if (count == 0)
    return;
  if (disk->dropped > 0)
    keep_piece(disk, &disk->pending[disk->dropped - 1], true);
  for (; disk->settled < count - recent; disk->settled++) {
    struct piece *piece = &disk->pending[disk->settled];
    keep_piece(disk, piece, keeps_for_ever(disk, choice, piece));
  }
  size_t dropped = next_random(&state) % count;
  disk->dropped = choice > 1 && choice % 4 == 1 ? dropped + 1 : 0;
  if (disk->dropped > 0)
    keep_piece(disk, &disk->pending[dropped], false);
  for (size_t i = count - recent; i < count; i++)
    keep_piece(disk, &disk->pending[i], next_random(&state) % 100 < percent[choice % 4]);
}

uint64_t show_image(struct disk *disk, uint32_t choice)
{
  choose_pieces(disk, choice);
  return show_pieces(disk);
}
