#!/usr/bin/python3
"""How reputed starts, and what it says and returns when it does not. TAP."""
import os
import re
import signal
import socket
import subprocess
import sys

from node import Node, Tests, equal, make, now_ms

test = Tests()


def run(*arguments, home=None):
    arguments = (["--home", home] if home else []) + list(arguments)
    return subprocess.run([os.environ["REPUTED"], *arguments], capture_output=True, text=True,
                          timeout=20, check=False)


def write(node, name, text, mode=0o600):
    path = os.path.join(node.home, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


@test
def options_that_are_none_are_usage():
    for arguments in (["--nope"], ["--home"], ["more"], ["--restore"]):
        done = run(*arguments)
        equal(done.returncode, 2)
        assert "usage: reputed" in done.stderr, done.stderr
    equal(run("--help").returncode, 0)
    assert run("--version").stdout.startswith("reputed ")


@test
def the_link_process_is_not_started_by_hand():
    link = os.path.join(os.path.dirname(os.environ["REPUTED"]), "reputed-link")
    for arguments in ([], ["--link-process", "2"], ["--link-process", "x"], ["--help"]):
        done = subprocess.run([link, *arguments], capture_output=True, text=True, timeout=20,
                              check=False)
        equal((done.returncode, done.stdout), (2, ""))
        equal(done.stderr, "reputed-link: only reputed starts this program\n")


@test
def a_broken_configuration_is_shown_with_its_place():
    node = Node(config="link:\n  lisen: x\n")
    done = run(home=node.home)
    equal(done.returncode, 2)
    for text in ("reputed.yaml:2:3", "lisen", "did you mean", "listen", "^"):
        assert text in done.stderr, done.stderr
    equal(run("--check-config", home=node.home).returncode, 1)
    equal(run("--config", "/nowhere/at/all", home=node.home).returncode, 1)
    node.__exit__()


@test
def a_checked_configuration_says_what_it_may_cost():
    node = Node()
    done = run("--check-config", home=node.home)
    equal(done.returncode, 0)
    assert "configuration ok: network main, 0 groups, 0 peers" in done.stdout, done.stdout
    assert not os.path.exists(os.path.join(node.home, "store"))
    node.__exit__()


@test
def a_second_one_in_a_home_names_the_pid_and_the_lock_goes_with_its_holder():
    with Node() as node:
        done = run(home=node.home)
        equal(done.returncode, 8)
        assert f"pid {node.process.pid} " in done.stderr, done.stderr
        equal(run("--verify", home=node.home).returncode, 8)
        node.stop(signal.SIGKILL)
        node.start()


@test
def a_key_that_others_may_read_is_refused():
    node = Node()
    write(node, "node.key", "11" * 32 + "\n", mode=0o644)
    done = run(home=node.home)
    equal(done.returncode, 4)
    assert "node.key" in done.stderr and "TRUST_NO_FILE" in done.stderr, done.stderr
    write(node, "node.key", "11" * 31 + "\n")
    done = run(home=node.home)
    equal(done.returncode, 1)
    assert "TRUST_NO_SYNTAX" in done.stderr, done.stderr
    node.__exit__()


@test
def a_list_of_peers_that_others_may_write_or_that_is_damaged_is_refused():
    node = Node()
    write(node, "peers", "repute-peers 1\n", mode=0o622)
    done = run(home=node.home)
    equal(done.returncode, 4)
    for text, line, error in (("repute-peers 1\npeer nobody -\n", 2, "TRUST_NO_SYNTAX"),
                              ("", 1, "TRUST_NO_VERSION"),
                              ("repute-peers 1\ninvite", 2, "TRUST_NO_SYNTAX")):
        path = write(node, "peers", text)
        done = run(home=node.home)
        equal(done.returncode, 1)
        for words in (error, f"file={path} line={line} ", "part=peers",
                      "mend the line of `peers`", "move it away"):
            assert words in done.stderr, (words, done.stderr)
    node.__exit__()


@test
def names_that_do_not_read_are_refused_with_their_line():
    node = Node()
    key = make("key 3")[0]
    for text, line, error in (("nobody -\n", 1, "TRUST_NO_KEY"),
                              (f"{key} muted\n\n", 2, "TRUST_NO_SYNTAX"),
                              (f"{key} muted\n{key} -\n", 2, "TRUST_NO_CONFLICT"),
                              (f"{key} muted bob", 1, "TRUST_NO_SYNTAX")):
        path = write(node, "names", text)
        done = run(home=node.home)
        equal(done.returncode, 1)
        for words in (error, f"file={path} line={line} ", "part=names",
                      "mend the line of `names`", "move it away"):
            assert words in done.stderr, (words, done.stderr)
    node.__exit__()


@test
def an_address_that_is_taken_is_refused_at_the_start():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        node = Node(config=f'link: {{ listen: "tcp://127.0.0.1:{taken.getsockname()[1]}" }}\n')
        done = run(home=node.home)
        equal(done.returncode, 1)
        for text in ("part=link", "TRUST_NO_CONFLICT", f":{taken.getsockname()[1]}",
                     "the address is in use", "choose another link.listen"):
            assert text in done.stderr, done.stderr
        node.__exit__()
    node = Node(config='link: { listen: "tcp://192.0.2.1:7717", newcomers: false }\n')
    done = run(home=node.home)
    equal(done.returncode, 1)
    for text in ("192.0.2.1:7717", "none of this machine's", "address of this machine"):
        assert text in done.stderr, done.stderr
    node.__exit__()


@test
def the_log_says_when_and_where_it_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with Node(config=f'link: {{ listen: "{address}" }}\n', operator=1) as node:
        line = next(line for line in node.log().splitlines() if " info started " in line)
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ info started version=", line), line
        for text in (f"listen={address} ", f"socket={node.socket()} ", "operator=rpt1",
                     "records=0"):
            assert text in line, line


@test
def an_empty_store_verifies():
    node = Node()
    node.start()
    equal(node.stop(), 0)
    done = run("--verify", home=node.home)
    equal((done.returncode, done.stdout), (0, "0 records of 0 authors, 0 complaints\n"))
    equal(run("--restore", "/nowhere", home=node.home).returncode, 1)
    node.__exit__()


def former(node):
    status = node.ask("GET", "/v1/status").json
    lines = [line for line in status["health"] if line["code"] == "operator_changed"]
    return status["records"], (lines[0]["text"], lines[0]["next"]) if lines else None


@test
def another_operator_is_told_of_until_a_start_says_that_it_is_meant():
    with Node(operator=1) as node:
        t = now_ms()
        equal(node.publish(f"rating 1 {t} {t // 1000 + 86400} mcp:io.example/a - 3 700 1 1"),
              ["TRUST_OK"])
        equal(former(node), (1, None))
        node.stop()
        key = write(node, "keys/operator.pub", make("key 2")[0] + "\n")
        node.start()
        records, (text, step) = former(node)
        equal((records, text),
              (1, "the operator changed: all records are kept, also those of 1 former one"))
        assert "--new-operator" in step, step
        node.stop()
        os.remove(key)
        done = run("--new-operator", home=node.home)
        equal(done.returncode, 1)
        assert "name the new one first" in done.stderr, done.stderr
        equal(run("--new-operator", "--verify", home=node.home).returncode, 2)
        write(node, "keys/operator.pub", make("key 2")[0] + "\n")
        node.start("--new-operator")
        equal(former(node), (1, None))
        node.stop()
        node.start()
        equal(former(node), (1, None))


if __name__ == "__main__":
    sys.exit(test.run())
