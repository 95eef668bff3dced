// sink: a local stand-in for a provider. Answers HTTP like Twilio's
// POST /2010-04-01/Accounts/{Sid}/Messages.json (201 + JSON) and, on a second
// port, SMPP v3.4 binds and submit_sm. One thread, epoll. Loopback only.
//   sink [-p http_port] [-s smpp_port] [-l latency_ms] [-e every_nth_is_429] [-x every_nth_is_500] [-d every_nth_is_dropped] [-c file] [-a file]
// GET /__stats -> JSON counts; GET /__reset?l=MS&e=N&x=N&d=N zeroes counts and sets faults.
// -c FILE: writes the StatusCallback of each message and the sid it got, for signed callbacks afterwards.
// -a FILE: writes the number of each message and when it came the first time, in milliseconds of the wall clock.
// A message is told apart by the first "zq" + 8 digits in the request (unique/dups counts).
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAXFD 4096
#define SEQS 100000000
typedef struct { char *in; size_t len, cap; uint32_t gen; int smpp, open, waiting; char *out; size_t olen, ooff; } Conn;
static Conn conns[MAXFD];
static uint8_t *seen;
static uint64_t total, uniq, dups, noseq, e429, e500, dropped, binds, enquires, accepted;
static double first_t, last_t;
static int lat_ms, ev429, ev500, evdrop, ep;
typedef struct { double due; int fd; uint32_t gen; char *buf; size_t len; } Delay;
static Delay *dq; static size_t dh, dt, dcap;

