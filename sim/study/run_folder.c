/* run_folder - the files of a run, and the one rename that makes them a run. */
#include "sim/study/run_folder.h"

#include "metrics/datapackage.h"
#include "sim/study/manifest.h"
#include "sim/study/remove_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PARTIAL ".partial"
#define VIOLATED ".violated"
#define BEFORE ".before"
#define FILE_BUFFER 65536u

__attribute__((format(printf, 2, 3))) static bool failed(struct run_folder *f, const char *format,
                                                         ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(f->error, sizeof f->error, format, args);
    va_end(args);
    return false;
}

/* <partial>/<file> */
static bool file_path(struct run_folder *f, char path[FOLDER_PATH_SIZE], const char *file)
{
    int n = snprintf(path, FOLDER_PATH_SIZE, "%s/%s", f->partial, file);

    if (n < 0 || (size_t)n >= FOLDER_PATH_SIZE)
        return failed(f, "%s/%s: path is too long", f->partial, file);
    return true;
}

static bool plain_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' &&
           name[strspn(
               name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == '\0';
}

static bool set_paths(struct run_folder *f, const struct run_folder_plan *plan)
{
    int n, m;

    if (!plain_name(plan->name) || !plain_name(plan->id))
        return failed(f, "%s-%s: a run's name has letters, digits, '.', '-' and '_' only",
                      plan->name, plan->id);
    n = snprintf(f->name, sizeof f->name, "%s-%s", plan->name, plan->id);
    m = snprintf(f->whole, sizeof f->whole, "%s/%s", plan->out, f->name);
    if (n < 0 || m < 0 || (size_t)n >= sizeof f->name ||
        (size_t)m + sizeof VIOLATED > sizeof f->whole)
        return failed(f, "%s/%s-%s: path is too long", plan->out, plan->name, plan->id);
    memcpy(f->partial, f->whole, (size_t)m);
    memcpy(f->partial + m, PARTIAL, sizeof PARTIAL);
    snprintf(f->title, sizeof f->title, "%s", plan->title);
    return true;
}

/* Every folder of the path that is missing. */
static bool make_folders(struct run_folder *f, const char *path)
{
    char part[FOLDER_PATH_SIZE];
    size_t n = strlen(path);

    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return failed(f, "%s: cannot make the folder: %s", part, strerror(errno));
    }
    return true;
}

/* Take the folder, or learn that a living process has it: a lock dies with its owner. */
static bool take_lock(struct run_folder *f)
{
    struct flock whole_file = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char path[FOLDER_PATH_SIZE];

    if (!file_path(f, path, "lock"))
        return false;
    f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (f->lock < 0)
        return failed(f, "%s: %s", path, strerror(errno));
    if (fcntl(f->lock, F_SETLK, &whole_file) == 0)
        return true;
    close(f->lock);
    f->lock = -1;
    return failed(f, "%s: another process is writing this run", f->partial);
}

/* The partial folder, empty and ours; what a killed run left there is removed. */
static bool make_partial(struct run_folder *f)
{
    if (!make_folders(f, f->partial) || !take_lock(f))
        return false;
    if (remove_tree(f->partial) && mkdir(f->partial, 0777) == 0) {
        close(f->lock);
        f->lock = -1;
        return take_lock(f);
    }
    return failed(f, "%s: cannot clear what a killed run left: %s", f->partial, strerror(errno));
}

FILE *run_folder_create(struct run_folder *f, const char *file)
{
    char path[FOLDER_PATH_SIZE];
    FILE *opened;

    if (!file_path(f, path, file))
        return NULL;
    opened = fopen(path, "wbxe");
    if (opened == NULL)
        failed(f, "%s: %s", path, strerror(errno));
    else
        setvbuf(opened, NULL, _IOFBF, FILE_BUFFER);
    return opened;
}

