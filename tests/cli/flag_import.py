#!/usr/bin/python3
"""`repute flag import`: a scanner's report becomes drafts, and nothing else of it does."""
import hashlib
import json
import os
import re
import sys

from cli import SUBJECT, Home, main, refused
from teletype import Teletype

REPORTS, ROOT = sys.argv[3:5]
MANIFEST = "ab" * 32


def report(name):
    return os.path.join(REPORTS, name)


def imported(home, *words, code=0, **options):
    result = home.json("flag", "import", *words, **options)
    assert result.code == code, (words, result)
    return result.document


def rows(document, *verdicts):
    """(verdict, severity, class, rule, server, subject, count) of the findings, or of some."""
    return [(row["verdict"], row["severity"], row["class"], row["rule"], row["server"],
             row["subject"], row["count"]) for row in document["findings"]
            if not verdicts or row["verdict"] in verdicts]


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def mcp_scan(*findings, **connection):
    return json.dumps({"totalScanned": 1, "results": [
        {"serverName": "x", "findings": [{"id": rule, "severity": severity, "description": "text"}
                                         for rule, severity in findings],
         "connection": connection or {"url": "https://x.example/mcp"}}]})


def a_real_report_of_mcp_scan_blames_no_server_for_a_configuration():
    with Home() as home:
        document = imported(home, report("mcp_scan.json"), code=1)
        with open(report("mcp_scan.json"), "rb") as file:
            digest = hashlib.blake2b(file.read(), digest_size=32).hexdigest()
        equal((document["format"], document["output"]), ("mcp-scan", digest))
        equal((document["scanned"], document["drafts"], document["unscanned"]), (7, 1, 0))
        files = "pkg:npm/%40modelcontextprotocol/server-files"
        equal(rows(document, "draft", "no_version", "no_subject"), [
            ("draft", "medium", "impersonation", "mcp-scan.typosquat-detection", "typo",
             files + "ytem", 1),
            ("no_subject", "medium", "exposure", "mcp-scan.data-exfiltration-risk", "evil", None,
             1),
            ("no_subject", "medium", "exposure", "mcp-scan.network-egress-raw-ip", "evil", None,
             1),
            ("no_subject", "low", "other", "mcp-scan.unverified-source", "remoteproxy", None, 1),
            ("no_version", "high", "vulnerability", "mcp-scan.known-vulnerability-high",
             "filesystem", files + "ystem", 2)])
        assert ("configuration", "critical", "other", "mcp-scan.exposed-secret", "evil", None,
                1) in rows(document)
        draft, = home.ok("drafts", "list")
        equal((draft["subject"], draft["severity"], draft["class"], draft["rule"],
               draft["output"], draft["manifest"], draft["expires_in_s"]),
              (files + "ytem", "medium", "impersonation", "mcp-scan.typosquat-detection", digest,
               None, 180 * 86400))
        equal(draft["draft"], document["findings"][0]["draft"])


def a_real_sarif_needs_a_subject():
    with Home() as home:
        document = imported(home, report("mcp_scan.sarif"), code=1)
        equal((document["format"], document["drafts"]), ("sarif", 0))
        equal(home.ok("drafts", "list"), [])
        document = imported(home, report("mcp_scan.sarif"), "--subject", SUBJECT)
        equal(rows(document, "draft"), [
            ("draft", "high", "vulnerability", "mcp-scan.known-vulnerability-high", None, SUBJECT,
             2),
            ("draft", "medium", "exposure", "mcp-scan.data-exfiltration-risk", None, SUBJECT, 1),
            ("draft", "medium", "exposure", "mcp-scan.network-egress-raw-ip", None, SUBJECT, 1),
            ("draft", "medium", "impersonation", "mcp-scan.typosquat-detection", None, SUBJECT,
             1),
            ("draft", "low", "other", "mcp-scan.unverified-source", None, SUBJECT, 1)])
        equal(len(home.ok("drafts", "list")), 5)


def agent_scan_names_its_servers_by_their_launch():
    with Home() as home:
        document = imported(home, report("agent_scan_0_5.json"), code=1)
        search = "pkg:npm/%40acme/search@1.4.2"
        equal((document["format"], document["scanned"], document["unscanned"]),
              ("agent-scan", 3, 1))
        equal(rows(document), [
            ("draft", "high", "poisoning", "agent-scan.E001", "search", search, 2),
            ("draft", "low", "injection", "agent-scan.W001", "remote",
             "https://mcp.acme.example/mcp", 1),
            ("unscanned", None, "other", None, "broken", "pkg:pypi/acme-broken", 1),
            ("configuration", "medium", "other", "agent-scan.TF001", None, None, 1),
            ("not_a_server", "high", "other", "agent-scan.E004", "helper", None, 1),
            ("notice", "medium", "other", "agent-scan.W003", "remote",
             "https://mcp.acme.example/mcp", 1)])


