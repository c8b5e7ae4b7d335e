#pragma once

// zlib's beginnings are macros, which Swift doesn't import.

#include <zlib.h>

/// The bits say what is around the deflated bytes: 15 zlib, 31 gzip, -15 nothing.
static inline int gk_inflate_begin(z_stream *stream, int bits)
{
    return inflateInit2(stream, bits);
}
