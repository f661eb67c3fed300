/* csv - one row formatted into a buffer, one fwrite. */
#include "metrics/csv.h"

#include <string.h>

#define LINE_SIZE 4096u

/* What is written and not yet in the file. */
struct line {
    FILE *file;
    size_t used;
    bool ok;
    char text[LINE_SIZE];
};

static void flush(struct line *l)
{
    if (l->used > 0 && fwrite(l->text, 1, l->used, l->file) != l->used)
        l->ok = false;
    l->used = 0;
}

static void add(struct line *l, const char *text, size_t n)
{
    if (n > LINE_SIZE - l->used)
        flush(l);
    if (n > LINE_SIZE) {
        if (fwrite(text, 1, n, l->file) != n)
            l->ok = false;
        return;
    }
    memcpy(l->text + l->used, text, n);
    l->used += n;
}

/* RFC 4180: a cell with a comma, a quote or a line end is quoted, its quotes doubled; so is one
 * that begins or ends with a space, which some readers cut off. */
static void add_text(struct line *l, const char *text)
{
    size_t n = strlen(text);

    if (strpbrk(text, ",\"\r\n") == NULL && (n == 0 || (text[0] != ' ' && text[n - 1] != ' '))) {
        add(l, text, n);
        return;
    }
    add(l, "\"", 1);
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        add(l, text, (size_t)(quote - text));
        add(l, "\"\"", 2);
    }
    add(l, text, strlen(text));
    add(l, "\"", 1);
}

static void line_start(struct line *l, FILE *file)
{
    l->file = file;
    l->used = 0;
    l->ok = true;
}

bool csv_header(struct csv *c, enum table_id id)
{
    const struct table *t = table_of(id);
    struct line l;

    if (c->file[id] == NULL)
        return true;
    line_start(&l, c->file[id]);
    add_text(&l, "run");
    for (size_t i = 0; i < t->n_columns; i++) {
        add(&l, ",", 1);
        add_text(&l, t->columns[i].name);
    }
    add(&l, "\n", 1);
    flush(&l);
    return l.ok;
}

bool csv_row(struct csv *c, enum table_id id, u64 run, const void *row)
{
    const struct table *t = table_of(id);
    char cell[CELL_SIZE];
    struct line l;

    if (c->file[id] == NULL)
        return true;
    line_start(&l, c->file[id]);
    add(&l, cell, u128_print(cell, run));
    for (size_t i = 0; i < t->n_columns; i++) {
        add(&l, ",", 1);
        if (t->columns[i].type == COLUMN_text)
            add_text(&l, cell_text(&t->columns[i], row));
        else
            add(&l, cell, cell_print(cell, &t->columns[i], row));
    }
    add(&l, "\n", 1);
    flush(&l);
    return l.ok;
}

bool csv_text(FILE *f, const char *text)
{
    struct line l;

    line_start(&l, f);
    add_text(&l, text);
    flush(&l);
    return l.ok;
}
