/* See store_env.h. The map is set large once: address space is sparse, and the byte budget is
 * enforced by the store, so that a full map is the exception it should be. */
#include "node/store_env.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/reader.h"
#include "base/writer.h"
#include "host/files.h"
#include "node/store_find.h"

#define CHECK_KEY_SIZE 16u
/* Rows, indexes, free pages and a backup's long reading: three times the records, and a base. */
#define MAP_FACTOR 3u
#define MAP_BASE (UINT64_C(256) << 20)
#define MAP_UNIT (UINT64_C(2) << 20)
/* LMDB takes 8 KiB for its 126 slots, and fills what is larger with more of them. */
#define LOCK_FILE_SIZE 16384
/* More than the first commit of a new store writes. */
#define FIRST_WRITE_SIZE (256 << 10)

static const char *const table_names[STORE_TABLES] = {
    [STORE_META] = "meta",       [STORE_AUTHORS] = "authors",     [STORE_HEADS] = "heads",
    [STORE_RECORDS] = "records", [STORE_REGISTERS] = "registers", [STORE_STATE] = "state",
    [STORE_DAMAGED] = "damaged",
};

enum trust_error store_env_error(int code)
{
    switch (code) {
    case MDB_SUCCESS:
        return TRUST_OK;
    case MDB_NOTFOUND:
        return TRUST_NO_FOUND;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
        return TRUST_NO_ROOM;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_PANIC:
        return TRUST_FAIL_CORRUPT;
    case MDB_VERSION_MISMATCH:
        return TRUST_NO_VERSION;
    default:
        return code > 0 ? trust_file_error(code) : TRUST_FAIL_LIBRARY;
    }
}

static MDB_val name_val(const char *name)
{
    return store_val(name, strlen(name));
}

/* The meta rows that say what the store is. */
struct identity {
    uint32_t schema;
    struct trust_network network;
    uint8_t check[8]; /* proves that check.key is the one the hashes were made with */
};

#define IDENTITY_SIZE 20u

static int read_identity(const struct store_env *env, MDB_txn *txn, struct identity *out_identity)
{
    MDB_val key = name_val("identity");
    MDB_val value;
    int code = mdb_get(txn, env->tables[STORE_META], &key, &value);
    if (code != 0)
        return code;
    struct trust_reader reader = trust_reader_init(store_bytes(value));
    struct identity identity = {.schema = (uint32_t)trust_reader_take_be(&reader, 4)};
    struct trust_bytes rest = trust_reader_take(&reader, 16);
    if (reader.failed)
        return MDB_CORRUPTED;
    memcpy(identity.network.bytes, rest.data, 8);
    memcpy(identity.check, rest.data + 8, 8);
    *out_identity = identity;
    return 0;
}

static int write_identity(const struct store_env *env, MDB_txn *txn,
                          const struct identity *identity)
{
    uint8_t bytes[IDENTITY_SIZE];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_writer_put_be(&writer, identity->schema, 4);
    trust_writer_put(&writer, (struct trust_bytes){.data = identity->network.bytes, .size = 8});
    trust_writer_put(&writer, (struct trust_bytes){.data = identity->check, .size = 8});
    MDB_val key = name_val("identity");
    MDB_val value = store_val(bytes, sizeof bytes);
    return mdb_put(txn, env->tables[STORE_META], &key, &value, 0);
}

static void check_proof(uint8_t out_proof[8], const struct trust_siphash_key *check)
{
    uint64_t hash = trust_siphash(check, trust_bytes_text("repute-store-check"));
    struct trust_writer writer = trust_writer_init(out_proof, 8);
    trust_writer_put_be(&writer, hash, 8);
}

static struct trust_siphash_key key_of_bytes(const uint8_t bytes[CHECK_KEY_SIZE])
{
    struct trust_reader reader =
        trust_reader_init((struct trust_bytes){.data = bytes, .size = CHECK_KEY_SIZE});
    struct trust_siphash_key key;
    key.low = trust_reader_take_be(&reader, 8);
    key.high = trust_reader_take_be(&reader, 8);
    return key;
}

static bool path_below(char out_path[PATH_MAX], const char *directory, const char *name)
{
    int size = snprintf(out_path, PATH_MAX, "%s/%s", directory, name);
    return size > 0 && size < PATH_MAX;
}

/* Reads check.key, or makes it where there is no store yet. */
static enum trust_error load_check_key(struct trust_siphash_key *out_key, const char *directory,
                                       bool may_make)
{
    char path[PATH_MAX];
    if (!path_below(path, directory, "check.key"))
        return TRUST_NO_SIZE;
    uint8_t bytes[CHECK_KEY_SIZE];
    size_t size = 0;
    enum trust_error error = trust_file_read_secret(path, bytes, &size, sizeof bytes);
    if (error == TRUST_NO_FOUND && may_make) {
        randombytes_buf(bytes, sizeof bytes);
        size = sizeof bytes;
        error = trust_file_write(path, (struct trust_bytes){.data = bytes, .size = size}, 0600);
    }
    if (error == TRUST_NO_FOUND || error == TRUST_NO_SIZE ||
        (error == TRUST_OK && size != sizeof bytes))
        error = TRUST_NO_FILE;
    if (error == TRUST_OK)
        *out_key = key_of_bytes(bytes);
    sodium_memzero(bytes, sizeof bytes);
    return error;
}

