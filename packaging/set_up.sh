#!/bin/sh
# Makes a virtual environment and installs the program into it, editable, in the tested versions.
#
#   packaging/set_up.sh [--install-system-packages] [EXTRA]
#
# EXTRA is one of the optional dependencies in pyproject.toml, such as dev. With --install-system-packages,
# a missing package of Debian or Ubuntu is installed where that needs no password; without it, or elsewhere,
# one sentence says what is missing and how to install it.
# VENV names the environment (.venv); PYTHON chooses the interpreter; TORCH_INDEX_URL, if set, is the package index that torch is taken from.
set -eu
cd "$(dirname "$0")/.."

may_install=no
if [ "${1:-}" = --install-system-packages ]; then
    may_install=yes
    shift
fi
extra=${1:-}
constraints=packaging/constraints.txt
venv=${VENV:-.venv}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

has_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

debian_package_of_venv() { # Debian names it by version where the interpreter is not its own python3
    "$1" -c 'import sys; print("python3-venv" if sys.executable == "/usr/bin/python3" else "python%d.%d-venv" % sys.version_info[:2])'
}

install_command() {
    if command -v apt-get >/dev/null; then
        echo "apt-get install $*"
    elif command -v dnf >/dev/null; then
        case $1 in python*) echo "dnf install python3" ;; *) echo "dnf install mesa-libEGL libxkbcommon-x11 xcb-util-cursor xcb-util-image xcb-util-keysyms xcb-util-renderutil xcb-util-wm xorg-x11-server-Xvfb xdotool" ;; esac
    elif command -v pacman >/dev/null; then
        case $1 in python*) echo "pacman -S python" ;; *) echo "pacman -S libxkbcommon-x11 xcb-util-cursor xcb-util-image xcb-util-keysyms xcb-util-renderutil xcb-util-wm xorg-server-xvfb xdotool" ;; esac
    else
        echo "brew install python"
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

install() {
    [ "$may_install" = yes ] && command -v apt-get >/dev/null && as_root true 2>/dev/null || return 1
    echo "Installing $* ..."
    as_root apt-get update -qq || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"
}

refuse() {
    command=$1
    shift
    case $command in
    brew* | dnf* | pacman*) ;;
    *) [ "$(id -u)" = 0 ] || command="sudo $command" ;;
    esac
    echo "$* Install it with: $command" >&2
    exit 1
}

python=$(find_python) || {
    install python3 python3-venv || true
    python=$(find_python) || refuse "$(install_command python3 python3-venv)" "Python 3.11 or newer is missing."
}
if ! has_venv "$python"; then
    package=$(debian_package_of_venv "$python")
    install "$package" || true
    has_venv "$python" || refuse "$(install_command "$package")" "Python's module venv is missing."
fi

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --clear "$venv"
fi
pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 $venv/bin/python -m pip install --quiet -c $constraints"
# Alone, as that index need not have what torch needs in the tested versions; all of it comes with the next line.
$pip --no-deps ${TORCH_INDEX_URL:+--index-url "$TORCH_INDEX_URL"} "$(grep '^torch==' $constraints)"
$pip -e ".${extra:+[$extra]}"

# What the window draws with. Without it the command line still works, so only tests and packages insist on it.
tests=
[ "$extra" != dev ] || tests=--tests
missing=$("$venv/bin/python" packaging/missing_packages.py $tests)
if [ -n "$missing" ]; then
    install $missing || true
    missing=$("$venv/bin/python" packaging/missing_packages.py $tests)
fi
if [ -n "$missing" ]; then
    sentence="The window needs packages that this system lacks: $missing."
    case $extra in dev | package) refuse "$(install_command $missing)" "$sentence" ;; esac
    (refuse "$(install_command $missing)" "$sentence") || true
fi
