package dev.hellostream.web;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Headers of a response that is written as events occur. Without them, a compressing
 * proxy would hold content back until a block is full, and nginx until a buffer is full.
 */
public final class StreamingHeaders {

	private StreamingHeaders() {
	}

	/**
	 * Set the headers.
	 * @param headers the headers of a response that is not committed
	 * @param type the type of its content
	 */
	public static void setOn(HttpHeaders headers, MediaType type) {
		headers.setContentType(type);
		headers.setCacheControl(CacheControl.noCache().noTransform());
		headers.set("X-Accel-Buffering", "no");
	}

}
