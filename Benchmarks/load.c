// load: closed-loop load generator, one thread, epoll. Sends exactly -n requests over -c
// connections, each made from a raw template file in which @SEQ@ becomes "zq" + 8 digits
// (so Content-Length is fixed), and prints one JSON line.
// @NUM@ becomes the last seven digits alone, for phone numbers. With -q the requests come from a file instead, one after
// the other, each behind a line with its length in bytes; they are sent once each, in order.
//   load -p port -c conns -n count [-s first_seq] [-T max_s] [-m http|line] [-k 1=new connection per request] [-r rate] -f template | -q requests
// -r R: open loop; request i is due at i/R and its latency counts from then (no coordinated omission).
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
typedef struct { int fd, busy, connected; double t0; size_t out_off, ilen, tl; char in[65536]; char *req; } C;
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static int port = 8080, nc = 64, ep, line_mode, newconn; static long n = 10000, start; static char *tpl; static size_t tl; static size_t seqoff[16], numoff[16]; static int nseq, nnum;
static char **list; static size_t *lens;
static float *lat; static long sent, done, ok, non2, errs, reconn; static int codes[1000];
static double rate, T0;
static int cmp(const void *a, const void *b) { float x = *(float *)a, y = *(float *)b; return x < y ? -1 : x > y; }
static int dial(C *c, int i) {
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, 4);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int r = connect(c->fd, (void *)&a, sizeof a); if (r && errno != EINPROGRESS) { perror("connect"); exit(1); }
  struct epoll_event ev = {EPOLLIN | EPOLLOUT, {.u32 = i}}; epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev); c->connected = 0; return 0;
}
static void pump(C *c, int i) {
  while (c->out_off < c->tl) { ssize_t k = send(c->fd, c->req + c->out_off, c->tl - c->out_off, MSG_NOSIGNAL); if (k < 0) break; c->out_off += k; }
  struct epoll_event ev = {EPOLLIN | (c->out_off < c->tl ? EPOLLOUT : 0), {.u32 = i}}; epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &ev);
}
static void begin(C *c, int i) {
  if (sent >= n) { c->busy = 0; return; }
  if (rate > 0) { double due = T0 + sent / rate; if (due > now()) { c->busy = 0; return; } c->t0 = due; } else c->t0 = now();
  if (list) { c->req = list[sent]; c->tl = lens[sent]; sent++; }
  else {
    char s[16]; snprintf(s, sizeof s, "zq%08ld", start + sent); sent++;
    for (int k = 0; k < nseq; k++) memcpy(c->req + seqoff[k], s, 10);
    for (int k = 0; k < nnum; k++) memcpy(c->req + numoff[k], s + 3, 7);
  }
  c->busy = 1; c->out_off = 0; c->ilen = 0; if (c->connected) pump(c, i);
}
static void fin(C *c, int code) { lat[done++] = (now() - c->t0) * 1000; if (code >= 200 && code < 300) ok++; else non2++; if (code >= 0 && code < 1000) codes[code]++; }
// 0 need more, 1 done, 2 done and must close
static int parse(C *c, int *code) {
  if (line_mode) { if (c->ilen >= 2 && c->in[c->ilen - 1] == '\n') { *code = (c->in[0] == 'I' || c->in[0] == '+' || c->in[0] == ':') ? 200 : 500; return 1; } return 0; }
  char *he = memmem(c->in, c->ilen, "\r\n\r\n", 4); if (!he) return 0;
  *code = c->ilen > 12 ? atoi(c->in + 9) : 0; size_t hl = he - c->in + 4; long cl = -1; int ch = 0, cl_ = !strncmp(c->in, "HTTP/1.0", 8);
  for (char *l = memchr(c->in, '\n', hl); l && l < he; l = memchr(l + 1, '\n', he + 2 - l - 1)) {
    if (!strncasecmp(l + 1, "content-length:", 15)) cl = atol(l + 16);
    else if (!strncasecmp(l + 1, "transfer-encoding: chunked", 26)) ch = 1;
    else if (!strncasecmp(l + 1, "connection: close", 17)) cl_ = 1; else if (!strncasecmp(l + 1, "connection: keep-alive", 22)) cl_ = 0;
  }
  if (*code == 204) cl = 0;
  if (ch) { if (c->ilen >= 5 && !memcmp(c->in + c->ilen - 5, "0\r\n\r\n", 5)) return 1 + cl_; return 0; }
  if (cl < 0) return 0; // until close
  return c->ilen >= hl + cl ? 1 + cl_ : 0;
}
// Reads the file of -q; returns how many requests it holds.
static long readlist(const char *path) {
  FILE *fp = fopen(path, "rb"); size_t len; long k = 0, cap = 0; if (!fp) { perror(path); exit(1); }
  while (fscanf(fp, "%zu", &len) == 1 && fgetc(fp) == '\n') {
    if (k == cap) { cap = cap ? cap * 2 : 1024; list = realloc(list, cap * sizeof *list); lens = realloc(lens, cap * sizeof *lens); }
    list[k] = malloc(len); lens[k] = len; if (fread(list[k], 1, len, fp) != len) break;
    k++;
  }
  fclose(fp); return k;
}
int main(int ac, char **av) {
  int c; double maxs = 60; char *f = 0, *q = 0;
  while ((c = getopt(ac, av, "p:c:n:s:T:m:f:k:r:q:")) != -1) { if (c == 'p') port = atoi(optarg); else if (c == 'c') nc = atoi(optarg); else if (c == 'n') n = atol(optarg); else if (c == 's') start = atol(optarg); else if (c == 'T') maxs = atof(optarg); else if (c == 'm') line_mode = optarg[0] == 'l'; else if (c == 'f') f = optarg; else if (c == 'k') newconn = atoi(optarg); else if (c == 'r') rate = atof(optarg); else if (c == 'q') q = optarg; }
  if (q) { long k = readlist(q); if (k < n) n = k; }
  else {
    FILE *fp = f ? fopen(f, "rb") : 0; if (!fp) { fprintf(stderr, "load: no template\n"); return 2; }
    char raw[65536]; size_t rl = fread(raw, 1, sizeof raw, fp); fclose(fp); tpl = malloc(rl * 3 + 1);
    for (size_t i = 0; i < rl;) {
      if (rl - i >= 5 && !memcmp(raw + i, "@SEQ@", 5)) { seqoff[nseq++] = tl; memcpy(tpl + tl, "zq00000000", 10); tl += 10; i += 5; }
      else if (rl - i >= 5 && !memcmp(raw + i, "@NUM@", 5)) { numoff[nnum++] = tl; memcpy(tpl + tl, "0000000", 7); tl += 7; i += 5; }
      else tpl[tl++] = raw[i++];
    }
  }
  lat = malloc(sizeof *lat * n); ep = epoll_create1(0); C *cs = calloc(nc, sizeof *cs);
  struct epoll_event evs[256];
  for (int i = 0; i < nc; i++) { if (!list) { cs[i].req = malloc(tl); memcpy(cs[i].req, tpl, tl); cs[i].tl = tl; } dial(&cs[i], i); }
  double tc = now(); // let every client connect before the clock starts (a listen backlog below -c shows up as connect_s)
  for (int up = 0; up < nc && now() - tc < 20;) {
    int k = epoll_wait(ep, evs, 256, 1000);
    for (int j = 0; j < k; j++) { int i = evs[j].data.u32; if (!cs[i].connected && evs[j].events & EPOLLOUT) { cs[i].connected = 1; up++; struct epoll_event ev = {EPOLLIN, {.u32 = i}}; epoll_ctl(ep, EPOLL_CTL_MOD, cs[i].fd, &ev); } }
  }
  T0 = now(); double connect_s = T0 - tc;
  for (int i = 0; i < nc; i++) begin(&cs[i], i);
  while (done + errs < n && now() - T0 < maxs) {
    int k = epoll_wait(ep, evs, 256, rate > 0 ? 1 : 1000);
    if (rate > 0) for (int i = 0; i < nc; i++) if (!cs[i].busy && cs[i].connected) begin(&cs[i], i);
    for (int j = 0; j < k; j++) {
      int i = evs[j].data.u32; C *x = &cs[i];
      if (evs[j].events & EPOLLOUT) { x->connected = 1; if (x->busy) pump(x, i); else { struct epoll_event ev = {EPOLLIN, {.u32 = i}}; epoll_ctl(ep, EPOLL_CTL_MOD, x->fd, &ev); } }
      if (evs[j].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        ssize_t r = recv(x->fd, x->in + x->ilen, sizeof x->in - x->ilen, 0); int code = 0, st = 0;
        if (r > 0) { x->ilen += r; if (x->busy) st = parse(x, &code); }
        if (r == 0 || (r < 0 && errno != EAGAIN)) {
          close(x->fd); reconn++;
          if (x->busy) { char *he = x->ilen > 12 ? memmem(x->in, x->ilen, "\r\n\r\n", 4) : 0; if (he) { fin(x, atoi(x->in + 9)); } else if (x->ilen == 0 && x->out_off == x->tl && reconn < n) { /* stale keep-alive: resend same request */ x->out_off = 0; dial(x, i); continue; } else errs++; }
          if (sent < n) { dial(x, i); begin(x, i); } continue;
        }
        if (st) { fin(x, code); if (st == 2 || newconn) { close(x->fd); if (sent < n) { dial(x, i); begin(x, i); } } else begin(x, i); }
      }
    }
  }
  double el = now() - T0; qsort(lat, done, sizeof *lat, cmp);
  printf("{\"n\":%ld,\"done\":%ld,\"ok\":%ld,\"non2xx\":%ld,\"errs\":%ld,\"reconnects\":%ld,\"seconds\":%.4f,\"rate\":%.1f,\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"connect_s\":%.3f,\"t0\":%.6f,\"codes\":{", n, done, ok, non2, errs, reconn, el, done / el, done ? lat[done / 2] : 0, done ? lat[done * 9 / 10] : 0, done ? lat[done * 99 / 100] : 0, done ? lat[done - 1] : 0, connect_s, T0);
  int first = 1; for (int i = 0; i < 1000; i++) if (codes[i]) { printf("%s\"%d\":%d", first ? "" : ",", i, codes[i]); first = 0; }
  printf("}}\n"); return 0;
}
