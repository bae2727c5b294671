/**
 * What every request passes: content negotiation and problem details.
 */
@NullMarked
package dev.hellostream.web;

import org.jspecify.annotations.NullMarked;
