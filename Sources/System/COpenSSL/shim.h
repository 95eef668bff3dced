// OpenSSL 3; its macros are invisible to Swift and are wrapped here.
#pragma once
#include <openssl/ssl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/sha.h>
static inline int gw_ssl_ctx_min_version(SSL_CTX *c, int v) { return (int)SSL_CTX_set_min_proto_version(c, v); }
static inline void gw_ssl_ctx_modes(SSL_CTX *c) {
    SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
}
static inline void gw_ssl_ctx_client_cache(SSL_CTX *c) {
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
}
static inline int gw_ssl_set_server_name(SSL *s, const char *name) { return (int)SSL_set_tlsext_host_name(s, name); }

// HMAC (RFC 2104) from hashes that have taken the key's block. OpenSSL 3 calls these functions deprecated: they take no
// other provider's hash, and for that keep their state in a value. None of them fails.
static inline SHA_CTX gw_sha1_start(const void *block, size_t length) {
    SHA_CTX state;
    SHA1_Init(&state);
    SHA1_Update(&state, block, length);
    return state;
}
static inline SHA256_CTX gw_sha256_start(const void *block, size_t length) {
    SHA256_CTX state;
    SHA256_Init(&state);
    SHA256_Update(&state, block, length);
    return state;
}
// `out` has room for 20 bytes.
static inline void gw_hmac_sha1(SHA_CTX inner, SHA_CTX outer, const void *message, size_t length, unsigned char *out) {
    SHA1_Update(&inner, message, length);
    SHA1_Final(out, &inner);
    SHA1_Update(&outer, out, SHA_DIGEST_LENGTH);
    SHA1_Final(out, &outer);
}
// `out` has room for 32 bytes.
static inline void gw_hmac_sha256(
    SHA256_CTX inner, SHA256_CTX outer, const void *message, size_t length, unsigned char *out) {
    SHA256_Update(&inner, message, length);
    SHA256_Final(out, &inner);
    SHA256_Update(&outer, out, SHA256_DIGEST_LENGTH);
    SHA256_Final(out, &outer);
}