def agent_scan_without_launches_needs_a_subject_for_each():
    with Home() as home:
        path = report("agent_scan_0_6.json")
        document = imported(home, path, code=1)
        equal((document["drafts"], document["scanned"], document["unscanned"]), (0, 2, 1))
        document = imported(home, path, "--server", "github", "--subject", SUBJECT)
        equal(rows(document), [
            ("draft", "critical", "poisoning", "agent-scan.prompt_injection_tool_desc", "github",
             SUBJECT, 1),
            ("draft", "low", "exposure", "agent-scan.destructive_capabilities", "github", SUBJECT,
             1)])
        # Nobody looked at this one.
        document = imported(home, path, "--server", "broken", "--subject", SUBJECT, code=1)
        equal(rows(document), [("unscanned", None, "other", None, "broken", None, 1)])


def cisco_has_three_forms():
    remote = "https://mcp.acme.example/mcp"
    with Home() as home:
        document = imported(home, report("cisco_raw.json"), code=1)
        equal((document["format"], document["scanned"], document["unscanned"]), ("cisco", 3, 1))
        equal(rows(document), [
            ("draft", "high", "injection", "cisco.yara.prompt-injection", remote, remote, 2),
            ("draft", "medium", "exposure", "cisco.yara.code-execution", remote, remote, 1),
            ("unscanned", None, "other", None, remote, remote, 2)])
        document = imported(home, report("cisco_bare.json"), "--subject", SUBJECT)
        equal(rows(document), [
            ("draft", "high", "injection", "cisco.yara.prompt-injection", "search", SUBJECT, 1),
            ("draft", "medium", "exposure", "cisco.yara.code-execution", "search", SUBJECT, 1)])
        document = imported(home, report("cisco_techniques.json"))
        equal(rows(document), [
            ("draft", "high", "vulnerability", "cisco.yara.AISubtech-9.1.4",
             "stdio:npx -y @acme/search@1.4.2", "pkg:npm/%40acme/search@1.4.2", 1)])


def sarif_of_other_tools_goes_by_score_and_weakness():
    with Home() as home:
        document = imported(home, report("tool.sarif"), "--subject", SUBJECT)
        equal(rows(document), [
            ("draft", "critical", "vulnerability", "CodeQL.js.command-line-injection", None,
             SUBJECT, 2),
            ("draft", "high", "malware", "CodeQL.acme.embedded-code", None, SUBJECT, 1),
            ("draft", "high", "exposure", "CodeQL.js.clear-text-logging", None, SUBJECT, 1),
            ("draft", "low", "other", "CodeQL.js.unused-local-variable", None, SUBJECT, 1),
            ("notice", None, "exposure", "CodeQL.js.clear-text-logging", None, None, 1),
            ("suppressed", "critical", "vulnerability", "CodeQL.js.command-line-injection", None,
             None, 1)])
        document = imported(home, report("agent_scan.sarif"), "--subject", SUBJECT, code=1)
        equal(rows(document), [
            ("draft", "high", "poisoning", "agent-scan.E001", None, SUBJECT, 1),
            ("draft", "low", "injection", "agent-scan.W001", None, SUBJECT, 1),
            ("unscanned", "medium", "other", "agent-scan.X001", None, None, 1)])


def a_clean_report_is_one_only_if_somebody_looked():
    with Home() as home:
        document = imported(home, "-", stdin=mcp_scan())
        equal((document["scanned"], document["findings"]), (1, []))
        nothing = json.dumps({"totalScanned": 0, "results": []})
        document = imported(home, "-", code=1, stdin=nothing)
        equal((document["scanned"], document["findings"]), (0, []))
        result = home.run("flag", "import", "-", stdin=nothing)
        assert result.code == 1 and "that is no clean one" in result.out, result
        # A scanner's own error stays one beside findings.
        document = imported(home, "-", code=1, stdin=mcp_scan(("unicode-injection", "HIGH"),
                                                              ("scanner-error", "LOW")))
        equal((document["drafts"], document["unscanned"]), (1, 1))


