/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in its program a stopped thread is: the calls that have led there, by libdw. */
#include <elfutils/libdwfl.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "stack.h"

/* What libdw knows of one process. */
struct reader {
  pid_t process;
  Dwfl *dwfl;
};

static void *readers, *stacks, *strings;

static char *debuginfo_path;
static const Dwfl_Callbacks callbacks = {
  .find_elf = dwfl_linux_proc_find_elf,
  .find_debuginfo = dwfl_standard_find_debuginfo,
  .debuginfo_path = &debuginfo_path,
};

static int compare_readers(const void *left, const void *right)
{
  const struct reader *a = left, *b = right;

  return (a->process > b->process) - (a->process < b->process);
}

static int compare_strings(const void *left, const void *right)
{
  return strcmp(left, right);
}

/* One copy of each string, so that frames can be compared by their pointers. */
static const char *keep(const char *string)
{
  char **found, *copy;

  if (!string)
    return NULL;
  found = tfind(string, &strings, compare_strings);
  if (found)
    return *found;
  copy = copy_string(string);
  remember(&strings, copy, compare_strings);
  return copy;
}

static int compare_stacks(const void *left, const void *right)
{
  const struct stack *a = left, *b = right;

  if (a->count != b->count)
    return a->count < b->count ? -1 : 1;
  return memcmp(a->frames, b->frames, a->count * sizeof *a->frames);
}

static struct reader *find_reader(pid_t process)
{
  const struct reader key = { .process = process };
  struct reader *reader, **found = tfind(&key, &readers, compare_readers);

  if (found)
    return *found;
  reader = allocate(sizeof *reader);
  reader->process = process;
  reader->dwfl = dwfl_begin(&callbacks);
  if (reader->dwfl
      && (dwfl_linux_proc_report(reader->dwfl, process) != 0
          || dwfl_report_end(reader->dwfl, NULL, NULL) != 0
          || dwfl_linux_proc_attach(reader->dwfl, process, true) != 0)) {
    dwfl_end(reader->dwfl);
    reader->dwfl = NULL;
  }
  remember(&readers, reader, compare_readers);
  return reader;
}

void forget_stacks(pid_t process)
{
  const struct reader key = { .process = process };
  struct reader *reader, **found = tfind(&key, &readers, compare_readers);

  if (!found)
    return;
  reader = *found;
  tdelete(&key, &readers, compare_readers);
  if (reader->dwfl)
    dwfl_end(reader->dwfl);
  free(reader);
}

/* The C library's own functions say nothing of the program.  musl's is its loader, too. */
static bool is_libc(const char *object)
{
  static const char *const names[] = { "libc.so", "libc-", "libpthread", "ld-", "[vdso" };
  const char *slash = strrchr(object, '/'), *name = slash ? slash + 1 : object;

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strncmp(name, names[i], strlen(names[i])) == 0)
      return true;
  return false;
}

struct walk {
  Dwfl *dwfl;
  struct stack *stack;
  bool unknown;            /* an address of no module: something was loaded since */
};

static int add_frame(Dwfl_Frame *state, void *argument)
{
  struct walk *walk = argument;
  struct frame *frame = &walk->stack->frames[walk->stack->count];
  Dwarf_Addr address;
  Dwfl_Module *module;
  Dwfl_Line *line;
  const char *object = NULL;
  bool activation;

  if (!dwfl_frame_pc(state, &address, &activation))
    return DWARF_CB_ABORT;
  /* A return address is behind the call, perhaps on the next line. */
  if (!activation)
    address--;
  module = dwfl_addrmodule(walk->dwfl, address);
  if (!module) {
    walk->unknown = true;
    return DWARF_CB_OK;
  }
  dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, &object, NULL);
  if (!object || is_libc(object))
    return DWARF_CB_OK;
  frame->object = keep(object);
  frame->function = keep(dwfl_module_addrname(module, address));
  line = dwfl_module_getsrc(module, address);
  if (line)
    frame->file = keep(dwfl_lineinfo(line, NULL, &frame->line, NULL, NULL, NULL));
  return ++walk->stack->count < MOST_FRAMES ? DWARF_CB_OK : DWARF_CB_ABORT;
}

static void walk_stack(pid_t process, pid_t thread, struct walk *walk)
{
  memset(walk->stack, 0, sizeof *walk->stack);
  walk->unknown = false;
  walk->dwfl = find_reader(process)->dwfl;
  if (walk->dwfl)
    dwfl_getthread_frames(walk->dwfl, thread, add_frame, walk);
}

const struct stack *read_stack(pid_t process, pid_t thread)
{
  struct stack stack, *copy, **found;
  struct walk walk = { .stack = &stack };

  walk_stack(process, thread, &walk);
  if (walk.unknown) {
    forget_stacks(process);
    walk_stack(process, thread, &walk);
  }
  found = tfind(&stack, &stacks, compare_stacks);
  if (found)
    return *found;
  copy = allocate(sizeof *copy);
  *copy = stack;
  remember(&stacks, copy, compare_stacks);
  return copy;
}
