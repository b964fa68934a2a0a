/* See mask_word.h. When in doubt a word is hidden: its owner knows it anyway. */
#include "repute/mask_word.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "repute/launch_spec.h"

/* Parts of names of options and variables whose value is secret. */
static const char *const telling[] = {"key",    "token", "secret", "passw",  "pwd", "auth",
                                      "header", "cred",  "bearer", "cookie", "env", "dsn"};

static bool is_telling(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
        size_t part = strlen(telling[i]);
        for (size_t at = 0; at + part <= size; at++) {
            if (strncasecmp(name + at, telling[i], part) == 0)
                return true;
        }
    }
    return false;
}

/* An option whose value is the next word. */
static bool announces_secret(const char *option)
{
    if (option == NULL || option[0] != '-' || strchr(option, '=') != NULL)
        return false;
    return strcmp(option, "-H") == 0 || strcmp(option, "-e") == 0 || strcmp(option, "-p") == 0 ||
           is_telling(option, strlen(option));
}

/* Letters and digits in a long run without a mark: no name looks like that, but the digest of an
 * image. */
static bool looks_random(const char *word)
{
    size_t run = 0;
    unsigned digits = 0;
    unsigned letters = 0;
    const char *end = strstr(word, "@sha256:");
    for (; *word != '\0' && word != end; word++) {
        unsigned char c = (unsigned char)*word;
        bool is_part = isalnum(c) || c == '_' || c == '-' || c == '+';
        digits = is_part ? digits + (isdigit(c) != 0) : 0;
        letters = is_part ? letters + (isalpha(c) != 0) : 0;
        run = is_part ? run + 1 : 0;
        if ((run >= 20 && digits >= 3 && letters >= 3) || run >= 64)
            return true;
    }
    return false;
}

/* The scheme, host and path; not even these if a secret stands among them. */
static size_t shown_of_url(const char *word, const char *scheme)
{
    struct launch launch = {.gap = LAUNCH_GAP_NONE};
    size_t host = (size_t)(scheme - word) + 3;
    size_t end = host + strcspn(word + host, "?#");
    launch_spec_url(&launch, word);
    bool has_user = memchr(word + host, '@', strcspn(word + host, "/?#")) != NULL;
    bool is_plain = launch.gap == LAUNCH_GAP_NONE || launch.gap == LAUNCH_GAP_HTTP ||
                    launch.gap == LAUNCH_GAP_VARIABLE;
    if (has_user)
        return host;
    return is_plain ? end : host + strcspn(word + host, "/?#");
}

/* NAME=value, or an option whose name says that its value is one; not a version, name==1.2. */
static bool is_assignment(const char *word, const char *equals)
{
    size_t size = equals == NULL ? 0 : (size_t)(equals - word);
    if (size == 0 || equals[1] == '=')
        return false;
    if (word[0] == '-')
        return is_telling(word, size);
    return strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == size;
}

size_t mask_word_shown(const char *word, const char *before)
{
    size_t size = strlen(word);
    const char *scheme = strstr(word, "://");
    const char *equals = strchr(word, '=');
    bool is_set = is_assignment(word, equals);
    /* Docker's -e NAME takes the value from the environment. */
    bool is_name = before != NULL && strcmp(before, "-e") == 0 &&
                   word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
    /* The folder of an instance, which our own entries name. */
    if (is_name || (before != NULL && strcmp(before, "--home") == 0))
        return size;
    if (announces_secret(before) && word[0] != '-')
        return is_set ? (size_t)(equals - word) + 1 : 0;
    if (scheme != NULL && (equals == NULL || scheme < equals))
        return shown_of_url(word, scheme);
    if (is_set)
        return (size_t)(equals - word) + 1;
    if (equals != NULL && (looks_random(equals + 1) || scheme != NULL))
        return (size_t)(equals - word) + 1;
    /* A header, or a command line within a word. */
    if (strstr(word, ": ") != NULL || strchr(word, ' ') != NULL || looks_random(word))
        return 0;
    return size;
}
