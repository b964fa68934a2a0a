/* repute/launch: which server a line of a configuration starts. Most lines stand in the READMEs of
 * public servers and clients; the rest are what could be mistaken for another server. */
#include "repute/launch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX 24
#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* What is pinned is marked by a "!" behind its subject. */
struct row {
    const char *words[WORDS_MAX]; /* command and arguments */
    const char *wanted;           /* subject, or the gap's name in brackets */
};

static const struct row rows[] = {
    /* npm and its kin */
    {{"npx", "-y", "@modelcontextprotocol/server-memory"},
     "pkg:npm/%40modelcontextprotocol/server-memory"},
    {{"npx", "-y", "@modelcontextprotocol/server-filesystem", "/data/docs", "/data/more"},
     "pkg:npm/%40modelcontextprotocol/server-filesystem"},
    {{"npx", "-y", "@upstash/context7-mcp@latest"}, "pkg:npm/%40upstash/context7-mcp"},
    {{"npx", "-y", "@upstash/context7-mcp@1.0.14", "--api-key", "k"},
     "pkg:npm/%40upstash/context7-mcp@1.0.14!"},
    {{"npx", "@playwright/mcp@latest", "--headless"}, "pkg:npm/%40playwright/mcp"},
    {{"npx", "--yes", "--package=mcp-swarm", "mcp-swarm-remote", "--url", "https://x.example"},
     "pkg:npm/mcp-swarm"},
    {{"npx", "-y", "-p", "rote-toolkit@0.5.0", "rote-mcp"}, "pkg:npm/rote-toolkit@0.5.0!"},
    {{"npx", "-p", "a", "-p", "b", "c"}, "[packages]"},
    {{"npx", "-y", "firecrawl-mcp@^1.2"}, "pkg:npm/firecrawl-mcp"},
    {{"npx", "-y", "firecrawl-mcp@1"}, "pkg:npm/firecrawl-mcp"},
    {{"npx", "-y", "x-mcp@v1.2.3-rc.1"}, "pkg:npm/x-mcp@1.2.3-rc.1!"},
    {{"npx", "appcypher/awesome-mcp-servers"}, "pkg:github/appcypher/awesome-mcp-servers"},
    {{"npx", "-y", "github:Acme/Search#" COMMIT}, "pkg:github/acme/search@" COMMIT "!"},
    {{"npx", "-y", "git+https://github.com/acme/search.git#main"}, "pkg:github/acme/search"},
    {{"npx", "-y", "https://example.com/server.tgz"}, "[source]"},
    {{"npx", "./server"}, "[local_file]"},
    {{"npx", "-y", "${input:package}"}, "[variable]"},
    {{"npx", "-y", "Search"}, "[name]"},
    {{"npx", "-y"}, "[option]"},
    {{"npx", "--registry", "https://npm.corp.example", "x"}, "[other_registry]"},
    {{"npx", "--brand-new", "x", "y"}, "[option]"},
    {{"npx", "-c", "x-mcp --port 1"}, "[shell]"},
    {{"npm", "exec", "--yes", "--", "x-mcp"}, "pkg:npm/x-mcp"},
    {{"npm", "--silent", "exec", "x-mcp"}, "pkg:npm/x-mcp"},
    {{"npm", "run", "start"}, "[local_file]"},
    {{"pnpm", "dlx", "x-mcp@2.0.0"}, "pkg:npm/x-mcp@2.0.0!"},
    {{"yarn", "dlx", "x-mcp"}, "pkg:npm/x-mcp"},
    {{"bunx", "--no-cache", "apple-mcp@latest"}, "pkg:npm/apple-mcp"},
    {{"bunx", "-y", "--package", "rote-toolkit@latest", "rote-mcp"}, "pkg:npm/rote-toolkit"},
    {{"bun", "x", "@mcp-vertex/core", "--plugins=proposals"}, "pkg:npm/%40mcp-vertex/core"},
    {{"bun", "run", "src/index.ts"}, "[local_file]"},
    {{"npx", "tsx", "src/index.ts"}, "[local_file]"},
    {{"npx -y @acme/search"}, "pkg:npm/%40acme/search"},
    /* uv, pipx */
    {{"uvx", "mcp-server-fetch"}, "pkg:pypi/mcp-server-fetch"},
    {{"uvx", "awslabs.core-mcp-server@latest"}, "pkg:pypi/awslabs-core-mcp-server"},
    {{"uvx", "mcp_server_git==0.6.2", "--repository", "/r"}, "pkg:pypi/mcp-server-git@0.6.2!"},
    {{"uvx", "blender-mcp@1.1"}, "pkg:pypi/blender-mcp@1.1!"},
    {{"uvx", "--with", "mcp<2", "postgres-mcp", "--access-mode=unrestricted"},
     "pkg:pypi/postgres-mcp"},
    {{"uvx", "--from", "git+https://github.com/oraios/serena", "serena", "start-mcp-server"},
     "pkg:github/oraios/serena"},
    {{"uvx", "--from", "x-mcp[cli]>=1", "x"}, "pkg:pypi/x-mcp"},
    {{"uvx", "--from", "x-mcp[cli]==1.2", "x"}, "pkg:pypi/x-mcp@1.2!"},
    {{"uvx", "--from", "x @ git+https://gitlab.com/a/b@v1.0", "x"}, "pkg:gitlab/a/b@v1.0"},
    {{"uvx", "--from", "./x", "x"}, "[local_file]"},
    {{"uvx", "--index-url", "https://pypi.corp.example/simple", "x"}, "[other_registry]"},
    {{"uv", "tool", "run", "--python", "3.12", "x-mcp"}, "pkg:pypi/x-mcp"},
    {{"uv", "--directory", "/srv/weather", "run", "weather.py"}, "[local_file]"},
    {{"uv", "run", "--with", "mcp[cli]", "mcp", "run", "server.py"}, "[local_file]"},
    {{"pipx", "run", "--no-cache", "omnara", "--stdio", "--api-key", "k"}, "pkg:pypi/omnara"},
    {{"pipx", "run", "--spec", "x-mcp==2.1.0", "x"}, "pkg:pypi/x-mcp@2.1.0!"},
    {{"python", "-m", "mcp_server_time"}, "[module]"},
    {{"/opt/venv/bin/python3.12", "server.py"}, "[local_file]"},
    /* containers */
    {{"docker", "run", "-i", "--rm", "-e", "GITHUB_PERSONAL_ACCESS_TOKEN",
      "ghcr.io/github/github-mcp-server"},
     "pkg:oci/ghcr.io/github/github-mcp-server"},
    {{"docker", "run", "-i", "--rm", "--mount", "type=bind,src=/a,dst=/b", "mcp/filesystem", "/b"},
     "pkg:oci/docker.io/mcp/filesystem"},
    {{"docker", "run", "-it", "--rm", "-eKEY=v", "--network=host", "mcp/x:1.2.0"},
     "pkg:oci/docker.io/mcp/x@1.2.0"},
    {{"docker", "run", "--rm", "--interactive", "--env", "L=ERROR",
      "xebiams/terraform-mcp-server:latest"},
     "pkg:oci/docker.io/xebiams/terraform-mcp-server"},
    {{"docker", "run", "-i", "mcp/x:1.2@" DIGEST}, "pkg:oci/docker.io/mcp/x@" DIGEST "!"},
    {{"docker", "run", "-i", "index.docker.io/mcp/x"}, "pkg:oci/docker.io/mcp/x"},
    {{"docker", "--context", "c", "run", "-i", "mcp/x"}, "pkg:oci/docker.io/mcp/x"},
    {{"docker", "run", "--rm", "--name", "n", "mcp-cockroachdb"}, "[local_image]"},
    {{"docker", "run", "-i", "localhost:5000/x"}, "[local_image]"},
    {{"docker", "run", "--brand-new", "x/y", "a/b"}, "[option]"},
    {{"docker", "exec", "-i", "box", "server"}, "[container]"},
    {{"docker", "mcp", "gateway", "run"}, "[container]"},
    {{"podman", "run", "-i", "--rm", "quay.io/acme/x"}, "pkg:oci/quay.io/acme/x"},
    /* other launchers */
    {{"node", "/opt/falkordb/dist/stdio.js"}, "[local_file]"},
    {{"node", "--no-warnings", "/usr/lib/node_modules/@acme/x/dist/index.js"}, "pkg:npm/%40acme/x"},
    {{"node", "/a/node_modules/b/node_modules/c/i.js"}, "pkg:npm/c"},
    {{"node", "-e", "require('x')"}, "[shell]"},
    {{"deno", "run", "-A", "npm:@acme/x@1.2.3"}, "pkg:npm/%40acme/x@1.2.3!"},
    {{"deno", "run", "--allow-net", "--allow-env=A", "/srv/main.ts"}, "[local_file]"},
    {{"deno", "run", "-A", "jsr:@denext/denext/cli", "mcp"}, "[source]"},
    {{"go", "run", "github.com/acme/x/cmd/y@v1.2.3"}, "pkg:golang/github.com/acme/x/cmd/y@v1.2.3!"},
    {{"go", "run", "."}, "[local_file]"},
    {{"dnx", "Acme.Mcp@1.0.0", "--yes"}, "pkg:nuget/acme.mcp@1.0.0!"},
    {{"github-mcp-server", "stdio"}, "[program]"},
    {{"java", "-jar", "x.jar"}, "[local_file]"},
    /* wrappers */
    {{"cmd", "/c", "npx", "-y", "cowork-terminal-mcp"}, "pkg:npm/cowork-terminal-mcp"},
    {{"C:\\Program Files\\nodejs\\npx.cmd", "-y", "x-mcp"}, "pkg:npm/x-mcp"},
    {{"cmd", "/c", "C:/x/start.bat"}, "[program]"},
    {{"/usr/bin/env", "-i", "A=b", "npx", "x-mcp"}, "pkg:npm/x-mcp"},
    {{"env", "NPM_CONFIG_REGISTRY=https://npm.corp.example", "npx", "x"}, "[other_registry]"},
    {{"bash", "-lc", "exec npx -y '@acme/x' --flag"}, "pkg:npm/%40acme/x"},
    {{"sh", "-c", "A=1 uvx x-mcp"}, "pkg:pypi/x-mcp"},
    {{"sh", "-c", "cd /x && npx -y y"}, "[shell]"},
    {{"sh", "-c", "npx -y $PACKAGE"}, "[shell]"},
    {{"op", "run", "--env-file", ".env", "--", "npx", "x-mcp"}, "pkg:npm/x-mcp"},
    {{"wsl.exe", "npx", "-y", "x-mcp"}, "pkg:npm/x-mcp"},
    {{"env", "env", "env", "env", "env", "env", "env", "env", "npx", "x"}, "[shell]"},
    /* bridges */
    {{"npx", "-y", "mcp-remote", "https://mcp.notion.com/mcp"}, "https://mcp.notion.com/mcp"},
    {{"npx", "mcp-remote@0.1.16", "https://X.example/mcp/", "--header", "x-api-key:k"},
     "https://x.example/mcp"},
    {{"npx", "mcp-remote", "http://localhost:3020/api/mcp", "--allow-http"},
     "http://localhost:3020/api/mcp"},
    {{"npx", "mcp-remote", "http://10.0.0.1:8001/mcp/", "--allow-http"}, "[plain_http]"},
    {{"npx", "-y", "supergateway", "--sse", "https://mcp.example/sse"}, "https://mcp.example/sse"},
    {{"npx", "-y", "supergateway", "--baseUrl", "http://localhost:1", "--stdio",
      "npx -y @acme/x@1.0.0 /data"},
     "pkg:npm/%40acme/x@1.0.0!"},
    {{"uvx", "mcp-proxy", "--transport", "sse", "https://mcp.example/sse"},
     "https://mcp.example/sse"},
    {{"npx", "-y", "@smithery/cli@latest", "run", "@acme/x", "--key", "k"}, "[bridge]"},
    {{"npx", "mcp-remote"}, "[bridge]"},
    /* ourselves */
    {{"repute", "mcp", "serve"}, "[own]"},
    {{"repute", "guard"}, "[option]"},
    {{"repute", "guard", "--group", "$(x)"}, "[option]"},
    {{"repute", "status"}, "[program]"},
    {{"repute-mcp"}, "[own]"},
};

