# The Debian 12 packages that building, testing and checking need, and their installation. Sourced
# by tools/dev. `a|b` is content with either of two that exclude each other.

packages_of() {
    case $1 in
    build)
        echo gcc libc6-dev meson ninja-build pkg-config python3
        echo libsodium-dev libmsgpack-dev liblmdb-dev libczmq-dev libmicrohttpd-dev
        echo 'libcurl4-openssl-dev|libcurl4-gnutls-dev' libjansson-dev libfyaml-dev libseccomp-dev
        echo libhttp-parser-dev
        echo libcmocka-dev scdoc
        ;;
    test) echo clang g++ clang-format ;;
    npm) command -v npm >/dev/null || echo npm ;;
    fuzz) echo clang libclang-rt-dev ;;
    format) echo clang-format ;;
    lint) echo clang-tidy ;;
    esac
}

is_installed() {
    for name in $(echo "$1" | tr '|' ' '); do
        case $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) in
        installed*) return 0 ;;
        esac
    done
    return 1
}

missing_packages() {
    for group in "$@"; do
        for package in $(packages_of "$group"); do
            is_installed "$package" || echo "${package%%|*}"
        done
    done | sort -u
}

confirm() {
    if [ ! -t 0 ] || [ ! -t 1 ]; then
        return 0
    fi
    printf 'Install them now? [Y/n] '
    read -r answer || return 1
    case $answer in
    '' | [Yy]*) return 0 ;;
    *) return 1 ;;
    esac
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# Package lists may be absent (a fresh image) or so old that their files are gone from the mirror.
apt_install() {
    if apt-cache show "$@" >/dev/null 2>&1 &&
        as_root apt-get install -y --no-install-recommends "$@"; then
        return 0
    fi
    as_root apt-get update && as_root apt-get install -y --no-install-recommends "$@"
}

# deps GROUP...: installs what is missing of these groups, or explains and exits 5.
deps() {
    missing=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    manual="apt-get update && apt-get install $missing"
    if ! command -v apt-get >/dev/null; then
        echo "tools/dev: this needs the Debian packages $missing" >&2
        exit 5
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "tools/dev: packages are missing and there is no sudo. As root, run:" >&2
        echo "  $manual" >&2
        exit 5
    fi
    echo "tools/dev: these Debian packages are missing and will be installed: $missing"
    if ! confirm; then
        echo "tools/dev: not installed. By hand: $manual" >&2
        exit 5
    fi
    # shellcheck disable=SC2086 # one word a package
    if ! apt_install $missing; then
        echo "tools/dev: installing failed. By hand, as root: $manual" >&2
        exit 5
    fi
}
