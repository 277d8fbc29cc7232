/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands share, as TAP: no text of others breaks a line or a terminal. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/patience.h"
#include "../common/suite.h"
#include "common/escape.h"
#include "common/json.h"
#include "common/message.h"
#include "common/options.h"

const char program_name[] = "program";

static const struct {
  const char *text, *escaped;
} names[] = {
  { "", "" },
  { "plain name, with spaces", "plain name, with spaces" },
  { "J\303\274rgen \342\202\254 \360\237\230\200", "J\303\274rgen \342\202\254 \360\237\230\200" },
  { "two\nlines\r\t", "two\\012lines\\015\\011" },
  { "\033[2Jgone\177", "\\033[2Jgone\\177" },
  { "back\\slash", "back\\134slash" },
  { "\302\233 is CSI", "\\302\\233 is CSI" }, /* C1, in UTF-8 */
  { "\233 is CSI", "\\233 is CSI" },          /* and in Latin-1 */
  { "latin-1 \374", "latin-1 \\374" },
  { "\342\200\256turned", "\\342\\200\\256turned" }, /* U+202E */
  { "\342\200\250line", "\\342\\200\\250line" },     /* U+2028 */
  { "\300\212 overlong", "\\300\\212 overlong" },
  { "\340\200\212 overlong", "\\340\\200\\212 overlong" },
  { "\355\240\200 surrogate", "\\355\\240\\200 surrogate" },
  { "\364\220\200\200 beyond", "\\364\\220\\200\\200 beyond" },
  { "cut \342\202", "cut \\342\\202" },
  { "\303", "\\303" },
};

START_TEST(a_name_is_escaped_as_the_trace_does)
{
  char *escaped = escape(names[_i].text);

  ck_assert_str_eq(escaped, names[_i].escaped);
  free(escaped);
}
END_TEST

START_TEST(every_byte_alone_is_one_line)
{
  for (int byte = 1; byte < 256; byte++) {
    char text[] = { (char) byte, '\0' }, *escaped = escape(text);

    for (const char *at = escaped; *at; at++)
      ck_assert_msg(*at >= ' ' && *at < 0x7f, "byte %d", byte);
    free(escaped);
  }
}
END_TEST

START_TEST(a_string_of_json_has_no_raw_quotes)
{
  char *text;
  size_t size;
  FILE *file = open_memstream(&text, &size);

  print_json_string(file, "a \"name\"\n\\ \303\274");
  fclose(file);
  ck_assert_str_eq(text, "\"a \\\"name\\\"\\\\012\\\\134 \303\274\"");
  free(text);
}
END_TEST

/* Runs the options of ARGUMENTS in a child; what it says, and returns its status. */
static int read_by_child(char **arguments, char *said, size_t size)
{
  static const struct option names_of[] = {
    { "check", no_argument, NULL, 256 },
    { "file", required_argument, NULL, 'f' },
    { "filter", no_argument, NULL, 257 },
    { NULL, 0, NULL, 0 },
  };
  int ends[2], status, count = 0;
  ssize_t length;
  pid_t pid;

  while (arguments[count])
    count++;
  ck_assert_int_eq(pipe(ends), 0);
  fflush(NULL);
  pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDERR_FILENO);
    while (next_option(count, arguments, "+:o:s", names_of, 125) != -1)
      ;
    _exit(0);
  }
  close(ends[1]);
  length = read(ends[0], said, size - 1);
  said[length > 0 ? length : 0] = '\0';
  close(ends[0]);
  waitpid(pid, &status, 0);
  said[strcspn(said, "\n")] = '\0';
  return WEXITSTATUS(status);
}

static const struct {
  const char *words[3], *said;
} lines[] = {
  { { "-s" }, "" },
  { { "-o", "x" }, "" },
  { { "--file=x", "--check" }, "" },
  { { "-x" }, "program: -x: no such option" },
  { { "-sx" }, "program: -x: no such option" },
  { { "--check", "-sx" }, "program: -x: no such option" },
  { { "-s", "-o" }, "program: -o: its argument is missing" },
  { { "--nonesuch" }, "program: --nonesuch: no such option, or short for several" },
  { { "--nonesuch=x" }, "program: --nonesuch: no such option, or short for several" },
  { { "--fil" }, "program: --fil: no such option, or short for several" },
  { { "--check=x" }, "program: --check: takes no argument" },
  { { "--file" }, "program: --file: its argument is missing" },
  { { "--a\nb" }, "program: --a\\012b: no such option, or short for several" },
};

START_TEST(a_wrong_option_is_named_in_one_line)
{
  char program[] = "/usr/bin/other-name", said[1024];
  char *arguments[] = { program, (char *) lines[_i].words[0], (char *) lines[_i].words[1], NULL };
  int status = read_by_child(arguments, said, sizeof said);

  ck_assert_str_eq(said, lines[_i].said);
  ck_assert_int_eq(status, *lines[_i].said ? 125 : 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("unit");
  TCase *tests = tcase_create("common");

  suite_add_tcase(suite, tests);
  tcase_set_timeout(tests, PATIENCE);
  tcase_add_loop_test(tests, a_name_is_escaped_as_the_trace_does, 0, sizeof names / sizeof *names);
  tcase_add_test(tests, every_byte_alone_is_one_line);
  tcase_add_test(tests, a_string_of_json_has_no_raw_quotes);
  tcase_add_loop_test(tests, a_wrong_option_is_named_in_one_line, 0, sizeof lines / sizeof *lines);
  return run_suite(suite);
}