static enum trust_error open_tables(struct store_env *env, MDB_txn *txn, bool may_make)
{
    for (size_t i = 0; i < STORE_TABLES; i++) {
        int code = mdb_dbi_open(txn, table_names[i], may_make ? MDB_CREATE : 0, &env->tables[i]);
        if (code != 0)
            return store_env_error(code);
    }
    return TRUST_OK;
}

/* Compares the store with what this program and configuration expect, or marks a new one. */
static enum trust_error settle_identity(struct store_env *env, MDB_txn *txn,
                                        const struct store_options *options, bool read_only)
{
    struct identity identity = {0};
    int code = read_identity(env, txn, &identity);
    if (code != 0 && (code != MDB_NOTFOUND || read_only))
        return code == MDB_NOTFOUND ? TRUST_NO_FILE : store_env_error(code);
    bool is_new = code == MDB_NOTFOUND;
    if (!is_new && identity.schema != STORE_SCHEMA)
        return TRUST_NO_VERSION;
    if (!is_new && memcmp(identity.network.bytes, env->network.bytes, 8) != 0)
        return TRUST_NO_NETWORK;
    enum trust_error error = load_check_key(&env->check, options->directory, is_new);
    if (error != TRUST_OK)
        return error;
    uint8_t proof[8];
    check_proof(proof, &env->check);
    if (!is_new)
        return memcmp(proof, identity.check, 8) == 0 ? TRUST_OK : TRUST_NO_FILE;
    identity = (struct identity){.schema = STORE_SCHEMA, .network = env->network};
    memcpy(identity.check, proof, 8);
    struct store_totals none = {0};
    code = write_identity(env, txn, &identity);
    if (code == 0)
        code = store_totals_write(env, txn, &none);
    return store_env_error(code);
}

int store_count_free_pages(MDB_env *lmdb, size_t *out_count, size_t from)
{
    /* LMDB shows its free pages, table 0, to transactions that only read. */
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    int code = mdb_txn_begin(lmdb, NULL, MDB_RDONLY, &txn);
    if (code != 0)
        return code;
    code = mdb_cursor_open(txn, 0, &cursor);
    if (code != 0) {
        mdb_txn_abort(txn);
        return code;
    }
    MDB_val key;
    MDB_val value;
    size_t count = 0;
    while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        const size_t *pages = value.mv_data; /* their number, then they */
        size_t listed = value.mv_size / sizeof *pages;
        for (size_t i = 1; i < listed && i <= pages[0]; i++)
            count += pages[i] >= from;
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    *out_count = count;
    return code == MDB_NOTFOUND ? 0 : code;
}

/*
 * Reading behind the end of a file that was cut short would end the process by SIGBUS. LMDB itself
 * may leave pages unwritten at the end, if they are free: so the file is first made as long as its
 * meta page says, with zeros, which no page that is in use consists of; and if the free pages then
 * do not account for what was missing, it was cut short.
 */
