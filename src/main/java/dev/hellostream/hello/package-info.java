/**
 * {@code GET /hello}: three concurrent tasks, one answer. No other package uses this one.
 *
 * <pre>
 *              ┌─► Hello ── 1 s ──► World ─┐
 *  GET /hello ─┼─► Hello ── 1 s ──► World ─┼─ Mono.zip ─► one answer, after about 1 s
 *              └─► Hello ── 1 s ──► World ─┘
 * </pre>
 */
@NullMarked
package dev.hellostream.hello;

import org.jspecify.annotations.NullMarked;
