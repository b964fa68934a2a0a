"""A file of new records, from the client's socket to durable, beside raw signature checks.

usage: import.py BUILD      run by tools/dev bench; prints lines as bench.c does
"""
import ctypes
import ctypes.util
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

RECORDS = 40_000
AUTHORS = 200
ROUNDS = 3
RATIO_MIN = .70
VERIFIES = 4_000


def raw_verifies_a_second():
    """libsodium's own, on one core."""
    sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
    sodium.sodium_init()
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    sodium.crypto_sign_seed_keypair(public, secret, bytes(32))
    message, signature = bytes(284), ctypes.create_string_buffer(64)
    sodium.crypto_sign_detached(signature, None, message, ctypes.c_ulonglong(284), secret)
    began = time.process_time()  # what else runs on the machine is no part of a check
    for _ in range(VERIFIES):
        if sodium.crypto_sign_verify_detached(signature, message, ctypes.c_ulonglong(284), public):
            raise RuntimeError("a good signature is refused")
    return VERIFIES / (time.process_time() - began)


def make_file(make_records):
    """Vouches of author 1 for 200 others, and their ratings of about 300 bytes, all new."""
    seq = time.time_ns() // 1_000_000 - 10_000_000
    expires = seq // 1000 + 31_536_000
    commands = [f"vouch 1 {seq + a} {expires} {2 + a} 7 1000" for a in range(AUTHORS)]
    for author in range(AUTHORS):
        for i in range(RECORDS // AUTHORS):
            subject = f"https://s{author:06}x{i:06}.example/{'0' * 90}/mcp"
            commands.append(f"rating {2 + author} {seq + 1000 + i} {expires} {subject} "
                            f"{'ab' * 32} 3 500 1000 1")
    text = "\n".join(["key 1", *commands]) + "\n"
    key, *records = subprocess.run([make_records], input=text, capture_output=True, text=True,
                                   check=True).stdout.split()
    network = hashlib.blake2b(b"repute-network-v1\0main", digest_size=32).digest()[:8]
    framed = (bytes.fromhex(record) for record in records)
    return key, len(records), b"RPTREC1\n" + network + b"".join(
        len(one).to_bytes(2, "big") + one for one in framed)


def connect(home):
    client = http.client.HTTPConnection("localhost", timeout=600)
    client.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.sock.connect(os.path.join(home, "run", "operator.sock"))
    return client


def wait_healthy(process, home):
    while True:
        try:
            client = connect(home)
            client.request("GET", "/healthz")
            if client.getresponse().status == 200:
                return
        except OSError:
            pass
        if process.poll() is not None:
            raise RuntimeError("reputed does not start")
        time.sleep(0.01)


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def import_once(reputed, key, count, body):
    """Records a second, and seconds of processor a record."""
    home = tempfile.mkdtemp(prefix="rpt", dir="/tmp")
    os.mkdir(os.path.join(home, "keys"), 0o700)
    with open(os.path.join(home, "keys", "operator.pub"), "w", encoding="ascii") as file:
        file.write(key + "\n")
    process = subprocess.Popen([reputed, "--home", home], stderr=subprocess.DEVNULL)
    try:
        wait_healthy(process, home)
        before, began = cpu_s(process.pid), time.perf_counter()
        client = connect(home)
        client.request("POST", "/v1/records", body,
                       {"Content-Type": "application/vnd.repute.records"})
        answer = json.loads(client.getresponse().read())
        took = time.perf_counter() - began
        if answer["accepted"] != count:
            raise RuntimeError(f"not all were accepted: {answer['counts']}")
        return count / took, (cpu_s(process.pid) - before) / count
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


def main(build):
    reputed = os.path.join(build, "node", "reputed")
    key, count, body = make_file(os.path.join(build, "tests", "api", "make_records"))
    cores = len(os.sched_getaffinity(0))
    best = (0, 0, 0, 0)
    for _ in range(ROUNDS):
        raw = raw_verifies_a_second()
        rate, cost = import_once(reputed, key, count, body)
        best = max(best, (rate / (raw * cores), rate, raw * cores, cost * 1e6))
    ratio, rate, raw, cost_us = best
    verdict = "met" if ratio >= RATIO_MIN else "MISSED"
    print(f"{'import, from the socket to durable':<48}{rate:8.0f} records/s   "
          f"cores x raw verify {raw:.0f}  ratio {ratio:.2f}  >= {RATIO_MIN:.2f} x: {verdict}")
    print(f"{'import, CPU time of all threads':<48}{cost_us:8.1f} us/record   "
          f"raw verify {cores * 1e6 / raw:.1f}  ratio {cost_us * raw / cores / 1e6:.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
