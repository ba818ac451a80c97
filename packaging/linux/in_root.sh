#!/bin/sh
# Runs a command in a system of its own, as an ordinary user and without a network; only the screen is shared.
#
#   packaging/linux/in_root.sh ROOT COMMAND [ARGUMENT...]
#
# ROOT is a folder such as debootstrap makes, with a user 1000, called musician, in it. Nothing stays mounted.
set -eu
exec unshare --mount --net sh -eu -c '
    root=$1
    shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mkdir -p "$root/tmp/.X11-unix"
    if [ -d /tmp/.X11-unix ]; then mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"; fi
    exec chroot --userspec=1000:1000 "$root" \
        env -i HOME=/home/musician PATH=/usr/bin:/bin LANG=C.UTF-8 DISPLAY="${DISPLAY:-}" "$@"
' in_root "$@"
