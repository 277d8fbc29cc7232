/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The heart of the crash laboratory: what a device may have lost, from a log
 * written by hand, and each verdict, from trees written by hand. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../src/powercut/choice.h"
#include "../../src/powercut/disk.h"
#include "../../src/powercut/hashes.h"
#include "../../src/powercut/oracle.h"
#include "../../src/powercut/tree.h"
#include "../common/patience.h"
#include "../common/suite.h"

/* What follows SIGN in NAME, or OTHERWISE. */
static void print_part(FILE *out, const char *name, char sign, const char *otherwise)
{
  const char *part = strchr(name, sign);
  part = part != NULL ? part + 1 : otherwise;
  fprintf(out, "%.*s%c", (int) strcspn(part, "=+#@"), part, '\0');
}

/* A tree from names such as "f", "f=content", "f+2" (a link count of 2), "f#9"
 * (inode 9), "f=content#9", "f@attribute", in order. */
static struct tree tree_of(const char *names)
{
  char *text = NULL, *copy = strdup(names);
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  for (char *rest, *name = strtok_r(copy, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
    fprintf(out, "%.*s%cfile 0644%c", (int) strcspn(name, "=+#@"), name, '\0', '\0');
    print_part(out, name, '+', "1");
    print_part(out, name, '=', "");
    print_part(out, name, '@', "");
    print_part(out, name, '#', "1");
  }
  fclose(out);
  free(copy);
  return tree_from_text(text, size);
}

/* One call, from BEFORE to AFTER, after an older one from OLD to BEFORE. */
struct history {
  struct mark marks[4];
};

static struct history history_of(const char *old, const char *before, const char *after)
{
  const char *const seen[] = { old, before, before, after };
  struct history history = { 0 };
  for (size_t i = 0; i < 4; i++)
    history.marks[i] = (struct mark) { .verb = i % 2 == 0 ? BEGINS : RETURNED,
                                       .under_way = i % 2 == 0,
                                       .line = "",
                                       .text = "",
                                       .seen = tree_of(seen[i]),
                                       .previous = i - 1,
                                       .next = i == 3 ? NO_MARK : i + 1 };
  return history;
}

enum { FIRST_CALL, BETWEEN, UNDER_WAY, RETURNED_LAST };

static size_t blamed;
static char difference[DIFFERENCE_SIZE];

static enum verdict verdict_on(const struct history *history, size_t latest, const char *found)
{
  struct tree tree = tree_of(found);
  enum verdict verdict = judge(history->marks, &latest, 0, 1, &tree, &blamed, difference);
  free_tree(&tree);
  return verdict;
}

START_TEST(the_call_under_way_may_be_done_or_undone)
{
  struct history rename = history_of(". a", ". a b", ". a c");
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". a b"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". a c"), AS_PROMISED);
}
END_TEST

START_TEST(what_had_returned_must_be_there)
{
  struct history rename = history_of(". a", ". a b", ". a c");
  ck_assert_int_eq(verdict_on(&rename, RETURNED_LAST, ". a c"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&rename, RETURNED_LAST, ". a b"), LOST);
  ck_assert_uint_eq(blamed, UNDER_WAY);
  ck_assert_int_eq(verdict_on(&rename, RETURNED_LAST, ". a"), LOST);
  struct history creat = history_of(". a", ". a b", ". a b c");
  ck_assert_int_eq(verdict_on(&creat, UNDER_WAY, ". a"), LOST);
  ck_assert_uint_eq(blamed, FIRST_CALL);
  ck_assert_str_eq(difference, "b is missing");
}
END_TEST

/* A call of three steps, from ". a" to ". a b c d". */
static struct history steps_of(const char *first, const char *second, const char *third)
{
  const char *const seen[] = { ". a", first, second, third };
  struct history history = history_of(". a", first, second);
  for (size_t i = 0; i < 4; i++) {
    history.marks[i].verb = i == 0 ? BEGINS : i == 3 ? RETURNED : WITHIN;
    history.marks[i].under_way = i < 3;
    history.marks[i].seen = tree_of(seen[i]);
  }
  return history;
}

