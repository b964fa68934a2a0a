"""Who may include whom: the table of docs/explanation/house.md, cycles, foreign libraries."""
import os
import re

from .tree import Finding, Tree, bad, rule

LIBRARY = "libtrust/"
PUBLIC = "libtrust/include/trust/"
PURE = ("base", "record", "score", "gossip", "shield", "board", "engine")

# A layer and the layers that it may include, itself apart.
LAYERS = {
    "base": (),
    "record": ("base",),
    "score": ("base", "record"),
    "gossip": ("base", "record"),
    "shield": ("base",),
    "board": ("base", "shield"),
    "engine": ("base", "record", "score", "gossip", "shield"),
    "host": ("base", "record", "shield"),
    "client": ("base", "record", "shield", "board", "host"),
    "node": ("base", "record", "score", "gossip", "shield", "board", "engine", "host"),
    "wire": ("base",),
    "tools": ("base", "record", "client", "shield", "board", "host", "wire"),
}
# The rooms of tools/guard and the rooms that they may include; what stands in none brings all of
# them together. The router is pure, so it and what it needs see no socket, process or clock.
GUARD = "tools/guard/"
ROOMS = {
    "router": (),
    "offer": ("router",),
    "backend": ("router",),
    "face": ("router", "backend"),
    "http": ("router", "backend"),
    "session": ("router", "offer", "backend", "face"),
    "hall": ("face", "session"),
}
# The layer that owns a public header; the others (flag.h too: words that records and quarantine
# share) are base's.
PUBLIC_LAYERS = {
    "record": ("key.h", "subject.h", "record.h", "rating.h", "vouch.h", "alias.h",
               "revocation.h"),
    "score": ("score.h",),
    "shield": ("breaker.h", "select.h", "policy.h", "outcome.h", "answer.h", "cell.h"),
    "board": ("board.h",),
    "client": ("client.h",),
}
# Where the header of a library may be included, besides tests. msgpack-c only packs, so it stays
# with the codec; every ZeroMQ socket lives in the link process; agents never open the store.
LIBRARIES = {
    r"sodium\.h": ("libtrust/record/", "node/", "tools/"),
    r"msgpack": ("libtrust/record/",),
    r"lmdb\.h": ("node/store",),
    r"(czmq|zmq)\.h": ("node/link",),
    r"microhttpd\.h": ("node/api/", "tools/guard/hall/"),
    r"libfyaml\.h": ("libtrust/host/",),
    r"curl/": ("tools/guard/http/",),
    r"http_parser\.h": ("libtrust/client/",),
    r"jansson\.h": ("libtrust/client/", "node/api/", "tools/"),
}


def layer_of(path):
    """None: tests and examples, which may include everything."""
    if path.startswith(PUBLIC):
        name = path[len(PUBLIC):]
        return next((layer for layer, names in PUBLIC_LAYERS.items() if name in names), "base")
    parts = path.split("/")
    if parts[:2] == ["tools", "wire"]:
        return "wire"
    return {"libtrust": parts[1], "node": "node", "tools": "tools"}.get(parts[0])


def resolve(tree, path, name):
    """The path in the tree that an #include "name" of path means, or None."""
    folder = os.path.dirname(path)
    for base in (folder, os.path.dirname(folder), "libtrust", "libtrust/include", "node", "tools",
                 "tests", "."):
        candidate = os.path.normpath(os.path.join(base, name))
        if candidate in tree.files:
            return candidate
    return None


def edges(tree):
    """(source, include, path of what it includes) of every include of our own files."""
    for source in tree.c_files("libtrust/", "node/", "tools/", "tests/"):
        for include in source.includes():
            target = None if include.is_system else resolve(tree, source.path, include.name)
            if target is not None:
                yield source, include, target


def _is_allowed(source, target):
    layer, other = layer_of(source), layer_of(target)
    if layer is None or other == layer:
        return True
    if layer in ("tools", "wire") and target.startswith(PUBLIC):
        return True
    return other in LAYERS.get(layer, ())


@rule(Tree({"libtrust/score/x.c": '#include "gossip/y.h"\n', "libtrust/gossip/y.h": ""}),
      Tree({"libtrust/shield/x.c": '#include "trust/key.h"\n', PUBLIC + "key.h": ""}),
      Tree({"tools/repute/x.c": '#include "engine/y.h"\n', "libtrust/engine/y.h": ""}),
      Tree({"tools/wire/x.c": '#include "repute/y.h"\n', "tools/repute/y.h": ""}),
      Tree({"node/x.c": '#include "client/y.h"\n', "libtrust/client/y.h": ""}),
      Tree({"libtrust/base/x.c": '#include "tests/y.h"\n', "tests/y.h": ""}))
