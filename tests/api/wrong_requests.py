#!/usr/bin/python3
"""Every route of docs/reference/openapi.json against what is wrong with a request: no JSON, members
and parameters of each other type, out of range, missing, unknown, given twice; too much; another
method. Each is refused by name, with the place and a next step, and changes nothing. TAP."""
import re
import sys

import schema
from node import Node, Tests, equal, make, quote, record_file, refused
from orders import GROUP
from web import rating

test = Tests()
BODY_MAX = 1 << 20
METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"}
RECORDS = "application/vnd.repute.records"
OPERATOR_KEY, NODE_KEY = make("key 1", "node 1")
SAMPLES = {"Subject": "mcp:io.example/a", "Digest": "ab" * 32, "OperatorKey": OPERATOR_KEY,
           "NodeKey": NODE_KEY, "Lease": "ab" * 16}
# What a body needs besides, though the document cannot say so: a group, or candidates.
NEEDED = {"/v1/select": {"group": "search"}}
# One of each type. What a member may be is taken out; an integer is a number too.
VALUES = [("object", {}), ("array", []), ("string", "text"), ("integer", 7), ("number", 1.5),
          ("boolean", True)]
BROKEN = [(b"", "empty"), (b"{", "line 1"), (b"{}{}", "line 1"), (b"{'a': 1}", "line 1"),
          (b'{\n"a": 1,\n}', "line 3"), (b'{"a": nul}', "line 1"), (b'{"a": "\xff"}', "line 1"),
          (b'{"a": "\\ud800"}', "line 1"), (b'{"a": 1}\0', "line 1"),
          (b'{"a": "\\u0000"}', "no text holds a NUL"), (b'{"a": 1, "a": 1}', "duplicate"),
          (b'{"a": 1e999}', "line 1"), (b'{"a": ' + b"9" * 400 + b"}", "line 1"),
          (b'{"a":' * 50 + b"1" + b"}" * 50, "deeper"), (b"\x1f\x8b" + bytes(30), "line 1")]


# ---- what the document describes ----

def resolve(described):
    while "$ref" in described:
        described = schema.DOCUMENT["components"]["schemas"][described["$ref"].rsplit("/", 1)[1]]
    return described


def choices(described):
    """The schemas of which a value must fit one."""
    described = resolve(described)
    return [resolve(one) for one in described.get("anyOf", [described])]


def types(described):
    names = set()
    for one in choices(described):
        said = one.get("type")
        names |= set(said if isinstance(said, list) else [said])
    return names | ({"integer"} if "number" in names else set())


def sample(described):
    """A value that is right."""
    if "$ref" in described:
        name = described["$ref"].rsplit("/", 1)[1]
        if name in SAMPLES:
            return SAMPLES[name]
    if "anyOf" in described:
        return sample(described["anyOf"][0])
    described = resolve(described)
    if "enum" in described:
        return described["enum"][0]
    if "object" in types(described):
        return {name: sample(described["properties"][name]) for name in described["required"]}
    if "array" in types(described):
        return [sample(described["items"]) for _ in range(described.get("minItems", 0))]
    if "pattern" in described:
        digits = re.search(r"\{(\d+)\}", described["pattern"])
        return "ab" * (int(digits[1]) // 2) if digits else "/tmp/x"
    return {"string": "text", "boolean": True}.get(min(types(described) - {"null"}),
                                                   described.get("minimum", 0))


def places(described, path=()):
    """(path, schema) of every member and element, however deep."""
    for one in choices(described):
        for name, inner in one.get("properties", {}).items():
            yield path + (name,), inner
            yield from places(inner, path + (name,))
        if "items" in one:
            yield path + (0,), one["items"]
            yield from places(one["items"], path + (0,))


def objects(described, path=()):
    """(path, schema) of every object."""
    for one in choices(described):
        if one.get("type") == "object":
            yield path, one
    for where, inner in places(described, path):
        for one in choices(inner):
            if one.get("type") == "object":
                yield where, one


def body_of(target, described, path, value):
    """A body of the route that is right but for this value at this place."""
    body = body_with(described, path, value)
    return NEEDED.get(target, {}) | body if path[:1] != ("candidates",) else body


def body_with(described, path, value):
    if not path:
        return value
    step, rest = path[0], path[1:]
    wanted = "array" if isinstance(step, int) else "object"
    one = next(one for one in choices(described) if one.get("type") == wanted)
    if wanted == "array":
        return [body_with(one["items"], rest, value)]
    return sample(one) | {step: body_with(one["properties"].get(step, {}), rest, value)}


def pointer(path):
    return "".join(f"/{step}" for step in path)


def operations():
    """(method, target with good ids, operation)."""
    for path, methods in schema.DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), target_of(path, operation), operation


