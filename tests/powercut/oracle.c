/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each verdict on a tree after a cut, from trees and histories written by hand. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "powercut/oracle.h"
#include "powercut/tree.h"
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

static enum verdict judge_text(const struct history *history, size_t latest, bool was_written,
                               const char *found)
{
  struct tree tree = tree_of(found);
  enum verdict verdict = judge(history->marks, &latest, 0, 1, was_written, &tree, &blamed,
                               difference);
  free_tree(&tree);
  return verdict;
}

static enum verdict verdict_on(const struct history *history, size_t latest, const char *found)
{
  return judge_text(history, latest, true, found);
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
  /* It cannot be on a device to which nothing was written since the call returned. */
  ck_assert_int_eq(judge_text(&creat, BETWEEN, false, ". a=1 b=1"), AS_PROMISED);
  ck_assert_int_eq(judge_text(&creat, BETWEEN, false, ". a=3 b=1"), WRONG);
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
  enum verdict verdict = judge(marks, latest, tree, 2, true, &seen, &blamed, difference);
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

int main(void)
{
  Suite *suite = suite_create("oracle");
  TCase *oracle = tcase_create("oracle");

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
  return run_suite(suite);
}
