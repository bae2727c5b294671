/**
 * Support for the tests: the application as a process, private brokers, and independent
 * clients.
 */
package dev.hellostream.testing;
