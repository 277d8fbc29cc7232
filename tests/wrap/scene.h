/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the wrapped calls share: the way in which a call is made, a
 * folder with files, what the filesystem under it needs, and the judge. */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/hidden_names.h"
#include "judge.h"
#include "syncdir.h"

/* The same tests are built for each way to reach the library: preloaded,
 * linked, by name; and ARCHIVED, as libsyncdir.a in a dynamic program or in a
 * STATIC one. */
#ifdef BY_NAME
#define CALL(name) syncdir_##name
#else
#define CALL(name) name
#endif

/* In a dynamic program libc's own freopen opens by itself: the archive does not
 * replace it, and what it makes is not flushed. */
#if defined ARCHIVED && !defined STATIC
#define FREOPEN_IS_LIBCS true
#else
#define FREOPEN_IS_LIBCS false
#endif

/* The folder that holds the folders of all tests, made in the current one. */
void make_base(void);
void remove_base(void);

/* Makes what lies in the folder, without the library: "d/" a directory, "d/f" an
 * empty file, "l>target" a symlink. */
void lay_out(const char *first, ... /* NULL */);
#define LAY_OUT(...) lay_out(__VA_ARGS__, (char *) NULL)

bool exists(const char *path);

/* The row of the filesystem table that the folder lies in, found out without
 * the library; SYNCDIR_TEST_ROW overrules. */
enum row { JOURNALED, BTRFS, WITHOUT_JOURNAL, OTHER, ON_FUSE, IN_MEMORY };
enum row row(void);

/* What each kind of change must have flushed here, as judged() says it. */
const char *made_file(const char *path);
const char *made_directory(const char *path);
const char *made_name(const char *path);
const char *removed_name(const char *path);
const char *moved(const char *old, const char *new);

/* Runs a test once for each element of ARRAY. */
#define COUNT(array) ((int) (sizeof array / sizeof *array))
#define EACH(test, array) tcase_add_loop_test(tests, test, 0, COUNT(array))

/* Fails the test unless just that was flushed between judge_begin and
 * judge_end. */
#define ck_flushed(expected) ck_assert_str_eq(judged(), expected)

/* Makes CALL between judge_begin and judge_end; fails the test unless it succeeds and leaves
 * errno alone. */
#define JUDGED(call)                                            \
  do {                                                          \
    judge_begin();                                              \
    errno = 77;                                                 \
    long result = (call);                                       \
    judge_end();                                                \
    ck_assert_msg(result != -1, #call ": %s", strerror(errno)); \
    ck_assert_int_eq(errno, 77);                                \
  } while (0)

/* Fails the test unless CALL fails with ERROR after just that was flushed. */
#define ck_fails(call, error, flushed)     \
  do {                                     \
    judge_begin();                         \
    long result_ = (call), errno_ = errno; \
    judge_end();                           \
    ck_assert_int_eq(result_, -1);         \
    ck_assert_int_eq(errno_, error);       \
    ck_flushed(flushed);                   \
  } while (0)

int open_descriptors(void);

/* A case whose tests run each in an empty folder of its own, as the current
 * directory. */
TCase *new_case(const char *name);

/* The library's open of PATH, with the mode 0640, and what it flushes. */
int open_judged(const char *path, int flags);

TCase *calls_case(void);
TCase *opened_case(void);
void add_followed(TCase *tests);
void add_streams(TCase *tests);
TCase *renamed_case(void);
TCase *paths_case(void);
TCase *refused_case(void);
TCase *replaced_case(void);
TCase *bytes_case(void);
TCase *types_case(void);
TCase *process_case(void);
TCase *errors_case(void);

#endif
