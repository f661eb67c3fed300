/* remove_tree - by handles of folders, so that a folder renamed meanwhile leads nowhere else. */
#include "sim/study/remove_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool remove_at(int parent, const char *name);

static bool remove_entries(int folder)
{
    DIR *dir = fdopendir(folder);
    const struct dirent *entry;
    bool ok = true;

    if (dir == NULL) {
        close(folder);
        return false;
    }
    while (ok && (entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            ok = remove_at(dirfd(dir), entry->d_name);
    closedir(dir);
    return ok;
}

static bool remove_at(int parent, const char *name)
{
    int folder;

    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR && errno != EPERM)
        return false;
    folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return false;
    return remove_entries(folder) && unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

bool remove_tree(const char *path)
{
    return remove_at(AT_FDCWD, path);
}
