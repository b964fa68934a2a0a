/*
 * Canonical text lines: words between single spaces, numbers without leading zeros, lower-case hex.
 * What is read in this form and written again gives the same bytes, so a line can be hashed.
 */
#ifndef TRUST_BASE_LINE_H
#define TRUST_BASE_LINE_H

#include "base/reader.h"
#include "base/writer.h"

/*
 * The next word and the one space behind it. failed is set if there is no word: at the end, at two
 * spaces in a row, and behind a space that ends the line.
 */
struct trust_bytes trust_line_take(struct trust_reader *reader);

/* The next word as a decimal number; failed is set if it is none, or above UINT64_MAX. */
uint64_t trust_line_take_number(struct trust_reader *reader);

/* Reads exactly size bytes in hex; true if word is that and nothing else. out_bytes is written as
 * far as it was read. */
bool trust_line_hex(uint8_t *out_bytes, size_t size, struct trust_bytes word);

/*
 * The next word as any bytes, at most size of them: printable ASCII but % stands as it is, all else
 * as % and two digits of hex. failed is set at any other spelling.
 */
size_t trust_line_take_escaped(struct trust_reader *reader, uint8_t *out_bytes, size_t size);

void trust_line_put_text(struct trust_writer *writer, const char *text);
void trust_line_put_number(struct trust_writer *writer, uint64_t number);
void trust_line_put_hex(struct trust_writer *writer, struct trust_bytes bytes);
void trust_line_put_escaped(struct trust_writer *writer, struct trust_bytes bytes);

#endif
