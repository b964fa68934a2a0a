#!/usr/bin/python3
"""An MCP server for tests: it writes down each call, and then does what its mood says.

usage: moody.py FOLDER NAME [TOOL...]

FOLDER/NAME.calls gets a line for each tools/call; FOLDER/NAME.pid its process id. FOLDER/NAME.mood
is read at each call; without it the call is answered. FOLDER/NAME.tools, if there, is a JSON array
that takes the place of the tools. With FOLDER/NAME.nap it waits so many seconds before it reads.
"""
import json
import os
import sys
import time

FOLDER, NAME = sys.argv[1:3]
WORDS = sys.argv[3:] or ["look", "change"]


def path(kind):
    return os.path.join(FOLDER, f"{NAME}.{kind}")


def read(kind, default):
    try:
        with open(path(kind), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return default


def say(message):
    sys.stdout.write(message if isinstance(message, str) else json.dumps(message))
    sys.stdout.write("\n")
    sys.stdout.flush()


def tools():
    own = read("tools", "")
    return json.loads(own) if own else [
        {"name": word, "inputSchema": {"type": "object"},
         "annotations": {"readOnlyHint": word.startswith("look")}} for word in WORDS]


def call(message):
    with open(path("calls"), "a", encoding="utf-8") as file:
        file.write(json.dumps(message["params"]) + "\n")
    text = f"{NAME}: {message['params']['name']}"
    answer = {"jsonrpc": "2.0", "id": message["id"],
              "result": {"content": [{"type": "text", "text": text}]}}
    mood = read("mood", "answer")
    if mood == "talk":
        answer["result"]["content"].append({"type": "text", "text": "x" * 20000})
    if mood == "hang":
        return
    if mood == "exit":
        print("out of order", file=sys.stderr, flush=True)
        os._exit(3)
    if mood == "answer and exit":
        say(answer)
        os._exit(0)
    if mood == "garbage":
        say("{this is no message")
        return
    if mood == "slow":
        time.sleep(0.3)
    if mood == "fail":
        answer = {"jsonrpc": "2.0", "id": message["id"],
                  "error": {"code": -32603, "message": "broken"}}
    say(answer)
    if mood == "twice":
        say(answer)


def handle(message):
    method = message.get("method")
    if method == "tools/call":
        call(message)
    elif method == "initialize":
        say({"jsonrpc": "2.0", "id": message["id"], "result": {
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": {"name": NAME, "version": "1"}}})
    elif method == "tools/list":
        say({"jsonrpc": "2.0", "id": message["id"], "result": {"tools": tools()}})
    elif "id" in message and "method" in message:
        say({"jsonrpc": "2.0", "id": message["id"],
             "error": {"code": -32601, "message": "Method not found"}})


with open(path("pid"), "w", encoding="utf-8") as pid:
    pid.write(str(os.getpid()))
time.sleep(float(read("nap", "0")))
for line in sys.stdin:
    handle(json.loads(line))