static const char *shown(char out_text[256], const struct launch *launch)
{
    (void)snprintf(out_text, 256, launch->gap == LAUNCH_GAP_NONE ? "%s%s" : "[%s]",
                   launch->gap == LAUNCH_GAP_NONE ? launch->subject : launch_gap_name(launch->gap),
                   launch->is_pinned ? "!" : "");
    return out_text;
}

static struct launch derive(const char *const *words)
{
    struct launch launch;
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    const struct launch_line line = {
        .command = words[0], .args = words + 1, .arg_count = count - 1};
    launch_derive(&launch, &line);
    return launch;
}

static void command_lines_have_the_subjects_of_their_servers(void **state)
{
    (void)state;
    char text[256];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct launch launch = derive(rows[i].words);
        print_message("%s %s\n", rows[i].words[0], rows[i].wanted);
        assert_string_equal(shown(text, &launch), rows[i].wanted);
        /* One or the other, never both. */
        assert_int_equal(launch.subject[0] == '\0', launch.gap != LAUNCH_GAP_NONE);
    }
}

static void a_guard_shows_its_group(void **state)
{
    (void)state;
    static const char *const lines[][8] = {
        {"repute", "guard", "--group", "search"},
        {"/usr/bin/repute", "--home", "/srv/r", "guard", "--group=search"},
        {"repute-guard", "--http", "127.0.0.1:1", "--group", "search"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct launch launch = derive(lines[i]);
        assert_int_equal(launch.gap, LAUNCH_GAP_GUARDED);
        assert_string_equal(launch.group, "search");
        assert_string_equal(launch.subject, "");
    }
}

static void a_bridge_is_named(void **state)
{
    (void)state;
    static const char *const line[] = {"npx", "mcp-remote", "https://mcp.example", NULL};
    static const char *const plain[] = {"npx", "x-mcp", NULL};
    assert_string_equal(derive(line).via, "mcp-remote");
    assert_null(derive(plain).via);
}

static void urls_lose_what_may_be_secret(void **state)
{
    (void)state;
    static const char *const urls[][2] = {
        {"https://mcp.deepwiki.com/mcp", "https://mcp.deepwiki.com/mcp"},
        {"HTTPS://user:pass@MCP.Example:443/mcp/?key=secret#part", "https://mcp.example/mcp"},
        {"https://mcp.example?key=a@b", "https://mcp.example"},
        {"https://mcp.exa.ai/mcp?exaApiKey=k", "https://mcp.exa.ai/mcp"},
        {"https://a.example/s/MDQ1ZjAwYWItMTIzNC00NTY3/mcp", "[secret_in_url]"},
        {"https://a.example/0b1f6c0e-6f3e-4a53-9a3a-1e5b0f0f8a11", "[secret_in_url]"},
        {"https://a.example/model-context-protocol-server",
         "https://a.example/model-context-protocol-server"},
        {"https://${HOST}/mcp", "[variable]"},
        {"https://a.example/mcp?key=${KEY}", "https://a.example/mcp"},
        {"http://127.0.0.1:8080/mcp", "http://127.0.0.1:8080/mcp"},
        {"http://a.example/mcp", "[plain_http]"},
        {"ws://a.example/mcp", "[name]"},
        {"", "[no_command]"},
    };
    char text[256];
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct launch launch;
        const struct launch_line line = {.url = urls[i][0]};
        launch_derive(&launch, &line);
        assert_string_equal(shown(text, &launch), urls[i][1]);
    }
}

