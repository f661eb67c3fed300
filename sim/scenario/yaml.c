#include "sim/scenario/yaml.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct parse {
    yaml_parser_t parser;
    struct store *store;
    const char *file, *text, *end;
    struct problem *why;
    u32 nodes;
};

static bool refuse(struct parse *p, yaml_mark_t at, const char *text)
{
    return problem_at(p->why, p->file, (u32)at.line + 1, (u32)at.column + 1, "%s", text);
}

/* Is there a tab?  libyaml only says that a token cannot begin so. */
static bool is_tab(const struct parse *p, yaml_mark_t at)
{
    const char *c = p->text;

    for (size_t line = 0; c < p->end && line < at.line; c++)
        line += *c == '\n';
    for (size_t column = 0; c < p->end && column < at.column; column++)
        do
            c++;
        while (c < p->end && ((u8)*c & 0xc0) == 0x80); /* the rest of a character */
    return c < p->end && *c == '\t';
}

static bool next_event(struct parse *p, yaml_event_t *event)
{
    if (yaml_parser_parse(&p->parser, event))
        return true;
    if (p->parser.error == YAML_SCANNER_ERROR && is_tab(p, p->parser.problem_mark))
        return refuse(p, p->parser.problem_mark, "not YAML: found a tab, expected spaces");
    bool marked = p->parser.error == YAML_SCANNER_ERROR || p->parser.error == YAML_PARSER_ERROR;
    if (p->parser.error == YAML_MEMORY_ERROR)
        return problem_at(p->why, p->file, 0, 0, "out of memory");
    if (marked)
        return problem_at(p->why, p->file, (u32)p->parser.problem_mark.line + 1,
                          (u32)p->parser.problem_mark.column + 1, "not YAML: %s%s%s",
                          p->parser.problem, p->parser.context != NULL ? " " : "",
                          p->parser.context != NULL ? p->parser.context : "");
    return problem_at(p->why, p->file, 0, 0, "not YAML: %s (byte %zu)", p->parser.problem,
                      p->parser.problem_offset);
}

static struct yaml *new_node(struct parse *p, const yaml_event_t *event, enum yaml_kind kind)
{
    struct yaml *node = NULL;

    if (p->nodes++ < YAML_NODES_MAX)
        node = store_take(p->store, sizeof(*node), 1);
    if (node == NULL) {
        refuse(p, event->start_mark, "too many values for one file");
        return NULL;
    }
    node->kind = kind;
    node->line = (u32)event->start_mark.line + 1;
    node->column = (u32)event->start_mark.column + 1;
    return node;
}

/* Anchors and tags would give a value another meaning than its text. */
static bool plain(struct parse *p, const yaml_event_t *event, const yaml_char_t *anchor,
                  const yaml_char_t *tag)
{
    if (anchor != NULL)
        return refuse(p, event->start_mark, "anchors are not used here, expected a plain value");
    if (tag != NULL)
        return refuse(p, event->start_mark, "tags are not used here, expected a plain value");
    return true;
}

static struct yaml *scalar(struct parse *p, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    struct yaml *node;

    if (!plain(p, event, event->data.scalar.anchor, event->data.scalar.tag))
        return NULL;
    if (strlen(text) != length) {
        refuse(p, event->start_mark, "a text with a zero byte, expected a plain value");
        return NULL;
    }
    node = new_node(p, event, YAML_SCALAR);
    if (node == NULL)
        return NULL;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = store_text(p->store, text, length);
    if (node->text == NULL)
        refuse(p, event->start_mark, "too much text for one file");
    return node->text == NULL ? NULL : node;
}

static struct yaml *value(struct parse *p, yaml_event_t *event, u32 depth);

static void append(struct yaml *parent, struct yaml **last, struct yaml *child)
{
    if (*last == NULL)
        parent->first = child;
    else
        (*last)->next = child;
    *last = child;
    parent->count++;
}

static bool new_key(struct parse *p, const struct yaml *map, const struct yaml *key)
{
    yaml_mark_t at = {0, key->line - 1, key->column - 1};
    const struct yaml *before;

    if (key->kind != YAML_SCALAR || key->text[0] == '\0')
        return refuse(p, at, "expected a word as key");
    before = yaml_entry(map, key->text);
    if (before != NULL)
        return problem_at(p->why, p->file, key->line, key->column,
                          "'%.40s' is here already in line %u", key->text, before->key_line);
    if (map->count == YAML_KEYS_MAX)
        return refuse(p, at, "too many keys in one mapping");
    return true;
}

static struct yaml *entry(struct parse *p, const struct yaml *map, yaml_event_t *event, u32 depth)
{
    const struct yaml *key = value(p, event, depth + 1);
    yaml_event_t next;

    if (key == NULL || !new_key(p, map, key) || !next_event(p, &next))
        return NULL;
    struct yaml *child = value(p, &next, depth + 1);
    yaml_event_delete(&next);
    if (child != NULL) {
        child->key = key->text;
        child->key_line = key->line;
        child->key_column = key->column;
    }
    return child;
}

