/*
 * Numbers in words: amounts as 支付结算办法 (银发〔1997〕393号) annex 1 writes them on bills, and
 * counting numbers.
 */
#ifndef YIMEN_CORE_DOMAIN_MONEY_H
#define YIMEN_CORE_DOMAIN_MONEY_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

/*
 * Appends an amount in fen as 人民币大写 without the prefix: 壹仟贰佰元整, 伍角整, 负叁元零伍分,
 * 零元整. false: more than 9 999 万亿 元.
 */
bool money_words(int64_t fen, struct buf *out);
/* Appends a number as it is said: 一百零一, 负一百, 一十二亿三千四百五十六万, 负零点一. decimal: a
 * plain decimal number ("-0.1"). false: it is none, or has more than 16 digits before its point. */
bool number_words(const char *decimal, struct buf *out);

#endif
