#include "tests/bench/peers.h"

#include <stdio.h>

#define FORM \
	{ \
		"/usr/bin/dialog", "--form", "申请", "20", "70", "10", "姓名", "1", "1", "", "1", \
			"20", "30", "60", "证件号码", "2", "1", "", "2", "20", "30", "60" \
	}

void peers_make(struct peers *p, const char *folder)
{
	snprintf(p->home, sizeof(p->home), "HOME=%s", folder);
	snprintf(p->repo, sizeof(p->repo), "%s/repo", folder);
	snprintf(p->mbox, sizeof(p->mbox), "%s/mbox", folder);
	snprintf(p->rc, sizeof(p->rc), "%s/muttrc", folder);
	snprintf(p->urls, sizeof(p->urls), "%s/urls", folder);
	snprintf(p->cache, sizeof(p->cache), "%s/cache.db", folder);
	snprintf(p->config, sizeof(p->config), "%s/config", folder);
	p->env[0] = p->home;
	p->env[1] = "GIT_PAGER=cat";
	p->env[2] = NULL;
	p->list[0] = (struct peer){"tig, down", {"/usr/bin/tig", "-C", p->repo}, NULL, "<Down>"};
	p->list[1] = (struct peer){"mutt, down",
		{"/usr/bin/mutt", "-n", "-F", p->rc, "-R", "-f", p->mbox}, NULL, "<Down>"};
	p->list[2] = (struct peer){"newsboat, down",
		{"/usr/bin/newsboat", "-u", p->urls, "-c", p->cache, "-C", p->config}, "<Enter>",
		"<Down>"};
	p->list[3] = (struct peer){"dialog --form, down", FORM, NULL, "<Down>"};
	p->list[4] = (struct peer){"dialog --form, a key", FORM, NULL, "0"};
	p->count = PEERS_MAX;
}
