/**
 * What the tests stand on: the application as a process, brokers of their own, clients of
 * others.
 */
package dev.hellostream.testing;
