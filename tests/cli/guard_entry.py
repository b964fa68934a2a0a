#!/usr/bin/python3
"""The entry that starts the guard: what it has besides stays, and comes back with the server."""
from cli import main
from clients import Host
from installing import OWN, plain, read, run
from running import equal


def moved(text, verb="install", host=None):
    path = host.write("here/any.json", text)
    result = run(host, "guard", verb, "--file", path, "--yes", home=host.file("node"))
    equal((result.code, result.err), (0, ""))
    return read(path).decode()


def what_is_no_part_of_starting_it_stays_byte_for_byte():
    text = '''{
  "mcpServers": {
    // the first
    "one": {
      "disabled": true, "alwaysAllow": [ // some
        "read", "write",
      ],
      "command": "npx", "args": ["-y", "one"],
      "note": "\\u00e9 /* no comment */"
    },
    "two": { "timeout": 60, "command": "npx", "args": ["-y", "two"], "env": { "A": "1", "B": "${B}" } }
  }
}
'''
    with Host() as host:
        words = f'"command": "{OWN["command"]}",{{0}}"args": ["--home", "{host.file("node")}", ' \
            '"guard", "--group", "{1}"]'
        after = moved(text, host=host)
        equal(after, '''{
  "mcpServers": {
    // the first
    "one": {
      ''' + words.format("\n      ", "one") + ''',
      "disabled": true,
      "alwaysAllow": [ // some
        "read", "write",
      ],
      "note": "\\u00e9 /* no comment */"
    },
    "two": { ''' + words.format(" ", "two") + ''', "env": { "B": "${B}" }, "timeout": 60 }
  }
}
''')
        back = moved(after, "uninstall", host)
        equal(plain(back.replace("// some", "").encode()),
              plain(text.replace("// some", "").encode()))


def a_url_comes_back_as_its_client_says_it():
    with Host() as host:
        place = host.write("home/.codeium/windsurf/mcp_config.json",
                           '{"mcpServers": {"one": { "serverUrl": "https://x.example/mcp" }}}')
        before = read(place)
        for verb in ("install", "uninstall"):
            equal(run(host, "guard", verb, "--client", "windsurf", "--yes",
                      home=host.file("node")).code, 0)
        equal(read(place), before)
        after = moved('{"servers": {"one": { "type": "http", "url": "https://x.example/mcp", '
                      '"headers": { "X": "1" } }}}', host=host)
        equal(plain(after.encode())["servers"]["one"]["type"], "stdio")
        equal(moved(after, "uninstall", host),
              '{"servers": {"one": { "type": "http", "url": "https://x.example/mcp", '
              '"headers": { "X": "1" } }}}')


main(what_is_no_part_of_starting_it_stays_byte_for_byte, a_url_comes_back_as_its_client_says_it)
