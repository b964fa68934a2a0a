/* See cover_pointer.h. */
#include "guard/offer/cover_pointer.h"

#include "wire/json.h"

static bool step_into(struct trust_bytes *value, struct trust_bytes name)
{
    struct json_walk walk = json_walk_object(*value);
    struct trust_bytes key, inner;
    while (json_next_member(&walk, &key, &inner)) {
        if (trust_bytes_equal(key, name)) {
            *value = inner;
            return true;
        }
    }
    return false;
}

bool cover_pointer_follow(struct trust_bytes *out_schema, struct trust_bytes root,
                          struct trust_bytes pointer)
{
    struct trust_bytes value = root;
    size_t at = 1;
    if (pointer.size == 0 || pointer.data[0] != '#')
        return false;
    for (size_t i = 0; i < pointer.size; i++)
        if (pointer.data[i] == '\\' || pointer.data[i] == '~' || pointer.data[i] == '%')
            return false;
    while (at < pointer.size) {
        if (pointer.data[at] != '/')
            return false;
        size_t start = ++at;
        while (at < pointer.size && pointer.data[at] != '/')
            at++;
        if (!step_into(&value, (struct trust_bytes){pointer.data + start, at - start}))
            return false;
    }
    *out_schema = value;
    return true;
}

bool cover_pointer_is_in(struct trust_bytes value)
{
    static const char *const words[] = {"\"$ref\"", "\"$dynamicRef\"", "\"$recursiveRef\"", NULL};
    for (size_t i = 0; value.data != NULL && words[i] != NULL; i++)
        if (memmem(value.data, value.size, words[i], strlen(words[i])) != NULL)
            return true;
    return false;
}
