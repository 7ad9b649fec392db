# Shared by the scripts in launch/ and .ci/: source it from the project's root.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }

# The packages of the given sections of launch/dependencies.txt, one per line.
packages_of() {
    local section
    for section in "$@"; do
        sed -n "/^\[$section\]/,/^\[/p" launch/dependencies.txt | sed -e 's/#.*//' -e '/^\[/d' -e 's/[[:space:]]//g' -e '/^$/d'
    done
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing_packages() {
    local package
    for package in $(packages_of "$@"); do
        is_installed "$package" || say "$package"
    done
}

# Sets as_root to what goes before a command that only root may run; fails if nobody lets us.
become_root() {
    as_root=()
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null || return 1
    as_root=(sudo)
    sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }
}

# install_dependencies SECTION...: installs what is missing. With nothing missing it needs neither the
# network nor root; without the right to install it says what to ask for, and fails.
install_dependencies() {
    if ! command -v dpkg-query >/dev/null; then
        say "Not Debian or Ubuntu: what launch/dependencies.txt lists is expected to be installed."
        return 0
    fi
    local missing as_root
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! become_root; then
        say "Packages are missing, and installing them takes an administrator. Please ask for:" >&2
        say "    apt-get install --no-install-recommends ${missing[*]}" >&2
        return 1
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# Every rank computes with one thread, and root (in a container, say) may start ranks.
prepare_mpi() {
    export OPENBLAS_NUM_THREADS=1
    if [ "$(id -u)" -eq 0 ]; then
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    fi
}

# How many ranks fit without sharing a core; mpirun counts cores, not hardware threads.
physical_cores() { lscpu --parse=CORE,SOCKET | grep -v '^#' | sort -u | wc -l; }