def target_of(path, operation):
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            value = sample(parameter["schema"])
            path = path.replace("{" + parameter["name"] + "}", quote(value))
    return path


def bodies():
    """(method, target, schema of the JSON body)."""
    for method, target, operation in operations():
        if "requestBody" in operation:
            yield method, target, operation["requestBody"]["content"]["application/json"]["schema"]


def state(node):
    """What wrong requests must leave as it is."""
    status = node.ask("GET", "/v1/status").json
    return [status["records"], status["servers"], status["quarantined"], status["store"]["fault"],
            *(node.ask("GET", path).json for path in
              ("/v1/names", "/v1/peers", "/v1/quarantine", "/v1/breakers", "/v1/pins"))]


def refuses(node, method, target, body, codes, *words):
    """A refusal that says this much, and a next step; or what was sent in the failure."""
    answer = node.ask(method, target, body)
    try:
        assert answer.code in codes, f"got {answer.code}, wanted one of {codes}"
        refused(answer, 413 if answer.code == "TRUST_NO_SIZE" else 400, answer.code, *words)
    except AssertionError as error:
        raise AssertionError(f"{method} {target} {str(body)[:200]}: {error}: "
                             f"{answer.status} {answer.body[:300]}") from error


# ---- bodies ----

@test
def no_route_takes_broken_json(node):
    before = state(node)
    for method, target, _ in bodies():
        for body, word in BROKEN:
            refuses(node, method, target, body, {"TRUST_NO_SYNTAX"}, word)
        for body in (b"[]", b'"text"', b"7", b"null"):
            refuses(node, method, target, body, {"TRUST_NO_TYPE", "TRUST_NO_SYNTAX"})
    equal(state(node), before)


@test
def no_member_is_taken_of_another_type(node):
    before = state(node)
    count = 0
    for method, target, described in bodies():
        for path, inner in places(described):
            for name, value in VALUES:
                if name not in types(inner):
                    body = body_of(target, described, path, value)
                    refuses(node, method, target, body, {"TRUST_NO_TYPE"}, pointer(path) + ": ")
                    count += 1
    assert count > 200, count
    equal(state(node), before)


@test
def no_member_is_taken_out_of_its_range(node):
    before = state(node)
    for method, target, described in bodies():
        for path, inner in places(described):
            for value in out_of_range(inner):
                refuses(node, method, target, body_of(target, described, path, value),
                        {"TRUST_NO_RANGE", "TRUST_NO_SYNTAX", "TRUST_NO_SUBJECT", "TRUST_NO_KEY"},
                        pointer(path) + ": ")
    equal(state(node), before)


def out_of_range(described):
    for one in choices(described):
        if "minimum" in one:
            yield one["minimum"] - 1
            yield -(2 ** 63)
        if "maximum" in one:
            yield one["maximum"] + 1
            yield 2 ** 63 - 1
        if "maxLength" in one:
            yield "a" * (one["maxLength"] + 1)
        if "minLength" in one:
            yield ""
            yield "a\x1b[2Jb"
        if "pattern" in one:
            yield "~"
        if "enum" in one:
            yield one["enum"][0] + "s"
        if one.get("minItems", 0) > 0:
            yield []
        if "maxItems" in one:
            yield [sample(one["items"])] * (one["maxItems"] + 1)


@test
def no_required_member_may_be_missing(node):
    before = state(node)
    for method, target, described in bodies():
        for path, inner in objects(described):
            for name in inner["required"]:
                less = {k: v for k, v in sample(inner).items() if k != name}
                for value in (less, less | {name: None}):
                    refuses(node, method, target, body_of(target, described, path, value),
                            {"TRUST_NO_TYPE"}, pointer(path + (name,)) + ": missing")
    equal(state(node), before)


@test
def no_unknown_member_is_passed_over(node):
    before = state(node)
    for method, target, described in bodies():
        for path, inner in objects(described):
            for name in ("more", "Subject", ""):
                refuses(node, method, target,
                        body_of(target, described, path, sample(inner) | {name: 1}),
                        {"TRUST_NO_OPTION"}, pointer(path + (name,)) + ": ")
    equal(state(node), before)


@test
def no_route_takes_a_body_over_its_bound(node):
    before = state(node)
    for method, target, _ in operations():
        if method != "GET":
            answer = node.ask(method, target, b" " * (BODY_MAX + 1))
            refused(answer, 413, "TRUST_NO_SIZE", "1048576")
    equal(state(node), before)


