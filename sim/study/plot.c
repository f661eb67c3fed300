/* plot - gnuplot as a process: script on stdin, SVG on stdout. */
#include "sim/study/plot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_FOUND 127 /* what a shell says too */

static const char style[] =
    "set encoding utf8\n"
    "set border 3 lc rgb '#9aa0a6' lw 1\n"
    "set tics nomirror tc rgb '#3c4043' scale 0.5\n"
    "set grid ytics lt 1 lw 0.6 lc rgb '#e3e6e8'\n"
    "set key outside top center horizontal samplen 1.2 spacing 1.1 tc rgb '#3c4043'\n"
    "set style fill solid 1.0 noborder\n"
    "set xlabel tc rgb '#5f6368'\nset ylabel tc rgb '#5f6368'\n"
    "set lmargin 10\nset rmargin 3\n"
    "set decimalsign '.'\n";

bool plot_begin(struct plot *p, u32 width, u32 height)
{
    p->error[0] = '\0';
    p->script = tmpfile();
    if (p->script == NULL) {
        snprintf(p->error, sizeof p->error, "a plot's script: %s", strerror(errno));
        return false;
    }
    fprintf(p->script, "set terminal svg size %u,%u dynamic noenhanced font 'sans-serif,12'\n",
            width, height);
    fputs(style, p->script);
    return true;
}

void plot_text(struct plot *p, const char *text)
{
    fputc('\'', p->script);
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputc('\'', p->script);
        if ((unsigned char)*text >= ' ')
            fputc(*text, p->script);
    }
    fputc('\'', p->script);
}

/* In the child: gnuplot with these as its standard streams. */
static _Noreturn void become_gnuplot(int script, int out, int complaints)
{
    char name[] = "gnuplot", *argv[] = {name, NULL};

    if (dup2(script, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(complaints, STDERR_FILENO) < 0)
        _exit(1);
    execvp(name, argv);
    _exit(errno == ENOENT ? NOT_FOUND : 1);
}

/* What the picture is in the page: the element, without the lines that make it a file. */
static bool copy_svg(FILE *page, FILE *svg)
{
    char line[4096];
    bool inside = false, any = false;

    while (fgets(line, sizeof line, svg) != NULL) {
        const char *start = line;
        if (!inside) {
            start = strstr(line, "<svg");
            inside = start != NULL;
        }
        if (inside) {
            fputs(start, page);
            any = true;
        }
    }
    return any && ferror(page) == 0;
}

/* What a process that has ended left as its status, and on its standard error. */
static void explain(struct plot *p, int status, FILE *complaints)
{
    char said[120] = "";

    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND) {
        snprintf(p->error, sizeof p->error,
                 "gnuplot, which draws the plots of report.html, is not installed: "
                 "install the package gnuplot-nox");
        return;
    }
    rewind(complaints);
    while (fgets(said, sizeof said, complaints) != NULL && said[strspn(said, " \n")] == '\0')
        continue;
    said[strcspn(said, "\n")] = '\0';
    snprintf(p->error, sizeof p->error, "gnuplot drew no picture: %s", said);
}

/* Start gnuplot and copy what it draws; false: error. */
static bool draw(struct plot *p, FILE *page, FILE *complaints)
{
    int ends[2], status = 0;
    bool drawn;
    pid_t child;
    FILE *svg;

    if (fflush(page) != 0 || pipe(ends) != 0)
        return false;
    child = fork();
    if (child == 0)
        become_gnuplot(fileno(p->script), ends[1], fileno(complaints));
    close(ends[1]);
    svg = fdopen(ends[0], "r");
    check(svg != NULL);
    drawn = child > 0 && copy_svg(page, svg);
    int why = errno;
    fclose(svg);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return false;
    errno = why;
    if (ferror(page) != 0)
        return false;
    if (!drawn || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        explain(p, status, complaints);
    return p->error[0] == '\0';
}

bool plot_end(struct plot *p, FILE *page)
{
    FILE *complaints = tmpfile();
    bool ok = complaints != NULL && fflush(p->script) == 0 && ferror(p->script) == 0 &&
              lseek(fileno(p->script), 0, SEEK_SET) == 0 && draw(p, page, complaints);

    if (!ok && p->error[0] == '\0')
        snprintf(p->error, sizeof p->error, "a plot: %s", strerror(errno));
    if (complaints != NULL)
        fclose(complaints);
    fclose(p->script);
    p->script = NULL;
    return ok;
}
