#!/usr/bin/python3
"""How a client's file names this program and the instance that it was run for."""
import os

from cli import main
from clients import Host
from installing import OWN, plain, read, run
from running import equal


def the_home_and_the_path_are_carried_along():
    with Host() as host:
        path = host.file("here/any.json")
        equal(run(host, "mcp", "install", "--file", "any.json", "--yes", home="../node").code, 0)
        equal(plain(read(path))["mcpServers"]["repute"]["args"],
              ["--home", os.path.realpath(host.file("here")) + "/../node", "mcp", "serve"])
        os.makedirs(host.file("bin"))
        os.symlink(OWN["command"], host.file("bin/repute"))
        equal(run(host, "mcp", "install", "--file", "any.json", "--yes",
                  env={"PATH": "/nonexistent:" + host.file("bin")}).code, 0)
        equal(plain(read(path))["mcpServers"]["repute"],
              {"command": "repute", "args": ["mcp", "serve"]})
        # The second command is the first one of another program.
        host.write("other/repute", "")
        os.chmod(host.file("other/repute"), 0o755)
        run(host, "mcp", "install", "--file", "any.json", "--yes",
            env={"PATH": host.file("other") + ":" + host.file("bin")})
        equal(plain(read(path))["mcpServers"]["repute"], OWN)


main(the_home_and_the_path_are_carried_along)