@test
def a_record_file_is_taken_where_it_belongs_and_nowhere_else(node):
    before = state(node)
    [record] = make(rating(1))
    kind = {"Content-Type": RECORDS}
    for method, target, _ in bodies():
        if target != "/v1/records":
            answer = node.ask(method, target, record_file([record]), headers=kind)
            refused(answer, 400, "TRUST_NO_SYNTAX", "line 1")
    # And what is none is none, whatever it is called.
    answer = node.ask("POST", "/v1/records", {"records": [record]}, headers=kind)
    refused(answer, 400, "TRUST_NO_SYNTAX")
    for other in ("text/plain", "application/octet-stream", RECORDS + "x", "\xff"):
        answer = node.ask("POST", "/v1/records", record_file([record]),
                          headers={"Content-Type": other})
        refused(answer, 400, "TRUST_NO_SYNTAX")
    equal(state(node), before)


# ---- methods, paths, parameters ----

@test
def other_methods_are_refused_with_those_there_are(node):
    before = state(node)
    for path, methods in schema.DOCUMENT["paths"].items():
        allowed = {method.upper() for method in methods}
        target = target_of(path, next(iter(methods.values())))
        for method in METHODS - allowed:
            answer = node.ask(method, target)
            refused(answer, 405, "TRUST_NO_METHOD", *allowed)
            equal(set(answer.headers["allow"].split(", ")), allowed)
    equal(state(node), before)


@test
def every_parameter_of_a_query_is_checked(node):
    before = state(node)
    for method, target, operation in operations():
        refused(node.ask(method, target + "?more=1"), 400, "TRUST_NO_OPTION", '"more"')
        for parameter in operation.get("parameters", ()):
            if parameter["in"] != "query":
                continue
            name, good = parameter["name"], quote(str(sample(parameter["schema"])))
            refused(node.ask(method, f"{target}?{name}={good}&{name}={good}"), 400,
                    "TRUST_NO_OPTION", f'"{name}"', "twice")
            wrong = ["", "x", "-1", "1.5", "1%20", "%00", "%ff", "9" * 40, "0x1"]
            wrong += [quote(str(value)) for value in out_of_range(parameter["schema"])]
            for value in wrong:
                answer = node.ask(method, f"{target}?{name}={value}")
                assert answer.status == 400 and answer.json["next"], (target, name, value)
    equal(state(node), before)


@test
def every_id_of_a_path_is_checked(node):
    before = state(node)
    typos = [key[:-1] + ("q" if key[-1] != "q" else "p") for key in (OPERATOR_KEY, NODE_KEY)]
    wrong = {"Subject": ["x", "mcp:", "MCP:io.example/a", "mcp:IO.example/a", "a" * 201, "https://",
                         "http://io.example/", "mcp:io.example/\x1b[2J", "mcp:io.example/\xff"],
             "OperatorKey": ["x", typos[0], OPERATOR_KEY[:-1], OPERATOR_KEY + "q", NODE_KEY,
                             OPERATOR_KEY.replace("rpt1", "rpt2")],
             "NodeKey": ["x", typos[1], NODE_KEY[:-1], NODE_KEY + "q", OPERATOR_KEY],
             "RecordPrefix": ["x", "abcdef0", "ABCDEF01", "g" * 8, "a" * 65, "abcdef0\xff"]}
    for path, methods in schema.DOCUMENT["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "path":
                    continue
                kind = parameter["schema"]["$ref"].rsplit("/", 1)[1]
                body = sample(operation["requestBody"]["content"]["application/json"]["schema"]) \
                    if "requestBody" in operation else None
                for value in wrong[kind]:
                    escaped = "".join(f"%{byte:02X}" for byte in value.encode("latin-1"))
                    target = path.replace("{" + parameter["name"] + "}", escaped)
                    words = ["typing error"] if value in typos else []
                    refuses(node, method.upper(), target, body,
                            {"TRUST_NO_SUBJECT", "TRUST_NO_KEY", "TRUST_NO_SYNTAX", "TRUST_NO_RANGE"}, *words)
    equal(state(node), before)


@test
def agents_are_refused_before_anything_is_read(node):
    before = state(node)
    for method, target, operation in operations():
        if operation["tags"] == ["operators"]:
            for body in (b"{", b'{"more": 1}', b" " * (BODY_MAX + 1)):
                answer = node.ask(method, target + "?more=1", None if method == "GET" else body,
                                  as_agent=True)
                refused(answer, 403, "TRUST_NO_PERMISSION")
                assert "operator.sock" in answer.json["next"], answer.json
    equal(state(node), before)


if __name__ == "__main__":
    with Node(GROUP, operator=1) as running:
        equal(running.ask("POST", "/v1/peers", {"key": NODE_KEY}).status, 200)
        sys.exit(test.run(running))
