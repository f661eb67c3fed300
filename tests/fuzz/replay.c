/* Every input of a corpus through its fuzz target, without libFuzzer: so each build and sanitizer
 * of `make test` sees what fuzzing found before.  Linked with one target; told the corpus's folder.
 */
#include "protocol/base.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define INPUT_MAX ((size_t)1 << 20)
#define FEWEST 2u /* inputs: a corpus that has fewer was not found, or replays nothing */

static u8 bytes[INPUT_MAX];

/* A copy of the input's own size, as libFuzzer hands it: reads beyond it are seen. */
static void replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");

    check(f != NULL);
    size_t n = fread(bytes, 1, sizeof(bytes), f);
    check(feof(f) && fclose(f) == 0);
    u8 *copy = malloc(n + (n == 0));
    check(copy != NULL);
    __builtin_memcpy(copy, bytes, n);
    printf("# %s\n", path); /* the last one that is said is the one that failed */
    fflush(stdout);
    check(LLVMFuzzerTestOneInput(copy, n) == 0);
    free(copy);
}

static int is_input(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **names;
    char path[1000];

    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
        return 2;
    }
    int n = scandir(argv[1], &names, is_input, alphasort);
    if (n < (int)FEWEST) {
        fprintf(stderr, "%s: has fewer than %u inputs\n", argv[1], FEWEST);
        return 1;
    }
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]->d_name);
        replay_file(path);
        free(names[i]);
    }
    free(names);
    printf("ok - %d inputs of %s\n", n, argv[1]);
    return 0;
}
