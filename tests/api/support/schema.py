"""docs/reference/openapi.json against what the node really answers: the part of JSON Schema that it
uses, and nothing else, so that a word nobody checks is an error."""
import json
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PATH = os.path.join(ROOT, "docs", "reference", "openapi.json")
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
         "integer": int, "number": (int, float)}
SAID_ELSEWHERE = {"description", "default", "format"}

with open(PATH, encoding="utf-8") as _file:
    DOCUMENT = json.load(_file)


def _is(value, name):
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def _fits_any(schema, value):
    for choice in schema:
        try:
            check(choice, value, "")
            return True
        except AssertionError:
            pass
    return False


def check(schema, value, where):
    """AssertionError, with the place, if the value does not fit."""
    if "$ref" in schema:
        check(DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], value, where)
        return
    for word, said in schema.items():
        if word == "type":
            names = said if isinstance(said, list) else [said]
            assert any(_is(value, name) for name in names), f"{where}: {value!r} is no {said}"
        elif word == "anyOf":
            assert _fits_any(said, value), f"{where}: {value!r} is none of what is allowed"
        elif word == "enum":
            assert value in said, f"{where}: {value!r} is not in {said}"
        elif value is None:
            pass
        elif word == "pattern":
            assert re.search(said, value), f"{where}: {value!r} is not of the form {said}"
        elif word in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
            size = value if word.endswith("imum") else len(value)
            assert (size >= said if word.startswith("min") else size <= said), \
                f"{where}: {value!r} breaks {word} {said}"
        elif word == "items":
            for index, item in enumerate(value):
                check(said, item, f"{where}/{index}")
        elif word == "required":
            missing = set(said) - set(value)
            assert not missing, f"{where}: {missing} missing"
        elif word == "properties":
            for name, item in value.items():
                if name in said:
                    check(said[name], item, f"{where}/{name}")
        elif word == "additionalProperties":
            for name in set(value) - set(schema.get("properties", {})):
                assert said is not False, f"{where}: {name} is not described"
                check(said, value[name], f"{where}/{name}")
        else:
            assert word in SAID_ELSEWHERE, f"{where}: nobody checks {word}"


def operation(method, target):
    """The operation that describes a request, or None."""
    path = target.split("?")[0]
    for pattern, methods in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            return methods.get(method.lower())
    return None


def check_answer(method, target, answer):
    """What a node answered must be what is described; only what is not there is not described."""
    described = operation(method, target)
    if described is None or method == "HEAD":
        assert answer.status in (200, 400, 404, 405, 413), (method, target, answer.status)
        return
    response = described["responses"].get(str(answer.status), described["responses"]["default"])
    kind = answer.type.split(";")[0]
    assert kind in response["content"], f"{method} {target}: type {kind} is not described"
    if answer.json is not None:
        check(response["content"][kind]["schema"], answer.json, f"{method} {target}")
