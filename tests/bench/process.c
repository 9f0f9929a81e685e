#include "tests/bench/process.h"

#include <stdio.h>

size_t process_resident_kb(int pid)
{
	char path[64], line[256];
	size_t kb = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmRSS: %zu", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb;
}

static void schedule(int pid, unsigned long long *ran_ns, unsigned long long *waited_ns)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	f = fopen(path, "r");
	*ran_ns = *waited_ns = 0;
	if (f && fscanf(f, "%llu %llu", ran_ns, waited_ns) != 2)
		*ran_ns = *waited_ns = 0;
	if (f)
		fclose(f);
}

double process_cpu_ms(int pid)
{
	unsigned long long ran_ns, waited_ns;

	schedule(pid, &ran_ns, &waited_ns);
	return (double)ran_ns / 1e6;
}

double process_waited_ms(int pid)
{
	unsigned long long ran_ns, waited_ns;

	schedule(pid, &ran_ns, &waited_ns);
	return (double)waited_ns / 1e6;
}
