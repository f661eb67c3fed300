#include "sim/live/peers.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FRAME_HEAD 4u
#define FRAME_MOST (5u + MSG_BYTES_MAX + 8u)

enum frame_kind { FRAME_MESSAGE = 1, FRAME_BEAT, FRAME_ANSWER };

struct peer {
    struct peers *p;
    u32 account;
    u16 port; /* 0: nobody knows */
    struct evconnlistener *listener;
    struct peer *next;
};

/* One connection: somebody's to us, or ours to somebody (`to`). */
struct line {
    struct peers *p;
    struct bufferevent *bev;
    u32 to, at; /* at: who listens, of an accepted one */
    struct line *next;
};

struct peers {
    struct peers_config c;
    struct peer *peers;
    struct line *lines;
};

static struct peer *peer_of(struct peers *p, u32 account)
{
    struct peer *x = p->peers;

    while (x != NULL && x->account != account)
        x = x->next;
    if (x != NULL)
        return x;
    x = calloc(1, sizeof(*x));
    check(x != NULL);
    *x = (struct peer){.p = p, .account = account, .next = p->peers};
    p->peers = x;
    return x;
}

static void drop_line(struct line *l)
{
    struct line **at = &l->p->lines;

    while (*at != l)
        at = &(*at)->next;
    *at = l->next;
    bufferevent_free(l->bev);
    free(l);
}

static u64 now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (u64)t.tv_sec * 1000000u + (u64)t.tv_nsec / 1000u;
}

/* ---- frames ---- */

static void put_frame(struct line *l, enum frame_kind kind, u32 from, const u8 *body, size_t n)
{
    u8 head[FRAME_HEAD + 5];
    struct writer w = {head, sizeof(head)};
    u8 k = (u8)kind;

    put_u32(&w, (u32)(5 + n));
    put_bytes(&w, &k, 1);
    put_u32(&w, from);
    bufferevent_write(l->bev, head, sizeof(head));
    bufferevent_write(l->bev, body, n);
}

static bool take_message(struct line *l, u32 from, struct reader *r)
{
    struct msg msg;

    if (l->at == 0 || !msg_decode(r, &msg) || r->left != 0)
        return false;
    l->p->c.message(l->p->c.about, l->at, from, &msg);
    return true;
}

static bool take_answer(struct line *l, struct reader *r)
{
    u64 sent_us = get_u64(r);

    if (!r->ok || r->left != 0 || l->to == 0 || sent_us > now_us())
        return false;
    l->p->c.beat(l->p->c.about, l->to, now_us() - sent_us);
    return true;
}

/* False: nonsense, which costs the line. */
static bool take_frame(struct line *l, const u8 *bytes, size_t n)
{
    struct reader r = {bytes, n, true};
    u8 kind = 0;

    get_bytes(&r, &kind, 1);
    u32 from = get_u32(&r);
    if (!r.ok)
        return false;
    if (kind == FRAME_MESSAGE)
        return take_message(l, from, &r);
    if (kind == FRAME_ANSWER)
        return take_answer(l, &r);
    if (kind != FRAME_BEAT || r.left != 8 || l->at == 0)
        return false;
    put_frame(l, FRAME_ANSWER, l->at, r.at, r.left);
    return true;
}

static void on_read(struct bufferevent *bev, void *about)
{
    struct line *l = about;
    struct evbuffer *in = bufferevent_get_input(bev);
    u8 bytes[FRAME_HEAD + FRAME_MOST];

    while (evbuffer_get_length(in) >= FRAME_HEAD) {
        evbuffer_copyout(in, bytes, FRAME_HEAD);
        struct reader r = {bytes, FRAME_HEAD, true};
        u32 size = get_u32(&r);
        if (size > FRAME_MOST) {
            drop_line(l);
            return;
        }
        if (evbuffer_get_length(in) < FRAME_HEAD + size)
            return;
        evbuffer_remove(in, bytes, FRAME_HEAD + size);
        if (!take_frame(l, bytes + FRAME_HEAD, size)) {
            drop_line(l);
            return;
        }
    }
}

