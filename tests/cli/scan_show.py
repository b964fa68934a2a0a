#!/usr/bin/python3
"""repute scan as people and scripts read it."""
from cli import main
from clients import Host, npx
from running import equal


def people_get_files_servers_steps_and_a_sum():
    with Host() as host:
        path = host.servers(web=npx("web-mcp"), own={"command": "node", "args": ["/srv/own.js"]})
        width = len(path)
        equal(host.scan(path).out.splitlines(), [
            f"{'FILE':{width}}  CLIENT  SERVERS  STATE",
            f"{path}  -       2        read",
            "",
            "CLIENT  SERVER  SUBJECT          VERDICT  SCORE  FLAGS  QUARANTINE",
            "-       web     pkg:npm/web-mcp  unknown  -      -      -",
            "-       own     -                unnamed  -      -      -",
            "",
            "what to do",
            "SERVER  BECAUSE                                             NEXT",
            "own     it runs files of this host, which no package names  start it from its package "
            "or image, or name its subject in a group of reputed.yaml",
            "",
            "2 servers: 0 withheld, 0 suspect, 0 flagged, 0 rated, 1 unknown, "
            "0 guarded, 1 without a subject",
            "No node answers, and none left its board here: only its list of withheld servers was "
            "looked at. Start one: `reputed`"])


def each_server_is_in_the_sum_and_each_without_a_subject_has_its_reason():
    with Host() as host:
        path = host.servers(work={"command": "repute", "args": ["guard", "--group", "work"]},
                            ask={"command": "repute", "args": ["mcp", "serve"]})
        lines = host.scan(path).out.splitlines()
        assert "ask     it is repute itself                              -" in lines, lines
        equal(lines[-2], "2 servers: 0 withheld, 0 suspect, 0 flagged, 0 rated, 0 unknown, "
                         "1 guarded, 1 without a subject")


def people_see_what_was_not_read():
    with Host() as host:
        path = host.write("here/x.json", "{")
        lines = host.scan(path).out.splitlines()
        equal(lines[3], "not read")
        equal(lines[4].split(), ["FILE", "LINE", "COLUMN", "FAULT", "NEXT"])
        assert lines[5].startswith(f"{path}  1     "), lines
        assert "  the file ends in the middle  " in lines[5], lines


def scripts_get_a_line_for_each_file_and_server():
    with Host() as host:
        path = host.servers(web=npx("web-mcp"))
        broken = host.write("here/x.json", "[1 2]")
        result = host.scan("--plain", path, broken)
        equal(result.code, 1)
        rows = [line.split("\t") for line in result.out.splitlines()]
        equal(rows[0], ["file", "-", path, "read", "1", "-", "-", "-"])
        equal(rows[1][:5] + rows[1][7:], ["file", "-", broken, "broken", "0", "not JSON"])
        equal(rows[2], ["server", "-", path, "-", "web", "pkg:npm/web-mcp", "unknown", "-", "-",
                        "-", "-", "-", "-"])
        equal(len(rows), 3)


def names_cannot_move_the_terminal_nor_forge_a_line():
    with Host() as host:
        path = host.servers(**{"\x1b[2Jx\ny\tz": npx("web-mcp"), "a": {
            "command": "repute", "args": ["guard", "--group", "$(reboot)"]}})
        for words in ((), ("--plain",)):
            out = host.scan(*words, path).out
            assert "\x1b" not in out, words
            assert "\\x1b[2Jx\\x0ay\\x09z" in out, out
            assert "reboot" not in out, out


main(people_get_files_servers_steps_and_a_sum,
     each_server_is_in_the_sum_and_each_without_a_subject_has_its_reason, people_see_what_was_not_read,
     scripts_get_a_line_for_each_file_and_server, names_cannot_move_the_terminal_nor_forge_a_line)
