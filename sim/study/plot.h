/* plot - one picture drawn by gnuplot, as SVG inside a page.
 *
 * plot_begin() opens a script with the house style; the caller prints data blocks and commands into
 * it; plot_end() gives the script to gnuplot on its standard input and copies the picture.
 */
#ifndef SIM_STUDY_PLOT_H
#define SIM_STUDY_PLOT_H

#include "protocol/base.h"

#include <stdio.h>

struct plot {
    FILE *script;
    char error[200];
};

/* Width and height in pixels of the page.  False: error. */
must_use bool plot_begin(struct plot *p, u32 width, u32 height);

/* Draw and append the <svg> element to page.  False: error, which names the package if gnuplot is
 * not installed.  The script is closed in either case. */
must_use bool plot_end(struct plot *p, FILE *page);

/* A string in single quotes as gnuplot takes it. */
void plot_text(struct plot *p, const char *text);

#endif /* SIM_STUDY_PLOT_H */
