/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in its program a stopped thread is: the calls that have led there, by libdw. */
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "demangle.h"
#include "memory.h"
#include "stack.h"
#include "tracee.h"

/* What libdw knows of one process. */
struct reader {
  pid_t process;
  Dwfl *dwfl;
  void *spots;
};

/* The frames that an address stands for: none, if they are of no interest, or several, if
 * functions were inlined there.  To ask libdw takes long where there are many symbols. */
struct spot {
  Dwarf_Addr address;
  size_t count;
  struct frame frames[];
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

static int compare_spots(const void *left, const void *right)
{
  const struct spot *a = left, *b = right;

  return (a->address > b->address) - (a->address < b->address);
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
  tdestroy(reader->spots, free);
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

/* Where the standard libraries of other languages end and the program begins: by function,
 * or by the folder of the source where that was inlined. */
static bool is_standard(const struct frame *frame)
{
  static const char *const starts[] = {
    "syscall.", "internal/", "runtime.",  "runtime/", "os.",   "io.",            /* Go */
    "_ZN3std",  "_ZN4core",  "_ZN5alloc", "__rust",   "_ZNSt", "_ZNKSt", "_ZSt", /* Rust, C++ */
  };
  static const char *const folders[] = { "/rustc/", "library/std/", "library/core/",
                                         "/include/c++/" };

  for (size_t i = 0; frame->function && i < sizeof starts / sizeof *starts; i++)
    if (strncmp(frame->function, starts[i], strlen(starts[i])) == 0)
      return true;
  /* Of a stripped program it may be the only one that has a name. */
  if (frame->function && strcmp(frame->function, "_start") == 0)
    return true;
  /* Rust's newer names begin with their kind, and have the crate's inside. */
  if (frame->function && strncmp(frame->function, "_R", 2) == 0
      && (strstr(frame->function, "_3std") || strstr(frame->function, "_4core")))
    return true;
  for (size_t i = 0; frame->file && i < sizeof folders / sizeof *folders; i++)
    if (strstr(frame->file, folders[i]))
      return true;
  return false;
}

/* The compilation unit of ADDRESS.  gcc writes a table by address; clang, Go and Rust do
 * not, or of parts, for which the table then has a wrong answer: so the units are asked. */
static Dwarf_Die *find_unit(Dwfl_Module *module, Dwarf_Addr address, Dwarf_Addr *bias)
{
  Dwarf_Die *unit = dwfl_module_addrdie(module, address, bias);

  if (unit && dwarf_haspc(unit, address - *bias) > 0)
    return unit;
  unit = NULL;
  while ((unit = dwfl_module_nextcu(module, unit, bias)))
    if (dwarf_haspc(unit, address - *bias) > 0)
      return unit;
  return NULL;
}

/* The function at an address, as the report shows it. */
static const char *keep_function(const char *symbol)
{
  char *plain = symbol ? demangle(symbol) : NULL;
  const char *kept = keep(plain ? plain : symbol);

  free(plain);
  return kept;
}

struct walk {
  struct reader *reader;
  pid_t thread;
  struct stack *stack;
  bool unknown; /* an address of no module: something was loaded since */
};

/* FRAME is the next one, unless it is of no interest to who reads the report. */
static void keep_frame(struct walk *walk, const struct frame *frame)
{
  struct frame *next = &walk->stack->frames[walk->stack->count];

  if (walk->stack->count == MOST_FRAMES || is_standard(frame))
    return;
  next->object = keep(frame->object);
  next->function = keep_function(frame->function);
  next->file = keep(frame->file);
  next->line = frame->line;
  walk->stack->count++;
}

/* What may hold functions, and has no addresses of its own.  dwarf_getscopes(3) does not
 * look there; Rust's functions are in namespaces. */
static bool holds_functions(Dwarf_Die *die)
{
  switch (dwarf_tag(die)) {
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_union_type: return true;
    default: return false;
  }
}

/* The innermost function or block below DIE that ADDRESS lies in. */
static bool find_innermost(Dwarf_Die *die, Dwarf_Addr address, Dwarf_Die *innermost)
{
  Dwarf_Die child, below;

  if (dwarf_child(die, &child) != 0)
    return false;
  do {
    if (dwarf_haspc(&child, address) > 0) {
      *innermost = find_innermost(&child, address, &below) ? below : child;
      return true;
    }
    if (holds_functions(&child) && find_innermost(&child, address, innermost))
      return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

/* The scopes around ADDRESS in UNIT, the innermost first. */
static int find_scopes(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **scopes)
{
  Dwarf_Die innermost;
  int count = 0;

  if (find_innermost(unit, address, &innermost))
    count = dwarf_getscopes_die(&innermost, scopes);
  return count > 0 ? count : 0;
}

/* From inside of an inlined function to the line that calls it. */
static void go_to_caller(Dwarf_Die *inlined, Dwarf_Files *files, struct frame *frame)
{
  Dwarf_Attribute attribute;
  Dwarf_Word file = 0, line = 0;

  dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file);
  dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line);
  frame->file = files ? dwarf_filesrc(files, file, NULL, NULL) : NULL;
  frame->line = (int) line;
}

/* Adds the function at ADDRESS as its source calls it, and those that are inlined there.
 * FRAME has what is known without debugging information. */
static void add_source(Dwfl_Module *module, Dwarf_Addr address, struct frame *frame,
                       struct walk *walk)
{
  Dwarf_Addr bias = 0;
  Dwarf_Die *unit = find_unit(module, address, &bias), *scopes = NULL;
  Dwarf_Line *line = unit ? dwarf_getsrc_die(unit, address - bias) : NULL;
  Dwarf_Files *files = NULL;
  const char *symbol = frame->function, *name;
  int count = 0;

  if (line) {
    dwarf_lineno(line, &frame->line);
    frame->file = dwarf_linesrc(line, NULL, NULL);
    dwarf_getsrcfiles(unit, &files, NULL);
    count = find_scopes(unit, address - bias, &scopes);
  }
  for (int i = 0; i < count; i++) {
    int tag = dwarf_tag(&scopes[i]);

    name = dwarf_diename(&scopes[i]);
    if (tag == DW_TAG_subprogram && name)
      symbol = name;
    if (tag != DW_TAG_inlined_subroutine)
      continue;
    frame->function = name;
    keep_frame(walk, frame);
    go_to_caller(&scopes[i], files, frame);
  }
  frame->function = symbol;
  keep_frame(walk, frame);
  free(scopes);
}

static void ask_libdw(struct walk *walk, Dwfl_Module *module, Dwarf_Addr address)
{
  struct frame frame = { 0 };

  dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, &frame.object, NULL);
  frame.function = dwfl_module_addrname(module, address);
  if (frame.object && !is_libc(frame.object) && !is_standard(&frame))
    add_source(module, address, &frame, walk);
}

/* Adds the frames of ADDRESS as they were found before.  False if they were not. */
static bool add_known(struct walk *walk, Dwarf_Addr address)
{
  const struct spot key = { .address = address };
  struct spot **found = tfind(&key, &walk->reader->spots, compare_spots);

  for (size_t i = 0; found && i < (*found)->count && walk->stack->count < MOST_FRAMES; i++)
    walk->stack->frames[walk->stack->count++] = (*found)->frames[i];
  return found != NULL;
}

/* ADDRESS stands for the frames from FIRST on. */
static void remember_spot(struct walk *walk, Dwarf_Addr address, size_t first)
{
  size_t count = walk->stack->count - first;
  struct spot *spot = allocate(sizeof *spot + count * sizeof *spot->frames);

  spot->address = address;
  spot->count = count;
  memcpy(spot->frames, walk->stack->frames + first, count * sizeof *spot->frames);
  remember(&walk->reader->spots, spot, compare_spots);
}

static int add_frame(Dwfl_Frame *state, void *argument)
{
  struct walk *walk = argument;
  size_t first = walk->stack->count;
  struct stat mapped;
  Dwarf_Addr address;
  Dwfl_Module *module;
  bool activation;

  if (!dwfl_frame_pc(state, &address, &activation))
    return DWARF_CB_ABORT;
  /* A return address is behind the call, perhaps on the next line. */
  if (!activation)
    address--;
  module = dwfl_addrmodule(walk->reader->dwfl, address);
  /* What no file is behind was made by the program as it ran, and has no names. */
  if (!module) {
    walk->unknown |= stat_mapping(walk->thread, address, &mapped);
  } else if (!add_known(walk, address)) {
    ask_libdw(walk, module, address);
    if (walk->stack->count < MOST_FRAMES)
      remember_spot(walk, address, first);
  }
  return walk->stack->count < MOST_FRAMES ? DWARF_CB_OK : DWARF_CB_ABORT;
}

static void walk_stack(pid_t process, struct walk *walk)
{
  memset(walk->stack, 0, sizeof *walk->stack);
  walk->unknown = false;
  walk->reader = find_reader(process);
  if (walk->reader->dwfl)
    dwfl_getthread_frames(walk->reader->dwfl, walk->thread, add_frame, walk);
}

const struct stack *read_stack(pid_t process, pid_t thread)
{
  struct stack stack, *copy, **found;
  struct walk walk = { .thread = thread, .stack = &stack };

  walk_stack(process, &walk);
  if (walk.unknown) {
    forget_stacks(process);
    walk_stack(process, &walk);
  }
  found = tfind(&stack, &stacks, compare_stacks);
  if (found)
    return *found;
  copy = allocate(sizeof *copy);
  *copy = stack;
  remember(&stacks, copy, compare_stacks);
  return copy;
}
