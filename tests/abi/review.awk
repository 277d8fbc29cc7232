# SPDX-License-Identifier: GPL-2.0-or-later
# Holds names against the reviewed list of exports.
#
#   awk -v want=unreviewed -f review.awk WRAPPED LIST NAMES   names that nobody has reviewed
#   awk -v want=by-pattern -f review.awk WRAPPED LIST NAMES   names that a pattern covers
#   awk -v want=faults     -f review.awk WRAPPED LIST         what is wrong with the list
#
# WRAPPED and NAMES hold one name a line; LIST is tests/abi/glibc-exports.

function fault(text) { faults = faults text "\n" }

function enter(name, how) {
  if (name in entry)
    fault(name ": " how ", and " entry[name])
  entry[name] = how
}

function by_pattern(name) { return name ~ ("^(" patterns ")$") }

FILENAME == ARGV[1] { enter($1, "wrapped"); next }

FILENAME == ARGV[2] && (NF == 0 || /^#/) { next }

FILENAME == ARGV[2] && $1 == "left-out" {
  enter($2, "left out")
  if (NF < 3)
    fault($2 ": left out without a reason")
  if ($3 == "as")
    like[$2] = $4
  next
}

FILENAME == ARGV[2] && $1 == "no-names" {
  for (i = 2; i <= NF; i++)
    if ($i ~ /^[A-Za-z0-9_]+$/)
      enter($i, "no business with names")
    else
      patterns = patterns (patterns == "" ? "" : "|") $i
  next
}

FILENAME == ARGV[2] { fault("line " FNR ": neither left-out nor no-names"); next }

want == "unreviewed" && !($1 in entry) && !by_pattern($1)
want == "by-pattern" && by_pattern($1)

END {
  if (want != "faults")
    exit
  for (name in entry)
    if (by_pattern(name))
      fault(name ": " entry[name] ", and a pattern covers it")
  for (name in like) {
    sub(/[;,]$/, "", like[name])
    sub(/:$/, "", like[name])
    if (entry[like[name]] != "left out")
      fault(name ": the reason is that of " like[name] ", which is not left out")
  }
  printf "%s", faults
}
