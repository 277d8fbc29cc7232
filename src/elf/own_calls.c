/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that a program or library makes by itself.
 *
 * Two ways lead past the C library's functions: an instruction that enters the
 * kernel, and syscall(3).  Both are harmless with a number like futex's, and most are
 * such, so each function that has one is followed, and the constant looked for that is in
 * the register then.  Whatever is not so plain is unknown.
 *
 * The two bytes of the instruction stand by chance in one program of three (of 1118,
 * 362; 267 of those had no such instruction), so each function is decoded from its
 * start, which .eh_frame_hdr names. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "elf_file.h"
#include "flow.h"
#include "machine_code.h"
#include "own_calls.h"

/* The calls that can make, move or remove a name, or have the kernel do it (io_uring). */
/* clang-format off */
static const struct { int number; const char *name; } changing[] = {
#define CALL(name) { SYS_##name, #name },
#ifdef SYS_open
  CALL(open) CALL(creat) CALL(link) CALL(symlink) CALL(rename) CALL(unlink) CALL(rmdir)
  CALL(mkdir) CALL(mknod)
#endif
#ifdef SYS_renameat
  CALL(renameat)
#endif
#ifdef SYS_openat2
  CALL(openat2)
#endif
  CALL(openat) CALL(linkat) CALL(symlinkat) CALL(renameat2) CALL(unlinkat) CALL(mkdirat)
  CALL(mknodat)
#ifdef SYS_io_uring_setup
  CALL(io_uring_setup) CALL(io_uring_enter)
#endif
#undef CALL
  /* clang-format on */
};

/* The newest call that was examined, file_setattr() of Linux 6.17.  Later ones may change a
 * name. */
enum { NEWEST = 469 };

/* Of x32: the same calls, with one bit more. */
static void add_number(struct own_calls *calls, int32_t number)
{
  number &= ~0x40000000;
  calls->unknown |= number < 0 || number > NEWEST;
  for (size_t i = 0; i < sizeof changing / sizeof *changing; i++) {
    size_t used = strlen(calls->names);

    if (number == changing[i].number && !strstr(calls->names, changing[i].name))
      snprintf(calls->names + used, sizeof calls->names - used, "%s%s", used ? " " : "",
               changing[i].name);
  }
}

static void note_use(void *data, const struct use *use)
{
  struct own_calls *calls = data;

  calls->by_instruction |= use->by_instruction;
  calls->by_function |= !use->by_instruction;
  if (use->known)
    add_number(calls, use->number);
  else
    calls->unknown = true;
}

static void note_unknown(struct own_calls *calls, bool by_instruction)
{
  const struct use use = { .by_instruction = by_instruction };

  note_use(calls, &use);
}

/* The bytes of syscall, sysenter and int $0x80. */
static bool may_enter_kernel(const unsigned char *bytes)
{
  return (bytes[0] == 0x0f && (bytes[1] == 0x05 || bytes[1] == 0x34))
      || (bytes[0] == 0xcd && bytes[1] == 0x80);
}

static bool is_syscall(const unsigned char *bytes)
{
  return bytes[1] == 0x05;
}

/* Whether one of the instructions before PLACE may set %eax to a number of i386. */
static bool sets_number_before(const struct code *code, uint64_t place)
{
  size_t at = place - code->address, begin = at < 24 ? 0 : at - 24;

  for (size_t i = begin; i + 2 <= at; i++) {
    const unsigned char *bytes = code->bytes + i;

    if ((bytes[0] == 0xb8 && i + 5 <= at && bytes[2] < 2 && !bytes[3] && !bytes[4])
        || (bytes[0] == 0x89 && (bytes[1] & 0xc7) == 0xc0) || bytes[0] == 0x8b)
      return true;
  }
  return false;
}

static const char without_decoder[] = "the disassembler libcapstone, which is needed to tell "
                                      "its instructions, cannot be loaded";
static const char without_memory[] = "there is no memory for it";

/* A place where there may be an instruction that enters the kernel or refers to
 * syscall(3). */
struct place {
  uint64_t address;
  bool refers;
  const struct code *code; /* that it lies in */
  struct code function;    /* no bytes: it lies in none that is known */
};

struct places {
  Elf *elf;
  const struct targets *targets;
  struct place *list;
  size_t count, room;
  const char *wrong;
};

static void add_place(struct places *places, const struct code *code, uint64_t address, bool refers)
{
  struct place place = { .address = address, .refers = refers, .code = code };

  if (places->count == places->room) {
    size_t room = 2 * places->room + 64;
    struct place *grown = reallocarray(places->list, room, sizeof *grown);

    if (!grown) {
      places->wrong = without_memory;
      return;
    }
    places->list = grown;
    places->room = room;
  }
  if (!find_function(places->elf, address, &place.function))
    place.function = (struct code) { 0 };
  places->list[places->count++] = place;
}

