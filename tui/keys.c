#include "tui/keys.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "tui/words.h"

static const struct command_info table[CMD__MAX] = {
	[CMD_NONE] = {"", {{0}}, "", "", "", ""},
	[CMD_HELP] = {"help", {{K_CHAR, '?'}, {K_F, 1}}, "?", N_("帮助"), "bz",
		N_("列出本屏现在能用的键, 可以查, 回车就执行。")},
	[CMD_PALETTE] = {"commands", {{K_CHAR, ':'}, {K_CTRL, 'x'}}, ":", N_("命令"), "ml",
		N_("按名称、拼音首字母或英文找到任何操作; 填写时用 Ctrl-X。")},
	[CMD_BACK] = {"back", {{K_ESC, 0}, {K_F, 10}}, "Esc", N_("返回"), "fh",
		N_("回到上一屏; 已经填的都在。")},
	[CMD_QUIT] = {"quit", {{K_CTRL, 'c'}, {K_CHAR, 'q'}}, "Ctrl-C", N_("退出"), "tc",
		N_("离开工作台, 先问一次。")},
	[CMD_ANSWER] = {"answer", {{0}}, "Enter", N_("确定"), "qd",
		N_("消息行里问的填好了, 就按它办。")},
	[CMD_LEAVE] = {"leave-question", {{0}}, "Esc", N_("不, 回去"), "bhq",
		N_("不回答消息行里的问题, 回到刚才的地方; 什么也没有变。")},
	[CMD_REDRAW] = {"redraw", {{K_CTRL, 'l'}}, "Ctrl-L", N_("重画"), "chh",
		N_("屏幕花了时重新画一遍。")},
	[CMD_GO_TODAY] = {"go-today", {{K_ALT, '1'}, {K_F, 2}}, "Alt-1", N_("今日"), "jr",
		N_("登录后的第一屏: 要处理的都在这里。")},
	[CMD_GO_FIND] = {"go-find", {{K_ALT, '2'}, {K_F, 3}, {K_CHAR, '/'}}, "/", N_("查事项"),
		"csx", N_("按名称、编码、首字母或口语查事项, 边打边出。")},
	[CMD_GO_CASES] = {"go-cases", {{K_ALT, '3'}, {K_F, 4}}, "Alt-3", N_("办件"), "bj",
		N_("本窗口的办件, 一天一页。")},
	[CMD_GO_OUTBOX] = {"go-outbox", {{K_ALT, '4'}, {K_F, 5}}, "Alt-4", N_("待发"), "df",
		N_("还没有送达中心的和被退回的。")},
	[CMD_GO_COUNTS] = {"go-counts", {{K_ALT, '5'}, {K_F, 6}}, "Alt-5", N_("统计"), "tj",
		N_("今天受理了多少, 各是什么事项。")},
	[CMD_GO_CHANGES] = {"go-changes", {{K_ALT, '6'}, {K_F, 7}}, "Alt-6", N_("今日变更"), "jrbg",
		N_("今天事项目录新增、变更、取消了什么, 哪一栏变了。")},
	[CMD_BROWSE] = {"browse", {{K_CTRL, 'b'}}, "Ctrl-B", N_("浏览"), "ll",
		N_("不打字, 按主题、部门、地区、类型或层级找事项。")},
	[CMD_BLANK] = {"blank", {{K_CTRL, 'o'}}, "Ctrl-O", N_("遮屏"), "zp",
		N_("马上遮住屏幕, 按任意键恢复, 填的都在。")},
	[CMD_SLOW] = {"slow-line", {{0}}, "", N_("慢线显示 开/关"), "mxxs",
		N_("线路慢时少画: 只标行首, 停手后才画预览。")},
	[CMD_THEME] = {"theme", {{0}}, "", N_("换配色"), "hps",
		N_("平常、高对比、色弱适用、单色, 轮着换; 下次打开还是它, 除非设置 screen.theme "
		   "写明了。")},
	[CMD_CUT_LINE] = {"cut-line", {{0}}, "", N_("演习: 断网/恢复"), "yxdw",
		N_("训练环境里中心像断了线一样不应答; 再来一次就恢复, 待发的自己送出。")},
	[CMD_UNMASK] = {"unmask", {{K_CTRL, 'v'}}, "Ctrl-V", N_("显示/遮住号码"), "xshm",
		N_("证件号和电话平时遮住中间, 核对时可以全部显示。")},
	[CMD_LARGE] = {"large-text", {{K_CTRL, '\\'}}, "Ctrl-\\", N_("大字"), "dz",
		N_("把屏幕转向办事人: 一页一项, 字距放宽, 号码写大; 只有他这一件, "
		   "号码遮住。再按一次还原。")},
	[CMD_SIGN_OUT] = {"sign-out", {{0}}, "", N_("交接班"), "jjb",
		N_("没办完的交给别人或暂存, 换人登录; 填的都在。")},
	[CMD_MOVE] = {"move", {{0}}, N_("上下"), N_("选择"), "xz",
		N_("上下键移动, PgUp PgDn 翻页, 数字直接到第几行。")},
	[CMD_ENTER_LIST] = {"to-list", {{K_DOWN, 0}}, N_("下"), N_("进列表"), "jlb",
		N_("从查询栏进到结果里, 再打字自动回来。")},
	[CMD_OPEN] = {"open", {{K_ENTER, 0}}, "Enter", N_("打开"), "dk", N_("打开选中的一行。")},
	[CMD_PICK] = {"pick", {{0}}, "1-9", N_("直接选"), "zjx", N_("按数字直接打开那一行。")},
	[CMD_TAKE] = {"take", {{K_ENTER, 0}}, "Enter", N_("选定"), "xd",
		N_("选定这一项, 回到填写。")},
	[CMD_PAGE] = {"page", {{0}}, N_("空格"), N_("翻页"), "fy",
		N_("空格、PgDn 下一页, PgUp 上一页, 上下一行一行翻。")},
	[CMD_SIDEWAYS] = {"sideways", {{0}}, N_("左右"), N_("看两边"), "klb",
		N_("窗口比文书窄: 右是右边的部分, 左回到左边。")},
	[CMD_SECTION] = {"section", {{0}}, "1-7", N_("跳到"), "td", N_("按数字跳到那一节。")},
	[CMD_GROUP] = {"next-group", {{K_TAB, 0}}, "Tab", N_("换组"), "hz", N_("到下一组。")},
	[CMD_GROUP_BACK] = {"previous-group", {{K_BACKTAB, 0}, {K_CTRL, 'k'}}, "Ctrl-K",
		N_("上一组"), "syz", N_("到上一组。")},
	[CMD_FILTER] = {"filter", {{K_TAB, 0}}, "Tab", N_("换部门"), "hbm",
		N_("只看一个部门的结果; 再按换下一个部门。")},
	[CMD_KIND] = {"kind", {{K_CTRL, 'f'}}, "Ctrl-F", N_("换类别"), "hlb",
		N_("只看个人的、单位的、即办的或可网办的; 再按换下一类。")},
	[CMD_PIN] = {"pin", {{K_CTRL, 't'}}, "Ctrl-T", N_("置顶/取消"), "zd",
		N_("不打字时, 置顶的事项排在最前面; 再按取消。")},
	[CMD_FACET] = {"facet", {{K_TAB, 0}}, "Tab", N_("换分法"), "hff",
		N_("主题、部门、地区、类型、层级, 轮着换。")},
	[CMD_SEEK] = {"seek", {{K_CTRL, 'f'}, {K_CHAR, 'f'}}, "Ctrl-F", N_("页内查找"), "ynzh",
		N_("在这份指南里找一个词。")},
	[CMD_SEEK_NEXT] = {"seek-next", {{K_CTRL, 'n'}, {K_CHAR, 'n'}}, "Ctrl-N", N_("下一处"),
		"xyc", N_("同一个词的下一处, 到底从头再来。")},
	[CMD_COPY] = {"copy", {{K_CTRL, 'y'}, {K_CHAR, 'y'}}, "Ctrl-Y", N_("复制告知单"), "fzgzd",
		N_("把一次性告知单放进终端的剪贴板 (OSC 52)。")},
	[CMD_PRINT] = {"print", {{K_CTRL, 'p'}, {K_CHAR, 'p'}}, "Ctrl-P", N_("打印告知单"), "dygzd",
		N_("看样子, 再打印、存 PDF。")},
	[CMD_CLEAR] = {"clear", {{K_CTRL, 'u'}}, "Ctrl-U", N_("清空"), "qk",
		N_("清空当前栏; 再按 Ctrl-Y 找回。")},
	[CMD_RUN] = {"run", {{K_ENTER, 0}}, "Enter", N_("执行"), "zx", N_("执行选中的操作。")},
	[CMD_SIGN_IN] = {"sign-in", {{K_ENTER, 0}}, "Enter", N_("下一栏/登录"), "dl",
		N_("到下一栏; 三栏都有了就登录。")},
	[CMD_NEXT] = {"next-field-tab", {{K_TAB, 0}, {K_DOWN, 0}}, "Tab", N_("换栏"), "hl",
		N_("到下一栏。")},
	[CMD_PREVIOUS] = {"previous-field", {{K_UP, 0}}, N_("上"), N_("上一栏"), "syl",
		N_("回到上一栏, 内容不变。")},
	[CMD_NEXT_FIELD] = {"next-field", {{K_ENTER, 0}, {K_DOWN, 0}}, "Enter", N_("下一栏"), "xyl",
		N_("离开这一栏: 检查、存盘, 到下一栏。")},
	[CMD_CHOOSE] = {"choose", {{K_CTRL, 't'}}, N_("空格"), N_("选择"), "xz",
		N_("选择栏: 空格换下一项, 数字直接选。")},
	[CMD_START] = {"start", {{K_ENTER, 0}}, "Enter", N_("开始办理"), "ksbl",
		N_("为这位办事人开始办这个事项。")},
	[CMD_START_NOW] = {"start-now", {{K_CTRL, 'e'}}, "Ctrl-E", N_("直接办理"), "zjbl",
		N_("不看指南, 直接开始办选中的事项。")},
	[CMD_CONSULT] = {"consult", {{K_CTRL, 'k'}, {K_CHAR, 'c'}}, "Ctrl-K", N_("咨询"), "zx",
		N_("只问几句、对一遍材料, 出一次性告知单; 不留草稿, 不用收拾。")},
	[CMD_TAKE_UP] = {"take-up", {{K_CTRL, 'e'}}, "Ctrl-E", N_("转为办理"), "zwbl",
		N_("不只是问: 问过的和对过的都留着, 接着填表。")},
	[CMD_NOTICE] = {"notice", {{K_ENTER, 0}, {K_CTRL, 'p'}, {K_CHAR, 'p'}}, "Enter",
		N_("出告知单"), "cgzd", N_("一次性告知单: 已带的、还要带的, 一次说全; 先看后印。")},
	[CMD_TICK] = {"tick", {{K_CHAR, ' '}, {K_CHAR, 'x'}}, N_("空格"), N_("收/未收"), "sws",
		N_("这份材料收到了, 再按一次改回没收; 数字是对那一行。")},
	[CMD_DEFER] = {"defer", {{K_CTRL, 'r'}, {K_CHAR, 'r'}}, "Ctrl-R", N_("容缺"), "rq",
		N_("先受理, 这份材料限期补; 只有清单写明可容缺的才行。")},
	[CMD_REMARK] = {"remark", {{K_CTRL, 't'}, {K_CHAR, 'n'}}, "Ctrl-T", N_("备注"), "bz",
		N_("给这份材料写一句备注。")},
	[CMD_CONTINUE] = {"continue", {{K_ENTER, 0}}, "Enter", N_("下一步"), "xyb",
		N_("这一屏做完了, 到下一步。")},
	[CMD_NEXT_STEP] = {"next-step", {{K_CTRL, 'g'}}, "Ctrl-G", N_("下一步"), "xyb",
		N_("问完了, 到核对材料。")},
	[CMD_FAULT] = {"next-fault", {{K_CTRL, 'n'}}, "Ctrl-N", N_("下一处错误"), "xyccw",
		N_("跳到下一处有错或还缺的栏。")},
	[CMD_REVIEW] = {"review", {{K_CTRL, 'g'}}, "Ctrl-G", N_("核对提交"), "hdtj",
		N_("全部检查一遍; 没有错就到核对屏。")},
	[CMD_ACCEPT] = {"accept-warning", {{K_CTRL, 'r'}}, "Ctrl-R", N_("写明原因"), "xmyy",
		N_("这一栏的提醒核实无误, 写明原因后采用; 原因随件报送。")},
	[CMD_ADD] = {"add", {{K_CTRL, 'w'}}, "Ctrl-W", N_("增加一份"), "zjyf",
		N_("重复的内容再加一份, 如家庭成员。")},
	[CMD_REMOVE] = {"remove", {{K_CTRL, 'd'}}, "Ctrl-D", N_("删去这份"), "sqzf",
		N_("删去光标所在的一份, 先问一次。")},
	[CMD_UNDO] = {"undo", {{K_CTRL, 'z'}}, "Ctrl-Z", N_("撤销"), "cx",
		N_("撤销上一步填写, 一步一步往回退。")},
	[CMD_REDO] = {"redo", {{K_CTRL, 'y'}}, "Ctrl-Y", N_("重做"), "cz",
		N_("把刚才撤销的再做一遍。")},
	[CMD_WHY] = {"why", {{K_CTRL, '_'}, {K_F, 9}}, "Ctrl-/", N_("为什么"), "wsm",
		N_("这一栏为什么要填、为什么不对; 哪些栏和材料现在没有问, 为什么。")},
	[CMD_TAKE_OFFER] = {"take-offer", {{K_CTRL, 'e'}}, "Ctrl-E", N_("取用上次"), "qysc",
		N_("采用这个人上次填的内容, 到下一栏。")},
	[CMD_TAKE_ALL] = {"take-all-offers", {{K_CTRL, 'f'}}, "Ctrl-F", N_("全部取用"), "qbqy",
		N_("这个人上次填过的, 空着的栏全部采用; 采用后逐栏核对。")},
	[CMD_REFUSE_OFFER] = {"refuse-offer", {{K_BACKSPACE, 0}, {K_DELETE, 0}}, N_("退格"),
		N_("不用上次"), "bysc", N_("这一栏不采用上次的内容。")},
	[CMD_RECALL] = {"recall", {{K_CTRL, 'p'}}, "Ctrl-P", N_("取用别处"), "qybc",
		N_("列出可取用的: 本人上次、上面一栏、上一位办事人、最近填过的。")},
	[CMD_PERSON] = {"person", {{K_CTRL, 'a'}}, "Ctrl-A", N_("查办事人"), "cbsr",
		N_("按姓名、拼音首字母、证件号或手机号找来办过事的人。")},
	[CMD_DOUBT] = {"doubt-rule", {{K_CTRL, 'r'}}, "Ctrl-R", N_("规则存疑"), "gzcy",
		N_("证件是真的而系统不认: 记下规则和遮住的值, 暂存这一件, 报管理员。")},
	[CMD_CLOSE] = {"close", {{K_ENTER, 0}}, "Enter", N_("看完了"), "kwl",
		N_("回到刚才的地方。")},
	[CMD_OTHER] = {"open-other", {{K_CTRL, 'e'}}, "Ctrl-E", N_("打开那一件"), "dknyj",
		N_("不再新办, 打开已有的那一件。")},
	[CMD_GO_ON] = {"go-on", {{K_ENTER, 0}}, "Enter", N_("仍要办"), "ryb",
		N_("看过了, 不是重复, 接着办这一件。")},
	[CMD_SAME_PERSON] = {"same-person", {{K_CTRL, 'e'}}, "Ctrl-E", N_("同一人再办"), "tyrzb",
		N_("这位办事人还办别的事: 刚填过的自动带到下一张表。")},
	[CMD_PARK] = {"park", {{0}}, "", N_("暂存, 先办别人"), "zc",
		N_("先放下这件, 在 今日 的没办完的里接着办。")},
	[CMD_DROP] = {"drop", {{0}}, "", N_("作废草稿"), "zfcg",
		N_("不办了: 删去这份草稿, 先问一次。")},
	[CMD_SUBMIT] = {"submit", {{K_ENTER, 0}}, N_("1 Enter"), N_("提交"), "tj",
		N_("输入 y、是或 1 再回车, 才提交。")},
	[CMD_DONE] = {"done", {{K_ENTER, 0}}, "Enter", N_("接下一位"), "jxyw",
		N_("这件办完了, 回到今日; 排队叫号时就叫下一位。")},
	[CMD_ACT] = {"act", {{K_ENTER, 0}}, "Enter", N_("办理"), "bl",
		N_("受理、补正、不予受理、挂起、送达等: 列出现在能办的; 不能办的说明为什么。")},
	[CMD_CONFIRM] = {"confirm", {{K_CTRL, 'g'}}, "Ctrl-G", N_("核对办理"), "hdbl",
		N_("填完了: 检查一遍, 问一次, 就办。")},
	[CMD_ANEW] = {"begin-anew", {{K_CTRL, 'e'}}, "Ctrl-E", N_("从头填"), "ctt",
		N_("不要填了一半的: 删去, 按现在的情况从头填, 先问一次。")},
	[CMD_DELIVER] = {"deliver", {{K_ENTER, 0}}, "Enter", N_("送达"), "sd",
		N_("把结果交给来人: 本人、代收或邮寄; 办完接着出送达回证。")},
	[CMD_GO_PICKUP] = {"go-pickup", {{K_ALT, '0'}}, "Alt-0", N_("取件"), "qj",
		N_("待取的结果: 说个姓名就找到, 回车送达。")},
	[CMD_TAKE_BACK] = {"take-back", {{K_CTRL, 'd'}}, "Ctrl-D", N_("撤回"), "ch",
		N_("中心没有接受的不再报送: 撤回这一步, 还没有收过的这一件就不办了; 代送的不再代送。")},
	[CMD_CORRECT] = {"correct", {{K_CTRL, 'e'}, {K_CHAR, 'e'}}, "Ctrl-E", N_("更正重报"),
		"gzcb", N_("打开提交过的表更正, 再核对提交一次; 收件号不变, 新版本接替旧的。")},
	[CMD_GIVE_UP] = {"give-up-correction", {{K_CTRL, 'd'}}, "Ctrl-D", N_("放弃更正"), "fqgz",
		N_("不更正了: 回到提交时的内容, 先问一次。")},
	[CMD_RETRY_ALL] = {"retry-all", {{0}}, "", N_("全部重试"), "qbcs",
		N_("所有待发的和等人处理的马上再送一遍; 退回的和暂缓的不动。")},
	[CMD_EXPORT] = {"export", {{0}}, "", N_("导出待发"), "dcdf",
		N_("线路多日不通时: 待发的和它们的扫描件封成一个文件, 带到别的窗口或中心去送。")},
	[CMD_IMPORT] = {"import", {{0}}, "", N_("导入代送"), "drds",
		N_("收下别的窗口导出的文件, 由这里代送; 送过的不会重复。")},
	[CMD_HOLD] = {"hold", {{K_CTRL, 't'}, {K_CHAR, 't'}}, "Ctrl-T", N_("暂缓"), "zh",
		N_("这一件先不报送, 写明为什么; 放行以前一直等着。")},
	[CMD_RELEASE] = {"release", {{K_CTRL, 't'}, {K_CHAR, 't'}}, "Ctrl-T", N_("放行"), "fx",
		N_("暂缓的这一件可以报送了。")},
	[CMD_OPEN_CASE] = {"open-case", {{K_CTRL, 'w'}}, "Ctrl-W", N_("看办件"), "kbj",
		N_("打开这封信所属的办件: 编号、状态、经过。")},
	[CMD_NARROW] = {"narrow", {{K_CTRL, 'f'}}, "Ctrl-F", N_("只看"), "zk",
		N_("只列含有某个词的: 编号、事项、申请人。")},
	[CMD_ATTACH] = {"attach", {{K_CTRL, 'w'}, {K_CHAR, 'a'}}, "Ctrl-W", N_("附扫描件"), "fsmj",
		N_("给这份材料附上扫描件或照片: 输入文件的位置; 随件报送, 断线续传。")},
	[CMD_DETACH] = {"detach", {{K_CTRL, 'd'}}, "Ctrl-D", N_("去掉扫描件"), "qdsmj",
		N_("去掉这份材料的一份扫描件。")},
	[CMD_GO_NOTICES] = {"go-notices", {{K_ALT, '7'}, {K_F, 8}}, "Alt-7", N_("通知"), "tz",
		N_("中心发来的通知, 新的在前。")},
	[CMD_SLIPS] = {"slips", {{K_CTRL, 'p'}, {K_CHAR, 'p'}}, "Ctrl-P", N_("文书"), "ws",
		N_("收件凭证、受理通知书等: 先看样子, 再打印、存 PDF 或补打。")},
	[CMD_SLIP_FILL] = {"slip-fill", {{K_CTRL, 'e'}, {K_CHAR, 'e'}}, "Ctrl-E", N_("填写所缺"),
		"txsq", N_("这份文书还缺的一项: 在消息行填写。")},
	[CMD_SLIP_PRINT] = {"slip-print", {{K_CTRL, 'p'}, {K_CHAR, 'p'}}, "Ctrl-P", N_("打印"),
		"dy", N_("正本和存根, 在终端自带的打印机上; 第一次打印时给出编号。")},
	[CMD_SLIP_PDF] = {"slip-pdf", {{K_CTRL, 'y'}, {K_CHAR, 'y'}}, "Ctrl-Y", N_("存 PDF"),
		"cpdf", N_("存成一个 PDF 文件, 正本和存根各一页。")},
	[CMD_SLIP_LP] = {"slip-lp", {{K_CTRL, 'r'}, {K_CHAR, 'r'}}, "Ctrl-R", N_("大厅打印机"),
		"dtdyj", N_("交给设置 print.command 说的打印机 (平常是 lp)。")},
	[CMD_SLIP_KIND] = {"slip-kind", {{K_TAB, 0}, {K_CTRL, 't'}}, "Tab", N_("换文书"), "hws",
		N_("同一件的另一种文书: 列出全部, 开过的写着编号。")},
	[CMD_SLIP_NEW] = {"slip-new", {{0}}, "", N_("另开一份"), "lkyf",
		N_("同一种文书再开一份, 另给编号; 补打不用这个。")},
	[CMD_HAND] = {"hand-over", {{K_CTRL, 't'}}, "Ctrl-T", N_("交给别人"), "jgbr",
		N_("这一件交给另一位工作人员或另一个窗口, 附一句话; 对方接过去以前还在这里。")},
	[CMD_HAND_THIS] = {"hand-this", {{K_ENTER, 0}, {K_CTRL, 't'}}, "Enter", N_("交给别人"),
		"jgbr", N_("选中的这一件交给另一位工作人员或另一个窗口, 附一句话。")},
	[CMD_SIGN_OFF] = {"sign-off", {{K_CTRL, 'g'}}, "Ctrl-G", N_("交班, 换人登录"), "jbhrdl",
		N_("没交出去的都暂存着; 记下交班时间, 请下一位登录。")},
	[CMD_SPAN] = {"span", {{K_CTRL, 't'}}, "Ctrl-T", N_("日/月"), "ry",
		N_("看一天的还是一个月的。")},
	[CMD_SUMMARY_PDF] = {"summary-pdf", {{K_CTRL, 'p'}, {K_CHAR, 'p'}}, "Ctrl-P", N_("存 PDF"),
		"cpdf", N_("日报或月报存成一个 PDF 文件。")},
	[CMD_SUMMARY_CSV] = {"summary-csv", {{K_CTRL, 'y'}, {K_CHAR, 'y'}}, "Ctrl-Y", N_("存表格"),
		"cbg", N_("全部数字存成一个 CSV 文件, WPS 和 Excel 都能打开。")},
	[CMD_DAY_END] = {"day-end", {{K_ENTER, 0}}, "Enter", N_("日结"), "rj",
		N_("一天结束: 还有什么没办完, 和中心对账, 记下日结。")},
	[CMD_RECONCILE] = {"reconcile", {{K_CTRL, 'r'}, {K_CHAR, 'r'}}, "Ctrl-R", N_("和中心对账"),
		"hzxdz", N_("这一天的收件和中心的清单逐件核对。")},
	[CMD_DAY_CLOSE] = {"day-close", {{K_CTRL, 'g'}}, "Ctrl-G", N_("记下日结"), "jxrj",
		N_("看过还开着的, 记下谁在什么时候日结; 没办完的照样可以接着办。")},
	[CMD_RETRY] = {"retry", {{K_CTRL, 'r'}, {K_CHAR, 'r'}}, "Ctrl-R", N_("立即重试"), "ljcs",
		N_("不等计时, 马上再送这一件。")},
	[CMD_HELD_ONLY] = {"held-only", {{K_TAB, 0}, {K_CHAR, 'f'}}, "Tab", N_("只看退回/全部"),
		"zkth", N_("只列要人处理的, 再按列全部。")},
	[CMD_EARLIER] = {"earlier", {{K_LEFT, 0}}, N_("左右"), N_("换日期"), "hrq",
		N_("左是前一天, 右是后一天。")},
	[CMD_EVALUATE] = {"evaluate", {{K_CTRL, 'w'}}, "Ctrl-W", N_("请评价"), "qpj",
		N_("把屏幕转向办事人, 请他评这次服务; 一次服务只请一次, 您的键不能替他选。")},
	[CMD_GO_LEDGER] = {"go-ledger", {{0}}, "", N_("差评台账"), "cptz",
		N_("差评的核实和整改: 到哪天为止, 查明了什么, 做了什么。")},
	[CMD_LEDGER_ACT] = {"ledger-act", {{K_ENTER, 0}}, "Enter", N_("核实/处理"), "hscl",
		N_("核实属实或不属实, 延期, 整改完成; 要写明情况, 由被评的人以外的人办。")},
	[CMD_LEDGER_ALL] = {"ledger-all", {{K_TAB, 0}}, "Tab", N_("只看未结/全部"), "zkwj",
		N_("连了结的也列出来, 再按只列还没有了结的。")},
	[CMD_GO_QUEUE] = {"go-queue", {{K_ALT, '8'}}, "Alt-8", N_("排队叫号"), "pdjh",
		N_("今天的号: 谁在等, 谁在窗口, 谁过号; 发号、转发也在这里。")},
	[CMD_CALL_NEXT] = {"call-next", {{K_ALT, '9'}, {K_CTRL, ']'}}, "Alt-9", N_("叫下一位"),
		"jxyw", N_("这位办完了, 叫下一位; 叫了没来的, 再按一次就过号。")},
	[CMD_TICKET_CALL] = {"ticket-call", {{K_ENTER, 0}}, "Enter", N_("叫这一号"), "jzyh",
		N_("不按次序, 叫选中的号到本窗口。")},
	[CMD_TICKET_START] = {"ticket-start", {{K_ENTER, 0}}, "Enter", N_("来了, 开始"), "llks",
		N_("叫到的人来了, 开始计时; 一开始查事项或办理也就算来了。")},
	[CMD_TICKET_FINISH] = {"ticket-finish", {{K_ENTER, 0}}, "Enter", N_("办完"), "bw",
		N_("这位办完了: 选受理、领证、核验办结、咨询或其他; 不叫下一位。")},
	[CMD_TICKET_RESUME] = {"ticket-resume", {{K_ENTER, 0}}, "Enter", N_("继续"), "jx",
		N_("过号或暂离的人回来了, 接着办。")},
	[CMD_TICKET_RECALL] = {"ticket-recall", {{K_CTRL, 'r'}, {K_CHAR, 'r'}}, "Ctrl-R",
		N_("再叫一遍"), "zjyb", N_("叫了没来: 叫号屏和语音再叫一遍; 过号的叫回来。")},
	[CMD_TICKET_ASIDE] = {"ticket-aside", {{K_CTRL, 'w'}, {K_CHAR, 'w'}}, "Ctrl-W",
		N_("过号/暂离"), "ghzl", N_("叫了没来的过号; 去复印、取材料的暂离, 回来再继续。")},
	[CMD_TICKET_SEND] = {"ticket-send", {{K_CTRL, 't'}, {K_CHAR, 't'}}, "Ctrl-T", N_("转发"),
		"zf", N_("转到别的类别或窗口, 不用重新排队。")},
	[CMD_TICKET_DRAW] = {"ticket-draw", {{K_CTRL, 'e'}, {K_CHAR, 'e'}}, "Ctrl-E", N_("发号"),
		"fh", N_("没有取号机时手工发一个号, 告诉来人号码。")},
	[CMD_TICKET_CANCEL] = {"ticket-cancel", {{K_CTRL, 'd'}}, "Ctrl-D", N_("取消"), "qx",
		N_("人已经走了: 这个号作废, 先问一次。")},
	[CMD_LATER] = {"later", {{K_RIGHT, 0}}, "", N_("后一天"), "hyt", N_("看后一天。")},
};

