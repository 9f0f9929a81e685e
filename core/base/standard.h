/*
 * Standard input, output and error, when whoever started the program has closed one of them
 * (`yimen case list >&-`): its number would go to the next file that is opened, and what is printed
 * into that file.
 */
#ifndef YIMEN_CORE_BASE_STANDARD_H
#define YIMEN_CORE_BASE_STANDARD_H

/* First thing in main. One that is closed stays taken, and fails for whoever uses it (EBADF), as a
 * closed one does: what is printed is lost, and found to be. */
void standard_keep(void);

#endif
