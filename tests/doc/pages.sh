# SPDX-License-Identifier: GPL-2.0-or-later
# Each manual page can be read on a terminal of 80 columns, by mandoc as by groff, and
# neither has anything to complain of.
. "${srcdir:-.}/tests/tap.sh"

# What the style of a page does not depend on: which other pages are installed here.
lint() {
  mandoc -T lint -W style "$1" 2>&1 \
    | grep -v -e 'STYLE: referenced manual not found' -e 'outdated mandoc.db lacks' >"$work/lint"
  cat "$work/lint"
  test ! -s "$work/lint"
}

warnings() {
  groff -mandoc -ww -T ascii -rLL=80n -z "$1" >"$work/warnings" 2>&1 || return
  cat "$work/warnings"
  test ! -s "$work/warnings"
}

as_mandoc() { mandoc -T ascii -O width=80 "$1"; }
as_groff() { groff -mandoc -T ascii -rLL=80n -P-cbou "$1"; }

# A table with an entry that is longer than its column is broken over the edge.
fits() {
  "as_$1" "$2" | sed 's/.\x08//g' | expand >"$work/page"
  test -s "$work/page" || { echo 'nothing is shown'; return 1; }
  ! grep -n '.\{81,\}' "$work/page"
}

# A comma inside the number of a section: .Pq in .Pq takes in the rest of the line.
whole_references() {
  ! as_mandoc "$1" | sed 's/.\x08//g' | grep -n '[a-z_]([2-9],'
}

pages_with() {
  if command -v "$1" >/dev/null; then
    for page in $(cd "$top_srcdir/doc" && ls *.[1-9]); do
      check "${page}_$2" "$3" $4 "$top_srcdir/doc/$page"
    done
  else
    skip "$2" "$1 is not installed"
  fi
}
pages_with mandoc has_nothing_for_mandoc_to_complain_of lint ''
pages_with mandoc fits_into_80_columns_with_mandoc fits mandoc
pages_with mandoc has_whole_references whole_references ''
pages_with groff has_nothing_for_groff_to_warn_of warnings ''
pages_with groff fits_into_80_columns_with_groff fits groff

finish
