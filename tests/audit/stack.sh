# SPDX-License-Identifier: GPL-2.0-or-later
# A finding has the line of the change, and the calls that have led there.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/audit/audit.inc"

cd "$work" || exit 99

# stack: the functions of the first finding, with their lines, from the innermost.
stack() {
  jq -r '.findings[0].stack[] | select(.file) | "\(.function) \(.line)"' report
}
# line_of TEXT: where it stands in inlined.c.
line_of() { grep -n -m 1 -F "$1" "$top_srcdir/tests/audit/inlined.c" | cut -d: -f1; }
expected=$(echo "move $(line_of 'return rename')"
  echo "save $(line_of 'result = move')"
  echo "main $(line_of 'result = save')")

for options in -O0 -O2 '-O2 -static' '-O2 -fPIE -pie' '-O2 -gdwarf-4' '-O2 -gz'; do
  compile inlined $options
  echo text >old
  findings ./inlined old new >found
  rm new
  same "each_frame_with$(echo "$options" | tr -d ' ')" "$expected" "$(stack)"
done

# A program that exports its names, as what loads plugins does.
compile inlined -O2 -rdynamic
strip inlined
echo text >old
"$audit" ./inlined old new 2>said
check the_start_is_no_place grep -q 'from main() in inlined\.$' said
"$audit" --json --report report ./inlined new old
same not_in_json_either 0 "$(jq '[.findings[0].stack[] | select(.function == "_start")] | length' report)"

compile inlined -O2
echo text >old
"$audit" ./inlined old new 2>said
check the_report_has_them_in_one_line said \
  "rename() by ./inlined old new, in move() at inlined.c:$(line_of 'return rename'), from save() at inlined.c:$(line_of 'result = move')"
strip inlined
"$audit" ./inlined new old 2>said
check without_symbols_the_command_is_left said 'rename() by ./inlined new old.'
# C++ names as the source has them, also without debugging information.
printf '#include <cstdio>\nnamespace box { struct Store { __attribute__((noinline)) int save(const char *to); }; }
int box::Store::save(const char *to) { int result = std::rename("a", to); asm volatile(""); return result; }
int main() { box::Store store; return store.save("b"); }\n' >store.cc
echo text >a
g++ -O1 -o store store.cc
"$audit" ./store 2>said
check a_name_of_C++_is_readable said 'in box::Store::save() in store, from main() in store'

# What to add, in the language of the source.
printf 'int rename(const char *, const char *);\nint main(void) { return rename("b", "c"); }\n' >rename.c
for language in 'go os.Open("' 'rs File::open("'; do
  cp rename.c "move.${language%% *}"
  echo text >b
  gcc -g -x c -o move "move.${language%% *}"
  "$audit" ./move 2>said
  check "the_remedy_in_${language%% *}" grep -qF "${language#* }$work\")" said
done
cp rename.c move.c
echo text >b
gcc -g -o move move.c
"$audit" ./move 2>said
check the_remedy_in_c said "in C: int d = open(\"$work\", O_RDONLY | O_DIRECTORY); fsync(d); close(d)"
# And in an interpreter's, whatever the C source of that.
gcc -g -x c -o move rename.c
for language in 'python3.11 Python script: d = os.open("' 'perl Perl script: open my $d, "<", "' \
    'node JavaScript program: fs.openSync("' 'ruby Ruby script: File.open("' \
    'java Java program: FileChannel.open(Path.of("' 'dash shell script: in a script, after this command: sync '; do
  program=${language%% *} rest=${language#* }
  cp move "$program"
  echo text >b
  "$audit" "./$program" 2>said
  check "the_remedy_for_$program" grep -qF "${rest#*: }$work" said
  check "whose_line_is_not_known_in_$program" grep -qF "in a ${rest%%: *} (its line is not known)." said
done

# A path of any length in a line that can be read.
long=$(printf '%0200d' 0)
mkdir -p "$long/$long" && "$audit" mkdir "$long/$long/made" 2>said
check a_long_path_is_shortened sh -c 'grep -q "^1. /.*\.\.\.0*/made: mkdir()" said && grep -qF "fsync() of its directory" said'
"$audit" --json --report report mkdir "$long/$long/whole"
same and_whole_in_json "$work/$long/$long/whole" "$(jq -r '.findings[0].path' report)"

rm -f b c
# What a command does to its own file, no script can do in between.
echo 1 >edited
"$audit" sed -i s/1/2/ edited 2>said
check a_script_is_not_told_what_it_cannot_do said \
  "Add: fsync() of the file, before rename(); and fsync() of the directory $work, after rename() (in a script, after this command: sync $work)."
# Nobody was told before it was durable, and the bytes came too late nevertheless.
compile steps -pthread
"$audit" ./steps put tmp link tmp late unlink tmp fsync late fsync . 2>said
check a_finding_of_which_nobody_was_told said "The file was not fsynced before link(). A power cut in between"
# in_words STEP...: what was not flushed, and what a power cut does.
in_words() {
  rm -rf folder && mkdir folder && echo good >folder/old
  (cd folder && "$audit" ../steps "$@" 2>../said | cat >../output)
  sed -n '3s/^ *//p' said
}
told='others were told by its exit status.'
after='only after others were told, by its write() to a pipe (descriptor 1).'
same a_directory_that_was_never_fsynced \
  "The directory was never fsynced, and $told A power cut takes the file away." "$(in_words touch new)"
same a_directory_that_was_fsynced_too_late \
  "The directory was fsynced $after A power cut takes the file away." "$(in_words touch new say fsync .)"
same a_file_and_a_directory_that_were_never_fsynced \
  "The file and its directory were never both fsynced, and $told A power cut takes the file away, or leaves it empty." \
  "$(in_words put new)"
same a_file_and_a_directory_that_were_fsynced_too_late \
  "The file and its directory were fsynced $after A power cut takes the file away, or leaves it empty." \
  "$(in_words put new say fsync new fsync .)"
same a_file_that_was_never_fsynced \
  "The file was never fsynced, and $told A power cut leaves the name, and the file empty or torn." \
  "$(in_words put new fsync .)"
same a_file_that_was_fsynced_too_late \
  "The file was fsynced $after A power cut leaves the name, and the file empty or torn." \
  "$(in_words put new fsync . say fsync new)"
same a_write_that_was_fsynced_too_late \
  "The file was fsynced $after A power cut takes what was written, or leaves a part of it." \
  "$(in_words append old say fsync old)"
# One place, many names.
for name in 1 2 3; do echo text >$name; done
"$audit" sh -c 'for name in 1 2 3; do ./inlined $name to-$name; done' 2>said
check names_of_one_command_make_one_group said "$work/to-1 and 2 more: rename() by ./inlined 1 to-1."
"$audit" mkdir a b c 2>said
check names_of_one_command_are_counted said "$work/a and 2 more: mkdir()"

finish
