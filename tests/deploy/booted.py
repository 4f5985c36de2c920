"""A Debian that boots with its own systemd, in namespaces of its own over the files of this machine: what is changed
there, in files, users, networks or processes, is gone with it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.house.house import ROOT

_SECONDS_TO_BOOT = 60.0
_PYTHON = Path("/usr/bin") / f"python{sys.version_info.major}.{sys.version_info.minor}"
_INIT = """set -e
mount --make-rprivate /
mount -t tmpfs tmpfs {folder}
mkdir {folder}/upper {folder}/work {folder}/root
mount -t overlay overlay -o lowerdir=/,upperdir={folder}/upper,workdir={folder}/work {folder}/root
cd {folder}/root
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for one in run tmp dev; do mount -t tmpfs -o mode=0755 tmpfs $one; done
chmod 1777 tmp
mkdir dev/pts dev/shm
chmod 1777 dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
for one in null zero full random urandom tty; do touch dev/$one; mount --bind /dev/$one dev/$one; done
touch dev/console
mkdir -p opt/portal/0.1.0 run/outside {folder}/changed {folder}/work2
mount -t overlay overlay -o lowerdir={checkout},upperdir={folder}/changed,workdir={folder}/work2 opt/portal/0.1.0
cd opt/portal/0.1.0/.venv
ln -sfn {python} bin/python3
sed -i "s|^home = .*|home = /usr/bin|" pyvenv.cfg
sed -i "1s|.*|#!/opt/portal/0.1.0/.venv/bin/python3|" bin/portal
sed -i "s|{checkout}|/opt/portal/0.1.0|" lib/python*/site-packages/*.pth
cd {folder}/root
pivot_root . run/outside
umount -l /run/outside
mount --make-rshared /
rm -rf /etc/systemd/system/*.wants /etc/systemd/system/*.requires
hostname portal
ip link set lo up
export container=other
exec /lib/systemd/systemd --system --unit=basic.target --log-target=journal --show-status=no
"""


def why_not() -> str:
    """What keeps a system from being booted here; nothing where it can be."""
    if os.geteuid() != 0:
        return "only root can boot a system"
    if not shutil.which("systemctl"):
        return "there is no systemd to boot"
    if _control_groups() is None:
        return "there is no cgroup2 to put a system into"
    if not _PYTHON.exists():
        return f"there is no {_PYTHON}, and the units see no home folders, where another may be"
    return ""


def _control_groups() -> Path | None:
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()]
    found = [Path(fields[1]) for fields in mounts if fields[2] == "cgroup2" and os.access(fields[1], os.W_OK)]
    return found[0] if found else None


class Booted:
    """The checkout lies at /opt/portal/0.1.0 there, as if it had been installed there."""

    def __init__(self) -> None:
        groups = _control_groups()
        assert groups
        self._group = Path(tempfile.mkdtemp(prefix="portal-", dir=groups))
        self._folder = Path(tempfile.mkdtemp(prefix="portal-"))
        script = _INIT.format(folder=self._folder, checkout=ROOT, python=_PYTHON)
        # Whatever becomes of us, nothing of it goes on.
        unshared = "setpriv --pdeathsig KILL unshare --kill-child -m -p -f -u -i -n -C"
        enter = f'echo $$ > {self._group}/cgroup.procs && exec {unshared} sh -c "$0"'
        self._outside = subprocess.Popen(["sh", "-c", enter, script], start_new_session=True)
        self._init = 0

    def wait(self) -> None:
        """Return when it has booted."""
        end = time.monotonic() + _SECONDS_TO_BOOT
        while not self._is_running():
            assert self._outside.poll() is None, "it does not boot"
            assert time.monotonic() < end, "it does not boot in time"
            time.sleep(0.1)

    def _is_running(self) -> bool:
        children = Path(f"/proc/{self._outside.pid}/task/{self._outside.pid}/children").read_text("ascii").split()
        if not children or b"systemd" not in Path(f"/proc/{children[0]}/cmdline").read_bytes():
            return False
        self._init = int(children[0])
        state = self._inside(["systemctl", "is-system-running"]).stdout.strip()
        return state in ("running", "degraded")

    def _inside(self, words: list[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = ["nsenter", "--target", str(self._init), "--all", *words]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=300)

    def run(self, *words: str, stdin: str = "") -> str:
        """What the command prints there."""
        done = self._inside(list(words), stdin)
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}\n{self.journal()}"
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command that goes on there meanwhile."""
        command = ["nsenter", "--target", str(self._init), "--all", *words]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def write(self, path: str, text: str) -> None:
        """Put a file there."""
        self.run("install", "-D", "-m", "644", "/dev/stdin", path, stdin=text)

    def fails(self, *words: str) -> str:
        """What the command complains of there, and ends with."""
        done = self._inside(list(words))
        assert done.returncode != 0, done.stdout
        return done.stderr

    def journal(self) -> str:
        """What the units have said last."""
        return self._inside(
            ["journalctl", "--no-pager", "--lines=60", "--output=cat", "--unit=portal*", "--unit=nginx"]
        ).stdout

    def end(self) -> None:
        """Nothing of it is left."""
        if self._init:
            os.kill(self._init, signal.SIGKILL)
        else:
            os.killpg(self._outside.pid, signal.SIGKILL)
        self._outside.wait(60)
        shutil.rmtree(self._folder)
        for unused_time in range(100):
            groups = sorted((path for path in self._group.rglob("*") if path.is_dir()), reverse=True)
            try:
                for one in [*groups, self._group]:
                    one.rmdir()
                return
            except OSError:
                time.sleep(0.05)
