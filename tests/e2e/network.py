"""Real nodes that are peers on loopback, and peers that a test plays. Beside node.py of tests/api.

Nothing waits for a fixed time: every wait is for a condition, with a deadline.
"""
import os
import queue
import shutil
import signal
import socket
import subprocess
import threading
import time

from node import Node

WAIT_S = 30


def wait(condition, what, seconds=WAIT_S):
    """Returns the first true value of condition()."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Net:
    """Nodes by name, on free ports: their keys are made first, so that each can list others."""

    def __init__(self, **operators):
        self.nodes = {name: Node(operator=operator) for name, operator in operators.items()}
        self.ports = dict(zip(self.nodes, free_ports(len(self.nodes))))
        self.keys = {}
        for name, node in self.nodes.items():
            with node_of(node):
                self.keys[name] = node.ask("GET", "/v1/status").json["node"]["key"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self.nodes.values():
            node.__exit__()

    def endpoint(self, name):
        return f"tcp://127.0.0.1:{self.ports[name]}"

    def configure(self, name, dials=(), lists=(), network="main", newcomers=False):
        """dials: names of nodes; lists: names, or transport keys, that may call."""
        if network != "main":  # the store was made for main
            shutil.rmtree(os.path.join(self.nodes[name].home, "store"))
        lines = [f"network: {network}", "link:", f'  listen: "{self.endpoint(name)}"',
                 f"  newcomers: {'true' if newcomers else 'false'}"]
        peers = [f'    - {{ key: {self.keys[other]}, endpoint: "{self.endpoint(other)}" }}'
                 for other in dials]
        peers += [f"    - {{ key: {self.keys.get(other, other)} }}" for other in lists]
        lines += ["  peers:"] + peers if peers else []
        with open(os.path.join(self.nodes[name].home, "reputed.yaml"), "w",
                  encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def start(self, *names):
        for name in names or self.nodes:
            self.nodes[name].start()

    def __getitem__(self, name):
        return self.nodes[name]


class node_of:  # pylint: disable=invalid-name
    """Runs a node for a moment without taking its home away."""

    def __init__(self, node):
        self.node = node

    def __enter__(self):
        self.node.start()

    def __exit__(self, *_):
        self.node.stop()


def status(node):
    return node.ask("GET", "/v1/status").json


def peer(node, key):
    """The peer's object, or None."""
    return next((one for one in node.ask("GET", "/v1/peers").json if one["key"] == key), None)


def is_up(node, count=1):
    return lambda: status(node)["peers"]["up"] >= count


def has_records(node, count):
    return lambda: status(node)["records"] >= count


def export(node, author=None):
    path = "/v1/records?format=records" + (f"&author={author}" if author else "")
    answer = node.ask("GET", path)
    assert answer.status == 200, answer.body
    return answer.body


def link_pid(node):
    """The link process: the node's only child; None while there is none."""
    path = f"/proc/{node.process.pid}/task/{node.process.pid}/children"
    with open(path, encoding="ascii") as file:
        children = file.read().split()
    return int(children[0]) if children else None


def resident(pid):
    """Bytes resident of a process; 0 if it is gone."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0


def played_key(number):
    return subprocess.run([os.environ["PLAY_PEER"], "key", str(number)], capture_output=True,
                          text=True, check=True).stdout.strip()


class Played:
    """A peer that the test plays; see play_peer.c. number "-": without CURVE."""

    def __init__(self, net, name, number, network="main"):
        self.process = subprocess.Popen(
            [os.environ["PLAY_PEER"], "dial", net.endpoint(name), net.keys[name], str(number),
             network], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.reader.join(5)

    def say(self, *commands):
        for command in commands:
            self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def hear(self, wanted, seconds=WAIT_S):
        """Skips lines until this one."""
        deadline = time.monotonic() + seconds
        heard = []
        while True:
            left = deadline - time.monotonic()
            assert left > 0, f"{wanted!r} was not heard, but {heard[-20:]}"
            try:
                line = self.lines.get(timeout=left)
            except queue.Empty:
                continue
            heard.append(line)
            if line == wanted:
                return

    def hears_not(self, unwanted, seconds):
        """Nothing begins with this for so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self.lines.get(timeout=left)
            except queue.Empty:
                return
            assert not line.startswith(unwanted), line
