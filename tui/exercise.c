#include "tui/exercise.h"

#include "core/base/msg.h"

const char *exercise_words(bool cut)
{
	return cut ? tr("演习: 线路断了。照常办件, 办好的在待发里等着; 再来一次就恢复。")
		   : tr("演习: 线路恢复了。待发的自己送出, 每件恰好一次。");
}

const char *exercise_reason(void)
{
	return tr("演习断开了线路");
}