def layers(tree):
    for source, include, target in edges(tree):
        if not _is_allowed(source.path, target):
            yield Finding(source.path, include.line,
                          f'"{include.name}" is out of reach of {layer_of(source.path)}: move what '
                          "both need down, or bring it together in a layer above")


def room_of(path):
    """None: in none of the guard's."""
    parts = path[len(GUARD):].split("/") if path.startswith(GUARD) else []
    return parts[0] if len(parts) == 2 else None


@rule(Tree({GUARD + "router/x.c": '#include "guard/face/y.h"\n', GUARD + "face/y.h": ""}),
      Tree({GUARD + "session/x.c": '#include "guard/hall/y.h"\n', GUARD + "hall/y.h": ""}),
      Tree({GUARD + "face/x.c": '#include "guard/y.h"\n', GUARD + "y.h": ""}),
      Tree({GUARD + "attic/x.c": '#include "guard/router/y.h"\n', GUARD + "router/y.h": ""}))
def rooms_of_the_guard(tree):
    for source, include, target in edges(tree):
        room = room_of(source.path)
        if room is None or not target.startswith(GUARD) or room_of(target) == room:
            continue
        if room_of(target) not in ROOMS.get(room, ()):
            yield Finding(source.path, include.line,
                          f'"{include.name}" is out of reach of the room {room}: see ROOMS in '
                          "tests/tidyrules/layers.py")


@rule(Tree({"libtrust/base/x.h": '#include "base/y.h"\n',
            "libtrust/base/y.h": '#include "base/x.h"\n'}))
def no_include_cycle(tree):
    graph = {}
    for source, include, target in edges(tree):
        graph.setdefault(source.path, []).append((include.line, target))
    done = set()
    for start in sorted(graph):
        stack, trail = [(start, iter(graph[start]))], [start]
        while stack:
            path, remaining = stack[-1]
            line, target = next(remaining, (0, None))
            if target is None:
                done.add(path)
                stack.pop()
                trail.pop()
            elif target in trail:
                yield Finding(path, line, f"{target} includes this file: break the cycle")
            elif target not in done and target in graph:
                stack.append((target, iter(graph[target])))
                trail.append(target)


@rule(bad('#include "trust/trust.h"\n', "node/x.c"))
def no_umbrella_header_inside(tree):
    for source in tree.c_files("libtrust/", "node/", "tools/", "tests/unit/"):
        for include in source.includes():
            if include.name == "trust/trust.h":
                yield Finding(source.path, include.line,
                              "trust.h is for agents: include the headers that are used")


@rule(bad('#include <lmdb.h>\n', "tools/repute/x.c"), bad('#include <sodium.h>\n'))
def libraries_stay_in_their_place(tree):
    for source in tree.c_files("libtrust/", "node/", "tools/"):
        for include in source.includes():
            for pattern, folders in LIBRARIES.items():
                if re.match(pattern, include.name) and not source.path.startswith(folders):
                    yield Finding(source.path, include.line,
                                  f"<{include.name}> belongs to {' and '.join(folders)}")


@rule(bad('#include "trust/key.h"\n#include <stdint.h>\n'),
      bad('#include "base/y.h"\n#include "trust/key.h"\n'),
      bad('#include <stdint.h>\n#include "base/x.h"\n'))
def include_order(tree):
    """Own header, <system>, "trust/...", "layer/..."; sorting within is clang-format's."""
    for source in tree.c_files("libtrust/", "node/", "tools/", "tests/"):
        stem = os.path.basename(source.path)[:-2]
        last = -1
        has_own = False
        for include in source.includes():
            is_own = (not has_own
                      and os.path.basename(include.name) == stem + ".h"
                      and source.path.endswith(".c")
                      and (source.path.startswith("tests/") or include.name.startswith("trust/")
                           or (source.path[:-2] + ".h").endswith(include.name)))
            has_own = has_own or is_own
            rank = (1 if include.is_system else 0 if is_own else
                    2 if include.name.startswith("trust/") else 3)
            if rank < last:
                yield Finding(source.path, include.line,
                              'the order is: own header, <system>, "trust/...", "layer/..."')
                break
            last = rank
