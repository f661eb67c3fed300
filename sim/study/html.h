/* html - text into a page. */
#ifndef SIM_STUDY_HTML_H
#define SIM_STUDY_HTML_H

#include <stdio.h>

/* The style of every page that Orrery writes. */
extern const char html_style[];

/* text with the letters that mean something to HTML written as entities. */
void html_text(FILE *page, const char *text);

/* From the first byte to the opened <main>; title is plain text. */
void html_begin(FILE *page, const char *title);

void html_end(FILE *page);

#endif /* SIM_STUDY_HTML_H */
