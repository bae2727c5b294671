/**
 * The application: one package a step of a message's way, from queue to browser.
 */
@NullMarked
package dev.hellostream;

import org.jspecify.annotations.NullMarked;
