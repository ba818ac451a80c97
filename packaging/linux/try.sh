#!/bin/sh
# Tries the packages of dist in fresh Debian systems: installs, tests, uses, upgrades and removes them.
#
#   packaging/linux/try.sh FOLDER [deb | archive]
#
# FOLDER keeps the systems, the pictures of the window, and lists of files. It needs the rights of root, debootstrap,
# Xvfb, xdotool, and the environment of the tests (PYTHON names its interpreter, if not .venv/bin/python). The network
# is there until a system has what the package asks for, and is gone from then on.
set -eu
cd "$(dirname "$0")/../.."
folder=$(realpath "$1")
python=${PYTHON:-.venv/bin/python}
release=${RELEASE:-bookworm}
home=home/musician # in the systems, as is the folder that packages are put into
inbox=tmp
failed=no

offline=
as_root() {
    unshare --mount $offline sh -eu -c '
        root=$1
        shift
        mount --make-rprivate /
        mount -t proc proc "$root/proc"
        exec chroot "$root" env DEBIAN_FRONTEND=noninteractive "$@"
    ' as_root "$root" "$@"
}

say() { printf '\n== %s\n' "$*"; }

make_system() { # NAME PACKAGE...
    root=$folder/$1
    shift
    if [ ! -d "$folder/base" ]; then
        debootstrap --variant=minbase "$release" "$folder/base" >"$folder/debootstrap.log"
    fi
    rm -rf "$root"
    cp -a "$folder/base" "$root"
    cp /etc/resolv.conf "$root/etc/"
    offline=
    as_root id musician >/dev/null 2>&1 || as_root useradd --create-home --uid 1000 musician
    as_root apt-get install -y -qq --no-install-recommends "$@" >"$root.log" 2>&1
    offline=--net
    if as_root sh -c 'ls -d /usr/bin/python3* /usr/lib/python3*' 2>/dev/null; then
        echo "There is a Python in $root." >&2
        exit 1
    fi
}

in_root() { packaging/linux/in_root.sh "$root" "$@"; }

use() { # PROGRAM: the self-test, and the window with real keys
    in_root "$1" --self-test | tail -1
    mkdir -p "$root.pictures"
    "$python" -m tests.bench.packed --runs 1 --pictures "$root.pictures" --home "$root/$home" \
        --seen-as "/$home" packaging/linux/in_root.sh "$root" "$1"
}

list() { # everything but what belongs to dpkg and to the user, and the index of man-db, which is looked into instead
    (
        cd "$root"
        for what in "-type f -exec md5sum {} +" "-printf %M:%u:%g:%p:%l\\n"; do
            # shellcheck disable=SC2086 # a list of words
            find . -xdev \( -path ./proc -o -path ./dev -o -path ./sys -o -path ./tmp -o -path ./home \
                -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache/man/index.db \) -prune -o $what
        done | LC_ALL=C sort
    )
}

is_as_before() { # WHEN
    list >"$root.after-$1"
    if diff "$root.before" "$root.after-$1"; then
        echo "After $1 the system is as it was before."
    else
        echo "After $1 something is left or lost." >&2
        failed=yes
    fi
}

kept() { # what was written since, where a user may write
    say "What the user keeps:"
    (cd "$root" && find home/musician tmp -newer "$root.before" -type f -not -name '*.deb')
}

newer_package() { # the same with a higher version, without one of its files and with another one
    rm -rf "$folder/newer"
    dpkg-deb --raw-extract "$deb" "$folder/newer"
    sed -i 's/^Version: .*/&+next/' "$folder/newer/DEBIAN/control"
    rm "$folder/newer/usr/lib/inpaint-desktop/_internal/inpaint_desktop/_resources/tunes/ode-to-joy.abc"
    echo new >"$folder/newer/usr/lib/inpaint-desktop/_internal/new.txt"
    dpkg-deb --root-owner-group -Zgzip -z1 --build "$folder/newer" "$folder/newer.deb" >/dev/null
}

try_deb() {
    deb=$(realpath dist/inpaint-desktop_*.deb)
    say "$(basename "$deb"): install"
    depends=$(dpkg-deb --field "$deb" Depends Recommends | sed 's/^[A-Za-z]*://; s/([^)]*)//g; s/,/ /g')
    # shellcheck disable=SC2086 # a list of words
    make_system deb $depends shared-mime-info desktop-file-utils hicolor-icon-theme gtk-update-icon-cache man-db
    as_root mandb --quiet # as on a system that is in use; its index is else made with the first page that comes
    list >"$root.before"
    cp "$deb" "$root/$inbox/first.deb"
    as_root dpkg --install "/$inbox/first.deb"
    as_root grep inpaint-desktop /usr/share/applications/mimeinfo.cache
    as_root grep "abc$\|mxl$\|musicxml$" /usr/share/mime/globs2
    as_root whatis inpaint-desktop
    use inpaint-desktop
    du -sk "$root/usr/lib/inpaint-desktop"
    say "upgrade"
    newer_package
    cp "$folder/newer.deb" "$root/$inbox/newer.deb"
    as_root dpkg --install "/$inbox/newer.deb"
    in_root inpaint-desktop --self-test | tail -1
    test ! -e "$root/usr/lib/inpaint-desktop/_internal/inpaint_desktop/_resources/tunes/ode-to-joy.abc"
    say "remove"
    as_root dpkg --remove inpaint-desktop
    is_as_before removal
    as_root mandb --quiet # as man-db does once a day; at a removal it does not look for pages that are gone
    if as_root whatis inpaint-desktop 2>/dev/null; then
        failed=yes
    fi
    as_root dpkg --purge inpaint-desktop
    is_as_before purge
    kept
    test ! -e "$root/var/lib/dpkg/info/inpaint-desktop.list"
}

try_archive() {
    archive=$(realpath dist/inpaint-desktop-*-linux-*.tar.xz)
    say "$(basename "$archive"): unpack and use"
    named=$(sed -n '/apt-get install/,/[^\\]$/p' packaging/linux/README.txt | sed 's/.*apt-get install//; s/\\$//')
    # shellcheck disable=SC2086 # a list of words
    make_system archive xz-utils $named
    cp "$archive" "$root/$inbox/"
    in_root tar --extract --directory "/$home" --file "/$inbox/$(basename "$archive")"
    list >"$root.before"
    use "/$home/$(basename "$archive" .tar.xz)/inpaint-desktop"
    is_as_before use
    kept
}

mkdir -p "$folder"
case ${2:-both} in deb | both) try_deb ;; esac
case ${2:-both} in archive | both) try_archive ;; esac
test "$failed" = no
