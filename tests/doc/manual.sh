# SPDX-License-Identifier: GPL-2.0-or-later
# The manual says what the code does: every name, system call, variable, errno
# and filesystem that stands in the code stands in the section where a reader
# looks for it.
. "${srcdir:-.}/tests/tap.sh"

manual=$top_srcdir/doc/libsyncdir.3
lib=$top_srcdir/lib

# part MACRO TITLE: the lines of the manual from there to the next of its kind.
part() {
  awk -v macro="$1" -v title="$2" '
    $1 == ".Sh" || $1 == macro { inside = ($0 == macro " " title); next }
    inside' "$manual"
}

# words FILE...: each word of the manual's text on a line of its own.
words() {
  sed -e 's/\\&//g' -e 's/\\-/-/g' "$@" | tr -cs '[:alnum:]_' '\n' | sort -u
}

# all_stand_in FILE MACRO TITLE [LINES]: the file's words stand in that part, in
# the lines that match LINES.
all_stand_in() {
  part "$2" "$3" | grep -e "${4:-.}" > "$work/part"
  words "$work/part" > "$work/words"
  test -s "$work/part" || { echo "no part $3"; return 1; }
  test -s "$1" || { echo 'nothing found in the code'; return 1; }
  missing=$(sort -u "$1" | comm -23 - "$work/words")
  test -z "$missing" || { echo "not in $3:" $missing; return 1; }
}

# body FUNCTION FILE: from the line of its name to the closing brace.
body() {
  sed -n "/[ *]$1(.*)\$/,/^}/p" "$lib/core/$2"
}

errnos() {
  grep -o '\bE[A-Z][A-Z0-9]*\b' | sort -u
}

lint() {
  mandoc -T lint "$manual" > "$work/lint" 2>&1
  cat "$work/lint"
  test ! -s "$work/lint"
}
if command -v mandoc > /dev/null; then
  check mandoc_finds_nothing_to_complain_of lint
else
  tests_run=$((tests_run + 1))
  echo "ok $tests_run - mandoc_finds_nothing_to_complain_of # SKIP mandoc is not installed"
fi

sed -n -E 's/^(WRAPPED|SEEN)\(([a-zA-Z0-9_]*)\).*/\2/p' "$lib/wrapped.h" > "$work/wrapped"
check every_wrapped_call_is_listed all_stand_in "$work/wrapped" .Ss Calls '^\.Fn'

grep -o 'syncdir_[a-z0-9_]*(' "$lib/syncdir.h" | tr -d '(' > "$work/public"
check every_public_call_is_in_the_synopsis all_stand_in "$work/public" .Sh SYNOPSIS '^\.Fn'

# The prototypes, each on one line: as the preprocessor leaves them, and as the
# synopsis has them.
echo '#include <syncdir.h>' | ${CC:-cc} -E -P -I"$lib" - | tr '\n' ' ' | tr ';' '\n' \
  | sed -n -e 's/ )/)/' -e 's/^.*{//' -e 's/^ *\(.*syncdir_.*\)/\1/p' | tr -s ' ' | sort > "$work/header"
part .Sh SYNOPSIS | awk '
  $1 == ".Ft" { sub(/^.Ft "?/, ""); sub(/"$/, ""); type = $0 (/\*$/ ? "" : " ") }
  $1 == ".Fn" {
    name = $2
    arguments = $0
    sub(/^.Fn [a-z0-9_]* /, "", arguments)
    gsub(/" "/, ", ", arguments)
    gsub(/" /, ", ", arguments)
    gsub(/"/, "", arguments)
    print type name "(" arguments ")"
  }' | sort > "$work/synopsis"
same synopsis_has_the_prototypes_of_the_header "$(cat "$work/header")" "$(cat "$work/synopsis")"

cat "$lib"/core/*.[ch] | grep -o 'sys_call(SYS_[a-z0-9_]*' | sed 's/.*SYS_//' > "$work/calls"
check every_system_call_stands_in_security \
  all_stand_in "$work/calls" .Ss 'System calls' '^\.\(It \)\{0,1\}Fn'

cat "$lib"/core/*.c | grep -o 'environment("[A-Z_]*=\{0,1\}")' | sed 's/[^"]*"\([A-Z_]*\).*/\1/' > "$work/variables"
check every_variable_stands_in_environment all_stand_in "$work/variables" .Sh ENVIRONMENT
sed -n 's/^\.It Ev //p' "$manual" | sort > "$work/documented"
same no_other_variable_stands_there "$(sort -u "$work/variables")" "$(cat "$work/documented")"

# The ladder's two lists, errno by errno, in the sentence that begins with "If".
part .Ss 'The ladder' | sed -n '/^If the directory cannot/,/^or if/p' | errnos > "$work/told"
body only_cannot_open errors.c | errnos > "$work/unopened"
same errors_of_opening_are_the_ladders "$(cat "$work/unopened")" "$(cat "$work/told")"
part .Ss 'The ladder' | sed -n '/^of it says/,/^then:/p' | errnos > "$work/told"
body not_for_directories errors.c | errnos > "$work/refused"
same errors_of_fsync_are_the_ladders "$(cat "$work/refused")" "$(cat "$work/told")"

# Filesystems whose row is the constant's own name have no comment.
sed -n '/^} table\[\]/,/^};/s/.*, \([A-Z0-9_]*\) *},* *\(\/\*\(.*\)\*\/\)*$/\1 \3/p' \
  "$lib/core/filesystem.c" | tr A-Z a-z | sed -e 's/and\|,//g' -e 's/^\(in_memory\|any_other\|ext\) //' \
  | tr -s ' ' '\n' | grep . > "$work/filesystems"
check every_filesystem_is_named all_stand_in "$work/filesystems" .Ss 'What each filesystem needs'

# Numbers that the code could change without a word.
youth=$(sed -n 's/.*SECONDS_OF_YOUTH = \([0-9]*\).*/\1/p' "$lib/core/opened.c")
check age_of_an_old_file_is_the_codes grep -F "more than ${youth:-?} seconds ago" "$manual"
most=$(sed -n 's/.*ONLY_MAX = \([0-9]*\).*/\1/p' "$lib/core/settings.h")
check number_of_directories_is_the_codes grep -F "more than ${most:-?} directories" "$manual"
version=$(sed -n 's/^PACKAGE_VERSION *= *//p' "$top_builddir/Makefile")
check version_is_the_packages grep -F ".Qq $version" "$manual"

# The trace, as the library writes it.
(cd "$work" && SYNCDIR_TRACE=$work/trace LD_PRELOAD=$library mkfifo fifo && rm fifo)
case $(stat -f -c %T "$work") in
  tmpfs | ramfs)
    tests_run=$((tests_run + 1))
    echo "ok $tests_run - trace_has_the_fields_of_the_manual # SKIP TMPDIR is held in memory" ;;
  *)
    part .Sh ENVIRONMENT | sed -n 's/^\.It Em //p' > "$work/fields"
    same trace_has_the_fields_of_the_manual \
      "$(cat "$work/fields")" \
      "$(awk -F '\t' '
           $1 ~ /^[0-9]+$/ { print "pid" }
           $2 == "mkfifo" { print "call" }
           $3 == "fifo" { print "path" }
           $4 ~ /^\// { print "directory" }
           $5 ~ /^(fsync|syncfs|sync)$/ { print "how" }
           $6 == "0" { print "result" }
           $7 ~ /^[0-9]+$/ { print "microseconds" }
           NF != 7 { print NF " fields" }
           { exit }' "$work/trace")" ;;
esac

finish
