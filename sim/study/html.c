/* html - one style sheet, no script, no other file. */
#include "sim/study/html.h"

const char html_style[] =
    ":root{--ink:#202124;--soft:#5f6368;--line:#e3e6e8;--tint:#f6f8f9;--accent:#1a5fb4}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:#fff;color:var(--ink);font:15px/1.5 system-ui,-apple-system,"
    "'Segoe UI','Liberation Sans',Helvetica,Arial,sans-serif}"
    "main{max-width:1160px;margin:0 auto;padding:40px 28px 60px}"
    "h1{font-size:28px;line-height:1.2;margin:0 0 6px;font-weight:650;letter-spacing:-.01em}"
    "h2{font-size:17px;margin:40px 0 12px;font-weight:650}"
    "h3{font-size:14px;margin:0 0 2px;font-weight:650}"
    "p{margin:0 0 8px}.question{font-size:17px;color:var(--soft);max-width:46em}"
    ".facts{color:var(--soft);font-size:13.5px;margin-top:10px}.facts b{color:var(--ink);"
    "font-weight:550}"
    "code{font:12.5px/1.5 ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;"
    "background:var(--tint);padding:2px 5px;border-radius:4px}"
    ".figures{columns:3;column-gap:36px;border-top:1px solid var(--line);padding-top:6px}"
    ".figure{display:flex;justify-content:space-between;gap:12px;border-bottom:1px solid "
    "var(--line);padding:5px 0;break-inside:avoid}"
    ".figure span{color:var(--soft)}.figure b{font-weight:600;font-variant-numeric:tabular-nums;"
    "white-space:nowrap}.figure i{font-style:normal;font-weight:400;color:var(--soft);"
    "font-size:12.5px}"
    ".plots{display:grid;grid-template-columns:1fr 1fr;gap:28px 32px}"
    ".plots.three{grid-template-columns:1fr 1fr 1fr;gap:20px 28px;margin-top:14px}"
    ".plot{border-top:1px solid var(--line);padding-top:12px;min-width:0}"
    ".plot p{color:var(--soft);font-size:13px;margin:0 0 4px}.plot.wide{grid-column:1/-1}"
    "svg{display:block;width:100%;height:auto}"
    "svg text{font-family:system-ui,-apple-system,'Segoe UI','Liberation Sans',Helvetica,Arial,"
    "sans-serif}"
    "table{border-collapse:collapse;font-size:13.5px;width:100%}"
    "th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line);"
    "padding:6px 14px 6px 0}"
    "td{border-bottom:1px solid var(--line);padding:6px 14px 6px 0;vertical-align:top}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".none{color:var(--soft)}.differs{color:var(--accent);font-weight:600}"
    ".fails{color:#c01c28;font-weight:600}"
    "@media(max-width:820px){.plots,.plots.three{grid-template-columns:1fr}.figures{columns:1}}";

void html_text(FILE *page, const char *text)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '<':
            fputs("&lt;", page);
            break;
        case '>':
            fputs("&gt;", page);
            break;
        case '&':
            fputs("&amp;", page);
            break;
        case '"':
            fputs("&quot;", page);
            break;
        default:
            fputc(*text, page);
        }
}

void html_begin(FILE *page, const char *title)
{
    fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
          page);
    html_text(page, title);
    fprintf(page, "</title>\n<style>%s</style></head>\n<body><main>\n", html_style);
}

void html_end(FILE *page)
{
    fputs("</main></body></html>\n", page);
}
