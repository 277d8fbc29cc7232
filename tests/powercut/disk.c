/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a device may have lost at a cut, from a log written by hand. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "powercut/choice.h"
#include "powercut/disk.h"
#include "../common/patience.h"
#include "../common/suite.h"

/* A device of four blocks, and what was written to it: whole blocks of letters. */
#define BLOCKS 4

static char letters[] = "aabbccdd";
static struct recording recording;
static char folder[] = "/tmp/syncdir-test.XXXXXX";

static void write_starts(struct event *event, unsigned block, unsigned letter)
{
  *event =
    (struct event) { .type = WRITE_STARTS, .offset = block * BLOCK, .length = 1, .data = letter };
}

static void ends(struct event *event, enum event_type type, unsigned start)
{
  *event = (struct event) { .type = type, .start = start };
}

static void make_base(void)
{
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(chdir(folder), 0);
  FILE *base = fopen("base", "w");
  ck_assert_ptr_nonnull(base);
  ck_assert_int_eq(ftruncate(fileno(base), BLOCKS * BLOCK), 0);
  fclose(base);
  recording.folder = folder;
  recording.data = letters;
  recording.about.size = BLOCKS * BLOCK;
  recording.about.choices = 4;
}

static void remove_base(void)
{
  unlink("base");
  rmdir(folder);
}

/* The disk of the recording before its first event. */
static struct start first_start(void)
{
  return open_start(&recording, 0, "base");
}

/* The first byte of each block that a cut at POSITION leaves; '.' for zero. */
static const char *blocks_after(uint32_t position, uint32_t choice)
{
  static char found[BLOCKS + 1];
  struct start start = first_start();
  struct disk disk = open_disk(&start, -1);
  move_disk(&disk, position);
  show_image(&disk, choice);
  for (size_t i = 0; i < BLOCKS; i++)
    found[i] = disk.shown[i * BLOCK] == '\0' ? '.' : disk.shown[i * BLOCK];
  close_disk(&disk);
  close_start(&start);
  return found;
}

START_TEST(only_what_had_ended_before_the_flush_started_is_safe)
{
  struct event events[8];
  write_starts(&events[0], 0, 0);
  write_starts(&events[1], 1, 2);
  ends(&events[2], WRITE_ENDS, 0);
  events[3] = (struct event) { .type = FLUSH_STARTS };
  ends(&events[4], WRITE_ENDS, 1);
  write_starts(&events[5], 2, 4);
  ends(&events[6], WRITE_ENDS, 5);
  ends(&events[7], FLUSH_ENDS, 3);
  recording.events = events;
  recording.count = 8;
  ck_assert_str_eq(blocks_after(0, 1), "....");
  ck_assert_str_eq(blocks_after(1, 0), "....");
  ck_assert_str_eq(blocks_after(1, 1), "a...");
  /* The flush has not ended. */
  ck_assert_str_eq(blocks_after(7, 0), "....");
  ck_assert_str_eq(blocks_after(7, 1), "abc.");
  ck_assert_str_eq(blocks_after(8, 0), "a...");
  ck_assert_str_eq(blocks_after(8, 1), "abc.");
  /* Without a cache the end of a write is enough. */
  recording.about.choices = 0;
  ck_assert_str_eq(blocks_after(2, 0), "....");
  ck_assert_str_eq(blocks_after(3, 0), "a...");
  ck_assert_str_eq(blocks_after(5, 0), "ab..");
  recording.about.choices = 4;
}
END_TEST

START_TEST(a_later_write_of_the_same_block_comes_later)
{
  struct event events[4];
  write_starts(&events[0], 0, 0);
  ends(&events[1], WRITE_ENDS, 0);
  write_starts(&events[2], 0, 2);
  ends(&events[3], WRITE_ENDS, 2);
  recording.events = events;
  recording.count = 4;
  ck_assert_str_eq(blocks_after(2, 1), "a...");
  ck_assert_str_eq(blocks_after(4, 1), "b...");
}
END_TEST

START_TEST(every_part_of_what_is_pending_is_chosen_once_in_a_while)
{
  struct event events[4];
  bool seen[1 << BLOCKS] = { false };
  size_t different = 0;
  for (unsigned i = 0; i < BLOCKS; i++)
    write_starts(&events[i], i, 2 * i);
  recording.events = events;
  recording.count = 4;
  for (uint32_t choice = 0; choice < 400; choice++) {
    char first[BLOCKS + 1];
    unsigned bits = 0;
    strcpy(first, blocks_after(4, choice));
    ck_assert_str_eq(blocks_after(4, choice), first);
    for (unsigned i = 0; i < BLOCKS; i++)
      bits |= (first[i] != '.') << i;
    different += !seen[bits];
    seen[bits] = true;
  }
  ck_assert_uint_eq(different, 1 << BLOCKS);
}
END_TEST

