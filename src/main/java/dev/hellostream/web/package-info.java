/**
 * The common part of all answers: problem documents, content negotiation, security
 * headers, the count of refusals; and the page.
 */
@NullMarked
package dev.hellostream.web;

import org.jspecify.annotations.NullMarked;