enum { BEGUN, FIRST_STEP, SECOND_STEP, LAST_STEP };

START_TEST(a_call_of_several_steps_is_between_any_two_of_them)
{
  struct history steps = steps_of(". a b", ". a b c", ". a b c d");
  ck_assert_int_eq(verdict_on(&steps, SECOND_STEP, ". a"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&steps, SECOND_STEP, ". a b"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&steps, SECOND_STEP, ". a b c"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&steps, SECOND_STEP, ". a b c d"), AS_PROMISED);
  ck_assert_int_ne(verdict_on(&steps, SECOND_STEP, ". a c"), AS_PROMISED);
  ck_assert_int_ne(verdict_on(&steps, FIRST_STEP, ". a b c d"), AS_PROMISED);
}
END_TEST

START_TEST(once_it_has_returned_each_step_must_be_there)
{
  struct history steps = steps_of(". a b", ". a b c", ". a b c d");
  ck_assert_int_eq(verdict_on(&steps, LAST_STEP, ". a b c d"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&steps, LAST_STEP, ". a b c"), LOST);
  ck_assert_uint_eq(blamed, BEGUN);
  ck_assert_int_eq(verdict_on(&steps, LAST_STEP, ". a"), LOST);
  ck_assert_int_eq(verdict_on(&steps, LAST_STEP, ". a c d"), WRONG);
}
END_TEST

START_TEST(what_a_step_has_fsynced_must_be_there_with_the_next)
{
  struct history steps = steps_of(". a b=#2", ". a b=text#2", ". a b=text#2 c");
  ck_assert_int_eq(verdict_on(&steps, SECOND_STEP, ". a b=half#2"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&steps, SECOND_STEP, ". a b=text#2 c"), AS_PROMISED);
  ck_assert_int_ne(verdict_on(&steps, SECOND_STEP, ". a b=half#2 c"), AS_PROMISED);
  struct history rewritten = steps_of(". a b=text#2", ". a b=text#2 c", ". a b=#2 c");
  ck_assert_int_eq(verdict_on(&rewritten, SECOND_STEP, ". a b=more#2"), AS_PROMISED);
  ck_assert_int_ne(verdict_on(&rewritten, FIRST_STEP, ". a b=more#2"), AS_PROMISED);
}
END_TEST

START_TEST(the_next_call_is_not_expected_before_it_begins)
{
  struct history rename = history_of(". a", ". a b", ". a c");
  ck_assert_int_eq(verdict_on(&rename, BETWEEN, ". a b"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&rename, BETWEEN, ". a c"), WRONG);
}
END_TEST

START_TEST(both_names_or_neither_is_half_done)
{
  struct history rename = history_of(". a", ". a b", ". a c");
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". a b c"), HALF_DONE);
  /* "a" alone is an older state as well, but the call explains it. */
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". a"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&rename, RETURNED_LAST, ". a"), LOST);
  /* The target of a rename from elsewhere. */
  struct history replaced = history_of(". a b=1", ". a b=1", ". a b=2");
  ck_assert_int_eq(verdict_on(&replaced, UNDER_WAY, ". a"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&replaced, UNDER_WAY, ". b=1"), WRONG);
  struct history alike = history_of(". a b#2", ". a b#2", ". a b#3");
  ck_assert_int_eq(verdict_on(&alike, UNDER_WAY, ". a"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&replaced, UNDER_WAY, ". a b=3"), WRONG);
}
END_TEST

START_TEST(names_that_look_alike_are_told_apart_by_their_inodes)
{
  struct history exchange = history_of(". a#2 b#3", ". a#2 b#3", ". a#3 b#2");
  ck_assert_int_eq(verdict_on(&exchange, UNDER_WAY, ". a#2 b#3"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&exchange, UNDER_WAY, ". a#3 b#2"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&exchange, RETURNED_LAST, ". a#2 b#3"), LOST);
  ck_assert_str_eq(difference, "a leads to inode 2 and should lead to inode 3");
  ck_assert_int_eq(verdict_on(&exchange, UNDER_WAY, ". a#2 b#2"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&exchange, UNDER_WAY, ". a#4 b#3"), WRONG);
}
END_TEST