START_TEST(equal_images_have_equal_hashes_and_others_have_not)
{
  struct event events[2];
  write_starts(&events[0], 0, 0);
  write_starts(&events[1], 1, 2);
  recording.events = events;
  recording.count = 2;
  struct start start = first_start();
  struct disk disk = open_disk(&start, -1);
  move_disk(&disk, 2);
  uint64_t none = show_image(&disk, 0);
  uint64_t both = show_image(&disk, 1);
  ck_assert_uint_ne(none, both);
  ck_assert_uint_eq(show_image(&disk, 1), both);
  ck_assert_uint_eq(show_image(&disk, 0), none);
  ck_assert_int_eq(disk.shown[0], 0);
  close_disk(&disk);
  close_start(&start);
}
END_TEST

/* Many pieces, some of one block, so that most are chosen by what they are. */
static uint64_t image_of(struct disk *disk, uint32_t position, uint32_t choice)
{
  move_disk(disk, position);
  return show_image(disk, choice);
}

/* Returns how many events there are then. */
static uint32_t record_many_pieces(void)
{
  enum { WRITES = 1000 };
  static struct event events[3 * WRITES];
  static char data[6 + BLOCK];
  uint32_t count = 0;
  for (size_t i = 0; i < sizeof data; i++)
    data[i] = (char) (i + i / 251);
  for (uint32_t i = 0; i < WRITES; i++) {
    write_starts(&events[count++], i * 7 % 3, i % 6);
    events[count - 1].length = i % 5 == 0 ? BLOCK : BLOCK / 2;
    if (i % 5 != 0)
      events[count - 1].offset += i % 2 * BLOCK / 2;
    if (i % 10 != 0)
      ends(&events[count], WRITE_ENDS, count - 1), count++;
    if (i == WRITES / 2) {
      events[count++] = (struct event) { .type = FLUSH_STARTS };
      ends(&events[count], FLUSH_ENDS, count - 1), count++;
    }
  }
  recording.events = events;
  recording.count = count;
  recording.data = data;
  return count;
}

/* USED shows the image of CHOICE at POSITION as a disk does that goes there at once. */
static void check_image(struct disk *used, uint32_t position, uint32_t choice)
{
  struct disk fresh = open_disk(used->start, -1);
  ck_assert_uint_eq(image_of(used, position, choice), image_of(&fresh, position, choice));
  ck_assert_mem_eq(used->shown, fresh.shown, BLOCKS * BLOCK);
  ck_assert_uint_eq(used->kept_count, fresh.kept_count);
  close_disk(&fresh);
}

START_TEST(an_image_does_not_depend_on_the_one_before_it)
{
  uint32_t count = record_many_pieces();
  struct start start = first_start();
  struct disk used = open_disk(&start, -1);
  uint64_t seed = 1;
  for (int i = 0; i < 200; i++)
    check_image(&used, (uint32_t) (next_random(&seed) % count), (uint32_t) i % 6);
  close_disk(&used);
  close_start(&start);
  recording.data = letters;
}
END_TEST

/* As a worker goes through the states of one choice after the other. */
START_TEST(an_image_does_not_depend_on_the_steps_that_led_to_it)
{
  uint32_t count = record_many_pieces();
  struct start start = first_start();
  struct disk used = open_disk(&start, -1);
  for (uint32_t choice = 0; choice < 7; choice++)
    for (uint32_t position = 1; position < count; position += 1 + position % 3) {
      if (position % 50 == 0)
        check_image(&used, position, choice);
      else
        image_of(&used, position, choice);
    }
  close_disk(&used);
  close_start(&start);
  recording.data = letters;
}
END_TEST

