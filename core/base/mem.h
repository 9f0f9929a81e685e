/*
 * Memory. Running out of it ends the program with one sentence: all that a clerk typed is on
 * disk within a second anyway, and starting again resumes at the field. So no caller handles
 * NULL, and every path that can be taken is a path that is tested.
 */
#ifndef YIMEN_CORE_BASE_MEM_H
#define YIMEN_CORE_BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);			      /* zeroed; free() it */
void *mem_array(size_t count, size_t size);	      /* zeroed; overflow-checked */
void *mem_resize(void *p, size_t count, size_t size); /* like reallocarray, never NULL */
char *mem_strdup(const char *s);		      /* NULL stays NULL */
char *mem_strndup(const char *s, size_t len_bytes);

/* A library ran out of it: ends the program in the same way. */
_Noreturn void mem_exhausted(void);

/* Called once, just before the program ends for lack of memory (the screen restores the terminal).
 */
void mem_on_exhausted(void (*hook)(void));

#endif