/* Distances count from the end of their four bytes. */
static bool may_refer(const struct targets *targets, const struct code *code, size_t i)
{
  uint32_t word = (uint32_t) word_at(code->bytes + i);

  return is_target(targets, code->address + i + 4 + (uint64_t) (int32_t) word)
      || (targets->fixed && is_target(targets, word));
}

static void find_places(struct places *places, const struct code *code)
{
  for (size_t i = 0; !places->wrong && i + 1 < code->size; i++) {
    bool refers = places->targets->count > 0 && i + 4 <= code->size
               && may_refer(places->targets, code, i);

    bool by_slot = refers
                && is_slot(places->targets,
                           code->address + i + 4 + (uint64_t) (int64_t) word_at(code->bytes + i));

    if ((refers || may_enter_kernel(code->bytes + i))
        && may_call(places->elf, code->address + i, by_slot ? code->bytes + i : NULL, i))
      add_place(places, code, code->address + i, refers);
  }
}

/* Outside of all functions (hand-written assembly, a compiler of another language), and in a
 * function that cannot be followed, it is not known where instructions begin: whatever may be
 * one counts as one. */
static void judge_alone(const struct place *place, struct own_calls *calls)
{
  const unsigned char *bytes = place->code->bytes + (place->address - place->code->address);

  if (place->refers
      || (goes_on_from(place->code, place->address)
          && (is_syscall(bytes) || sets_number_before(place->code, place->address))))
    note_unknown(calls, !place->refers);
}

static int compare(const void *one, const void *other)
{
  const struct place *first = one, *second = other;
  uint64_t begin = first->function.address, end = second->function.address;

  return (begin > end) - (begin < end);
}

/* Collects the functions of PLACES, which are sorted by function, each once. */
static bool collect_functions(const struct places *places, struct entries *entries)
{
  memset(entries, 0, sizeof *entries);
  entries->functions = calloc(places->count, sizeof *entries->functions);
  for (size_t i = 0; entries->functions && i < places->count; i++)
    if (places->list[i].function.bytes
        && (i == 0 || places->list[i - 1].function.address != places->list[i].function.address))
      entries->functions[entries->function_count++] = places->list[i].function;
  return entries->functions != NULL;
}

/* Stops at the first unknown call: a file may have hundreds of places. */
static const char *judge_places(struct places *places, struct own_calls *calls)
{
  struct entries entries;
  bool followed = false;

  qsort(places->list, places->count, sizeof *places->list, compare);
  if (!collect_functions(places, &entries))
    return without_memory;
  find_entries(places->elf, &entries);
  for (size_t i = 0; !calls->unknown && i < places->count; i++) {
    const struct place *place = &places->list[i];

    if (place->function.bytes && (i == 0 || place[-1].function.address != place->function.address))
      followed = follow_function(places->elf, &place->function, places->targets, &entries, note_use,
                                 calls);
    if (!place->function.bytes || !followed)
      judge_alone(place, calls);
  }
  free(entries.into.list);
  free(entries.tables.list);
  free(entries.functions);
  return NULL;
}

/* Looks in each executable segment. */
static const char *look_at_code(struct places *places, struct own_calls *calls)
{
  size_t count;
  GElf_Phdr segment;
  struct code *codes;

  elf_getphdrnum(places->elf, &count);
  codes = calloc(count + 1, sizeof *codes);
  if (!codes)
    return without_memory;
  for (size_t i = 0; !places->wrong && i < count && gelf_getphdr(places->elf, i, &segment); i++) {
    struct code *code = &codes[i];

    if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X))
      continue;
    *code = (struct code) { NULL, segment.p_filesz, segment.p_vaddr, 0 };
    code->bytes = (const unsigned char *) bytes_of(places->elf, segment.p_offset, code->size);
    if (code->bytes)
      find_places(places, code);
    else
      places->wrong = "it is not a complete ELF file";
  }
  if (!places->wrong && places->count > 0)
    places->wrong = load_decoder() ? judge_places(places, calls) : without_decoder;
  free(codes);
  free(places->list);
  return places->wrong;
}

static const char *look_at_file(Elf *elf, struct own_calls *calls)
{
  struct targets targets;
  struct places places = { .elf = elf, .targets = &targets };
  GElf_Ehdr header;

  if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
    return "it is not a complete ELF file";
  if (header.e_machine != EM_X86_64 || header.e_ident[EI_CLASS] != ELFCLASS64)
    return "only the machine code of x86_64 can be examined";
  if (!find_targets(elf, &targets) || targets.more)
    note_unknown(calls, false);
  return look_at_code(&places, calls);
}

const char *find_own_calls(const char *path, struct own_calls *calls)
{
  const char *wrong;
  int fd;
  Elf *elf = open_elf(path, &fd);

  memset(calls, 0, sizeof *calls);
  if (!elf)
    return errno ? strerror(errno) : "it is not an ELF file";
  wrong = look_at_file(elf, calls);
  close_elf(elf, fd);
  return wrong;
}
