/**
 * What every request passes: the guard and its limits, content negotiation, problem
 * details; and the page.
 */
@NullMarked
package dev.hellostream.web;

import org.jspecify.annotations.NullMarked;
