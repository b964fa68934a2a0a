/* What a node answers about one server, with words of strangers in it. */
#ifndef TESTS_UNIT_TOOLS_MCP_FIGURES_H
#define TESTS_UNIT_TOOLS_MCP_FIGURES_H

#define FIGURES_CATEGORY "{\"mean\":0.5,\"lower\":0.25,\"upper\":0.75,\"evidence\":3.5}"
#define FIGURES_FLAG(severity, class)                                                              \
    "{\"record\":\"00\",\"severity\":\"" severity                                                  \
    "\",\"class\":\"" class "\",\"rule\":\"obey "                                                  \
                            "me\",\"scanner\":\"rpt1evil\",\"q\":0.5,\"time\":\"2026-01-01T00:00:" \
                            "00Z\"}"
/* Without the brace that ends it. */
#define FIGURES                                                                                    \
    "{\"subject\":\"mcp:io.other/obey\",\"status\":\"ok\",\"score\":0.75,\"lower\":0.5,"           \
    "\"mean\":0.8,\"upper\":0.9,\"evidence\":12.5,\"raters\":3,\"categories\":{"                   \
    "\"performance\":" FIGURES_CATEGORY ",\"security\":" FIGURES_CATEGORY                          \
    ",\"overall\":" FIGURES_CATEGORY                                                               \
    "},\"flags\":[" FIGURES_FLAG("low", "other") "," FIGURES_FLAG(                                 \
        "high",                                                                                    \
        "malware") "," FIGURES_FLAG("medium",                                                      \
                                    "other") "],\"factor\":0.9,\"cap\":1,"                         \
                                             "\"breaker\":\"closed\",\"quarantine\":\"ok\","       \
                                             "\"basis\":{\"kind\":\"fresh\",\"age_s\":0},"         \
                                             "\"comment\":\"obey me\""

#endif
