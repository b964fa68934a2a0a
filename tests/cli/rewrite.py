#!/usr/bin/python3
"""A file that is written anew: links lead to it, its mode and owner stay, the old one is kept."""
import json
import os
import stat

from cli import main
from clients import Host
from installing import OWN, plain, read, run
from running import equal


def a_link_is_followed_and_the_mode_stays():
    with Host() as host:
        real = host.write("dotfiles/mcp.json", '{"mcpServers": {}}')
        os.chmod(real, 0o640)
        link = host.file("home/.cursor/mcp.json")
        os.makedirs(os.path.dirname(link))
        os.symlink("../../dotfiles/mcp.json", link)
        document = json.loads(run(host, "--json", "mcp", "install", "--client", "cursor",
                                  "--yes").out)
        equal((document["file"], document["backup"]), (real, real + ".repute-backup"))
        assert os.path.islink(link)
        equal(plain(read(link))["mcpServers"], {"repute": OWN})
        equal([stat.S_IMODE(os.stat(name).st_mode) for name in (real, real + ".repute-backup")],
              [0o640, 0o640])
        equal(sorted(os.listdir(host.file("dotfiles"))), ["mcp.json", "mcp.json.repute-backup"])


def the_owner_stays():
    if os.geteuid() != 0:
        return  # only root can give files away
    with Host() as host:
        path = host.write("here/any.json", "{}")
        os.chown(path, 1234, 2345)
        equal(run(host, "mcp", "install", "--file", "any.json", "--yes").code, 0)
        for name in (path, path + ".repute-backup"):
            equal((os.stat(name).st_uid, os.stat(name).st_gid), (1234, 2345))


def every_copy_is_kept():
    with Host() as host:
        path = host.write("here/any.json", "{}")
        for number in range(1, 4):
            before = read(path)
            verb = "install" if number % 2 else "uninstall"
            document = json.loads(run(host, "--json", "mcp", verb, "--file", path, "--yes").out)
            copy = path + ".repute-backup" + ("" if number == 1 else f"-{number}")
            equal((document["backup"], read(copy)), (copy, before))


def where_nothing_can_be_written_the_file_stands():
    if os.geteuid() == 0:
        return  # no mode keeps root out
    with Host() as host:
        path = host.write("closed/any.json", "{}")
        os.chmod(host.file("closed"), 0o500)
        result = run(host, "--json", "mcp", "install", "--file", path, "--yes")
        os.chmod(host.file("closed"), 0o700)
        equal((result.code, result.refusal), (4, "TRUST_NO_PERMISSION"))
        equal((os.listdir(host.file("closed")), read(path)), (["any.json"], b"{}"))


def a_copy_is_not_for_everybody():
    with Host() as host:
        path = host.write("here/any.json", '{"mcpServers": {"a": {"env": {"KEY": "secret"}}}}')
        os.chmod(path, 0o664)
        equal(run(host, "mcp", "install", "--file", "any.json", "--yes").code, 0)
        equal([stat.S_IMODE(os.stat(name).st_mode) for name in (path, path + ".repute-backup")],
              [0o664, 0o660])


main(a_link_is_followed_and_the_mode_stays, the_owner_stays, every_copy_is_kept,
     a_copy_is_not_for_everybody, where_nothing_can_be_written_the_file_stands)
