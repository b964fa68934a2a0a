"""What nm says of the built library: purity, no hidden state, and exactly the listed exports."""
import os
import re
import subprocess

from .layers import PUBLIC, PURE
from .tree import Finding, Tree, rule

SYM = "libtrust/libtrust.sym"
HEADERS = "libtrust/meson.build"

# What pure objects may call besides each other. All of it computes on the caller's memory.
ALLOWED = re.compile("|".join((
    r"__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|abort",
    r"(__)?(mem(cpy|move|set|cmp|chr|mem)|str(len|nlen|cmp|ncmp|chr|rchr|spn|cspn))(_chk)?",
    r"bcmp|(__)?v?snprintf(_chk)?|qsort|bsearch",
    r"(exp|exp2|expm1|log|log2|log1p|log10|pow|sqrt|cbrt|fabs|floor|ceil|round|l?lround|l?lrint|rint"
    r"|fmod|fmin|fmax|isnan|isinf|ldexp|frexp|copysign|tanh?|sinh?|cosh?|atan2?|erf)f?",
    r"crypto_(?!.*(?<!_seed)_(keypair|keygen)$)\w+",
    r"sodium_(memzero|memcmp|is_zero|increment|add|bin2hex|compare|init)",
    r"msgpack_(pack|packer|sbuffer)\w*",
)))
# An object that may call more: name, what, and why.
ALLOWED_IN = {
    "board/mapping.c": (r"(__errno_location|close|fchmod|(fstat|mmap|open|posix_fallocate)(64)?|munmap"
                        r"|rename|unlink|__open(64)?_2)", "the board's file"),
    "engine/engine.c": (r"mmap(64)?|munmap", "the one map that all of the engine lives in"),
    "record/keyfile.c": ("sodium_(malloc|free)", "a seed being unsealed lives in guarded memory"),
    "record/sign.c": ("sodium_(malloc|free)", "a secret key lives in guarded memory"),
    "record/verify.c": ("sodium_library_version_major", "which equation the library verifies by"),
}


def _object_layer(path):
    return path.split("/")[0]


@rule(Tree({}, objects={"base/x.c": [("malloc", "U", "")]}),
      Tree({}, objects={"score/x.c": [("clock_gettime", "U", "")]}),
      Tree({}, objects={"gossip/x.c": [("randombytes_buf", "U", "")]}),
      Tree({}, objects={"record/x.c": [("crypto_sign_keypair", "U", "")]}),
      Tree({}, objects={"record/x.c": [("msgpack_unpack_next", "U", "")]}),
      Tree({}, objects={"shield/x.c": [("getenv", "U", ""), ("trust_y", "T", ".text")]}))
def libtrust_is_pure(tree):
    defined = {name for symbols in (tree.objects or {}).values()
               for name, kind, _ in symbols if kind not in "Uw"}
    for path, symbols in sorted((tree.objects or {}).items()):
        more = ALLOWED_IN.get(path, ("$^", ""))[0]
        for name, kind, _ in symbols:
            if _object_layer(path) in PURE and kind in "Uw" and name not in defined:
                if not (ALLOWED.fullmatch(name) or re.fullmatch(more, name)):
                    yield Finding("libtrust/" + path, 1,
                                  f"calls {name}: libtrust takes bytes, time and seeds, and reaches "
                                  "for nothing itself")


@rule(Tree({}, objects={"base/x.c": [("counter", "b", ".bss")]}),
      Tree({}, objects={"score/x.c": [("table", "d", ".data")]}))
def no_mutable_global(tree):
    for path, symbols in sorted((tree.objects or {}).items()):
        for name, _, section in symbols:
            if re.match(r"\.(data|bss|tdata|tbss)(?!\.rel\.ro)|\*COM\*", section):
                yield Finding("libtrust/" + path, 1,
                              f"{name} can change: const, or a member of somebody's struct")


def _listed(tree):
    text = tree.files.get(SYM, "")
    return re.findall(r"^\s+(\w+);$", text, re.M)


def _declared(tree):
    names = set()
    for source in tree.c_files(PUBLIC):
        code = re.sub(r"^\s*#.*$", "", source.code, flags=re.M)
        names.update(re.findall(r"\bTRUST_API\b[^;{(]*?(?:__attribute__\(\([^)]*\)\)\s*)?"
                                r"\b(\w+)\(", code))
    return names


def _control(sym, header, exported):
    lines = "".join(f"    {name};\n" for name in sym)
    return Tree({SYM: f"LIBTRUST_0 {{\nglobal:\n{lines}local:\n    *;\n}};\n",
                 PUBLIC + "x.h": header}, exported=exported)


_A, _B = "TRUST_API TRUST_MUST_USE int\ntrust_a(int x);\n", "TRUST_API int trust_b(int x);\n"


@rule(_control(["trust_a"], "", ["trust_a"]), _control(["trust_a"], _A, []),
      _control([], _A, []), _control(["trust_b", "trust_a"], _A + _B, ["trust_a", "trust_b"]))
def exports_are_the_declared_and_listed(tree):
    if SYM not in tree.files:
        return
    listed = _listed(tree)
    if listed != sorted(set(listed)):
        yield Finding(SYM, 1, "sort the names, each once")
    for name in sorted(set(listed) ^ _declared(tree)):
        yield Finding(SYM, 1, f"{name}: list here what a public header marks TRUST_API, no more")
    if tree.exported is not None:
        for name in sorted(set(listed) ^ set(tree.exported)):
            yield Finding(SYM, 1, f"{name}: the built library and this list differ")


@rule(Tree({PUBLIC + "x.h": "", HEADERS: "trust_headers = files()\n"}))
def public_headers_are_installed(tree):
    listed = set(re.findall(r"'include/trust/(\w+\.h)'", tree.files.get(HEADERS, "")))
    for source in tree.c_files(PUBLIC):
        if os.path.basename(source.path) not in listed:
            yield Finding(source.path, 1, f"list it in {HEADERS}, or make it internal")


def read_objects(archive):
    """{"base/arena.c": [(symbol, kind, section)]} of a static library, as meson names objects."""
    text = subprocess.run(["nm", "--format=sysv", archive], capture_output=True, text=True,
                          check=True).stdout
    objects, symbols = {}, None
    for line in text.split("\n"):
        start = re.search(r"(\w+)\.c\.o(?:\]:|:)$", line.rstrip())
        columns = [column.strip() for column in line.split("|")]
        if start:
            symbols = objects.setdefault(start[1].replace("_", "/", 1) + ".c", [])
        elif len(columns) == 7 and columns[0] != "Name":
            symbols.append((columns[0], columns[2], columns[6]))
    assert objects, f"nm shows no object in {os.path.basename(archive)}"
    return objects


def read_exports(library):
    text = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True,
                          check=True).stdout
    names = [line.split()[2].split("@")[0] for line in text.splitlines()]
    return [name for name in names if not re.fullmatch(r"LIBTRUST_\d+", name)]
