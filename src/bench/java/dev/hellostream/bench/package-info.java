/**
 * Measures the application against its peers, on this machine and in one run.
 */
@NullMarked
package dev.hellostream.bench;

import org.jspecify.annotations.NullMarked;
