"""A node as a whole: how long its first start takes, and what it costs when nothing happens.

usage: node.py BUILD      run by tools/dev bench; prints lines as bench.c does
"""
import http.client
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
START_MS_MAX = 100
IDLE_MB_MAX = 16
SETTLE_S = 3


def is_healthy(home):
    client = http.client.HTTPConnection("localhost", timeout=10)
    client.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        client.sock.connect(os.path.join(home, "run", "agent.sock"))
        client.request("GET", "/healthz")
        return client.getresponse().status == 200
    except OSError:
        return False
    finally:
        client.close()


def processes_of(home):
    """The node's process and its children."""
    with open(os.path.join(home, "reputed.lock"), encoding="ascii") as file:
        parent = int(file.read())
    with open(f"/proc/{parent}/task/{parent}/children", encoding="ascii") as file:
        return [parent, *map(int, file.read().split())]


def memory_mb(pid, file_name, name):
    """NaN: only root may look (the link process is not dumpable)."""
    try:
        with open(f"/proc/{pid}/{file_name}", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file
                        if line.startswith(name + ":")) / 1024
    except PermissionError:
        return float("nan")


def wait_healthy(process, home):
    while not is_healthy(home):
        if process.poll() is not None:
            raise RuntimeError("reputed does not start")
        time.sleep(0.0005)


def first_start(reputed, folder):
    """One fresh home: milliseconds until healthy, then the memory and CPU of an idle node."""
    home = os.path.join(folder, "home")
    shutil.rmtree(home, ignore_errors=True)
    began = time.perf_counter()
    with open(os.path.join(folder, "log"), "wb") as log:
        process = subprocess.Popen([reputed, "--home", home], stderr=log)
    try:
        wait_healthy(process, home)
        took = (time.perf_counter() - began) * 1000
        time.sleep(SETTLE_S)
        pids = processes_of(home)
        cpu = sum(cpu_ms(pid) for pid in pids)
        time.sleep(SETTLE_S)
        cpu = (sum(cpu_ms(pid) for pid in pids) - cpu) / SETTLE_S
        resident = sum(memory_mb(pid, "status", "VmRSS") for pid in pids)
        share = sum(memory_mb(pid, "smaps_rollup", "Pss") for pid in pids)
        return took, resident, share, cpu
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def cpu_ms(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def print_line(name, value, unit, most=None):
    target = "" if most is None else \
        f"  <= {most} {unit}: {'met' if value <= most else 'MISSED'}"
    print(f"{name:<44} {value:10.1f} {unit:<10}{target}", flush=True)


def main(build):
    reputed = os.path.join(build, "node", "reputed")
    folder = tempfile.mkdtemp(prefix="rpt", dir="/tmp")
    try:
        rounds = [first_start(reputed, folder) for _ in range(ROUNDS)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    took, resident, share, cpu = map(statistics.median, zip(*rounds))
    print_line("node: first start to healthy", took, "ms", START_MS_MAX)
    print_line("node: idle, resident, all processes", resident, "MB", IDLE_MB_MAX)
    print_line("node: idle, shared pages counted once", share, "MB")
    print_line("node: idle, processor time a second", cpu, "ms")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