static enum trust_error check_size(MDB_env *lmdb, const char *data_path)
{
    MDB_envinfo info;
    MDB_stat stat;
    struct stat status;
    size_t free_count = 0;
    if (mdb_env_info(lmdb, &info) != 0 || mdb_env_stat(lmdb, &stat) != 0)
        return TRUST_FAIL_LIBRARY;
    int fd = open(data_path, O_RDWR | O_CLOEXEC);
    if (fd < 0) /* a whole backup may lie where nothing is written */
        fd = open(data_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return trust_file_error(errno);
    enum trust_error error = fstat(fd, &status) == 0 ? TRUST_OK : TRUST_FAIL_IO;
    size_t pages = (size_t)status.st_size / stat.ms_psize;
    if (error == TRUST_OK && pages <= info.me_last_pgno) {
        if (ftruncate(fd, (off_t)((info.me_last_pgno + 1) * stat.ms_psize)) != 0)
            error = trust_file_error(errno);
        else if (store_count_free_pages(lmdb, &free_count, pages) != 0 ||
                 info.me_last_pgno + 1 - pages != free_count)
            error = TRUST_FAIL_CORRUPT;
        /* As it was, so that the next look finds the same. */
        if (error != TRUST_OK && ftruncate(fd, status.st_size) != 0)
            error = TRUST_FAIL_IO;
    }
    (void)close(fd);
    return error;
}

static uint64_t map_size_of(const struct store_options *options)
{
    uint64_t size = options->map_size;
    if (size == 0)
        size = options->limit_size * MAP_FACTOR + MAP_BASE;
    return (size + 4095) / 4096 * 4096;
}

static enum trust_error open_lmdb(struct store_env *env, const char *path, uint64_t map_size,
                                  unsigned flags)
{
    int code = mdb_env_create(&env->lmdb);
    if (code != 0)
        return TRUST_FAIL_MEMORY;
    code = mdb_env_set_maxdbs(env->lmdb, STORE_TABLES);
    if (code == 0 && map_size > 0)
        code = mdb_env_set_mapsize(env->lmdb, map_size);
    /* MDB_NOTLS: a read transaction belongs to its object, not to a thread. */
    if (code == 0)
        code = mdb_env_open(env->lmdb, path, flags | MDB_NOTLS, 0600);
    return store_env_error(code);
}

/*
 * LMDB writes its lock file through a map, where a full disk ends the process by SIGBUS: so the
 * file is allocated before. Whatever else is wrong with it LMDB will say.
 */
static enum trust_error hold_lock_file(const char *directory)
{
    char path[PATH_MAX];
    if (!path_below(path, directory, "lock.mdb"))
        return TRUST_NO_SIZE;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == ENOSPC || errno == EDQUOT ? TRUST_NO_ROOM : TRUST_OK;
    int failed = posix_fallocate(fd, 0, LOCK_FILE_SIZE);
    (void)close(fd);
    return failed == ENOSPC || failed == EDQUOT || failed == EFBIG ? TRUST_NO_ROOM : TRUST_OK;
}

/* LMDB calls a write that the disk took only in part EIO: ask the disk whether it is full. */
static enum trust_error full_or_broken(const char *data_path)
{
    struct stat status;
    int fd = open(data_path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return TRUST_FAIL_IO;
    int refused =
        fstat(fd, &status) == 0 ? posix_fallocate(fd, status.st_size, FIRST_WRITE_SIZE) : EIO;
    bool is_full = refused == ENOSPC || refused == EDQUOT || refused == EFBIG;
    /* What the question took is given back. */
    int kept = ftruncate(fd, status.st_size);
    (void)kept;
    (void)close(fd);
    return is_full ? TRUST_NO_ROOM : TRUST_FAIL_IO;
}

enum trust_error store_env_open(struct store_env *out_env, const struct store_options *options,
                                bool read_only)
{
    struct store_env env = {.network = options->network};
    unsigned flags = read_only ? MDB_RDONLY : 0;
    MDB_txn *txn = NULL;
    char data_path[PATH_MAX];
    if (!path_below(data_path, options->directory, "data.mdb"))
        return TRUST_NO_SIZE;
    enum trust_error error = hold_lock_file(options->directory);
    if (error == TRUST_OK)
        error = open_lmdb(&env, options->directory, map_size_of(options), flags);
    if (error == TRUST_OK)
        error = check_size(env.lmdb, data_path);
    if (error == TRUST_OK)
        error = store_env_error(mdb_txn_begin(env.lmdb, NULL, flags, &txn));
    if (error == TRUST_OK)
        error = open_tables(&env, txn, !read_only);
    if (error == TRUST_OK)
        error = settle_identity(&env, txn, options, read_only);
    if (error == TRUST_OK) {
        error = store_env_error(mdb_txn_commit(txn));
        txn = NULL;
    }
    if (txn != NULL)
        mdb_txn_abort(txn);
    if (error != TRUST_OK) {
        store_env_close(&env);
        return error == TRUST_FAIL_IO && !read_only ? full_or_broken(data_path) : error;
    }
    *out_env = env;
    return TRUST_OK;
}

enum trust_error store_env_open_file(struct store_env *out_env, const char *file,
                                     const struct trust_network *network)
{
    struct store_env env = {.network = *network};
    struct identity identity = {0};
    MDB_txn *txn = NULL;
    enum trust_error error = open_lmdb(&env, file, 0, MDB_RDONLY | MDB_NOSUBDIR | MDB_NOLOCK);
    if (error == TRUST_FAIL_CORRUPT)
        error = TRUST_NO_FILE; /* it does not even begin like one */
    if (error == TRUST_OK)
        error = check_size(env.lmdb, file);
    if (error == TRUST_OK)
        error = store_env_error(mdb_txn_begin(env.lmdb, NULL, MDB_RDONLY, &txn));
    if (error == TRUST_OK)
        error = open_tables(&env, txn, false);
    if (error == TRUST_OK)
        error = store_env_error(read_identity(&env, txn, &identity));
    if (error == TRUST_OK && identity.schema != STORE_SCHEMA)
        error = TRUST_NO_VERSION;
    if (error == TRUST_OK && memcmp(identity.network.bytes, network->bytes, 8) != 0)
        error = TRUST_NO_NETWORK;
    if (error == TRUST_OK) {
        error = store_env_error(mdb_txn_commit(txn));
        txn = NULL;
    }
    if (txn != NULL)
        mdb_txn_abort(txn);
    if (error != TRUST_OK) {
        store_env_close(&env);
        return error == TRUST_NO_FOUND ? TRUST_NO_FILE : error;
    }
    *out_env = env;
    return TRUST_OK;
}

void store_env_close(struct store_env *env)
{
    if (env->lmdb != NULL)
        mdb_env_close(env->lmdb);
    sodium_memzero(&env->check, sizeof env->check);
    env->lmdb = NULL;
}