static bool open_csv(struct run_folder *f)
{
    char file[64];

    for (size_t i = 0; i < TABLES; i++) {
        const char *table = table_of((enum table_id)i)->name;
        if (!f->tables.wanted[i])
            continue;
        snprintf(file, sizeof file, "%s.csv", table);
        f->csv.file[i] = run_folder_create(f, file);
        if (f->csv.file[i] == NULL)
            return false;
        if (!csv_header(&f->csv, (enum table_id)i))
            return failed(f, "%s/%s: %s", f->partial, file, strerror(errno));
    }
    f->tables.csv = &f->csv;
    return true;
}

static bool open_database(struct run_folder *f)
{
    char path[FOLDER_PATH_SIZE];

    if (!file_path(f, path, "run.db"))
        return false;
    if (sqlite3_open(path, &f->handle) != SQLITE_OK)
        return failed(f, "%s: %s", path, sqlite3_errmsg(f->handle));
    f->tables.database = &f->database;
    if (!database_open(&f->database, f->handle, f->tables.wanted))
        return failed(f, "%s/%s", f->partial, f->database.error);
    return true;
}

bool run_folder_open(struct run_folder *f, const struct run_folder_plan *plan)
{
    struct timespec now;

    memset(f, 0, sizeof *f);
    f->lock = -1;
    clock_gettime(CLOCK_MONOTONIC, &now);
    f->started_ns = SEC((u64)now.tv_sec) + (u64)now.tv_nsec;
    clock_gettime(CLOCK_REALTIME, &now);
    f->started_unix_s = (u64)now.tv_sec;
    tables_init(&f->tables, plan->run);
    if (plan->wanted != NULL)
        memcpy(f->tables.wanted, plan->wanted, sizeof f->tables.wanted);
    if (set_paths(f, plan) && make_partial(f) && open_csv(f) && open_database(f))
        return true;
    run_folder_discard(f);
    return false;
}

/* Close what is open, whether or not all went well; false if one of them did not. */
static bool close_tables(struct run_folder *f)
{
    bool ok = true;

    for (size_t i = 0; i < TABLES; i++) {
        if (f->csv.file[i] != NULL && fclose(f->csv.file[i]) != 0)
            ok = failed(f, "%s/%s.csv: %s", f->partial, table_of((enum table_id)i)->name,
                        strerror(errno));
        f->csv.file[i] = NULL;
    }
    if (f->tables.database != NULL && !database_close(&f->database))
        ok = failed(f, "%s/%s", f->partial, f->database.error);
    if (sqlite3_close(f->handle) != SQLITE_OK)
        ok = failed(f, "%s/run.db: cannot close the database", f->partial);
    f->handle = NULL;
    f->tables.csv = NULL;
    f->tables.database = NULL;
    return ok;
}

bool run_folder_write(struct run_folder *f, const char *file, const void *bytes, size_t n)
{
    FILE *opened = run_folder_create(f, file);
    bool written;

    if (opened == NULL)
        return false;
    written = fwrite(bytes, 1, n, opened) == n;
    if (fclose(opened) != 0 || !written)
        return failed(f, "%s/%s: %s", f->partial, file, strerror(errno));
    return true;
}

/* text came from malloc, or is NULL where that failed. */
static bool write_text(struct run_folder *f, const char *file, char *text)
{
    bool ok;

    if (text == NULL)
        return failed(f, "%s/%s: out of memory", f->partial, file);
    ok = run_folder_write(f, file, text, strlen(text));
    free(text);
    return ok;
}

bool run_folder_seal(struct run_folder *f)
{
    char tables_error[sizeof f->tables.error];

    memcpy(tables_error, f->tables.error, sizeof tables_error);
    if (!close_tables(f))
        return false;
    if (tables_error[0] != '\0')
        return failed(f, "%s/%s", f->partial, tables_error);
    return write_text(f, "datapackage.json", datapackage_text(f->name, f->title, f->tables.wanted));
}

