#!/bin/sh
# Runs a command in a system of its own, as an ordinary user and without a network; only the screen is shared.
#
#   packaging/linux/in_root.sh ROOT COMMAND [ARGUMENT...]
#
# ROOT is a folder such as debootstrap makes, with a user 1000, called musician, in it. Nothing stays mounted.
set -eu
exec unshare --mount --net sh -eu -c '
    root=$1
    sockets=tmp/.X11-unix # where X servers wait, below the root of any system
    home=home/musician
    shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mkdir -p "$root/$sockets"
    if [ -d "/$sockets" ]; then mount --bind "/$sockets" "$root/$sockets"; fi
    exec chroot --userspec=1000:1000 "$root" \
        env -i HOME="/$home" PATH=/usr/bin:/bin LANG=C.UTF-8 DISPLAY="${DISPLAY:-}" "$@"
' in_root "$@"
