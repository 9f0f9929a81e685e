#include "core/station/transport.h"

#include <string.h>

#include "core/base/msg.h"

bool transport_may_repeat(const struct transport_request *r)
{
	return strcmp(r->method, "GET") == 0 || r->upload_length > 0 || r->key != NULL;
}

const char *line_fault_text(enum line_fault f)
{
	static const char *const texts[LINE__MAX] = {
		[LINE_OK] = N_("线路正常"),
		[LINE_NO_NAME] = N_("找不到中心的网址 (域名解析不到)"),
		[LINE_NO_CONNECT] = N_("连不上中心"),
		[LINE_TIMEOUT] = N_("中心没有及时答复"),
		[LINE_TLS_DATE] = N_(
			"按本机日期, 中心的证书已过期或还没有生效; 请先核对本机日期, 日期不错的请管理员更换证书"),
		[LINE_TLS_NAME] = N_("中心的证书是给别的网址的; 请管理员核对中心网址, 或更换证书"),
		[LINE_TLS_ISSUER] = N_(
			"中心的证书不是本机信任的机构签发的; 请管理员用设置 centre.ca 指明签发机构的证书, 或更换证书"),
		[LINE_TLS] = N_("中心的证书不可信; 请管理员检查"),
		[LINE_NO_TLS] = N_(
			"和那里建不起加密连接 (对方不是 https, 或加密版本太旧); 请管理员检查中心网址"),
		[LINE_NO_CA] = N_("读不了设置 centre.ca 写的证书文件; 请管理员检查"),
		[LINE_CUT] = N_("答复传到一半断了"),
		[LINE_OVERSIZE] = N_("答复太大, 不像是中心发的"),
		[LINE_NO_ROOM] = N_("取来的写不下: 本机数据文件夹的磁盘快满了; 请清理"),
		[LINE_OTHER] =
			N_("对方答的不是网页协议, 不像是中心, 或线路有故障; 请管理员检查中心网址"),
	};

	return tr(texts[(unsigned)f < LINE__MAX ? f : LINE_OTHER]);
}
