#!/usr/bin/env bash
# How .venv is made and kept. Sourced by scripts/demo, scripts/test and scripts/lock, never run
# by itself.
#
#   setup run   what `yusuan` needs, from requirements.lock
#   setup dev   that and the development tools, from requirements-dev.lock
#
# .venv/yusuan.stamp says what is in there: one line, "KIND SHA256 ROOT", written last. While an
# installation is under way it says "unfinished", so one that was cut off is never trusted: pip
# believes a package's metadata, not its files, and would leave a half-copied package as it is.
# All talk goes to stderr; stdout belongs to the command that the caller runs.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"

say() { printf '%s\n' "$@" >&2; }
fail() {
    say "$@"
    exit 5 # the environment is wrong: the same number as the exit codes of yusuan
}

# Prints a Python that can make the environment. Each candidate is run, not only looked up: a
# version manager's shim is on the PATH even where its version is not active.
find_python() {
    local candidate found=""
    for candidate in python3 python3.13 python3.12 python3.11; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        found="$candidate"
        # Debian ships `venv` without `ensurepip` and then fails half-way.
        "$candidate" -c 'import ensurepip, venv' 2>/dev/null || continue
        command -v "$candidate"
        return
    done
    if [[ -z "$found" ]]; then
        fail "错误：没有找到 Python 3.11 或更新的版本。请先安装 Python（≥ 3.11）再运行。" \
            "error: no Python 3.11 or newer was found (tried python3, python3.13, python3.12," \
            "       python3.11). Install Python >= 3.11 and run this again."
    fi
    fail "错误：$found 缺少 venv 模块。Debian/Ubuntu 请先运行：apt-get install python3-venv" \
        "error: $found has no working venv module (venv and ensurepip)." \
        "       On Debian or Ubuntu: apt-get install python3-venv"
}

# The file whose packages make an environment of KIND.
lock_file() { if [[ "$1" == dev ]]; then echo requirements-dev.lock; else echo requirements.lock; fi; }

# Prints the stamp that a finished environment of KIND carries. Python does the hashing, because
# no one tool for it is on every system; a .venv whose Python is gone has no stamp to match.
# ROOT is in it because a moved folder leaves scripts that point to where it was.
stamp() {
    .venv/bin/python - "$1" "$(lock_file "$1")" pyproject.toml "$root" <<'PY'
import hashlib, sys
from pathlib import Path

kind, lock, project, root = sys.argv[1:]
sha = hashlib.sha256(sys.version.encode())
for name in (lock, project):
    sha.update(hashlib.sha256(Path(name).read_bytes()).digest())
print(kind, sha.hexdigest(), root)
PY
}

# Whether .venv can be added to: finished, made here, with a Python and a pip that run.
usable() {
    local kind="" made_at="$root"
    if [[ -f .venv/yusuan.stamp ]]; then read -r kind _ made_at <.venv/yusuan.stamp || true; fi
    [[ "$kind" != unfinished && "$made_at" == "$root" ]] || return 1
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return 1
    .venv/bin/python -m pip --version >/dev/null 2>&1
}

# The body of `setup`, in the repository root and under the lock.
install_into_venv() {
    local kind="$1" python now="" lock
    if [[ -f .venv/yusuan.stamp ]]; then now="$(<.venv/yusuan.stamp)"; fi
    # A developer's environment holds everything that `run` needs at the same versions: `run`
    # leaves it as it is, and when it is out of date, renews it as what it is.
    if [[ "$kind" == run && "$now" == dev\ * ]]; then kind=dev; fi
    if [[ -n "$now" && "$now" == "$(stamp "$kind" 2>/dev/null)" ]]; then return; fi

    if ! usable; then
        python="$(find_python)"
        say "正在用 $python 建立 .venv … / making .venv"
        # --clear empties the folder, the stamp too. pip comes after the stamp: between the two
        # lines there is no pip, which tells the next run as well that this one was cut off.
        "$python" -m venv --clear --without-pip .venv
        echo unfinished >.venv/yusuan.stamp
        .venv/bin/python -m ensurepip --upgrade --default-pip >/dev/null
    fi
    echo unfinished >.venv/yusuan.stamp
    lock="$(lock_file "$kind")"
    say "正在安装锁定的依赖（$lock）… / installing the locked dependencies"
    # --no-build-isolation: the build back end is locked and installed too, nothing else is fetched.
    if ! .venv/bin/python -m pip install --quiet --require-hashes -r "$lock" >&2 ||
        ! .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e . >&2; then
        fail "错误：安装失败，原因见上。排除后再运行一次，会从头建立 .venv。" \
            "error: the installation failed, see above. Run this again: .venv is made anew."
    fi
    stamp "$kind" >.venv/yusuan.stamp.new
    mv .venv/yusuan.stamp.new .venv/yusuan.stamp
}

# In a subshell: the caller's folder stays the caller's, and the lock goes with the subshell. Two
# runs at once wait for each other where flock exists; elsewhere (macOS) that is left to the user.
setup() (
    cd "$root"
    if command -v flock >/dev/null; then
        exec 9<scripts/setup.sh
        flock 9 || say "注意：此文件系统不支持加锁。 / note: no locks on this file system"
    fi
    install_into_venv "$1"
)
