package dev.hellostream.web;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * The headers of a response that is written while things happen. A proxy that compresses
 * would hold its content back until a block is full, and nginx until a buffer is full.
 */
public final class StreamingHeaders {

	private StreamingHeaders() {
	}

	/**
	 * Set them.
	 * @param headers those of a response that is not committed
	 * @param type the type of its content
	 */
	public static void setOn(HttpHeaders headers, MediaType type) {
		headers.setContentType(type);
		headers.setCacheControl(CacheControl.noCache().noTransform());
		headers.set("X-Accel-Buffering", "no");
	}

}
