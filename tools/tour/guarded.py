"""The steps of the tour with an agent behind `repute guard`: two real servers from npm, killed on
screen. Each shows something and checks that it is so."""
import fcntl
import json
import os
import signal
import struct
import termios

from agent import Agent
from scene import ARCHIVE, NOTES, NOTES_PRIMARY, NOTES_STANDBY, wait_until

WAIT_S = 30


def note_of(scene):
    return os.path.join(scene.notes, "today.txt")


def text(result):
    return result["content"][0]["text"]


def about(result):
    """What the guard says of a result."""
    return result.get("_meta", {}).get("io.repute/guard", {})


def unread(pid):
    """Bytes that wait on the standard input of a process."""
    with open(f"/proc/{pid}/fd/0", "rb", buffering=0) as pipe:
        size = fcntl.ioctl(pipe, termios.FIONREAD, struct.pack("i", 0))
    return struct.unpack("i", size)[0]


def is_standby(pid):
    with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
        return ARCHIVE in file.read()


def await_both(scene):
    """The stand-in was learned, and lives; the primary serves."""
    def both_serve():
        known = {row["subject"] for row in scene["alice"].ask("pins", "list")}
        return ({NOTES_PRIMARY, NOTES_STANDBY} <= known and len(scene.agent.servers()) == 2
                and ARCHIVE not in text(scene.agent.call("list_allowed_directories")))

    wait_until(WAIT_S, "both servers serve", both_serve)


def kill_mid_call(scene, tool, **arguments):
    """The primary is stopped before it reads the call, and killed when the call is there. Returns
    the answer."""
    await_both(scene)
    primary = next(pid for pid in scene.agent.servers() if not is_standby(pid))
    os.kill(primary, signal.SIGSTOP)
    number = scene.agent.send_call(tool, **arguments)
    wait_until(WAIT_S, "the call has reached the server", lambda: unread(primary))
    scene.screen.command(f"kill -9 {primary}    # it has the call, and has not answered")
    os.kill(primary, signal.SIGKILL)
    return scene.agent.answer(number)


def protect(scene):
    """An agent behind the guard"""
    screen, alice = scene.screen, scene["alice"]
    note = note_of(scene)
    os.makedirs(os.path.join(scene.notes, ARCHIVE))
    with open(note, "w", encoding="utf-8") as file:
        file.write("buy milk\n")
    screen.say("An agent of Alice works on a folder of notes through the file server from npm. Its "
               f"configuration names `repute guard --group {NOTES}` in the server's place; the group has "
               "the server twice, as primary and as stand-in. Nothing in the agent knows of it.")
    command = [alice.repute, "--home", alice.path, "guard", "--group", NOTES]
    screen.command(f"repute --home {alice.path} guard --group {NOTES}")
    scene.agent = Agent(command, os.path.join(alice.path, "log"))
    greeting = scene.agent.greet()
    tools = scene.agent.ask("tools/list")["tools"]
    screen.block(f"{greeting['serverInfo']['name']}: {len(tools)} tools")
    screen.check("read_text_file" in [tool["name"] for tool in tools],
                 "the agent sees the server's own tools, under their own names")
    answer = scene.agent.call("read_text_file", path=note)
    screen.check(text(answer) == "buy milk\n" and not about(answer),
                 "a call passes through as it is")


def kill_reader(scene):
    """The server is killed while it works on a call"""
    screen = scene.screen
    note = note_of(scene)
    answer = kill_mid_call(scene, "read_text_file", path=note)
    screen.block(text(answer) + json.dumps(about(answer), indent=1))
    screen.check(text(answer) == "buy milk\n", "the agent has its answer all the same")
    screen.check(about(answer) == {"reason": "failed_over", "from": NOTES_PRIMARY, "to": NOTES_STANDBY},
                 "the stand-in gave it, and the answer says so")


def kill_writer(scene):
    """The same with a call that changes something"""
    screen = scene.screen
    note = note_of(scene)
    screen.say("To repeat a read does no harm. This call may have been executed when its server died: "
               "nobody can know, so nobody repeats it.")
    change = {"path": note, "edits": [{"oldText": "milk", "newText": "milk and honey"}]}
    for answer in (kill_mid_call(scene, "edit_file", **change),
                   scene.agent.call("edit_file", **change)):
        screen.block(text(answer))
        screen.check(answer["isError"] and about(answer)["reason"] == "outcome_unknown"
                     and about(answer)["executed"] == "unknown",
                     "the agent is told that the outcome is unknown")
    with open(note, encoding="utf-8") as file:
        screen.check(file.read() == "buy milk\n", "the note was not changed twice, nor once")


def lose_all(scene):
    """No server is left, and the agent stays connected"""
    screen, agent = scene.screen, scene.agent
    folder, note = scene.notes, note_of(scene)
    screen.say("The folder of notes is moved away, so that neither server can start again.")
    await_both(scene)
    os.rename(folder, folder + ".away")
    servers = agent.servers()
    screen.command("kill -9 " + " ".join(map(str, servers)))
    for pid in servers:
        os.kill(pid, signal.SIGKILL)
    wait_until(WAIT_S, "the servers are gone", lambda: not set(servers) & set(agent.servers()))
    answer = agent.call("read_text_file", path=note)
    screen.block(text(answer))
    screen.check(answer["isError"] and about(answer)["status"] == "unavailable"
                 and about(answer)["executed"] == "no",
                 "the model is told what is unavailable, and not to work around it")
    os.rename(folder + ".away", folder)
    answers = []

    def serves():
        answers.append(agent.call("read_text_file", path=note))
        return not answers[-1].get("isError")

    took = wait_until(WAIT_S, "a server is there again", serves)
    screen.check(text(answers[-1]) == "buy milk\n",
                 f"the folder is back: {took:.1f} s later the same connection serves again")
    agent.close()
    scene.agent = None


STEPS = (protect, kill_reader, kill_writer, lose_all)
