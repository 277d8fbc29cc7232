/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In which language a change was written, so that the report can say how to mend it there. */
#include <string.h>

#include "language.h"

static const struct language c = {
  .name = "C or C++ program",
  .file = "in C, for a FILE: fflush(f); fsync(fileno(f))",
  .mapping = "in C: msync(address, length, MS_SYNC)",
  .directory = { "in C: int d = open(\"", "\", O_RDONLY | O_DIRECTORY); fsync(d); close(d)" },
};
static const struct language shell = {
  .name = "shell script",
  .interpreted = true,
  .file = "in a script, after this command: sync ",
  .file_before = "in a script, before this command: sync ",
  .path_follows = true,
  .directory = { "in a script, after this command: sync ", "" },
};
static const struct language python = {
  .name = "Python script",
  .interpreted = true,
  .file = "in Python: f.flush(); os.fsync(f.fileno())",
  .mapping = "in Python: m.flush()",
  .directory = { "in Python: d = os.open(\"", "\", os.O_RDONLY); os.fsync(d); os.close(d)" },
};
static const struct language perl = {
  .name = "Perl script",
  .interpreted = true,
  .file = "in Perl, with IO::Handle: $f->flush; $f->sync",
  .directory = { "in Perl, with IO::Handle: open my $d, \"<\", \"", "\"; $d->sync" },
};
static const struct language ruby = {
  .name = "Ruby script",
  .interpreted = true,
  .file = "in Ruby: f.fsync",
  .directory = { "in Ruby: File.open(\"", "\").fsync" },
};
static const struct language node = {
  .name = "JavaScript program",
  .interpreted = true,
  .file = "in Node.js: fs.fsyncSync(fd)",
  .directory = { "in Node.js: fs.fsyncSync(fs.openSync(\"", "\"))" },
};
static const struct language java = {
  .name = "Java program",
  .interpreted = true,
  .file = "in Java: channel.force(true)",
  .mapping = "in Java: buffer.force()",
  .directory = { "in Java: FileChannel.open(Path.of(\"", "\")).force(true)" },
};
static const struct language php = {
  .name = "PHP script",
  .interpreted = true,
  .file = "in PHP: fsync($f)",
  .directory = { "in PHP: exec(\"sync ", "\")" },
};
static const struct language tcl = {
  .name = "Tcl script",
  .interpreted = true,
  .file = "in Tcl: exec sync ",
  .path_follows = true,
  .directory = { "in Tcl: exec sync ", "" },
};
static const struct language go = {
  .name = "Go program",
  .file = "in Go: f.Sync() before f.Close(); os.WriteFile() does not do it",
  .directory = { "in Go: d, err := os.Open(\"", "\"); d.Sync()" },
};
static const struct language rust = {
  .name = "Rust program",
  .file = "in Rust: file.sync_all()?",
  .directory = { "in Rust: File::open(\"", "\")?.sync_all()?" },
};

/* By the beginning of the interpreter's name, or its library's. */
static const struct {
  const char *start;
  const struct language *language;
} interpreters[] = {
  { "python", &python }, { "libpython", &python }, { "perl", &perl },   { "libperl", &perl },
  { "ruby", &ruby },     { "libruby", &ruby },     { "node", &node },   { "libnode", &node },
  { "libuv.", &node },   { "java", &java },        { "libjvm", &java }, { "libjava", &java },
  { "libnio", &java },   { "libjli", &java },      { "php", &php },     { "libphp", &php },
  { "tclsh", &tcl },     { "libtcl", &tcl },       { "dash", &shell },  { "bash", &shell },
  { "busybox", &shell }, { "zsh", &shell },        { "ksh", &shell },   { "mksh", &shell },
};

static const struct language *interpreted_by(const char *object)
{
  const char *slash = object ? strrchr(object, '/') : NULL;
  const char *name = slash ? slash + 1 : object;

  /* The parts of Python that are loaded when they are wanted. */
  if (object && strstr(object, "/lib-dynload/"))
    return &python;
  for (size_t i = 0; name && i < sizeof interpreters / sizeof *interpreters; i++)
    if (strncmp(name, interpreters[i].start, strlen(interpreters[i].start)) == 0)
      return interpreters[i].language;
  return NULL;
}

/* By the ending of the source's name; NULL if it is of another language. */
static const struct language *written_in(const char *source)
{
  static const struct {
    const char *ending;
    const struct language *language;
  } sources[] = {
    { ".go", &go }, { ".rs", &rust }, { ".c", &c },   { ".h", &c },
    { ".cc", &c },  { ".cpp", &c },   { ".cxx", &c }, { ".C", &c },
  };
  const char *dot = strrchr(source, '.');

  for (size_t i = 0; dot && i < sizeof sources / sizeof *sources; i++)
    if (strcmp(dot, sources[i].ending) == 0)
      return sources[i].language;
  return NULL;
}

/* Names that no other language has, where the source is not known. */
static bool is_named_in_go(const char *function)
{
  return strstr(function, ".(*") || strchr(function, '/') || strcmp(function, "main.main") == 0;
}

const struct language *language_of(const struct stack *stack)
{
  for (size_t i = 0; i < stack->count; i++) {
    const struct frame *frame = &stack->frames[i];
    const struct language *language = interpreted_by(frame->object);

    if (language)
      return language;
    if (frame->file)
      return written_in(frame->file);
    if (frame->function && is_named_in_go(frame->function))
      return &go;
  }
  /* Programs of no known source are run by scripts, and those cannot call fsync. */
  return &shell;
}

const struct language *language_to_mend(const struct stack *stack)
{
  const struct language *language = language_of(stack);

  for (size_t i = 0; language && language->interpreted && i < stack->count; i++) {
    if (is_of_interpreter(&stack->frames[i]))
      return language;
    if (stack->frames[i].function && stack->frames[i].object && is_interpreted(stack))
      return NULL;
  }
  return language;
}

bool is_interpreted(const struct stack *stack)
{
  for (size_t i = 0; i < stack->count; i++)
    if (is_of_interpreter(&stack->frames[i]))
      return true;
  return false;
}

bool is_of_interpreter(const struct frame *frame)
{
  return interpreted_by(frame->object) != NULL;
}