/* What stands between the start of a list or map and its end: elements are values, those of a map
 * entries with a key. */
static struct yaml *children(struct parse *p, struct yaml *node, bool map, u32 depth)
{
    yaml_event_type_t end = map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    struct yaml *last = NULL;
    yaml_event_t event;

    for (;;) {
        if (!next_event(p, &event))
            return NULL;
        if (event.type == end)
            break;
        struct yaml *child = map ? entry(p, node, &event, depth) : value(p, &event, depth + 1);
        yaml_event_delete(&event);
        if (child == NULL)
            return NULL;
        append(node, &last, child);
    }
    yaml_event_delete(&event);
    return node;
}

static struct yaml *list(struct parse *p, const yaml_event_t *start, u32 depth)
{
    struct yaml *node = new_node(p, start, YAML_LIST);

    if (node == NULL ||
        !plain(p, start, start->data.sequence_start.anchor, start->data.sequence_start.tag))
        return NULL;
    return children(p, node, false, depth);
}

static struct yaml *map(struct parse *p, const yaml_event_t *start, u32 depth)
{
    struct yaml *node = new_node(p, start, YAML_MAP);

    if (node == NULL ||
        !plain(p, start, start->data.mapping_start.anchor, start->data.mapping_start.tag))
        return NULL;
    return children(p, node, true, depth);
}

/* The value that an event begins; the event stays the caller's. */
static struct yaml *value(struct parse *p, yaml_event_t *event, u32 depth)
{
    if (depth > YAML_DEPTH_MAX) {
        refuse(p, event->start_mark, "nested too deeply");
        return NULL;
    }
    if (event->type == YAML_SCALAR_EVENT)
        return scalar(p, event);
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return list(p, event, depth);
    if (event->type == YAML_MAPPING_START_EVENT)
        return map(p, event, depth);
    if (event->type == YAML_ALIAS_EVENT)
        refuse(p, event->start_mark, "aliases are not used here, expected a plain value");
    else
        refuse(p, event->start_mark, "expected a value");
    return NULL;
}

/* The next event if it is of this type. */
static bool step(struct parse *p, yaml_event_type_t type, const char *otherwise)
{
    yaml_event_t event;
    bool right;

    if (!next_event(p, &event))
        return false;
    right = event.type == type;
    if (right && type == YAML_DOCUMENT_START_EVENT &&
        event.data.document_start.tag_directives.start !=
            event.data.document_start.tag_directives.end)
        right = refuse(p, event.start_mark, "tags are not used here, expected no %TAG");
    else if (!right)
        refuse(p, event.start_mark, otherwise);
    yaml_event_delete(&event);
    return right;
}

static const struct yaml *document(struct parse *p)
{
    struct yaml *root;
    yaml_event_t event;

    if (!step(p, YAML_STREAM_START_EVENT, "expected YAML") ||
        !step(p, YAML_DOCUMENT_START_EVENT, "the file is empty") || !next_event(p, &event))
        return NULL;
    root = value(p, &event, 0);
    yaml_event_delete(&event);
    if (root == NULL || !step(p, YAML_DOCUMENT_END_EVENT, "expected the end of the file") ||
        !step(p, YAML_STREAM_END_EVENT, "expected one document in a file"))
        return NULL;
    return root;
}

const struct yaml *yaml_parse(struct store *store, const char *file, const char *text, size_t size,
                              struct problem *why)
{
    static const char mark[3] = {'\xef', '\xbb', '\xbf'};
    size_t skip = size >= sizeof(mark) && memcmp(text, mark, sizeof(mark)) == 0 ? sizeof(mark) : 0;
    struct parse p = {
        .store = store, .file = file, .text = text + skip, .end = text + size, .why = why};
    const struct yaml *root;

    if (size > YAML_BYTES_MAX) {
        problem_at(why, file, 0, 0, "larger than %zu MiB", YAML_BYTES_MAX >> 20);
        return NULL;
    }
    if (!yaml_parser_initialize(&p.parser)) {
        problem_at(why, file, 0, 0, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&p.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p.parser, (const unsigned char *)p.text, size - skip);
    root = document(&p);
    yaml_parser_delete(&p.parser);
    return root;
}

const struct yaml *yaml_entry(const struct yaml *map, const char *key)
{
    for (const struct yaml *e = map->first; e != NULL; e = e->next)
        if (strcmp(e->key, key) == 0)
            return e;
    return NULL;
}

const char *yaml_found(const struct yaml *node, char text[YAML_FOUND_BYTES])
{
    switch (node->kind) {
    case YAML_LIST:
        return "a list";
    case YAML_MAP:
        return "a mapping";
    case YAML_SCALAR:
        break;
    }
    if (node->text[0] == '\0')
        return "nothing";
    snprintf(text, YAML_FOUND_BYTES, "'%.40s%s'", node->text, strlen(node->text) > 40 ? "..." : "");
    return text;
}
