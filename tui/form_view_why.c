/* Why: shown on a page of its own. */
#include "tui/form_view.h"

#include "core/base/msg.h"
#include "tui/app.h"
#include "tui/form_view_private.h"
#include "tui/screens/screens.h"
#include "tui/why_text.h"

static void fill(void *arg, struct pager *p)
{
	struct form_view *v = arg;

	why_text(p, v->entry, form_view_current(v), v->intake);
}

void form_view_why(struct form_view *v)
{
	form_view_leave(v);
	app_push(v->app, page_screen(v->app, tr("为什么"), fill, v));
}
