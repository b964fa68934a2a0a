#!/usr/bin/python3
"""An MCP server of both eras that says something besides its answers, for tests of HTTP.

usage: chatty.py FOLDER NAME

Each call is served on a thread of its own. FOLDER/NAME.calls gets a line for each, .cancelled one
for each that was cancelled, with the name of its tool; .pid its process id. Its tools:
  look     answers, with its name and the arguments
  wait     answers once FOLDER/NAME.go is there
  tell     tells of its progress, three times, then answers
  ask      asks the client for its roots, answers with what it got
  log      writes "count" lines of "size" to the log, then answers
  big      answers with "size" characters
  route    as look; its argument "region" stands in a header as well
"""
import json
import os
import sys
import threading
import time

FOLDER, NAME = sys.argv[1:3]
META = "io.modelcontextprotocol/"
TOOLS = ["look", "wait", "tell", "ask", "log", "big", "route"]

lock = threading.Lock()
answers = {}
asked = [0]
names = {}


def path(kind):
    return os.path.join(FOLDER, f"{NAME}.{kind}")


def note(kind, text):
    with lock, open(path(kind), "a", encoding="utf-8") as file:
        file.write(text + "\n")


def say(message):
    with lock:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def tell(method, params):
    say({"jsonrpc": "2.0", "method": method, "params": params})


def wait_for(condition):
    while not condition():
        time.sleep(0.01)


def ask_roots():
    with lock:
        asked[0] += 1
        number = f"{NAME}-{asked[0]}"
    say({"jsonrpc": "2.0", "id": number, "method": "roots/list"})
    wait_for(lambda: number in answers)
    return json.dumps(answers.pop(number))


def serve(message):
    params = message["params"]
    name, arguments = params["name"], params.get("arguments", {})
    meta = params.get("_meta", {})
    note("calls", json.dumps({"name": name, "arguments": arguments}))
    text = f"{NAME}: {name} {json.dumps(arguments, sort_keys=True)}"
    if name == "wait":
        wait_for(lambda: os.path.exists(path("go")))
    elif name == "tell":
        for step in range(3):
            tell("notifications/progress",
                 {"progressToken": meta["progressToken"], "progress": step + 1, "total": 3})
    elif name == "ask":
        text = ask_roots()
    elif name == "log":
        for number in range(arguments["count"]):
            tell("notifications/message",
                 {"level": "info", "data": f"{number} " + "x" * arguments["size"]})
    elif name == "big":
        text = "x" * arguments["size"]
    result = {"content": [{"type": "text", "text": text}]}
    if META + "protocolVersion" in meta:
        result["resultType"] = "complete"
    say({"jsonrpc": "2.0", "id": message["id"], "result": result})


def tools():
    found = []
    for name in TOOLS:
        schema = {"type": "object"}
        if name == "route":
            schema["properties"] = {"region": {"type": "string", "x-mcp-header": "Region"}}
        found.append({"name": name, "inputSchema": schema,
                      "annotations": {"readOnlyHint": name == "look"}})
    return found


def listen(message):
    meta = {META + "subscriptionId": message["id"]}
    tell("notifications/subscriptions/acknowledged",
         {"_meta": meta, "notifications": message["params"]["notifications"]})
    tell("notifications/prompts/list_changed", {"_meta": meta})


def result_of(message):
    params = message.get("params", {})
    kind = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
    is_modern = META + "protocolVersion" in params.get("_meta", {})
    offer = {"capabilities": {"tools": {"listChanged": True}, "logging": {}},
             "serverInfo": {"name": NAME, "version": "1"}}
    if message["method"] == "initialize":
        return offer | {"protocolVersion": params["protocolVersion"]}
    if message["method"] == "server/discover":
        return offer | {"supportedVersions": ["2026-07-28"]} | kind
    if message["method"] == "tools/list":
        return {"tools": tools()} | (kind if is_modern else {})
    return None


def handle(message):
    method = message.get("method")
    if method == "tools/call":
        names[message["id"]] = message["params"]["name"]
        threading.Thread(target=serve, args=(message,), daemon=True).start()
    elif method == "notifications/cancelled":
        note("cancelled", names.get(message["params"]["requestId"], "listen"))
    elif method == "subscriptions/listen":
        listen(message)
    elif method is None:
        answers[message["id"]] = message.get("result")
    elif "id" in message:
        result = result_of(message)
        end = {"result": result} if result is not None else {
            "error": {"code": -32601, "message": "Method not found"}}
        say({"jsonrpc": "2.0", "id": message["id"]} | end)


with open(path("pid"), "w", encoding="utf-8") as pid:
    pid.write(str(os.getpid()))
for line in sys.stdin:
    handle(json.loads(line))