START_TEST(an_image_does_not_depend_on_the_start)
{
  uint32_t count = record_many_pieces();
  struct start first = first_start();
  uint64_t seed = 1;
  for (int i = 0; i < 100; i++) {
    uint32_t early = (uint32_t) (next_random(&seed) % count);
    uint32_t late = early + (uint32_t) (next_random(&seed) % (count - early));
    int file = open("start", O_RDWR | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_eq(ftruncate(file, BLOCKS * BLOCK), 0);
    close(file);
    struct start start = open_start(&recording, early, "start");
    struct disk from_start = open_disk(&start, -1), from_first = open_disk(&first, -1);
    const uint32_t positions[] = { late, early, late };
    for (uint32_t choice = 0; choice < 7; choice++)
      for (size_t step = 0; step < 3; step++) {
        image_of(&from_start, positions[step], choice);
        image_of(&from_first, positions[step], choice);
        ck_assert_mem_eq(from_start.shown, from_first.shown, BLOCKS * BLOCK);
        ck_assert_uint_eq(from_start.pending_count, from_first.pending_count);
        ck_assert_uint_eq(from_start.kept_count, from_first.kept_count);
      }
    close_disk(&from_start);
    close_disk(&from_first);
    close_start(&start);
  }
  close_start(&first);
  unlink("start");
  recording.data = letters;
}
END_TEST

START_TEST(a_discard_leaves_zeros)
{
  struct event events[4];
  write_starts(&events[0], 0, 0);
  ends(&events[1], WRITE_ENDS, 0);
  events[2] = (struct event) { .type = WRITE_STARTS, .length = BLOCK, .data = ZEROS };
  ends(&events[3], WRITE_ENDS, 2);
  recording.events = events;
  recording.count = 4;
  ck_assert_str_eq(blocks_after(2, 1), "a...");
  ck_assert_str_eq(blocks_after(4, 1), "....");
}
END_TEST

START_TEST(what_was_written_or_punched_meanwhile_is_taken_back)
{
  struct event event;
  write_starts(&event, 1, 2);
  recording.events = &event;
  recording.count = 1;
  int base = open("base", O_RDWR), file = open("shown", O_RDWR | O_CREAT, 0600);
  ck_assert_int_eq(pwrite(base, "x", 1, 0), 1);
  ck_assert_int_eq(pwrite(file, "x", 1, 0), 1);
  ck_assert_int_eq(ftruncate(file, BLOCKS * BLOCK), 0);
  struct start start = first_start();
  struct disk disk = open_disk(&start, file);
  move_disk(&disk, 1);
  show_image(&disk, 1);
  char before[BLOCKS * BLOCK];
  memcpy(before, disk.shown, sizeof before);
  ck_assert_int_eq(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, BLOCK), 0);
  ck_assert_int_eq(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, BLOCK, BLOCK), 0);
  ck_assert_int_eq(pwrite(file, "y", 1, 2 * BLOCK), 1);
  ck_assert_int_eq(pwrite(file, "z", 1, 3 * BLOCK), 1);
  restore_image(&disk);
  ck_assert_int_eq(disk.shown[0], 'x');
  ck_assert_mem_eq(disk.shown, before, sizeof before);
  close_disk(&disk);
  close_start(&start);
  close(base);
  close(file);
  unlink("shown");
}
END_TEST

START_TEST(what_is_to_be_built_again_is_by_the_next_image)
{
  struct event event;
  write_starts(&event, 1, 2);
  recording.events = &event;
  recording.count = 1;
  int file = open("shown", O_RDWR | O_CREAT, 0600);
  ck_assert_int_eq(ftruncate(file, BLOCKS * BLOCK), 0);
  struct start start = first_start();
  struct disk disk = open_disk(&start, file);
  move_disk(&disk, 1);
  show_image(&disk, 1);
  char before[BLOCKS * BLOCK];
  memcpy(before, disk.shown, sizeof before);
  ck_assert_int_eq(pwrite(file, "y", 1, BLOCK), 1);
  ck_assert_int_eq(pwrite(file, "z", 1, 2 * BLOCK), 1);
  make_stale(&disk, 1);
  make_stale(&disk, 2);
  show_image(&disk, 1);
  ck_assert_mem_eq(disk.shown, before, sizeof before);
  /* What nobody has written is a hole again. */
  ck_assert_int_eq(lseek(file, 2 * BLOCK, SEEK_DATA), -1);
  close_disk(&disk);
  close_start(&start);
  close(file);
  unlink("shown");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("disk");
  TCase *disk = tcase_create("disk");

  suite_add_tcase(suite, disk);
  tcase_set_timeout(disk, PATIENCE);
  tcase_add_checked_fixture(disk, make_base, remove_base);
  tcase_add_test(disk, only_what_had_ended_before_the_flush_started_is_safe);
  tcase_add_test(disk, a_later_write_of_the_same_block_comes_later);
  tcase_add_test(disk, every_part_of_what_is_pending_is_chosen_once_in_a_while);
  tcase_add_test(disk, equal_images_have_equal_hashes_and_others_have_not);
  tcase_add_test(disk, an_image_does_not_depend_on_the_one_before_it);
  tcase_add_test(disk, an_image_does_not_depend_on_the_steps_that_led_to_it);
  tcase_add_test(disk, an_image_does_not_depend_on_the_start);
  tcase_add_test(disk, a_discard_leaves_zeros);
  tcase_add_test(disk, what_was_written_or_punched_meanwhile_is_taken_back);
  tcase_add_test(disk, what_is_to_be_built_again_is_by_the_next_image);
  return run_suite(suite);
}
