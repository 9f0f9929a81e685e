#include "core/station/transport.h"

#include <string.h>

bool transport_may_repeat(const struct transport_request *r)
{
	return strcmp(r->method, "GET") == 0 || r->upload_length > 0 || r->key != NULL;
}
