#include "tests/bench/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/station/intern.h"
#include "core/station/matter.h"

enum {
	PLACES = 3351, /* as many divisions as numbers.md's corpus had */
	BODIES = 34
};

static const char *const objects[] = {"", "（个人）", "（企业）", "（社会组织）", "（分支机构）",
	"（农村）", "（城镇）", "（老年人）", "（未成年人）", "（残疾人）", "（退役军人）",
	"（学生）", "（外来人员）", "（省级权限）", "（市级权限）", "（县级权限）", "（首次）",
	"（跨省）", "（跨市）", "（网上）", "（委托办理）", "（集体）", "（小微企业）",
	"（个体工商户）", "（合作社）", "（事业单位）", "（港澳居民）", "（台湾居民）",
	"（外国人）", "（灵活就业人员）", "（失业人员）", "（新生儿）"};
static const char *const acts[] = {"", "新办", "变更", "延续", "补办", "注销", "备案", "查询",
	"预约", "核发", "审批", "登记", "认定", "公示", "年度报告", "资格确认", "信息修改",
	"待遇核定", "关系转移", "投诉受理", "证明出具", "初审", "复核", "终止"};
static const char *const first[] = {"沂", "清", "安", "平", "临", "永", "长", "宁", "高", "新",
	"福", "海", "金", "石", "泰", "德", "文", "武", "东", "西", "南", "北", "阳", "泉", "青",
	"白", "龙", "凤", "梅", "云"};
static const char *const second[] = {"水", "河", "山", "城", "江", "州", "陵", "丰", "源", "口",
	"川", "原", "林", "泽", "湖", "溪", "岭", "港", "桥", "塘", "湾", "冈", "宁", "和", "昌"};
static const char *const bodies[BODIES] = {"民政局", "人力资源和社会保障局", "医疗保障局",
	"市场监督管理局", "卫生健康局", "公安局", "自然资源和规划局", "农业农村局",
	"退役军人事务局", "教育和体育局", "住房和城乡建设局", "交通运输局", "残疾人联合会",
	"税务局", "行政审批服务局", "司法局", "水利局", "文化和旅游局", "应急管理局", "生态环境局",
	"发展和改革局", "财政局", "商务局", "林业局", "烟草专卖局", "消防救援大队", "气象局",
	"档案馆", "城市管理局", "审计局", "统计局", "科学技术局", "民族宗教事务局",
	"工业和信息化局"};

uint64_t corpus_random(uint64_t seed, uint64_t i)
{
	uint64_t z = seed * 0x9E3779B97F4A7C15u + i * 0xBF58476D1CE4E5B9u + 0x94D049BB133111EBu;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static void read_bases(struct intern *bases, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	if (!f) {
		fprintf(stderr, "%s cannot be read\n", path);
		exit(3);
	}
	while ((n = getline(&line, &room, f)) > 0) {
		struct matter *m = NULL;
		if (matter_parse(&m, line, (size_t)n, NULL) == OK)
			intern(bases, m->name, strlen(m->name));
		matter_free(m);
	}
	free(line);
	fclose(f);
}

void corpus_init(struct corpus *c, const char *demo_path, size_t names, size_t rows)
{
	struct intern bases = {0}, distinct = {0};
	struct buf name = {0};
	*c = (struct corpus){.rows = rows, .places = PLACES};
	read_bases(&bases, demo_path);
	for (uint64_t i = 0; distinct.count < names && i < names * 50; i++) {
		uint64_t r = corpus_random(7, i);
		size_t place = (size_t)(r >> 40) % (30 * 25);
		buf_clear(&name);
		if (r % 5 == 0) /* a fifth of the names carry a place or a network */
			buf_printf(&name, "%s%s", first[place % 30], second[place / 30]);
		buf_printf(&name, "%s%s%s", intern_text(&bases, (uint32_t)(r >> 8) % bases.count),
			objects[(r >> 20) % 32], acts[(r >> 30) % 24]);
		intern(&distinct, buf_str(&name), name.len);
	}
	c->name_count = distinct.count;
	c->names = mem_array(distinct.count, sizeof *c->names);
	for (size_t i = 0; i < distinct.count; i++)
		c->names[i] = mem_strdup(intern_text(&distinct, (uint32_t)i));
	buf_fini(&name);
	intern_fini(&bases);
	intern_fini(&distinct);
}

void corpus_fini(struct corpus *c)
{
	for (size_t i = 0; i < c->name_count; i++)
		free(c->names[i]);
	free(c->names);
	buf_fini(&c->code);
	buf_fini(&c->place_code);
	buf_fini(&c->place_name);
	buf_fini(&c->body);
}

struct catalogue_row corpus_row(struct corpus *c, size_t i)
{
	uint64_t r = corpus_random(11, i);
	size_t name = i < c->name_count ? i : (size_t)(r >> 8) % c->name_count;
	size_t place = i / c->name_count * 37 % c->places + (r >> 50) % 3;
	size_t body = (size_t)corpus_random(13, name) % BODIES;
	place %= c->places;
	buf_clear(&c->place_code);
	buf_clear(&c->place_name);
	buf_clear(&c->body);
	buf_clear(&c->code);
	buf_printf(&c->place_code, "%02zu%02zu%02zu000000", 11 + place / 150, 1 + place / 12 % 12,
		1 + place % 12);
	buf_printf(&c->place_name, "%s%s%s", first[place % 30], second[place / 30 % 25],
		place % 3 ? "县" : "区");
	buf_printf(&c->body, "%s%s", buf_str(&c->place_name), bodies[body]);
	/* the body's code 18, level 1, basic code 12 */
	buf_printf(&c->code, "11%.6s%02zu00000000%zu3705%08zu", buf_str(&c->place_code), body,
		(size_t)4, name);
	return (struct catalogue_row){
		.id = (int64_t)i + 1,
		.code = buf_str(&c->code),
		.name = c->names[name],
		.dept_code = "",
		.dept_name = buf_str(&c->body),
		.region_code = buf_str(&c->place_code),
		.region_name = buf_str(&c->place_name),
		.type = name % 3 ? "20" : "01",
		.level = "4",
		.catalog_code = "",
		.for_person = name % 2 == 0,
		.for_body = name % 2 == 1,
		.instant = name % 5 == 0,
		.online = name % 7 != 0,
		.topics = name % 4 ? "社会保障" : "证件办理",
		.aliases = "",
	};
}

void corpus_print(FILE *f, const struct catalogue_row *row)
{
	fprintf(f,
		"{\"task_code\":\"%s\",\"task_name\":\"%s\",\"dept_name\":\"%s\","
		"\"region_code\":\"%s\",\"region_name\":\"%s\",\"task_type\":\"%s\"}\n",
		row->code, row->name, row->dept_name, row->region_code, row->region_name,
		row->type);
}
