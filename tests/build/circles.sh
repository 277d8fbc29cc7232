# SPDX-License-Identifier: GPL-2.0-or-later
# No circle between files: of two that need each other one stands above, and calls go down.
# A file is a .c and the .h of the same name.
shared=no
. "${srcdir:-.}/tests/tap.sh"

# includes TREE: FROM TO, for each #include of a file of the tree by another one.
includes() {
  (cd "$1" && find lib src -type f -name '*.[ch]' | LC_ALL=C sort | xargs awk '
    function unit(file) { sub(/\.[ch]$/, "", file); return file }
    # What is not beside the file is looked for where the compiler does.
    function found(file, name,   beside, i) {
      beside = file
      sub(/[^\/]*$/, "", beside)
      if ((beside name) in is_file)
        return beside name
      for (i = 1; i in folders; i++)
        if ((folders[i] name) in is_file)
          return folders[i] name
      return ""
    }
    BEGIN {
      split("lib/ src/", folders, " ")
      for (i = 1; i < ARGC; i++)
        is_file[ARGV[i]]
    }
    /^ *# *include *"/ {
      name = $0
      gsub(/^[^"]*"|"[^"]*$/, "", name)
      to = found(FILENAME, name)
      if (to == "" && name != "config.h")
        print FILENAME ": includes " name ", which is not there" >"/dev/stderr"
      if (to != "" && unit(to) != unit(FILENAME))
        print unit(FILENAME), unit(to)
    }')
}

# calls ARCHIVE: FROM TO, for each object of it that uses a name which another one defines.
calls() {
  nm -A -P -g "$1" | sed 's/^[^[]*\[[^]]*-\([^]]*\)\.o\]: /\1 /' | awk '
    $3 ~ /^[Uvw]$/ { user[++n] = $1; used[n] = $2; next }
    { home[$2] = $1 }
    END {
      for (i = 1; i <= n; i++)
        if (used[i] in home && home[used[i]] != user[i])
          print user[i], home[used[i]]
    }'
}

# circle: a sentence about one in the FROM TO that it reads, or nothing.
circle() {
  awk '
    { needs[$1] = needs[$1] " " $2; file[$1]; file[$2] }
    # Those that need none of the files that are left stand below all: they go.
    function drop_lowest(   each, i, count, wanted, dropped) {
      for (each in file) {
        count = split(needs[each], wanted, " ")
        for (i = 1; i <= count && !(wanted[i] in file); i++);
        if (i > count) {
          delete file[each]
          dropped = 1
        }
      }
      return dropped
    }
    function next_of(each,   i, count, wanted) {
      count = split(needs[each], wanted, " ")
      for (i = 1; !(wanted[i] in file); i++);
      return wanted[i]
    }
    END {
      while (drop_lowest());
      for (at in file)
        break
      if (at == "")
        exit
      # Each that is left needs one that is left: this leads into a circle.
      for (; !(at in seen); at = next_of(at))
        seen[at]
      sentence = first = at
      do {
        at = next_of(at)
        sentence = sentence " needs " at
      } while (at != first)
      print "a circle: " sentence
    }'
}

includes "$top_srcdir" >"$work/includes" 2>"$work/missing"
same every_include_is_found '' "$(cat "$work/missing")"
check there_are_many [ "$(wc -l <"$work/includes")" -gt 500 ]
same no_circle_of_includes '' "$(circle <"$work/includes")"
# The library has headers that several files share.
calls "$archive" >"$work/calls"
check there_are_many_calls [ "$(wc -l <"$work/calls")" -gt 100 ]
same no_circle_of_calls_in_the_library '' "$(circle <"$work/calls")"

# The same in a tree with a circle of three that goes by a header and by another folder, and
# has one above it.
mkdir -p "$work/tree/lib/core" "$work/tree/src/qfsck"
cd "$work/tree" || exit 99
echo '#include "core/low.h"' >lib/core/middle.h
echo '#include "low.h"' >lib/core/low.c
echo '#include "high.h"' >lib/core/low.h
echo '#  include "core/middle.h"' >lib/core/high.c
: >lib/core/high.h
echo '#include "core/middle.h"' >src/qfsck/main.c
includes . >"$work/planted"
names_it() { circle <"$work/planted" | grep -E "^a circle: lib/core/([a-z]*) needs .* needs lib/core/\1\$"; }
check a_circle_is_named names_it
names_it >"$work/named"
same and_all_that_are_in_it 3 "$(grep -o needs "$work/named" | wc -l)"
same and_nothing_else '' "$(grep main "$work/named")"

finish
