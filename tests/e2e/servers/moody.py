#!/usr/bin/python3
"""An MCP server for tests: it writes down each call, and then does what its mood says.

usage: moody.py FOLDER NAME [TOOL...]

It writes for each tools/call a line to FOLDER/NAME.calls, its process id to FOLDER/NAME.pid, and
what it is answered itself to FOLDER/NAME.heard. These, if they are there, say what it does:
  NAME.mood      read at each call; without it the call is answered
  NAME.raw       what it writes instead of an answer in the mood `raw`, and for ever in the mood
                 `flood`; @ID@ is the id of the call
  NAME.tools     a JSON array, as it is written, in the place of the tools
  NAME.prompts   a JSON array of prompts; without it there are none
  NAME.restless  its tools change every so many seconds, all but the first, and it says so
  NAME.nap       it waits so many seconds before it reads
  NAME.copy      it leaves the last line that it read in NAME.line
A tool whose name begins with ask wants to know a name first, by elicitation.
"""
import itertools
import json
import os
import sys
import threading
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
    line = message if isinstance(message, str) else json.dumps(message)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


TURN = itertools.count()


def tools():
    """As text: what a file says is passed on as it is written."""
    return read("tools", "") or json.dumps(own_tools())


def own_tools():
    if read("restless", ""):
        turn = next(TURN)
        return [{"name": word, "inputSchema": {"type": "object"}, "description": f"{word} {turn}"
                 if word != WORDS[0] else word, "annotations": {"readOnlyHint": True}}
                for word in WORDS + [f"new{turn}"]]
    return [
        {"name": word, "inputSchema": {"type": "object"},
         "annotations": {"readOnlyHint": word.startswith("look")}} for word in WORDS]


def call(message):
    with open(path("calls"), "a", encoding="utf-8") as file:
        file.write(json.dumps(message["params"]) + "\n")
    text = f"{NAME}: {message['params']['name']}"
    if message["params"]["name"].startswith("ask"):
        say({"jsonrpc": "2.0", "id": "question", "method": "elicitation/create", "params": {
            "message": "Which name?", "requestedSchema": {
                "type": "object", "properties": {"name": {"type": "string"}}}}})
        given = json.loads(sys.stdin.buffer.readline())["result"]
        text += f" {given['action']} {given['content']['name']}"
    answer = {"jsonrpc": "2.0", "id": message["id"],
              "result": {"content": [{"type": "text", "text": text}]}}
    mood = read("mood", "answer")
    if mood in ("raw", "flood"):
        with open(path("raw"), "rb") as file:
            data = file.read().replace(b"@ID@", json.dumps(message["id"]).encode())
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        while mood == "flood":
            os.write(1, data * 64)
        return
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


def handle(line):
    message = json.loads(line)
    if read("copy", ""):
        with open(path("line"), "wb") as file:
            file.write(line)
    method = message.get("method")
    if method == "tools/call":
        call(message)
    elif method == "initialize":
        say({"jsonrpc": "2.0", "id": message["id"], "result": {
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {"listChanged": True}} | (
                {"prompts": {}} if read("prompts", "") else {}),
            "serverInfo": {"name": NAME, "version": "1"}}})
    elif method == "tools/list":
        say(f'{{"jsonrpc": "2.0", "id": {message["id"]}, "result": {{"tools": {tools()}}}}}')
    elif method == "prompts/list" and read("prompts", ""):
        say({"jsonrpc": "2.0", "id": message["id"],
             "result": {"prompts": json.loads(read("prompts", ""))}})
    elif method == "prompts/get" and read("prompts", ""):
        say({"jsonrpc": "2.0", "id": message["id"], "result": {"messages": [
            {"role": "user", "content": {"type": "text", "text": f"{NAME}: prompt"}}]}})
    elif "method" not in message:
        with open(path("heard"), "ab") as file:
            file.write(line)
    elif "id" in message:
        say({"jsonrpc": "2.0", "id": message["id"],
             "error": {"code": -32601, "message": "Method not found"}})


def fidget():
    while True:
        time.sleep(float(read("restless", "1")))
        say({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})


with open(path("pid"), "w", encoding="utf-8") as pid:
    pid.write(str(os.getpid()))
time.sleep(float(read("nap", "0")))
if read("restless", ""):
    threading.Thread(target=fidget, daemon=True).start()
for line in sys.stdin.buffer:
    handle(line)