START_TEST(a_count_of_links_that_no_call_works_on_stays)
{
  struct history rename = history_of(". a y+2#9 z+2#9", ". a y+2#9 z+2#9", ". b y+2#9 z+2#9");
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". y+2#9 z+2#9"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". y+3#9 z+3#9"), WRONG);
  struct history removed = history_of(". a+2#9 z+2#9", ". a+2#9 z+2#9", ". z#9");
  ck_assert_int_eq(verdict_on(&removed, UNDER_WAY, ". z+2#9"), HALF_DONE);
}
END_TEST

START_TEST(each_name_is_found_whatever_its_letters)
{
  struct tree tree = tree_of(". !a %b %b/c %b\001d -e a a/.b a/b a\001b a.b b");
  for (size_t i = 0; i < tree.count; i++)
    ck_assert_ptr_eq(find_name(&tree, tree.names[i].path), &tree.names[i]);
  ck_assert_ptr_null(find_name(&tree, "a/c"));
  ck_assert_ptr_null(find_name(&tree, "!"));
  free_tree(&tree);
}
END_TEST

START_TEST(half_a_link_may_have_another_count)
{
  struct history rename = history_of(". a", ". a b", ". a c");
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". a b+2 c+2"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&rename, RETURNED_LAST, ". a c+2"), WRONG);
}
END_TEST

START_TEST(damage_to_another_name_is_wrong)
{
  struct history rename = history_of(". a", ". a b", ". a c");
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". c"), WRONG);
  ck_assert_str_eq(difference, "a is missing");
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". a b x"), WRONG);
  ck_assert_int_eq(verdict_on(&rename, RETURNED_LAST, ". a c x"), WRONG);
  ck_assert_str_eq(difference, "x is there and should not be");
  ck_assert_int_eq(verdict_on(&rename, RETURNED_LAST, ""), WRONG);
}
END_TEST

START_TEST(content_counts_where_it_was_fsynced)
{
  struct history link = history_of(". a=1", ". a=1", ". a=1 b=1");
  ck_assert_int_eq(verdict_on(&link, RETURNED_LAST, ". a=1 b=1"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&link, RETURNED_LAST, ". a=1 b=2"), WRONG);
  ck_assert_str_eq(difference, "b's content is 2 and should be 1");
  struct history unsynced = history_of(". a", ". a", ". a b");
  ck_assert_int_eq(verdict_on(&unsynced, RETURNED_LAST, ". a=5 b=7"), AS_PROMISED);
}
END_TEST

START_TEST(a_new_file_is_half_done_until_its_bytes_are_there)
{
  struct history creat = history_of(". a=1", ". a=1", ". a=1 b=9#2");
  ck_assert_int_eq(verdict_on(&creat, UNDER_WAY, ". a=1 b=9#2"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&creat, UNDER_WAY, ". a=1 b=0#2"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&creat, RETURNED_LAST, ". a=1 b=0#2"), WRONG);
  ck_assert_int_eq(verdict_on(&creat, UNDER_WAY, ". a=1 b=0#3"), WRONG);
  ck_assert_int_eq(verdict_on(&creat, UNDER_WAY, ". a=0 b=9#2"), WRONG);
  /* What stood there before is worth more than half of what comes. */
  struct history over = history_of(". b=1", ". b=1", ". b=9#2");
  ck_assert_int_eq(verdict_on(&over, UNDER_WAY, ". b=0#2"), WRONG);
}
END_TEST