static void an_environment_with_a_registry_gives_no_subject(void **state)
{
    (void)state;
    static const char *const args[] = {"x-mcp"};
    struct launch launch;
    struct launch_line line = {
        .command = "npx", .args = args, .arg_count = 1, .has_other_registry = true};
    launch_derive(&launch, &line);
    assert_int_equal(launch.gap, LAUNCH_GAP_REGISTRY);
    assert_true(launch_is_registry_variable("NPM_CONFIG_REGISTRY", 19));
    assert_true(launch_is_registry_variable("uv_index_url", 12));
    assert_false(launch_is_registry_variable("API_KEY", 7));
    assert_false(launch_is_registry_variable("UV_INDEX_URL_", 13));
}

static void too_many_words_are_a_gap(void **state)
{
    (void)state;
    static const char *args[TRUST_SCAN_WORDS_MAX];
    struct launch launch;
    for (size_t i = 0; i < TRUST_SCAN_WORDS_MAX; i++)
        args[i] = "x";
    struct launch_line line = {
        .command = "npx", .args = args, .arg_count = TRUST_SCAN_WORDS_MAX - 1};
    launch_derive(&launch, &line);
    assert_string_equal(launch.subject, "pkg:npm/x");
    line.arg_count++;
    launch_derive(&launch, &line);
    assert_int_equal(launch.gap, LAUNCH_GAP_SIZE);
}

static void every_gap_says_why(void **state)
{
    (void)state;
    assert_null(launch_gap_name(LAUNCH_GAP_NONE));
    for (enum launch_gap gap = LAUNCH_GAP_GUARDED; gap <= LAUNCH_GAP_SIZE; gap++) {
        assert_non_null(launch_gap_name(gap));
        assert_true(strlen(launch_gap_text(gap)) > 10);
        assert_non_null(launch_gap_next(gap));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(command_lines_have_the_subjects_of_their_servers),
        cmocka_unit_test(a_guard_shows_its_group),
        cmocka_unit_test(a_bridge_is_named),
        cmocka_unit_test(urls_lose_what_may_be_secret),
        cmocka_unit_test(an_environment_with_a_registry_gives_no_subject),
        cmocka_unit_test(too_many_words_are_a_gap),
        cmocka_unit_test(every_gap_says_why),
    };
    return cmocka_run_group_tests_name("tools/repute/launch", tests, NULL, NULL);
}
