/**
 * Shared by all requests and responses: problem documents, query parameters, security
 * headers, settings, the count of refusals; and the page and {@code openapi.yaml}.
 */
@NullMarked
package dev.hellostream.web;

import org.jspecify.annotations.NullMarked;
