#include "sim/engine/nearest.h"

#include <stdio.h>
#include <string.h>

#define LETTERS_MAX 64u

static u32 least(u32 a, u32 b)
{
    return a < b ? a : b;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Insertions, deletions, replacements and swaps of neighbours that lead from a to b; a letter of
 * the other case is no mistake. */
static u32 edits(const char *a, size_t na, const char *b, size_t nb)
{
    u32 row[3][LETTERS_MAX + 1];

    for (u32 k = 0; k <= nb; k++)
        row[0][k] = k;
    for (u32 i = 1; i <= na; i++) {
        u32 *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = i;
        for (u32 k = 1; k <= nb; k++) {
            now[k] = least(least(before[k], now[k - 1]) + 1,
                           before[k - 1] + (lower(a[i - 1]) != lower(b[k - 1])));
            if (i > 1 && k > 1 && lower(a[i - 1]) == lower(b[k - 2]) &&
                lower(a[i - 2]) == lower(b[k - 1]))
                now[k] = least(now[k], two_before[k - 2] + 1);
        }
    }
    return row[na % 3][nb];
}

struct nearest nearest_to(const char *word)
{
    return (struct nearest){word, NULL, UINT32_MAX};
}

void nearest_offer(struct nearest *n, const char *name)
{
    size_t nw = strlen(n->word), nn = strlen(name), longer = nw > nn ? nw : nn;

    if (longer > LETTERS_MAX || nw == 0)
        return;
    u32 distance = edits(n->word, nw, name, nn);
    u32 most = longer < 9 ? 2 : (u32)longer / 3;
    /* of two alike the one that the word is the beginning of: gpu is gpus, not cpu */
    bool is_nearer =
        distance < n->distance || (distance == n->distance && strncmp(name, n->word, nw) == 0 &&
                                   strncmp(n->best, n->word, nw) != 0);
    if (distance <= most && distance < longer && is_nearer) {
        n->best = name;
        n->distance = distance;
    }
}

const char *nearest_name(const struct nearest *n)
{
    return n->best;
}

const char *nearest_hint(const struct nearest *n, char text[NEAREST_BYTES])
{
    text[0] = '\0';
    if (n->best != NULL)
        snprintf(text, NEAREST_BYTES, ", did you mean '%s'?", n->best);
    return text;
}