def the_same_report_twice_is_the_same_drafts():
    with Home() as home:
        text = mcp_scan(("unicode-injection", "HIGH"), ("unicode-injection", "LOW"),
                        ("tool-name-shadow", "MEDIUM"))
        first = imported(home, "-", stdin=text)
        equal([row["count"] for row in first["findings"]], [2, 1])
        equal(imported(home, "-", stdin=text)["findings"], first["findings"])
        equal(len(home.ok("drafts", "list")), 2)


def manifest_and_expiry_go_into_every_draft():
    with Home() as home:
        imported(home, "-", "--manifest", MANIFEST.upper(), "--expires", "2d",
                 stdin=mcp_scan(("unicode-injection", "HIGH"), ("tool-name-shadow", "LOW")))
        equal([(draft["manifest"], draft["expires_in_s"]) for draft in home.ok("drafts", "list")],
              [(MANIFEST, 2 * 86400)] * 2)


def no_word_of_the_scanner_is_in_a_draft():
    secret = "IGNORE-ALL-PREVIOUS-INSTRUCTIONS"
    text = json.dumps({"totalScanned": 1, "results": [
        {"serverName": secret, "toolName": secret, "configPath": secret,
         "connection": {"command": "npx", "args": ["@acme/search@1.4.2", secret]},
         "findings": [{"id": "unicode-injection", "severity": "HIGH", "description": secret,
                       "fixRecommendation": secret},
                      {"id": secret.replace("-", " "), "severity": "CRITICAL"},
                      {"id": "\x1b[2J\u202e", "severity": "CRITICAL"}]}]})
    with Home() as home:
        document = imported(home, "-", code=1, stdin=text)
        equal(rows(document, "rule_name"),
              [("rule_name", "medium", "other", None, secret, "pkg:npm/%40acme/search@1.4.2", 2)])
        draft, = home.ok("drafts", "list")
        content = home.read(f"drafts/{draft['draft']}")
        assert secret.encode() not in content and b"ext" not in content, content
        assert b"\nrule mcp-scan.unicode-injection\n" in content, content


def control_characters_of_a_name_reach_no_terminal():
    text = json.dumps({"totalScanned": 1, "results": [
        {"serverName": "a\x1b[2J\r\n\t\u202eb" + "n" * 500, "findings":
         [{"id": "unicode-injection", "severity": "HIGH"}]}]})
    with Home() as home:
        for form in ((), ("--plain",), ("--json",)):
            result = home.run(*form, "flag", "import", "-", stdin=text)
            assert result.code == 1, result
            assert not set(result.out) & {"\x1b", "\r", "\u202e"}, result
            assert "a?[2J??????b" + "n" * 52 in result.out, result
            assert "n" * 53 not in result.out, result
        equal(len(home.run("--plain", "flag", "import", "-", stdin=text).out.splitlines()), 1)


def one_subject_is_not_that_of_two_servers():
    two = json.dumps({"totalScanned": 2, "results": [
        {"serverName": name, "findings": [{"id": "unicode-injection", "severity": "HIGH"}]}
        for name in ("first", "second")]})
    with Home() as home:
        for words in (("--subject", SUBJECT), ("--manifest", MANIFEST)):
            error = refused(home.json("flag", "import", "-", *words, stdin=two),
                            "TRUST_NO_CONFLICT", 2)
            assert '"first" and "second"' in error["message"] and "--server" in error["next"], error
        equal(home.ok("drafts", "list"), [])
        document = imported(home, "-", "--subject", SUBJECT, "--server", "second", stdin=two)
        equal(rows(document), [("draft", "high", "injection", "mcp-scan.unicode-injection",
                                "second", SUBJECT, 1)])
        error = refused(home.json("flag", "import", "-", "--server", "third", stdin=two),
                        "TRUST_NO_FOUND", 1)
        assert '"third"' in error["message"], error


def a_subject_overrides_what_the_report_says():
    with Home() as home:
        document = imported(home, "-", "--subject", "HTTPS://Y.example:443/mcp/",
                            stdin=mcp_scan(("unicode-injection", "HIGH")))
        equal(document["findings"][0]["subject"], "https://y.example/mcp")
        for subject in ("http://127.0.0.1:1/x", "no id"):
            refused(home.json("flag", "import", "-", "--subject", subject,
                              stdin=mcp_scan(("unicode-injection", "HIGH"))),
                    "TRUST_NO_SUBJECT", 2)


