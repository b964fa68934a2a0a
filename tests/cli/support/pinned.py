"""Files of pins as a guard writes them (docs/reference/pins.md), made without it."""
import hashlib
import json

SERVER = "mcp:io.example/search@1.4.2"
TIME = "2027-01-15T08:00:00Z"
GREETING = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
            "serverInfo": {"name": "s", "version": "1"}, "instructions": "Be kind."}
A = {"name": "a", "description": "Searches.", "annotations": {"readOnlyHint": True}}
# A tag character, which nobody sees and every model reads.
A_OTHER = A | {"description": "Searches.\U000e0041"}
B = {"name": "b"}


def digest(purpose, value=None):
    form = "" if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"),
                                               ensure_ascii=False)
    return hashlib.sha256((purpose + form).encode()).hexdigest()


def tool_digest(definition):
    return digest("repute-pin-tool-v1", definition)


def form(definition):
    return definition and {"digest": tool_digest(definition),
                           "definition": json.dumps(definition, ensure_ascii=False)}


def tool(pinned, offered=None):
    return {"name": (pinned or offered)["name"], "since": TIME, "pinned": form(pinned),
            "offered": form(offered), "rejected": None}


def server(greeting):
    instructions = {key: greeting[key] for key in ("instructions",) if key in greeting}
    return {"instructions": digest("repute-pin-instructions-v1", instructions),
            "prompts": digest("repute-pin-prompts-v1"),
            "templates": digest("repute-pin-templates-v1"), "greeting": json.dumps(greeting)}


def entry(*tools, subject=SERVER, offered=None):
    return {"subject": subject, "capabilities": "ab" * 32, "first": TIME, "seen": TIME,
            "accepted": None, "pinned": server(GREETING), "offered": offered and server(offered),
            "tools": list(tools)}


def put(home, *entries, group="search"):
    """The file of a group."""
    return home.write(f"pins/{group}.json", json.dumps({"version": 1, "pins": list(entries)}))


def get(home, group="search"):
    """The entries of the file."""
    return json.loads(home.read(f"pins/{group}.json"))["pins"]
