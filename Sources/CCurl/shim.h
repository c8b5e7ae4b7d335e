#pragma once

// libcurl's options are set by variadic functions, which Swift can't call: one inline function
// for each type of argument. libcurl 7.85 is the oldest that will do (CURLOPT_PROTOCOLS_STR).

#include <curl/curl.h>

static inline CURLcode gk_set_long(CURL *easy, CURLoption option, long value)
{
    return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the string.
static inline CURLcode gk_set_string(CURL *easy, CURLoption option, const char *value)
{
    return curl_easy_setopt(easy, option, value);
}

/// What `value` points to must outlive the transfer.
static inline CURLcode gk_set_pointer(CURL *easy, CURLoption option, void *value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline void gk_on_open_socket(CURL *easy, curl_opensocket_callback callback, void *context)
{
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
}

/// The socket of a handle that has connected; CURL_SOCKET_BAD when there is none.
static inline curl_socket_t gk_active_socket(CURL *easy)
{
    curl_socket_t descriptor = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &descriptor);
    return descriptor;
}

/// Where libcurl looks for certificate authorities by their hash; NULL where it has no such place.
static inline const char *gk_default_authority_directory(void)
{
    return curl_version_info(CURLVERSION_NOW)->capath;
}

/// Takes the next finished transfer's result; 0 when none has finished.
static inline int gk_multi_finished(CURLM *multi, CURLcode *result)
{
    int left;
    CURLMsg *message = curl_multi_info_read(multi, &left);
    if (message == NULL || message->msg != CURLMSG_DONE) return 0;
    *result = message->data.result;
    return 1;
}
