/* What the differences are called: apart from how they are found, so that whoever shows them needs
 * no network. */
#include "core/station/reconcile.h"

#include "core/base/msg.h"

const char *reconcile_name(enum reconcile_kind k)
{
	static const char *const names[RECONCILE__MAX] = {"waits", "unheard", "missing", "numbers",
		"unknown", "behind", "elsewhere", "steps", "lags"};

	return names[k];
}

const char *reconcile_text(enum reconcile_kind k)
{
	static const char *const texts[RECONCILE__MAX] = {
		N_("还没有送到中心, 在待发与退回里: 退回的先处理; 送到后再对一次"),
		N_("中心已收, 回执还没有回来; 再报送一次就会回来"),
		N_("本机有回执, 中心没有 (中心可能用旧备份恢复过); 请告诉管理员, 用 --send-again 补送"),
		N_("两边的编号不同; 请告诉管理员"),
		N_("中心记在本机名下, 本机没有 (本机可能用旧备份恢复过); 请告诉管理员, 用 yimen sync --restored 取回"),
		N_("中心还是更正前的旧版 (中心可能用旧备份恢复过); 请告诉管理员, 用 --send-again 补送"),
		N_("中心的是别处送的版本, 不是本机送的; 请打开办件核对, 要改就再更正一次"),
		N_("中心缺这一件后来的步骤 (中心可能用旧备份恢复过); 请告诉管理员, 用 --send-again 补送"),
		N_("中心办到的和本机记的不一样: 先用 yimen sync 取一次再对; 还是这样的 (本机可能用旧备份恢复过), 请告诉管理员, 用 yimen sync --restored 取回"),
	};

	return tr(texts[k]);
}

const char *reconcile_remark(size_t here, size_t there, size_t differences)
{
	return here != there && differences == 0
		       ? tr("两边的数不同, 是有的件隔天才送到或由别的窗口代送; 逐件都对得上。")
		       : "";
}