static FILE *arrivals;
static void arrived(uint32_t v) {
  struct timespec t; if (!arrivals) return;
  clock_gettime(CLOCK_REALTIME, &t); fprintf(arrivals, "%u %.3f\n", v, t.tv_sec * 1e3 + t.tv_nsec / 1e6); fflush(arrivals);
}
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static void closec(int fd) { Conn *c = &conns[fd]; free(c->in); free(c->out); uint32_t g = c->gen + 1; memset(c, 0, sizeof *c); c->gen = g; close(fd); }
static int flushc(int fd) {
  Conn *c = &conns[fd];
  while (c->ooff < c->olen) {
    ssize_t n = send(fd, c->out + c->ooff, c->olen - c->ooff, MSG_NOSIGNAL);
    if (n < 0) { if (errno == EAGAIN) { struct epoll_event ev = {EPOLLIN | EPOLLOUT, {.fd = fd}}; epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev); return 0; } return -1; }
    c->ooff += n;
  }
  c->olen = c->ooff = 0;
  return 0;
}
static void put(int fd, const char *b, size_t n) { Conn *c = &conns[fd]; c->out = realloc(c->out, c->olen + n); memcpy(c->out + c->olen, b, n); c->olen += n; }
static void later(int fd, const char *b, size_t n) {
  if (dt == dcap) { size_t k = dt - dh; if (dh > dcap / 2) { memmove(dq, dq + dh, k * sizeof *dq); } else { dcap = dcap ? dcap * 2 : 1024; Delay *q = malloc(dcap * sizeof *q); memcpy(q, dq + dh, k * sizeof *q); free(dq); dq = q; } dh = 0; dt = k; }
  Delay *d = &dq[dt++]; d->due = now() + lat_ms / 1000.0; d->fd = fd; d->gen = conns[fd].gen; d->buf = malloc(n); memcpy(d->buf, b, n); d->len = n;
}
// 0 = ok, else the fault to make
static int count(const char *p, size_t n) {
  total++; last_t = now(); if (!first_t) first_t = last_t;
  if (evdrop && total % evdrop == 0) { dropped++; return 2; }
  if (ev429 && total % ev429 == 0) { e429++; return 429; }
  if (ev500 && total % ev500 == 0) { e500++; return 500; }
  const char *q = memmem(p, n, "zq", 2);
  while (q && (size_t)(p + n - q) >= 10) {
    uint32_t v = 0; int i; for (i = 2; i < 10 && q[i] >= '0' && q[i] <= '9'; i++) v = v * 10 + (q[i] - '0');
    if (i == 10 && v < SEQS) { if (seen[v >> 3] >> (v & 7) & 1) dups++; else { seen[v >> 3] |= 1 << (v & 7); uniq++; arrived(v); } return 0; }
    q = memmem(q + 2, p + n - q - 2, "zq", 2);
  }
  noseq++; return 0;
}
static int httpresp(char *o, size_t cap, int code, const char *reason, const char *extra, const char *body) {
  return snprintf(o, cap, "HTTP/1.1 %d %s\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: %zu\r\nTwilio-Request-Id: RQ0123456789abcdef0123456789abcdef\r\n%sConnection: keep-alive\r\n\r\n%s", code, reason, strlen(body), extra, body);
}
static FILE *callbacks;
static void callback(const char *p, size_t n) {
  const char *k = callbacks ? memmem(p, n, "StatusCallback=", 15) : 0; if (!k) return;
  k += 15; size_t len = 0; while (k + len < p + n && k[len] != '&') len++;
  fprintf(callbacks, "SM%032lx %.*s\n", total, (int)len, k); fflush(callbacks);
}
static long param(const char *p, size_t n, char k) { for (size_t i = 4; i + 2 < n && p[i] != ' '; i++) if ((p[i] == '?' || p[i] == '&') && p[i + 1] == k && p[i + 2] == '=') return atol(p + i + 3); return 0; }
// returns bytes used, 0 = need more, -1 = close
static ssize_t http(int fd, char *p, size_t n) {
  char *he = memmem(p, n, "\r\n\r\n", 4); if (!he) return n > 65536 ? -1 : 0;
  size_t hl = he - p + 4, bl = 0; int chunked = 0, close_ = 0;
  for (char *l = memchr(p, '\n', hl); l && l + 1 < he + 2; l = memchr(l + 1, '\n', he + 2 - l - 1)) {
    if (!strncasecmp(l + 1, "content-length:", 15)) bl = strtoul(l + 16, 0, 10);
    else if (!strncasecmp(l + 1, "transfer-encoding: chunked", 26)) chunked = 1;
    else if (!strncasecmp(l + 1, "connection: close", 17)) close_ = 1;
    else if (!strncasecmp(l + 1, "expect: 100", 11) && n == hl) { (void)!write(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25); }
  }
  size_t used;
  if (chunked) { char *z = memmem(he + 2, n - hl + 2, "\r\n0\r\n\r\n", 7); if (!z) return 0; used = z - p + 7; }
  else { if (n < hl + bl) return 0; used = hl + bl; }
  char o[4096], b[2048]; int k;
  if (memmem(p, hl < 80 ? hl : 80, "/__stats", 8)) {
    snprintf(b, sizeof b, "{\"total\":%lu,\"uniq\":%lu,\"dup\":%lu,\"noseq\":%lu,\"e429\":%lu,\"e500\":%lu,\"dropped\":%lu,\"binds\":%lu,\"accepted\":%lu,\"first\":%.6f,\"last\":%.6f,\"now\":%.6f}", total, uniq, dups, noseq, e429, e500, dropped, binds, accepted, first_t, last_t, now());
    k = httpresp(o, sizeof o, 200, "OK", "", b); put(fd, o, k); return used;
  }
  if (memmem(p, hl < 80 ? hl : 80, "/__reset", 8)) {
    total = uniq = dups = noseq = e429 = e500 = dropped = accepted = 0; first_t = last_t = 0; memset(seen, 0, SEQS / 8 + 1);
    lat_ms = param(p, hl, 'l'); ev429 = param(p, hl, 'e'); ev500 = param(p, hl, 'x'); evdrop = param(p, hl, 'd');
    k = httpresp(o, sizeof o, 200, "OK", "", "{}"); put(fd, o, k); return used;
  }
  int f = count(p, used);
  if (f == 2) return -1;
  if (f == 429) k = httpresp(o, sizeof o, 429, "Too Many Requests", "Retry-After: 1\r\n", "{\"code\":20429,\"message\":\"Too Many Requests\",\"more_info\":\"https://www.twilio.com/docs/errors/20429\",\"status\":429}");
  else if (f == 500) k = httpresp(o, sizeof o, 500, "Internal Server Error", "", "{\"code\":20500,\"message\":\"Internal Server Error\",\"more_info\":\"https://www.twilio.com/docs/errors/20500\",\"status\":500}");
  else {
    callback(p, used);
    snprintf(b, sizeof b, "{\"account_sid\":\"AC00000000000000000000000000000000\",\"api_version\":\"2010-04-01\",\"body\":\"x\",\"date_created\":\"Thu, 24 Aug 2023 05:01:45 +0000\",\"date_sent\":null,\"date_updated\":\"Thu, 24 Aug 2023 05:01:45 +0000\",\"direction\":\"outbound-api\",\"error_code\":null,\"error_message\":null,\"from\":\"+15005550006\",\"num_media\":\"0\",\"num_segments\":\"1\",\"price\":null,\"price_unit\":\"USD\",\"messaging_service_sid\":null,\"sid\":\"SM%032lx\",\"status\":\"queued\",\"subresource_uris\":{\"media\":\"/2010-04-01/Accounts/AC0/Messages/SM0/Media.json\"},\"to\":\"+14155550100\",\"uri\":\"/2010-04-01/Accounts/AC0/Messages/SM0.json\"}", total);
    k = httpresp(o, sizeof o, 201, "Created", "", b);
  }
  if (lat_ms) later(fd, o, k); else put(fd, o, k);
  if (close_) { flushc(fd); return -1; }
  return used;
}
static ssize_t smpp(int fd, char *p, size_t n) {
  if (n < 16) return 0;
  uint32_t len = ntohl(*(uint32_t *)p), id = ntohl(*(uint32_t *)(p + 4)), sq; memcpy(&sq, p + 12, 4);
  if (len < 16 || len > 65536) return -1;
  if (n < len) return 0;
  char o[64]; uint32_t ol = 16, st = 0, rid = id | 0x80000000u; memset(o, 0, sizeof o);
  switch (id) {
    case 1: case 2: case 9: binds++; strcpy(o + 16, "SINK"); ol = 21; break;
    case 4: { int f = count(p, len); if (f == 2) return -1; if (f == 429) st = 0x58; else if (f == 500) st = 8; if (!f) ol = 16 + sprintf(o + 16, "%lx", total) + 1; else ol = 17; break; }
    case 0x15: enquires++; break;
    case 6: break;
    default: if (id & 0x80000000u) return len; rid = 0x80000000u; st = 3;
  }
  uint32_t v = htonl(ol); memcpy(o, &v, 4); v = htonl(rid); memcpy(o + 4, &v, 4); v = htonl(st); memcpy(o + 8, &v, 4); memcpy(o + 12, &sq, 4);
  if (lat_ms && id == 4) later(fd, o, ol); else put(fd, o, ol);
  return len;
}
static int lis(int port) {
  int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1; setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, 4);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(s, (void *)&a, sizeof a) || listen(s, 1024)) { perror("bind"); exit(1); }
  struct epoll_event ev = {EPOLLIN, {.fd = s}}; epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev); return s;
}
int main(int ac, char **av) {
  int hp = 18080, sp = 18775, c;
  while ((c = getopt(ac, av, "p:s:l:e:x:d:c:a:")) != -1) { int v = atoi(optarg); if (c == 'c') { callbacks = fopen(optarg, "w"); continue; } if (c == 'a') { arrivals = fopen(optarg, "a"); continue; } if (c == 'p') hp = v; else if (c == 's') sp = v; else if (c == 'l') lat_ms = v; else if (c == 'e') ev429 = v; else if (c == 'x') ev500 = v; else if (c == 'd') evdrop = v; }
  signal(SIGPIPE, SIG_IGN); seen = calloc(1, SEQS / 8 + 1); ep = epoll_create1(0);
  int hs = lis(hp), ss = lis(sp); struct epoll_event evs[256]; char buf[65536];
  for (;;) {
    // Not in whole milliseconds: an answer would be half a millisecond late on average.
    struct timespec to = {0, 0};
    if (dh < dt) { double d = dq[dh].due - now(); if (d > 0) { to.tv_sec = (long)d; to.tv_nsec = (long)((d - to.tv_sec) * 1e9); } }
    int n = epoll_pwait2(ep, evs, 256, dh < dt ? &to : 0, 0);
    for (int i = 0; i < n; i++) {
      int fd = evs[i].data.fd;
      if (fd == hs || fd == ss) { int k; while ((k = accept4(fd, 0, 0, SOCK_NONBLOCK)) >= 0) { if (k >= MAXFD) { close(k); continue; } accepted++; int one = 1; setsockopt(k, IPPROTO_TCP, TCP_NODELAY, &one, 4); conns[k].open = 1; conns[k].smpp = fd == ss; struct epoll_event ev = {EPOLLIN, {.fd = k}}; epoll_ctl(ep, EPOLL_CTL_ADD, k, &ev); } continue; }
      Conn *k = &conns[fd]; int bad = 0;
      if (evs[i].events & EPOLLOUT) { struct epoll_event ev = {EPOLLIN, {.fd = fd}}; epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev); if (flushc(fd)) bad = 1; }
      if (!bad && evs[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        ssize_t r = recv(fd, buf, sizeof buf, 0);
        if (r <= 0) { if (r == 0 || errno != EAGAIN) bad = 1; }
        else {
          if (k->len + r > k->cap) { k->cap = (k->len + r) * 2; k->in = realloc(k->in, k->cap); }
          memcpy(k->in + k->len, buf, r); k->len += r; size_t off = 0; ssize_t u = 0;
          while (off < k->len && (u = k->smpp ? smpp(fd, k->in + off, k->len - off) : http(fd, k->in + off, k->len - off)) > 0) off += u;
          if (u < 0) bad = 1; else { memmove(k->in, k->in + off, k->len - off); k->len -= off; if (flushc(fd)) bad = 1; }
        }
      }
      if (bad) closec(fd);
    }
    double t = dh < dt ? now() : 0;
    while (dh < dt && dq[dh].due <= t) { Delay *d = &dq[dh++]; if (conns[d->fd].open && conns[d->fd].gen == d->gen) { put(d->fd, d->buf, d->len); if (flushc(d->fd)) closec(d->fd); } free(d->buf); }
  }
}
