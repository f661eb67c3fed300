/* Any bytes as each of the fitted tables, and as the printed form of a distribution. */
#include "sim/scenario/fitted.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void check_rising(const struct distribution *d)
{
    for (u32 i = 1; i < DISTRIBUTION_KNOTS; i++)
        check(d->knot[i - 1] <= d->knot[i] && d->knot[i] <= DISTRIBUTION_VALUE_MAX);
}

static void parse_text(const u8 *data, size_t size)
{
    struct distribution d, again;
    char print[DISTRIBUTION_TEXT_BYTES], *text = malloc(size + 1);

    check(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    if (distribution_parse(&d, text)) {
        check_rising(&d);
        distribution_print(&d, print);
        check(strcmp(print, text) == 0);
        check(distribution_parse(&again, print) && memcmp(&d, &again, sizeof d) == 0);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static struct fitted_list list;
    static struct fitted_matrix matrix;
    static struct fitted_shapes shapes;
    struct distribution d;
    char error[CSV_ERROR_BYTES];

    if (fitted_parse_distribution(&d, SEC(1), "f", data, size, error))
        check_rising(&d);
    else
        check(strncmp(error, "f:", 2) == 0);
    if (fitted_parse_list(&list, "f", data, size, error))
        check(list.count > 0 && list.count <= FITTED_LIST_MAX && list.name[0][0] != '\0');
    else
        check(strncmp(error, "f:", 2) == 0);
    if (fitted_parse_matrix(&matrix, "f", data, size, error))
        check(matrix.count > 0 && matrix.count <= FITTED_REGIONS_MAX);
    else
        check(strncmp(error, "f:", 2) == 0);
    if (fitted_parse_shapes(&shapes, "f", data, size, error))
        check(shapes.count > 0 && shapes.shape[0].weight > 0);
    else
        check(strncmp(error, "f:", 2) == 0);
    parse_text(data, size);
    return 0;
}