def broken_reports_are_refused_with_their_place():
    table = (
        ("", "TRUST_NO_SYNTAX", "-: 1:0: it ends too early", "standard output"),
        ('{\n "results": [\n', "TRUST_NO_SYNTAX", "-: 3:0: it ends too early", "standard output"),
        ("2026-01-01 INFO scanning\n[]", "TRUST_NO_SYNTAX", "-: 1:4: no JSON", "its log"),
        ("{}", "TRUST_NO_TYPE", "no report of a scanner that is known", "--format"),
        ('{"totalScanned": 1, "results": [{"findings": [7]}]}', "TRUST_NO_TYPE",
         "-: results[0].findings[0]: expected an object", "--format"),
        ('{"version": "2.2.0", "runs": []}', "TRUST_NO_VERSION", "expected 2.1.0", "2.1.0"),
        ("[" * 100_000, "TRUST_NO_SIZE", "1:65: nested too deeply", "fewer"),
        ('["' + "x" * (48 << 20) + '"]', "TRUST_NO_SIZE", "longer than 50331648 bytes",
         "fewer"),
    )
    with Home() as home:
        for text, code, message, next_step in table:
            error = refused(home.json("flag", "import", "-", stdin=text), code, 1)
            assert message in error["message"], error
            assert next_step in error["next"], error
        refused(home.json("flag", "import", "/nowhere/at/all"), "TRUST_NO_FOUND", 1)
        refused(home.json("flag", "import", home.path), "TRUST_NO_FOUND", 1)
        refused(home.json("flag", "import", report("mcp_scan.json"), "--format", "sarif"),
                "TRUST_NO_VERSION", 1)
        refused(home.json("flag", "import"), "TRUST_NO_SIZE", 2)
        refused(home.json("flag", "import", "-", "--format", "xml"), "TRUST_NO_OPTION", 2)
        equal(home.ok("drafts", "list"), [])


def more_drafts_than_there_is_room_for_are_none():
    many = mcp_scan(*((f"rule-{number}", "LOW") for number in range(4097)))
    with Home() as home:
        error = refused(home.json("flag", "import", "-", stdin=many), "TRUST_NO_ROOM", 1)
        assert "4097" in error["message"] and "4096" in error["message"], error
        equal(home.ok("drafts", "list"), [])


def a_report_of_a_hundred_thousand_findings_is_read():
    many = mcp_scan(*(("tool-name-shadow", "LOW"), ("unicode-injection", "HIGH")) * 50_000)
    with Home() as home:
        document = imported(home, "-", stdin=many)
        equal([(row["rule"], row["count"]) for row in document["findings"]],
              [("mcp-scan.unicode-injection", 50_000), ("mcp-scan.tool-name-shadow", 50_000)])


def page_of(scanner):
    """rule -> (class or what else it is, at most) of the reference page."""
    with open(os.path.join(ROOT, "docs", "reference", "scanners.md"), encoding="utf-8") as file:
        section = file.read().split(f"\n## {scanner}\n")[1].split("\n## ")[0]
    rules = {}
    for names, kind, most in re.findall(r"^\| (`.*?`) \| (\w+) \| (\w*) ?\|", section, re.M):
        for name in re.findall(r"`([^`]+)`", names):
            assert name not in rules, name
            rules[name] = (kind, most)
    return rules


def rules_of(source):
    with open(os.path.join(ROOT, "tools", "repute", source), encoding="utf-8") as file:
        return set(re.findall(r"\b(?:SERVER|VERSION|ELSE)\(\"([^\"]+)\"", file.read()))


WORDS = {"configuration": "configuration", "skill": "not_a_server", "notice": "notice",
         "failure": "unscanned"}


def cut(prefix, name):
    """What is longer than a rule may be ends in its hash."""
    if len(prefix + name) <= 48:
        return prefix + name
    content = f"{prefix[:-1]}\0{name}".encode()
    return (prefix + name)[:39] + "-" + hashlib.blake2b(content, digest_size=32).hexdigest()[:8]


def check_page(scanner, source, prefix, text_of):
    """Each rule of the page, said to be critical, comes out as the page says."""
    page = page_of(scanner)
    equal(set(page), rules_of(source))
    assert len(page) > 20, page
    with Home() as home:
        got = {row["rule"]: row for row in
               home.json("flag", "import", "-", stdin=text_of(page)).document["findings"]}
    for name, (kind, most) in page.items():
        row = got[cut(prefix, name)]
        if kind in WORDS:
            equal((name, row["verdict"]), (name, WORDS[kind]))
        else:
            equal((name, row["verdict"], row["class"], row["severity"]),
                  (name, "draft", kind, most))


