#!/usr/bin/python3
"""An MCP server of 2026-07-28 for tests, which knows nothing of earlier versions.

usage: modern.py FOLDER NAME

As moody.py: FOLDER/NAME.calls gets a line for each tools/call, NAME.pid its process id, NAME.mood
says what it does. Tools: look (reads), change, and ask, which wants to know a name first.
"""
import json
import os
import sys

FOLDER, NAME = sys.argv[1:3]
VERSION = "2026-07-28"
KEY = "io.modelcontextprotocol/"
TOOLS = [{"name": name, "inputSchema": {"type": "object"},
          "annotations": {"readOnlyHint": name == "look"}} for name in ("look", "change", "ask")]
CACHED = {"ttlMs": 0, "cacheScope": "private"}
QUESTION = {"method": "elicitation/create", "params": {
    "mode": "form", "message": "Which name?", "requestedSchema": {
        "type": "object", "properties": {"name": {"type": "string"}}}}}


def path(kind):
    return os.path.join(FOLDER, f"{NAME}.{kind}")


def read(kind, default):
    try:
        with open(path(kind), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return default


def say(message):
    sys.stdout.write(json.dumps({"jsonrpc": "2.0"} | message) + "\n")
    sys.stdout.flush()


def answer(number, result):
    say({"id": number, "result": {"resultType": "complete"} | result})


def refuse(number, code, message, data=None):
    say({"id": number, "error": {"code": code, "message": message} | (
        {} if data is None else {"data": data})})


def tell(method, params, number):
    say({"method": f"notifications/{method}",
         "params": params | {"_meta": {KEY + "subscriptionId": number}}})


def call(number, params):
    with open(path("calls"), "a", encoding="utf-8") as file:
        file.write(json.dumps(params) + "\n")
    mood = read("mood", "answer")
    if mood == "exit":
        os._exit(3)
    name = params["name"]
    if name == "ask" and "inputResponses" not in params:
        say({"id": number, "result": {"resultType": "input_required", "requestState": "half",
                                      "inputRequests": {"name": QUESTION}}})
        if mood == "ask and exit":
            os._exit(0)
        return
    if name == "ask":
        given = params["inputResponses"]["name"]
        name += f" {params['requestState']} {given['action']} {given['content']['name']}"
    if mood == "wrong":
        answer(number, {"structuredContent": []})
        return
    answer(number, {"content": [{"type": "text", "text": f"{NAME}: {name}"}]})


def listen(number, params):
    tell("subscriptions/acknowledged", {"notifications": params["notifications"]}, number)
    for uri in params["notifications"].get("resourceSubscriptions", []):
        tell("resources/updated", {"uri": uri}, number)


def handle(message):
    method, number = message.get("method"), message.get("id")
    params = message.get("params", {})
    meta = params.get("_meta", {})
    if number is None:
        return
    if method == "initialize":
        refuse(number, -32601, "Method not found")
    elif meta.get(KEY + "protocolVersion") != VERSION:
        refuse(number, -32022, "Unsupported protocol version", {
            "supported": [VERSION], "requested": meta.get(KEY + "protocolVersion", "")})
    elif KEY + "clientCapabilities" not in meta:
        refuse(number, -32602, "Who are you?")
    elif method == "server/discover":
        answer(number, CACHED | {
            "supportedVersions": [VERSION],
            "capabilities": {"tools": {"listChanged": True}, "resources": {"subscribe": True}},
            "_meta": {KEY + "serverInfo": {"name": NAME, "version": "1"}}})
    elif method == "tools/list":
        answer(number, CACHED | {"tools": TOOLS})
    elif method == "resources/templates/list":
        answer(number, CACHED | {"resourceTemplates": []})
    elif method == "tools/call":
        call(number, params)
    elif method == "subscriptions/listen":
        listen(number, params)
    else:
        refuse(number, -32601, "Method not found")


with open(path("pid"), "w", encoding="utf-8") as pid:
    pid.write(str(os.getpid()))
for line in sys.stdin:
    handle(json.loads(line))