const struct command_info *command_info(enum command c)
{
	return &table[c];
}

static bool key_is(const struct key *k, const struct command_key *want, enum typing typing)
{
	if (k->code != want->code)
		return false;
	switch (k->code) {
	case K_CHAR:
		if (typing == TYPING_TEXT)
			return false;
		if (typing == TYPING_WORDS && !strchr("?:/", (int)want->ch))
			return false;
		if (typing == TYPING_CHOICE && !strchr("?:", (int)want->ch))
			return false;
		return k->plain == want->ch;
	case K_ALT:
		return k->plain == want->ch;
	case K_CTRL:
	case K_F:
		return k->ch == want->ch;
	default:
		return true;
	}
}

enum command command_of_key(
	const struct key *k, const enum command *among, size_t count, enum typing typing)
{
	for (size_t i = 0; i < count; i++) {
		const struct command_key *keys = table[among[i]].keys;
		for (int j = 0; j < 5 && keys[j].code != K_NONE; j++)
			if (key_is(k, &keys[j], typing))
				return among[i];
	}
	return CMD_NONE;
}

enum command_match command_match(enum command c, const char *words)
{
	const struct command_info *info = &table[c];
	struct buf want = {0}, have = {0};
	enum command_match match = MATCH_NONE;

	/* A line for each name, each after a line break. */
	buf_adds(&want, "\n");
	text_fold(&want, words);
	buf_adds(&have, "\n");
	text_fold(&have, info->name);
	buf_adds(&have, "\n");
	text_fold(&have, trc("key", info->name));
	buf_printf(&have, "\n%s\n%s", info->initials, info->word);
	if (want.len == 1)
		match = MATCH_INSIDE;
	else if (strstr(buf_str(&have), buf_str(&want)) != NULL)
		match = MATCH_BEGINS;
	else if (strstr(buf_str(&have), buf_str(&want) + 1) != NULL ||
		 words_sound_like(info->name, words))
		match = MATCH_INSIDE;
	buf_fini(&want);
	buf_fini(&have);
	return match;
}
