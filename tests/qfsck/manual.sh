# SPDX-License-Identifier: GPL-2.0-or-later
# The manual of qfsck says what the code does: options, owners and modes, exit
# codes.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/completions.sh"

manual=$top_srcdir/doc/qfsck.8
source=$top_srcdir/src/qfsck

if command -v mandoc > /dev/null; then
  same mandoc_finds_nothing_to_complain_of '' "$(mandoc -T lint "$manual" 2>&1)"
else
  skip mandoc_finds_nothing_to_complain_of 'mandoc is not installed'
fi

# part TITLE: the lines of that section.
part() { awk -v title="$1" '$1 == ".Sh" { inside = ($0 == ".Sh " title); next } inside' "$manual"; }

same every_option_is_explained \
  "$(sed -n 's/^    { "\([a-z-]*\)", [a-z]*_argument.*/\1/p' "$source/main.c" | sort)" \
  "$(part OPTIONS | sed -n 's/^\.It Fl -/-/p' | tr ' ' '\n' | sed -n 's/^-\([a-z-]\{2,\}\)$/\1/p' | sort)"

# { "mess", QMAILQ, 0750, 0644, ... } against ".It mess Ta split Ta qmailq Ta 0750 Ta 0644"
same owners_and_modes_are_those_of_the_code \
  "$(sed -n 's/^  \[[A-Z]*\] *= { "\([a-z]*\)", *\(QMAIL[A-Z]\), \(0[0-7]*\), \(0[0-7]*\),.*/\1 \2 \3 \4/p' "$source/queue.c" | tr A-Z a-z)" \
  "$(part INVARIANTS | sed -n 's/^\.It \([a-z]*\) Ta .* Ta \(qmail[a-z]\) Ta \(0[0-7]*\) Ta \(0[0-7]*\)$/\1 \2 \3 \4/p')"

# [X] = { SAFE, true, "text" "more of it", "why" } against the three lists of texts.
problems() {
  perl -0ne 'while (/\[\w+\] = \{\s*(\w+),\s*\w+,\s*((?:"[^"]*"\s*)+),/g) {
    my ($safety, $text) = ($1, $2); print "$safety ", join("", $text =~ /"([^"]*)"/g), "\n" }' \
    "$source/problem.c" | sort
}
told() {
  part DAMAGE | awk '
    function flush() { if (text) print list " " text; text = "" }
    /^Repaired by/ { list = list ? "UNSAFE" : "SAFE" }
    /^Left alone/ { list = "HOPELESS" }
    /^\./ { flush(); inside = ($1 == ".It"); next }
    inside { text = text (text ? " " : "") $0 }' | sort
}
same every_damage_is_told_with_who_repairs_it "$(problems)" "$(told)"
same help_has_a_line_for_each_option \
  "$(sed -n 's/^    { "\([a-z-]*\)", [a-z]*_argument.*/--\1/p' "$source/main.c" | sort)" \
  "$("$top_builddir/src/qfsck/qfsck" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | sort)"

same exit_codes_are_those_of_the_code \
  "$(sed -n 's/^enum { SOUND = \(.*\) };/\1/p' "$source/say.h" | tr -dc '0-9,' | tr ',' '\n')" \
  "$(part 'EXIT STATUS' | sed -n 's/^\.It //p')"
# Each option in each completion; and the shells themselves complete.
short=$(sed -n 's/.*next_option(argc, argv, ":\([a-z]*\)".*/\1/p' "$source/main.c" | sed 's/./& /g')
long=$(sed -n 's/^    { "\([a-z-]*\)", [a-z]*_argument.*/\1/p' "$source/main.c")
check there_are_options test -n "$short" -a -n "$long"
for option in $short; do
  check "bash_has_-$option" grep -q -e "[' ]-$option[' ]" "$completions/qfsck.bash"
  check "zsh_has_-$option" grep -q -e "[')]-$option\[" "$completions/_qfsck"
  check "fish_has_-$option" grep -q -e "-s $option " "$completions/qfsck.fish"
done
for option in $long; do
  check "bash_has_--$option" grep -q -e "[' ]--$option[' ]" -e " --$option\$" "$completions/qfsck.bash"
  check "zsh_has_--$option" grep -q -e "[')]--$option\[" "$completions/_qfsck"
  check "fish_has_--$option" grep -q -e "-l $option " "$completions/qfsck.fish"
done

mkdir "$work/queue"
bash_completes an_option --move qfsck --mo
bash_completes the_queue "$work/queue" qfsck -n "$work/que"
fish_completes an_option --move 'qfsck --mo'
fish_completes the_queue "$work/queue/" "qfsck -n $work/que"
zsh_reads qfsck

finish