START_TEST(what_is_written_between_two_calls_was_not_promised)
{
  struct history creat = history_of(". a=1 b=1", ". a=2 b=1", ". a=2 b=1 c");
  creat.marks[BETWEEN].seen = tree_of(". a=1 b=1");
  ck_assert_int_eq(verdict_on(&creat, BETWEEN, ". a=3 b=1"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&creat, BETWEEN, ". a=3 b=2"), WRONG);
  ck_assert_int_eq(verdict_on(&creat, BETWEEN, ". b=1"), WRONG);
  ck_assert_int_eq(verdict_on(&creat, RETURNED_LAST, ". a=3 b=1 c"), WRONG);
}
END_TEST

START_TEST(a_moved_directory_keeps_what_is_in_it)
{
  struct history rename = history_of(". d d/f", ". d d/f", ". e e/f");
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, "."), HALF_DONE);
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". d d/f e e/f"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". e"), WRONG);
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". d d/f e"), WRONG);
  struct history over = history_of(". d d/f e", ". d d/f e", ". e e/f");
  ck_assert_int_eq(verdict_on(&over, UNDER_WAY, ". e"), HALF_DONE);
  struct history exchange = history_of(". d#5 d/f#6 e#7", ". d#5 d/f#6 e#7", ". d#7 e#5 e/f#6");
  ck_assert_int_eq(verdict_on(&exchange, UNDER_WAY, ". d+2#7 e+2#7"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&exchange, UNDER_WAY, ". d#5 e#7"), WRONG);
  ck_assert_int_eq(verdict_on(&exchange, UNDER_WAY, ". d#7 e#5"), WRONG);
}
END_TEST

/* Inode 7 goes from the first tree to the second. */
static enum verdict verdict_on_one_of_two(size_t tree, size_t giver, size_t taker,
                                          const char *found)
{
  struct history gives = history_of(". a=3#8 b=1#7", ". a=3#8 b=1#7", ". b=3#8");
  struct history takes = history_of(".", ".", ". n=2#7");
  struct mark marks[8];
  size_t latest[] = { giver, 4 + taker };
  struct tree seen = tree_of(found);
  memcpy(marks, gives.marks, sizeof gives.marks);
  memcpy(marks + 4, takes.marks, sizeof takes.marks);
  for (size_t i = 4; i < 8; i++) {
    marks[i].previous = i == 4 ? NO_MARK : i - 1;
    marks[i].next = i == 7 ? NO_MARK : i + 1;
  }
  enum verdict verdict = judge(marks, latest, tree, 2, &seen, &blamed, difference);
  free_tree(&seen);
  return verdict;
}

START_TEST(an_inode_may_show_the_call_of_another_tree_while_both_are_under_way)
{
  ck_assert_int_eq(verdict_on_one_of_two(0, UNDER_WAY, UNDER_WAY, ". a=3#8 b=2#7"), HALF_DONE);
  ck_assert_int_eq(verdict_on_one_of_two(0, UNDER_WAY, UNDER_WAY, ". a=3#8 b=2#9"), WRONG);
  ck_assert_int_eq(verdict_on_one_of_two(0, UNDER_WAY, BETWEEN, ". a=3#8 b=2#7"), WRONG);
  ck_assert_int_eq(verdict_on_one_of_two(0, UNDER_WAY, RETURNED_LAST, ". a=3#8 b=2#7"), WRONG);
  ck_assert_int_eq(verdict_on_one_of_two(0, RETURNED_LAST, UNDER_WAY, ". a=3#8 b=2#7"), WRONG);
  ck_assert_int_eq(verdict_on_one_of_two(1, UNDER_WAY, UNDER_WAY, ". n=1#7"), HALF_DONE);
  ck_assert_int_eq(verdict_on_one_of_two(1, RETURNED_LAST, UNDER_WAY, ". n=1#7"), WRONG);
  ck_assert_int_eq(verdict_on_one_of_two(1, UNDER_WAY, RETURNED_LAST, ". n=1#7"), WRONG);
}
END_TEST

