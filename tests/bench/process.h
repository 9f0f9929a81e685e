/*
 * What the system tells of a process that is measured.
 */
#ifndef YIMEN_TESTS_BENCH_PROCESS_H
#define YIMEN_TESTS_BENCH_PROCESS_H

#include <stddef.h>

/* Resident memory, shared pages and those of mapped files counted in; 0: it has ended. */
size_t process_resident_kb(int pid);
/* Processor time so far. */
double process_cpu_ms(int pid);
/* How long it stood ready and no processor took it. */
double process_waited_ms(int pid);

#endif
