/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a function goes on after an exception: its table for the unwinder.  LSB Core, 10.6, and
 * the Itanium C++ ABI, "Exception Handling Tables". */
#include <stdlib.h>

#include "landings.h"

/* Pointer encodings of DWARF: the format, and what it is relative to. */
enum {
  ULEB128 = 0x01,
  UDATA2,
  UDATA4,
  UDATA8,
  SDATA4 = 0x0b,
  SDATA8,
  FORMAT = 0x0f,
  PCREL = 0x10,
  RELATIVE = 0x70,
  OMITTED = 0xff
};

struct reader {
  const unsigned char *bytes;
  size_t size;
  uint64_t address;
  bool failed; /* its end was passed, or something is not known */
};

static uint64_t read_bytes(struct reader *reader, size_t count)
{
  uint64_t value = 0;

  if (reader->failed || count > reader->size) {
    reader->failed = true;
    return 0;
  }
  for (size_t i = 0; i < count; i++)
    value |= (uint64_t) reader->bytes[i] << (8 * i);
  reader->bytes += count;
  reader->size -= count;
  reader->address += count;
  return value;
}

/* Also for SLEB128, of which only the length matters. */
static uint64_t read_leb128(struct reader *reader)
{
  uint64_t value = 0, byte = 0x80;

  for (int shift = 0; (byte & 0x80) && !reader->failed; shift += 7) {
    byte = read_bytes(reader, 1);
    if (shift < 63)
      value |= (byte & 0x7f) << shift;
  }
  return value;
}

static uint64_t read_encoded(struct reader *reader, unsigned encoding)
{
  uint64_t from = reader->address, value = 0;

  switch (encoding & FORMAT) {
    case ULEB128: value = read_leb128(reader); break;
    case UDATA2: value = read_bytes(reader, 2); break;
    case UDATA4: value = read_bytes(reader, 4); break;
    case SDATA4: value = (uint64_t) (int64_t) (int32_t) read_bytes(reader, 4); break;
    case 0:
    case UDATA8:
    case SDATA8: value = read_bytes(reader, 8); break;
    default: reader->failed = true;
  }
  if ((encoding & RELATIVE) == PCREL && value)
    value += from;
  else if (encoding & RELATIVE)
    reader->failed = true;
  return value;
}

static struct reader reader_at(Elf *elf, uint64_t address)
{
  struct reader reader = { .address = address };

  reader.bytes = loaded_at(elf, address, &reader.size);
  reader.failed = !reader.bytes;
  return reader;
}

/* Reads the common part of frame descriptions (CIE) at ADDRESS: whether they have an
 * augmentation, and how the address of the table is encoded in it. */
static bool read_common(Elf *elf, uint64_t address, bool *augmented, unsigned *encoding)
{
  struct reader reader = reader_at(elf, address);
  char letters[8] = "";

  *encoding = OMITTED;
  read_bytes(&reader, 8);
  if (read_bytes(&reader, 1) != 1)
    return false;
  for (size_t i = 0; i < sizeof letters; i++)
    if (!(letters[i] = (char) read_bytes(&reader, 1)))
      break;
  if (reader.failed || letters[sizeof letters - 1])
    return false;
  *augmented = *letters == 'z';
  if (!*letters)
    return true;
  read_leb128(&reader);
  read_leb128(&reader);
  read_bytes(&reader, 1);
  read_leb128(&reader);
  for (const char *letter = letters + 1; *augmented && *letter; letter++)
    switch (*letter) {
      case 'L': *encoding = (unsigned) read_bytes(&reader, 1); break;
      /* Through a pointer, whose value is no matter. */
      case 'P': read_encoded(&reader, (unsigned) read_bytes(&reader, 1) & 0x7f); break;
      case 'R': read_bytes(&reader, 1); break;
      case 'S':
      case 'B': break;
      default: return false;
    }
  return *augmented && !reader.failed;
}

static bool add_landing(struct landings *landings, const struct landing *landing)
{
  if (landings->count == landings->room) {
    size_t room = 2 * landings->room + 16;
    struct landing *grown = reallocarray(landings->list, room, sizeof *grown);

    if (!grown)
      return false;
    landings->list = grown;
    landings->room = room;
  }
  landings->list[landings->count++] = *landing;
  return true;
}

/* The table at ADDRESS. */
static bool read_table(Elf *elf, const struct code *function, uint64_t address,
                       struct landings *landings)
{
  struct reader reader = reader_at(elf, address);
  unsigned encoding;
  uint64_t end;

  if (read_bytes(&reader, 1) != OMITTED)
    return false;
  if (read_bytes(&reader, 1) != OMITTED)
    read_leb128(&reader);
  encoding = (unsigned) read_bytes(&reader, 1);
  end = read_leb128(&reader);
  end += reader.address;
  while (!reader.failed && reader.address < end) {
    struct landing landing;
    uint64_t pad;

    landing.begin = function->address + read_encoded(&reader, encoding);
    landing.end = landing.begin + read_encoded(&reader, encoding);
    pad = read_encoded(&reader, encoding);
    landing.pad = function->address + pad;
    read_leb128(&reader);
    if (pad && !add_landing(landings, &landing))
      return false;
  }
  return !reader.failed;
}

bool find_landings(Elf *elf, const struct code *function, struct landings *landings)
{
  struct reader reader = reader_at(elf, function->frame);
  unsigned encoding;
  bool augmented;
  uint64_t common, table;

  read_bytes(&reader, 4);
  common = reader.address;
  common -= read_bytes(&reader, 4);
  /* Where the function begins, and its length: find_function() knows their encoding. */
  read_bytes(&reader, 8);
  if (reader.failed || !read_common(elf, common, &augmented, &encoding))
    return false;
  if (!augmented || encoding == OMITTED)
    return true;
  read_leb128(&reader);
  table = read_encoded(&reader, encoding);
  return !reader.failed && (!table || read_table(elf, function, table, landings));
}