START_TEST(bytes_and_attributes_are_judged_where_they_are_promised)
{
  struct history chown = history_of(". a@old#2 b", ". a@old#2 b", ". a@new#2 b");
  ck_assert_int_eq(verdict_on(&chown, UNDER_WAY, ". a@new#2 b"), AS_PROMISED);
  ck_assert_int_eq(verdict_on(&chown, RETURNED_LAST, ". a@old#2 b"), LOST);
  ck_assert_str_eq(difference, "a's attributes have \"old\" where they should have \"new\"");
  ck_assert_int_eq(verdict_on(&chown, UNDER_WAY, ". a@half#2 b"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&chown, RETURNED_LAST, ". a@half#2 b"), WRONG);
  struct history truncate = history_of(". a=9#2", ". a=9#2", ". a=0#2");
  ck_assert_int_eq(verdict_on(&truncate, UNDER_WAY, ". a=5#2"), HALF_DONE);
  ck_assert_int_eq(verdict_on(&truncate, RETURNED_LAST, ". a=5#2"), WRONG);
  struct history rename = history_of(". a=9#2 b#3", ". a=9#2 b#3", ". a#3");
  ck_assert_int_eq(verdict_on(&rename, UNDER_WAY, ". a=0#2 b#3"), WRONG);
}
END_TEST

START_TEST(mark_is_split)
{
  const char *tree, *text;
  size_t length;
  ck_assert_int_eq(parse_mark("begins t/u link a b", &tree, &length, &text), BEGINS);
  ck_assert(length == 3 && strncmp(tree, "t/u", 3) == 0);
  ck_assert_str_eq(text, "link a b");
  ck_assert_int_eq(parse_mark("returned .", &tree, &length, &text), RETURNED);
  ck_assert_str_eq(text, "");
  ck_assert_int_eq(parse_mark("fsynced t f", &tree, &length, &text), FSYNCED);
  ck_assert_int_eq(parse_mark("beginning", &tree, &length, &text), FREE_TEXT);
  ck_assert_ptr_null(tree);
}
END_TEST

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
  Suite *suite = suite_create("powercut");
  TCase *oracle = tcase_create("oracle"), *disk = tcase_create("disk");
  TCase *hashes = tcase_create("hashes");

  suite_add_tcase(suite, oracle);
  tcase_set_timeout(oracle, PATIENCE);
  tcase_add_test(oracle, the_call_under_way_may_be_done_or_undone);
  tcase_add_test(oracle, what_had_returned_must_be_there);
  tcase_add_test(oracle, a_call_of_several_steps_is_between_any_two_of_them);
  tcase_add_test(oracle, once_it_has_returned_each_step_must_be_there);
  tcase_add_test(oracle, what_a_step_has_fsynced_must_be_there_with_the_next);
  tcase_add_test(oracle, the_next_call_is_not_expected_before_it_begins);
  tcase_add_test(oracle, both_names_or_neither_is_half_done);
  tcase_add_test(oracle, half_a_link_may_have_another_count);
  tcase_add_test(oracle, names_that_look_alike_are_told_apart_by_their_inodes);
  tcase_add_test(oracle, a_count_of_links_that_no_call_works_on_stays);
  tcase_add_test(oracle, each_name_is_found_whatever_its_letters);
  tcase_add_test(oracle, damage_to_another_name_is_wrong);
  tcase_add_test(oracle, content_counts_where_it_was_fsynced);
  tcase_add_test(oracle, a_new_file_is_half_done_until_its_bytes_are_there);
  tcase_add_test(oracle, what_is_written_between_two_calls_was_not_promised);
  tcase_add_test(oracle, a_moved_directory_keeps_what_is_in_it);
  tcase_add_test(oracle, an_inode_may_show_the_call_of_another_tree_while_both_are_under_way);
  tcase_add_test(oracle, bytes_and_attributes_are_judged_where_they_are_promised);
  tcase_add_test(oracle, mark_is_split);
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
  suite_add_tcase(suite, hashes);
  tcase_set_timeout(hashes, PATIENCE);
  tcase_add_test(hashes, only_what_was_written_is_hashed_again);
  tcase_add_test(hashes, no_byte_is_taken_for_what_it_was);
  return run_suite(suite);
}
