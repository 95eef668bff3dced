// pace: how evenly this machine runs. One thread does nothing but arithmetic for `seconds`; printed is the percentage of
// windows of 10 ms in which it did less than a third of what it did in its best one. On a machine of one's own that is 0.
//   pace [seconds]
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
int main(int argc, char **argv) {
  double seconds = argc > 1 ? atof(argv[1]) : 4, begin = now(), at;
  int windows = (int)(seconds * 100), *done = calloc(windows + 1, sizeof *done), best = 0, slow = 0;
  volatile unsigned long sink; unsigned long state = 1;
  while ((at = now() - begin) < seconds) {
    for (int i = 0; i < 4000; i++) state = state * 6364136223846793005UL + i;
    sink = state; done[(int)(at * 100)]++;
  }
  for (int i = 0; i < windows; i++) if (done[i] > best) best = done[i];
  for (int i = 0; i < windows; i++) slow += done[i] * 3 < best;
  printf("%.2f\n", 100.0 * slow / windows);
}
