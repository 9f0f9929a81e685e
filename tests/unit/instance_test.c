/* The tree of answers: order, places, text, and what is hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/base/buf.h"
#include "forms/instance.h"

static struct node *leaf(struct node *parent, const char *name, const char *value)
{
	struct node *n = node_new(name, -1);

	node_set(n, value);
	node_append(parent, n);
	return n;
}

static void test_order_and_places(void **state)
{
	struct node *root = node_new("data", -1);
	struct node *a = leaf(root, "a", "1");
	struct node *c = leaf(root, "a", "3");
	struct node *b = node_new("a", -1);

	(void)state;
	node_insert_before(c, b);
	assert_ptr_equal(root->first, a);
	assert_ptr_equal(a->next, b);
	assert_ptr_equal(b->next, c);
	assert_ptr_equal(root->last, c);
	assert_int_equal(node_position(c), 3);
	assert_ptr_equal(node_child(root, "a", 1), b);
	assert_null(node_child(root, "a", 3));
	assert_null(node_child(root, "b", 0));
	node_free(a);
	assert_ptr_equal(root->first, b);
	assert_int_equal(node_position(c), 2);
	node_unlink(c);
	assert_ptr_equal(root->last, b);
	assert_null(c->parent);
	node_free(c);
	node_free(root);
}

/* What was counted holds until siblings come or go, wherever. */
static void test_places_follow_changes(void **state)
{
	struct node *root = node_new("data", -1), *of[40];
	size_t n = 0, i, k, at, round;

	(void)state;
	for (round = 0; round < 400; round++) {
		at = (round * 7) % (n + 1);
		if (n == 40 || (round % 3 == 2 && n > 0)) {
			at %= n;
			node_free(of[at]);
			memmove(of + at, of + at + 1, (--n - at) * sizeof(*of));
		} else {
			struct node *new = node_new(round % 5 < 2 ? "b" : "a", -1);
			if (at == n)
				node_append(root, new);
			else
				node_insert_before(of[at], new);
			memmove(of + at + 1, of + at, (n++ - at) * sizeof(*of));
			of[at] = new;
		}
		for (i = round % 4; i < n; i += 1 + round % 2) {
			for (k = 0, at = 1; k < i; k++)
				at += strcmp(of[k]->name, of[i]->name) == 0;
			assert_int_equal(node_position(of[i]), at);
		}
	}
	node_free(root);
}

static void test_set_tells_change(void **state)
{
	struct node *root = node_new("data", -1);
	struct node *a = leaf(root, "a", "1");

	(void)state;
	assert_false(node_set(a, "1"));
	assert_true(node_set(a, "2"));
	assert_string_equal(a->value, "2");
	assert_null(root->value);
	assert_false(node_set(root, "no"));
	assert_null(root->value);
	node_free(root);
}

static void test_text_leaves_out_hidden(void **state)
{
	struct node *root = node_new("data", -1);
	struct node *group = node_new("g", -1);
	struct node *inner;
	struct buf out = {0};

	(void)state;
	leaf(root, "a", "一");
	node_append(root, group);
	inner = leaf(group, "b", "二");
	leaf(group, "c", "三");
	leaf(root, "d", "四");
	node_text(root, &out);
	assert_string_equal(buf_str(&out), "一二三四");
	buf_clear(&out);
	group->relevant = false;
	node_text(root, &out);
	assert_string_equal(buf_str(&out), "一四");
	buf_clear(&out);
	node_text(inner, &out);
	assert_string_equal(buf_str(&out), "");
	buf_fini(&out);
	node_free(root);
}

static void test_deep_tree_is_freed(void **state)
{
	struct node *root = node_new("data", -1);
	struct node *at = root;
	struct buf out = {0};

	(void)state;
	for (int i = 0; i < 200000; i++) {
		struct node *n = node_new("d", -1);

		node_append(at, n);
		at = n;
	}
	node_set(at, "x");
	node_text(root, &out);
	assert_string_equal(buf_str(&out), "x");
	buf_fini(&out);
	node_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_and_places),
		cmocka_unit_test(test_places_follow_changes),
		cmocka_unit_test(test_set_tells_change),
		cmocka_unit_test(test_text_leaves_out_hidden),
		cmocka_unit_test(test_deep_tree_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
