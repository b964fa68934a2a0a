"""Each source has its test, at the place where one looks for it."""
from .tree import Finding, bad, rule

# Files that only bring others together have no unit of their own; the reason says what runs them.
COMPOSITION = {
    "node/api/api.c": "opens, closes and turns the resources; every test of tests/api/ runs it",
    "node/api/routes.c": "the table of routes; tests/api/openapi.py reads all of it",
    "node/link_main.c": "one call, which every node makes; tests/api/start.py starts it by hand",
    "node/main.c": "options, then one call; tests/api/start.py gives each of them",
    "tools/guard/hall/hall.c": "hands connections to sessions; tests/e2e/guard_face.py runs it",
    "tools/guard/hall/hall_answer.c": "hands answers to the library; tests/e2e/guard_face.py runs it",
    "tools/guard/hall/hall_visit.c": "hands requests to judges and sessions; tests/e2e/guard_face.py "
                                "runs it",
    "tools/guard/session/loop.c": "waits, and turns the session; tests/e2e/guard.py runs it",
    "tools/guard/main.c": "one call of program.c",
    "tools/guard/main_http.c": "one call of program.c",
    "tools/guard/program.c": "options, then one call; tests/e2e/guard.py gives each of them",
    "tools/guard/hall/sessions.c": "wires faces and sessions; tests/e2e/guard_face.py runs it",
    "tools/guard/session/session.c": "wires the router's events and actions; tests/e2e/guard.py runs it",
    "tools/guard/serve.c": "wires one session, its face and the loop; tests/e2e/guard.py runs it",
    "tools/guard/session/starts.c": "starts and stops a session's backends; tests/e2e/guard.py has each case",
    "tools/guard/start.c": "finds home and group and opens a session; tests/e2e/guard.py runs it",
    "tools/mcp/main.c": "options, then one call; tests/cli/mcp_serve.py makes it",
    "tools/repute/commands.c": "the table of subcommands; tests/cli/help.py reads all of it",
    "tools/repute/guard.c": "becomes another program; tests/e2e/guard.py calls it",
    "tools/repute/main.c": "one call; every test of tests/cli/ makes it",
}


def homes_of(path):
    """Where the test of a source may stand."""
    stem = path[:-2]
    parts = stem.split("/")
    name = parts[-1]
    if parts[0] == "libtrust":
        return [f"tests/unit/{'/'.join(parts[1:])}.c"]
    homes = [f"tests/unit/{stem}.c"]
    if parts[0] == "node":
        homes += [f"tests/api/{name}.py", f"tests/crash/{name}.py"]
    elif parts[:2] == ["tools", "repute"]:
        homes += [f"tests/cli/{name}.py"]
    elif parts[0] == "tools":
        homes += [f"tests/{parts[1]}/{name}.py"]
    return homes


@rule(bad("int trust_x(void)\n{\n}\n"), bad("int main(void)\n{\n}\n", "tools/repute/x.c"),
      bad("int x(void)\n{\n}\n", "node/api/x.c"))
def every_source_has_its_test(tree):
    for source in tree.c_files("libtrust/", "node/", "tools/"):
        if source.path.endswith(".h") or source.path in COMPOSITION:
            continue
        homes = homes_of(source.path)
        if not any(home in tree.files for home in homes):
            yield Finding(source.path, 1, f"write {' or '.join(homes)}")