static void on_event(struct bufferevent *bev, short what, void *about)
{
    (void)bev;
    if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) != 0)
        drop_line(about);
}

/* ---- lines ---- */

static struct line *add_line(struct peers *p, evutil_socket_t fd, u32 to, u32 at)
{
    struct line *l = calloc(1, sizeof(*l));

    check(l != NULL);
    *l = (struct line){.p = p, .to = to, .at = at, .next = p->lines};
    l->bev = bufferevent_socket_new(p->c.base, fd, BEV_OPT_CLOSE_ON_FREE);
    check(l->bev != NULL);
    p->lines = l;
    bufferevent_setcb(l->bev, on_read, NULL, on_event, l);
    bufferevent_enable(l->bev, EV_READ | EV_WRITE);
    return l;
}

static struct sockaddr_in loopback(u16 port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

static struct line *line_to(struct peers *p, u32 to)
{
    const struct peer *x = peer_of(p, to);
    struct line *l = p->lines;

    while (l != NULL && l->to != to)
        l = l->next;
    if (l != NULL || x->port == 0)
        return l;
    struct sockaddr_in at = loopback(x->port);
    l = add_line(p, -1, to, 0);
    if (bufferevent_socket_connect(l->bev, (struct sockaddr *)&at, sizeof(at)) == 0)
        return l;
    drop_line(l);
    return NULL;
}

void peers_send(struct peers *p, u32 from, u32 to, const struct msg *msg)
{
    u8 body[MSG_BYTES_MAX];
    struct writer w = {body, sizeof(body)};
    struct line *l = line_to(p, to);

    if (l == NULL)
        return;
    msg_encode(&w, msg);
    put_frame(l, FRAME_MESSAGE, from, body, sizeof(body) - w.left);
}

void peers_beat(struct peers *p, u32 from, u32 to)
{
    u8 body[8];
    struct writer w = {body, sizeof(body)};
    struct line *l = line_to(p, to);

    if (l == NULL)
        return;
    put_u64(&w, now_us());
    put_frame(l, FRAME_BEAT, from, body, sizeof(body));
}

/* ---- listening ---- */

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
                      int size, void *about)
{
    const struct peer *x = about;
    int on = 1;

    (void)listener;
    (void)from;
    (void)size;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    (void)add_line(x->p, fd, 0, x->account);
}

void peers_know(struct peers *p, u32 account, u16 port)
{
    peer_of(p, account)->port = port;
}

u16 peers_listen(struct peers *p, u32 account)
{
    struct peer *x = peer_of(p, account);
    struct sockaddr_in at = loopback(0);
    socklen_t size = sizeof(at);

    x->listener = evconnlistener_new_bind(p->c.base, on_accept, x,
                                          LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1,
                                          (struct sockaddr *)&at, sizeof(at));
    if (x->listener == NULL ||
        getsockname(evconnlistener_get_fd(x->listener), (struct sockaddr *)&at, &size) != 0)
        return 0;
    x->port = ntohs(at.sin_port);
    return x->port;
}

/* Nobody reaches it any more: the port is closed, and lines to and from it. */
void peers_silence(struct peers *p, u32 account)
{
    struct peer *x = peer_of(p, account);

    if (x->listener != NULL)
        evconnlistener_free(x->listener);
    x->listener = NULL;
    for (struct line *l = p->lines, *next; l != NULL; l = next) {
        next = l->next;
        if (l->to == account || l->at == account)
            drop_line(l);
    }
}

struct peers *peers_open(const struct peers_config *config)
{
    struct peers *p = calloc(1, sizeof(*p));

    if (p != NULL)
        p->c = *config;
    return p;
}

void peers_close(struct peers *p)
{
    for (struct line *l = p->lines, *next; l != NULL; l = next) {
        next = l->next;
        drop_line(l);
    }
    while (p->peers != NULL) {
        struct peer *x = p->peers;
        p->peers = x->next;
        if (x->listener != NULL)
            evconnlistener_free(x->listener);
        free(x);
    }
    free(p);
}
