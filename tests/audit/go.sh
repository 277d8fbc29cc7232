# SPDX-License-Identifier: GPL-2.0-or-later
# The rules of the audit by a program in Go, which is static and makes its system calls
# without libc: what breaks a rule is found, with its line, and of what keeps it nothing is
# said.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/audit/audit.inc"

command -v go >/dev/null || skip_all 'no go'
# build NAME [OPTION...]: one file, no modules, and so no network.
build() {
  name=$1
  shift
  GO111MODULE=off GOFLAGS='' GOCACHE=$work/cache CGO_ENABLED=0 GOTOOLCHAIN=local \
    go build "$@" -o "$work/$name" "$top_srcdir/tests/audit/steps.go" || exit 99
}
build steps-go
build steps-plain -ldflags=-w
steps=$work/steps-go

wrong a_rename_that_nobody_flushed 'name-lost renameat new' put tmp fsync tmp rename tmp new
# line_of TEXT: where it stands in steps.go.
line_of() { grep -n -m 1 -F "$1" "$top_srcdir/tests/audit/steps.go" | cut -d: -f1; }
same its_function_and_line "main.step steps.go $(line_of os.Rename)" "$(
  jq -r '.findings[0].stack[] | "\(.function) \(.file // "" | sub(".*/"; "")) \(.line)"' "$work/report" |
    grep -m 1 '^main[.]')"
remedy() { jq -r '.findings[0].remedy' "$work/report" | sed 's/.*(\(in Go.*\))\.$/\1/'; }
same and_how_it_is_mended_in_go "in Go: d, err := os.Open(\"$work/folder\"); d.Sync()" "$(remedy)"
steps=$work/steps-plain
wrong without_debugging_information 'name-lost renameat new' put tmp fsync tmp rename tmp new
same its_mending_is_the_same "in Go: d, err := os.Open(\"$work/folder\"); d.Sync()" "$(remedy)"
steps=$work/steps-go
right a_rename_and_a_sync_of_its_directory put tmp fsync tmp rename tmp new fsync .
wrong a_new_directory 'name-lost mkdirat dir' mkdir dir
right a_new_directory_and_a_sync_of_its_parent mkdir dir fsync .
wrong a_removed_name 'comes-back unlinkat old' remove old
right a_removed_name_and_a_sync_of_its_directory remove old fsync .

wrong a_good_file_replaced_by_unflushed_bytes 'contents-lost renameat old' \
  put tmp rename tmp old fsync old fsync .
right a_good_file_replaced put tmp fsync tmp rename tmp old fsync .
wrong a_new_file_whose_bytes_nobody_flushed 'bytes-lost openat new' put new fsync .

wrong told_before_it_is_flushed 'name-lost renameat new' put tmp fsync tmp rename tmp new say fsync .
right told_after_it_is_flushed put tmp fsync tmp rename tmp new fsync . say
wrong a_goroutine_that_tells 'name-lost renameat new' \
  put tmp fsync tmp goroutine rename tmp new say then fsync .
wrong what_another_goroutine_tells_and_nobody_flushes 'name-lost renameat new' \
  goroutine put tmp fsync tmp rename tmp new then say
right a_goroutine_that_flushes put tmp fsync tmp rename tmp new goroutine fsync . then say
right a_goroutine_that_tells_after_the_flush_of_another \
  goroutine put tmp fsync tmp rename tmp new fsync . then goroutine say then say

finish
