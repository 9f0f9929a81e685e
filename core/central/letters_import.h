/*
 * yimen-central letters import FILE: takes in the letters and papers of a sealed file that a
 * station exported when its line was dead (core/base/seal.h, core/domain/parcel.h). Each goes the
 * way that it would have gone over the line, so a letter that came both ways is taken once.
 */
#ifndef YIMEN_CORE_CENTRAL_LETTERS_IMPORT_H
#define YIMEN_CORE_CENTRAL_LETTERS_IMPORT_H

/*
 * A line a letter on stdout: key TAB taken|again|waits|refused TAB case number or reason. One that
 * waits is not refused: what goes before it of its case, or its paper, is not here yet; stderr says
 * what to do. Returns the exit code: refused when a letter was or waits, or when the file is not
 * whole; what came before the fault is in.
 */
int letters_import(const char *dir, const char *file);

#endif
