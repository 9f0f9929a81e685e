/* The version of this tree, the same for all its programs; CHANGES tells what is new in it. */
#ifndef YIMEN_CORE_BASE_VERSION_H
#define YIMEN_CORE_BASE_VERSION_H

#define YIMEN_VERSION "0.2"

#endif