def the_reference_says_what_each_rule_becomes():
    launch = {"command": "npx", "args": ["@acme/search@1.4.2"]}
    check_page("npm mcp-scan", "report_mcp_scan.c", "mcp-scan.",
               lambda page: mcp_scan(*((name, "CRITICAL") for name in page), **launch))
    check_page("Cisco mcp-scanner", "report_cisco.c", "cisco.yara.", lambda page: json.dumps(
        {"server_url": "https://x.example/mcp", "scan_results": [
            {"status": "completed", "findings": {"yara_analyzer": {
                "severity": "CRITICAL", "threats": {"items": [{"items": [
                    {"sub_technique_id": name} for name in page]}]}}}}]}))


def the_reference_of_agent_scan_has_both_of_its_forms():
    """Codes have their own severity, so the page's "at most" is seen where that is higher."""
    page = page_of("Snyk agent-scan")
    equal(set(page), rules_of("report_agent_scan.c"))
    codes = {name for name in page if not name.islower()}
    text = json.dumps({"/x": {"path": "/x", "servers": [
        {"name": "x", "server": {"url": "https://x.example/mcp"}, "signature": {}}],
        "issues": [{"code": code, "reference": [0, None]} for code in codes]}})
    risks = json.dumps({"scan_path_responses": [{"server_risks": [
        {"name": "x", "risk_indexes": {name: {"score": 1000} for name in set(page) - codes}}]}]})
    with Home() as home:
        found = home.json("flag", "import", "-", stdin=text).document["findings"]
        found += imported(home, "-", "--subject", SUBJECT, stdin=risks)["findings"]
    equal(len(found), len(page))
    for row in found:
        name = row["rule"].removeprefix("agent-scan.")
        kind, most = page[name]
        equal((name, row["verdict"]), (name, WORDS.get(kind, "draft")))
        if kind not in WORDS:
            equal((name, row["class"], row["severity"]), (name, kind, most))


def people_read_what_to_do_next():
    with Home() as home:
        result = home.run("flag", "import", report("mcp_scan.json"))
        assert result.code == 1 and result.err == "", result
        for part in ("BECOMES", "1 drafts, ", "no_subject: name the server with --subject",
                     "no_version: pin the version", "next: `repute publish`"):
            assert part in result.out, (part, result)


def on_a_terminal(home, answer, *words):
    terminal = Teletype("--home", home.path, *words)
    return terminal.answer(answer), terminal.seen.decode()


def review_shows_and_asks():
    path = report("cisco_techniques.json")
    with Home() as home:
        for answer in ("", "n", "Y?", "no"):
            code, seen = on_a_terminal(home, answer, "flag", "import", path, "--review")
            assert code == 1 and "no draft is written" in seen, (answer, seen)
            assert "cisco.yara.AISubtech-9.1.4" in seen[:seen.index("Write 1 draft?")], seen
            equal(home.ok("drafts", "list"), [])
        for words in (("flag", "import"), ("--json", "flag", "import")):
            code, seen = on_a_terminal(home, "y", *words, path, "--review")
            equal((code, len(home.ok("drafts", "list"))), (0, 1))
        result = home.json("flag", "import", path, "--review", no_terminal=True)
        equal((result.code, result.refusal), (2, "TRUST_NO_OPTION"))
        # The findings stand beside the document, not in it.
        assert "cisco.yara.AISubtech-9.1.4" in result.err, result


main(a_real_report_of_mcp_scan_blames_no_server_for_a_configuration, a_real_sarif_needs_a_subject,
     agent_scan_names_its_servers_by_their_launch,
     agent_scan_without_launches_needs_a_subject_for_each, cisco_has_three_forms,
     sarif_of_other_tools_goes_by_score_and_weakness, a_clean_report_is_one_only_if_somebody_looked,
     the_same_report_twice_is_the_same_drafts, manifest_and_expiry_go_into_every_draft,
     no_word_of_the_scanner_is_in_a_draft, control_characters_of_a_name_reach_no_terminal,
     one_subject_is_not_that_of_two_servers, a_subject_overrides_what_the_report_says,
     broken_reports_are_refused_with_their_place, more_drafts_than_there_is_room_for_are_none,
     a_report_of_a_hundred_thousand_findings_is_read, the_reference_says_what_each_rule_becomes,
     the_reference_of_agent_scan_has_both_of_its_forms, people_read_what_to_do_next,
     review_shows_and_asks)