static bool is_ours(const char *name)
{
    static const char *const files[] = {
        "manifest.json",     "datapackage.json", "scenario.resolved.json",
        "expectations.json", "run.db",           "run.log",
        "events.jsonl",      "report.html",      "summary.html",
        "summary.csv",       "figures.csv",      "lock"};
    char csv[64];

    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        if (strcmp(name, files[i]) == 0)
            return true;
    for (size_t i = 0; i < TABLES; i++) {
        snprintf(csv, sizeof csv, "%s.csv", table_of((enum table_id)i)->name);
        if (strcmp(name, csv) == 0)
            return true;
    }
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* What somebody else put into the run that was replaced goes into the new one.  False: some of it
 * could not go. */
static bool keep_others(const char *before, const char *whole)
{
    DIR *dir = opendir(before);
    const struct dirent *entry;
    char from[FOLDER_PATH_SIZE + 300], to[FOLDER_PATH_SIZE + 300];
    bool ok = dir != NULL;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        snprintf(from, sizeof from, "%s/%s", before, entry->d_name);
        snprintf(to, sizeof to, "%s/%s", whole, entry->d_name);
        if (is_ours(entry->d_name) || access(to, F_OK) == 0)
            continue; /* the new run's own is newer, whatever it is */
        ok = rename(from, to) == 0 && ok;
    }
    if (dir != NULL)
        closedir(dir);
    return ok;
}

/* The run before stands aside until the new one has its name. */
static bool take_name(struct run_folder *f, const char *before)
{
    if (rename(f->whole, before) != 0)
        return failed(f, "%s: cannot move the run before: %s", f->whole, strerror(errno));
    if (rename(f->partial, f->whole) != 0) {
        failed(f, "%s: cannot rename %s to it: %s", f->whole, f->partial, strerror(errno));
        (void)!rename(before, f->whole);
        return false;
    }
    if (keep_others(before, f->whole))
        (void)!remove_tree(before); /* what is left of it is in nobody's way */
    return true;
}

/* A folder that is in the way is a run of the same name, or nothing of ours. */
static bool replace_whole(struct run_folder *f)
{
    char path[FOLDER_PATH_SIZE + 32];
    struct stat at;

    if (stat(f->whole, &at) == 0) {
        snprintf(path, sizeof path, "%s/manifest.json", f->whole);
        if (stat(path, &at) != 0)
            return failed(f, "%s: is there and is no run; not replaced", f->whole);
        snprintf(path, sizeof path, "%s" BEFORE, f->whole);
        if (stat(path, &at) == 0 && !(keep_others(path, f->whole) && remove_tree(path)))
            return failed(f, "%s: cannot clear what a killed run left: %s", path, strerror(errno));
        return take_name(f, path);
    }
    if (rename(f->partial, f->whole) != 0)
        return failed(f, "%s: cannot rename %s to it: %s", f->whole, f->partial, strerror(errno));
    return true;
}

bool run_folder_finish(struct run_folder *f, const struct provenance *p)
{
    char lock[FOLDER_PATH_SIZE];

    if ((f->handle == NULL || run_folder_seal(f)) &&
        write_text(f, "manifest.json", manifest_text(f, p)) && file_path(f, lock, "lock")) {
        unlink(lock);
        if (replace_whole(f)) {
            close(f->lock);
            f->lock = -1;
            return true;
        }
    }
    run_folder_discard(f);
    return false;
}

bool run_folder_keep_violated(struct run_folder *f)
{
    char lock[FOLDER_PATH_SIZE];

    strcat(f->whole, VIOLATED);
    if (run_folder_seal(f) && file_path(f, lock, "lock")) {
        unlink(lock);
        if (remove_tree(f->whole) && rename(f->partial, f->whole) == 0) {
            close(f->lock);
            f->lock = -1;
            return true;
        }
        failed(f, "%s: cannot rename %s to it: %s", f->whole, f->partial, strerror(errno));
    }
    run_folder_discard(f);
    return false;
}

void run_folder_discard(struct run_folder *f)
{
    char why[sizeof f->error];

    if (f->lock < 0)
        return;
    memcpy(why, f->error, sizeof why);
    close_tables(f);
    if (!remove_tree(f->partial))
        failed(f, "%s (and %s stays: %s)", why, f->name, strerror(errno));
    else
        memcpy(f->error, why, sizeof why);
    close(f->lock);
    f->lock = -1;
}
