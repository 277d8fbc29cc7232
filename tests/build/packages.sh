# SPDX-License-Identifier: GPL-2.0-or-later
# The packages have what their lists name, and ./bootstrap packages names what the
# build asks for.
. "${srcdir:-.}/tests/tap.sh"

cd "$top_srcdir" || exit 99
printf 'show:\n\t@echo $(DISTFILES)\n' >"$work/show.mk"
make=${MAKE:-make}
unset MAKEFLAGS MFLAGS MAKELEVEL
"$make" -s -C "$top_builddir" -f Makefile -f "$work/show.mk" show | tr ' ' '\n' >"$work/distributed"

# Out of the release as out of a clone.
for list in debian/*.docs debian/*.examples; do
  for file in $(cat "$list"); do
    check "${list#debian/}_${file}_is_there" test -e "$file"
    check "${list#debian/}_${file}_is_distributed" grep -qx "$file" "$work/distributed"
  done
done
for file in doc/*.md doc/*.[1-9] CONTRIBUTING SECURITY; do
  check "${file}_is_distributed" grep -qx "$file" "$work/distributed"
done
# The demo needs the build.
for file in $(find examples -type f ! -path 'examples/demo/*' ! -name Makemodule.am); do
  check "${file}_is_packaged" grep -qx "$file" debian/*.examples
done
for file in NEWS doc/*.md; do
  check "${file}_is_packaged" grep -qx "$file" debian/syncdir.docs
done

# packages_on MANAGER: what a system is told that has this package manager and no other.
packages_on() {
  mkdir -p "$work/$1"
  ln -sf /bin/sh "$(command -v dirname)" "$work/$1"
  printf '#!/bin/sh\n' >"$work/$1/$1"
  chmod +x "$work/$1/$1"
  PATH=$work/$1 ./bootstrap packages 2>&1
}
each_is_named() {
  for name in $2; do
    case " $1 " in *" $name "*) ;; *) echo "$name is not in: $1"; return 1 ;; esac
  done
}
debian=$(sed -n '/^Build-Depends:/,/^[A-Z].*:.*[^,]$/p' debian/control | tr -s ' ,\n' '\n' | grep -e '-dev$')
check there_are_build_dependencies test -n "$debian"
check debians_are_those_of_the_package each_is_named "$(packages_on dpkg-query)" "$debian"
check fedoras_are_named each_is_named "$(packages_on dnf)" \
  'dnf gcc libtool elfutils-libelf-devel libmount-devel libcap-devel capstone-devel fuse3-devel xxhash-devel'
check alpines_are_named each_is_named "$(packages_on apk)" \
  'apk gcc libtool elfutils-dev util-linux-dev libcap-dev capstone-dev fuse3-dev xxhash-dev'
check archs_are_named each_is_named "$(packages_on pacman)" \
  'pacman base-devel libelf util-linux-libs libcap capstone fuse3 xxhash'
# Alpine and Arch have one package of elfutils, the others one for each of its libraries.
same each_system_has_as_many_libraries "7 7 6 6" \
  "$(echo $(for manager in dpkg-query dnf apk pacman; do
       packages_on $manager | tr ' ' '\n' | grep -c -e '^libelf' -e '^libdw' -e elfutils -e mount -e util-linux -e 'libcap' \
         -e '^capstone' -e fuse3 -e xxhash
     done))"
check on_another_system_debians_are_told sh -c '
  PATH=$1 ./bootstrap packages >"$2" 2>&1 && exit 1; grep -q libelf-dev "$2"' sh "$work/none" "$work/said"

finish
